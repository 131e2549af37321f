"""Tables are written as their rows come: in groups and files of fixed size, compressed, sorted, and always the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import parts
from corpora.jsonlines import Row
from corpora.parts import TableWriter
from corpora.schemas import REPETITIVE, SCHEMA_VERSION, SCHEMAS, SORTED_BY


def rejects(count: int) -> Iterator[Row]:
    return (
        {"path": f"{n:06d}.html", "stage": "extract", "reason": "empty", "detail": "é" * (n % 7)} for n in range(count)
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups of five rows, files of three groups."""
    monkeypatch.setitem(parts.ROWS_PER_GROUP, "rejects", 5)
    monkeypatch.setattr(parts, "GROUPS_PER_FILE", 3)
    monkeypatch.setattr(parts, "AT_ONCE", 4)


def written(folder: Path, name: str, rows: Iterator[Row]) -> list[Path]:
    with TableWriter(folder, name) as writer:
        writer.write(rows)
    return sorted(folder.iterdir())


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 14, 15, 16, 31])
def test_rows_go_into_groups_and_files_of_fixed_size(tmp_path: Path, count: int) -> None:
    files = written(tmp_path / "rejects", "rejects", rejects(count))
    sizes = [
        [pq.ParquetFile(path).metadata.row_group(n).num_rows for n in range(pq.ParquetFile(path).num_row_groups)]
        for path in files
    ]
    assert [path.name for path in files] == [f"part-{n:05d}.parquet" for n in range(max(1, -(-count // 15)))]
    assert all(len(groups) == 3 for groups in sizes[:-1])
    assert [size for groups in sizes for size in groups] == [5] * (count // 5) + ([count % 5] if count % 5 else [])
    found = [row for path in files for row in pq.read_table(path).to_pylist()]
    assert found == [{**row, "bead": None} for row in rejects(count)]


@pytest.mark.usefixtures("small")
@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, 37), max_size=6))
def test_how_the_rows_come_changes_no_byte(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    rows = list(rejects(37))
    at_once = tmp_path_factory.mktemp("once") / "rejects"
    in_parts = tmp_path_factory.mktemp("parts") / "rejects"
    written(at_once, "rejects", iter(rows))
    with TableWriter(in_parts, "rejects") as writer:
        for number, (start, stop) in enumerate(zip([0, *sorted(cuts)], [*sorted(cuts), 37], strict=True)):
            if number % 2:
                columns = pa.RecordBatch.from_pylist(rows[start:stop], schema=SCHEMAS["rejects"])
                writer.write_columns(columns)
            else:
                writer.write(rows[start:stop])
    assert [p.read_bytes() for p in sorted(in_parts.iterdir())] == [p.read_bytes() for p in sorted(at_once.iterdir())]


@pytest.mark.parametrize("name", SCHEMAS)
def test_files_say_what_they_are_and_how_they_are_sorted(tmp_path: Path, name: str) -> None:
    empty: Row = dict.fromkeys(SCHEMAS[name].names)
    (path,) = written(tmp_path / name, name, iter([empty, empty]))
    file = pq.ParquetFile(path)
    assert file.schema_arrow.metadata == {b"taiyaku": f"{name} {SCHEMA_VERSION}".encode()}
    group = file.metadata.row_group(0)
    sorted_by = [file.schema_arrow.names[one.column_index] for one in group.sorting_columns]
    assert tuple(sorted_by) == SORTED_BY[name]
    assert {group.column(n).compression for n in range(group.num_columns)} == {"ZSTD"}


def test_columns_that_repeat_have_dictionaries_and_texts_have_none(tmp_path: Path) -> None:
    empty: Row = dict.fromkeys(SCHEMAS["beads"].names)
    rows = ({**empty, "kind": "1-1", "findings": ["number"], "source_text": f"第{n}号。"} for n in range(100))
    (path,) = written(tmp_path / "beads", "beads", rows)
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    with_dictionary = {name for name, column in columns.items() if "RLE_DICTIONARY" in column.encodings}
    assert with_dictionary == set(REPETITIVE["beads"])


def test_a_failure_leaves_no_open_file(tmp_path: Path) -> None:
    def failing() -> Iterator[Row]:
        yield from rejects(3)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), TableWriter(tmp_path / "rejects", "rejects") as writer:
        writer.write(failing())
