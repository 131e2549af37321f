"""Sharing an alignment of news that may not be redistributed: ids, offsets and hashes, and the corpus again from them.

A stand-off file is JSONL. Its first line says what it is and how it was made; then comes a record for each article of
a pair, each pair, each bead and each finding, known by its first key: `article`, `pair`, `bead`, `finding`. Of texts
there are SHA-256 hashes only, so that in another copy of a page every sentence can be checked, and found where it has
moved.

What this does not do: hide. A hash of a short sentence can be guessed by trying sentences, and an address may hold
words of the headline. Nor does it bring back what findings said: that quoted the texts, so it is said anew from spans.
"""

from __future__ import annotations

import pickle
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol, cast

from corpora.errors import InputError
from corpora.jsonlines import Row
from corpora.records import Article, Reject
from corpora.rows import article_to_row
from corpora.schemas import SCHEMAS
from corpora.shelf import LEVEL
from corpora.standoff_places import Named, OwnArticles, Place, bead_row, side_of
from corpora.standoff_records import (
    FORMAT,
    HEADER,
    SIDES,
    Key,
    Record,
    Where,
    article_record,
    bead_record,
    finding_record,
    finding_row,
    provenance_columns,
    read_header,
    typed,
)
from corpora.store import Corpus

STAGE = "import"  # of the rejects
_OF_OPTIONS = ("pair", "align", "checks", "bars")  # the others name files of whoever made the corpus


def standoff_rows(corpus: Corpus) -> Iterator[Row]:
    """The records of a corpus's stand-off file, the header first. Raises InputError for a corpus with a gap in it."""
    languages = _languages(corpus)
    pairs = {str(row["pair_id"]): _keys(row, languages) for row in corpus.rows("pairs")}
    wanted = {key for keys in pairs.values() for key in keys}
    tables = ("pairs", "beads", "findings")
    yield _header(
        corpus, languages, {"articles": len(wanted), **{name: corpus.dataset(name).count_rows() for name in tables}}
    )
    printed: dict[Key, tuple[object, object]] = {}
    for row in corpus.rows("articles"):
        key = str(row["article_id"]), str(row["lang"])
        if key in wanted:
            printed[key] = row["url"], row["date"]
            yield article_record(row)
    if absent := sorted(wanted - printed.keys()):
        raise InputError(f"{corpus.path} has pairs but no article {absent[0][0]} ({absent[0][1]}); build it again")
    for row in corpus.rows("pairs"):
        yield {"pair": row.pop("pair_id"), **row}
    for row in corpus.rows("beads"):
        keys = pairs.get(str(row["pair_id"]))
        if keys is None:
            raise InputError(f"{corpus.path} has bead {row['bead_id']} but not its pair; build it again")
        yield bead_record(row, provenance_columns(keys, (printed[keys[0]], printed[keys[1]])))
    yield from map(finding_record, corpus.rows("findings"))


def _languages(corpus: Corpus) -> tuple[str, str]:
    options = corpus.manifest.get("options")
    said = options if isinstance(options, Mapping) and "source_lang" in options else next(corpus.rows("beads"), None)
    if said is None:
        raise InputError(f"{corpus.path} does not say which languages it is of; build it again")
    return str(said["source_lang"]), str(said["target_lang"])


def _keys(row: Row, languages: tuple[str, str]) -> tuple[Key, Key]:
    return (str(row["source_id"]), languages[0]), (str(row["target_id"]), languages[1])


def _header(corpus: Corpus, languages: tuple[str, str], counts: Mapping[str, int]) -> Row:
    options, encoder = corpus.manifest.get("options"), corpus.manifest.get("encoder")
    if isinstance(encoder, Mapping) and Path(name := str(encoder.get("name"))).is_absolute():
        encoder = {**encoder, "name": Path(name).name}  # where a model lies on somebody's disk is nobody's business
    return {
        HEADER: FORMAT,
        "version": corpus.manifest.get("version"),
        "source_lang": languages[0],
        "target_lang": languages[1],
        "encoder": encoder,
        "options": {k: options[k] for k in _OF_OPTIONS if k in options} if isinstance(options, Mapping) else {},
        "counts": dict(counts),
    }


