"""The words of both sides of a pair, how each side accounts for the other's, and what is left over.

Words are read and accounted for many pairs at a time (`read_contents`); the few pairs with something left over are
looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import get_args

import numpy as np

from align.encoder import load_encoder
from align.leftover import (
    HARDLY_ACCOUNTED,
    NOTHING,
    UNACCOUNTED,
    Lang,
    Leftover,
    least_score,
    leftover,
    lone,
    may_be_lone,
    word_scores,
)
from align.siblings import NOT_THERE, siblings
from align.table import StaticEncoder
from align.wording import NOTED, Doubles, Flags, Floats, Span, WordReader, Words, account, english_spans, vector_length

SURELY = 1.0  # the cosine of a word that something else than words accounts for
LANGS: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True, slots=True)
class Batch:
    """Many pairs read together; of each tuple the Japanese side is first.

    `features` are those of `account`, `scores` the word model's, `cosines` and `shares` as in `Content.similarity`.
    `may_have` is False for a side that surely has nothing in excess, `may_be_lone` and `may_be_misplaced` for a
    translation that surely has no lone stretch and no misplaced word.
    """

    texts: tuple[Sequence[str], Sequence[str]]
    words: tuple[Words, Words]
    features: tuple[Floats, Floats]
    scores: tuple[Doubles, Doubles]
    may_have: tuple[Flags, Flags]
    cosines: Doubles
    shares: Doubles
    may_be_lone: Flags
    may_be_misplaced: Flags


class Content:
    """The words of one pair of a batch, looked at when they are asked for."""

    def __init__(self, batch: Batch, at: int) -> None:
        self._batch = batch
        self._at = at
        self._places: list[list[Span] | None] = [None, None]

    @property
    def similarity(self) -> tuple[float, float]:
        """The cosine of both sides, and the share of what they say that the other side accounts for."""
        return float(self._batch.cosines[self._at]), float(self._batch.shares[self._at])

    @cached_property
    def _words(self) -> tuple[Words, Words]:
        return self._batch.words[0].of(self._at), self._batch.words[1].of(self._at)

    @cached_property
    def _features(self) -> list[Floats]:
        return [features[self._part(side)] for side, features in enumerate(self._batch.features)]

    @cached_property
    def _scores(self) -> list[Doubles]:
        return [scores[self._part(side)] for side, scores in enumerate(self._batch.scores)]

    def _part(self, side: int) -> slice:
        start, stop = self._batch.words[side].starts[self._at : self._at + 2].tolist()
        return slice(start, stop)

    def _text(self, side: int) -> str:
        return self._batch.texts[side][self._at]

    def known(self, lang: Lang, span: Span) -> float:
        """The best cosine of the words in a span of one side with words of the other, 0 where it has no words."""
        side = LANGS.index(lang)
        inside = [at for at, (start, end) in enumerate(self._spans(side)) if start < span[1] and span[0] < end]
        return float(self._features[side][inside, 0].max()) if inside else 0.0

    def noted_unaccounted(self) -> Iterator[tuple[str, float, int]]:
        """Words with siblings that nothing accounts for: as written, the best cosine, a number for `english_span`."""
        if not self._batch.may_be_misplaced[self._at]:
            return
        part = self._part(1)
        words, best = self._batch.words[1], self._batch.features[1][part, 0]
        for at in np.flatnonzero((best <= NOT_THERE) & (words.marks[part, NOTED] > 0)).tolist():
            yield words.written[part.start + at], float(best[at]), at

    def english_words(self) -> Sequence[str]:
        """The words of the English side as they stand."""
        return self._batch.words[1].written[self._part(1)]

    def english_span(self, number: int) -> Span:
        """Where an English word stands."""
        return self._spans(1)[number]

    def closest_japanese(self, english: str) -> tuple[float, Span]:
        """The best cosine of an English word with a Japanese one of the pair, and where that stands."""
        vector, words = _english_vector(english), self._words[0]
        if not len(words.lengths):
            return 0.0, (0, 0)
        alike = words.vectors @ vector / (words.lengths * vector_length(vector))
        at = int(alike.argmax())
        return float(alike[at]), self._spans(0)[at]

    def leftover(self, lang: Lang) -> Leftover:
        """What the side in `lang` most likely has that the other lacks."""
        own = LANGS.index(lang)
        if not self._batch.may_have[own][self._at]:
            return NOTHING
        best = [features[:, 0].astype(np.float64) for features in self._features]
        words, cosines = (self._words[own], self._words[1 - own]), (best[own], best[1 - own])
        found = leftover(words, cosines, self._scores[own], lang)
        return (
            lone(words, cosines) if found is NOTHING and lang == "en" and self._batch.may_be_lone[self._at] else found
        )

    def excuse(self, lang: Lang, spans: Sequence[Span]) -> None:
        """Take the words in some spans of a side as accounted for."""
        side = LANGS.index(lang)
        places = self._spans(side)
        inside = [at for at, (start, end) in enumerate(places) if any(start < b and a < end for a, b in spans)]
        if inside:
            features = self._features[side] = self._features[side].copy()
            features[inside, :2] = SURELY
            self._scores[side] = word_scores(features, lang)

    def says_more(self, lang: Lang, found: Leftover, spans: Sequence[Span]) -> bool:
        """Whether a stretch has any word that says something outside of some spans."""
        side = LANGS.index(lang)
        weights, places = self._words[side].says, self._spans(side)
        outside = (
            at
            for at in range(found.first, found.last)
            if not any(a < places[at][1] and places[at][0] < b for a, b in spans)
        )
        return any(weights[at] > 0 for at in outside)

    def span(self, lang: Lang, found: Leftover) -> Span:
        """Where in its text a stretch of words stands."""
        places = self._spans(LANGS.index(lang))
        return places[found.first][0], places[found.last - 1][1]

    def _spans(self, side: int) -> list[Span]:
        if self._places[side] is None:
            spans = (
                _reader().japanese_spans(self._text(0), self._words[0]) if side == 0 else english_spans(self._text(1))
            )
            self._places[side] = spans
        return self._places[side] or []


@cache
def _reader() -> WordReader:
    bundled = load_encoder()
    assert isinstance(bundled, StaticEncoder)
    return WordReader(bundled, siblings())


@cache
def _english_vector(word: str) -> Floats:
    vector: Floats = _reader().english([word]).vectors[0]
    return vector


def read_contents(japanese: Sequence[str], english: Sequence[str]) -> list[Content]:
    """The contents of pairs of half-width texts."""
    words = _reader().japanese(japanese), _reader().english(english)
    found = account(*words)
    features = found.source, found.target
    scores = word_scores(found.source, "ja"), word_scores(found.target, "en")
    weights = [side.says for side in words]
    said = sum(_sums(weight, side) for weight, side in zip(weights, words, strict=True))
    covered = sum(_sums(w * f[:, 0], side) for w, f, side in zip(weights, features, words, strict=True))
    shares = covered / np.maximum(said, 1e-6)
    may_have = []
    for lang, score, weight, side in zip(LANGS, scores, weights, words, strict=True):
        may_have.append(_sums(np.maximum(score, 0), side) > least_score(_sums(weight, side), lang))
    best = [side[:, 0].astype(np.float64) for side in features]
    unaccounted = _sums(weights[1] * np.maximum(UNACCOUNTED - best[1], 0), words[1])
    left = _sums(weights[0] * np.clip(HARDLY_ACCOUNTED - best[0], 0, 1), words[0])
    lone_ones = may_be_lone(unaccounted, left)
    may_have[1] |= lone_ones
    noted = (features[1][:, 0] <= NOT_THERE) & (words[1].marks[:, NOTED] > 0)
    filled = np.logical_and(*(np.diff(side.starts) > 0 for side in words))
    batch = Batch(
        (japanese, english),
        words,
        features,
        scores,
        (may_have[0] & filled, may_have[1] & filled),
        found.cosines.astype(np.float64),
        shares,
        lone_ones,
        _sums(noted.astype(np.float64), words[1]) > 0,
    )
    return [Content(batch, at) for at in range(len(japanese))]


def _sums(values: Doubles, words: Words) -> Doubles:
    """(texts,) sums of a value of each word."""
    until = np.concatenate([[0.0], np.cumsum(values)])
    sums: Doubles = until[words.starts[1:]] - until[words.starts[:-1]]
    return sums
