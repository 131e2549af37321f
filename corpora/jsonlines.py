"""Reading and writing the interchange format: one JSON object a line, or the same rows as Parquet, by file suffix.

`-` is standard input or output (JSONL). How files appear is for `outputs`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from corpora.errors import InputError, UsageError
from corpora.outputs import is_standard_output, open_output, replacing, require_outputs

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, object]

_ROW_SUFFIXES = frozenset(("", ".jsonl", ".ndjson", ".json", ".parquet"))

# Half of a UTF-16 pair, which JSON escapes and names of files may hold; no file of ours can.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def read_rows(path: str | Path) -> Iterator[tuple[str, Row]]:
    """(where, row) for each row, `where` naming file and line for messages.

    Raises InputError for a file that cannot be read or a line that is not a JSON object.
    """
    if str(path) != "-" and Path(path).suffix.lower() == ".parquet":
        yield from _read_parquet(Path(path))
        return
    with _open_text(path) as lines:
        try:
            yield from parse_rows(lines, str(path))
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not UTF-8: {error}; JSONL must be saved as UTF-8") from error


def parse_rows(lines: Iterable[str], name: str) -> Iterator[tuple[str, Row]]:
    """(where, row) for each line that is not blank; `name` says in messages where the lines come from."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield f"{name}:{number}", _parse(line, f"{name}:{number}")


def _parse(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise InputError(f'{where} holds {type(row).__name__}, expected a JSON object such as {{"id": ...}}')
    return valid_row(row) if "\\ud" in line.lower() else row


def printable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, so that it can be written.

    >>> printable("a\\ud800b") == "a\\ufffdb"
    True
    """
    return _LONE_SURROGATE.sub("\ufffd", text)


def valid_row(row: Mapping[str, object]) -> Row:
    """The row with U+FFFD for each lone surrogate.

    >>> valid_row({"text": "a\\ud800b"}) == {"text": "a\\ufffdb"}
    True
    """
    valid: Row = json.loads(printable(json.dumps(row, ensure_ascii=False)))
    return valid


@contextmanager
def _open_text(path: str | Path) -> Iterator[IO[str]]:
    if str(path) == "-":
        yield sys.stdin
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(path).open(encoding="utf-8-sig"))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}") from error
        yield file


def _read_parquet(path: Path) -> Iterator[tuple[str, Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from error
    number = 0
    with file:
        try:
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path}:{number}", row
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"{path} is damaged behind row {number}: {error}") from error


def require_row_outputs(outputs: Mapping[str, str | None], inputs: Sequence[str | Path] = ()) -> None:
    """Raise UsageError for outputs that rows could not be written to; see `outputs.require_outputs`."""
    require_outputs(outputs, inputs)
    for path in filter(None, outputs.values()):
        _row_suffix(path)


def _row_suffix(path: str | Path) -> str:
    suffix = "" if is_standard_output(path) else Path(path).suffix.lower()
    if suffix not in _ROW_SUFFIXES:
        raise UsageError(f"{path}: rows are written as .jsonl or .parquet, not as {suffix}; name such a file")
    return suffix


def write_rows(rows: Iterable[Mapping[str, object]], path: str | Path) -> int:
    """Write rows as JSONL, or as Parquet where the suffix says so; returns how many.

    Raises UsageError for a suffix that promises something else.
    """
    if _row_suffix(path) == ".parquet":
        return _write_parquet(rows, Path(path))
    with open_output(path) as out:
        return write_json_lines(rows, out)


def write_json_lines(rows: Iterable[Mapping[str, object]], out: IO[str]) -> int:
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  the count is what is returned
        out.write(printable(json.dumps(row, ensure_ascii=False)) + "\n")
    return count


def _write_parquet(rows: Iterable[Mapping[str, object]], path: Path) -> int:
    import pyarrow.parquet as pq

    table = arrow_table(rows)
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
    return int(table.num_rows)


def arrow_table(rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """The rows as an Arrow table, with a column for every key of any row."""
    import pyarrow as pa

    dicts = [dict(row) for row in rows]
    names = dict.fromkeys(name for row in dicts for name in row)  # pyarrow would take the keys of the first row
    dicts = [{name: row.get(name) for name in names} for row in dicts]
    try:
        return pa.Table.from_pylist(dicts)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([valid_row(row) for row in dicts])