@dataclass(slots=True)
class Counts:
    """What became of the articles, beads and findings that a stand-off file names.

    Each article of the file is `found` with the text that was aligned, there but `changed`, or `missing`; `unused` ones
    are the reader's own that no record names. A `moved` bead says the same at another place.
    """

    articles_found: int = 0
    articles_changed: int = 0
    articles_missing: int = 0
    articles_unused: int = 0
    beads_kept: int = 0
    beads_moved: int = 0
    beads_lost: int = 0
    findings_kept: int = 0
    findings_lost: int = 0

    def as_json(self) -> Row:
        return asdict(self)


class Rows(Protocol):
    """Rows that can be counted, and gone through again and again."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A corpus made from a stand-off file: its header, its tables, beads by kind, and what became of everything."""

    header: Row
    tables: Mapping[str, Rows]
    kinds: Mapping[str, int]
    counts: Counts

    @property
    def languages(self) -> tuple[str, str]:
        return str(self.header["source_lang"]), str(self.header["target_lang"])

    @property
    def sizes(self) -> dict[str, int]:
        """Rows by table."""
        return {name: len(rows) for name, rows in self.tables.items()}


def rebuild(records: Iterable[tuple[Where, Row]], articles: Iterable[Article]) -> Rebuilt:
    """The corpus that the records describe, with the texts of one's own copies of its articles.

    `records` are rows with their places, as `read_rows` gives them. An article is known by the hash of its text, else
    by id, else by address. With the same text its beads are what they were, to the letter; in another text they are
    looked for. What is not found is in the table `rejects`: reason `missing` for an article, `changed` for a bead,
    `not-named` for an article of one's own. Raises InputError for records that are malformed or do not fit each other.
    """
    lines = iter(records)
    header = read_header(lines)
    work = _Work((str(header["source_lang"]), str(header["target_lang"])), OwnArticles(articles))
    seen: Counter[str] = Counter()
    for (kind, pair), group in groupby(typed(lines), key=lambda record: record.group):
        if kind in ("bead", "finding"):
            together = list(group)
            (work.add_beads if kind == "bead" else work.add_findings)(pair, together)
            seen[f"{kind}s"] += len(together)
            continue
        for record in group:
            (work.add_article if kind == "article" else work.add_pair)(record)
            seen[f"{kind}s"] += 1
    _require_whole(header, seen)
    return work.finished(header)


def _require_whole(header: Row, seen: Counter[str]) -> None:
    for name, number in cast(dict[str, int], header.get("counts", {})).items():
        if number != seen[name]:
            raise InputError(
                f"the stand-off file promises {number} {name} in its first line and holds {seen[name]}; get the whole "
                "file, or take the counts out of that line"
            )


class _Packed:
    """Rows by pair, packed as `shelf` packs articles."""

    def __init__(self) -> None:
        self._parts: dict[str, list[tuple[int, bytes]]] = {}

    def add(self, pair: str, rows: list[Row]) -> None:
        packed = zlib.compress(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), LEVEL)
        self._parts.setdefault(pair, []).append((len(rows), packed))

    def of(self, pair: str) -> Iterator[Row]:
        for _, packed in self._parts.get(pair, ()):
            yield from pickle.loads(zlib.decompress(packed))  # noqa: S301, ours

    def __len__(self) -> int:
        return sum(number for parts in self._parts.values() for number, _ in parts)

    def __iter__(self) -> Iterator[Row]:
        return (row for pair in self._parts for row in self.of(pair))


class _ArticleRows:
    """The rows of the articles that were found."""

    def __init__(self, found: Sequence[Named]) -> None:
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Row]:
        return (article_to_row(one.article()) for one in self._found)


