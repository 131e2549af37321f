"""What one side of a pair says and the other does not: omissions and additions within a bead.

Each word gets log-odds of having been put in, from how the other side's words account for it (`align.wording`); the
stretch of words with the greatest sum is what most likely has no counterpart (Kadane's maximum subarray). Whether it is
worth a finding is judged by a second logistic model from the stretch, the rest of its side, and the other side: a
phrase without counterpart beside another without one is a free translation, alone it is an addition. Free translations
of long sentences always leave something over, so the bar rises with length.

Both models are fitted by `scripts/fit_leftover.py` on phrases put into and taken out of real translations.
What this does not do: judge whether what was added is true, or needed by foreign readers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import log, log1p
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from align.wording import ENDS, LEAST_LENGTH, OPENS, Doubles, Floats, Words, vector_length
from align.wording import SIZE as CHARACTERS

Lang = Literal["ja", "en"]
WEIGHTS = Path(__file__).with_name("leftover_weights.json")
UNACCOUNTED = 0.4  # a cosine below which a word counts as left over whatever it is
HARDLY_ACCOUNTED = 0.45
SMOOTHING = 3.0  # weight that is added to what is divided by, so that a lone short word means little
MOST_RAGGED = 3
# A stretch counts as alone from this weight on, and from so many times what the other side has left over anyway.
LEAST_LONE, TIMES_LEFT, LEFT_ANYWAY = 2.5, 2.0, 0.5
FURTHEST = 6.0  # standard deviations of a feature


class Leftover(NamedTuple):
    """Words `first` to `last` (exclusive) of one side that the other seems to lack.

    `excess` is by how much their score passes the bar; it is below 0 if it does not.
    """

    first: int
    last: int
    excess: float


NOTHING = Leftover(0, 0, -np.inf)


@dataclass(frozen=True)
class Model:
    """What `leftover_weights.json` says about one side: see `word_terms`, `stretch_features` and `terms`."""

    words: Doubles
    mean: Doubles
    spread: Doubles
    weights: Doubles
    bar: tuple[float, float]  # a constant, and what is added for each unit of `SIZE`
    least: tuple[float, float]  # score of a stretch below which hardly any passes the bar, given like it


@cache
def model(lang: Lang) -> Model:
    """The fitted model for what a side in this language has in excess."""
    read = json.loads(WEIGHTS.read_text("utf-8"))[lang]
    words, mean, spread, weights = (np.array(read[name]) for name in ("words", "mean", "spread", "weights"))
    return Model(
        words, mean, spread, weights, bar=(read["bar"][0], read["bar"][1]), least=(read["least"][0], read["least"][1])
    )


def word_terms(features: Floats) -> Doubles:
    """(n, terms): `account`'s features as the word model weighs them."""
    best, together, whole, length, proper, digit, before, behind, margin = features.T.astype(np.float64)
    says = np.clip(length - np.log1p(LEAST_LENGTH), 0, 2.5)
    return np.stack(
        [
            *(np.ones(len(features)), length, proper, digit, best, np.maximum(best - 0.5, 0), says * best),
            *(says * np.maximum(best - UNACCOUNTED, 0), together, says * np.maximum(together - UNACCOUNTED, 0)),
            *(whole, says * whole, margin, np.minimum(margin, 0), before, behind, proper * best, says),
        ],
        axis=1,
    )


class Stretch(NamedTuple):
    """Words `first` to `last` (exclusive) with the greatest sum of scores."""

    first: int
    last: int
    score: float


def heaviest(scores: Doubles) -> Stretch:
    """The stretch of neighbours with the greatest sum; an empty one where all are below 0.

    >>> heaviest(np.array([-1.0, 2.0, -0.5, 3.0, -4.0]))
    Stretch(first=1, last=4, score=4.5)
    """
    best = Stretch(0, 0, 0.0)
    first, total = 0, 0.0
    for place, score in enumerate(scores.tolist()):
        if total <= 0:
            first, total = place, 0.0
        total += score
        if total > best.score:
            best = Stretch(first, place + 1, total)
    return best


