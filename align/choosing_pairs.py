"""Which of the judged pairs are made, and why the other articles stay alone.

Best first, each article once. With `several` an article may be in more pairs: a digest has two originals, and an
original an updated version. What a user gave or forbade comes before everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpora.records import Article, Pair


@dataclass(frozen=True, slots=True)
class Unpaired:
    """An article left alone: why, and the best candidate if there was one."""

    article_id: str
    path: str
    lang: str
    why: str
    best: Pair | None


Side = tuple[str, str]  # which side, and an article's id there: the two sides may use the same ids


def both(pair: Pair) -> tuple[Side, Side]:
    return ("source", pair.source_id), ("target", pair.target_id)


def rank(judged: Iterable[Pair]) -> list[Pair]:
    """The likeliest first; those that are as likely by what is most alike, then by id."""
    return sorted(judged, key=lambda p: (-p.probability, -(p.evidence["whole"] or 0.0), p.target_id, p.source_id))


def choose_pairs(
    ranked: Sequence[Pair], *, min_probability: float, several: bool = False, given: Sequence[Pair] = ()
) -> list[Pair]:
    """The pairs that are made, by target id."""
    pairs = list(given)
    taken = {side for pair in given for side in both(pair)}
    known = {(pair.source_id, pair.target_id) for pair in given}
    settled = set(taken)  # a user who gives an article its pair has said all about it
    for pair in ranked:
        if pair.probability < min_probability or (pair.source_id, pair.target_id) in known:
            continue
        if (settled if several else taken).isdisjoint(both(pair)):
            taken.update(both(pair))
            pairs.append(pair)
    return sorted(pairs, key=lambda p: (p.target_id, p.source_id))


class Thresholds(Protocol):
    """What of the options the reasons name."""

    @property
    def window_days(self) -> int: ...

    @property
    def min_probability(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Alone:
    """What is known of the articles of one side when the pairs are made."""

    side: str
    articles: Sequence[Article]
    in_reach: Sequence[int]  # how many articles of the other side each one's date allows
    linked: Mapping[int, str]  # what an article links to outside the window, in words
    options: Thresholds

    def unpaired(self, taken: set[Side], best: Mapping[Side, Pair]) -> Iterator[Unpaired]:
        """Those that are in no pair, each with the reason in words."""
        for number, (article, reach) in enumerate(zip(self.articles, self.in_reach, strict=True)):
            key = (self.side, article.article_id)
            if key not in taken:
                candidate = best.get(key)
                why = self.linked.get(number) or self._why(candidate, reach)
                yield Unpaired(article.article_id, article.path, article.lang, why, candidate)

    def _why(self, best: Pair | None, reach: int) -> str:
        if best is None and reach:
            return "not among the most alike candidates of any article in the other language"
        if best is None:
            return f"no article in the other language within {self.options.window_days} days"
        if best.probability < self.options.min_probability:
            return f"best candidate has probability {best.probability:.2f}, below {self.options.min_probability:g}"
        return f"best candidate (probability {best.probability:.2f}) fits another article better"


def find_unpaired(sides: Sequence[Alone], ranked: Sequence[Pair], pairs: Sequence[Pair]) -> list[Unpaired]:
    """All articles in no pair, by language and id."""
    taken = {side for pair in pairs for side in both(pair)}
    best: dict[Side, Pair] = {}
    for pair in ranked:
        for side in both(pair):
            best.setdefault(side, pair)
    found = [one for side in sides for one in side.unpaired(taken, best)]
    return sorted(found, key=lambda u: (u.lang, u.article_id))
