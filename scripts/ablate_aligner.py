#!/usr/bin/env python3
"""What each kind of the aligner's evidence is good for: fit without it, and measure.

    python scripts/ablate_aligner.py DATA DEV         some fifteen minutes

DATA and DEV as for `fit_aligner.py` and `benchmark.py alignment`. Prints strict F1, null F1 and crossing recall on the
sets that nothing is fitted on, with all evidence, without each term, and without crossing beads.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from benchmark_sets import Sets
from cut_up import Document
from fit_aligner import Doubles, Example, as_document, example, fit, generated, hand_made, names, scored

from align.beads import in_text_order
from align.choosing import choose
from align.encoder import load_encoder
from align.evaluate import Tally
from align.scoring import AlignOptions
from corpora.records import Bead

MOST_DOCUMENTS = 100  # of a set
Aligned = Callable[[Example], list[Bead]]


def without(examples: Sequence[Example], term: str) -> Doubles:
    """Weights fitted without a term, 0 for its evidence."""
    kept = np.array([name.partition(":")[0] != term for name in names(examples[0])])
    cut = [
        Example(one.document, one.observed, {s: v[..., kept] for s, v in one.evidence.items()}, one.path, one.ignored)
        for one in examples
    ]
    weights = np.zeros(len(kept))
    weights[kept] = fit(cut)
    return weights


def aligner(weights: Doubles, options: AlignOptions | None = None) -> Aligned:
    def align(one: Example) -> list[Bead]:
        choice = choose(scored(one, weights), options or AlignOptions())
        return in_text_order([*choice.path, *choice.crossing, *choice.nulls])

    return align


def row(name: str, align: Aligned, sets: Mapping[str, Sequence[Example]]) -> None:
    cells = []
    for examples in sets.values():
        tally = Tally()
        for one in examples:
            tally.add(one.document.gold, align(one))
        recall = tally.crossing_recall
        cells.append(f"{tally.strict.f1:.3f} / {tally.null.f1:.3f} / {'-' if recall is None else f'{recall:.3f}'}")
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("dev", type=Path)
    arguments = parser.parse_args()
    encoder = load_encoder()

    def prepared(document: Document) -> Example:
        return example(document, encoder, ("ja", "en"))

    fitting = [prepared(one) for one in [*hand_made(), *generated(arguments.data)]]
    sets = {
        name: [prepared(as_document(one)) for one in rows[:MOST_DOCUMENTS]]
        for name, rows in Sets(arguments.data, arguments.dev).items()
    }
    print(f"| strict F1 / null F1 / crossing recall | {' | '.join(sets)} |\n|---|{'---:|' * len(sets)}")
    weights = fit(fitting)
    row("everything", aligner(weights), sets)
    for term in dict.fromkeys(name.partition(":")[0] for name in names(fitting[0])):
        row(f"without {term}", aligner(without(fitting, term)), sets)
    row("monotone", aligner(weights, AlignOptions(monotonic=True)), sets)


if __name__ == "__main__":
    main()