def stretch_features(words: tuple[Words, Words], best: tuple[Doubles, Doubles], stretch: Stretch) -> Doubles:
    """What the second model weighs, of one's own side first: words, and their best cosines."""
    own, other = words
    weight, weight_other = own.says, other.says
    inside = slice(stretch.first, stretch.last)
    within, everything = float(weight[inside].sum()), float(weight.sum())
    covered_within, covered = float(best[0][inside] @ weight[inside]), float(best[0] @ weight)
    plainly = heaviest(weight * (UNACCOUNTED - best[0])).score
    plainly_other = heaviest(weight_other * (UNACCOUNTED - best[1])).score
    left_within = float(weight[inside] @ np.clip(HARDLY_ACCOUNTED - best[0][inside], 0, 1))
    left_other = float(weight_other @ np.clip(HARDLY_ACCOUNTED - best[1], 0, 1))
    total, total_other, span = own.vectors.sum(axis=0), other.vectors.sum(axis=0), own.vectors[inside].sum(axis=0)
    whole = _cosine(total, total_other)
    sizes = [int(side.marks[:, CHARACTERS].sum()) for side in words]
    return np.array(
        [
            *(stretch.score, plainly, stretch.score**0.5, log1p(within), covered_within / (within + SMOOTHING)),
            (covered - covered_within) / (everything - within + SMOOTHING),
            *(whole, _cosine(total - span, total_other) - whole, _cosine(span, total_other)),
            float(best[1] @ weight_other) / (float(weight_other.sum()) + SMOOTHING),
            *(plainly_other, log(everything + 5), log((sizes[0] + 10) / (sizes[1] + 10)), left_other, left_within),
            *(log1p(plainly), log1p(plainly_other), log1p(left_other)),
            *_ragged(own, weight, stretch),
        ]
    )


def _ragged(words: Words, weight: Doubles, stretch: Stretch) -> tuple[float, float]:
    """How many words that say something stand between the stretch and where a phrase begins and ends, up to 3.

    What was put in or left out is a whole phrase; what free translation leaves over is a piece of one.
    """
    ends, opens, says = words.marks[:, ENDS], words.marks[:, OPENS], weight > 0
    before = after = 0
    if not opens[stretch.first]:
        for at in range(stretch.first - 1, -1, -1):
            if ends[at] or before == MOST_RAGGED:
                break
            before += bool(says[at])
            if opens[at]:
                break
    for at in range(stretch.last, len(ends)):
        if ends[at] or after == MOST_RAGGED:
            break
        after += bool(says[at])
    return float(before), float(after)


SIZE, LEFT_OTHER = 11, 17  # places of the size of one's own side and of what the other side has left over


def terms(features: Doubles, mean: Doubles, spread: Doubles) -> Doubles:
    """(n, terms): a constant, the standardized features, and their products with two of them."""
    scaled = (features - mean) / spread
    products = [scaled[:, [place]] * scaled for place in (SIZE, LEFT_OTHER)]
    clipped = np.clip(np.concatenate([scaled, *products], axis=1), -FURTHEST, FURTHEST)
    return np.concatenate([np.ones((len(features), 1)), clipped], axis=1)


def _cosine(one: Floats, other: Floats) -> float:
    return float(one @ other) / (vector_length(one) * vector_length(other))


def leftover(words: tuple[Words, Words], best: tuple[Doubles, Doubles], scores: Doubles, lang: Lang) -> Leftover:
    """What one's own side, in `lang`, most likely has that the other lacks; all is of one's own side first.

    `scores` are the word model's for one's own words.
    """
    fitted = model(lang)
    stretch = heaviest(scores)
    if stretch.score > least_score(words[0].says.sum(), lang):
        found = stretch_features(words, best, stretch)
        score = float((terms(found[None], fitted.mean, fitted.spread) @ fitted.weights)[0])
        bar = fitted.bar[0] + fitted.bar[1] * float(found[SIZE])
        if score > bar:
            return Leftover(stretch.first, stretch.last, score - bar)
    return NOTHING


def lone(words: tuple[Words, Words], best: tuple[Doubles, Doubles]) -> Leftover:
    """The stretch without counterpart in a translation that leaves hardly a word of its source out.

    Short sentences have no room for what the models weigh, but little is left over in them either.
    """
    stretch = heaviest(words[0].says * (UNACCOUNTED - best[0]))
    left = float(words[1].says @ np.clip(HARDLY_ACCOUNTED - best[1], 0, 1))
    excess = float(_over_lone(np.array([stretch.score]), np.array([left]))[0])
    return Leftover(stretch.first, stretch.last, excess) if excess > 0 else NOTHING


def _over_lone(unaccounted: Doubles, left: Doubles) -> Doubles:
    """How far a stretch is over the bars for lone ones, from its weight and what the other side has left over."""
    over: Doubles = np.minimum(unaccounted - LEAST_LONE, unaccounted / (left + LEFT_ANYWAY) - TIMES_LEFT)
    return over


def may_be_lone(unaccounted: Doubles, left: Doubles) -> npt.NDArray[np.bool_]:
    """Whether sides have enough in all that any stretch can be a lone one."""
    return _over_lone(unaccounted, left) > 0


def least_score(said: Doubles, lang: Lang) -> Doubles:
    """Scores of stretches in `lang` below which none is looked at; `said` is what all words of each side say."""
    constant, slope = model(lang).least
    return constant + slope * np.log(said + 5)


def word_scores(features: Floats, lang: Lang) -> Doubles:
    """(n,) log-odds of each word of a side in `lang` of having been put in."""
    scores: Doubles = word_terms(features) @ model(lang).words
    return scores
