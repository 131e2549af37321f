"""Inputs to articles: everything is read and extracted, each article kept once, and the rest named as rejects.

Pages are extracted on all cores where there are many of them; articles wait on a shelf, so that memory grows by some
two kilobytes a page. What this does not do: hold more pages than that leaves room for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from align.extraction import EdgeMarks, Extraction, edge_marks, extract_all, mark_of
from align.summary import Progress, Summary, no_progress
from corpora.errors import NoUsableInput, UsageError
from corpora.journal import Journal
from corpora.jsonlines import printable
from corpora.page import article_from_row
from corpora.publishers import Publishers
from corpora.read import STANDARD_INPUT, read_pages
from corpora.records import Article, Page, Reject
from corpora.repeated import MANY_PAGES, drop_repeated, is_furniture
from corpora.shelf import Filed, Shelf
from corpora.store import open_corpus

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Articles and rejects of earlier builds."""

    articles: Shelf = field(default_factory=Shelf)
    rejects: tuple[Reject, ...] = ()


def read_corpus(path: str | Path) -> Gathered:
    """Articles and rejected pages of a corpus; nothing if there is none yet."""
    if not (Path(path) / "corpus.json").exists():
        return Gathered()
    corpus = open_corpus(path)
    articles = Shelf.of(article_from_row(row, str(row["path"])) for row in corpus.rows("articles"))
    rejects = (
        Reject(*(str(row[name]) for name in ("path", "stage", "reason", "detail"))) for row in corpus.rows("rejects")
    )
    return Gathered(articles, tuple(r for r in rejects if r.stage not in ("pair", "clean")))


def without_gone(before: Gathered, read: Collection[str], again: Sequence[str | Path]) -> tuple[Gathered, int]:
    """What earlier builds gathered, without what came from pages in `again` that were not read this time; how many.

    `again` are folders, archives and tables that an earlier build read too: whoever gives one again means what is in
    it now.
    """
    roots = [Path(name).absolute() for name in again]

    def is_gone(path: str) -> bool:
        if path in read:
            return False
        place = Path(path).absolute()
        return any(place.is_relative_to(root) or str(place).startswith(f"{root}:") for root in roots)

    articles = [one for one in before.articles.filed if not is_gone(one.light.path)]
    rejects = tuple(one for one in before.rejects if not is_gone(one.path))
    return Gathered(Shelf(articles), rejects), len(before.articles) - len(articles)


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
    again: Sequence[str | Path] = (),
    jobs: int = 1,
    journal: Journal | None = None,
    progress: Progress = no_progress,
) -> tuple[Shelf, list[Reject]]:
    """Read and extract everything; articles sorted by id, each kept once, and a reject for everything else.

    `skip` and `outputs` are as for `read_pages`, `publishers` as for `read_article`. `fields` says which of a user's
    columns stands for one of ours (`{"text": "body"}`). `jobs` is how many processes may work, as for `pair_articles`.
    `again` is as for `without_gone`.
    """
    before = before or Gathered()
    filed: list[Filed] = []
    marks: list[EdgeMarks] = []
    rejects: list[Reject] = []
    read: set[str] = set()
    columns = set((fields or {}).values())
    unnamed: set[str] | None = None  # columns that the user names and no row has; None before the first row

    def read_next() -> Iterator[Page]:
        """The pages, with everything noted of them that does not need their articles."""
        nonlocal unnamed
        for entry in _timed_iterator(read_pages(inputs, skip=skip, outputs=outputs), summary, "read"):
            page = replace(entry, path=printable(entry.path))  # as a corpus holds it, to know it again the next time
            summary.pages += 1
            if page.path.partition(":")[0] != STANDARD_INPUT:  # whatever comes from there is never the same page again
                read.add(page.path)
            if isinstance(page, Reject):
                rejects.append(page)
                continue
            if page.replaced_characters:
                summary.damaged[page.path] = page.replaced_characters
            if page.kind == "row":
                unnamed = (columns if unnamed is None else unnamed) - page.fields.keys()
            yield page
            progress("read", summary.pages, None)

    extraction = Extraction(tuple(languages), dict(fields or {}), publishers)
    for found in _timed_iterator(extract_all(read_next(), extraction, jobs=jobs, journal=journal), summary, "extract"):
        rejects += found.rejects
        filed += found.filed
        marks += found.marks
    summary.seconds["extract"] = max(0.0, summary.seconds.get("extract", 0.0) - summary.seconds.get("read", 0.0))
    if unnamed:
        raise UsageError(f"--fields: no row has a column {', '.join(sorted(unnamed))}; are the names spelled as there?")
    before, summary.gone = without_gone(before, read, again)
    if before.articles:
        known = {name for one in filed for name in _names(one)}
        for old in before.articles.filed:
            if old.light.path not in read and known.isdisjoint(_names(old)):
                filed.append(old)
                marks.append(edge_marks(old.article()))
    rejects += [r for r in before.rejects if r.path not in read]
    marks_of = {id(one): own for one, own in zip(filed, marks, strict=True)}
    kept, duplicates = keep_one(filed)
    furniture = _drop_repeated(kept, [marks_of[id(one)] for one in kept], rejects)
    rejects += [*duplicates, *furniture]
    return Shelf(kept), sorted(rejects, key=lambda r: (r.path, r.stage, r.reason, r.detail))


