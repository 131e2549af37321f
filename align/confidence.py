"""How sure a bead is: probabilities from the evidence that chose it.

Two logistic models with a handful of inputs each, one for beads (do these sentences belong together, no more and no
less?) and one for null beads (has this sentence really no counterpart?). Their weights come from
`scripts/fit_confidence.py`, which cuts, merges, drops and moves sentences of public news test sets and keeps the
record of what it did as gold; its output, with the calibration on documents that were not used, is in
`docs/confidence.md`.

What this does not do: judge fidelity. A sure bead may hold a mistranslation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from align.scoring import Scores, Shape
from corpora.records import Bead


@dataclass(frozen=True, slots=True)
class Logistic:
    """probability = 1 / (1 + exp(-(bias + weights . features)))"""

    bias: float
    weights: tuple[float, ...]

    def __call__(self, features: Sequence[float]) -> float:
        log_odds = self.bias + float(np.dot(self.weights, features))
        return float(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


BEAD = Logistic(-4.48, (5.94, 10.17, -3.19, -2.62, 1.98, -1.72))
NULL = Logistic(4.68, (-9.59, 0.27))


def bead_features(scores: Scores, bead: Bead, *, crossing: bool) -> tuple[float, ...]:
    """Margin, cosine, stretch of length, sentences beyond 1-1, lead over the best rival, crossing or not."""
    shape = (len(bead.source), len(bead.target))
    at = (bead.source[0], bead.target[0])
    margin = float(scores.margin[shape][at])
    return (
        margin,
        float(scores.cosine[shape][at]),
        float(scores.stretch[shape][at]),
        float(sum(shape) - 2),
        margin - _rival_margin(scores, bead),
        float(crossing),
    )


def bead_probability(scores: Scores, bead: Bead, *, crossing: bool) -> float:
    """That exactly these sentences belong together."""
    return BEAD(bead_features(scores, bead, crossing=crossing))


def null_features(scores: Scores, side: int, index: int) -> tuple[float, ...]:
    """Best margin with any sentence of the other side, log length; `side` is 0 for a source sentence."""
    margins = scores.margin[_ONE_TO_ONE]
    row = margins[index] if side == 0 else margins[:, index]
    return float(row.max()), float(np.log(scores.lengths[side][index]))


def null_probability(scores: Scores, side: int, index: int) -> float:
    """That this sentence, which no bead has taken, has no counterpart."""
    return NULL(null_features(scores, side, index))


def _rival_margin(scores: Scores, bead: Bead) -> float:
    """The best 1-1 margin of a sentence of the bead with one outside of it; 0 if the texts are no longer."""
    margins = scores.margin[_ONE_TO_ONE]
    rows, columns = list(bead.source), list(bead.target)
    outside_rows = np.delete(margins[:, columns], rows, axis=0)
    outside_columns = np.delete(margins[rows], columns, axis=1)
    return float(max((part.max() for part in (outside_rows, outside_columns) if part.size), default=0.0))


_ONE_TO_ONE: Shape = (1, 1)
