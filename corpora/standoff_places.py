"""Where the articles and beads of a stand-off file, of which only hashes are known, stand in one's own copies.

In the very text that was aligned a bead's side stands where it stood. In another copy of the page (extracted otherwise,
or corrected since) it is looked for by its hash among runs of that copy's own sentences, of a few lengths, since the
copy may be cut otherwise. Of several places the one nearest to where it is expected is taken, and each sentence once.

What this does not do: accept what is nearly the same, or cut sentences anew. A side that begins or ends inside a
sentence of the copy is not found.
"""

from __future__ import annotations

import pickle
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from corpora.errors import InputError
from corpora.jsonlines import Row, printable
from corpora.layout import canonical_url
from corpora.records import Article, Paragraph, ParagraphKind, Sentence
from corpora.schemas import SCHEMAS
from corpora.shelf import LEVEL, Filed, Shelf
from corpora.standoff_records import SIDES, Record, digest
from corpora.tables import bead_text

Indices = tuple[int, ...]
_Layout = tuple[list[tuple[int, int, ParagraphKind]], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a bead as it was in the article that was aligned; `sha256` is None where the side is empty."""

    sentences: Indices
    start: int | None
    end: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """One side of a bead as it is in the article at hand."""

    text: str | None
    sentences: Indices
    start: int | None
    end: int | None

    def is_at(self, side: Side) -> bool:
        """Whether nothing has moved."""
        return (self.sentences, self.start, self.end) == (side.sentences, side.start, side.end)


@dataclass(frozen=True, slots=True)
class Named:
    """An article that a stand-off file names, and the copy of it that was found, if any."""

    article_id: str
    lang: str
    url: str | None
    date: str | None
    characters: int
    sentence_count: int
    packed_layout: bytes
    copy: Filed | None
    is_same: bool  # the copy has the text that was aligned

    def article(self) -> Article:
        """The copy under the name it has in the file; with the same text it is cut as it was."""
        assert self.copy is not None
        own = self.copy.article()
        own = replace(
            own, article_id=self.article_id, lang=self.lang, url=self.url or own.url, date=self.date or own.date
        )
        if not self.is_same:
            return own
        paragraphs, sentences = self._layout()
        starts = [start for start, _, _ in paragraphs]
        return replace(
            own,
            paragraphs=tuple(Paragraph(a, b, kind) for a, b, kind in paragraphs),
            sentences=tuple(Sentence(a, b, max(0, bisect_right(starts, a) - 1)) for a, b in sentences),
        )

    def placer(self) -> Placer:
        """What finds the beads of one pair in the copy."""
        return Placer(self.article(), None if self.is_same else [start for start, _ in self._layout()[1]])

    def _layout(self) -> _Layout:
        return cast(
            _Layout,
            pickle.loads(zlib.decompress(self.packed_layout)),  # noqa: S301, ours
        )


class OwnArticles:
    """The reader's copies, to be found by the hash of the text, by id, or by address."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.shelf = articles if isinstance(articles, Shelf) else Shelf.of(map(_printable, articles))
        self._numbers: dict[tuple[str, ...], int] = {}
        self._used: set[int] = set()
        for number, one in enumerate(self.shelf.filed):
            for name in _names(one.digest.hex(), one.light.article_id, one.light.lang, one.light.url):
                self._numbers.setdefault(name, number)

    def named(self, record: Record) -> Named:
        """The article of a record with one's own copy of it."""
        row = record.row
        lang, url = str(row["lang"]), None if row["url"] is None else str(row["url"])
        found = (self._numbers.get(name) for name in _names(str(row["sha256"]), record.name, lang, url))
        number = next((one for one in found if one is not None), None)
        copy = None if number is None else self.shelf.filed[number]
        if number is not None:
            self._used.add(number)
        sentences = cast(list[object], row["sentences"])
        return Named(
            article_id=record.name,
            lang=lang,
            url=url,
            date=None if row["date"] is None else str(row["date"]),
            characters=cast(int, row["characters"]),
            sentence_count=len(sentences),
            packed_layout=zlib.compress(pickle.dumps((row["paragraphs"], sentences)), LEVEL),
            copy=copy,
            is_same=copy is not None and copy.digest.hex() == row["sha256"],
        )

    def unused(self) -> list[Article]:
        """The copies that no record has named so far, by themselves or by their text, without their texts."""
        texts = {self.shelf.filed[number].digest for number in self._used}
        return [
            one.light
            for number, one in enumerate(self.shelf.filed)
            if number not in self._used and one.digest not in texts
        ]


def _names(sha256: str, article_id: str, lang: str, url: str | None) -> list[tuple[str, ...]]:
    """What an article is known by, the surest first."""
    address = canonical_url(url)
    return [("text", sha256), ("id", article_id, lang), *([("url", address, lang)] if address else [])]


def _printable(article: Article) -> Article:
    """The article as a corpus holds it."""
    return replace(article, text=text) if (text := printable(article.text)) != article.text else article


class Placer:
    """Finds the sides of one pair's beads in one article, one after the other.

    `starts` are where the sentences of the text that was aligned began; None says that the article has that very text,
    cut into those very sentences.
    """

    def __init__(self, article: Article, starts: Sequence[int] | None = None) -> None:
        self.article = article
        self.starts = starts
        self._shift = 0  # how far the last side that was found has moved
        self._used: set[int] = set()
        self._runs: dict[Indices, dict[str, list[Place]]] = {}

    def place(self, side: Side) -> Place | None:
        """Where the side is; None if its text is not to be found."""
        if side.sha256 is None:
            return Place(None, side.sentences, side.start, side.end)
        return self._as_it_was(side) if self.starts is None else self._elsewhere(side, self.starts)

    def _as_it_was(self, side: Side) -> Place | None:
        if side.start is None:
            text = bead_text(self.article, side.sentences)[0]
        else:
            text = self.article.text[side.start : side.end]
        if text is None or digest(text) != side.sha256:
            return None  # what the corpus had there was no text of the article: somebody wrote it
        return Place(text, side.sentences, side.start, side.end)

    def _elsewhere(self, side: Side, starts: Sequence[int]) -> Place | None:
        first = side.start if side.start is not None else starts[side.sentences[0]] if side.sentences else 0
        for pattern in _patterns(side):
            places = self._of_pattern(pattern).get(side.sha256 or "", ())
            unused = [one for one in places if self._used.isdisjoint(one.sentences)]
            if unused:
                nearest = min(unused, key=lambda one: abs(self._begin(one) - first - self._shift))
                self._shift = self._begin(nearest) - first
                self._used.update(nearest.sentences)
                return nearest
        return None

    def _begin(self, place: Place) -> int:
        return self.article.sentences[place.sentences[0]].start

    def _of_pattern(self, pattern: Indices) -> dict[str, list[Place]]:
        """Every run of sentences of one shape, by its hash."""
        if pattern not in self._runs:
            found: dict[str, list[Place]] = {}
            for first in range(len(self.article.sentences) - pattern[-1]):
                sentences = tuple(first + step for step in pattern)
                text, start, end = bead_text(self.article, sentences)
                found.setdefault(digest(text or ""), []).append(Place(text, sentences, start, end))
            self._runs[pattern] = found
        return self._runs[pattern]


def _patterns(side: Side) -> list[Indices]:
    """The shapes of runs that could hold a side, its own first; a side with a gap has only that.

    >>> _patterns(Side((4, 5), 10, 20, "0"))
    [(0, 1), (0,), (0, 1, 2)]
    >>> _patterns(Side((4, 6), None, None, "0"))
    [(0, 2)]
    """
    own = tuple(one - side.sentences[0] for one in side.sentences)
    if side.start is None:
        return [own] if own else []
    count = max(1, len(own))
    return list(dict.fromkeys([tuple(range(count)), *(tuple(range(length)) for length in range(1, count + 2))]))


def side_of(record: Record, number: int, named: Named) -> Side:
    """One side of a bead; raises InputError if it is not within its article."""
    values = (record.row[f"{SIDES[number]}_{name}"] for name in ("sentences", "start", "end", "sha256"))
    sentences, start, end, sha256 = values
    side = Side(
        tuple(cast(list[int], sentences)), *cast(tuple[int | None, int | None, str | None], (start, end, sha256))
    )
    if side.sentences and side.sentences[-1] >= named.sentence_count:
        raise InputError(
            f"{record.where}: {SIDES[number]} sentence {side.sentences[-1]} of an article of {named.sentence_count}"
        )
    if side.end is not None and side.end > named.characters:
        raise InputError(
            f"{record.where}: {SIDES[number]} ends at {side.end} in an article of {named.characters} characters"
        )
    return side


def bead_row(record: Record, provenance: Row, places: tuple[Place, Place], *, moved: bool) -> Row:
    """The row of `beads` that a record and the places of its sides make."""
    row = {**record.row, "bead_id": record.name}
    for side, place in zip(SIDES, places, strict=True):
        row |= {f"{side}_text": place.text, f"{side}_sentences": list(place.sentences)}
        row |= {f"{side}_start": place.start, f"{side}_end": place.end}
    if moved:
        row["kind"] = "-".join(str(len(place.sentences)) for place in places)
    return {name: row[name] if name in row else provenance[name] for name in SCHEMAS["beads"].names}
