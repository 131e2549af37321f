"""Pages to articles, in order, on all cores once there are many pages."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from align.workers import in_order, workers
from corpora.errors import PageRejected
from corpora.page import read_articles
from corpora.publishers import Publishers
from corpora.records import Article, Page, Reject
from corpora.repeated import edge_texts
from corpora.rows import with_our_names
from corpora.shelf import Filed

# Pages that are extracted before workers are started, which takes as long as some hundred pages.
FIRST = 600

EdgeMarks = tuple[int, ...]  # CRC-32 of the paragraphs at the edges of a body, each once


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came of one page; `marks` has an entry for each article."""

    filed: list[Filed] = field(default_factory=list)
    marks: list[EdgeMarks] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What is asked of every page: languages to keep, names of a user's columns, and publishers' rules."""

    languages: tuple[str, ...]
    fields: Mapping[str, str]
    publishers: Publishers | None = None

    def of(self, page: Page) -> Extracted:
        """The articles of one page."""
        found = Extracted()
        if self.fields and page.kind == "row":
            page = replace(page, fields=with_our_names(page.fields, self.fields))
        try:
            for one in read_articles(page, languages=self.languages, publishers=self.publishers):
                if isinstance(one, Reject):
                    found.rejects.append(one)
                else:
                    found.filed.append(Filed.of(one))
                    found.marks.append(edge_marks(one))
        except PageRejected as rejected:
            found.rejects.append(Reject(page.path, "extract", rejected.reason, rejected.detail))
        return found


def edge_marks(article: Article) -> EdgeMarks:
    """What tells whether paragraphs of an article open or close many others too."""
    return tuple({mark_of(text) for text in edge_texts(article)})


def mark_of(text: str) -> int:
    """The same for the same text, and hardly ever for another."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def extract_all(pages: Iterator[Page], extraction: Extraction, *, jobs: int) -> Iterator[Extracted]:
    """What comes of each page, in order. `jobs` is how many processes may work on it."""
    yield from map(extraction.of, pages if jobs == 1 else islice(pages, FIRST))
    following = next(pages, None)
    if following is not None:
        with workers(jobs, _start, extraction) as pool:
            yield from in_order(pool, _extract, _with(following, pages), jobs)


def _with(first: Page, others: Iterable[Page]) -> Iterator[Page]:
    yield first
    yield from others


_extraction: Extraction  # of a worker process


def _start(extraction: Extraction) -> None:
    global _extraction
    _extraction = extraction


def _extract(pages: list[Page]) -> list[Extracted]:
    return [_extraction.of(page) for page in pages]
