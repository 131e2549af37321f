"""Beads to the tables of a corpus, in memory that does not grow with their number.

Beads are written as they come, surveyed, and then copied, column by column, without those that a filter takes out
(`corpora.clean`). Those go to the rejects with everything known of them, so that nothing is lost and a later build can
judge them anew. What this does not do: decide which beads there are, or put a corpus in its place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpora.clean import FILTERS, KEPT, REASONS, CleanOptions, Survey, Verdicts
from corpora.jsonlines import Row
from corpora.parts import TableWriter, write_tables
from corpora.records import Reject
from corpora.schemas import SCHEMAS

BINS = 20  # of the histogram of probabilities
STAGE = "clean"  # of the rejects that are beads
AHEAD = 50_000  # rows that are read at a time


@dataclass(slots=True)
class Tally:
    """What is in the tables that were written."""

    counts: dict[str, int] = field(default_factory=dict)  # rows by table
    kinds: Counter[str] = field(default_factory=Counter)  # beads by kind
    findings: Counter[str] = field(default_factory=Counter)  # by category
    removed: Counter[str] = field(default_factory=Counter)  # beads that a filter took out, by the filter's name
    histogram: list[int] = field(default_factory=lambda: [0] * BINS)  # two-sided beads by probability


@dataclass(frozen=True, slots=True)
class Others:
    """Everything of a corpus but its beads and findings, sorted; `paths` are of source articles by their ids."""

    articles: Iterable[Row]
    pairs: Iterable[Row]
    rejects: Iterable[Reject]
    paths: Mapping[str, str]


def assemble(
    folder: Path, scratch: Path, parts: Iterable[tuple[list[Row], list[Row]]], others: Others, options: CleanOptions
) -> Tally:
    """Write all tables into a folder; `parts` are the beads and findings of each pair, in the order of pair ids.

    `scratch` is a folder on the same disk for what is written on the way, which takes as much room.
    """
    survey = Survey(options)
    with TableWriter(scratch / "beads", "beads") as beads, TableWriter(scratch / "findings", "findings") as findings:
        for bead_rows, finding_rows in parts:
            beads.write(bead_rows)
            findings.write(finding_rows)
    for batch in _batches(scratch / "beads"):
        survey.add(batch)
    verdicts, twins = survey.verdicts()
    judged = Judged(scratch, verdicts, _ids(scratch, twins), others.paths)
    tally = Tally()
    _copy_beads(judged, folder / "beads", tally)
    _copy_findings(judged, folder / "findings", tally)
    rejects = chain(map(reject_row, others.rejects), judged.removed(tally))
    rest = {"articles": others.articles, "pairs": others.pairs, "rejects": rejects}
    counts = tally.counts | write_tables(folder, rest, rest)
    tally.counts = {name: counts[name] for name in SCHEMAS}
    return tally


def reject_row(reject: Reject) -> Row:
    """A row of `rejects/` for what is no bead."""
    return {**asdict(reject), "bead": None}


@dataclass(frozen=True, slots=True)
class Judged:
    """The beads and findings in `scratch` with the verdict on each bead; `twins` are the beads kept for duplicates."""

    scratch: Path
    verdicts: Verdicts
    twins: Mapping[int, str]  # by the row of the duplicate
    paths: Mapping[str, str]

    def beads(self) -> Iterator[tuple[int, pa.RecordBatch, Verdicts]]:
        """The beads with their verdicts, and the row of the first."""
        row = 0
        for batch in _batches(self.scratch / "beads"):
            yield row, batch, self.verdicts[row : row + batch.num_rows]
            row += batch.num_rows

    def removed_ids(self) -> pa.Array:
        """Ids of the beads that are taken out."""
        found = [batch.column("bead_id").filter(pa.array(verdicts != KEPT)) for _, batch, verdicts in self.beads()]
        return pa.concat_arrays(found) if found else pa.array([], pa.string())

    def removed(self, tally: Tally) -> Iterator[Row]:
        """A reject for each bead that is taken out, in their order."""
        findings = _Grouped(self._findings_removed())
        for first, batch, verdicts in self.beads():
            at = np.flatnonzero(verdicts != KEPT)
            for row, place in zip(batch.take(pa.array(at)).to_pylist(), at.tolist(), strict=True):
                name = FILTERS[int(verdicts[place]) - 1]
                tally.removed[name] += 1
                content = {"bead": row, "findings": findings.of(str(row["bead_id"]))}
                yield {
                    "path": self.paths.get(str(row["source_article_id"]), str(row["source_article_id"])),
                    "stage": STAGE,
                    "reason": REASONS[name],
                    "detail": _why(name, row, self.twins.get(first + place)),
                    "bead": json.dumps(content, ensure_ascii=False),
                }

    def _findings_removed(self) -> Iterator[Row]:
        ids = self.removed_ids()
        for batch in _batches(self.scratch / "findings"):
            yield from batch.filter(pc.is_in(batch.column("bead_id"), ids)).to_pylist()


class _Grouped:
    """Rows of a stream by bead, for beads asked for in the order of the stream."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, bead_id: str) -> list[Row]:
        found = []
        while self._next is not None and self._next["bead_id"] == bead_id:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _why(name: str, row: Row, twin: str | None) -> str:
    bead = f"bead {row['bead_id']} ({row['kind']})"
    if name == "duplicate":
        return f"{bead} says what the more probable bead {twin} says"
    return {
        "boilerplate": f"{bead} has a text that beads of many articles have",
        "language": f"{bead} is not {row['source_lang']} on one side and {row['target_lang']} on the other",
        "length": f"{bead} has a side far longer than the other",
        "probability": f"{bead} is less probable than was asked for",
    }[name]


