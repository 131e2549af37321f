"""Writing beads in the formats other tools read: TSV, JSONL, TMX 1.4b, and a plain HTML table.

Each writer takes rows shaped like those of the corpus's `beads` table and an open text file. What this does not do:
XLIFF, XLSX, Moses and stand-off, which come with their own readers for the way back.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from corpora import __version__
from corpora.errors import UsageError
from corpora.jsonlines import Row, write_json_lines

Writer = Callable[[Iterable[Row], IO[str]], int]

TSV_COLUMNS = (
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
# What a spreadsheet takes for a formula, full-width too; after apostrophes also, so that one can be taken off again.
FORMULA = re.compile("'*[=+@＝＋－＠-]")
# Characters XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    ("'=1+1", '0.1235', '', 'number,date')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, list):
        return ",".join(map(str, value))
    text = " ".join(re.split(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", str(value)))
    return "'" + text if FORMULA.match(text) else text


def write_jsonl(rows: Iterable[Row], out: IO[str]) -> int:
    """Every column of every bead, one JSON object a line."""
    return write_json_lines(rows, out)


def write_tmx(rows: Iterable[Row], out: IO[str]) -> int:
    """TMX 1.4b, one unit a bead; beads with an empty side have no place in a translation memory and are left out.

    Kind, probability and findings go along as properties, which CAT tools show.
    """
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n')
    header = (
        f'<header creationtool="taiyaku" creationtoolversion="{__version__}" segtype="block" o-tmf="taiyaku" '
        'adminlang="en" srclang="*all*" datatype="plaintext"/>'
    )
    out.write(f"{header}\n<body>\n")
    count = 0
    for row in rows:
        if row.get("source_text") and row.get("target_text"):
            out.write(_translation_unit(row))
            count += 1
    out.write("</body>\n</tmx>\n")
    return count


def _translation_unit(row: Mapping[str, object]) -> str:
    properties = {
        "x-kind": row.get("kind"),
        "x-probability": row.get("probability"),
        "x-similarity": row.get("similarity"),
        "x-findings": row.get("findings") or None,
        "x-pair": row.get("pair_id"),
        "x-source-url": row.get("source_url"),
        "x-target-url": row.get("target_url"),
        "x-source-date": row.get("source_date"),
        "x-target-date": row.get("target_date"),
    }
    identity = f" tuid={quoteattr(_xml(row['bead_id']))}" if row.get("bead_id") else ""
    lines = [f"<tu{identity}>"]
    for name, value in properties.items():
        if value is not None:
            shown = (
                f"{value:.4f}" if isinstance(value, float) else ",".join(value) if isinstance(value, list) else value
            )
            lines.append(f'<prop type="{name}">{escape(_xml(shown))}</prop>')
    for side in ("source", "target"):
        text = escape(_xml(row[f"{side}_text"]), {"\r": "&#13;"})  # a parser would read a bare one as a line feed
        lines.append(f"<tuv xml:lang={quoteattr(str(row[f'{side}_lang']))}><seg>{text}</seg></tuv>")
    lines.append("</tu>")
    return "\n".join(lines) + "\n"


def _xml(value: object) -> str:
    """The value as text without the characters that XML forbids."""
    return _NOT_XML.sub("", str(value))


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
        probability = row.get("probability")
        shown = f"{probability:.2f}" if isinstance(probability, float) else ""
        findings = tsv_cell(row.get("findings") or None)
        null = "" if row.get("source_text") and row.get("target_text") else ' class="null"'
        cells = (html.escape(str(row.get(f"{side}_text") or "")) for side in ("source", "target"))
        texts = "".join(f'<td class="text">{cell}</td>' for cell in cells)
        note = f'<div class="finding">{html.escape(findings)}</div>' if findings else ""
        out.write(f"<tr{null}><td>{html.escape(str(row.get('kind')))}{note}</td><td>{shown}</td>{texts}</tr>\n")
        count += 1
    out.write("</table>\n")
    return count


WRITERS: dict[str, Writer] = {"tsv": write_tsv, "jsonl": write_jsonl, "tmx": write_tmx, "html": write_html}


def writer(name: str) -> Writer:
    """The writer of a format. Raises UsageError, with those there are, for an unknown one."""
    if name not in WRITERS:
        raise UsageError(f"there is no format {name!r}; choose one of {', '.join(sorted(WRITERS))}")
    return WRITERS[name]
