"""The whole way: pages in, corpus out. Each stage is a plain function from records to records; this strings them up.

    read -> extract -> pair -> align -> check -> write

A corpus grows: built again with more pages, its articles take part again and everything after them is worked out
anew, so that building from A and then from B gives what building from A and B at once gives. What this does not do:
hold less than all articles in memory, or keep the work of a run that was broken off.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Protocol

from align.beads import align_sentences
from align.coverage import reject_foreign, require_languages
from align.encoder import load_encoder, provenance
from align.encoder_options import EncoderOptions
from align.fidelity import check
from align.pairing import PairOptions, Unpaired, pair_articles
from align.scoring import AlignOptions
from align.transformer import Usage, following, usage
from align.vectors import Encoder
from corpora.card import dataset_card
from corpora.errors import NoUsableInput, PageRejected, UsageError
from corpora.jsonlines import Row, printable
from corpora.page import article_from_row, article_to_row, read_article
from corpora.read import read_pages
from corpora.records import Article, Bead, Finding, Page, Pair, Reject
from corpora.store import open_corpus, require_corpus_place, write_corpus
from corpora.tables import bead_rows, bead_text, finding_rows, pair_id, pair_row

# A finding in a bead that is more likely wrong than right would be a finding about the aligner.
MIN_CHECKED = 0.5


class Progress(Protocol):
    """Told how far a stage is; `total` is None where it is not known beforehand."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Everything about a build that changes its result."""

    source_lang: str = "ja"
    target_lang: str = "en"
    encoder: str | None = None
    pair: PairOptions = field(default_factory=PairOptions)
    align: AlignOptions = field(default_factory=AlignOptions)
    encoder_options: EncoderOptions = field(default_factory=EncoderOptions)

    @property
    def languages(self) -> tuple[str, str]:
        return self.source_lang, self.target_lang


@dataclass(slots=True)
class Summary:
    """What a build did, for people and as JSON."""

    corpus: str
    encoder: str = ""
    usage: Usage | None = None  # of an encoder that counts what it is given
    pages: int = 0
    articles: dict[str, int] = field(default_factory=dict)  # by language
    pairs: int = 0
    unpaired: list[Unpaired] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)  # beads by kind
    findings: dict[str, int] = field(default_factory=dict)  # by category
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    @property
    def beads(self) -> int:
        return sum(self.kinds.values())

    @property
    def rejected(self) -> dict[str, int]:
        """Rejects by reason."""
        return dict(sorted(Counter(reject.reason for reject in self.rejects).items()))

    def as_json(self) -> Row:
        return {
            "corpus": self.corpus,
            "pages": self.pages,
            "articles": self.articles,
            "rejected": self.rejected,
            "pairs": self.pairs,
            "unpaired": [{"id": u.article_id, "path": u.path, "lang": u.lang, "why": u.why} for u in self.unpaired],
            "beads": self.beads,
            "kinds": self.kinds,
            "findings": self.findings,
            "encoder": self.encoder,
            "texts_cut": self.usage.cut if self.usage else 0,
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
        }

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """A pair with everything that was found out about it; `findings` holds one list a bead."""

    pair: Pair
    source: Article
    target: Article
    beads: list[Bead]
    findings: list[list[Finding]]


def build(
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    options: BuildOptions | None = None,
    fresh: bool = False,
    progress: Progress = no_progress,
) -> Summary:
    """Make a corpus folder from saved pages, or add them to the corpus that is there.

    `fresh` leaves out what the corpus held before. Raises NoUsableInput if no article came out of all the inputs,
    InputError for inputs that do not exist, and NotACorpus or UsageError for a place that holds something else; the
    place is then as it was.
    """
    options = options or BuildOptions()
    require_corpus_place(out)
    summary = Summary(str(out))
    encoder = load_encoder(options.encoder, options.encoder_options)
    require_two_languages(options.languages)
    require_languages(encoder, options.languages)
    summary.encoder = encoder.name
    before = Gathered() if fresh else read_corpus(out)
    articles, rejects = gather(inputs, summary, languages=options.languages, before=before, skip=out, progress=progress)
    articles, foreign = reject_foreign(articles, encoder)
    summary.rejects = [*rejects, *foreign]
    if not articles:
        raise NoUsableInput(_nothing_usable(summary.rejects))
    with following(encoder, progress):
        aligned = match(articles, encoder, summary, options=options, progress=progress)
    summary.usage = usage(encoder)
    with summary.timed("write"):
        _write(out, articles, aligned, encoder, summary, options)
    return summary


