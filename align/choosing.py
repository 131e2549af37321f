"""Which beads of two scored texts are right: the best path, what crosses it, and what stays alone.

A dynamic programme finds the best monotone path, where leaving a sentence alone is free and a bead has to earn its
place: first by values, which tell how probable every bead is over all paths, then by these probabilities. Then beads
that cross are picked: neighbours that changed places, and again and again the best path through what is left over, so
that a moved section is found as a whole. How probable a bead is is for `align.confidence`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from align.chains import Link, heaviest_chain
from align.confidence import RELATED, Context, judge_crossing, judge_nulls, judge_path
from align.paths import NEVER, Shape, best_path
from align.runs import Floats
from align.scoring import AlignOptions, Scores
from corpora.records import Bead

# Log-odds against a bead off the path, which has the order of the texts against it.
CROSSING_PRICE = 1.0
# Where no sentence is to stay alone, what leaving one costs: more than any bead is worth.
NULL_PRICE = 1e4
# A bead less likely than this, if the texts are related, is left out. To maximise the expected F1 the threshold is half
# of the F1 reached (Lipton and others 2014), which is some .9.
LEAST_PROBABLE = 0.45
# Of beads that cross, which are the last to take what is left, fewer are left out: their sentences seldom have no
# counterpart at all, so that a wrong bead does less harm than two wrong null beads.
LEAST_CROSSING = 0.35
# Texts less likely than this to have anything to do with each other have no beads.
LEAST_RELATED = 0.5

Numbers = npt.NDArray[np.intp]
Free = tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The beads of the path in the order of the texts, those that cross it, and a null bead for each other sentence."""

    path: list[Bead]
    crossing: list[Bead]
    nulls: list[Bead]


def choose(scores: Scores, options: AlignOptions, *, free: Free | None = None, price: float = 0.0) -> Choice:
    """The beads of two scored texts, with similarities and probabilities: every sentence is in exactly one.

    Sentences that are not `free` stay alone; `price` is taken off the value of every bead.
    """
    picked = pick(scores, options, free=free, price=price)
    context, beads = picked.context, [*picked.path, *picked.crossing]
    related = float(RELATED(context.related(beads)))
    counts = scores.source.runs.count, scores.target.runs.count
    if options.nulls and related < LEAST_RELATED:
        return Choice([], [], judge_nulls(context, beads, null_beads([], *counts), related))
    path = judge_path(context, picked.path, related)
    crossing = judge_crossing(context, picked.path, picked.crossing, related)
    if options.nulls:
        crossing = [bead for bead in crossing if (bead.probability or 0.0) >= LEAST_CROSSING]
    beads = [*path, *crossing]
    return Choice(path, crossing, judge_nulls(context, beads, null_beads(beads, *counts), related))


class Picked(NamedTuple):
    """Beads before they are judged, and what they are judged by."""

    context: Context
    path: list[Bead]
    crossing: list[Bead]


def pick(scores: Scores, options: AlignOptions, *, free: Free | None = None, price: float = 0.0) -> Picked:
    """The beads of two texts that are taken to be each other's translation."""
    counts = scores.source.runs.count, scores.target.runs.count
    values = scores.by_shape(options.shapes())
    if price:
        values = {shape: value - np.float32(price) for shape, value in values.items()}
    if free is not None:
        values = {shape: _masked(value, shape, free) for shape, value in values.items()}
    if not options.nulls:
        path = best_path(
            {(m, n): value + np.float32(NULL_PRICE * (m + n)) for (m, n), value in values.items()}, *counts
        )
        return Picked(Context.of(scores, values, path), path, [])
    context = Context.of(scores, values, best_path(values, *counts))
    likely = context.likely(LEAST_PROBABLE)
    gains = [
        Link((bead.source[0], bead.source[-1]), (bead.target[0], bead.target[-1]), chance - LEAST_PROBABLE)
        for chance, bead in likely
    ]
    path = [likely[number][1] for number in heaviest_chain(gains)]
    if options.monotonic:
        return Picked(context, path, [])
    path, crossing = untangle(path, values)
    return Picked(context, path, crossing + crossings(values, free_of([*path, *crossing], *counts)))


def free_of(beads: Sequence[Bead], n_source: int, n_target: int) -> Free:
    """Which sentences are in none of these beads."""
    free = np.ones(n_source, dtype=bool), np.ones(n_target, dtype=bool)
    for bead in beads:
        free[0][list(bead.source)] = False
        free[1][list(bead.target)] = False
    return free


def null_beads(beads: Sequence[Bead], n_source: int, n_target: int) -> list[Bead]:
    """A null bead for each sentence that is in none of these beads."""
    free = free_of(beads, n_source, n_target)
    alone = [Bead((i,), ()) for i in np.flatnonzero(free[0]).tolist()]
    return alone + [Bead((), (j,)) for j in np.flatnonzero(free[1]).tolist()]


def untangle(path: Sequence[Bead], values: Mapping[Shape, Floats]) -> tuple[list[Bead], list[Bead]]:
    """Take apart the 2-2 beads whose sentences only changed places, which no monotone path can say.

    Gives the beads that stay and those that were taken apart: two 1-1 beads that cross, where each is worth something
    and both together more than the one.
    """
    stay: list[Bead] = []
    apart: list[Bead] = []
    for bead in path:
        if bead.kind == "2-2":
            (first, second), (one, other) = bead.source, bead.target
            swapped = values[1, 1][first, other], values[1, 1][second, one]
            if min(swapped) > 0 and sum(swapped) - CROSSING_PRICE > values[2, 2][first, one]:
                apart += [Bead((first,), (other,)), Bead((second,), (one,))]
                continue
        stay.append(bead)
    return stay, apart


def crossings(values: Mapping[Shape, Floats], free: Free) -> list[Bead]:
    """Beads among the free sentences: the best path through them, then through what that leaves, and so on."""
    free = free[0].copy(), free[1].copy()
    left = sorted(link for shape, table in values.items() for link in _worth(table, shape, free))
    found: list[Bead] = []
    while left:
        chain = [left[number] for number in heaviest_chain(left)]
        for link in chain:
            source, target = range(link.source[0], link.source[1] + 1), range(link.target[0], link.target[1] + 1)
            free[0][source] = False
            free[1][target] = False
            found.append(Bead(tuple(source), tuple(target)))
        left = [link for link in left if all(s[a : b + 1].all() for s, (a, b) in zip(free, link[:2], strict=True))]
    return found


def _worth(table: Floats, shape: Shape, free: Free) -> Iterator[Link]:
    """The beads of free sentences that are worth more than crossing costs, by what they are worth beyond that."""
    rows, columns = (np.flatnonzero(_all_free(side, size)) for side, size in zip(free, shape, strict=True))
    if len(rows) and len(columns):
        worth = table[rows[:, None], columns] - np.float32(CROSSING_PRICE)
        for row, column in zip(*np.nonzero(worth > 0), strict=True):
            i, j = int(rows[row]), int(columns[column])
            yield Link((i, i + shape[0] - 1), (j, j + shape[1] - 1), float(worth[row, column]))


def _masked(value: Floats, shape: Shape, free: Free) -> Floats:
    """The values of beads all of whose sentences are free; NEVER for the others."""
    usable = [_all_free(side, size) for side, size in zip(free, shape, strict=True)]
    return np.where(usable[0][:, None] & usable[1][None, :], value, np.float32(NEVER))


def _all_free(side: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.bool_]:
    """Whether all sentences of each run of this size are free."""
    taken = np.concatenate([[0], np.cumsum(~side)])
    free: npt.NDArray[np.bool_] = taken[size:] == taken[:-size]
    return free
