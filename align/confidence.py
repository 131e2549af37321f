"""How sure a bead is: probabilities from all the paths the chosen one had to compete with.

The values of `align.scoring` are log-odds, so the share of all monotone paths that hold a bead (its posterior) is
nearly a probability already. Small logistic models correct what the posterior does not see: how far ahead of its
rivals a bead is, and how sure the other beads of the two texts are. A first one says whether the two texts have
anything to do with each other at all, because beads of unrelated texts look no worse one by one. Their weights come
from `scripts/fit_confidence.py`; how well calibrated they are on texts that were not used is in `docs/confidence.md`.

What this does not do: judge fidelity. A sure bead may hold a mistranslation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from align.paths import Shape, posteriors
from align.runs import Floats
from align.scoring import Scores
from corpora.records import Bead

# Posteriors nearer to 0 or 1 than this log-odds say no more.
LOG_ODDS = 8.0
NO_VALUE = -20.0  # of a bead, at the least


Features = list[tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Logistic:
    """probability = 1 / (1 + exp(-(bias + weights . features)))"""

    bias: float
    weights: tuple[float, ...]

    def __call__(self, features: Sequence[float]) -> float:
        log_odds = self.bias + float(np.dot(self.weights, features))
        return float(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


RELATED = Logistic(-4.786, (1.001, 14.719, 8.123))
PATH = Logistic(1.467, (0.678, -0.04, 3.247, -1.165, -1.418, -0.4))
CROSSING = Logistic(-1.689, (-0.033, 2.693, 6.711))
NULL = Logistic(0.906, (0.206, 0.542, -5.929, -0.158, -0.151))


@dataclass(frozen=True)
class Context:
    """Two texts' scores, the path through them, and what all paths say."""

    scores: Scores
    values: Mapping[Shape, Floats]
    path: Sequence[Bead]
    posterior: Mapping[Shape, npt.NDArray[np.float64]]

    @classmethod
    def of(cls, scores: Scores, values: Mapping[Shape, Floats], path: Sequence[Bead]) -> Context:
        """`values` are the candidates that were allowed."""
        counts = scores.source.runs.count, scores.target.runs.count
        return cls(scores, values, path, posteriors(values, *counts)[1])

    def of_bead(self, bead: Bead) -> float:
        """The posterior of a bead. Sentences that are said over and over share theirs: one is as good as another."""
        found = self.posterior.get((len(bead.source), len(bead.target)))
        if found is None:
            return 0.0
        if bead.kind == "1-1":
            same = self._same(0, bead.source[0]), self._same(1, bead.target[0])
            if max(map(len, same)) > 1:
                return float(found[np.ix_(*same)].sum()) / min(map(len, same))
        return float(found[bead.source[0], bead.target[0]])

    def _same(self, side: int, sentence: int) -> list[int]:
        """All sentences of the same text."""
        return self.places[side][(self.scores.source, self.scores.target)[side].sentences[sentence]]

    @cached_property
    def places(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Of either side, the sentences that each text stands in."""
        found: tuple[dict[str, list[int]], dict[str, list[int]]] = {}, {}
        for places, text in zip(found, (self.scores.source, self.scores.target), strict=True):
            for number, sentence in enumerate(text.sentences):
                places.setdefault(sentence, []).append(number)
        return found

    def surety(self) -> float:
        """Log-odds of the mean posterior of the path's beads."""
        return _log_odds(float(np.mean([self.of_bead(bead) for bead in self.path])) if self.path else 0.0)

    def margin(self, bead: Bead) -> float:
        """How much more a bead's sides have in common than either has with the rest on average."""
        return float(self.scores.known.margin[self.scores.at(bead.source, bead.target)])

    def lead(self, bead: Bead) -> float:
        """A bead's margin over the best that one of its sentences has with one outside of it; 0 if there is none."""
        margins = self.scores.known.margin[: self.scores.source.runs.count, : self.scores.target.runs.count]
        first, last = bead.source[0], bead.source[-1] + 1
        start, end = bead.target[0], bead.target[-1] + 1
        outside = (
            margins[:first, start:end],
            margins[last:, start:end],
            margins[first:last, :start],
            margins[first:last, end:],
        )
        return self.margin(bead) - float(max((part.max() for part in outside if part.size), default=0.0))

    def related(self, crossing: Sequence[Bead]) -> tuple[float, ...]:
        """Surety, and the mean margin and lead of all beads: what tells unrelated texts."""
        beads = [*self.path, *crossing]
        if not beads:
            return self.surety(), 0.0, 0.0
        return (
            self.surety(),
            float(np.mean([self.margin(b) for b in beads])),
            float(np.mean([self.lead(b) for b in beads])),
        )


def judge_path(context: Context, related: float) -> list[Bead]:
    """The beads of the path with their similarities and probabilities; `related` is that of the two texts."""
    return _judged(context, context.path, path_features(context), PATH, related)


def judge_crossing(context: Context, beads: Sequence[Bead], related: float) -> list[Bead]:
    """Likewise beads off the path."""
    return _judged(context, beads, crossing_features(context, beads), CROSSING, related)


def _judged(context: Context, beads: Sequence[Bead], features: Features, model: Logistic, related: float) -> list[Bead]:
    return [
        replace(bead, similarity=context.scores.similarity(bead), probability=related * model(one))
        for bead, one in zip(beads, features, strict=True)
    ]


def judge_nulls(context: Context, crossing: Sequence[Bead], nulls: Sequence[Bead], related: float) -> list[Bead]:
    """Null beads with their probabilities."""
    features = null_features(context, crossing, nulls)
    return [
        replace(bead, probability=related * NULL(one) + 1 - related) for bead, one in zip(nulls, features, strict=True)
    ]


def path_features(context: Context) -> Features:
    """Of each bead of the path: posterior, surety, lead, margin, stretch of length, sentences beyond 1-1."""
    surety = context.surety()
    found: Features = []
    for bead in context.path:
        stretch = abs(float(context.scores.known.stretch[context.scores.at(bead.source, bead.target)]))
        size = float(len(bead.source) + len(bead.target) - 2)
        posterior = _log_odds(context.of_bead(bead))
        found.append((posterior, surety, context.lead(bead), context.margin(bead), stretch, size))
    return found


def crossing_features(context: Context, beads: Sequence[Bead]) -> Features:
    """Of each bead off the path: surety, lead, margin. Posteriors are of monotone paths and do not apply."""
    surety = context.surety()
    return [(surety, context.lead(bead), context.margin(bead)) for bead in beads]


def null_features(context: Context, crossing: Sequence[Bead], nulls: Sequence[Bead]) -> Features:
    """Of each sentence left alone: posterior, surety, best margin, best value, best value with sentences left alone."""
    if not nulls:
        return []
    runs = context.scores.source.runs.count, context.scores.target.runs.count
    single = context.scores.known.margin[: runs[0], : runs[1]]
    margins = single.max(axis=1), single.max(axis=0)
    covered = _per_sentence(context.posterior, runs, np.add, 0.0)
    best = _per_sentence(context.values, runs, np.maximum, NO_VALUE)
    free = np.ones(runs[0], dtype=bool), np.ones(runs[1], dtype=bool)
    for bead in (*context.path, *crossing):
        free[0][list(bead.source)] = False
        free[1][list(bead.target)] = False
    pairs = np.where(free[0][:, None] & free[1][None, :], context.values[1, 1], NO_VALUE)
    left = pairs.max(axis=1), pairs.max(axis=0)
    surety = context.surety()
    found: Features = []
    for bead in nulls:
        side, at = (0, bead.source[0]) if bead.source else (1, bead.target[0])
        posterior = _log_odds(1 - float(covered[side][at]))
        values = max(NO_VALUE, float(best[side][at])), max(NO_VALUE, float(left[side][at]))
        found.append((posterior, surety, float(margins[side][at]), *values))
    return found


def _per_sentence(
    values: Mapping[Shape, npt.NDArray[np.floating]], counts: tuple[int, int], operation: np.ufunc, start: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Of all candidate beads a source sentence is in, and a target sentence is in, their sum or greatest."""
    found = np.full(counts[0], start), np.full(counts[1], start)
    for (m, n), table in values.items():
        sides = operation.reduce(table, axis=1), operation.reduce(table, axis=0)
        for totals, side, size in zip(found, sides, (m, n), strict=True):
            for shift in range(size):
                part = totals[shift : shift + len(side)]
                operation(part, side, out=part)
    return found


def _log_odds(share: float) -> float:
    least = float(np.exp(-LOG_ODDS))
    share = min(max(share, least), 1 - least)
    return float(np.log(share / (1 - share)))
