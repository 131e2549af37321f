"""Train, dev and test by story and by time, and a report of what leaks from one into another all the same.

A story (see `stories`) is never divided, and dev is later than train, and test later than dev, as tomorrow's news is
for a model of today. Sentences drawn by chance would stand in both train and test, in an article and its update. The
two days that part the splits bring the sizes closest to the shares; a story that goes on over such a day is left out.

The report is made from the finished splits and the texts alone: it counts texts that two splits share, and searches
for the articles of two splits that are most alike with no regard to stories.

What this does not do: keep a topic, a reporter or a phrase to one split; look at the time of day, or at when an article
was updated; balance genres.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np

from corpora.errors import UsageError
from corpora.jsonlines import Row
from corpora.layout import canonical_url
from corpora.stories import ALIKE, Hashes, closest, plain, shingles, stories

Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = ("train", "dev", "test")
STRADDLES = "straddles"  # the story goes on over a day that parts two splits
NO_ARTICLE = "no-article"  # an article of the pair is not in the table
BUCKETS = 4096  # that stories without any date are divided into
FAINT = 0.1  # resemblance that is not reported; different stories of one topic stay below (see ALIKE)
CLOSEST = 5  # pairs of articles that are named

_Days = dict[str, int | None]
_TEXTS = ("source", "target", "beads")


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """Shares of the pairs, or of the beads where their numbers are given; train has the rest."""

    dev: float = 0.1
    test: float = 0.1

    def __post_init__(self) -> None:
        for name, share in (("dev", self.dev), ("test", self.test)):
            if not 0 <= share < 1:  # true of nan too
                raise UsageError(f"{name} {share} is no share: give a number from 0 to below 1, such as 0.1")
        if self.dev + self.test >= 1:
            raise UsageError(f"dev {self.dev} and test {self.test} leave nothing for train; their sum must be below 1")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where each pair goes; where it says None, `left_out` says why."""

    splits: Mapping[str, Split | None]  # by pair_id
    left_out: Mapping[str, str] = field(default_factory=dict)  # STRADDLES or NO_ARTICLE, by pair_id
    stories: Mapping[str, str] = field(default_factory=dict)  # by article_id
    undated: tuple[str, ...] = ()  # pairs that went to train as no article of their story has a date
    dev_from: str | None = None  # the first day of dev, if anything is in dev
    test_from: str | None = None
    by_time: bool = True  # False where no article has a date


class _Story(NamedTuple):
    """A story with the first and the last day of the articles that are in pairs (None: undated), and its size."""

    name: str
    pairs: tuple[str, ...]
    first: int | None
    last: int | None
    size: int


def assign(
    articles: Iterable[Row], pairs: Iterable[Row], options: SplitOptions, *, beads: Mapping[str, int] | None = None
) -> Assignment:
    """A split for each pair, the same whatever the order of the rows; both tables are read once.

    `beads` are numbers of beads by pair_id; with them the shares are of beads, else of pairs.
    """
    members = {str(row["pair_id"]): (str(row["source_id"]), str(row["target_id"])) for row in pairs}
    days: _Days = {}
    links: Iterable[Row] = ({"source_id": source, "target_id": target} for source, target in members.values())
    found = stories(_noting_days(articles, days), links)
    splits: dict[str, Split | None] = dict.fromkeys(sorted(members))
    left_out = {pair: NO_ARTICLE for pair in splits if not all(name in found for name in members[pair])}
    known = {pair: members[pair] for pair in splits if pair not in left_out}
    told = list(_told(known, found, days, beads or dict.fromkeys(known, 1)))
    by_time = any(story.first is not None for story in told)
    if told and not by_time:
        told = [story._replace(first=at, last=at) for story in told for at in (_digest(story.name) % BUCKETS,)]
    dev_from, test_from = _boundaries(told, options)
    for story in told:
        split = _place(story, dev_from, test_from)
        splits.update(dict.fromkeys(story.pairs, split))
        left_out.update({} if split else dict.fromkeys(story.pairs, STRADDLES))
    return Assignment(
        splits=splits,
        left_out=dict(sorted(left_out.items())),
        stories=found,
        undated=tuple(sorted(pair for story in told if story.first is None for pair in story.pairs)),
        dev_from=date.fromordinal(dev_from).isoformat() if by_time and "dev" in splits.values() else None,
        test_from=date.fromordinal(test_from).isoformat() if by_time and "test" in splits.values() else None,
        by_time=by_time,
    )


def _noting_days(articles: Iterable[Row], days: _Days) -> Iterator[Row]:
    for row in articles:
        days[str(row["article_id"])] = _day(row.get("date"))
        yield row


def _day(stamp: object) -> int | None:
    """The day of a date with or without time, as an ordinal."""
    try:
        return date.fromisoformat(str(stamp)[:10]).toordinal()
    except ValueError:
        return None


