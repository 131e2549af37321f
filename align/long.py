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

from align.anchors import Anchor, backbone, find_anchors
from align.choosing import CROSSING_PRICE, Choice, Free, choose, free_of, null_beads
from align.scoring import AlignOptions, Scores, score_beads, word_table
from align.vectors import Encoder, Vectors, unit_rows
from corpora.records import Bead

# Combinations of sentences that one table may have; larger texts are cut.
DENSE = 62_500
LONGEST = 1_500  # sentences of either side of a table
WINDOW = 48  # sentences a side
CONTEXT = 8  # sentences a side that are looked at beyond a window
LEAST_WINDOW = 15  # an anchor nearer than this ends no window if there is another way
# Anchors off the chain so close to each other are of one moved part.
ISLAND_STEP = 15
NEAR_GROUPS = 8  # groups begun last that an anchor may still belong to
SURE_ISLAND = 3  # anchors
ISLAND_CONTEXT = 4
LEAST_ANCHORS = 10  # that tell the length ratio
MOST_SEARCHED = 20_000  # sentences a side among which anchors are sought: the one step that takes time by their square

Window = tuple[slice, slice]


def is_dense(n_source: int, n_target: int) -> bool:
    """Whether texts of so many sentences fit into one table."""
    return n_source * n_target <= DENSE and max(n_source, n_target) <= LONGEST


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
    table = word_table(encoder, languages)
    bags = (table.bags(source), table.bags(target)) if table else None
    if table is encoder and bags:
        vectors = unit_rows(table.sums(bags[0])), unit_rows(table.sums(bags[1]))
    else:
        vectors = encoder.encode(source), encoder.encode(target)
    anchors = _anchors(source, target, vectors)
    chain = backbone(anchors)
    if options.length_ratio is None and len(chain) >= LEAST_ANCHORS:
        lengths = [sum(len(source[a.source]) for a in chain), sum(len(target[a.target]) for a in chain)]
        options = replace(options, length_ratio=max(1, lengths[1]) / max(1, lengths[0]))

    def score(window: Window) -> Scores:
        edges = (
            (window[0].start == 0, window[0].stop == len(source)),
            (window[1].start == 0, window[1].stop == len(target)),
        )
        return score_beads(
            source[window[0]],
            target[window[1]],
            encoder,
            options=options,
            languages=languages,
            edges=edges,
            bags=(bags[0].part(window[0]), bags[1].part(window[1])) if bags else None,
        )

    pair = LongPair(source, target, score, options)
    crossing = anchors if options.nulls and not options.monotonic else []
    on_chain = set(chain)
    islands = _grouped([anchor for anchor in crossing if anchor not in on_chain])
    beads, alone = _walk(pair, chain, [a for island in islands if len(island) >= SURE_ISLAND for a in island])
    beads += _islands(pair, beads, islands)
    lone = null_beads(beads, *pair.counts)
    return beads + [replace(bead, probability=alone[bead.source, bead.target]) for bead in lone]


def _anchors(source: Sequence[str], target: Sequence[str], vectors: tuple[Vectors, Vectors]) -> list[Anchor]:
    """Anchors among the longest sentence of every few, so that the search takes bounded time however long the texts."""
    chosen = _longest_of_few(source), _longest_of_few(target)
    found = find_anchors(vectors[0][chosen[0]], vectors[1][chosen[1]])
    return [Anchor(chosen[0][a.source], chosen[1][a.target], a.lead) for a in found]


def _longest_of_few(sentences: Sequence[str]) -> list[int]:
    """Numbers of at most MOST_SEARCHED sentences, evenly spread."""
    step = -(-len(sentences) // MOST_SEARCHED)
    groups = (range(at, min(at + step, len(sentences))) for at in range(0, len(sentences), step))
    return [max(group, key=lambda number: len(sentences[number])) for group in groups]


Alone = dict[tuple[tuple[int, ...], tuple[int, ...]], float]  # null beads and their probabilities


def _walk(pair: LongPair, chain: Sequence[Anchor], off_chain: Sequence[Anchor]) -> tuple[list[Bead], Alone]:
    """Beads along the chain, and how sure each sentence is alone, as the last window says that has it.

    A sentence whose anchor joins it to a place outside a window is not free there.
    """
    beads: list[Bead] = []
    alone: Alone = {}
    partners = np.full(pair.counts[0], -1), np.full(pair.counts[1], -1)
    for anchor in (*chain, *off_chain):
        partners[0][anchor.source], partners[1][anchor.target] = anchor.target, anchor.source
    at = (0, 0)
    number = 0
    while at[0] < pair.counts[0] and at[1] < pair.counts[1]:
        while number < len(chain) and (chain[number].source < at[0] or chain[number].target < at[1]):
            number += 1
        end, waits = _window_end(at, chain, number, pair.counts)
        stop = min(end[0] + CONTEXT, pair.counts[0]), min(end[1] + CONTEXT, pair.counts[1])
        window = slice(at[0], stop[0]), slice(at[1], stop[1])
        free = _free_in(partners, window)
        choice = _shifted(choose(pair.score(window), pair.options, free=free), at)
        kept = [bead for bead in choice.path if _before(bead, end)]
        across = next((bead for bead in choice.path if not _before(bead, end)), None)
        cut = end if waits is None else (at[0], end[1]) if waits == 0 else (end[0], at[1])
        if end == pair.counts:
            cut = end
        elif kept:
            cut = _cut(kept, choice.crossing, at, end)
        elif across and (across.source[0], across.target[0]) != at:
            cut = across.source[0], across.target[0]
        elif across:
            kept, cut = [across], (across.source[-1] + 1, across.target[-1] + 1)
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


def _free_in(partners: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]], window: Window) -> Free | None:
    """Which sentences of a window have no partner, or one inside of it; None for all."""
    inside = [
        (own[here] < 0) | ((own[here] >= there.start) & (own[here] < there.stop))
        for own, here, there in zip(partners, window, window[::-1], strict=True)
    ]
    return None if inside[0].all() and inside[1].all() else (inside[0], inside[1])


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
    if is_dense(left[0] + CONTEXT, left[1] + CONTEXT):
        return goal, None
    if min(left) <= WINDOW:  # a hole on one side: the few sentences of the other may belong anywhere in it
        chunk = min(LONGEST // 2, DENSE // (min(left) + CONTEXT) // 2)
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
