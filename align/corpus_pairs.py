"""The pairs of a corpus to look at: all of them with what is known of each, and one with its beads and findings.

What this does not do: draw (`corpus_tables`). Texts are read of one pair only, of the others their titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice, pairwise

from align.corpus_stats import SIDES, batches
from corpora.errors import UsageError
from corpora.jsonlines import Row
from corpora.store import Corpus

LEAST_PREFIX = 8  # characters of an id that are shown
CANDIDATES = 8  # that a message names
_Key = tuple[str, str]  # id and language: originals and translations may be numbered alike


@dataclass(slots=True)
class Article:
    """What a page says of itself."""

    article_id: str
    lang: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Overview:
    """One pair of a corpus. `prefix` is as much of its id as tells it from the others."""

    pair_id: str
    prefix: str
    source: Article
    target: Article
    probability: float | None = None  # that the articles belong together
    beads: int = 0
    findings: int = 0
    mean_probability: float | None = None  # of its beads

    def as_json(self) -> Row:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PairView:
    """One pair with its beads, rows of the table, and the findings of each by bead id."""

    overview: Overview
    beads: Sequence[Row]
    findings: dict[str, list[Row]] = field(default_factory=dict)

    def as_json(self) -> Iterator[Row]:
        """A row a bead: both texts, kind, numbers, findings."""
        columns = ("bead_id", "kind", "similarity", "probability", "source_text", "target_text", "split")
        for bead in self.beads:
            found = self.findings.get(str(bead["bead_id"]), [])
            shown = [{name: value for name, value in row.items() if not name.endswith("_id")} for row in found]
            yield {**{name: bead[name] for name in columns}, "findings": shown}


def overviews(corpus: Corpus, *, limit: int | None = None) -> list[Overview]:
    """The first pairs of a corpus, or all of them, in its order."""
    prefixes = short_ids(pair_ids(corpus))
    pairs = [
        Overview(
            str(row["pair_id"]),
            prefixes[str(row["pair_id"])],
            Article(str(row["source_id"])),
            Article(str(row["target_id"])),
            _optional_number(row["probability"]),
        )
        for row in islice(corpus.rows("pairs"), limit)
    ]
    _complete(corpus, pairs)
    return pairs


def pair_ids(corpus: Corpus) -> list[str]:
    """The ids of all pairs, sorted."""
    return sorted(str(one) for batch in batches(corpus, "pairs", ["pair_id"]) for one in batch["pair_id"].to_pylist())


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """As much of each of the sorted ids as tells it from the others, but for one that another begins with.

    >>> short_ids(["aaaaaaaaaa-1", "aaaaaaaaaa-2", "b-1"])
    {'aaaaaaaaaa-1': 'aaaaaaaaaa-1', 'aaaaaaaaaa-2': 'aaaaaaaaaa-2', 'b-1': 'b-1'}
    >>> short_ids(["0123456789", "0200000000"])
    {'0123456789': '01234567', '0200000000': '02000000'}
    """
    shared = [0, *(_in_common(*couple) for couple in pairwise(ids)), 0]
    needed = (max(LEAST_PREFIX, before + 1, after + 1) for before, after in pairwise(shared))
    return {one: one[:count] for one, count in zip(ids, needed, strict=True)}


def _in_common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def find_pair(corpus: Corpus, name: str) -> str:
    """The id of the pair that is called so, or whose id alone begins so. Raises UsageError that names candidates."""
    ids = pair_ids(corpus)
    if name in ids:
        return name
    found = [one for one in ids if one.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} pairs begin with {name!r}: {_some(found)}; write more of the id")
    alike = [one for one in ids if name and name in one]
    if alike:
        raise UsageError(f"no pair begins with {name!r}; there is {_some(alike)}")
    if not ids:
        raise UsageError(f"{corpus.path} holds no pairs")
    raise UsageError(f"{corpus.path} holds no pair {name!r}; it holds {_some(ids)}")


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - CANDIDATES} more" if len(ids) > CANDIDATES else ""
    return f"{', '.join(ids[:CANDIDATES])}{more}"


def view_pair(corpus: Corpus, pair_id: str, *, limit: int | None = None) -> PairView:
    """One pair of a corpus, by its full id, with its first beads or all of them."""
    import pyarrow.dataset as ds

    where = ds.field("pair_id") == pair_id
    (row,) = _rows(corpus, "pairs", where)
    overview = Overview(
        pair_id,
        pair_id,
        Article(str(row["source_id"])),
        Article(str(row["target_id"])),
        _optional_number(row["probability"]),
    )
    _complete(corpus, [overview])
    findings: dict[str, list[Row]] = {}
    for finding in _rows(corpus, "findings", where):
        findings.setdefault(str(finding["bead_id"]), []).append(finding)
    return PairView(overview, list(islice(_rows(corpus, "beads", where), limit)), findings)


def _rows(corpus: Corpus, name: str, where: object) -> Iterator[Row]:
    for batch in batches(corpus, name, corpus.dataset(name).schema.names, where=where):
        yield from batch.to_pylist()


def _complete(corpus: Corpus, pairs: Sequence[Overview]) -> None:
    """Add to the pairs what the other tables say of them."""
    import pyarrow.dataset as ds

    by_id = {pair.pair_id: pair for pair in pairs}
    where = ds.field("pair_id").isin(list(by_id))
    rated: Counter[str] = Counter()
    total: dict[str, float] = dict.fromkeys(by_id, 0.0)
    for batch in batches(corpus, "beads", ("pair_id", "probability", "source_lang", "target_lang"), where=where):
        for pair_id, probability, *langs in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            pair = by_id[pair_id]
            pair.beads += 1
            pair.source.lang, pair.target.lang = langs
            if probability is not None:
                rated[pair_id] += 1
                total[pair_id] += probability
    for pair_id, count in rated.items():
        by_id[pair_id].mean_probability = total[pair_id] / count
    for batch in batches(corpus, "findings", ["pair_id"], where=where):
        for pair_id in batch["pair_id"].to_pylist():
            by_id[pair_id].findings += 1
    _add_pages(corpus, [getattr(pair, side) for pair in pairs for side in SIDES])


def _add_pages(corpus: Corpus, articles: Sequence[Article]) -> None:
    """Add what the pages say; of a pair without beads, and so without languages, nothing is known."""
    import pyarrow.dataset as ds

    wanted: dict[_Key, list[Article]] = {}
    for article in articles:
        wanted.setdefault((article.article_id, article.lang or ""), []).append(article)
    where = ds.field("article_id").isin(sorted({article_id for article_id, _ in wanted}))
    for batch in batches(corpus, "articles", ("article_id", "lang", "title", "date", "url"), where=where):
        for article_id, lang, *said in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            for article in wanted.get((article_id, lang), ()):
                article.title, article.date, article.url = said


def _optional_number(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None
