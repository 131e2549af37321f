#!/usr/bin/env python3
"""Fit the model of the texts behind `align.pairing`, and show how well calibrated it is on pairs that were not used.

    python scripts/fit_pairing.py DATA DEV            some minutes

DATA is the folder with `docs/`, DEV the one with `beads.jsonl` and `distractors.jsonl`. Right pairs are the hand-made
ones of `tests/gold` and encyclopedia articles after random operations (`fit_aligner.py`); wrong ones are each
translation with the three most alike other originals, and the second half of a text with the first half of its
translation, which stands for the hardest wrong pair: a follow-up with the same people and places and other news. It
prints the model for the module, then tables for pairs of the development set with its distractors, and of the samples.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from benchmark_sets import Sets
from cut_up import Document
from fit_aligner import Doubles, as_document, generated, hand_made
from fit_confidence import fitted

from align.calibration import calibrate
from align.encoder import load_encoder
from align.pairing import TEXT_EVIDENCE, alignment_evidence
from align.vectors import Encoder
from corpora.jsonlines import read_rows

RIVALS = 3
LEAST_HALVED = 12  # sentences a side
Texts = list[list[str]]


def text_features(source: list[str], target: list[str], encoder: Encoder) -> tuple[float, ...]:
    """The evidence of two texts as `align.pairing` works it out, in the order of its model."""
    s, t = encoder.encode(source), encoder.encode(target)
    means = [side.mean(axis=0) / max(1e-9, float(np.linalg.norm(side.mean(axis=0)))) for side in (s, t)]
    evidence = {"title": float(s[0] @ t[0]), "whole": float(means[0] @ means[1])}
    evidence |= alignment_evidence(source, target, encoder)
    return tuple(evidence[name] for name in TEXT_EVIDENCE)


def pair_examples(
    documents: Sequence[Document], encoder: Encoder, strangers: tuple[Texts, Texts] = ([], [])
) -> tuple[Doubles, list[bool]]:
    """Right and wrong pairs; `strangers` are source and target texts without any counterpart."""
    features: list[tuple[float, ...]] = []
    right: list[bool] = []
    for source, target, truth in _pairs(
        [d for d in documents if len(d.source) > 3 < len(d.target)], encoder, strangers
    ):
        features.append(text_features(source, target, encoder))
        right.append(truth)
    return np.array(features), right


def _pairs(
    documents: Sequence[Document], encoder: Encoder, strangers: tuple[Texts, Texts]
) -> Iterator[tuple[list[str], list[str], bool]]:
    sources = [*(d.source for d in documents), *strangers[0]]
    targets = [*(d.target for d in documents), *strangers[1]]
    wholes = [np.stack([encoder.encode(text).mean(axis=0) for text in side]) for side in (sources, targets)]
    alike = wholes[1] @ wholes[0].T
    for row, target in enumerate(targets):
        if row < len(documents):
            yield sources[row], target, True
        nearest = [int(c) for c in np.argsort(-alike[row]) if c != row or row >= len(documents)]
        for column in nearest[:RIVALS]:
            yield sources[column], target, False
    for one in documents:
        if min(len(one.source), len(one.target)) >= LEAST_HALVED:
            yield one.source[len(one.source) // 2 :], one.target[: len(one.target) // 2], False


def show(name: str, probabilities: Sequence[float], right: Sequence[bool]) -> None:
    wrong = sum((p >= 0.5) != truth for p, truth in zip(probabilities, right, strict=True))
    print(f"\n## Pairs by text alone, {name}\n\n{calibrate(probabilities, right).markdown('pairs')};")
    print(f"{wrong} of {len(right)} on the wrong side of .5")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("dev", type=Path)
    arguments = parser.parse_args()
    encoder = load_encoder()
    model = fitted(*pair_examples([*hand_made(), *generated(arguments.data)], encoder))
    print(f"TEXT = Logistic({model.bias}, {model.weights})")
    rows = [row for _, row in read_rows(arguments.dev / "distractors.jsonl")]
    texts = [(row["lang"], [row["title"], *(s for p in row["paragraphs"] for s in p)]) for row in rows]  # type: ignore
    strangers: tuple[Texts, Texts] = [t for lang, t in texts if lang == "ja"], [t for lang, t in texts if lang == "en"]  # type: ignore
    for name, set_rows in Sets(dev=arguments.dev).items():
        documents = [as_document(row) for row in set_rows]
        features, right = pair_examples(documents, encoder, strangers if name == "dev" else ([], []))
        show(name, model(features).tolist(), right)


if __name__ == "__main__":
    main()