def require_two_languages(languages: tuple[str, str]) -> None:
    """Raise UsageError if both are the same: every article would be the original of itself."""
    if languages[0] == languages[1]:
        raise UsageError(
            f"source and target language are both {languages[0]}; name two with --source-lang, --target-lang"
        )


def match(
    articles: Sequence[Article],
    encoder: Encoder,
    summary: Summary,
    *,
    options: BuildOptions,
    progress: Progress = no_progress,
) -> list[AlignedPair]:
    """Pair articles, align each pair and check each bead; counts go into the summary."""
    sources = [a for a in articles if a.lang == options.source_lang]
    targets = [a for a in articles if a.lang == options.target_lang]
    summary.articles = {options.source_lang: len(sources), options.target_lang: len(targets)}
    with summary.timed("pair"):
        pairing = pair_articles(
            sources, targets, encoder, options=options.pair, progress=lambda done, total: progress("pair", done, total)
        )
    summary.pairs, summary.unpaired = len(pairing.pairs), pairing.unpaired
    by_id = [{article.article_id: article for article in side} for side in (sources, targets)]
    aligned = []
    for done, pair in enumerate(pairing.pairs, start=1):
        source, target = by_id[0][pair.source_id], by_id[1][pair.target_id]
        with summary.timed("align"):
            beads = align_articles(source, target, encoder, options=options.align)
        with summary.timed("check"):
            findings = [check_bead(bead, source, target) for bead in beads]
        aligned.append(AlignedPair(pair, source, target, beads, findings))
        progress("align", done, len(pairing.pairs))
    kinds = Counter(bead.kind for one in aligned for bead in one.beads)
    summary.kinds = dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0])))
    found = Counter(f.category for one in aligned for findings in one.findings for f in findings)
    summary.findings = dict(sorted(found.items()))
    return aligned


def align_articles(
    source: Article, target: Article, encoder: Encoder, *, options: AlignOptions | None = None
) -> list[Bead]:
    """Beads of two articles' sentences."""
    texts = source.sentence_texts(), target.sentence_texts()
    return align_sentences(*texts, encoder, options=options, languages=(source.lang, target.lang))


def check_bead(bead: Bead, source: Article, target: Article) -> list[Finding]:
    """Findings of a bead that is probable enough to be worth checking."""
    if bead.is_null or (bead.probability or 0.0) < MIN_CHECKED:
        return []
    texts = (bead_text(source, bead.source)[0] or "", bead_text(target, bead.target)[0] or "")
    return check(*texts, source_lang=source.lang, target_lang=target.lang, date=source.date)


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
    skip: str | Path | None = None,
    progress: Progress = no_progress,
) -> tuple[list[Article], list[Reject]]:
    """Read and extract everything; articles sorted by id, each kept once, and a reject for everything else."""
    before = before or Gathered()
    articles: list[Article] = []
    rejects: list[Reject] = []
    read: set[str] = set()
    pages = _timed_iterator(read_pages(inputs, skip=skip), summary, "read")
    for found in pages:
        page = replace(found, path=printable(found.path))  # as a corpus holds it, to know it again the next time
        summary.pages += 1
        read.add(page.path)
        if isinstance(page, Reject):
            rejects.append(page)
            continue
        with summary.timed("extract"):
            article = _extract(page, languages)
        (articles if isinstance(article, Article) else rejects).append(article)  # type: ignore[arg-type]
        progress("read", summary.pages, None)
    again = {name for article in articles for name in _names(article)}
    articles += [a for a in before.articles if a.path not in read and again.isdisjoint(_names(a))]
    rejects += [r for r in before.rejects if r.path not in read]
    kept, duplicates = keep_one(articles)
    return kept, sorted([*rejects, *duplicates], key=lambda r: (r.path, r.stage, r.reason, r.detail))