def _copy_beads(judged: Judged, folder: Path, tally: Tally) -> None:
    with TableWriter(folder, "beads") as writer:
        for _, batch, verdicts in judged.beads():
            kept = batch.filter(pa.array(verdicts == KEPT))
            writer.write_columns(kept)
            tally.kinds.update(kept.column("kind").to_pylist())
            two_sided = pc.and_(pc.is_valid(kept.column("source_text")), pc.is_valid(kept.column("target_text")))
            probabilities = kept.filter(two_sided).column("probability").drop_null().to_numpy(zero_copy_only=False)
            found, _ = np.histogram(probabilities, bins=BINS, range=(0, 1))
            tally.histogram = [a + int(b) for a, b in zip(tally.histogram, found, strict=True)]
    tally.counts["beads"] = writer.rows


def _copy_findings(judged: Judged, folder: Path, tally: Tally) -> None:
    ids = judged.removed_ids()
    with TableWriter(folder, "findings") as writer:
        for batch in _batches(judged.scratch / "findings"):
            kept = batch.filter(pc.invert(pc.is_in(batch.column("bead_id"), ids)))
            writer.write_columns(kept)
            tally.findings.update(kept.column("category").to_pylist())
    tally.counts["findings"] = writer.rows


def _ids(scratch: Path, twins: Mapping[int, int]) -> dict[int, str]:
    """Of each duplicate the id of the bead that is kept."""
    wanted = np.array(sorted(set(twins.values())), dtype=np.int64)
    found: dict[int, str] = {}
    row = 0
    for batch in _batches(scratch / "beads") if twins else ():
        inside = wanted[(wanted >= row) & (wanted < row + batch.num_rows)]
        ids = batch.column("bead_id").take(pa.array(inside - row)).to_pylist()
        found.update(zip(inside.tolist(), ids, strict=True))
        row += batch.num_rows
    return {one: found[kept] for one, kept in twins.items()}


def _batches(folder: Path) -> Iterator[pa.RecordBatch]:
    """What was written into a folder, in order, a row group at a time."""
    import pyarrow.parquet as pq

    for path in sorted(folder.iterdir()):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(AHEAD)
