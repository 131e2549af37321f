"""Sentence alignment: which sentences of a translation say the same as which of its original.

Two steps over the values of `align.scoring`. A dynamic programme finds the best monotone path, where leaving a
sentence alone is free and a bead has to earn its place. Then beads that cross are picked: neighbours that changed
places, and the best of what the path left over. Each bead gets its probability from `align.confidence`.

What this does not do: documents of more than a few thousand sentences a side (the tables are dense), and
discontiguous beads.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from align.confidence import bead_probability, null_probability
from align.encoder import load_encoder
from align.scoring import AlignOptions, Floats, Scores, Shape, score_beads
from align.vectors import Encoder
from corpora.records import Bead


def align_sentences(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder | None = None,
    *,
    options: AlignOptions | None = None,
    joiners: tuple[str, str] = ("", " "),
) -> list[Bead]:
    """Beads of two lists of sentences, null beads included: every sentence is in exactly one.

    Beads come in the order of their first source sentence, null target sentences where they stand in the text.
    `joiners` is what goes between neighbouring sentences of each side where an encoder needs a run as one string.
    Without an encoder the bundled one is used. Raises InputError for texts too long for the dense tables.

    >>> beads = align_sentences(["大雨が降った。", "首相が辞任した。"], ["The prime minister resigned."])
    >>> [(bead.source, bead.target) for bead in beads]
    [((0,), ()), ((1,), (0,))]
    """
    options = options or AlignOptions()
    if not source or not target:
        nulls = [Bead((i,), (), None, 1.0) for i in range(len(source))]
        return nulls + [Bead((), (j,), None, 1.0) for j in range(len(target))]
    scores = score_beads(source, target, encoder or load_encoder(), options=options, joiners=joiners)
    path = best_path(scores.value, len(source), len(target))
    crossing: list[Bead] = []
    if not options.monotonic:
        path, crossing = untangle(path, scores)
        crossing += crossings(scores, [*path, *crossing], len(source), len(target), options)
    beads = [_judged(bead, scores, crossing=bead in crossing) for bead in [*path, *crossing]]
    return in_text_order([*beads, *_null_beads(scores, beads)])


def _judged(bead: Bead, scores: Scores, *, crossing: bool) -> Bead:
    """The bead with its similarity and probability."""
    cosine = scores.cosine[len(bead.source), len(bead.target)][bead.source[0], bead.target[0]]
    return replace(bead, similarity=float(cosine), probability=bead_probability(scores, bead, crossing=crossing))


def _null_beads(scores: Scores, beads: Sequence[Bead]) -> list[Bead]:
    """Null beads, with probabilities, for all sentences that are in none of these beads."""
    free = [np.ones(len(lengths), dtype=bool) for lengths in scores.lengths]
    for bead in beads:
        free[0][list(bead.source)] = False
        free[1][list(bead.target)] = False
    found = []
    for side in (0, 1):
        for index in np.flatnonzero(free[side]).tolist():
            source, target = ((index,), ()) if side == 0 else ((), (index,))
            found.append(Bead(source, target, None, null_probability(scores, side, index)))
    return found


def best_path(value: dict[Shape, Floats], n_source: int, n_target: int) -> list[Bead]:
    """The non-null beads of the monotone path of greatest total value, where null beads add nothing.

    Row by row: all beads that end in a row are numpy operations over its columns, and a run of null targets is a
    running maximum.
    """
    best = np.zeros((n_source + 1, n_target + 1), dtype=np.float64)
    came = np.zeros((n_source + 1, n_target + 1), dtype=np.int8)  # 0: null, else 1 + index into shapes
    shapes = list(value)
    for i in range(1, n_source + 1):
        row = best[i - 1].copy()
        for k, (m, n) in enumerate(shapes):
            if m > i:
                continue
            reached = best[i - m, : n_target + 1 - n] + value[m, n][i - m]
            better = reached > row[n:]
            row[n:][better] = reached[better]
            came[i, n:][better] = k + 1
        best[i] = np.maximum.accumulate(row)
        came[i][best[i] > row] = 0
    return list(_trace(best, came, shapes))


def _trace(best: npt.NDArray[np.float64], came: npt.NDArray[np.int8], shapes: list[Shape]) -> Iterator[Bead]:
    i, j = best.shape[0] - 1, best.shape[1] - 1
    while i and j:
        if came[i, j]:
            m, n = shapes[came[i, j] - 1]
            i, j = i - m, j - n
            yield Bead(tuple(range(i, i + m)), tuple(range(j, j + n)))
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i -= 1


def untangle(path: Sequence[Bead], scores: Scores) -> tuple[list[Bead], list[Bead]]:
    """Take apart the 2-2 beads whose sentences only changed places, which no monotone path can say.

    Gives the beads that stay and those that were taken apart: two 1-1 beads that cross, where each is worth something
    and both together more than the one.
    """
    stay: list[Bead] = []
    apart: list[Bead] = []
    for bead in path:
        if bead.kind == "2-2":
            (first, second), (one, other) = bead.source, bead.target
            swapped = scores.value[1, 1][first, other], scores.value[1, 1][second, one]
            if min(swapped) > 0 and sum(swapped) > scores.value[2, 2][first, one]:
                apart += [Bead((first,), (other,)), Bead((second,), (one,))]
                continue
        stay.append(bead)
    return stay, apart


def crossings(scores: Scores, beads: list[Bead], n_source: int, n_target: int, options: AlignOptions) -> list[Bead]:
    """Beads among the sentences no bead has taken, by falling value; they need not keep the order of the text."""
    free_source, free_target = np.ones(n_source, dtype=bool), np.ones(n_target, dtype=bool)
    for bead in beads:
        free_source[list(bead.source)] = False
        free_target[list(bead.target)] = False
    candidates = []
    for (m, n), value in scores.value.items():
        if m + n > options.crossing_bead:
            continue
        worth = value - options.crossing_price * (m + n) / 2
        for i, j in zip(*np.nonzero(worth > 0), strict=True):
            if free_source[i : i + m].all() and free_target[j : j + n].all():
                candidates.append((-float(worth[i, j]), int(i), int(j), m, n))
    found = []
    for _, i, j, m, n in sorted(candidates):
        if free_source[i : i + m].all() and free_target[j : j + n].all():
            free_source[i : i + m] = False
            free_target[j : j + n] = False
            found.append(Bead(tuple(range(i, i + m)), tuple(range(j, j + n))))
    return found


def in_text_order(beads: Sequence[Bead]) -> list[Bead]:
    """Sort by source sentence; a null target stands right before the bead of the next target sentence.

    >>> beads = [Bead((1,), (1,)), Bead((), (2,)), Bead((0,), ()), Bead((), (0,))]
    >>> [(b.source, b.target) for b in in_text_order(beads)]
    [((0,), ()), ((), (0,)), ((1,), (1,)), ((), (2,))]
    """
    lone = sorted((b for b in beads if not b.source), key=lambda b: b.target)
    following = sorted(t for b in beads if b.source for t in b.target)
    before: dict[int | None, list[Bead]] = {}  # target sentence -> the null targets that stand right before it
    for bead in lone:
        at = bisect_left(following, bead.target[0])
        before.setdefault(following[at] if at < len(following) else None, []).append(bead)
    ordered: list[Bead] = []
    for bead in sorted((b for b in beads if b.source), key=lambda b: b.source):
        for sentence in bead.target:
            ordered += before.pop(sentence, [])
        ordered.append(bead)
    return ordered + before.pop(None, [])
