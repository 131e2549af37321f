"""What pages print about their articles, as evidence for pairs: reporters, departments, dates, links, addresses.

An English version credits the reporters of its original and their department, is dated the same day or a little later,
and may link to it. No text is needed for this, and none is looked at. What this does not do: weigh
(`align.pair_model`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from align.departments import same_department
from align.names import match_names
from corpora.layout import canonical_url
from corpora.records import Article

PRINTED = ("credit", "byline", "department", "days", "link", "url")
# Parts of an address that say the language and nothing about the article.
_LANGUAGE = re.compile(r"(?:(?<=[/.])|^)(?:en|ja|jp|jpn|eng|english|japanese|nihongo|en-us|en-gb|ja-jp)(?=[/.]|$)")
_NUMBER = re.compile(r"(?<!\d)\d{6,}(?=(?:\.\w+)?$)")


@dataclass(frozen=True, slots=True)
class Links:
    """Which articles name which as their counterpart: of each side, the other side's articles by number."""

    of_source: Mapping[int, frozenset[int]]
    of_target: Mapping[int, frozenset[int]]

    @classmethod
    def between(cls, sources: Sequence[Article], targets: Sequence[Article]) -> Links:
        """Links to articles that are not at hand say nothing."""
        found = set(_found(targets, sources)) | {(t, s) for s, t in _found(sources, targets)}
        of_source: dict[int, set[int]] = {}
        of_target: dict[int, set[int]] = {}
        for t, s in found:
            of_source.setdefault(s, set()).add(t)
            of_target.setdefault(t, set()).add(s)
        return cls(*({k: frozenset(v) for k, v in side.items()} for side in (of_source, of_target)))

    def of(self, source: int, target: int) -> float | None:
        """1 for a pair that is linked, 0 where either is linked to others only, None without links."""
        linked = self.of_source.get(source, frozenset()), self.of_target.get(target, frozenset())
        if not any(linked):
            return None
        return float(target in linked[0])


def _found(articles: Sequence[Article], others: Sequence[Article]) -> Iterable[tuple[int, int]]:
    """(article, other) for every link from the articles to one of the others."""
    if not any(article.links for article in articles):
        return
    places: dict[str, int] = {}
    for number, other in enumerate(others):
        for name in (canonical_url(other.url), other.article_id):
            if name:
                places.setdefault(name, number)
    for number, article in enumerate(articles):
        for link in article.links:
            place = places.get(canonical_url(link) or link)
            if place is not None:
                yield number, place


def printed(source: Article, target: Article) -> dict[str, float | None]:
    """What the pages of a pair say, by the names of PRINTED but for `link`; None where they do not say."""
    return {
        "credit": match_names(target.credit, source.byline),
        "byline": None if target.credit else match_names(target.byline, source.byline),
        "department": same_department(target.department, source.department),
        "days": days_between(source, target),
        "url": 1.0 if _same_address(source.url, target.url) else None,
    }


def days_between(source: Article, target: Article) -> int | None:
    """Days from the original to the translation; None unless both are dated."""
    if source.date is None or target.date is None:
        return None
    return day_number(target.date) - day_number(source.date)


@lru_cache(maxsize=10_000)
def day_number(day: str) -> int:
    """Of an ISO 8601 day, counted from the year 1."""
    return date.fromisoformat(day).toordinal()


def _same_address(one: str | None, other: str | None) -> bool:
    """Whether two addresses differ in their language only, or end in the same long number on one site.

    >>> _same_address("https://news.example/en/a/1234567.html", "https://news.example/ja/a/1234567.html")
    True
    >>> _same_address("https://news.example/english/20260304", "https://news.example/20260305")
    False
    """
    if not one or not other:
        return False
    keys = _key(one), _key(other)
    if keys[0] is None or keys[1] is None:
        return False
    return keys[0][0] == keys[1][0] and (keys[0][1] == keys[1][1] or (keys[0][2] == keys[1][2] is not None))


@lru_cache(maxsize=10_000)
def _key(url: str) -> tuple[str, str, str | None] | None:
    """Site, path and query without language, and the number at the end of the path that is no date."""
    address = canonical_url(url)
    if address is None:
        return None
    parts = urlsplit(address)
    site = ".".join(parts.netloc.split(":")[0].split(".")[-2:])
    path = re.sub("/+", "/", _LANGUAGE.sub("", f"{parts.path}?{parts.query}".lower())).strip("/?")
    number = _NUMBER.search(parts.path)
    told = number.group() if number and not re.fullmatch(r"(?:19|20)\d{6}", number.group()) else None
    return (site, path, told) if path else None
