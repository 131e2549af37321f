#!/usr/bin/env python3
"""Fit the weights of the aligner's evidence (`align/weights.json`) on articles with known beads.

    python scripts/fit_aligner.py DATA            fits and writes them, some ten minutes on two cores
    python scripts/fit_aligner.py DATA --folds 6  measures instead, each article with weights that never saw it

Fitted on: the 48 hand-made pairs of `tests/gold`, and encyclopedia articles (DATA/docs/kyotowiki_heldout.jsonl.gz, the
Japanese-English Bilingual Corpus of Wikipedia's Kyoto Articles) cut up as `cut_up.py` does. Nothing that figures are
reported on is used: neither the development pairs, nor the bundled samples, nor the public benchmark.

The weights maximise the likelihood of the known path of beads among all paths (a conditional random field over
segments, Sarawagi and Cohen 2004), with a penalty on their squares. A path cannot cross itself, so of beads that
cross those with the most sentences are the known path, and the others are neither asked for nor held against it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt
from cut_up import EASY, HARD, Document, Segments, apply, draw
from make_benchmark import most_alike
from scipy.optimize import minimize

from align.choosing import choose
from align.encoder import load_encoder
from align.evaluate import Tally
from align.evidence import gather
from align.paths import NEVER, Shape, posteriors
from align.scoring import WEIGHTS, AlignOptions, Observed, Scores, key, observe
from align.vectors import Encoder
from corpora.jsonlines import read_rows
from corpora.records import Bead

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"
KYOTO = "kyotowiki_heldout"
KYOTO_HARD, KYOTO_EASY = 60, 30  # documents; more of them would drown the hand-made ones
SEGMENTS = (8, 45)  # of a document that is worth cutting up
PENALTY = 0.3  # on squared weights of evidence scaled to a mean square of 1
STEPS = 150
SEED = 1
DICTIONARIES = {"with words": ("ja", "en"), "without words": ("xx", "yy")}
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """An article's evidence and its known path."""

    document: Document
    observed: Observed
    evidence: dict[Shape, Doubles]  # [shape]: (n', m', d)
    path: list[Bead]
    ignored: list[Bead]  # known beads that cross the path


def hand_made() -> list[Document]:
    """The pairs of `tests/gold`."""
    rows = [row for name in ("news", "mixed") for _, row in read_rows(GOLD / f"{name}.jsonl")]
    return [as_document(row) for row in rows]


def as_document(row: Mapping[str, object]) -> Document:
    """From a line `{"id", "source", "target", "gold"}`."""
    gold = [Bead(tuple(s), tuple(t)) for s, t in row["gold"]]  # type: ignore[attr-defined]
    return Document(str(row["id"]), row["source"], row["target"], gold)  # type: ignore[arg-type]


def generated(data: Path) -> Iterator[Document]:
    """Encyclopedia articles after random operations."""
    with gzip.open(data / "docs" / f"{KYOTO}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    whole = [
        Segments(row["id"], [" ".join(s.split()) for s in row["ja"]], [" ".join(s.split()) for s in row["en"]])
        for row in rows
    ]
    fitting = [one for one in whole if SEGMENTS[0] <= len(one.source) <= SEGMENTS[1] and all(one.source + one.target)]
    random.Random(SEED).shuffle(fitting)
    by_id = {one.id: one for one in fitting}
    neighbours = most_alike(fitting)
    plans = [HARD] * KYOTO_HARD + [EASY] * KYOTO_EASY
    for one, plan in zip(fitting, plans, strict=False):
        others = [by_id[other] for other in neighbours[one.id]]
        made = apply(one, draw(one, plan, random.Random(f"{SEED} {one.id}"), others), by_id)
        if made.source and made.target:
            yield made


def example(document: Document, encoder: Encoder, languages: tuple[str, str]) -> Example:
    options = AlignOptions()
    observed = observe(document.source, document.target, encoder, options=options, languages=languages)
    texts, known, words = observed
    stacked = np.stack([np.broadcast_to(e.values, known.cosine.shape) for e in gather(*texts, known, words)], axis=-1)
    scores = Scores(*texts, known, words, stacked)
    path, ignored = known_path(document.gold, options.shapes())
    return Example(
        document,
        observed,
        {s: v.astype(np.float64) for s, v in scores.by_shape(options.shapes()).items()},
        path,
        ignored,
    )


