"""Inputs to articles: everything is read and extracted, each article kept once, and the rest named as rejects."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from align.summary import Progress, Summary, no_progress
from corpora.errors import NoUsableInput, PageRejected, UsageError
from corpora.jsonlines import printable
from corpora.page import article_from_row, read_articles
from corpora.publishers import Publishers
from corpora.read import STANDARD_INPUT, read_pages
from corpora.records import Article, Page, Reject
from corpora.repeated import drop_repeated
from corpora.rows import with_our_names
from corpora.store import open_corpus


@dataclass(frozen=True, slots=True)
class Gathered:
    """Articles and rejects of earlier builds."""

    articles: tuple[Article, ...] = ()
    rejects: tuple[Reject, ...] = ()


def read_corpus(path: str | Path) -> Gathered:
    """Articles and rejected pages of a corpus; nothing if there is none yet."""
    if not (Path(path) / "corpus.json").exists():
        return Gathered()
    corpus = open_corpus(path)
    articles = tuple(article_from_row(row, str(row["path"])) for row in corpus.rows("articles"))
    rejects = tuple(Reject(**{k: str(v) for k, v in row.items()}) for row in corpus.rows("rejects"))
    return Gathered(articles, tuple(r for r in rejects if r.stage != "pair"))


def gather(
    inputs: Sequence[str | Path],
    summary: Summary,
    *,
    languages: Collection[str],
    before: Gathered | None = None,
    fields: Mapping[str, str] | None = None,
    publishers: Publishers | None = None,
    skip: str | Path | None = None,
    outputs: Collection[str | Path] = (),
    progress: Progress = no_progress,
) -> tuple[list[Article], list[Reject]]:
    """Read and extract everything; articles sorted by id, each kept once, and a reject for everything else.

    `skip` and `outputs` are as for `read_pages`, `publishers` as for `read_article`. `fields` says which of a user's
    columns stands for one of ours (`{"text": "body"}`).
    """
    before = before or Gathered()
    articles: list[Article] = []
    rejects: list[Reject] = []
    read: set[str] = set()
    columns = set((fields or {}).values())
    unnamed: set[str] | None = None  # columns that the user names and no row has; None before the first row
    pages = _timed_iterator(read_pages(inputs, skip=skip, outputs=outputs), summary, "read")
    for entry in pages:
        page = replace(entry, path=printable(entry.path))  # as a corpus holds it, to know it again the next time
        summary.pages += 1
        if page.path.partition(":")[0] != STANDARD_INPUT:  # whatever comes from there is never the same page again
            read.add(page.path)
        if isinstance(page, Reject):
            rejects.append(page)
            continue
        if page.replaced_characters:
            summary.damaged[page.path] = page.replaced_characters
        with summary.timed("extract"):
            found = _extract(page, languages, fields or {}, publishers)
        if page.kind == "row":
            unnamed = (columns if unnamed is None else unnamed) - page.fields.keys()
        articles += [one for one in found if isinstance(one, Article)]
        rejects += [one for one in found if isinstance(one, Reject)]
        progress("read", summary.pages, None)
    if unnamed:
        raise UsageError(f"--fields: no row has a column {', '.join(sorted(unnamed))}; are the names spelled as there?")
    again = {name for article in articles for name in _names(article)}
    articles += [a for a in before.articles if a.path not in read and again.isdisjoint(_names(a))]
    rejects += [r for r in before.rejects if r.path not in read]
    kept, duplicates = keep_one(articles)
    kept, furniture = drop_repeated(kept, rejects)
    return kept, sorted([*rejects, *duplicates, *furniture], key=lambda r: (r.path, r.stage, r.reason, r.detail))


def require_articles(articles: Sequence[Article], rejected: Sequence[Reject]) -> None:
    """Raise NoUsableInput if nothing could be used."""
    if not articles:
        raise NoUsableInput(f"no article in any of the inputs; {len(rejected)} rejected, --rejects FILE lists why")


def _names(article: Article) -> set[tuple[str, str, str]]:
    """What a page is known by again when its path is written another way: its file's name with its id or its text."""
    name = Path(article.path).name
    return {(name, article.lang, article.article_id), (name, article.lang, article.text)}


def _extract(
    page: Page, languages: Collection[str], fields: Mapping[str, str], publishers: Publishers | None
) -> list[Article | Reject]:
    if fields and page.kind == "row":
        page = replace(page, fields=with_our_names(page.fields, fields))
    try:
        return read_articles(page, languages=languages, publishers=publishers)
    except PageRejected as rejected:
        return [Reject(page.path, "extract", rejected.reason, rejected.detail)]


def keep_one(articles: Iterable[Article]) -> tuple[list[Article], list[Reject]]:
    """Each article once, by id and by text; the others become rejects.

    The one stays that says most about itself (date, address, writers), of several the first by path.
    Users number originals and translations alike, so one id in two languages is two articles.
    """
    kept: dict[tuple[str, str], Article] = {}
    texts: dict[bytes, Article] = {}
    duplicates = []
    for article in sorted(articles, key=lambda a: (-_told(a), a.path)):
        digest = hashlib.sha256(article.text.encode()).digest()
        key = (article.article_id, article.lang)
        twin = kept.get(key) or texts.get(digest)
        if twin is None:
            kept[key] = texts[digest] = article
            continue
        what = "the same text" if twin.text == article.text else f"the same address {article.url or article.article_id}"
        duplicates.append(Reject(article.path, "extract", "duplicate", f"{what} as {twin.path}, which is kept"))
    return sorted(kept.values(), key=lambda a: (a.article_id, a.lang)), duplicates


def _told(article: Article) -> int:
    """How much pairing can learn from what the page prints."""
    dated = article.date is not None and not article.date_guessed
    return 2 * dated + (article.url is not None) + bool(article.byline or article.credit)


def _timed_iterator(items: Iterable[Page | Reject], summary: Summary, stage: str) -> Iterator[Page | Reject]:
    """The same items, with the time it takes to get each one booked to a stage."""
    iterator = iter(items)
    while True:
        with summary.timed(stage):
            item = next(iterator, None)
        if item is None:
            return
        yield item
