"""Where two long texts certainly correspond: pairs of sentences that are each other's nearest by far.

Anchors keep the cost of a book linear but for one pass of matrix products: between neighbouring anchors texts are short
enough for an exact search (`align.long`). Mutual nearest neighbours with a margin are what bitext mining relies on
(Artetxe and Schwenk 2019); the heaviest chain of them that keeps the order of both texts is their backbone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from align.runs import Floats
from align.vectors import Vectors

BLOCK = 1024  # rows of the similarity matrix held at once
# A nearest sentence that leads the second nearest by less tells nothing; in books many short sentences are alike.
LEAST_LEAD = 0.05


class Anchor(NamedTuple):
    """Source and target sentence, and by how much cosine they lead over either's next best."""

    source: int
    target: int
    lead: float


def find_anchors(source: Vectors, target: Vectors) -> list[Anchor]:
    """All anchors of two texts in source order, from the unit vectors of their sentences, (n, d) and (m, d).

    Takes n x m x d multiplications, and memory for one block of rows.
    """
    nearest, best, second = _nearest_two(source, target)
    back, _, back_second = _nearest_two(target, source)
    rows = np.flatnonzero(back[nearest] == np.arange(len(source)))
    lead = best[rows] - np.maximum(second[rows], back_second[nearest[rows]])
    return [
        Anchor(int(row), int(nearest[row]), float(by)) for row, by in zip(rows, lead, strict=True) if by >= LEAST_LEAD
    ]


def _nearest_two(own: Vectors, other: Vectors) -> tuple[npt.NDArray[np.intp], Floats, Floats]:
    """Of each row its nearest row of the other side, that one's cosine, and the second nearest's (0 without one)."""
    nearest = np.empty(len(own), dtype=np.intp)
    best, second = np.empty(len(own), dtype=np.float32), np.zeros(len(own), dtype=np.float32)
    for start in range(0, len(own), BLOCK):
        cosines = own[start : start + BLOCK] @ other.T
        rows = np.arange(len(cosines))
        chosen = cosines.argmax(axis=1)
        nearest[start : start + BLOCK] = chosen
        best[start : start + BLOCK] = cosines[rows, chosen]
        if len(other) > 1:
            cosines[rows, chosen] = -1
            second[start : start + BLOCK] = cosines.max(axis=1)
    return nearest, best, second


def heaviest_chain(anchors: Sequence[Anchor]) -> list[Anchor]:
    """The anchors of greatest total lead of which each lies after the one before in both texts.

    >>> chain = heaviest_chain([Anchor(0, 4, 0.5), Anchor(1, 1, 0.4), Anchor(2, 2, 0.3), Anchor(3, 0, 0.6)])
    >>> [(anchor.source, anchor.target) for anchor in chain]
    [(1, 1), (2, 2)]
    """
    ends: list[int] = []  # targets in rising order at which the best chains that end there get heavier ...
    totals: list[float] = []  # ... by weight
    lasts: list[int] = []  # ... and the last anchor of each
    before = [-1] * len(anchors)
    for number, anchor in enumerate(anchors):
        at = bisect_left(ends, anchor.target)
        total = (totals[at - 1] if at else 0.0) + anchor.lead
        before[number] = lasts[at - 1] if at else -1
        beaten = at
        while beaten < len(ends) and totals[beaten] <= total:
            beaten += 1
        ends[at:beaten], totals[at:beaten], lasts[at:beaten] = [anchor.target], [total], [number]
    chain = []
    number = lasts[-1] if lasts else -1
    while number >= 0:
        chain.append(anchors[number])
        number = before[number]
    return chain[::-1]
