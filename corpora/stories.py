"""Which articles are one story: updates, shortened versions, agency copy, originals and their translations.

The idea is Broder's (On the resemblance and containment of documents, 1997): an article is the set of its shingles,
runs of a few words or characters, and the containment of one article in another is the share of its shingles that the
other has too. Shingles are kept as 64-bit hashes, a fixed part of them chosen by their value, so that what is kept of
two articles can be compared. Articles of one language are multiplied with each other as a sparse matrix, which looks
at those only that share something. What is alike, shares a pair, or has the same address is linked; the connected
parts are the stories.

What this does not do: find that articles on one event are alike if nobody copied words (they are different stories
here), or compare two languages other than by pairs and links. Of shingles that very many articles have, some may be
left out of the search for candidates, so copies that consist of little else may be missed unless they are exact.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from corpora.jsonlines import Row
from corpora.layout import canonical_url
from corpora.tables import UNSPACED_LANGUAGES

WORDS = 4  # in a shingle
CHARACTERS = 8  # in a shingle of a language without spaces; about as long as four English words
KEPT_OF_CHARACTERS = 2  # every second shingle is kept, as there are as many as characters; of words all
# The smaller article's containment in the other one from which on both are one story. Of the sample pages and the
# development set with its follow-ups and sidebars (99 articles), no two different ones are above .05. Changed copies of
# them have, at their 5th percentile: .68 with a fifth of the sentences replaced, .67 with a word of each sentence
# changed, .42 cut to a third and then a fifth replaced. Follow-ups that repeat 30 % of the sentences have .25.
ALIKE = 0.4
LEAST_SHARED = 8  # shingles; a phrase or a dateline that very short articles have in common is not a copy
SAME_ADDRESS = 4  # an address that more articles have, or link to, names no article but a section or a form

Hashes = npt.NDArray[np.uint64]
_Numbers = npt.NDArray[np.int64]
_COST = 400_000_000  # products that a search may take, some 20 s
_BLOCK = 4_000_000  # products at a time, some 100 MB
_BASE = 0x9E3779B97F4A7C15  # any large odd number
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)
_APART = re.compile(r"[\W_]+")
_WORD = re.compile(r"\S+")


def plain(text: str) -> str:
    """NFKC, case folded, with one space for each run of white space and punctuation.

    >>> plain("“Ｔｅｓｔ” No. 5:\\n it's on!")
    'test no 5 it s on'
    """
    return _APART.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def shingles(text: str, lang: str) -> Hashes:
    """Hashes of the shingles that are kept of a text, sorted, each once.

    >>> one, two = shingles("It rained all day in Kitahama", "en"), shingles("IT RAINED, all day in Mito!", "en")
    >>> len(one), len(np.intersect1d(one, two))
    (3, 2)
    """
    normal = plain(text)
    spaced = lang not in UNSPACED_LANGUAGES
    if spaced:
        words = [match.span() for match in _WORD.finditer(normal)]
        width = min(WORDS, len(words))
        starts = np.array([start for start, _ in words[: len(words) - width + 1]], np.int64)
        ends = np.array([end for _, end in words[max(width - 1, 0) :]], np.int64)
    else:
        normal = normal.replace(" ", "")
        width = min(CHARACTERS, len(normal))
        starts = np.arange(len(normal) - width + 1)
        ends = starts + width
    if not normal:
        return np.empty(0, np.uint64)
    hashes = _hash_spans(normal, starts, ends)
    return np.unique(hashes if spaced else hashes[hashes % np.uint64(KEPT_OF_CHARACTERS) == 0])


def _hash_spans(text: str, starts: _Numbers, ends: _Numbers) -> Hashes:
    """A polynomial hash modulo 2**64 of each text[start:end] from sums over prefixes, its bits mixed (splitmix64)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    powers = np.multiply.accumulate(np.full(len(codes), _BASE, np.uint64))
    inverses = np.multiply.accumulate(np.full(len(codes), _BASE_INVERSE, np.uint64))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers, dtype=np.uint64)])
    mixed: Hashes = (sums[ends] - sums[starts]) * inverses[starts]
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Sketches:
    """Shingles of articles one behind the other: those of article i are `hashes[starts[i]:starts[i + 1]]`."""

    hashes: Hashes
    starts: _Numbers  # (n + 1,)

    @classmethod
    def of(cls, articles: Sequence[Hashes]) -> Sketches:
        starts = np.cumsum([0, *map(len, articles)])
        return cls(np.concatenate([np.empty(0, np.uint64), *articles]), starts)

    @property
    def sizes(self) -> _Numbers:
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Pairs of articles, and of each pair the containment of the smaller one in the other."""

    left: _Numbers
    right: _Numbers
    containment: npt.NDArray[np.float64]


def alike(left: Sketches, right: Sketches, at_least: float) -> Iterator[Likeness]:
    """All pairs of an article of `left` and one of `right` that share so much, in blocks by `left`.

    For two times the same sketches, each pair comes once. Where the search is too large, shingles that most articles
    have do not count for finding a pair: half of what `at_least` asks for must then be other shingles. The sketches
    themselves are not needed any more when this returns.
    """
    shared = _shared(left, right)
    lefts = _matrix(left, shared)
    rights = lefts if left is right else _matrix(right, shared)
    return _products(lefts, rights, (left.sizes, right.sizes), at_least)


def closest(
    left: Mapping[str, Hashes], right: Mapping[str, Hashes], at_least: float, count: int
) -> list[tuple[str, str, float]]:
    """The `count` pairs of different articles that are most alike, given shingles by id: ids and containment."""
    names = list(left), list(right)
    found: list[tuple[float, str, str]] = []
    for block in alike(Sketches.of(list(left.values())), Sketches.of(list(right.values())), at_least):
        rows = zip(block.left.tolist(), block.right.tolist(), np.round(block.containment, 4).tolist(), strict=True)
        named = ((-containment, names[0][i], names[1][j]) for i, j, containment in rows)
        found = sorted([*found, *(row for row in named if row[1] != row[2])])[:count]
    return [(one, other, -containment) for containment, one, other in found]


def _products(lefts: Any, rights: Any, sizes: tuple[_Numbers, _Numbers], at_least: float) -> Iterator[Likeness]:
    common = _too_common(_column_counts(lefts) * _column_counts(rights))
    common_left, common_right = lefts[:, common], rights[:, common]
    both = lefts is rights
    if len(common):
        rare = np.delete(np.arange(lefts.shape[1]), common)
        lefts, rights = lefts[:, rare], rights[:, rare]
    columns = rights.T.tocsr()
    for start, end in _blocks(lefts @ np.diff(columns.indptr)):
        found = (lefts[start:end] @ columns).tocoo()
        i, j, overlap = found.row.astype(np.int64) + start, found.col.astype(np.int64), found.data
        smaller = np.minimum(sizes[0][i], sizes[1][j])
        near = overlap >= np.maximum(at_least * smaller, LEAST_SHARED) * (0.5 if len(common) else 1.0)
        near &= (i < j) | (not both)
        i, j, overlap, smaller = i[near], j[near], overlap[near], smaller[near]
        if len(common) and len(i):
            overlap = overlap + np.asarray(common_left[i].multiply(common_right[j]).sum(axis=1)).ravel()
        kept = (overlap >= LEAST_SHARED) & (overlap >= at_least * smaller)
        yield Likeness(i[kept], j[kept], overlap[kept] / smaller[kept])


def _shared(left: Sketches, right: Sketches) -> Hashes:
    """The hashes that two articles have, sorted; of most shingles there is no second."""
    ordered = np.sort(left.hashes)
    if left is right:
        return _distinct(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.intersect1d(_distinct(ordered), _distinct(np.sort(right.hashes)), assume_unique=True)


def _distinct(ordered: Hashes) -> Hashes:
    """As np.unique, which takes ten times as long for millions."""
    first: npt.NDArray[np.bool_] = np.append(np.ones(min(len(ordered), 1), np.bool_), ordered[1:] != ordered[:-1])
    return ordered[first]


def _matrix(sketches: Sketches, shared: Hashes) -> Any:
    """Which article (row) has which of the hashes (column), as a sparse matrix of ones."""
    from scipy.sparse import csr_matrix

    columns = np.full(len(sketches.hashes), -1, np.int32)
    for start in range(0, len(columns) if len(shared) else 0, _BLOCK):
        block = sketches.hashes[start : start + _BLOCK]
        order = np.argsort(block)  # what is sorted is found four times as fast
        places = np.minimum(np.searchsorted(shared, block[order]), len(shared) - 1)
        known = shared[places] == block[order]
        columns[start + order[known]] = places[known]
    starts = np.append(0, np.cumsum(columns >= 0, dtype=np.int32))[sketches.starts]
    columns = columns[columns >= 0]
    return csr_matrix((np.ones(len(columns), np.int32), columns, starts), shape=(len(starts) - 1, len(shared)))


def _column_counts(matrix: Any) -> _Numbers:
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def _too_common(costs: _Numbers) -> _Numbers:
    """The columns that cost most, so many that the others are within `_COST`."""
    if costs.sum() <= _COST:
        return np.empty(0, np.int64)
    order = np.argsort(costs, kind="stable")
    return np.sort(order[np.cumsum(costs[order]) > _COST])


def _blocks(costs: _Numbers) -> Iterator[tuple[int, int]]:
    """Ranges of rows that cost `_BLOCK` together, or one row where that costs more."""
    total = np.cumsum(costs)
    start = 0
    while start < len(costs):
        spent = total[start - 1] if start else 0
        end = max(int(np.searchsorted(total, spent + _BLOCK, side="right")), start + 1)
        yield start, end
        start = end


@dataclass(slots=True)
class _Packed:
    """Sketches that grow in one piece: as arrays of their own, they would leave holes in memory behind."""

    places: array[int] = field(default_factory=lambda: array("q"))
    hashes: array[int] = field(default_factory=lambda: array("Q"))
    starts: array[int] = field(default_factory=lambda: array("q", [0]))

    def add(self, place: int, hashes: Hashes) -> None:
        self.places.append(place)
        self.hashes.frombytes(hashes.tobytes())
        self.starts.append(len(self.hashes))


@dataclass(slots=True)
class _Read:
    """What is kept of the articles that were read."""

    ids: list[str] = field(default_factory=list)
    same: defaultdict[bytes, list[int]] = field(default_factory=lambda: defaultdict(list))  # articles by their shingles
    named: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # by id, address and link
    sketches: dict[str, _Packed] = field(default_factory=dict)  # by language

    def add(self, row: Row) -> None:
        number, lang = len(self.ids), str(row.get("lang") or "")
        self.ids.append(str(row["article_id"]))
        links = row.get("links")
        for name in (row["article_id"], row.get("url"), *(links if isinstance(links, Iterable) else ())):
            address = canonical_url(str(name)) if name and "://" in str(name) else name  # a front page names none
            if address:
                self.named[str(address)].add(number)
        hashes = shingles(str(row.get("text") or ""), lang)
        digest = hashlib.blake2b(lang.encode("utf-8", "replace") + b"\n" + hashes.tobytes(), digest_size=16).digest()
        if len(hashes) >= LEAST_SHARED:
            if digest not in self.same:  # of exact copies one is enough
                self.sketches.setdefault(lang, _Packed()).add(number, hashes)
            self.same[digest].append(number)

    def links(self) -> Iterator[tuple[int, int]]:
        """Articles with the same shingles, id or address."""
        for numbers in self.same.values():
            yield from ((numbers[0], other) for other in numbers[1:])
        for numbers in map(sorted, self.named.values()):
            if len(numbers) <= SAME_ADDRESS:
                yield from ((numbers[0], other) for other in numbers[1:])


def stories(articles: Iterable[Row], pairs: Iterable[Row]) -> dict[str, str]:
    """article_id -> the smallest article_id of its story, whatever the order of the rows; articles are read once.

    >>> rows = [{"article_id": name, "lang": "en", "text": name} for name in ("c", "a", "b")]
    >>> stories(rows, [{"source_id": "b", "target_id": "c"}])
    {'a': 'a', 'b': 'b', 'c': 'b'}
    """
    read = _Read()
    for row in articles:
        read.add(row)
    numbers: dict[str, int] = {}
    for number, name in enumerate(read.ids):
        numbers.setdefault(name, number)
    edges = [np.array([(number, numbers[name]) for number, name in enumerate(read.ids)], np.int64).reshape(-1, 2)]
    edges.append(np.array([*read.links(), *_paired(pairs, numbers)], np.int64).reshape(-1, 2))
    for lang in sorted(read.sketches):
        edges += _copies(read.sketches.pop(lang))
    labels = _connected(np.concatenate(edges), len(read.ids))
    first: dict[int, str] = {}
    found = {name: labels[number] for name, number in sorted(numbers.items())}
    return {name: first.setdefault(label, name) for name, label in found.items()}


def _paired(pairs: Iterable[Row], numbers: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    for pair in pairs:
        source, target = numbers.get(str(pair["source_id"])), numbers.get(str(pair["target_id"]))
        if source is not None and target is not None:
            yield source, target


def _copies(packed: _Packed) -> Iterator[_Numbers]:
    """Edges between articles of one language that are alike."""
    places = np.frombuffer(packed.places, np.int64)
    sketches = Sketches(np.frombuffer(packed.hashes, np.uint64), np.frombuffer(packed.starts, np.int64))
    found = alike(sketches, sketches, ALIKE)
    del packed, sketches  # they are large, and the search takes room too
    for block in found:
        yield np.stack([places[block.left], places[block.right]], axis=1)


def _connected(edges: _Numbers, count: int) -> list[int]:
    """A label for each of `count` articles, the same for those that a chain of edges links."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    links = coo_matrix((np.ones(len(edges), np.bool_), (edges[:, 0], edges[:, 1])), shape=(count, count))
    labels: list[int] = connected_components(links, directed=False)[1].tolist() if count else []
    return labels
