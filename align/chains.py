"""The heaviest chain of things that join a stretch of one text to a stretch of another, keeping the order of both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple


class Link(NamedTuple):
    """First and last sentence on either side, and a weight above 0."""

    source: tuple[int, int]
    target: tuple[int, int]
    weight: float


def heaviest_chain(links: Sequence[Link]) -> list[int]:
    """Numbers of the links of greatest total weight of which each lies after the one before on both sides.

    Takes time with the number of links and its logarithm: of chains that end no later and weigh no less only the best
    is kept. Ties go to the links named first.

    >>> heaviest_chain([Link((0, 0), (4, 4), 0.5), Link((1, 1), (1, 2), 0.4), Link((2, 3), (3, 3), 0.3)])
    [1, 2]
    """
    frontier = _Frontier()
    before = [-1] * len(links)
    totals = [0.0] * len(links)
    by_end = sorted(range(len(links)), key=lambda number: links[number].source[1])
    ended = 0
    for number in sorted(range(len(links)), key=lambda number: links[number].source[0]):
        link = links[number]
        while links[by_end[ended]].source[1] < link.source[0]:
            frontier.add(links[by_end[ended]].target[1], totals[by_end[ended]], by_end[ended])
            ended += 1
        reached, before[number] = frontier.best_before(link.target[0])
        totals[number] = reached + link.weight
    number = max(range(len(links)), key=totals.__getitem__, default=-1)
    chain = []
    while number >= 0:
        chain.append(number)
        number = before[number]
    return chain[::-1]


class _Frontier:
    """Chains by the target sentence they end at, each heavier than all that end before it."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._totals: list[float] = []
        self._lasts: list[int] = []

    def best_before(self, target: int) -> tuple[float, int]:
        """Weight and last link of the heaviest chain that ends before a target sentence; 0 and -1 if there is none."""
        at = bisect_left(self._ends, target)
        return (self._totals[at - 1], self._lasts[at - 1]) if at else (0.0, -1)

    def add(self, end: int, total: float, last: int) -> None:
        at = bisect_left(self._ends, end + 1)
        if at and self._totals[at - 1] >= total:
            return
        first = at - 1 if at and self._ends[at - 1] == end else at
        beaten = at
        while beaten < len(self._ends) and self._totals[beaten] <= total:
            beaten += 1
        self._ends[first:beaten] = [end]
        self._totals[first:beaten] = [total]
        self._lasts[first:beaten] = [last]
