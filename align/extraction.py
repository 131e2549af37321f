"""Pages to articles, on all cores once there are many pages, and none twice.

What came of a page is noted in a journal by a digest of the page and of what was asked, so that a build that was broken
off goes on where it stopped.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from align.workers import in_order, workers
from corpora.errors import PageRejected
from corpora.journal import Journal, code_digest, digest
from corpora.page import read_articles
from corpora.publishers import Publishers
from corpora.records import Article, Page, Reject
from corpora.repeated import edge_texts
from corpora.rows import article_from_row, article_to_row, with_our_names
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

    def as_json(self) -> object:
        """Everything, as JSON can hold it."""
        articles = [article_to_row(filed.article()) for filed in self.filed]
        return [articles, [list(marks) for marks in self.marks], [asdict(reject) for reject in self.rejects]]

    @classmethod
    def from_json(cls, noted: Any) -> Extracted:
        """What `as_json` gave."""
        articles, marks, rejects = noted
        filed = [Filed.of(article_from_row(row, str(row["path"]))) for row in articles]
        return cls(filed, [tuple(own) for own in marks], [Reject(**one) for one in rejects])


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


def extract_all(
    pages: Iterable[Page], extraction: Extraction, *, jobs: int, journal: Journal | None = None
) -> Iterator[Extracted]:
    """What comes of each page, those first that the journal knows. `jobs` is how many processes may work on it."""
    if journal is None:
        yield from _extract_each(iter(pages), extraction, jobs)
        return
    asked = digest(asdict(extraction), code_digest("align", "corpora"))
    known: deque[Extracted] = deque()
    waiting: deque[bytes] = deque()  # digests of the pages under way, whose results come in their order

    def unknown() -> Iterator[Page]:
        for page in pages:
            key = digest(asked.hex(), asdict(page))
            noted = journal.get(key)
            if noted is None:
                waiting.append(key)
                yield page
            else:
                known.append(Extracted.from_json(noted))

    for found in _extract_each(unknown(), extraction, jobs):
        journal.put(waiting.popleft(), found.as_json())
        yield found
        while known:
            yield known.popleft()
    yield from known


def _extract_each(pages: Iterator[Page], extraction: Extraction, jobs: int) -> Iterator[Extracted]:
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
