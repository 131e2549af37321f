"""Pairs that a user knows already, to be made or never to be made: `--pairs FILE`.

What `taiyaku pair` writes can be read back after a look at it. Articles are named by id, address or path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import InputError
from corpora.layout import canonical_url
from corpora.read import read_pages
from corpora.records import Article, Reject

SOURCE, TARGET, VERDICT = ("source_id", "source", "ja"), ("target_id", "target", "en"), ("is_pair", "verdict", "pair")
YES = frozenset(["", "1", "true", "yes", "y", "give", "given", "right", "ok"])
NO = frozenset(["0", "false", "no", "n", "forbid", "forbidden", "wrong"])


@dataclass(frozen=True, slots=True)
class GivenPairs:
    """Numbers of a source and a target article each."""

    given: frozenset[tuple[int, int]] = frozenset()
    forbidden: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class NamedPair:
    """A line of the file."""

    where: str
    source: str
    target: str
    is_pair: bool


def read_given_pairs(path: str | Path) -> list[NamedPair]:
    """The lines of a CSV, TSV, JSONL or Parquet file. Raises InputError where one does not say what it should."""
    if not Path(path).is_file():
        raise InputError(f"--pairs {path}: there is no such file")
    found = []
    for page in read_pages([path]):
        if isinstance(page, Reject):
            where = "" if page.path in page.detail else f" {page.path}:"
            raise InputError(f"--pairs{where} {page.detail.replace('holds no page', 'holds no pair')}")
        if page.kind != "row":
            raise InputError(
                f"--pairs {path} holds no rows of source_id, target_id; give a table (.csv .tsv .jsonl .parquet)"
            )
        found.append(_named(page.fields, page.path))
    if not found:
        raise InputError(f"--pairs {path} holds no pair")
    return found


def _named(row: Mapping[str, object], where: str) -> NamedPair:
    names = [next((str(row[key]).strip() for key in keys if row.get(key)), "") for keys in (SOURCE, TARGET)]
    if not all(names):
        raise InputError(
            f"--pairs {where}: expected source_id and target_id, found {', '.join(map(str, row)) or 'nothing'}"
        )
    said = next((str(row[key]).strip().lower() for key in VERDICT if row.get(key) is not None), "")
    if said not in YES | NO:
        raise InputError(f"--pairs {where}: is_pair is {said!r}; write yes for a pair, no for what must not become one")
    return NamedPair(where, names[0], names[1], said in YES)


def resolve(named: Iterable[NamedPair], sources: Sequence[Article], targets: Sequence[Article]) -> GivenPairs:
    """The same by numbers of articles. Raises InputError for an article that is not there, and for contradictions."""
    pairs = list(named)
    if not pairs:
        return GivenPairs()
    places = [_places(side) for side in (sources, targets)]
    verdicts: dict[tuple[int, int], NamedPair] = {}
    for one in pairs:
        number = _find(one, one.source, places[0], "source"), _find(one, one.target, places[1], "target")
        before = verdicts.setdefault(number, one)
        if before.is_pair != one.is_pair:
            raise InputError(f"--pairs {one.where} says the opposite of {before.where}; which is right?")
    chosen = {number for number, one in verdicts.items() if one.is_pair}
    return GivenPairs(frozenset(chosen), frozenset(verdicts.keys() - chosen))


def _places(articles: Sequence[Article]) -> dict[str, int]:
    places: dict[str, int] = {}
    for number, article in enumerate(articles):
        for name in _names(article):
            places.setdefault(name, number)
    return places


def _names(article: Article) -> Iterator[str]:
    yield article.article_id
    if article.url:
        yield canonical_url(article.url) or article.url
    yield article.path
    yield Path(article.path).name


def _find(pair: NamedPair, name: str, places: Mapping[str, int], side: str) -> int:
    place = places.get(canonical_url(name) or name)
    if place is None:
        raise InputError(
            f"--pairs {pair.where}: there is no {side} article {name} among the inputs; name it by id, address or file"
        )
    return place
