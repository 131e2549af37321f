"""Pools for measuring article pairing: documents with their translations among many thousands of other originals.

Public documents that exist in both languages become articles without titles: the sets of `DATA/docs`, Markdown without
front matter, headings' anchors, code and tags. What fills the pool up are stretches of neighbouring lines of the
encyclopedia and the novels the encoder was trained on, Japanese side only, which makes them harder, not easier: the
encoder knows their words.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from corpora.errors import PageRejected
from corpora.records import Article
from corpora.rows import article_from_row

SETS = ("wmt21_jaen", "wmt21_enja", "ntrex_ja", "kyotowiki_heldout", "ruby_news_autoaligned")
FITTED = "kyotowiki_heldout"  # a third of it `fit_pairing.py` fits on; the pools have the rest
MARKDOWN = ("md_opensource_guide", "md_vue3", "md_react", "md_opentelemetry")
FILLING = ("kftt_kyotowiki", "parallelbook_gpt")
FILLING_LINES = (12, 28)  # of one filling document, as many as an article has
LEAST_CHARACTERS = 120  # of either side; less is a stub, not an article
LEAST_JAPANESE = 0.4  # share of letters; some Markdown files were never translated
PIECE = (8, 14)  # segments
LEFT_OUT = 0.25
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_CODE = re.compile(r"^[ >]*(```+|~~~+).*?^[ >]*\1|<!--.*?-->|\{\{.*?\}\}|<style.*?</style>", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|\{#[^}]*\}|^:::.*$|!?\[|\]\([^)]*\)|\]\[[^\]]*\]|[*_`|]+", re.MULTILINE)
_HEADING = re.compile(r"\A\s*#+ .*")
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")


@dataclass(frozen=True)
class Both:
    """A document in both languages, without its title."""

    id: str
    kind: str  # the set it is from
    source: str
    target: str
    date: str | None = None


def documents(data: Path) -> Iterator[Both]:
    """All documents of the sets that are long enough on both sides and were translated at all."""
    for name in (*SETS, *MARKDOWN):
        for row in _rows(data / "docs" / f"{name}.jsonl.gz"):
            if name in MARKDOWN:
                source, target = prose(row["ja_text"]), prose(row["en_text"])
            else:
                skipped = 0 if name.startswith("ruby") else 1  # the segments of the others begin with the title
                source, target = ("\n\n".join(row[lang][skipped:]) for lang in ("ja", "en"))
            if name == FITTED and is_fitted_on(row["id"]):
                continue
            japanese = len(_JAPANESE.findall(source)) / max(1, sum(map(str.isalpha, source)))
            if min(len(source), len(target)) >= LEAST_CHARACTERS and japanese >= LEAST_JAPANESE:
                yield Both(row["id"], name, source, target, row.get("date"))


def is_fitted_on(document: str) -> bool:
    """Whether a document of the encyclopedia is one of the third that the pairing model is fitted on."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % 3 == 0


def make_pieces(both: Sequence[Both]) -> list[Both]:
    """The documents with known segments cut into pieces, each side without a quarter of its segments.

    A piece's siblings are of the same matter: the hardest wrong candidates there are.
    """
    chance = random.Random(3)
    pieces = []
    for one in both:
        segments = one.source.split("\n\n"), one.target.split("\n\n")
        if one.kind in MARKDOWN or len(segments[0]) != len(segments[1]):
            continue
        start = 0
        while len(segments[0]) - start >= PIECE[0]:
            size = chance.randint(*PIECE)
            sides = [
                "\n\n".join(s for s in side[start : start + size] if chance.random() > LEFT_OUT) for side in segments
            ]
            if min(map(len, sides)) >= LEAST_CHARACTERS:
                pieces.append(Both(f"{one.id}#{start}", one.kind, sides[0], sides[1], one.date))
            start += size
    return pieces


def prose(markdown: str) -> str:
    """The running text of a Markdown file, without its title.

    >>> prose("---\\ntitle: A\\n---\\n# A {#a}\\n\\nSee [this](x.md).\\n```js\\ncode\\n```\\n")
    'See this.'
    """
    text = _TAG.sub("", _CODE.sub("", _FRONT_MATTER.sub("", markdown)))
    return re.sub(r"\n\s*\n\s*", "\n\n", _HEADING.sub("", text)).strip()


def filling(data: Path) -> Iterator[str]:
    """Japanese texts of neighbouring lines, an endless seeming number of them."""
    chance = random.Random(1)
    for name in FILLING:
        with gzip.open(data / "train" / f"{name}.tsv.gz", "rt", encoding="utf-8") as lines:
            while taken := list(islice(lines, chance.randint(*FILLING_LINES))):
                yield "\n\n".join(line.rstrip("\n").partition("\t")[2] for line in taken)


@dataclass(frozen=True)
class Pool:
    """Articles of both languages, and which original each target has: None where it was taken out."""

    sources: list[Article]
    targets: list[Article]
    right: dict[str, str | None]
    kinds: dict[str, str]  # of each target


def make_pool(
    both: Sequence[Both], others: Sequence[str], *, days: int, absent: int | None = None, of: int = 2
) -> Pool:
    """Every document, its original among `others`, all dated within `days` days; 0 leaves the dates out.

    Every `of`-th original, from number `absent` on, is taken out.
    """
    chance = random.Random(2)
    first = date(2025, 3, 1)
    stamps = [str(first + timedelta(days=chance.randrange(days))) if days else None for _ in (*both, *others)]
    rows = [{"id": f"{one.id}", "lang": "ja", "text": one.source} for one in both]
    rows += [{"id": f"other/{number}", "lang": "ja", "text": text} for number, text in enumerate(others)]
    gone = {one.id for number, one in enumerate(both) if absent is not None and number % of == absent}
    sources = _articles({**row, "date": day} for row, day in zip(rows, stamps, strict=True) if row["id"] not in gone)
    own = zip(both, stamps, strict=False)
    targets = _articles({"id": one.id, "lang": "en", "text": one.target, "date": _later(day)} for one, day in own)
    right = {one.id: None if one.id in gone else one.id for one in both}
    return Pool(sources, targets, right, {one.id: one.kind for one in both})


def _later(day: str | None) -> str | None:
    """English versions appear on the day or the next; which of them depends on the day."""
    return day and str(date.fromisoformat(day) + timedelta(days=int(day[-1]) % 2))


def _articles(rows: Iterator[dict[str, str | None]]) -> list[Article]:
    found = []
    for number, row in enumerate(rows):
        try:
            found.append(article_from_row(row, f"pool:{number}"))
        except PageRejected:
            continue  # a filling text of symbols only
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
