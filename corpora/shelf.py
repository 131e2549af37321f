"""Articles by the hundred thousand in memory: what the pages print as it is, texts packed.

An article of a newspaper takes 8 KB as a record and 2 KB on a shelf. Texts are unpacked when an article is asked for,
in a tenth of a millisecond. What this does not do: outlive the run.
"""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

from corpora.records import Article, Paragraph, Sentence

LEVEL = 1  # of compression; higher ones take longer and save little


@dataclass(frozen=True, slots=True)
class Filed:
    """An article without its text, and that packed. `digest` is of the text alone."""

    light: Article
    packed: bytes
    digest: bytes

    @classmethod
    def of(cls, article: Article) -> Filed:
        heavy = (
            article.text,
            [(p.start, p.end, p.kind) for p in article.paragraphs],
            [(s.start, s.end, s.paragraph) for s in article.sentences],
            article.captions,
            article.readings,
        )
        light = replace(article, text="", paragraphs=(), sentences=(), captions=(), readings=())
        digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).digest()
        return cls(light, zlib.compress(pickle.dumps(heavy, pickle.HIGHEST_PROTOCOL), LEVEL), digest)

    def article(self) -> Article:
        """The article as it was."""
        text, paragraphs, sentences, captions, readings = pickle.loads(zlib.decompress(self.packed))  # noqa: S301, ours
        return replace(
            self.light,
            text=text,
            paragraphs=tuple(Paragraph(*one) for one in paragraphs),
            sentences=tuple(Sentence(*one) for one in sentences),
            captions=captions,
            readings=readings,
        )


class Shelf(Sequence[Article]):
    """A sequence of articles, each unpacked when it is asked for."""

    def __init__(self, filed: Iterable[Filed] = ()) -> None:
        self.filed = list(filed)

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Shelf:
        """The same articles on a shelf; a shelf is one already."""
        return articles if isinstance(articles, Shelf) else cls(map(Filed.of, articles))

    def light(self) -> list[Article]:
        """What the pages print, without any text."""
        return [one.light for one in self.filed]

    def in_language(self, lang: str) -> Shelf:
        """Those in one language, in their order."""
        return Shelf(one for one in self.filed if one.light.lang == lang)

    def __len__(self) -> int:
        return len(self.filed)

    @overload
    def __getitem__(self, index: int) -> Article: ...

    @overload
    def __getitem__(self, index: slice) -> Shelf: ...

    def __getitem__(self, index: int | slice) -> Article | Shelf:
        if isinstance(index, slice):
            return Shelf(self.filed[index])
        return self.filed[index].article()

    def __iter__(self) -> Iterator[Article]:
        return (one.article() for one in self.filed)
