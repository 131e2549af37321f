"""What is in a corpus, in numbers: articles, pairs, beads by kind, lengths, probabilities, findings, splits, rejects.

Tables are read a batch of columns at a time, and texts only measured, so a corpus may be larger than memory; what is
kept of a bead is the ratio of its lengths, four bytes. What this does not do: judge, or draw (`corpus_tables`).
"""

from __future__ import annotations

from bisect import bisect, insort
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpora.errors import InputError
from corpora.jsonlines import Row
from corpora.records import SEVERITIES
from corpora.store import Corpus

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SIDES = ("source", "target")
BINS = 10  # of probabilities
UNKNOWN = "unknown"  # host of an article without address
UNSPLIT = "none"


@dataclass(slots=True)
class Kind:
    """Beads of one kind; `rated` of them have a probability, and `total` is the sum of those."""

    count: int = 0
    rated: int = 0
    total: float = 0.0

    @property
    def mean(self) -> float | None:
        return self.total / self.rated if self.rated else None


@dataclass(frozen=True, slots=True)
class Stats:
    """A corpus in numbers.

    `crossings` counts couples of beads of a pair whose order differs between the sides. Characters and sentences are
    those in beads. `ratios` are the quartiles of target length by source length in characters, of beads with two sides;
    `bins` counts probabilities from 0 to 1 by tenths.
    """

    languages: tuple[str, str] | None
    articles: Mapping[str, int]  # by language
    dates: Mapping[str, tuple[str, str]]  # first and last, by language
    publishers: Mapping[str, int]  # articles by host
    pairs: int
    kinds: Mapping[str, Kind]
    crossings: int
    characters: Mapping[str, int]  # by side
    sentences: Mapping[str, int]  # by side
    ratios: tuple[float, float, float] | None
    bins: Sequence[int]
    splits: Mapping[str, int]  # beads by split
    findings: Mapping[str, Mapping[str, int]]  # by category and severity
    rejects: Mapping[tuple[str, str], int]  # by stage and reason

    @property
    def beads(self) -> int:
        return sum(kind.count for kind in self.kinds.values())

    @property
    def null_beads(self) -> int:
        return sum(kind.count for name, kind in self.kinds.items() if is_null(name))

    @property
    def mean_probability(self) -> float | None:
        rated = sum(kind.rated for kind in self.kinds.values())
        return sum(kind.total for kind in self.kinds.values()) / rated if rated else None

    def as_json(self) -> Row:
        """For machines; shares and means to four digits."""
        beads = self.beads
        return {
            "languages": list(self.languages) if self.languages else None,
            "articles": dict(self.articles),
            "dates": {lang: list(days) for lang, days in self.dates.items()},
            "publishers": dict(self.publishers),
            "pairs": self.pairs,
            "beads": beads,
            "null_beads": self.null_beads,
            "crossings": self.crossings,
            "kinds": {
                name: {"beads": kind.count, "share": round(kind.count / beads, 4), "probability": _rounded(kind.mean)}
                for name, kind in self.kinds.items()
            },
            "characters": dict(self.characters),
            "sentences": dict(self.sentences),
            "length_ratio": [round(one, 4) for one in self.ratios] if self.ratios else None,
            "probability": {"mean": _rounded(self.mean_probability), "bins": list(self.bins)},
            "splits": dict(self.splits),
            "findings": {category: dict(counts) for category, counts in self.findings.items()},
            "rejects": [
                {"stage": stage, "reason": reason, "count": count} for (stage, reason), count in self.rejects.items()
            ],
        }


def is_null(kind: str) -> bool:
    """Whether beads of this kind have an empty side.

    >>> is_null("1-0"), is_null("10-1")
    (True, False)
    """
    return "0" in kind.split("-")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def corpus_stats(corpus: Corpus) -> Stats:
    """The numbers of a corpus. Raises InputError if a table is damaged."""
    beads = _Beads()
    for batch in batches(corpus, "beads", _bead_columns()):
        beads.add(batch)
    beads.crossings.close()
    articles: Counter[str] = Counter()
    hosts: Counter[str] = Counter()
    dates: dict[str, tuple[str, str]] = {}
    for batch in batches(corpus, "articles", ("lang", "date", "url")):
        for lang, day, url in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            articles[lang] += 1
            hosts[host(url)] += 1
            if day:
                first, last = dates.get(lang, (day, day))
                dates[lang] = min(first, day), max(last, day)
    return Stats(
        languages=beads.languages,
        articles=_by_count(articles),
        dates=dict(sorted(dates.items())),
        publishers=_by_count(hosts),
        pairs=corpus.dataset("pairs").count_rows(),
        kinds=dict(sorted(beads.kinds.items(), key=lambda item: (-item[1].count, item[0]))),
        crossings=beads.crossings.total,
        characters=beads.characters,
        sentences=beads.sentences,
        ratios=beads.quartiles(),
        bins=beads.bins,
        splits=_by_count(beads.splits),
        findings=_findings(corpus),
        rejects=_rejects(corpus),
    )


def batches(
    corpus: Corpus, name: str, columns: Sequence[str] | Mapping[str, object], *, where: object = None
) -> Iterator[pa.RecordBatch]:
    """Some columns of a table, or expressions by name, a batch at a time. Raises InputError if it is damaged."""
    import pyarrow as pa

    wanted = columns if isinstance(columns, Mapping) else list(columns)
    try:
        yield from corpus.dataset(name).to_batches(
            columns=wanted, filter=where, batch_readahead=1, fragment_readahead=1
        )
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{corpus.path / name} cannot be read: {error}; build the corpus again") from error