class _Work:
    """A corpus in the making."""

    def __init__(self, languages: tuple[str, str], own: OwnArticles) -> None:
        self.languages, self.own = languages, own
        self.counts, self.kinds = Counts(), Counter[str]()
        self.named: dict[Key, Named] = {}
        self.pairs: dict[str, tuple[Key, Key]] = {}
        self.missed: Counter[Key] = Counter()  # beads that an article took with it
        self.lost: set[str] = set()
        self.rejects: list[Reject] = []
        self.pair_rows, self.beads, self.findings = _Packed(), _Packed(), _Packed()

    def add_article(self, record: Record) -> None:
        key = record.name, str(record.row["lang"])
        if key in self.named:
            raise InputError(f"{record.where}: article {key[0]} ({key[1]}) stands further up already")
        named = self.named[key] = self.own.named(record)
        self.counts.articles_found += named.is_same
        self.counts.articles_missing += named.copy is None
        self.counts.articles_changed += named.copy is not None and not named.is_same

    def add_pair(self, record: Record) -> None:
        keys = _keys(record.row, self.languages)
        if record.name in self.pairs:
            raise InputError(f"{record.where}: pair {record.name} stands further up already")
        for article_id, lang in keys:
            if (article_id, lang) not in self.named:
                raise InputError(f"{record.where}: no record above describes article {article_id} ({lang})")
        self.pairs[record.name] = keys
        if all(self.named[key].copy for key in keys):
            row = {name: record.row.get(name) for name in SCHEMAS["pairs"].names}
            self.pair_rows.add(record.name, [row | {"pair_id": record.name}])

    def add_beads(self, pair: str, records: Sequence[Record]) -> None:
        """Place the beads of one pair, in order."""
        keys = self.pairs.get(pair)
        if keys is None:
            raise InputError(f"{records[0].where}: no record above describes pair {pair}")
        sides = self.named[keys[0]], self.named[keys[1]]
        was = [(side_of(record, 0, sides[0]), side_of(record, 1, sides[1])) for record in records]
        if absent := [key for key in keys if not self.named[key].copy]:
            self.missed.update({key: len(records) for key in absent})
            self.lost.update(record.name for record in records)
            self.counts.beads_lost += len(records)
            return
        placers = sides[0].placer(), sides[1].placer()
        provenance = provenance_columns(keys, ((sides[0].url, sides[0].date), (sides[1].url, sides[1].date)))
        rows = []
        for record, (source, target) in zip(records, was, strict=True):
            places = placers[0].place(source), placers[1].place(target)
            if places[0] is None or places[1] is None:
                self._lose(record, sides, places)
                continue
            moved = not (places[0].is_at(source) and places[1].is_at(target))
            rows.append(bead_row(record, provenance, (places[0], places[1]), moved=moved))
            self.counts.beads_moved += moved
            self.counts.beads_kept += not moved
            self.kinds[str(rows[-1]["kind"])] += 1
        self.beads.add(pair, rows)

    def _lose(self, record: Record, sides: tuple[Named, Named], places: tuple[Place | None, Place | None]) -> None:
        self.lost.add(record.name)
        self.counts.beads_lost += 1
        gone = [n for n in (0, 1) if places[n] is None]
        copy = sides[gone[0]].copy
        assert copy is not None
        what = " and ".join(SIDES[n] for n in gone)
        detail = f"bead {record.name}: no run of sentences of this copy is the {what} text that was aligned"
        self.rejects.append(Reject(copy.light.path, STAGE, "changed", detail))

    def add_findings(self, pair: str, records: Sequence[Record]) -> None:
        """The findings of one pair, for the beads that are there."""
        texts = {row["bead_id"]: (row["source_text"], row["target_text"]) for row in self.beads.of(pair)}
        rows = []
        for record in records:
            bead = record.row["bead_id"]
            if bead in texts:
                rows.append(finding_row(record, texts[bead]))
            elif bead not in self.lost:
                raise InputError(f"{record.where}: no record above describes bead {bead} of pair {pair}")
        self.findings.add(pair, rows)
        self.counts.findings_kept += len(rows)
        self.counts.findings_lost += len(records) - len(rows)

    def finished(self, header: Row) -> Rebuilt:
        for key, named in self.named.items():
            if not named.copy:
                detail = (
                    f"article {named.article_id} ({named.lang}, {named.date or 'undated'}) is not among the inputs "
                    f"and {self.missed[key]} beads need it; get {named.url or 'it'}"
                )
                self.rejects.append(Reject(named.url or named.article_id, STAGE, "missing", detail))
        unused = self.own.unused()
        self.counts.articles_unused = len(unused)
        not_named = "the stand-off file names no article with this text, id or address"
        self.rejects += [Reject(article.path, STAGE, "not-named", not_named) for article in unused]
        rejects = sorted(self.rejects, key=lambda one: (one.path, one.stage, one.reason, one.detail))
        tables: dict[str, Rows] = {
            "beads": self.beads,
            "articles": _ArticleRows([named for named in self.named.values() if named.copy]),
            "pairs": self.pair_rows,
            "findings": self.findings,
            "rejects": [asdict(one) for one in rejects],
        }
        kinds = dict(sorted(self.kinds.items(), key=lambda item: (-item[1], item[0])))
        return Rebuilt(header, tables, kinds, self.counts)