def _told(
    members: Mapping[str, tuple[str, str]], found: Mapping[str, str], days: _Days, sizes: Mapping[str, int]
) -> Iterator[_Story]:
    """The stories that have pairs, by name."""
    told = defaultdict(list)
    for pair, (source, _) in members.items():
        told[found[source]].append(pair)
    for name, pairs in sorted(told.items()):
        stamps = [day for pair in pairs for article in members[pair] if (day := days[article]) is not None]
        size = sum(sizes.get(pair, 0) for pair in pairs)
        yield _Story(name, tuple(pairs), min(stamps, default=None), max(stamps, default=None), size)


def _digest(text: str) -> int:
    """64 bits that are the same everywhere."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _place(story: _Story, dev_from: int, test_from: int) -> Split | None:
    if story.first is None or story.last is None or story.last < dev_from:
        return "train"
    if story.first >= test_from:
        return "test"
    return "dev" if story.first >= dev_from and story.last < test_from else None


def _boundaries(told: Sequence[_Story], options: SplitOptions) -> tuple[int, int]:
    """The first days of dev and test: of all two days, those that bring the three sizes closest to the shares.

    What is left out is lacking somewhere, so it counts as well. Before all that, train should not be empty, nor test,
    nor dev, in this order. Of equals the latest days are taken.
    """
    dated = [(story.first, story.last, story.size) for story in told if story.first is not None]
    total = sum(story.size for story in told)
    fixed = total - sum(size for _, _, size in dated)
    firsts, lasts, sizes = np.array(dated, np.int64).reshape(-1, 3).T
    days = np.unique(np.concatenate([firsts, lasts]))
    days = np.append(days, days[-1:] + 1 if len(days) else 0)  # the last one: nothing is so late
    first_at, last_at = np.searchsorted(days, firsts), np.searchsorted(days, lasts)
    ended = np.bincount(last_at, sizes, len(days))  # sizes by last day, of stories that begin at `start` or later
    train = np.cumsum(ended) - ended + fixed  # by the first day of what comes next
    test = np.cumsum(np.bincount(first_at, sizes, len(days))[::-1])[::-1]
    wanted = np.array([1 - options.dev - options.test, options.dev, options.test]) * total
    order = np.argsort(first_at, kind="stable")
    begun = np.searchsorted(first_at[order], np.arange(len(days) + 1))
    best = (np.inf, 0, 0)
    for start in range(len(days)):
        ends = np.arange(start if options.test else len(days) - 1, len(days) if options.dev else start + 1)
        if len(ends):
            dev = (np.cumsum(ended) - ended)[ends]
            misfit = abs(train[start] - wanted[0]) + abs(dev - wanted[1]) + abs(test[ends] - wanted[2])
            empty = 4.0 * (train[start] == 0) + 2 * ((test[ends] == 0) & (wanted[2] > 0))
            scores = np.round(misfit + (empty + ((dev == 0) & (wanted[1] > 0))) * (3 * total), 6)
            least = len(ends) - 1 - int(np.argmin(scores[::-1]))
            best = min(best, (float(scores[least]), -start, -int(ends[least])))
        gone = order[begun[start] : begun[start + 1]]
        np.subtract.at(ended, last_at[gone], sizes[gone])
    return int(days[-best[1]]), int(days[-best[2]])


@dataclass(frozen=True, slots=True)
class Size:
    """What one split holds, and over which days."""

    pairs: int
    beads: int
    articles: int
    stories: int
    first_day: str | None
    last_day: str | None
    undated: int  # articles


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many texts of the later split also stand in the earlier one, of how many."""

    texts: int
    of: int
    share: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two splits share."""

    earlier: Split
    later: Split
    source: Repeated  # sides of beads, by `plain` text without spaces
    target: Repeated
    beads: Repeated  # both sides at once; null beads are not looked at
    articles: int  # ids
    urls: int
    stories: int
    resemblance: float  # the highest containment of two articles; 0 where none is above FAINT
    closest: tuple[tuple[str, str, float], ...]  # the articles that are most alike, with their containment


@dataclass(frozen=True, slots=True)
class LeakReport:
    """What finished splits hold and share."""

    sizes: Mapping[Split, Size]
    overlaps: tuple[Overlap, ...]
    left_out: Mapping[str, int]  # pairs by reason
    left_out_beads: int
    undated_pairs: int  # in train for lack of a date
    by_time: bool

    @property
    def problems(self) -> list[str]:
        """What should not be: shared articles, addresses or stories, copies, days in the wrong order."""
        said = []
        for overlap in self.overlaps:
            where = f"{overlap.earlier} and {overlap.later}"
            shared = {what: getattr(overlap, what) for what in ("articles", "urls", "stories")}
            said += [f"{where} share {count} {what}" for what, count in shared.items() if count]
            if overlap.resemblance >= ALIKE:
                one, other, containment = overlap.closest[0]
                said.append(f"{where} hold copies: {one} and {other} resemble each other by {containment:.2f}")
            end, start = self.sizes[overlap.earlier].last_day, self.sizes[overlap.later].first_day
            if end and start and end >= start:
                said.append(f"{overlap.earlier} ends on {end}, but {overlap.later} begins on {start}")
        return said

    def as_json(self) -> Row:
        return asdict(self) | {"problems": self.problems}

    def as_text(self) -> str:
        """The report for people, in plain lines."""
        lines = [" " * 10 + "".join(f"{split:>12}" for split in self.sizes)]
        for name in Size.__slots__:
            values = (getattr(size, name) for size in self.sizes.values())
            lines.append(f"{name.replace('_', ' '):10}" + "".join(f"{'-' if v is None else v:>12}" for v in values))
        reasons = "".join(f"; {reason}: {count} pairs" for reason, count in self.left_out.items())
        lines.append(f"left out: {sum(self.left_out.values())} pairs, {self.left_out_beads} beads{reasons}")
        if not self.by_time:
            lines.append("no article has a date: stories were divided by a hash of their ids, not by time")
        elif self.undated_pairs:
            lines.append(f"undated: {self.undated_pairs} pairs, all in train; they may be of any time")
        for one in self.overlaps:
            parts = {"source texts": one.source, "target texts": one.target, "whole beads": one.beads}
            counts = ", ".join(f"{part.texts} of {part.of} {name} ({part.share:.1%})" for name, part in parts.items())
            most = ", ".join(f"{left} - {right} {containment:.2f}" for left, right, containment in one.closest)
            lines.append(f"{one.later} that stands in {one.earlier} too: {counts}")
            lines.append(f"  most alike: {most or f'no articles above {FAINT}'}")
        return "\n".join([*lines, *(f"LEAK: {problem}" for problem in self.problems)])


@dataclass(slots=True)
class _Held:
    """What is kept of one split while its rows pass by."""

    texts: dict[str, array[int]] = field(default_factory=lambda: {name: array("Q") for name in _TEXTS})
    beads: int = 0
    articles: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    stories: set[str] = field(default_factory=set)
    days: set[int] = field(default_factory=set)
    undated: int = 0
    shingles: dict[str, dict[str, Hashes]] = field(default_factory=dict)  # by language and article_id

    def add_bead(self, row: Row) -> None:
        self.beads += 1
        sides = [plain(str(row.get(f"{side}_text") or "")).replace(" ", "") for side in ("source", "target")]
        for name, text in zip(_TEXTS, (*sides, "\n".join(sides) if all(sides) else ""), strict=True):
            if text:
                self.texts[name].append(_digest(text))
        self.articles.update(str(row[f"{side}_article_id"]) for side in _TEXTS[:2])

    def add_article(self, row: Row, story: str) -> None:
        name, lang, day = str(row["article_id"]), str(row.get("lang") or ""), _day(row.get("date"))
        self.urls.update(filter(None, [canonical_url(str(row.get("url") or ""))]))
        self.stories.add(story)
        self.days.update({day} if day else ())
        self.undated += day is None
        self.shingles.setdefault(lang, {})[name] = shingles(str(row.get("text") or ""), lang)


def leaks(articles: Iterable[Row], beads: Iterable[Row], assignment: Assignment) -> LeakReport:
    """What the splits hold and share, found in the texts; both tables are read once, beads first."""
    held: dict[Split, _Held] = {split: _Held() for split in SPLITS}
    left_out_beads = 0
    for row in beads:
        if place := assignment.splits.get(str(row["pair_id"])):
            held[place].add_bead(row)
        else:
            left_out_beads += 1
    for row in articles:
        name = str(row["article_id"])
        for one in held.values():
            if name in one.articles:
                one.add_article(row, assignment.stories.get(name, name))
    pairs, reasons = Counter(assignment.splits.values()), Counter(assignment.left_out.values())
    sizes = {split: _size(one, pairs[split]) for split, one in held.items()}
    overlaps = tuple(_overlap(one, other, held[one], held[other]) for one, other in combinations(SPLITS, 2))
    undated = len(assignment.undated)
    return LeakReport(sizes, overlaps, dict(sorted(reasons.items())), left_out_beads, undated, assignment.by_time)


def _size(held: _Held, pairs: int) -> Size:
    first, last = (date.fromordinal(end(held.days)).isoformat() if held.days else None for end in (min, max))
    return Size(pairs, held.beads, len(held.articles), len(held.stories), first, last, held.undated)


def _overlap(one: Split, other: Split, earlier: _Held, later: _Held) -> Overlap:
    source, target, beads = (_repeated(earlier.texts[name], later.texts[name]) for name in _TEXTS)
    articles, urls, told = (
        len(getattr(earlier, name) & getattr(later, name)) for name in ("articles", "urls", "stories")
    )
    found = []
    for lang in earlier.shingles.keys() & later.shingles.keys():
        found += closest(earlier.shingles[lang], later.shingles[lang], FAINT, CLOSEST)
    most = tuple(sorted(found, key=lambda likeness: (-likeness[2], *likeness[:2]))[:CLOSEST])
    return Overlap(one, other, source, target, beads, articles, urls, told, most[0][2] if most else 0.0, most)


def _repeated(earlier: array[int], later: array[int]) -> Repeated:
    known, asked = (np.frombuffer(texts, np.uint64) if texts else np.empty(0, np.uint64) for texts in (earlier, later))
    count = int(np.isin(asked, known).sum())
    return Repeated(count, len(asked), count / len(asked) if len(asked) else 0.0)