def host(url: str | None) -> str:
    """Whose page it is.

    >>> host("https://www.paper.example:8080/a"), host(None)
    ('paper.example', 'unknown')
    """
    try:
        name = urlsplit(url or "").hostname
    except ValueError:  # an address such as https://[broken
        name = None
    return (name or UNKNOWN).removeprefix("www.")


def _bead_columns() -> dict[str, object]:
    """What is read of beads: instead of texts and sentences how many there are."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    columns = ("pair_id", "kind", "probability", "split", "source_lang", "target_lang")
    found: dict[str, object] = {name: ds.field(name) for name in columns}
    for side in SIDES:
        found[f"{side}_characters"] = pc.utf8_length(ds.field(f"{side}_text"))
        found[f"{side}_count"] = pc.list_value_length(ds.field(f"{side}_sentences"))
        found[f"{side}_sentences"] = ds.field(f"{side}_sentences")
    return found


@dataclass(slots=True)
class _Crossings:
    """Counts couples of beads in another order on the target side, as the beads of a pair come by."""

    total: int = 0
    pair: str | None = None
    starts: list[tuple[int, int]] = field(default_factory=list)

    def add(self, pair: str, starts: Sequence[tuple[int, int]]) -> None:
        if pair != self.pair:
            self.close()
            self.pair = pair
        self.starts += starts

    def close(self) -> None:
        before: list[int] = []
        for _, target in sorted(self.starts):
            self.total += len(before) - bisect(before, target)
            insort(before, target)
        self.starts = []


class _Beads:
    """The numbers of beads, batch by batch."""

    def __init__(self) -> None:
        self.languages: tuple[str, str] | None = None
        self.kinds: dict[str, Kind] = {}
        self.crossings = _Crossings()
        self.characters = dict.fromkeys(SIDES, 0)
        self.sentences = dict.fromkeys(SIDES, 0)
        self.bins = [0] * BINS
        self.splits: Counter[str] = Counter()
        self._ratios: list[np.ndarray] = []

    def add(self, batch: pa.RecordBatch) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if not batch.num_rows:
            return
        if self.languages is None:
            self.languages = batch["source_lang"][0].as_py(), batch["target_lang"][0].as_py()
        table = pa.Table.from_batches([batch])
        counted = table.group_by("kind").aggregate(
            [("probability", "sum"), ("probability", "count"), ([], "count_all")]
        )
        for row in counted.to_pylist():
            kind = self.kinds.setdefault(str(row["kind"]), Kind())
            kind.count += row["count_all"]
            kind.rated += row["probability_count"]
            kind.total += row["probability_sum"] or 0.0
        for value in pc.value_counts(batch["split"]).to_pylist():
            self.splits[value["values"] or UNSPLIT] += value["counts"]
        for side in SIDES:
            self.characters[side] += pc.sum(batch[f"{side}_characters"]).as_py() or 0
            self.sentences[side] += pc.sum(batch[f"{side}_count"]).as_py() or 0
        self._add_probabilities(batch)
        self._add_couples(batch)

    def _add_probabilities(self, batch: pa.RecordBatch) -> None:
        import numpy as np

        values = batch["probability"].drop_null().to_numpy(zero_copy_only=False)
        counts, _ = np.histogram(np.clip(values, 0.0, 1.0), bins=BINS, range=(0.0, 1.0))
        self.bins = [a + int(b) for a, b in zip(self.bins, counts, strict=True)]

    def _add_couples(self, batch: pa.RecordBatch) -> None:
        """What only beads with two sides have: a ratio of lengths, and an order."""
        import pyarrow.compute as pc

        whole = pc.and_(pc.greater(batch["source_characters"], 0), pc.greater(batch["target_characters"], 0))
        both = batch.filter(pc.fill_null(whole, False))
        lengths = [both[f"{side}_characters"].to_numpy(zero_copy_only=False) for side in SIDES]
        self._ratios.append((lengths[1] / lengths[0]).astype("float32"))
        placed = both.filter(pc.and_(pc.greater(both["source_count"], 0), pc.greater(both["target_count"], 0)))
        starts = [pc.list_element(placed[f"{side}_sentences"], 0).to_pylist() for side in SIDES]
        rows = zip(placed["pair_id"].to_pylist(), *starts, strict=True)
        for pair, group in groupby(rows, key=lambda row: str(row[0])):
            self.crossings.add(pair, [(source, target) for _, source, target in group])

    def quartiles(self) -> tuple[float, float, float] | None:
        """Of the ratios of lengths; None without beads of two sides."""
        import numpy as np

        ratios = np.concatenate(self._ratios) if self._ratios else np.empty(0, dtype=np.float32)
        if not len(ratios):
            return None
        low, middle, high = (float(one) for one in np.quantile(ratios, [0.25, 0.5, 0.75]))
        return low, middle, high


def _findings(corpus: Corpus) -> dict[str, dict[str, int]]:
    counts: Counter[tuple[str, str]] = Counter()
    for batch in batches(corpus, "findings", ("category", "severity")):
        counts.update(zip(batch["category"].to_pylist(), batch["severity"].to_pylist(), strict=True))
    total: Counter[str] = Counter()
    for (category, _), count in counts.items():
        total[category] += count
    return {
        category: {severity: counts[category, severity] for severity in SEVERITIES if counts[category, severity]}
        for category in _by_count(total)
    }


def _rejects(corpus: Corpus) -> dict[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    for batch in batches(corpus, "rejects", ("stage", "reason")):
        counts.update(zip(batch["stage"].to_pylist(), batch["reason"].to_pylist(), strict=True))
    return dict(sorted(counts.items()))


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