def require_articles(articles: Sized, rejected: Sequence[Reject]) -> None:
    """Raise NoUsableInput if nothing could be used."""
    if not articles:
        raise NoUsableInput(f"no article in any of the inputs; {len(rejected)} rejected, --rejects FILE lists why")


def _names(one: Filed) -> set[tuple[str, str, str | bytes]]:
    """What a page is known by again when its path is written another way: its file's name with its id or its text."""
    article = one.light
    name = Path(article.path).name
    return {(name, article.lang, article.article_id), (name, article.lang, one.digest)}


def _drop_repeated(kept: list[Filed], marks: Sequence[EdgeMarks], rejects: Sequence[Reject]) -> list[Reject]:
    """Take from the articles what `corpora.repeated` takes; only those that could be meant are unpacked."""
    counts = Counter(mark for own in marks for mark in own)
    counts.update(mark_of(reject.detail) for reject in rejects if is_furniture(reject))
    meant = [n for n, own in enumerate(marks) if any(counts[mark] >= MANY_PAGES for mark in own)]
    if not meant:
        return []
    articles, furniture = drop_repeated([kept[number].article() for number in meant], rejects)
    for number, article in zip(meant, articles, strict=True):
        kept[number] = Filed.of(article)
    return furniture


def keep_one(filed: Iterable[Filed]) -> tuple[list[Filed], list[Reject]]:
    """Each article once, by id and by text; the others become rejects.

    The one stays that says most about itself (date, address, writers), of several the first by path.
    Users number originals and translations alike, so one id in two languages is two articles.
    """
    kept: dict[tuple[str, str], Filed] = {}
    texts: dict[bytes, Filed] = {}
    duplicates = []
    for one in sorted(filed, key=lambda f: (-_told(f.light), f.light.path)):
        article = one.light
        key = (article.article_id, article.lang)
        twin = kept.get(key) or texts.get(one.digest)
        if twin is None:
            kept[key] = texts[one.digest] = one
            continue
        is_same = twin.digest == one.digest
        what = "the same text" if is_same else f"the same address {article.url or article.article_id}"
        detail = f"{what} as {twin.light.path}, which is kept"
        duplicates.append(Reject(article.path, "extract", "duplicate", detail))
    return sorted(kept.values(), key=lambda f: (f.light.article_id, f.light.lang)), duplicates


def _told(article: Article) -> int:
    """How much pairing can learn from what the page prints."""
    dated = article.date is not None and not article.date_guessed
    return 2 * dated + (article.url is not None) + bool(article.byline or article.credit)


def _timed_iterator(items: Iterable[Item], summary: Summary, stage: str) -> Iterator[Item]:
    """The same items, with the time it takes to get each one booked to a stage."""
    iterator = iter(items)
    while True:
        with summary.timed(stage):
            item = next(iterator, None)
        if item is None:
            return
        yield item
