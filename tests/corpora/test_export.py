"""Exports: what other tools read is what the beads hold, and nothing in it can act."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from corpora.errors import UsageError
from corpora.export import (
    FORMATS,
    TSV_COLUMNS,
    WRITERS,
    format_of,
    tsv_cell,
    write_export,
    write_html,
    write_jsonl,
    write_tsv,
    writer,
)
from corpora.fields import COLUMNS
from corpora.jsonlines import Row, parse_rows


def bead(source: str | None = "雨だ。", target: str | None = "It rains.", **fields: object) -> Row:
    return {
        "bead_id": "j-e-00000",
        "pair_id": "j-e",
        "kind": "1-1" if source and target else "1-0",
        "similarity": 0.71236,
        "probability": 0.98765,
        "source_lang": "ja",
        "target_lang": "en",
        "source_text": source,
        "target_text": target,
        "findings": [],
        **fields,
    }


def page(rows: Sequence[Row]) -> tuple[str, Any]:
    out = io.StringIO()
    write_html(rows, out)
    return out.getvalue(), html.fromstring(out.getvalue())


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        ("plain", "plain"),
        (0.123456, "0.123456"),
        (-0.5, "-0.5"),
        (0.9876499772071838, "0.98765"),
        (3, "3"),
        (-3, "-3"),
        ([3, 4], "3,4"),
        (["=1", "a,b"], '["=1", "a,b"]'),
        ("a\ud800", "a\ufffd"),
        ([], ""),
        (["number", "date"], "number,date"),
        ("a\tb\nc\r\nd", "a b c d"),
        ("a\u2028b\x85c\x0bd", "a b c d"),
        ("「引用」", "「引用」"),
        ('"quoted"', '"quoted"'),
    ],
)
def test_a_cell_is_one_line_without_tabs(value: object, cell: str) -> None:
    assert tsv_cell(value) == cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+81-3",
        "-5 degrees",
        "@user",
        '=HYPERLINK("http://x")',
        "＝１＋１",
        "＋１",
        "－３度",
        "＠名前",
        "'=1",
        "''@x",
    ],
)
def test_a_would_be_formula_gets_an_apostrophe(text: str) -> None:
    assert tsv_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["'tis", "'", "1=1", " =1", "「=1」", "—dash"])
def test_what_is_no_formula_gets_none(text: str) -> None:
    assert tsv_cell(text) == text


@given(st.text())
def test_no_cell_begins_a_formula_or_a_line(text: str) -> None:
    cell = tsv_cell(text)
    assert not cell.startswith(("=", "+", "-", "@"))
    assert "\t" not in cell
    assert len(cell.splitlines()) <= 1


def test_tsv_has_a_header_and_a_line_a_bead() -> None:
    out = io.StringIO()
    rows = [bead(findings=["number", "date"]), bead("=雨\tだ。", None, similarity=None)]
    assert write_tsv(rows, out) == 2
    header, first, second, rest = out.getvalue().split("\n")
    assert tuple(header.split("\t")) == TSV_COLUMNS
    assert TSV_COLUMNS[:9] == (
        *("bead_id", "kind", "similarity", "probability", "source_lang", "target_lang", "source_text", "target_text"),
        "findings",
    )
    assert set(TSV_COLUMNS) == set(COLUMNS)
    assert first.split("\t")[:10] == [
        *("j-e-00000", "1-1", "0.71236", "0.98765", "ja", "en", "雨だ。", "It rains.", "number,date", "j-e")
    ]
    assert second.split("\t")[:9] == ["j-e-00000", "1-0", "", "0.98765", "ja", "en", "'=雨 だ。", "", ""]
    assert rest == ""


def test_tsv_of_an_alignment_without_a_corpus_leaves_the_rest_empty() -> None:
    out = io.StringIO()
    write_tsv([{"kind": "1-1", "source_text": "a", "target_text": "b"}], out)
    assert [cell for cell in out.getvalue().splitlines()[1].split("\t") if cell] == ["1-1", "a", "b"]


def test_jsonl_keeps_every_column() -> None:
    rows = [bead(), bead(None, "x", source_sentences=[1, 2])]
    out = io.StringIO()
    assert write_jsonl(rows, out) == 2
    assert [row for _, row in parse_rows(io.StringIO(out.getvalue()), "-")] == rows


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</table>&amp;<b>", "a\"'b"]
)
def test_html_shows_markup_as_text(text: str) -> None:
    _, root = page([bead(text, text, findings=[text], kind=text)])
    assert not root.xpath("//script | //img | //b")
    assert [cell.text_content() for cell in root.xpath("//td[@class='text']")] == [text, text]
    assert root.xpath("//div[@class='finding']")[0].text_content() == text


def test_html_is_one_file_that_loads_nothing() -> None:
    written, root = page([bead()])
    assert written.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in written
    assert not root.xpath("//link | //script | //@src | //@href")
    assert "url(" not in written
    assert "@import" not in written


def test_html_marks_null_beads_and_shows_probabilities() -> None:
    _, root = page([bead(), bead("雨だ。", None, probability=None)])
    rows = root.xpath("//tr")[1:]
    assert [row.get("class") for row in rows] == [None, "null"]
    assert [[cell.text_content() for cell in row.xpath("td")] for row in rows] == [
        ["1-1", "0.99", "雨だ。", "It rains."],
        ["1-0", "", "雨だ。", ""],
    ]


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_writer_counts_and_takes_an_empty_corpus(name: str) -> None:
    assert writer(name)([], io.StringIO()) == 0
    assert writer(name)([bead(), bead()], io.StringIO()) == 2


def test_an_unknown_format_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="there is no format 'docx'; choose one of html, jsonl, tmx, tsv, xliff"):
        writer("docx")
    with pytest.raises(UsageError, match="no format 'xlsx' here, only in `taiyaku export`"):
        writer("xlsx")
    everything = "html, jsonl, tmx, tsv, xliff, xlsx, moses, standoff with --format"
    with pytest.raises(UsageError, match=rf"a\.docx: there is no format 'docx'; choose one of {everything}"):
        format_of("a.docx")
    with pytest.raises(UsageError, match=r"^there is no format 'docx'"):
        format_of("a.tsv", "docx")


@pytest.mark.parametrize(
    ("output", "named", "expected"),
    [
        ("-", None, "tsv"),
        ("a", None, "tsv"),
        ("a.XLF", None, "xliff"),
        ("a.xliff", None, "xliff"),
        ("a.xlsx", "TMX", "tmx"),
        ("v1.2", "moses", "moses"),
    ],
)
def test_the_format_is_the_one_named_or_that_of_the_suffix(output: str, named: str | None, expected: str) -> None:
    assert format_of(output, named) == expected


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("moses", "standoff")])
def test_a_file_is_overwritten_only_when_told(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{name}"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=rf"a\.{name} exists; --force overwrites it"):
        write_export([bead()], str(path), name)
    assert path.read_text(encoding="utf-8") == "mine"
    assert write_export([bead()], str(path), name, force=True) == 1
    assert path.read_bytes() != b"mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["xlsx", "moses"])
def test_what_is_no_one_text_does_not_go_to_standard_output(name: str) -> None:
    with pytest.raises(UsageError, match="cannot go to standard output; name"):
        write_export([bead()], "-", name)