def _names(article: Article) -> set[tuple[str, str, str]]:
    """What a page is known by again when its path is written another way: its file's name with its id or its text."""
    name = Path(article.path).name
    return {(name, article.lang, article.article_id), (name, article.lang, article.text)}


def _extract(page: Page, languages: Collection[str]) -> Article | Reject:
    try:
        return read_article(page, languages=languages)
    except PageRejected as rejected:
        return Reject(page.path, "extract", rejected.reason, rejected.detail)


def keep_one(articles: Iterable[Article]) -> tuple[list[Article], list[Reject]]:
    """Each article once, by id and by text: the first by path stays, the others become rejects.

    Users number originals and translations alike, so one id in two languages is two articles.
    """
    kept: dict[tuple[str, str], Article] = {}
    texts: dict[bytes, Article] = {}
    duplicates = []
    for article in sorted(articles, key=lambda a: a.path):
        digest = hashlib.sha256(article.text.encode()).digest()
        key = (article.article_id, article.lang)
        twin = kept.get(key) or texts.get(digest)
        if twin is None:
            kept[key] = texts[digest] = article
            continue
        what = "the same text" if twin.text == article.text else f"the same address {article.url or article.article_id}"
        duplicates.append(Reject(article.path, "extract", "duplicate", f"{what} as {twin.path}, which is kept"))
    return sorted(kept.values(), key=lambda a: (a.article_id, a.lang)), duplicates


def _timed_iterator(items: Iterable[Page | Reject], summary: Summary, stage: str) -> Iterator[Page | Reject]:
    """The same items, with the time it takes to get each one booked to a stage."""
    iterator = iter(items)
    while True:
        with summary.timed(stage):
            item = next(iterator, None)
        if item is None:
            return
        yield item


def _nothing_usable(rejects: Sequence[Reject]) -> str:
    reasons = Counter(reject.reason for reject in rejects)
    listed = ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items())) or "no pages"
    example = f"; for example {rejects[0].path}: {rejects[0].detail}" if rejects else ""
    return f"no article could be read from the inputs ({listed}{example})"


def _write(
    out: str | Path,
    articles: Sequence[Article],
    aligned: Sequence[AlignedPair],
    encoder: Encoder,
    summary: Summary,
    options: BuildOptions,
) -> None:
    in_order = sorted(aligned, key=lambda one: pair_id(one.pair))
    unpaired = [Reject(u.path, "pair", "unpaired", u.why) for u in summary.unpaired]
    tables: dict[str, list[Row]] = {
        "beads": [r for o in in_order for r in bead_rows(o.pair, o.beads, o.findings, o.source, o.target)],
        "articles": [article_to_row(article) for article in articles],
        "pairs": [{"pair_id": pair_id(one.pair), **pair_row(one.pair)} for one in in_order],
        "findings": [row for one in in_order for row in finding_rows(one.pair, one.findings)],
        "rejects": [asdict(r) for r in sorted([*summary.rejects, *unpaired], key=lambda r: (r.path, r.stage))],
    }
    counts = {name: len(rows) for name, rows in tables.items()}
    manifest: dict[str, object] = {
        "options": {name: value for name, value in asdict(options).items() if name != "encoder_options"},
        "encoder": provenance(encoder),
        "counts": counts,
        "summary": summary.as_json(),
    }
    card = dataset_card(Path(out).name, options.languages, counts, summary.kinds, encoder.name)
    write_corpus(out, tables, manifest, card)
