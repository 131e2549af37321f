#!/usr/bin/env python3
"""Fit the logistic models of `align.confidence`, and show how well calibrated they are on texts that were not used.

    OMP_NUM_THREADS=1 python scripts/fit_confidence.py DATA DEV         some ten minutes

DATA is the folder with `docs/`, DEV the one with `beads.jsonl`. Fitted on what `fit_aligner.py` fits on: the 48
hand-made pairs of `tests/gold` and encyclopedia articles after random operations, each aligned with weights that never
saw it; and on pairs of these with the translation of another, where no bead is right. It prints the models for the
module, then the tables of `docs/confidence.md` for the bundled samples, the development pairs and the public benchmark.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from benchmark_sets import Sets
from cut_up import Document
from fit_aligner import Doubles, as_document, example, fit, generated, hand_made, scored
from sklearn.linear_model import LogisticRegression

from align import choosing, confidence
from align.beads import align_sentences
from align.calibration import at_least, calibrate
from align.choosing import null_beads, pick
from align.confidence import Logistic, crossing_features, null_features, path_features
from align.encoder import load_encoder
from align.scoring import AlignOptions, Scores
from align.vectors import Encoder
from corpora.records import Bead

FOLDS = 5
APART = 7  # a text is set against the translation of the one so many places on
STRENGTH = 1.0  # of scikit-learn's penalty, on features scaled to a spread of 1


@dataclass
class Examples:
    """Features and truth for each model."""

    features: dict[str, list[Doubles]] = field(default_factory=dict)
    right: dict[str, list[bool]] = field(default_factory=dict)

    def add(self, model: str, features: Doubles, right: Sequence[bool]) -> None:
        """`features` has a row for each outcome."""
        if len(right):
            self.features.setdefault(model, []).append(features)
            self.right.setdefault(model, []).extend(right)

    def fitted(self) -> Iterator[tuple[str, Logistic]]:
        """The name of each model, and the model."""
        for name, features in self.features.items():
            yield name, fitted(np.concatenate(features), self.right[name])
            count, share = len(self.right[name]), float(np.mean(self.right[name]))
            print(f"{name}: {count} examples, {share:.0%} right", file=sys.stderr)


def unrelated(documents: Sequence[Document]) -> Iterator[Document]:
    """Each text with the translation of another; of every other one only a few sentences."""
    for at, one in enumerate(documents):
        target = documents[(at + APART) % len(documents)].target
        sizes = (1 + at % 5, 1 + at // 2 % 5) if at % 2 else (len(one.source), len(target))
        yield Document(f"{one.id} apart", one.source[: sizes[0]], target[: sizes[1]], [])


def small_and_shuffled(documents: Sequence[Document]) -> Iterator[Document]:
    """The first few beads of each text; every third text with its translation in another order."""
    for at, one in enumerate(documents):
        beads = [bead for bead in one.gold if not bead.is_null][: 1 + at % 4]
        sides = [sorted({i for bead in beads for i in getattr(bead, side)}) for side in ("source", "target")]
        yield Document(f"{one.id} begun", [one.source[i] for i in sides[0]], [one.target[j] for j in sides[1]], [])
        if at % 3 == 0:
            target = random.Random(at).sample(one.target, len(one.target))
            yield Document(f"{one.id} shuffled", one.source, target, [])


def collect(found: Examples, document: Document, scores: Scores, *, related: bool) -> None:
    """What the aligner gives for one document; of texts without gold only whether they are related."""
    picked = pick(scores, AlignOptions())
    context, beads = picked.context, [*picked.path, *picked.crossing]
    found.add("RELATED", context.related(beads)[None], [related])
    if not document.gold:
        return
    nulls = null_beads(beads, len(document.source), len(document.target))
    for model, some, features in (
        ("PATH", picked.path, path_features(context, picked.path)),
        ("CROSSING", picked.crossing, crossing_features(context, picked.path, picked.crossing)),
        ("NULL", nulls, null_features(context, beads, nulls)),
    ):
        found.add(model, features, right(document, some))


def right(document: Document, beads: Sequence[Bead]) -> list[bool]:
    """Which beads are in the document's gold."""
    wanted = {(bead.source, bead.target) for bead in document.gold}
    return [(bead.source, bead.target) in wanted for bead in beads]


def out_of_fold(data: Path, encoder: Encoder) -> Iterator[tuple[Document, Scores, bool]]:
    """All documents scored with weights fitted without their fold, and those that only tell what is related."""
    documents = [*hand_made(), *generated(data)]
    examples = [example(one, encoder, ("ja", "en")) for one in documents]
    for fold in range(FOLDS):
        weights = fit([one for at, one in enumerate(examples) if at % FOLDS != fold])
        for one in examples[fold::FOLDS]:
            yield one.document, scored(one, weights), True
        print(f"fold {fold + 1} of {FOLDS}", file=sys.stderr, flush=True)
    weights = fit(examples)
    for some, related in ((unrelated(documents), False), (small_and_shuffled(documents), True)):
        for document in some:
            yield document, scored(example(document, encoder, ("ja", "en")), weights), related


def fit_models(everything: Sequence[tuple[Document, Scores, bool]]) -> Iterator[tuple[str, Logistic]]:
    """The model that beads are chosen by, on the likeliest paths; then the others, on what is chosen by it."""
    candidates = Examples()
    for document, scores, _ in everything:
        if document.gold:
            context = pick(scores, AlignOptions()).context
            candidates.add("LIKELY", path_features(context, context.path), right(document, context.path))
    yield from candidates.fitted()
    chosen = Examples()
    for document, scores, related in everything:
        collect(chosen, document, scores, related=related)
    yield from chosen.fitted()


def fitted(table: Doubles, right: Sequence[bool]) -> Logistic:
    """A logistic model of rows of features."""
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit((table - middle) / spread, right)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ middle)
    return Logistic(round(bias, 3), tuple(round(float(w), 3) for w in weights))


def show(name: str, documents: Sequence[Document], encoder: Encoder) -> None:
    """The tables of one set: beads, null beads, and both together."""
    outcomes: dict[str, tuple[list[float], list[bool]]] = {"beads": ([], []), "null beads": ([], [])}
    for document in documents:
        wanted = {(bead.source, bead.target) for bead in document.gold}
        for bead in align_sentences(document.source, document.target, encoder):
            probabilities, right = outcomes["null beads" if bead.is_null else "beads"]
            probabilities.append(bead.probability or 0.0)
            right.append((bead.source, bead.target) in wanted)
    for kind, (probabilities, right) in outcomes.items():
        if not probabilities:
            continue
        precision, kept = at_least(probabilities, right, 0.95)
        print(f"\n## {kind.capitalize()}, {name}\n\n{calibrate(probabilities, right).markdown(kind)};")
        print(f"at .95 and more {precision:.3f} are right, which keeps {kept:.1%} of all that are right")
    everything = calibrate(*([*a, *b] for a, b in zip(*outcomes.values(), strict=True)))
    print(f"\nBoth together: expected calibration error {everything.error:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("dev", type=Path)
    arguments = parser.parse_args()
    encoder = load_encoder()
    for name, model in fit_models(list(out_of_fold(arguments.data, encoder))):
        print(f"{name} = Logistic({model.bias}, {model.weights})")
        for module in (confidence, choosing):
            if hasattr(module, name):
                setattr(module, name, model)
    for name, rows in Sets(arguments.data, arguments.dev).items():
        show(name, [as_document(row) for row in rows], encoder)


if __name__ == "__main__":
    main()
