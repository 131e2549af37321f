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
    came = np.full((n + 1, m + 1), -1, dtype=np.int8)
    columns = np.arange(margin, margin + m + 1)
    before = columns[None, :] - table.targets[:, None]
    for i in range(1, n + 1):
        reached = best[(margin + i - table.sources)[:, None], before] + table.values[i]
        kind = reached.argmax(axis=0)
        ended = reached[kind, columns - margin]
        above = best[margin + i - 1, margin:]
        row = np.maximum(above, ended)
        best[margin + i, margin:] = np.maximum.accumulate(row)
        came[i] = np.where((ended > above) & (best[margin + i, margin:] <= row), kind, -1)
    return list(_trace(best[margin:, margin:], came, table.shapes))[::-1]


def _trace(best: Doubles, came: npt.NDArray[np.int8], shapes: list[Shape]) -> Iterator[Bead]:
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
    table = _Table.of(values, n, m)
    odds = np.exp(np.minimum(table.values, _CAP))
    forward, up = _forward(table, odds)
    backward, down = _backward(table, odds)
    total = up[n] + float(np.log(forward[n, m]))
    found = {}
    for k, (a, b) in enumerate(table.shapes):
        scale = np.exp(up[: n + 1 - a] + down[a:] - total)[:, None]
        found[a, b] = forward[: n + 1 - a, : m + 1 - b] * backward[a:, b:] * odds[a:, k, b:] * scale
    return total, found


def _forward(table: _Table, odds: Doubles) -> tuple[Doubles, Doubles]:
    """(n + 1, m + 1) sums over all beginnings of a path up to each point, and the log of each row's scale."""
    n, m = odds.shape[0] - 1, odds.shape[2] - 1
    margin = max((*table.sources, *table.targets), default=1)
    sums = np.zeros((n + 1 + margin, m + 1 + margin))
    logs = np.zeros(n + 1 + margin)
    sums[margin, margin:] = 1.0
    alone = np.zeros(m + 1)  # of the paths that no target sentence left alone has ended
    alone[0] = 1.0
    before = np.arange(margin, margin + m + 1)[None, :] - table.targets[:, None]
    for i in range(1, n + 1):
        rows = margin + i - table.sources
        scale = np.exp(logs[rows] - logs[margin + i - 1])
        alone = alone + (sums[rows[:, None], before] * (scale[:, None] * odds[i])).sum(axis=0)
        row = np.cumsum(alone)
        alone /= row[-1]
        sums[margin + i, margin:] = row / row[-1]
        logs[margin + i] = logs[margin + i - 1] + np.log(row[-1])
    return sums[margin:, margin:], logs[margin:]


def _backward(table: _Table, odds: Doubles) -> tuple[Doubles, Doubles]:
    """Likewise over all endings of a path after a bead that ends at each point."""
    n, m = odds.shape[0] - 1, odds.shape[2] - 1
    margin = max((*table.sources, *table.targets), default=1)
    sums = np.zeros((n + 1 + margin, m + 1 + margin))
    logs = np.zeros(n + 1 + margin)
    sums[n, : m + 1] = 1.0
    following = np.arange(m + 1)[None, :] + table.targets[:, None]
    kinds = np.arange(len(table.shapes))
    ending = np.zeros((n + 1 + margin, len(kinds), m + 1 + margin))
    ending[: n + 1, :, : m + 1] = odds
    for i in range(n - 1, -1, -1):
        rows = i + table.sources
        scale = np.exp(logs[rows] - logs[i + 1]) * (rows <= n)
        starting = ending[rows[:, None], kinds[:, None], following]
        begun = (sums[rows[:, None], following] * (scale[:, None] * starting)).sum(axis=0)
        row = sums[i + 1, : m + 1] + np.cumsum(begun[::-1])[::-1]
        greatest = row.max()
        sums[i, : m + 1] = row / greatest
        logs[i] = logs[i + 1] + np.log(greatest)
    return sums[: n + 1, : m + 1], logs[: n + 1]
