"""The columns of a bead as text and back, for every format that is made of text.

Each value has one exact text: a float the shortest decimal that reads back as the same 32-bit float, a list JSON, a
whole number its digits. Cells of TSV and XLSX differ in that lists are words with commas between them, and that
nothing may begin a formula. What this does not do: open files, or know what a format looks like around the values.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from typing import Literal

import numpy as np
import pyarrow as pa

from corpora.errors import InputError
from corpora.jsonlines import Row, printable
from corpora.schemas import SCHEMAS

Kind = Literal["text", "whole", "number", "texts", "wholes"]

# What a spreadsheet takes for a formula, full-width too; after apostrophes also, so that one can be taken off again.
FORMULA = re.compile("'*[=+@＝＋－＠-]")
# Whatever some reader takes for the end of a line or a cell.
_BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_PLAIN_ITEM = re.compile(r"[\w-]+")
_EXPECTED = {
    "text": "a text",
    "whole": "a whole number that 32 bits can hold",
    "number": "a number that a 32-bit float can hold",
    "texts": "a list of texts",
    "wholes": "a list of whole numbers that 32 bits can hold",
}


def _kind(column: pa.DataType) -> Kind:
    if pa.types.is_list(column):
        return "texts" if pa.types.is_string(column.value_type) else "wholes"
    if pa.types.is_floating(column):
        return "number"
    return "whole" if pa.types.is_integer(column) else "text"


COLUMNS: dict[str, Kind] = {column.name: _kind(column.type) for column in SCHEMAS["beads"]}


def exact(value: object) -> str:
    """The text that `value_of` reads back as the same value; lone surrogates become U+FFFD.

    >>> exact(0.9876499772071838), exact([3, 4]), exact("雨"), exact(12)
    ('0.98765', '[3, 4]', '雨', '12')
    """
    if isinstance(value, float):
        return shortest(value)
    if isinstance(value, list | tuple):
        return json.dumps([printable(item) if isinstance(item, str) else item for item in value], ensure_ascii=False)
    return printable(str(value))


def shortest(value: float) -> str:
    """The shortest decimal that reads back as the same 32-bit float.

    >>> shortest(0.10000000149011612)
    '0.1'
    """
    with np.errstate(over="ignore"):  # beyond 32 bits it is infinite
        return str(np.float32(value))


def value_of(name: str, text: str) -> object:
    """The value that a column's text stands for; lists also as words with commas between them.

    Raises ValueError for text that the column cannot hold.

    >>> value_of("source_sentences", "[3, 4]"), value_of("findings", "number,date"), value_of("source_start", "12")
    ([3, 4], ['number', 'date'], 12)
    """
    kind = COLUMNS[name]
    try:
        if kind in ("texts", "wholes"):
            parsed = json.loads(text) if text.startswith("[") else text.split(",") if text else []
            if kind == "wholes" and not text.startswith("["):
                parsed = [int(item) for item in parsed]
        else:
            parsed = text if kind == "text" else int(text) if kind == "whole" else float(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(name, text) from error
    return checked(name, parsed)


def checked(name: str, value: object) -> object:
    """The value as the column holds it: floats of 32 bits, no lone surrogates. Raises ValueError for another type."""
    if value is None:
        return None
    kind = COLUMNS[name]
    if kind in ("texts", "wholes"):
        if not isinstance(value, list):
            raise _wrong(name, value)
        return [_single(name, item, "text" if kind == "texts" else "whole", value) for item in value]
    return _single(name, value, kind, value)


def _single(name: str, item: object, kind: Kind, value: object) -> object:
    """One value that is no list; `value` is what a message shows."""
    if kind == "text" and isinstance(item, str):
        return printable(item)
    if isinstance(item, int | float) and not isinstance(item, bool):
        if kind == "whole" and item == item // 1 and -(2**31) <= item < 2**31:
            return int(item)
        if kind == "number":
            try:
                return struct.unpack("<f", struct.pack("<f", item))[0]
            except OverflowError as error:
                raise _wrong(name, value) from error
    raise _wrong(name, value)


def _wrong(name: str, value: object) -> ValueError:
    shown = repr(value)
    return ValueError(
        f"{name} is {shown if len(shown) <= 60 else shown[:57] + '...'}, expected {_EXPECTED[COLUMNS[name]]}"
    )


def full_row(values: Mapping[str, object], where: str) -> Row:
    """A row with exactly the columns of a bead, None where `values` has none.

    Raises InputError, with `where` in front, for a value of the wrong type.
    """
    try:
        return {name: checked(name, values.get(name)) for name in COLUMNS}
    except ValueError as error:
        raise InputError(f"{where}: {error}") from error


def one_line(text: str) -> str:
    """The text with spaces for tabs and line breaks of every kind, and U+FFFD for lone surrogates.

    >>> one_line("a\\tb\\r\\nc")
    'a b c'
    """
    return printable(_BREAKS.sub(" ", text))


def guarded(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula.

    >>> guarded("=1+1"), guarded("1+1")
    ("'=1+1", '1+1')
    """
    return "'" + text if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell without the apostrophe that `guarded` put before a would-be formula.

    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def list_cell(items: list[object]) -> str:
    """A list in a cell: words with commas between them, JSON where a comma would not tell them apart.

    >>> list_cell(["number", "date"]), list_cell([3, 4]), list_cell(["a, b"]), list_cell([])
    ('number,date', '3,4', '["a, b"]', '')
    """
    texts = [str(item) for item in items]
    if all(_PLAIN_ITEM.fullmatch(text) for text in texts):
        return guarded(",".join(texts))
    return json.dumps(items)


def value_of_cell(name: str, cell: str) -> object:
    """The value a cell of TSV or XLSX stands for: an empty one an empty list, or in other columns nothing.

    Raises ValueError for text that the column cannot hold.
    """
    if COLUMNS[name] in ("text", "texts", "wholes"):
        cell = unguarded(cell)
    if not cell and COLUMNS[name] not in ("texts", "wholes"):
        return None
    return value_of(name, cell)
