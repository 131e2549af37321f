"""XLSX: what reviewers see, that nothing in it can act, and what comes back from a spreadsheet."""

import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from corpora.bitext import TextPair, read_bitext
from corpora.errors import InputError, UsageError
from corpora.export import write_export
from corpora.importing import imported_beads
from corpora.jsonlines import Row
from corpora.sheets import COLUMNS_SHOWN, MAX_CELL, escaped, unescaped, write_sheets


def bead(source: str | None = "雨だ。", target: str | None = "It rains.", **fields: object) -> Row:
    return {"bead_id": "b", "source_lang": "ja", "target_lang": "en", "source_text": source, "target_text": target,
            "probability": 0.98765, "source_start": 3, "findings": [], **fields}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "beads.xlsx"


def test_a_sheet_is_set_up_for_reviewers(path: Path) -> None:
    assert write_sheets([bead(), bead("雨だ。", None)], path) == 2
    sheet: Any = load_workbook(path)["beads"]
    header = [cell.value for cell in sheet[1]]
    assert header == list(COLUMNS_SHOWN)
    assert header[3:8] == ["source_text", "target_text", "findings", "verdict", "comment"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Y3"
    assert sheet["D2"].alignment.wrap_text
    assert sheet.column_dimensions["D"].width == 60
    assert sheet["G2"].value is None
    assert (sheet["C2"].value, sheet["C2"].data_type) == (0.98765, "n")


FORMULAS = ["=1+1", "+1", "-1", "@a", "＝1", '=HYPERLINK("http://x")', "#N/A", "'=1", "\x1b=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str, path: Path) -> None:
    row = {name: [text] if name == "findings" else text for name in COLUMNS_SHOWN if name not in ("verdict", "comment")}
    numbers = {"probability": None, "similarity": None, "source_sentences": [1], "target_sentences": [2]}
    offsets = dict.fromkeys(("source_start", "source_end", "target_start", "target_end"), 1)
    write_sheets([row | numbers | offsets], path)
    with ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert "<f>" not in sheet
    assert 't="e"' not in sheet
    found: Any = load_workbook(path)["beads"]
    assert not [cell for cells in found for cell in cells if str(cell.value).startswith(("=", "+", "@"))]
    (back,) = imported_beads(path)
    assert (back["source_text"], back["findings"], back["split"]) == (text, [text], text)


def test_more_beads_than_a_sheet_holds_go_on_to_further_sheets(path: Path) -> None:
    rows = [bead(bead_id=str(number)) for number in range(7)]
    assert write_sheets(rows, path, max_rows=4) == 7
    book = load_workbook(path)
    assert [(sheet.title, sheet.max_row) for sheet in book.worksheets] == [("beads", 4), ("beads 2", 4), ("beads 3", 2)]
    assert [row["bead_id"] for row in imported_beads(path)] == [str(number) for number in range(7)]
    write_sheets(rows[:6], path, max_rows=4)
    assert load_workbook(path).sheetnames == ["beads", "beads 2"]


def test_a_text_that_a_cell_cannot_hold_is_refused(path: Path) -> None:
    assert write_sheets([bead("雨" * MAX_CELL)], path) == 1
    for text in ("雨" * (MAX_CELL + 1), "😀" * (MAX_CELL // 2 + 1), "=" * MAX_CELL):
        with pytest.raises(UsageError, match=r"bead b: source_text has \d+ characters .* holds 32767; export tsv"):
            write_export([bead(), bead(text)], str(path), "xlsx", force=True)
    assert len(list(imported_beads(path))) == 1
    assert list(path.parent.iterdir()) == [path]


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("_x0041F\x00"))
@example("_x0000\x08")
def test_escapes_come_back(text: str) -> None:
    assert unescaped(escaped(text)) == text


def test_what_a_spreadsheet_makes_of_a_column_is_read_back(path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["bead_id", "source_text", "target_text", "source_date", "source_start", "note"])
    sheet.append([17, "雨", "Rain_x000D_", datetime.datetime(2026, 3, 5), 3.0, "x"])
    sheet.append([None] * 6)
    sheet.append([18, "雪", "Snow", datetime.date(2026, 3, 6)])
    book.save(path)
    found = [
        tuple(row[n] for n in ("bead_id", "target_text", "source_date", "source_start")) for row in imported_beads(path)
    ]
    assert found == [("17", "Rain\r", "2026-03-05", 3), ("18", "Snow", "2026-03-06", None)]


def test_check_reads_beads_with_two_sides(path: Path) -> None:
    write_sheets([bead(None, "x"), bead("=1", "y", source_date="2026-03-05"), bead("x", None)], path)
    assert list(read_bitext(path)) == [TextPair("b", "=1", "y", "2026-03-05")]


@pytest.mark.parametrize(
    ("header", "cells", "message"),
    [
        (["source", "target_text"], ["a", "b"], r"sheet 'Sheet' row 2: the sheet's first row names no source_text"),
        (["source_text", "target_text", "source_end"], ["a", "b", "c"], r"row 2: source_end is 'c', expected a whole"),
        (["source_text", "target_text", "source_end"], ["a", "b", 1.5], r"row 2: source_end is 1.5"),
    ],
)
def test_malformed_rows_are_named(header: list[str], cells: list[object], message: str, path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(header)
    sheet.append(cells)
    book.save(path)
    with pytest.raises(InputError, match=message):
        list(imported_beads(path))


def test_a_workbook_with_a_document_type_is_refused(path: Path) -> None:
    write_sheets([bead()], path)
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            bomb = b'<!DOCTYPE x [<!ENTITY y "bomb">]>' if name.endswith("sheet1.xml") else b""
            archive.writestr(name, bomb + content)
    with pytest.raises(InputError, match=r"sheet1\.xml has a document type"):
        list(imported_beads(path))
