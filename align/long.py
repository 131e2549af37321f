"""Alignment of texts too long for one dense table: books, proceedings, partly parallel collections.

Anchors first (`align.anchors`), an exact search between them. A window of some sixty sentences a side starts where the
last one ended and ends at an anchor, with a little of what follows for context; of its path the beads up to the anchor
are kept, and the next window starts after the last of them, so that no bead is cut in two. Where a stretch has no
anchor (a hole, or texts that have nothing to do with each other) windows follow the straight line to the next one.
What is left alone is then looked at again around the anchors that are off the chain: moved sentences and chapters.

Time grows with the length of the texts, but for the search for anchors, which is one product of matrices; memory
grows with the length. What this does not do: find a moved part in which no sentence is its counterpart's nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from align.anchors import Anchor, find_anchors, heaviest_chain
from align.choosing import CROSSING_PRICE, Choice, choose, free_of, null_beads
from align.scoring import AlignOptions, Scores, score_beads
from align.vectors import Encoder
from corpora.records import Bead

# Combinations of sentences that one table may have; larger texts are cut.
DENSE = 62_500
WINDOW = 60  # sentences a side
CONTEXT = 12  # sentences a side that are looked at beyond a window
LEAST_WINDOW = 15  # an anchor nearer than this ends no window if there is another way
# Anchors off the chain so close to each other are of one moved part.
ISLAND_STEP = 15
NEAR_GROUPS = 8  # groups begun last that an anchor may still belong to
SURE_ISLAND = 3  # anchors
ISLAND_CONTEXT = 4
LEAST_ANCHORS = 10  # that tell the length ratio

Window = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class LongPair:
    """Two long texts and what aligns a window of them."""

    source: Sequence[str]
    target: Sequence[str]
    score: Callable[[Window], Scores]
    options: AlignOptions

    @property
    def counts(self) -> tuple[int, int]:
        return len(self.source), len(self.target)


def align_long(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    options: AlignOptions,
    languages: tuple[str, str],
) -> list[Bead]:
    """Beads of two non-empty lists of sentences, null beads included, in no order."""
    anchors = find_anchors(encoder.encode(source), encoder.encode(target))
    chain = heaviest_chain(anchors)
    if options.length_ratio is None and len(chain) >= LEAST_ANCHORS:
        lengths = [sum(len(source[a.source]) for a in chain), sum(len(target[a.target]) for a in chain)]
        options = replace(options, length_ratio=max(1, lengths[1]) / max(1, lengths[0]))

    def score(window: Window) -> Scores:
        texts = source[window[0]], target[window[1]]
        edges = (
            (window[0].start == 0, window[0].stop == len(source)),
            (window[1].start == 0, window[1].stop == len(target)),
        )
        return score_beads(*texts, encoder, options=options, languages=languages, edges=edges)

    pair = LongPair(source, target, score, options)
    crossing = anchors if options.nulls and not options.monotonic else []
    on_chain = set(chain)
    islands = _grouped([anchor for anchor in crossing if anchor not in on_chain])
    beads, alone = _walk(pair, chain, [a for island in islands if len(island) >= SURE_ISLAND for a in island])
    beads += _islands(pair, beads, islands)
    lone = null_beads(beads, *pair.counts)
    return beads + [replace(bead, probability=alone[bead.source, bead.target]) for bead in lone]


Alone = dict[tuple[tuple[int, ...], tuple[int, ...]], float]  # null beads and their probabilities


def _walk(pair: LongPair, chain: Sequence[Anchor], off_chain: Sequence[Anchor]) -> tuple[list[Bead], Alone]:
    """Beads along the chain, and how sure each sentence is alone, as the last window says that has it.

    A sentence whose anchor is off the chain and joins it to a place outside a window is not free there.
    """
    beads: list[Bead] = []
    alone: Alone = {}
    partners = np.full(pair.counts[0], -1), np.full(pair.counts[1], -1)
    for anchor in off_chain:
        partners[0][anchor.source], partners[1][anchor.target] = anchor.target, anchor.source
    at = (0, 0)
    number = 0
    while at[0] < pair.counts[0] and at[1] < pair.counts[1]:
        while number < len(chain) and (chain[number].source < at[0] or chain[number].target < at[1]):
            number += 1
        end, waits = _window_end(at, chain, number, pair.counts)
        stop = min(end[0] + CONTEXT, pair.counts[0]), min(end[1] + CONTEXT, pair.counts[1])
        window = slice(at[0], stop[0]), slice(at[1], stop[1])
        free = _free_in(partners[0][window[0]], window[1]), _free_in(partners[1][window[1]], window[0])
        choice = _shifted(choose(pair.score(window), pair.options, free=free), at)
        kept = [bead for bead in choice.path if _before(bead, end)]
        cut = end if waits is None else (at[0], end[1]) if waits == 0 else (end[0], at[1])
        if end == pair.counts:
            cut = end
        elif kept:
            cut = _cut(kept, choice.crossing, at, end)
        beads += [bead for bead in (*kept, *choice.crossing) if _before(bead, cut)]
        alone |= _alone(choice)
        at = cut
    return beads, alone | _rest_alone(pair, at)


def _cut(kept: Sequence[Bead], crossing: Sequence[Bead], at: tuple[int, int], end: tuple[int, int]) -> tuple[int, int]:
    """After the last bead in the second half of a window that no crossing bead reaches across, or the last at all."""
    half = (at[0] + end[0]) / 2
    for bead in reversed(kept):
        cut = bead.source[-1] + 1, bead.target[-1] + 1
        if cut[0] < half:
            break
        if all(_before(one, cut) or (one.source[0] >= cut[0] and one.target[0] >= cut[1]) for one in crossing):
            return cut
    return kept[-1].source[-1] + 1, kept[-1].target[-1] + 1


def _alone(choice: Choice) -> Alone:
    """Null beads; and sentences of other beads, should these be dropped because they lie across a cut."""
    found = {(bead.source, bead.target): bead.probability or 0.0 for bead in choice.nulls}
    for bead in (*choice.path, *choice.crossing):
        left: list[tuple[tuple[int, ...], tuple[int, ...]]] = [((i,), ()) for i in bead.source]
        left += [((), (j,)) for j in bead.target]
        found |= dict.fromkeys(left, 1 - (bead.probability or 0.0))
    return found


def _rest_alone(pair: LongPair, at: tuple[int, int]) -> Alone:
    """What is left of one side where the other has ended, seen beside the last sentences of that one."""
    found: Alone = {}
    for side in (0, 1):
        for start in range(at[side], pair.counts[side], WINDOW):
            first = [max(0, count - CONTEXT) for count in pair.counts]
            stop = [*pair.counts]
            first[side], stop[side] = start, min(pair.counts[side], start + WINDOW)
            free = np.full(stop[0] - first[0], side == 0), np.full(stop[1] - first[1], side == 1)
            scores = pair.score((slice(first[0], stop[0]), slice(first[1], stop[1])))
            found |= _alone(_shifted(choose(scores, pair.options, free=free), (first[0], first[1])))
    return found


def _free_in(partners: npt.NDArray[np.intp], other: slice) -> npt.NDArray[np.bool_]:
    """Which sentences have no partner, or one in this part of the other side."""
    free: npt.NDArray[np.bool_] = (partners < 0) | ((partners >= other.start) & (partners < other.stop))
    return free


def _before(bead: Bead, cut: tuple[int, int]) -> bool:
    return all(side[-1] < end for side, end in zip((bead.source, bead.target), cut, strict=True) if side)


def _window_end(
    at: tuple[int, int], chain: Sequence[Anchor], number: int, counts: tuple[int, int]
) -> tuple[tuple[int, int], int | None]:
    """Where the window from `at` on ends, and which side (0 or 1), if any, stays where it is if it has no bead.

    `number` is the first anchor of the chain that lies ahead.
    """
    ends = []
    for anchor in chain[number : number + WINDOW]:
        if anchor.source - at[0] >= WINDOW or anchor.target - at[1] >= WINDOW:
            break
        ends.append((anchor.source + 1, anchor.target + 1))
    if ends and max(ends[-1][0] - at[0], ends[-1][1] - at[1]) >= LEAST_WINDOW:
        return ends[-1], None
    following = chain[number + len(ends)] if number + len(ends) < len(chain) else None
    goal = (following.source + 1, following.target + 1) if following else counts
    left = goal[0] - at[0], goal[1] - at[1]
    if (left[0] + CONTEXT) * (left[1] + CONTEXT) <= DENSE:
        return goal, None
    if min(left) <= WINDOW:  # a hole on one side: the few sentences of the other may belong anywhere in it
        chunk = DENSE // (min(left) + CONTEXT) // 2
        return ((goal[0], at[1] + chunk), 0) if left[0] <= left[1] else ((at[0] + chunk, goal[1]), 1)
    share = WINDOW / max(left)
    return (at[0] + max(1, int(left[0] * share)), at[1] + max(1, int(left[1] * share))), None


def _islands(pair: LongPair, beads: Sequence[Bead], islands: Sequence[Sequence[Anchor]]) -> list[Bead]:
    """Beads around groups of anchors, among the sentences that are still alone."""
    free = free_of(beads, *pair.counts)
    found: list[Bead] = []
    for island in islands:
        if not any(free[0][anchor.source] and free[1][anchor.target] for anchor in island):
            continue
        window = (
            _around([a.source for a in island], pair.counts[0]),
            _around([a.target for a in island], pair.counts[1]),
        )
        left = free[0][window[0]], free[1][window[1]]
        choice = choose(pair.score(window), pair.options, free=left, price=CROSSING_PRICE)
        for bead in [*choice.path, *choice.crossing]:
            moved = _moved(bead, (window[0].start, window[1].start))
            free[0][list(moved.source)] = False
            free[1][list(moved.target)] = False
            found.append(moved)
    return found


def _grouped(anchors: Sequence[Anchor]) -> list[list[Anchor]]:
    """Neighbouring anchors together, as one moved part has them, the largest groups first."""
    groups: list[list[Anchor]] = []
    for anchor in anchors:
        group = next((g for g in reversed(groups[-NEAR_GROUPS:]) if _belongs(anchor, g)), None)
        if group is None:
            groups.append([anchor])
        else:
            group.append(anchor)
    return sorted(groups, key=len, reverse=True)


def _belongs(anchor: Anchor, group: Sequence[Anchor]) -> bool:
    targets = [a.target for a in group] + [anchor.target]
    return (
        anchor.source - group[-1].source <= ISLAND_STEP
        and abs(anchor.target - group[-1].target) <= ISLAND_STEP
        and anchor.source - group[0].source < WINDOW
        and max(targets) - min(targets) < WINDOW
    )


def _around(places: Sequence[int], count: int) -> slice:
    return slice(max(0, min(places) - ISLAND_CONTEXT), min(count, max(places) + 1 + ISLAND_CONTEXT))


def _shifted(choice: Choice, by: tuple[int, int]) -> Choice:
    return Choice(*([_moved(bead, by) for bead in beads] for beads in (choice.path, choice.crossing, choice.nulls)))


def _moved(bead: Bead, by: tuple[int, int]) -> Bead:
    return replace(bead, source=tuple(i + by[0] for i in bead.source), target=tuple(j + by[1] for j in bead.target))
