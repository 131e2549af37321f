"""The best monotone path through all candidate beads, and how probable each bead is over all paths.

A path gives every sentence to one bead or leaves it alone; it is worth the sum of its beads, and a sentence left
alone adds nothing. With values that are log-odds the paths form a conditional random field over segments (Sarawagi
and Cohen 2004): `best_path` is its likeliest path, `posteriors` what `scripts/fit_aligner.py` learns from and what
says how sure a bead is.

Row by row: all beads that end in a row are one numpy operation over kinds and columns, and a run of sentences left
alone is a running maximum or sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.runs import Floats
from corpora.records import Bead

Shape = tuple[int, int]  # how many source and target sentences a bead has
Values = Mapping[Shape, Floats]  # [shape][i, j] is the bead that starts at source i and target j
Doubles = npt.NDArray[np.float64]
NEVER = -1e9  # the value of a bead that must not be
_CAP = 60.0  # of log-odds, for exponentials


@dataclass(frozen=True, slots=True)
class _Table:
    """Values by where beads end: (n + 1, kinds, m + 1), NEVER where there is no such bead."""

    shapes: list[Shape]
    sources: npt.NDArray[np.intp]  # (kinds,)
    targets: npt.NDArray[np.intp]
    values: Doubles

    @classmethod
    def of(cls, values: Values, n: int, m: int) -> _Table:
        shapes = list(values)
        table = np.full((n + 1, len(shapes), m + 1), NEVER)
        for k, (a, b) in enumerate(shapes):
            table[a:, k, b:] = values[a, b]
        sizes = np.array(shapes, dtype=np.intp).reshape(-1, 2)
        return cls(shapes, sizes[:, 0], sizes[:, 1], table)


def best_path(values: Values, n: int, m: int) -> list[Bead]:
    """The non-null beads of the path of greatest total value, in the order of the texts.

    Ties go to what leaves more sentences alone, then to the shape that stands first in `values`.
    """
    table = _Table.of(values, n, m)
    if not table.shapes:
        return []
    margin = max(*table.sources, *table.targets)  # rows and columns of NEVER, in place of checking bounds
    best = np.full((n + 1 + margin, m + 1 + margin), NEVER)
    best[margin, margin:] = best[margin:, margin] = 0.0
    came = np.full((n + 1, m + 1), -1, dtype=np.int16)
    width = m + 1 + margin
    flat, columns = best.reshape(-1), np.arange(m + 1)
    before = (margin - table.sources[:, None]) * width + margin + columns[None, :] - table.targets[:, None]
    for i in range(1, n + 1):
        reached = flat.take(before + i * width)
        reached += table.values[i]
        kind = reached.argmax(axis=0)
        ended = reached[kind, columns]
        above = best[margin + i - 1, margin:]
        row = np.maximum(above, ended)
        best[margin + i, margin:] = np.maximum.accumulate(row)
        came[i] = np.where((ended > above) & (best[margin + i, margin:] <= row), kind, -1)
    return list(_trace(best[margin:, margin:], came, table.shapes))[::-1]


def _trace(best: Doubles, came: npt.NDArray[np.int16], shapes: list[Shape]) -> Iterator[Bead]:
    i, j = best.shape[0] - 1, best.shape[1] - 1
    while i and j:
        if came[i, j] >= 0:
            m, n = shapes[came[i, j]]
            i, j = i - m, j - n
            yield Bead(tuple(range(i, i + m)), tuple(range(j, j + n)))
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i -= 1


def posteriors(values: Values, n: int, m: int) -> tuple[float, dict[Shape, Doubles]]:
    """The log of the sum of exp(value) over all paths, and by shape the share of the paths that have each bead.

    Between two beads source sentences that stay alone come before target ones, so that each path counts once.
    """
    shapes = list(values)
    if not shapes or not n or not m:
        return 0.0, {shape: np.zeros_like(value, dtype=np.float64) for shape, value in values.items()}
    odds = _odds(values, n, m)
    sums, logs = _sums(odds, shapes)
    # What comes after a bead is what comes before it when both texts are read backwards.
    before, after = sums[0], sums[1, ::-1, ::-1]
    total = logs[0, n] + float(np.log(before[n, m]))
    # In logs: a factor of either side alone may be beyond what a double holds.
    with np.errstate(divide="ignore"):
        before, after = np.log(before) + (logs[0] - total)[:, None], np.log(after) + logs[1, ::-1, None]
    found = {}
    for (a, b), value in values.items():
        share = before[: n + 1 - a, : m + 1 - b] + after[a:, b:] + np.minimum(value, _CAP)
        found[a, b] = np.exp(np.minimum(share, 0))
    return total, found


def _odds(values: Values, n: int, m: int) -> Doubles:
    """(2, n + 1, kinds, m + 1): exp(value) by where beads end, of both texts read forwards and backwards."""
    odds = np.zeros((2, n + 1, len(values), m + 1))
    for k, ((a, b), value) in enumerate(values.items()):
        table = np.exp(np.minimum(value, _CAP).astype(np.float64))
        odds[0, a:, k, b:] = table
        odds[1, a:, k, b:] = table[::-1, ::-1]
    return odds


def _sums(odds: Doubles, shapes: list[Shape]) -> tuple[Doubles, Doubles]:
    """(2, n + 1, m + 1) sums over all beginnings of a path up to a point, and (2, n + 1) logs of the rows' scales."""
    n, m = odds.shape[1] - 1, odds.shape[3] - 1
    sources, targets = np.array(shapes, dtype=np.intp).T
    margin = int(max(sources.max(), targets.max()))  # rows and columns of zeros, in place of checking bounds
    sums = np.zeros((2, n + 1 + margin, m + 1 + margin))
    logs = np.zeros((2, n + 1 + margin))
    sums[:, margin, margin:] = 1.0
    alone = np.zeros((2, m + 1))  # of the paths that no target sentence left alone has ended
    alone[:, 0] = 1.0
    width = m + 1 + margin
    flat = sums.reshape(2, -1)
    before = (margin - sources[:, None]) * width + np.arange(margin, width)[None, :] - targets[:, None]
    for i in range(1, n + 1):
        scale = np.exp(logs[:, margin + i - sources] - logs[:, margin + i - 1 : margin + i])
        reached = flat.take(before + i * width, axis=1)
        reached *= odds[:, i]
        alone += (scale[:, None, :] @ reached)[:, 0]
        row = alone.cumsum(axis=1)
        whole = row[:, -1:]
        alone /= whole
        sums[:, margin + i, margin:] = row / whole
        logs[:, margin + i] = logs[:, margin + i - 1] + np.log(whole[:, 0])
    return sums[:, margin:, margin:], logs[:, margin:]
