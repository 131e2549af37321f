"""English words in place of their opposites, told by the bundled table: `early` where the source has a word for late.

A word is suspected where no Japanese word accounts for it while one does for another of its group (`align.siblings`),
which the English text does not have. So no Japanese words need be listed, and synonyms are known as far as the table
knows them.

What this does not do: find a word whose opposite stands in the sentence too, or one that the table thinks alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from align.content import Content
from align.siblings import APART, THERE, siblings
from align.wording import Span


class Misplaced(NamedTuple):
    """An English word at `span` that seems to stand in the place of `instead`, which the Japanese at `source` says."""

    span: Span
    instead: str
    source: Span
    check: str


def misplaced(content: Content) -> Iterator[Misplaced]:
    """Words of the English side that seem to stand in the place of another of their group."""
    known = siblings()
    words: frozenset[str] | None = None
    for written, own, number in content.noted_unaccounted():
        if (word := written.lower()) not in known:
            continue
        if words is None:
            words = frozenset(one.lower() for one in content.english_words())
        others = [other for other in known[word] if other.word not in words]
        if not others:
            continue
        best = max((*content.closest_japanese(other.word), other) for other in others)
        if best[0] >= max(THERE, own + APART):
            yield Misplaced(content.english_span(number), best[2].word, best[1], best[2].check)
