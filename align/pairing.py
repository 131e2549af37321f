"""Article pairing: which Japanese original each English article was made from, or that there is none.

The most alike articles of the days around it are candidates (`align.candidates`), as are those that a page links to.
Each is looked at (`align.likeness`, `align.printed`), the leading ones are aligned sentence by sentence, and every
piece of evidence is kept by name. A small model makes one probability of it (`align.pair_model`); pairs are given out
best first, each article once (`align.choosing_pairs`).

Memory grows by some seven kilobytes an article. What this does not do: read pages, or look further than the window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from align.candidates import NEAR, NEAR_A_PART, find_candidates
from align.choosing_pairs import Alone, Unpaired, choose_pairs, find_unpaired, rank
from align.encoder import load_encoder
from align.given_pairs import GivenPairs
from align.likeness import Evidence, Rarity, Text
from align.looking import LARGE, Candidate, Looking, Task
from align.pair_model import EVIDENCE, probability
from align.printed import Links, day_number, days_between, printed
from align.scoring import word_table
from align.vectors import Encoder
from corpora.journal import Journal, digest
from corpora.records import Article, Pair
from corpora.shelf import Shelf

__all__ = ["EVIDENCE", "PairOptions", "Pairing", "Unpaired", "days_between", "pair_articles"]

# Pairs less probable are kept only as the best candidate of one of their articles.
LEAST_KEPT = 0.01


@dataclass(frozen=True, slots=True)
class PairOptions:
    """`window_days`: how far apart the dates of a pair may be. Undated articles are compared with all.

    `many`: an article may be in several pairs, as a digest of two originals and an updated version are.
    """

    window_days: int = 3
    min_probability: float = 0.5
    many: bool = False
    candidates: int = 8  # per target article, looked at closely


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pairs, and the articles that are in none."""

    pairs: list[Pair]
    unpaired: list[Unpaired]

    def as_json(self) -> object:
        """Everything, as JSON can hold it."""
        return [[asdict(pair) for pair in self.pairs], [asdict(one) for one in self.unpaired]]

    @classmethod
    def from_json(cls, noted: Any) -> Pairing:
        """What `as_json` gave."""
        pairs, unpaired = noted
        alone = [Unpaired(**{**one, "best": one["best"] and Pair(**one["best"])}) for one in unpaired]
        return cls([Pair(**pair) for pair in pairs], alone)


def pair_articles(
    sources: Sequence[Article],
    targets: Sequence[Article],
    encoder: Encoder | None = None,
    *,
    options: PairOptions | None = None,
    given: GivenPairs | None = None,
    jobs: int = 1,
    notes: Notes | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pairing:
    """One-to-one pairs, by target article id, and everything that stays alone.

    All sources are of one language, and all targets. Without an encoder the bundled one is used. `jobs` is how many
    processes may work on a large pool; the result is the same. A script that asks for several must guard its own work
    by `if __name__ == "__main__"`, because each of them imports it. What was found of a target is kept in `notes` and
    not looked for again. `progress` is called with (steps done, steps in all), a step being an article that is read or
    looked at.
    """
    options, given = options or PairOptions(), given or GivenPairs()
    steps = _Steps(progress, len(sources) + 2 * len(targets))
    pool = _Pool.read(Shelf.of(sources), Shelf.of(targets), encoder or load_encoder(), jobs, steps)
    judged, made = pool.judge(options, given, notes or Notes(Journal(), b""))
    ranked = rank([*judged, *made])
    pairs = choose_pairs(ranked, min_probability=options.min_probability, several=options.many, given=made)
    return Pairing(pairs, find_unpaired(pool.alone(options), ranked, pairs))


@dataclass(frozen=True, slots=True)
class Notes:
    """What was found of each target of a pool, for a run that goes on where another was broken off.

    `key` tells everything that it depends on: the articles, in their order, and the options.
    """

    journal: Journal
    key: bytes

    def get(self, target: int) -> list[Evidence] | None:
        """The evidence of the target's candidates, if it was put."""
        return cast("list[Evidence] | None", self.journal.get(digest(self.key.hex(), target)))

    def put(self, target: int, found: list[Evidence]) -> None:
        self.journal.put(digest(self.key.hex(), target), found)


@dataclass(slots=True)
class _Steps:
    """Counts what is done."""

    progress: Callable[[int, int], None] | None
    total: int
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.total)