def known_path(gold: Sequence[Bead], shapes: Sequence[Shape]) -> tuple[list[Bead], list[Bead]]:
    """The gold beads that form the monotone path of most sentences, and the other ones a path could hold."""
    possible = sorted(
        (b for b in gold if (len(b.source), len(b.target)) in shapes and not _scattered(b)), key=lambda b: b.source
    )
    best: list[tuple[int, int]] = []  # sentences on the best path that ends here, and the bead before on it
    for at, bead in enumerate(possible):
        before = [
            (best[k][0], k)
            for k, other in enumerate(possible[:at])
            if other.source[-1] < bead.source[0] and other.target[-1] < bead.target[0]
        ]
        most, previous = max(before, default=(0, -1))
        best.append((most + len(bead.source) + len(bead.target), previous))
    on_path: set[int] = set()
    at = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    while at >= 0:
        on_path.add(at)
        at = best[at][1]
    return [b for k, b in enumerate(possible) if k in on_path], [b for k, b in enumerate(possible) if k not in on_path]


def _scattered(bead: Bead) -> bool:
    return any(side[-1] - side[0] + 1 != len(side) for side in (bead.source, bead.target))


def fit(examples: Sequence[Example]) -> Doubles:
    """(d,) weights."""
    cells = [v.reshape(-1, v.shape[-1]) for e in examples for v in e.evidence.values()]
    scale = np.sqrt(sum((c**2).sum(axis=0) for c in cells) / sum(map(len, cells))) + 1e-6

    def loss(scaled: Doubles) -> tuple[float, Doubles]:
        weights = scaled / scale
        total, slope = PENALTY * float(scaled @ scaled) / 2, PENALTY * scaled
        for one in examples:
            values = _values(one, weights)
            log_sum, expected = posteriors(values, len(one.document.source), len(one.document.target))
            wanted = sum((one.evidence[_shape(b)][b.source[0], b.target[0]] for b in one.path), np.zeros_like(weights))
            found = sum((np.tensordot(p, one.evidence[s], axes=2) for s, p in expected.items()), np.zeros_like(weights))
            total += log_sum - float(weights @ wanted)
            slope = slope + (found - wanted) / scale
        return total, slope

    found = minimize(loss, np.zeros_like(scale), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return np.asarray(found.x / scale)


def _values(one: Example, weights: Doubles) -> dict[Shape, Doubles]:
    values = {shape: evidence @ weights for shape, evidence in one.evidence.items()}
    for bead in one.ignored:
        values[_shape(bead)][bead.source[0], bead.target[0]] = NEVER
    return values


def _shape(bead: Bead) -> Shape:
    return len(bead.source), len(bead.target)


def scored(one: Example, weights: Doubles) -> Scores:
    """What the aligner makes of an article with these weights."""
    texts, known, words = one.observed
    value = np.zeros_like(known.cosine)
    for weight, evidence in zip(weights, gather(*texts, known, words), strict=True):
        value += np.float32(weight) * evidence.values
    return Scores(*texts, known, words, value)


def names(one: Example) -> list[str]:
    texts, known, words = one.observed
    return [key(evidence) for evidence in gather(*texts, known, words)]


def folds(examples: Sequence[Example], extra: Sequence[Example], count: int) -> Iterator[tuple[Example, list[Bead]]]:
    """Each hand-made example with the beads that weights fitted without its fold give."""
    for fold in range(count):
        weights = fit([one for at, one in enumerate(examples) if at % count != fold] + list(extra))
        for one in examples[fold::count]:
            choice = choose(scored(one, weights), AlignOptions())
            yield one, [*choice.path, *choice.crossing, *choice.nulls]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, metavar="K")
    arguments = parser.parse_args()
    encoder = load_encoder()
    result: dict[str, object] = {}
    for name, languages in DICTIONARIES.items():
        examples = [example(one, encoder, languages) for one in hand_made()]
        extra = [example(one, encoder, languages) for one in generated(arguments.data)]
        if arguments.folds:
            tally = Tally()
            for one, beads in folds(examples, extra, arguments.folds):
                tally.add(one.document.gold, beads)
            print(name, json.dumps(tally.summary()), flush=True)
            continue
        weights = fit([*examples, *extra])
        result[name] = dict(zip(names(examples[0]), (round(float(w), 4) for w in weights), strict=True))
        print(f"{name}: fitted on {len(examples)} hand-made and {len(extra)} generated documents", flush=True)
    if result:
        WEIGHTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
