"""Which originals are worth a look for each translation: the most alike ones of the days around it.

The search is exact. Dates leave a few thousand articles to compare each with; without dates it takes a product of two
matrices in blocks, which for 100,000 articles a side is a minute or two of two cores, less than building and searching
an index of the whole (LIBRARIES and `docs/pairing.md` have the figures).
What this does not do: decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.vectors import Vectors

ROWS, COLUMNS = 1024, 8192  # of the matrix of cosines, held at once: 32 MB
NEAR = 0.2  # of cosine; what is further behind the most alike candidate is not the original
NEAR_A_PART = 0.4  # nor one of several originals
Rows = npt.NDArray[np.intp]
Days = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sources worth a look for one target, most alike first."""

    target: int
    sources: list[int]
    in_reach: int  # how many articles of the other side its date allows


def find_candidates(
    vectors: tuple[Vectors, Vectors], days: tuple[Days, Days], *, window_days: int, most: int, near: float = NEAR
) -> Iterator[Candidates]:
    """For every target, in the order of dates, at most `most` sources within the window.

    `vectors` are unit rows of sources and of targets, `days` day numbers, NaN for the undated, which are in everyone's
    reach; `near` is how far in cosine a source may be behind the most alike one. Ties go to the lower number.
    """
    order = tuple(np.argsort(side, kind="stable") for side in days)  # NaN come last
    sorted_days = days[0][order[0]], days[1][order[1]]
    dated = int(np.count_nonzero(~np.isnan(days[0])))
    for start in range(0, len(order[1]), ROWS):
        rows = order[1][start : start + ROWS]
        own = sorted_days[1][start : start + ROWS]
        known = own[~np.isnan(own)]
        first, last = 0, dated
        if len(known) == len(own):
            first = int(np.searchsorted(sorted_days[0][:dated], known[0] - window_days, "left"))
            last = int(np.searchsorted(sorted_days[0][:dated], known[-1] + window_days, "right"))
        columns = np.concatenate([order[0][first:last], order[0][dated:]])
        yield from _of_block(vectors, days, rows, columns, window_days=window_days, most=most, near=near)


def _of_block(
    vectors: tuple[Vectors, Vectors],
    days: tuple[Days, Days],
    rows: Rows,
    columns: Rows,
    *,
    window_days: int,
    most: int,
    near: float,
) -> Iterator[Candidates]:
    best = np.full((len(rows), most), -np.inf, dtype=np.float32)
    place = np.full((len(rows), most), -1, dtype=np.intp)
    reach = np.zeros(len(rows), dtype=np.intp)
    targets, some_dated = vectors[1][rows], not np.isnan(days[1][rows]).all()
    for start in range(0, len(columns), COLUMNS):
        part = columns[start : start + COLUMNS]
        alike = targets @ vectors[0][part].T
        reach += len(part)
        if some_dated and not np.isnan(days[0][part]).all():
            apart = np.abs(days[1][rows, None] - days[0][part]) > window_days  # comparing with NaN is False
            alike[apart] = -np.inf
            reach -= np.count_nonzero(apart, axis=1)
        better = np.flatnonzero(alike.max(axis=1) > best[:, -1])
        if not len(better):
            continue
        keep = min(most, len(part))
        nearest = np.argpartition(-alike[better], keep - 1, axis=1)[:, :keep]
        cosines = np.concatenate([best[better], np.take_along_axis(alike[better], nearest, axis=1)], axis=1)
        numbers = np.concatenate([place[better], part[nearest]], axis=1)
        ranked = np.lexsort((numbers, -cosines))[:, :most]
        best[better] = np.take_along_axis(cosines, ranked, axis=1)
        place[better] = np.take_along_axis(numbers, ranked, axis=1)
    chosen = (best >= best[:, :1] - np.float32(near)) & (best > -np.inf)
    for number, row in enumerate(rows):
        yield Candidates(int(row), place[number][chosen[number]].tolist(), int(reach[number]))
