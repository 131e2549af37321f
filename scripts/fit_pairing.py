#!/usr/bin/env python3
"""Fit the models of `align.pair_model` (`align/pair_weights.json`), and show how well calibrated they are elsewhere.

    python scripts/fit_pairing.py DATA DEV            a few minutes

DATA is the folder with `docs/`, DEV the one with `beads.jsonl` and `distractors.jsonl`. Right pairs are the hand-made
ones of `tests/gold`, every third document of the encyclopedia (`FITTED_ON`) after random operations (`cut_up.py`) up to
dropping half of it, and excerpts of two to five sentences (PUD). Half of them have titles. Wrong ones are

- each translation with the three most alike other originals
- either half of a text with the other half of its translation: same people and places, other news
- such halves with a quarter of the right sentences added, as a follow-up repeats what went before

Reports on the weather, markets and earthquakes have the same words every day, and other numbers. Originals with most of
their numbers replaced stand for them. They are alike in everything else, so a model fitted on them would learn to
mistrust all other evidence; only the weight of `lacking` is fitted on them, with all other weights held.

What figures are reported on is not used: the other documents of the encyclopedia, all other sets of the pools of
`benchmark_pairing.py`, and the development pairs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt
from benchmark_sets import Sets
from cut_up import EASY, HARD, Plan, Segments, apply, draw
from fit_aligner import KYOTO, Doubles, as_document, hand_made
from make_benchmark import most_alike
from pairing_pools import is_fitted_on
from scipy.optimize import minimize, minimize_scalar

from align.calibration import calibrate
from align.encoder import load_encoder
from align.likeness import Judge, Rarity, Reader, Text
from align.pair_model import AGAINST, MOST, WEIGHTS, WORDS, Evidence, feature_names, features, probability
from align.vectors import Encoder
from corpora.jsonlines import read_rows

FREE = Plan(merge=0.2, merge_three=0.2, drop=0.5, insert=0.3, move=0.1, block=0.8)
PUD = "pud_enja"
RIVALS = 3
PENALTY = 1.0  # on squared weights of features scaled to a spread of 1
LEAST_HALVED = 12  # sentences a side
LEAST_TITLED = 3
LEAST_NUMBERS = 4  # of a text that is a report with other numbers
REPLACED = 0.8  # of these
_NUMBER = re.compile(r"[0-9０-９]+")
KINDS = ("words, glance", "words, aligned", "no words, glance", "no words, aligned")


@dataclass(frozen=True)
class Sides:
    """A document in both languages: sentences, the first of which is a title if there is one."""

    source: list[str]
    target: list[str]
    titled: tuple[bool, bool]


@dataclass(frozen=True)
class Example:
    """Two texts with their sentences, and whether they belong together."""

    source: tuple[Text, list[str]]
    target: tuple[Text, list[str]]
    right: bool
    report: bool = False  # a report of another day


def right_pairs(data: Path) -> list[Sides]:
    """The documents that the models are fitted on."""
    whole = [
        Segments(row["id"], [" ".join(s.split()) for s in row["ja"]], [" ".join(s.split()) for s in row["en"]])
        for row in _rows(data, KYOTO)
        if is_fitted_on(row["id"]) and 5 <= len(row["ja"]) <= 80
    ]
    whole = [one for one in whole if all(one.source + one.target)]
    by_id, near = {one.id: one for one in whole}, most_alike(whole)
    texts: list[tuple[list[str], list[str]]] = []
    for number, one in enumerate(whole):
        chance = random.Random(f"pair {one.id}")
        plan = (EASY, HARD, FREE)[number % 3]
        made = apply(one, draw(one, plan, chance, [by_id[other] for other in near[one.id]]), by_id)
        texts.append((made.source, made.target))
    texts += [(one.source, one.target) for one in hand_made()]
    texts += [(row["ja"], row["en"]) for row in _rows(data, PUD) if len(row["ja"]) > 1]
    return [_sides(number, *text) for number, text in enumerate(texts) if min(map(len, text)) > 1]


def _sides(number: int, source: list[str], target: list[str]) -> Sides:
    """Every second document keeps its titles, and every eighth only the original's; the others begin with the body."""
    if min(len(source), len(target)) < LEAST_TITLED:
        return Sides(source, target, (False, False))
    titled = (True, False) if number % 8 == 0 else (number % 2 == 0,) * 2
    sides = [text if has_title else text[1:] for text, has_title in zip((source, target), titled, strict=True)]
    return Sides(sides[0], sides[1], (titled[0], titled[1]))


