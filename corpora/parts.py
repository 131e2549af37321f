"""Writing a table to Parquet as its rows come, in memory that does not grow with their number.

Rows go into row groups of a fixed size and files of a fixed number of row groups, so that the same rows always give
the same bytes, and a reader can take a part. What this does not do: sort. Whoever writes gives the rows in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from corpora.jsonlines import Row, valid_row
from corpora.schemas import REPETITIVE, SORTED_BY, with_version

if TYPE_CHECKING:
    import pyarrow.parquet as pq

AT_ONCE = 2_000  # rows that become columns together; as Python objects they take some 10 MB
# Rows of a row group: some ten megabytes of text each, what a reader holds at a time.
ROWS_PER_GROUP = {"articles": 4_000, "pairs": 50_000, "beads": 50_000, "findings": 50_000, "rejects": 50_000}
GROUPS_PER_FILE = 20
COMPRESSION = "zstd"


class TableWriter:
    """Writes one table of a corpus into a folder: `part-00000.parquet`, `part-00001.parquet` and so on.

    `stem` takes the place of `part`. A table without rows gets one file without row groups, which every reader opens.
    """

    def __init__(self, folder: Path, name: str, *, stem: str = "part") -> None:
        self.rows = 0
        self._folder, self._name, self._stem = folder, name, stem
        self._schema = with_version(name)
        self._group = ROWS_PER_GROUP[name]
        self._rows: list[Row] = []  # that are not columns yet
        self._waiting: list[pa.RecordBatch] = []
        self._files = 0
        self._groups = 0
        self._writer: pq.ParquetWriter | None = None
        folder.mkdir(exist_ok=True)

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        iterator = iter(rows)
        while batch := list(islice(iterator, AT_ONCE - len(self._rows))):
            self._rows += batch
            if len(self._rows) == AT_ONCE:
                self._to_columns()

    def _to_columns(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            self._add(_columns(rows, self._schema))

    def write_columns(self, batch: pa.RecordBatch) -> None:
        """Add rows that are columns already."""
        self._to_columns()
        if batch.num_rows:
            self._add(batch)

    def _add(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self.rows += batch.num_rows
        while sum(b.num_rows for b in self._waiting) >= self._group:
            self._flush(self._group)

    def close(self) -> None:
        """Write what is left."""
        self._to_columns()
        self._flush(self._group)
        if not self._files:
            self._open()
        self._close_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if kind is None:
            self.close()
        elif self._writer is not None:  # whatever went wrong, a second error would hide it
            with suppress(Exception):
                self._writer.close()

    def _flush(self, rows: int) -> None:
        """Write the first rows of those that wait as one row group."""
        table = pa.Table.from_batches(self._waiting, self._schema)
        if not table.num_rows:
            return
        writer = self._writer or self._open()
        writer.write_table(table.slice(0, rows).combine_chunks(), row_group_size=rows)
        self._waiting = table.slice(rows).to_batches()
        self._groups += 1
        if self._groups == GROUPS_PER_FILE:
            self._close_file()

    def _open(self) -> pq.ParquetWriter:
        import pyarrow.parquet as pq

        order = [pq.SortingColumn(self._schema.get_field_index(name)) for name in SORTED_BY[self._name]]
        self._writer = pq.ParquetWriter(
            self._folder / f"{self._stem}-{self._files:05d}.parquet",
            self._schema,
            compression=COMPRESSION,
            use_dictionary=list(REPETITIVE[self._name]),
            sorting_columns=order or None,
        )
        self._files += 1
        return self._writer

    def _close_file(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._groups = None, 0


def _columns(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    try:
        return pa.RecordBatch.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        return pa.RecordBatch.from_pylist([valid_row(row) for row in rows], schema=schema)


def write_tables(folder: Path, tables: Mapping[str, Iterable[Row]], names: Iterable[str]) -> dict[str, int]:
    """Write tables by name, those that are not given empty; how many rows each has."""
    counts = {}
    for name in names:
        with TableWriter(folder / name, name) as writer:
            writer.write(tables.get(name, ()))
        counts[name] = writer.rows
    return counts
