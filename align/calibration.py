"""Do probabilities keep what they promise? Predicted against true shares, in bins and in one number."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Most beads are sure, so the upper end is looked at closely.
EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions from `low` up to, but for the last bin without, `high`."""

    low: float
    high: float
    count: int
    predicted: float  # mean probability
    right: float  # share that is right


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins that are not empty, in rising order."""

    bins: list[Bin]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.bins)

    @property
    def error(self) -> float:
        """Expected calibration error (Naeini and others 2015): mean distance of promise and truth."""
        return sum(one.count * abs(one.predicted - one.right) for one in self.bins) / max(1, self.count)

    def rows(self) -> list[dict[str, float | int]]:
        """As JSON-able numbers, rounded to four places."""
        return [
            {
                "from": one.low,
                "to": one.high,
                "count": one.count,
                "predicted": round(one.predicted, 4),
                "right": round(one.right, 4),
            }
            for one in self.bins
        ]

    def markdown(self, what: str) -> str:
        """As a table of what is judged, and the error below it."""
        lines = [f"| probability | {what} | mean probability | right |", "|---|---:|---:|---:|"]
        lines += [f"| {b.low:.2f}-{b.high:.2f} | {b.count} | {b.predicted:.3f} | {b.right:.3f} |" for b in self.bins]
        return "\n".join([*lines, "", f"Expected calibration error {self.error:.3f}"])


def calibrate(probabilities: Sequence[float], right: Sequence[bool]) -> Calibration:
    """Sort predictions into bins.

    >>> calibrate([0.9, 0.9, 0.2], [True, False, False]).bins[-1]
    Bin(low=0.9, high=0.95, count=2, predicted=0.9, right=0.5)
    """
    predicted, truth = np.asarray(probabilities, dtype=np.float64), np.asarray(right, dtype=np.float64)
    bins = []
    for low, high in itertools.pairwise(EDGES):
        chosen = (predicted >= low) & ((predicted < high) | (high == EDGES[-1]))
        if chosen.any():
            bins.append(Bin(low, high, int(chosen.sum()), float(predicted[chosen].mean()), float(truth[chosen].mean())))
    return Calibration(bins)


def at_least(probabilities: Sequence[float], right: Sequence[bool], threshold: float) -> tuple[float, float]:
    """Precision of what is at least so probable, and the share of all that is right that it keeps; 0 for nothing."""
    predicted, truth = np.asarray(probabilities), np.asarray(right, dtype=bool)
    kept = predicted >= threshold
    precision = float(truth[kept].mean()) if kept.any() else 0.0
    return precision, float(truth[kept].sum() / max(1, truth.sum()))