def _rows(data: Path, name: str) -> Iterator[dict[str, list[str]]]:
    with gzip.open(data / "docs" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@dataclass(frozen=True)
class Examples:
    """Right and wrong pairs made from documents, with what looks at them."""

    judge: Judge
    pairs: list[Example]

    @classmethod
    def of(cls, documents: Sequence[Sides], encoder: Encoder, strangers: Sequence[Sides] = ()) -> Examples:
        """`strangers` have no counterpart: a side of theirs is empty."""
        readers = [Reader.of(encoder, ("ja", "en"), lang) for lang in ("ja", "en")]

        def read(side: int, text: list[str], has_title: bool = False) -> tuple[Text, list[str]]:
            body = text[1:] if has_title else text
            return readers[side].read([(text[0] if has_title else None, body)])[0], text

        sources = [read(0, one.source, one.titled[0]) for one in (*documents, *strangers) if one.source]
        targets = [read(1, one.target, one.titled[1]) for one in (*documents, *strangers) if one.target]
        size = readers[0].table.subwords.size if readers[0].table else 0
        rarities = [Rarity.of([text for text, _ in side], size) for side in (sources, targets)]
        judge = Judge(encoder, ("ja", "en"), rarities[0], rarities[1])
        pairs = [Example(source, target, True) for source, target in zip(sources, targets, strict=False)][
            : len(documents)
        ]
        alike = np.stack([text.whole for text, _ in targets]) @ np.stack([text.whole for text, _ in sources]).T
        for row, target in enumerate(targets):
            nearest = [int(c) for c in np.argsort(-alike[row]) if c != row or row >= len(documents)][:RIVALS]
            pairs += [Example(sources[column], target, False) for column in nearest]
        for number, one in enumerate(documents):
            titled = one.titled
            for is_report, texts in ((False, _halves), (True, _reports)):
                for source_text, target_text in texts(one, random.Random(number)):
                    read_texts = read(0, source_text, titled[0]), read(1, target_text, titled[1])
                    pairs.append(Example(*read_texts, right=False, report=is_report))
        return cls(judge, pairs)

    def evidence(self) -> list[Evidence]:
        found = []
        for pair in self.pairs:
            (source, sentences), (target, others) = pair.source, pair.target
            found.append(self.judge.glance(source, target) | self.judge.look(sentences, others))
        return found


def _halves(one: Sides, chance: random.Random) -> Iterator[tuple[list[str], list[str]]]:
    """Other news of the same matter: halves that do not belong together, alone and with some background.

    The first half has the document's title, if it has one, the second its own first sentence for one.
    """
    if min(len(one.source), len(one.target)) < LEAST_HALVED:
        return
    first = one.source[: len(one.source) // 2], one.target[: len(one.target) // 2]
    second = one.source[len(one.source) // 2 :], one.target[len(one.target) // 2 :]
    yield second[0], first[1]
    yield first[0], second[1]
    yield first[0], second[1] + chance.sample(first[1], max(1, len(second[1]) // 4))
    yield second[0] + chance.sample(first[0], max(1, len(second[0]) // 4)), first[1]


def _reports(one: Sides, chance: random.Random) -> Iterator[tuple[list[str], list[str]]]:
    """The same report on another day: the original with other numbers of as many digits."""
    if len(_NUMBER.findall(" ".join(one.source))) < LEAST_NUMBERS:
        return

    def another(number: re.Match[str]) -> str:
        if chance.random() > REPLACED:
            return number.group()
        return str(chance.randrange(1, 10)) + "".join(str(chance.randrange(10)) for _ in number.group()[1:])

    yield [_NUMBER.sub(another, sentence) for sentence in one.source], one.target


@dataclass(frozen=True)
class Fitting:
    """Evidence of all pairs that the models are fitted on; which are right, and which are reports of another day."""

    evidence: list[Evidence]
    right: npt.NDArray[np.bool_]
    report: npt.NDArray[np.bool_]

    @classmethod
    def read(cls, data: Path) -> Fitting:
        examples = Examples.of(right_pairs(data), load_encoder())
        right, report = (np.array([getattr(p, name) for p in examples.pairs]) for name in ("right", "report"))
        return cls(examples.evidence(), right, report)

    def model(self, names: Sequence[str]) -> dict[str, float]:
        """Bias and weights of one model with features by name."""
        table = np.array([features(one, names) for one in self.evidence])
        weights = _fitted(table[~self.report], self.right[~self.report], names)
        for name in AGAINST.intersection(names):
            column = list(names).index(name)
            others = weights["bias"] + table @ np.array([0.0 if n == name else weights[n] for n in names])
            weights[name] = round(_held_back(others, table[:, column], self.right), 3)
        return weights


def _held_back(log_odds: Doubles, feature: Doubles, right: npt.NDArray[np.bool_]) -> float:
    """The weight, below 0, of one more feature beside what is known already."""
    signs = np.where(right, 1.0, -1.0)

    def loss(weight: float) -> float:
        return float(np.logaddexp(0, -signs * (log_odds + weight * feature)).sum())

    return float(minimize_scalar(loss, bounds=(-MOST, 0.0), method="bounded").x)


def _fitted(table: Doubles, right: npt.NDArray[np.bool_], names: Sequence[str]) -> dict[str, float]:
    """Bias and weights of a logistic model that no piece of evidence for a pair makes less probable.

    What speaks against a pair gets no weight here.
    """
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = (table - middle) / spread
    signs = np.where(right, 1.0, -1.0)

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        margins = signs * (weights[0] + scaled @ weights[1:])
        chance = 1 / (1 + np.exp(np.clip(margins, -MOST, MOST)))
        slopes = -signs * chance
        penalty = PENALTY * float(weights[1:] @ weights[1:]) / 2
        gradient = np.concatenate([[slopes.sum()], slopes @ scaled + PENALTY * weights[1:]])
        return float(np.logaddexp(0, -margins).sum()) + penalty, gradient

    bounds = [(None, None), *(_bounds(name) for name in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = found[1:] / spread
    bias = float(found[0] - weights @ middle)
    return {"bias": round(bias, 3), **{name: round(float(w), 3) for name, w in zip(names, weights, strict=True)}}


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name.startswith("no "):
        return None, None
    return (0.0, 0.0) if name in AGAINST else (0.0, None)


def show(name: str, evidence: Sequence[Evidence], right: Sequence[bool]) -> None:
    for kind in KINDS:
        dropped = {*(() if kind.startswith("words") else WORDS)}
        if kind.endswith("glance"):
            dropped |= {"aligned_source"}
        probabilities = [probability({**one, **dict.fromkeys(dropped)}) for one in evidence]
        wrong = sum((p >= 0.5) != truth for p, truth in zip(probabilities, right, strict=True))
        if kind == KINDS[1]:
            print(f"\n## Pairs by text alone, {name}\n\n{calibrate(probabilities, right).markdown('pairs')};")
        print(f"{kind}: {wrong} of {len(right)} on the wrong side of .5")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("dev", type=Path)
    arguments = parser.parse_args()
    encoder = load_encoder()
    fitting = Fitting.read(arguments.data)
    print(f"{len(fitting.right)} pairs, {sum(fitting.right)} right", file=sys.stderr)
    models = {kind: fitting.model(feature_names(kind)) for kind in KINDS}
    WEIGHTS.write_text(json.dumps(models, indent=1) + "\n", "utf-8")
    rows = [row for _, row in read_rows(arguments.dev / "distractors.jsonl")]
    texts = [(row["lang"], [row["title"], *(s for p in row["paragraphs"] for s in p)]) for row in rows]  # type: ignore
    strangers = [
        Sides(text if lang == "ja" else [], text if lang == "en" else [], (True, True)) for lang, text in texts
    ]
    for name, set_rows in Sets(dev=arguments.dev).items():
        documents = [Sides(one.source, one.target, (True, True)) for one in map(as_document, set_rows)]
        measured = Examples.of(documents, encoder, strangers if name == "dev" else [])
        show(name, measured.evidence(), [pair.right for pair in measured.pairs])


if __name__ == "__main__":
    main()
