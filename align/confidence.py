"""How sure a bead is: probabilities from all the paths the chosen one had to compete with.

The values of `align.scoring` are log-odds, so the share of all monotone paths that hold a bead (its posterior) is
nearly a probability already. Small logistic models correct what the posterior does not see: how far ahead of its
rivals a bead is, and how sure the other beads of the two texts are. LIKELY says how probable each candidate is, for
beads to be chosen by. Those that were chosen, having won over all others, are surer than the candidates they were, so
they are judged by PATH. RELATED says whether the two texts have anything to do with each other at all, because beads of
unrelated texts look no worse one by one. The weights come from `scripts/fit_confidence.py`; how well calibrated they
are on texts that were not used is in `docs/confidence.md`.

What this does not do: judge fidelity. A sure bead may hold a mistranslation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from align.paths import NEVER, Shape, posteriors
from align.runs import Floats
from align.scoring import Scores
from corpora.records import Bead

# Posteriors nearer to 0 or 1 than this log-odds say no more.
LOG_ODDS = 8.0
NO_VALUE = -20.0  # of a bead, at the least
# Beads on a smaller share of the paths are not looked at again; a hundred or so of some thousands are left.
LEAST_POSTERIOR = 0.01


Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logistic:
    """probability = 1 / (1 + exp(-(bias + weights . features)))"""

    bias: float
    weights: tuple[float, ...]

    def __call__(self, features: npt.ArrayLike) -> Doubles:
        """(...,) probabilities of (..., features)."""
        log_odds = self.bias + np.asarray(features, dtype=np.float64) @ np.array(self.weights)
        return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


RELATED = Logistic(-4.649, (0.969, 14.287, 8.648))
LIKELY = Logistic(1.586, (0.695, -0.071, 3.272, -1.314, -1.386, -0.497))
PATH = Logistic(1.081, (0.868, 0.019, 3.674, -1.767, -1.281, -0.32))
CROSSING = Logistic(-1.595, (-0.167, 0.625, 4.001, 0.902, 0.444, -1.504, -1.546))
NULL = Logistic(-0.14, (0.208, 0.609, -0.142, -0.147, -5.384, -4.386, 0.149, 0.348))


@dataclass(frozen=True)
class Context:
    """Two texts' scores, the likeliest path through them, and what all paths say."""

    scores: Scores
    values: Mapping[Shape, Floats]
    path: Sequence[Bead]
    posterior: Mapping[Shape, Doubles]

    @classmethod
    def of(cls, scores: Scores, values: Mapping[Shape, Floats], path: Sequence[Bead]) -> Context:
        """`values` are the candidates that were allowed."""
        counts = scores.source.runs.count, scores.target.runs.count
        return cls(scores, values, path, posteriors(values, *counts)[1])

    @cached_property
    def shared(self) -> dict[Shape, Doubles]:
        """Posteriors where sentences that are said over and over share theirs: one is as good as another."""
        texts = self.scores.source.sentences, self.scores.target.sentences
        allowed = self.values[1, 1] > NEVER / 2
        return {**self.posterior, (1, 1): _pooled(self.posterior[1, 1], allowed, *texts)}

    def of_beads(self, beads: Sequence[Bead]) -> Doubles:
        """(beads,) their posteriors."""
        return np.array([self.shared[len(b.source), len(b.target)][b.source[0], b.target[0]] for b in beads])

    @cached_property
    def surety(self) -> float:
        """Log-odds of the mean posterior of the path's beads."""
        return float(_log_odds(self.of_beads(self.path).mean() if self.path else 0.0))

    def margins(self, beads: Sequence[Bead]) -> Doubles:
        """(beads,) how much more a bead's sides have in common than either has with the rest on average."""
        return self.scores.known.margin[self._rows(beads)].astype(np.float64)

    def leads(self, beads: Sequence[Bead]) -> Doubles:
        """(beads,) margin over the best that a bead's sentences have with one outside of it; 0 if there is none."""
        return self._leads[self._rows(beads)].astype(np.float64)

    @cached_property
    def _leads(self) -> Floats:
        """(source runs, target runs) the lead of every bead."""
        source, target = self.scores.source.runs, self.scores.target.runs
        (before, after), (above, below) = self._outside
        outside = np.maximum(before[:, target.starts], after[:, target.starts + target.sizes])
        np.maximum(outside, np.maximum(above[:, source.starts], below[:, source.starts + source.sizes]).T, out=outside)
        leads: Floats = self.scores.known.margin - np.where(outside > NO_VALUE, outside, np.float32(0))
        return leads

    def likely(self, least: float) -> list[tuple[float, Bead]]:
        """Beads a path may have that are more probable than `least` if the two texts are related, and how probable."""
        beads = [
            Bead(tuple(range(i, i + m)), tuple(range(j, j + n)))
            for (m, n), posterior in self.shared.items()
            for i, j in np.argwhere(posterior > LEAST_POSTERIOR).tolist()
        ]
        chances = LIKELY(path_features(self, beads)).tolist() if beads else []
        return [(chance, bead) for chance, bead in zip(chances, beads, strict=True) if chance > least]

    @cached_property
    def _outside(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Of each run of either side (r, m + 1), its best margin with a sentence before, and from on, each place."""
        runs = self.scores.source.runs, self.scores.target.runs
        single = self.scores.known.margin[: runs[0].count, : runs[1].count]
        found = []
        for own, table in zip(runs, (single, single.T), strict=True):
            best = own.reduced(np.maximum, table.T).T
            before = np.full((len(best), best.shape[1] + 1), NO_VALUE, dtype=np.float32)
            after = before.copy()
            np.maximum.accumulate(best, axis=1, out=before[:, 1:])
            after[:, :-1] = np.maximum.accumulate(best[:, ::-1], axis=1)[:, ::-1]
            found.append((before, after))
        return found[0], found[1]

    def _rows(self, beads: Sequence[Bead]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Rows and columns of beads in the tables of runs."""
        places = [self.scores.at(bead.source, bead.target) for bead in beads]
        table = np.array(places, dtype=np.intp).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def related(self, beads: Sequence[Bead]) -> Doubles:
        """Surety, and the mean margin and lead of all beads: what tells unrelated texts."""
        if not beads:
            return np.array([self.surety, 0.0, 0.0])
        return np.array([self.surety, self.margins(beads).mean(), self.leads(beads).mean()])


def _pooled(
    posterior: Doubles, allowed: npt.NDArray[np.bool_], source: Sequence[str], target: Sequence[str]
) -> Doubles:
    """The posteriors of 1-1 beads, summed over sentences of the same text and shared out among the fewer of them.

    Only beads that are `allowed` have any, and only their sentences count.
    """
    first = [{text: number for number, text in enumerate(dict.fromkeys(side))} for side in (source, target)]
    if len(first[0]) == len(source) and len(first[1]) == len(target):
        return posterior
    rows, columns = (np.array([own[text] for text in side]) for own, side in zip(first, (source, target), strict=True))
    sums = np.zeros((len(first[0]), len(first[1])))
    np.add.at(sums, (rows[:, None], columns[None, :]), posterior)
    usable = (rows, allowed.any(axis=1)), (columns, allowed.any(axis=0))
    counts = [np.maximum(1, np.bincount(group, free)) for group, free in usable]
    pooled: Doubles = (sums / np.minimum(counts[0][:, None], counts[1][None, :]))[rows[:, None], columns]
    return np.where(allowed, np.minimum(pooled, 1), 0)


def _sides(beads: Sequence[Bead]) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    return [bead.source for bead in beads], [bead.target for bead in beads]


def judge_path(context: Context, path: Sequence[Bead], related: float) -> list[Bead]:
    """The beads of a path with their similarities and probabilities; `related` is that of the two texts."""
    return _judged(context, path, PATH(path_features(context, path)), related) if path else []


def judge_crossing(context: Context, path: Sequence[Bead], beads: Sequence[Bead], related: float) -> list[Bead]:
    """Likewise the beads that cross a path."""
    return _judged(context, beads, CROSSING(crossing_features(context, path, beads)), related) if beads else []


def _judged(context: Context, beads: Sequence[Bead], chances: Doubles, related: float) -> list[Bead]:
    alike = context.scores.known.cosine[context._rows(beads)].tolist()
    return [Bead(b.source, b.target, a, related * p) for b, a, p in zip(beads, alike, chances.tolist(), strict=True)]


def judge_nulls(context: Context, beads: Sequence[Bead], nulls: Sequence[Bead], related: float) -> list[Bead]:
    """Null beads with their probabilities; `beads` are all others."""
    if not nulls:
        return []
    chances = (related * NULL(null_features(context, beads, nulls)) + 1 - related).tolist()
    return [Bead(bead.source, bead.target, None, p) for bead, p in zip(nulls, chances, strict=True)]


def path_features(context: Context, beads: Sequence[Bead]) -> Doubles:
    """(beads, 6) of beads of a path: posterior, surety, lead, margin, stretch of length, sentences beyond 1-1."""
    rows = context._rows(beads)
    sizes = [float(len(bead.source) + len(bead.target) - 2) for bead in beads]
    return np.column_stack(
        [
            _log_odds(context.of_beads(beads)),
            np.full(len(beads), context.surety),
            context.leads(beads),
            context.margins(beads),
            np.abs(context.scores.known.stretch[rows]),
            sizes,
        ]
    )


def crossing_features(context: Context, path: Sequence[Bead], beads: Sequence[Bead]) -> Doubles:
    """(beads, 7) of beads that cross a path.

    Surety, lead, margin, neighbours on both sides that make up a bead, value, stretch of length, sentences beyond 1-1.
    Posteriors are of monotone paths and do not apply. A moved section keeps its order, so its beads are neighbours.
    """
    everything = [*path, *beads]
    starts = {(bead.source[0], bead.target[0]) for bead in everything}
    ends = {(bead.source[-1] + 1, bead.target[-1] + 1) for bead in everything}
    own = [
        (
            float((b.source[0], b.target[0]) in ends) + float((b.source[-1] + 1, b.target[-1] + 1) in starts),
            max(NO_VALUE, float(context.values[len(b.source), len(b.target)][b.source[0], b.target[0]])),
            float(len(b.source) + len(b.target) - 2),
        )
        for b in beads
    ]
    neighbours, values, sizes = np.array(own, dtype=np.float64).reshape(-1, 3).T
    surety = np.full(len(beads), context.surety)
    stretch = np.abs(context.scores.known.stretch[context._rows(beads)])
    return np.column_stack([surety, context.leads(beads), context.margins(beads), neighbours, values, stretch, sizes])


def null_features(context: Context, beads: Sequence[Bead], nulls: Sequence[Bead]) -> Doubles:
    """(nulls, 8) of sentences that stay alone.

    Posterior, surety, the best that each could have had (value; value with another that stays alone; margin; lead), and
    its length in characters: a long one could hardly have been translated unnoticed.
    """
    counts = context.scores.source.runs.count, context.scores.target.runs.count
    margins = context.scores.known.margin[: counts[0], : counts[1]]
    leads = context._leads[: counts[0], : counts[1]]
    covered = _per_sentence(context.posterior, counts, np.add, 0.0)
    best = _per_sentence(context.values, counts, np.maximum, NO_VALUE)
    free = np.ones(counts[0], dtype=bool), np.ones(counts[1], dtype=bool)
    for bead in beads:
        free[0][list(bead.source)] = False
        free[1][list(bead.target)] = False
    left = np.where(free[0][:, None] & free[1][None, :], context.values[1, 1], NO_VALUE)
    tables = []
    for side, lengths in enumerate(context.scores.known.lengths):
        own = lengths[: counts[side]]
        greatest = [table.max(axis=1 - side) for table in (left, margins, leads)]
        tables.append(np.column_stack([covered[side], best[side], *greatest, own, own / own.mean()]))
    rows = [tables[0][b.source[0]] if b.source else tables[1][b.target[0]] for b in nulls]
    posterior, *values, margin, lead, length, relative = np.array(rows, dtype=np.float64).reshape(-1, 7).T
    surety = np.full(len(nulls), context.surety)
    possible = [np.maximum(NO_VALUE, value) for value in values]
    return np.column_stack(
        [_log_odds(1 - posterior), surety, *possible, margin, lead, np.log(length), np.log(relative)]
    )


def _per_sentence(
    values: Mapping[Shape, npt.NDArray[np.floating]], counts: tuple[int, int], operation: np.ufunc, start: float
) -> tuple[Doubles, Doubles]:
    """Of all candidate beads a source sentence is in, and a target sentence is in, their sum or greatest."""
    found = np.full(counts[0], start), np.full(counts[1], start)
    for (m, n), table in values.items():
        sides = operation.reduce(table, axis=1), operation.reduce(table, axis=0)
        for totals, side, size in zip(found, sides, (m, n), strict=True):
            for shift in range(size):
                part = totals[shift : shift + len(side)]
                operation(part, side, out=part)
    return found


def _log_odds(share: npt.ArrayLike) -> Doubles:
    least = np.exp(-LOG_ODDS)
    kept = np.clip(share, least, 1 - least)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)
