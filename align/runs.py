"""One text as the aligner sees it: its sentences, and every run of a few neighbouring ones.

A bead joins a run of each side, so whatever is known of beads is a matrix with a row for each source run and a column
for each target run, and every step of the reckoning is one operation on whole matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from align.vectors import Vectors

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of up to `longest` sentences of one text, shorter ones first, then in the order of the text.

    The first rows are the sentences themselves. `without_first` and `without_last` are the rows of the runs that
    remain when an outer sentence is taken away; for a single sentence its own row.
    """

    count: int  # sentences
    longest: int
    sizes: Rows  # (r,)
    starts: Rows  # (r,) number of the first sentence
    without_first: Rows  # (r,)
    without_last: Rows  # (r,)
    blocks: tuple[slice, ...]  # rows of the runs of 1, 2, ... sentences

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, count: int, longest: int) -> Runs:
        """Of a text of `count` > 0 sentences."""
        longest = max(1, min(longest, count))
        rows = [count - size + 1 for size in range(1, longest + 1)]
        firsts = np.concatenate([[0], np.cumsum(rows)])
        sizes = np.repeat(np.arange(1, longest + 1), rows)
        starts = np.concatenate([np.arange(n) for n in rows])
        single = np.arange(count)
        shorter = firsts[np.maximum(sizes - 2, 0)] + starts
        without_first, without_last = shorter + 1, shorter.copy()
        without_first[:count] = without_last[:count] = single
        blocks = tuple(map(slice, firsts[:-1].tolist(), firsts[1:].tolist()))
        return cls(count, longest, sizes, starts, without_first, without_last, blocks)

    def block(self, size: int) -> slice:
        """The rows of all runs of one size."""
        return self.blocks[size - 1]

    def reduced(self, operation: np.ufunc, values: npt.NDArray[np.float32]) -> Floats:
        """(u, n) values of sentences to (u, r) of runs, by an operation such as `np.maximum` or `np.add`."""
        out = np.empty((*values.shape[:-1], len(self.sizes)), dtype=values.dtype)
        out[..., : self.count] = before = values
        for size in range(2, self.longest + 1):
            out[..., self.block(size)] = operation(before[..., :-1], values[..., size - 1 :])
            before = out[..., self.block(size)]
        return out

    def over(self, size: int) -> npt.NDArray[np.bool_]:
        """(r,) which runs have more than `size` sentences."""
        return self.sizes > size


def run_vectors(by_size: Sequence[Vectors]) -> Vectors:
    """What `Encoder.encode_runs` gives, in the order of `Runs`."""
    return np.concatenate(list(by_size))
