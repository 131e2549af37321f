"""XLSX for people who review beads: a row a bead, with empty columns `verdict` and `comment` for them to fill in.

Rows that no sheet has room for go on to further sheets. A cell is text or a number, never a formula. Characters that
XLSX cannot hold are escaped as its standard has it, `_x001B_`, and come back. What this does not do: texts longer
than a cell can be, which Excel would cut off and which are refused; and reading what reviewers wrote, which is not a
column of a bead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from corpora.errors import InputError, UsageError
from corpora.fields import COLUMNS, full_row, guarded, list_cell, shortest, value_of_cell
from corpora.jsonlines import Row, printable
from corpora.outputs import is_standard_output, replacing

if TYPE_CHECKING:
    from openpyxl import Workbook

FOR_REVIEWERS = ("verdict", "comment")
_FIRST = ("bead_id", "kind", "probability", "source_text", "target_text", "findings", *FOR_REVIEWERS)
COLUMNS_SHOWN = (*_FIRST, *(name for name in COLUMNS if name not in _FIRST))
MAX_ROWS = 1_048_576  # of a sheet, with its header
MAX_CELL = 32_767  # UTF-16 units in a cell; openpyxl cuts off what is longer
_WIDTHS = {"source_text": 60, "target_text": 60, "comment": 40, "bead_id": 24, "findings": 18}  # in characters
_WRAPPED = frozenset(("source_text", "target_text", "comment", "findings"))
_NO_NUMBERS = frozenset(("nan", "inf", "-inf", "-0.0"))  # which a cell can hold only as text
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_UNABLE = "\x00-\x08\x0b-\x1f\ufffe\uffff"
# What XLSX cannot hold, and what looks like an escape or would with the one behind it.
_NOT_IN_XLSX = re.compile(f"[{_UNABLE}]|_(?=x[0-9A-Fa-f]{{4}}[_{_UNABLE}])")


def write_sheets(rows: Iterable[Row], path: str | Path, *, max_rows: int = MAX_ROWS) -> int:
    """Write beads, null beads too, as a workbook that appears when it is complete; how many.

    Raises UsageError for a text longer than a cell can hold, and for standard output.
    """
    if is_standard_output(path):
        raise UsageError("a workbook cannot go to standard output; name a file with -o")
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    count = sheets = 0
    beads = iter(rows)
    first = next(beads, None)
    rest = chain([first] if first else [], beads)
    with replacing(Path(path)) as temporary:
        while True:
            sheets += 1
            written = _write_sheet(book, "beads" if sheets == 1 else f"beads {sheets}", rest, max_rows)
            count += written
            following = next(rest, None) if written == max_rows - 1 else None
            if following is None:
                break
            rest = chain([following], rest)
        book.save(temporary)
    return count


def _write_sheet(book: Workbook, title: str, rows: Iterator[Row], max_rows: int) -> int:
    """Write as many rows as a sheet has room for; how many."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS_SHOWN, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 14)
    header = [WriteOnlyCell(sheet, value=name) for name in COLUMNS_SHOWN]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    wrapped = Alignment(wrap_text=True, vertical="top")
    count = 0
    try:
        while count < max_rows - 1 and (row := next(rows, None)) is not None:
            sheet.append([_cell(sheet, name, _value(name, row), wrapped) for name in COLUMNS_SHOWN])
            count += 1
    finally:  # left open, it would complain on standard error
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS_SHOWN))}{count + 1}"
        sheet.close()
    return count


def _value(name: str, row: Row) -> str | int | float | None:
    """A column as a cell holds it: numbers as such, all else as text that starts no formula."""
    value = row.get(name)
    if name not in COLUMNS or value is None:
        return None
    if COLUMNS[name] in ("whole", "number") and isinstance(value, int | float):
        text = shortest(value) if isinstance(value, float) else str(value)
        return text if text in _NO_NUMBERS else type(value)(text)
    text = escaped(list_cell(value) if isinstance(value, list) else guarded(printable(str(value))))
    if len(text.encode("utf-16-le")) // 2 > MAX_CELL:
        raise UsageError(
            f"bead {row.get('bead_id')}: {name} has {len(text)} characters and a cell of a workbook holds {MAX_CELL}; "
            "export tsv, jsonl, tmx or xliff, or leave the bead out"
        )
    return text or None


def _cell(sheet: Any, name: str, value: str | float | None, wrapped: Any) -> Any:
    """The value for openpyxl, as a cell where it would be taken for something else or has to be wrapped."""
    from openpyxl.cell import WriteOnlyCell

    if name not in _WRAPPED and not (isinstance(value, str) and value.startswith(("=", "#"))):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if name in _WRAPPED:
        cell.alignment = wrapped
    return cell


def escaped(text: str) -> str:
    """The text with `_xHHHH_` for characters that XLSX cannot hold.

    >>> escaped("a\\x1bb"), escaped("_x0041_")
    ('a_x001B_b', '_x005F_x0041_')
    """
    return _NOT_IN_XLSX.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    """The text that `escaped` was given.

    >>> unescaped("_x005F_x0041_")
    '_x0041_'
    """
    return printable(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text))


def read_cells(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """(where, cells by header) of each row of each sheet that is not empty, texts unescaped.

    Raises InputError for what is no workbook or has a document type of its own, by which XML names entities.
    """
    from openpyxl import load_workbook

    _require_plain(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                header: Sequence[str] = ()
                for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                    if number == 1:
                        header = ["" if name is None else str(name) for name in cells]
                    elif any(cell is not None for cell in cells):
                        found = {name: _as_written(cell) for name, cell in zip(header, cells, strict=False) if name}
                        yield f"{path}: sheet {sheet.title!r} row {number}", found
        finally:
            book.close()
    except (OSError, BadZipFile, KeyError, ValueError, TypeError, SyntaxError) as error:
        raise InputError(f"{path} cannot be read as XLSX: {error}") from error


def _require_plain(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        if b"<!DOCTYPE" in part.read(4096):
                            raise InputError(f"{path}: {name} has a document type; save the workbook anew")
    except (OSError, BadZipFile) as error:
        raise InputError(f"{path} cannot be read as XLSX: {error}") from error


def _as_written(cell: object) -> object:
    """A cell as it was exported, also where a spreadsheet has made a date of it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return unescaped(cell) if isinstance(cell, str) else cell


def read_sheets(path: str | Path) -> Iterator[Row]:
    """The beads of all sheets of a workbook, in order; columns that are not of a bead are passed over.

    Raises InputError, with sheet and row, for values that a column cannot hold.
    """
    for where, cells in read_cells(Path(path)):
        if "source_text" not in cells or "target_text" not in cells:
            raise InputError(f"{where}: the sheet's first row names no source_text and target_text; name the columns")
        try:
            values = {name: _read(name, cells.get(name)) for name in COLUMNS}
        except ValueError as error:
            raise InputError(f"{where}: {error}") from error
        yield full_row(values, where)


def _read(name: str, cell: object) -> object:
    if COLUMNS[name] in ("whole", "number") and isinstance(cell, int | float):
        return cell
    return value_of_cell(name, "" if cell is None else str(cell))
