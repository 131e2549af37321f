"""Writing beads in the formats other tools read: which there are, what names them, and where they may be written.

Rows are shaped like those of the corpus's `beads` table. TSV, JSONL and an HTML table are written here; TMX, XLIFF,
XLSX and Moses have modules of their own. What this does not do: stand-off; reading is for `corpora.importing`.
docs/formats.md says what each format holds.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from corpora.errors import UsageError
from corpora.fields import COLUMNS, guarded, list_cell, one_line, shortest
from corpora.jsonlines import Row, printable, write_json_lines
from corpora.moses import require_prefix, write_moses
from corpora.outputs import is_standard_output, open_output, require_outputs
from corpora.sheets import write_sheets
from corpora.tmx import write_tmx
from corpora.xliff import write_xliff

__all__ = [
    "FORMATS",
    "NO_NULLS",
    "STANDOFF",
    "TSV_COLUMNS",
    "WRITERS",
    "Writer",
    "format_of",
    "require_export",
    "tsv_cell",
    "write_export",
    "write_html",
    "write_jsonl",
    "write_moses",
    "write_sheets",
    "write_tmx",
    "write_tsv",
    "write_xliff",
    "writer",
]

Writer = Callable[[Iterable[Row], IO[str]], int]

_FIRST = (
    "bead_id",
    "kind",
    "similarity",
    "probability",
    "source_lang",
    "target_lang",
    "source_text",
    "target_text",
    "findings",
)
TSV_COLUMNS = (*_FIRST, *(name for name in COLUMNS if name not in _FIRST))


def write_tsv(rows: Iterable[Row], out: IO[str]) -> int:
    """A header and one bead a line; tabs and line breaks in text become spaces.

    A text that a spreadsheet would take for a formula (it begins with = + - or @) gets a leading apostrophe.
    """
    out.write("\t".join(TSV_COLUMNS) + "\n")
    count = 0
    for row in rows:
        out.write("\t".join(tsv_cell(row.get(column)) for column in TSV_COLUMNS) + "\n")
        count += 1
    return count


def tsv_cell(value: object) -> str:
    """One value as it stands in a TSV cell.

    >>> tsv_cell("=1+1"), tsv_cell(0.123456), tsv_cell(None), tsv_cell(["number", "date"])
    ("'=1+1", '0.123456', '', 'number,date')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return shortest(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return list_cell(value)
    return guarded(one_line(str(value)))


def write_jsonl(rows: Iterable[Row], out: IO[str]) -> int:
    """Every column of every bead, one JSON object a line."""
    return write_json_lines(rows, out)


def write_html(rows: Iterable[Row], out: IO[str]) -> int:
    """A self-contained page with the two texts side by side, a bead a row."""
    out.write(
        '<!doctype html>\n<meta charset="utf-8">\n<title>Taiyaku alignment</title>\n<style>'
        "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;width:100%}"
        "td,th{border-bottom:1px solid #ccc;padding:.4em;vertical-align:top;text-align:left}"
        "td.text{width:42%}tr.null{background:#f6f6f6}.finding{color:#a00}</style>\n<table>\n"
        "<tr><th>kind<th>probability<th>source<th>target</tr>\n"
    )
    count = 0
    for row in rows:
        out.write(printable(_html_row(row)))
        count += 1
    out.write("</table>\n")
    return count


def _html_row(row: Row) -> str:
    probability, findings = row.get("probability"), row.get("findings")
    shown = f"{probability:.2f}" if isinstance(probability, float) else ""
    named = ",".join(map(str, findings)) if isinstance(findings, list) else ""
    null = "" if row.get("source_text") and row.get("target_text") else ' class="null"'
    cells = (html.escape(str(row.get(f"{side}_text") or "")) for side in ("source", "target"))
    texts = "".join(f'<td class="text">{cell}</td>' for cell in cells)
    note = f'<div class="finding">{html.escape(named)}</div>' if named else ""
    return f"<tr{null}><td>{html.escape(str(row.get('kind')))}{note}</td><td>{shown}</td>{texts}</tr>\n"


# Formats that are one text, which can go to standard output.
WRITERS: dict[str, Writer] = {
    "html": write_html,
    "jsonl": write_jsonl,
    "tmx": write_tmx,
    "tsv": write_tsv,
    "xliff": write_xliff,
}
STANDOFF = "standoff"  # of a whole corpus rather than of rows: `corpora.standoff`
FORMATS = (*WRITERS, "xlsx", "moses", STANDOFF)
NO_NULLS = frozenset(("tmx", "moses"))  # formats that leave out beads with an empty side
_OTHER_SUFFIXES = {"xlf": "xliff", "htm": "html"}


def writer(name: str) -> Writer:
    """The writer of a format that is one text. Raises UsageError, with those there are, for another."""
    named = _OTHER_SUFFIXES.get(name, name)
    if named not in WRITERS:
        only = " here, only in `taiyaku export`" if named in FORMATS else ""
        raise UsageError(f"there is no format {name!r}{only}; choose one of {', '.join(WRITERS)}")
    return WRITERS[named]


def format_of(output: str, named: str | None = None) -> str:
    """The format that is `named`, else that of the output's suffix, else TSV.

    Raises UsageError, with those there are, for an unknown one.

    >>> format_of("beads.xlf"), format_of("beads", "moses"), format_of("-")
    ('xliff', 'moses', 'tsv')
    """
    suffix = "" if is_standard_output(output) else Path(output).suffix.lstrip(".")
    asked = (named or suffix or "tsv").lower()
    found = _OTHER_SUFFIXES.get(asked, asked)
    if found not in FORMATS:
        what = f"there is no format {asked!r}" if named else f"{output}: there is no format {asked!r}"
        raise UsageError(f"{what}; choose one of {', '.join(FORMATS)} with --format")
    return found


def require_export(output: str, name: str, *, force: bool) -> None:
    """Raise UsageError, before any work, for a place that a format cannot be written to."""
    if name == "moses":
        require_prefix(output)
        return
    if name == "xlsx" and is_standard_output(output):
        raise UsageError("a workbook cannot go to standard output; name a file with -o")
    if not is_standard_output(output) and Path(output).exists() and not force:
        raise UsageError(f"{output} exists; --force overwrites it")
    require_outputs({"--output": output})


def write_export(rows: Iterable[Row], output: str, name: str, *, force: bool = False) -> int:
    """Write beads in a format, whole or not at all; how many it took.

    Raises UsageError for a place that cannot be written, and, unless `force`, for one where something is.
    """
    require_export(output, name, force=force)
    if name == "moses":
        return write_moses(rows, output, force=force)
    if name == "xlsx":
        return write_sheets(rows, output)
    write = writer(name)
    with open_output(output) as out:
        return write(rows, out)
