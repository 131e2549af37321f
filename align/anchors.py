"""Where two long texts certainly correspond: pairs of sentences that are each other's nearest by far.

Anchors keep the cost of a book linear but for one pass of matrix products: between neighbouring anchors texts are short
enough for an exact search (`align.long`). Mutual nearest neighbours with a margin are what bitext mining relies on
(Artetxe and Schwenk 2019); the heaviest chain of them that keeps the order of both texts is their backbone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from align.chains import Link, heaviest_chain
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
    rows, columns = _Nearest.among(len(source)), _Nearest.among(len(target))
    for start in range(0, len(source), BLOCK):
        cosines = source[start : start + BLOCK] @ target.T
        rows.look(cosines.T, slice(start, start + len(cosines)), 0)
        columns.look(cosines, slice(None), start)
    mutual = np.flatnonzero(columns.number[rows.number] == np.arange(len(source)))
    partners = rows.number[mutual]
    lead = rows.best[mutual] - np.maximum(rows.second[mutual], columns.second[partners])
    return [
        Anchor(int(row), int(column), float(by))
        for row, column, by in zip(mutual, partners, lead, strict=True)
        if by >= LEAST_LEAD
    ]


@dataclass(frozen=True, slots=True)
class _Nearest:
    """Of each sentence the nearest one of the other side so far, its cosine, and the second best (0 for none)."""

    number: npt.NDArray[np.intp]
    best: Floats
    second: Floats

    @classmethod
    def among(cls, count: int) -> _Nearest:
        return cls(np.full(count, -1), np.full(count, -1, dtype=np.float32), np.zeros(count, dtype=np.float32))

    def look(self, cosines: Floats, own: slice, first: int) -> None:
        """Take in cosines (others, own) with the sentences from `first` on."""
        places = np.arange(cosines.shape[1])
        chosen = cosines.argmax(axis=0)
        best = cosines[chosen, places]
        cosines[chosen, places] = -1
        second = np.maximum(np.minimum(best, self.best[own]), np.maximum(cosines.max(axis=0), self.second[own]))
        cosines[chosen, places] = best
        better = best > self.best[own]
        self.number[own] = np.where(better, chosen + first, self.number[own])
        self.best[own] = np.maximum(best, self.best[own])
        self.second[own] = second


def backbone(anchors: Sequence[Anchor]) -> list[Anchor]:
    """The anchors of greatest total lead of which each lies after the one before in both texts.

    >>> chain = backbone([Anchor(0, 4, 0.5), Anchor(1, 1, 0.4), Anchor(2, 2, 0.3), Anchor(3, 0, 0.6)])
    >>> [(anchor.source, anchor.target) for anchor in chain]
    [(1, 1), (2, 2)]
    """
    links = [Link((a.source, a.source), (a.target, a.target), a.lead) for a in anchors]
    return [anchors[number] for number in heaviest_chain(links)]
