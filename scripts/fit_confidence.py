#!/usr/bin/env python3
"""Fit the logistic models behind `align.confidence` and `align.pairing`, and show how well calibrated they are.

Documents whose segments correspond one to one (public news test sets) are cut up by recorded operations: segments are
merged, dropped, inserted from another document and moved, on either side, so that what belongs together is known. Two
halves of one document stand for the hardest wrong pair, a follow-up with the same people and places and other news.
Every fourth document is also aligned with the translation of another, where no bead is right. The 16 hand-made
development pairs are used for fitting too; figures are for sets that were not.

    python scripts/fit_confidence.py DATA DEV         about three minutes

DATA is the folder with `docs/`, DEV the one with `beads.jsonl` and `distractors.jsonl`. It prints the models for the
two modules and the tables at the end of `docs/confidence.md`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import itertools

from align.beads import best_path, crossings
from align.confidence import bead_features, null_features
from align.encoder import load_encoder
from align.pairing import TEXT_EVIDENCE, alignment_evidence
from align.scoring import AlignOptions, score_beads
from align.vectors import Encoder
from corpora.records import Bead
from corpora.samples import sample_gold

FITTED = ("ntrex_ja", "wmt21_enja")
REPORTED = ("wmt21_jaen",)
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class Document:
    """Two texts as sentences, and the beads that are known to be right."""

    id: str
    source: list[str]
    target: list[str]
    gold: list[Bead]


def read_documents(file: Path) -> list[tuple[str, list[str], list[str]]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(row["id"], row["ja"], row["en"]) for row in rows]


def cut_up(documents: list[tuple[str, list[str], list[str]]], seed: int) -> Iterator[Document]:
    """Each document after random operations, with the beads that follow from them."""
    chance = random.Random(seed)
    for identity, japanese, english in documents:
        stranger = chance.choice(documents)
        beads = [([j], [e]) for j, e in zip(japanese, english, strict=True)]
        beads = list(_merged(beads, chance))
        changed = []
        for source, target in beads:
            draw = chance.random()
            changed.append(([], target) if draw < 0.09 else (source, []) if draw < 0.18 else (source, target))
            if chance.random() < 0.06:
                side = chance.random() < 0.5
                changed.append(([chance.choice(stranger[1])], []) if side else ([], [chance.choice(stranger[2])]))
        order = list(range(len(changed)))
        for _ in range(chance.choice((0, 1, 1, 2))):
            order.insert(chance.randrange(len(order)), order.pop(chance.randrange(len(order))))
        yield _numbered(identity, changed, order)


def _merged(beads: list[tuple[list[str], list[str]]], chance: random.Random) -> Iterator[tuple[list[str], list[str]]]:
    """Neighbours joined now and then, on one side into one sentence, giving 1-2, 2-1 and 2-2 beads."""
    at = 0
    while at < len(beads):
        if at + 1 < len(beads) and chance.random() < 0.15:
            source = beads[at][0] + beads[at + 1][0]
            target = beads[at][1] + beads[at + 1][1]
            joined = chance.random() < 0.5
            yield (["".join(source)], target) if joined else (source, [" ".join(target)])
            at += 2
        else:
            yield beads[at]
            at += 1


def _numbered(identity: str, beads: list[tuple[list[str], list[str]]], order: list[int]) -> Document:
    """Sentences in order on the source side, in `order` on the target side, and the beads by number."""
    source: list[str] = []
    places: dict[int, tuple[int, ...]] = {}
    for number, (sentences, _) in enumerate(beads):
        places[number] = tuple(range(len(source), len(source) + len(sentences)))
        source += sentences
    target: list[str] = []
    gold = []
    for number in order:
        sentences = beads[number][1]
        gold.append(Bead(places[number], tuple(range(len(target), len(target) + len(sentences)))))
        target += sentences
    return Document(identity, source, target, gold)


def hand_made(rows: Iterable[dict[str, object]]) -> list[Document]:
    return [
        Document(str(r["id"]), r["source"], r["target"], [Bead(tuple(s), tuple(t)) for s, t in r["gold"]])  # type: ignore
        for r in rows
    ]


Texts = Sequence[list[str]]


def mismatched(documents: list[Document]) -> list[Document]:
    """Every fourth document with the translation of another: no bead of theirs is right."""
    pairs = [(one, documents[(at + 1) % len(documents)]) for at, one in enumerate(documents) if at % 4 == 0]
    return [
        Document(
            f"{one.id} / {other.id}",
            one.source,
            other.target,
            [Bead((i,), ()) for i in range(len(one.source))] + [Bead((), (j,)) for j in range(len(other.target))],
        )
        for one, other in pairs
        if one.id != other.id
    ]


Examples = tuple[list[tuple[float, ...]], list[bool]]


def bead_examples(documents: Iterable[Document], encoder: Encoder) -> tuple[Examples, Examples]:
    """Features and truth of every bead and every null bead the aligner chooses."""
    options = AlignOptions()
    beads: Examples = ([], [])
    nulls: Examples = ([], [])
    for document in documents:
        if not document.source or not document.target:
            continue
        scores = score_beads(document.source, document.target, encoder, options=options)
        path = best_path(scores.value, len(document.source), len(document.target))
        moved = crossings(scores, path, len(document.source), len(document.target), options)
        wanted = set(document.gold)
        lone = [
            {i for b in document.gold if b.is_null for i in b.source},
            {j for b in document.gold if b.is_null for j in b.target},
        ]
        free = [np.ones(len(side), dtype=bool) for side in (document.source, document.target)]
        for bead in [*path, *moved]:
            beads[0].append(bead_features(scores, bead, crossing=bead in moved))
            beads[1].append(Bead(bead.source, bead.target) in wanted)
            free[0][list(bead.source)] = False
            free[1][list(bead.target)] = False
        for side in (0, 1):
            for index in np.flatnonzero(free[side]).tolist():
                nulls[0].append(null_features(scores, side, index))
                nulls[1].append(index in lone[side])
    return beads, nulls


def text_features(source: list[str], target: list[str], encoder: Encoder) -> tuple[float, ...]:
    """The evidence of two texts as `align.pairing` works it out, in the order of its model."""
    s, t = encoder.encode(source), encoder.encode(target)
    means = [side.mean(axis=0) / max(1e-9, float(np.linalg.norm(side.mean(axis=0)))) for side in (s, t)]
    evidence = {"title": float(s[0] @ t[0]), "whole": float(means[0] @ means[1])}
    evidence |= alignment_evidence(source, target, encoder)
    return tuple(evidence[name] for name in TEXT_EVIDENCE)


def pair_examples(documents: list[Document], encoder: Encoder, strangers: tuple[Texts, Texts] = ((), ())) -> Examples:
    """Right pairs; the three most alike wrong ones of each target; halves of one document.

    `strangers` are source and target texts without any counterpart, among the wrong answers too.
    """
    once = {d.id: d for d in documents}  # another cut of the same document is no wrong answer
    documents = [d for d in once.values() if len(d.source) > 3 and len(d.target) > 3]
    sources = [*(d.source for d in documents), *strangers[0]]
    targets = [*(d.target for d in documents), *strangers[1]]
    examples: Examples = ([], [])

    def add(source: list[str], target: list[str], *, right: bool) -> None:
        examples[0].append(text_features(source, target, encoder))
        examples[1].append(right)

    wholes = [np.stack([encoder.encode(text).mean(axis=0) for text in side]) for side in (sources, targets)]
    alike = wholes[1] @ wholes[0].T
    for row, target in enumerate(targets):
        if row < len(documents):
            add(sources[row], target, right=True)
        for column in [c for c in np.argsort(-alike[row])[:4] if c != row or row >= len(documents)][:3]:
            add(sources[column], target, right=False)
    for document in documents:
        if len(document.source) >= 12 and len(document.target) >= 12:
            add(document.source[len(document.source) // 2 :], document.target[: len(document.target) // 2], right=False)
    return examples


def fit(name: str, examples: list[Examples]) -> LogisticRegression:
    features = np.array([row for e in examples for row in e[0]])
    truth = np.array([row for e in examples for row in e[1]])
    model = LogisticRegression(C=10.0, max_iter=2000).fit(features, truth)
    weights = ", ".join(f"{w:.2f}" for w in model.coef_[0])
    print(
        f"{name} = Logistic({model.intercept_[0]:.2f}, ({weights}))   # {len(truth)} examples, {truth.mean():.0%} right"
    )
    return model


def show_calibration(name: str, model: LogisticRegression, examples: Examples) -> None:
    """A table of predicted against true share, and the expected calibration error over its bins."""
    predicted = model.predict_proba(np.array(examples[0]))[:, 1]
    truth = np.array(examples[1])
    error = 0.0
    print(
        f"\n## {name[:1].upper()}{name[1:]}\n\n{len(truth)} examples, of which:\n\n"
        "| probability | examples | mean probability | right |\n|---|---:|---:|---:|"
    )
    for low, high in itertools.pairwise(BINS):
        chosen = (predicted >= low) & ((predicted < high) | (high == BINS[-1]))
        if chosen.any():
            error += chosen.mean() * abs(predicted[chosen].mean() - truth[chosen].mean())
            print(
                f"| {low:.2f}-{high:.2f} | {chosen.sum()} "
                f"| {predicted[chosen].mean():.3f} | {truth[chosen].mean():.3f} |"
            )
    print(f"\nexpected calibration error {error:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("dev", type=Path)
    arguments = parser.parse_args()
    encoder = load_encoder()
    generated = {
        name: [d for seed in (1, 2) for d in cut_up(read_documents(arguments.data / "docs" / f"{name}.jsonl.gz"), seed)]
        for name in (*FITTED, *REPORTED)
    }
    lines = (arguments.dev / "beads.jsonl").read_text("utf-8").splitlines()
    development = hand_made(json.loads(line) for line in lines)
    with sample_gold() as folder:
        rows = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("s*.json"))]
    samples = hand_made(
        {"id": r["id"], "source": r["source"]["sentences"], "target": r["target"]["sentences"], "gold": r["beads"]}
        for r in rows
    )
    distractors = [json.loads(line) for line in (arguments.dev / "distractors.jsonl").read_text("utf-8").splitlines()]
    texts = [(d["lang"], [d["title"], *(s for p in d["paragraphs"] for s in p)]) for d in distractors]
    strangers = ([t for lang, t in texts if lang == "ja"], [t for lang, t in texts if lang == "en"])

    fitting = [*(generated[name] for name in FITTED), development * 4]
    chosen = [bead_examples([*documents, *mismatched(documents)], encoder) for documents in fitting]
    bead_model = fit("BEAD", [c[0] for c in chosen])
    null_model = fit("NULL", [c[1] for c in chosen])
    text_model = fit(
        "TEXT",
        [
            *(pair_examples(generated[name], encoder) for name in FITTED),
            pair_examples(development, encoder, strangers),
        ],
    )
    for name, documents in (*((f"{n}, cut up", generated[n]) for n in REPORTED), ("sample pages", samples)):
        beads, nulls = bead_examples([*documents, *mismatched(documents)], encoder)
        show_calibration(f"beads, {name}", bead_model, beads)
        show_calibration(f"null beads, {name}", null_model, nulls)
        show_calibration(f"pairs by text alone, {name}", text_model, pair_examples(documents, encoder))


if __name__ == "__main__":
    main()