@dataclass(slots=True)
class _Pool:
    """All articles, as they are and as pairing sees them. `articles` are without their texts."""

    shelves: tuple[Shelf, Shelf]
    articles: tuple[list[Article], list[Article]]
    texts: tuple[list[Text], list[Text]]
    days: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
    links: Links
    looking: Looking
    rarities: tuple[Rarity, Rarity]
    steps: _Steps
    reach: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] = field(init=False)

    @classmethod
    def read(
        cls,
        sources: Shelf,
        targets: Shelf,
        encoder: Encoder,
        jobs: int,
        steps: _Steps,
    ) -> _Pool:
        shelves = sources, targets
        light = sources.light(), targets.light()
        languages = (light[0][0].lang if sources else "ja", light[1][0].lang if targets else "en")
        looking = Looking(encoder, languages, articles=len(sources) + len(targets), jobs=jobs)
        texts: tuple[list[Text], list[Text]] = [], []
        for found, shelf, lang in zip(texts, shelves, languages, strict=True):
            for text in looking.read(shelf.filed, lang=lang):
                found.append(text)
                steps.step()
        table = word_table(encoder, languages)
        rarities = tuple(Rarity.of(side, table.subwords.size if table else 0) for side in texts)
        days = tuple(np.array([day_number(a.date) if a.date else np.nan for a in side]) for side in light)
        links = Links.between(*light)
        return cls(shelves, light, texts, (days[0], days[1]), links, looking, (rarities[0], rarities[1]), steps)

    def judge(self, options: PairOptions, given: GivenPairs, notes: Notes) -> tuple[list[Pair], list[Pair]]:
        """Every pair worth keeping, and those that were given."""
        best: dict[int, Pair] = {}  # of each source, so far
        kept: dict[tuple[int, int], Pair] = {}
        made = []
        chosen = list(self._candidates(options, given))
        unknown = (self._task(t, sources, several=options.many) for t, sources in chosen if notes.get(t) is None)
        looked = self.looking.judge(unknown, self.rarities)
        for t, numbers in chosen:
            found = notes.get(t)
            if found is None:
                found = next(looked)
                notes.put(t, found)
            pairs = [self._pair(s, t, one) for s, one in zip(numbers, found, strict=True)]
            leading = max((pair.probability for pair in pairs), default=0.0)
            for s, pair in zip(numbers, pairs, strict=True):
                if (s, t) in given.given:
                    made.append(pair)
                elif pair.probability >= min(LEAST_KEPT, leading):
                    kept[s, t] = pair
                if s not in best or pair.probability > best[s].probability:
                    best[s] = pair
            self.steps.step()
        known = {(pair.source_id, pair.target_id) for pair in [*kept.values(), *made]}
        others = [pair for pair in best.values() if (pair.source_id, pair.target_id) not in known]
        return [*kept.values(), *others], made

    def _candidates(self, options: PairOptions, given: GivenPairs) -> Iterator[tuple[int, list[int]]]:
        """Each target with the sources to look at: the most alike, those linked within the window, and those given."""
        wanted: dict[int, set[int]] = {}
        for t, linked in self.links.of_target.items():
            wanted[t] = {s for s in linked if not abs(self.days[0][s] - self.days[1][t]) > options.window_days}
        for s, t in given.given:
            wanted.setdefault(t, set()).add(s)
        self.reach = np.zeros(len(self.texts[0]), dtype=np.intp), np.zeros(len(self.texts[1]), dtype=np.intp)
        if not all(self.texts):
            yield from ((t, []) for t in range(len(self.texts[1])))
            return
        wholes = tuple(np.stack([text.whole for text in side]).astype(np.float32) for side in self.texts)
        near = NEAR_A_PART if options.many else NEAR
        found = find_candidates(
            (wholes[0], wholes[1]), self.days, window_days=options.window_days, most=options.candidates, near=near
        )
        for one in found:
            self.reach[1][one.target] = one.in_reach
            sources = dict.fromkeys([*one.sources, *sorted(wanted.get(one.target, ()))])
            yield one.target, [s for s in sources if (s, one.target) not in given.forbidden]
        self.reach[0][:] = _in_reach(self.days, options.window_days)

    def _task(self, target: int, sources: Iterable[int], *, several: bool) -> Task:
        article = self.articles[1][target]
        candidates = []
        for s in sources:
            source = self.articles[0][s]
            evidence = {**printed(source, article), "link": self.links.of(s, target)}
            candidates.append(Candidate(self.texts[0][s], self.shelves[0].filed[s], evidence))
        small = len(self.texts[1]) <= LARGE
        filed = self.shelves[1].filed[target]
        return Task(self.texts[1][target], filed, candidates, align_all=small, several=several)

    def _pair(self, source: int, target: int, evidence: dict[str, float | None]) -> Pair:
        ids = self.articles[0][source].article_id, self.articles[1][target].article_id
        return Pair(*ids, probability(evidence), {name: evidence[name] for name in EVIDENCE})

    def alone(self, options: PairOptions) -> list[Alone]:
        """The two sides, for whoever asks why an article is alone."""
        linked = self._linked_outside(options.window_days)
        return [
            Alone(name, self.articles[side], self.reach[side].tolist(), linked[side], options)
            for side, name in enumerate(("source", "target"))
        ]

    def _linked_outside(self, window_days: int) -> tuple[dict[int, str], dict[int, str]]:
        """What the articles of either side say of links that their dates forbid to follow."""
        found: tuple[dict[int, str], dict[int, str]] = {}, {}
        for t, sources in self.links.of_target.items():
            for s in sorted(sources):
                apart = abs(self.days[0][s] - self.days[1][t])
                if apart > window_days:
                    pair = self.articles[0][s], self.articles[1][t]
                    for side, number, other in ((0, s, pair[1]), (1, t, pair[0])):
                        found[side].setdefault(
                            number,
                            f"linked with {other.path}, but their dates are {apart:.0f} days "
                            f"apart; --window-days {apart:.0f} would allow it",
                        )
        return found


def _in_reach(days: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], window_days: int) -> npt.NDArray[np.intp]:
    """How many targets each source's date allows."""
    dated = np.sort(days[1][~np.isnan(days[1])])
    undated = len(days[1]) - len(dated)
    within = np.searchsorted(dated, days[0] + window_days, "right") - np.searchsorted(dated, days[0] - window_days)
    return np.where(np.isnan(days[0]), len(days[1]), within + undated)
