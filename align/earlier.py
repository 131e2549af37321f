"""The beads that a corpus has already, for the pairs of articles that are as they were.

A corpus and a new build both have their pairs in the order of their ids, so one walk through both finds them, without
an index and in the memory of one pair. Beads that a filter took out come back from the rejects, since with other
articles beside them they may be judged otherwise. What this does not do: use a corpus of other options or another
version, whose beads might be others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from corpora.journal import digest
from corpora.jsonlines import Row
from corpora.records import Article
from corpora.rows import article_to_row
from corpora.store import Corpus, open_corpus

Found = tuple[list[Row], list[Row]]  # beads and findings


def article_digest(article: Article) -> bytes:
    """What tells an article from any other; where its page lies means nothing."""
    return digest({name: value for name, value in article_to_row(article).items() if name != "path"})


@dataclass(slots=True)
class Earlier:
    """Beads and findings of a corpus, asked for in the order of pair ids."""

    digests: Mapping[tuple[str, str], bytes] = field(default_factory=dict)  # of articles, by id and language
    pairs: Iterator[tuple[str, Found]] = field(default_factory=lambda: iter(()))
    _next: tuple[str, Found] | None = None

    @classmethod
    def of(cls, path: str | Path, fingerprint: str, articles: Iterable[Article]) -> Earlier:
        """What the corpus at a path has, if it is one and was made in the same way; `articles` are its own."""
        if not (Path(path) / "corpus.json").exists():
            return cls()
        corpus = open_corpus(path)
        if corpus.manifest.get("fingerprint") != fingerprint:
            return cls()
        return cls({(a.article_id, a.lang): article_digest(a) for a in articles}, _pairs(corpus))

    def take(self, pair_id: str, digests: tuple[bytes, bytes]) -> Found | None:
        """Beads and findings of a pair, if the corpus has it and its articles have these digests."""
        if self._next is None:
            self._next = next(self.pairs, None)
        while self._next is not None and self._next[0] < pair_id:
            self._next = next(self.pairs, None)
        if self._next is None or self._next[0] != pair_id:
            return None
        beads, findings = self._next[1]
        sides = (("source_article_id", "source_lang"), ("target_article_id", "target_lang"))
        had = tuple(self.digests.get((str(beads[0][name]), str(beads[0][lang]))) for name, lang in sides)
        return (beads, findings) if had == digests else None


def _pairs(corpus: Corpus) -> Iterator[tuple[str, Found]]:
    """Beads and findings of each pair, those that were taken out among them."""
    beads, findings, removed = (
        _Grouped(rows) for rows in (corpus.rows("beads"), corpus.rows("findings"), _removed(corpus))
    )
    while pair := min(filter(None, (beads.pair, removed.pair)), default=""):
        taken: list[Any] = removed.of(pair)
        rows = [*beads.of(pair), *(one["bead"] for one in taken)]
        found = [*findings.of(pair), *(finding for one in taken for finding in one["findings"])]
        for row in rows:
            row["split"] = None
        yield pair, (sorted(rows, key=_bead_id), sorted(found, key=_bead_id))


def _bead_id(row: Row) -> str:
    return str(row["bead_id"])


def _removed(corpus: Corpus) -> Iterator[Row]:
    """What a filter took out, in the order of the beads."""
    for row in corpus.rows("rejects"):
        if row["bead"]:
            content = json.loads(str(row["bead"]))
            yield {"pair_id": content["bead"]["pair_id"], **content}


class _Grouped:
    """Rows of a stream by pair, for pairs asked for in the order of the stream."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, key=lambda row: str(row["pair_id"]))
        self._step()

    def _step(self) -> None:
        """Go on to the next pair; "" behind the last."""
        self.pair, self._rows = next(((pair, list(rows)) for pair, rows in self._groups), ("", []))

    def of(self, pair: str) -> list[Row]:
        """The rows of a pair; those of pairs before it are passed over."""
        while self.pair and self.pair < pair:
            self._step()
        rows = self._rows if self.pair == pair else []
        if rows:
            self._step()
        return rows
