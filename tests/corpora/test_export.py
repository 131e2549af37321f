"""Exports: what other tools read is what the beads hold, and nothing in it can act."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from corpora.errors import UsageError
from corpora.export import TSV_COLUMNS, WRITERS, tsv_cell, write_html, write_jsonl, write_tmx, write_tsv, writer
from corpora.jsonlines import Row, parse_rows

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


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


def tmx(rows: Sequence[Row]) -> Any:
    out = io.StringIO()
    write_tmx(rows, out)
    return etree.fromstring(out.getvalue().encode("utf-8"))


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
        (0.123456, "0.1235"),
        (-0.5, "-0.5000"),
        (3, "3"),
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
    assert first.split("\t") == [
        *("j-e-00000", "1-1", "0.7124", "0.9877", "ja", "en", "雨だ。", "It rains.", "number,date")
    ]
    assert second.split("\t") == ["j-e-00000", "1-0", "", "0.9877", "ja", "en", "'=雨 だ。", "", ""]
    assert rest == ""


def test_tsv_of_an_alignment_without_a_corpus_leaves_the_rest_empty() -> None:
    out = io.StringIO()
    write_tsv([{"kind": "1-1", "source_text": "a", "target_text": "b"}], out)
    assert out.getvalue().splitlines()[1].split("\t") == ["", "1-1", "", "", "", "", "a", "b", ""]


def test_jsonl_keeps_every_column() -> None:
    rows = [bead(), bead(None, "x", source_sentences=[1, 2])]
    out = io.StringIO()
    assert write_jsonl(rows, out) == 2
    assert [row for _, row in parse_rows(io.StringIO(out.getvalue()), "-")] == rows


def test_tmx_holds_both_texts_and_what_is_known_of_them() -> None:
    row = bead(findings=["number"], source_url="https://x.example/?a=1&b=2", source_date="2026-03-05", target_date=None)
    (unit,) = tmx([row]).iter("tu")
    assert unit.get("tuid") == "j-e-00000"
    assert {prop.get("type"): prop.text for prop in unit.iter("prop")} == {
        "x-kind": "1-1",
        "x-probability": "0.9877",
        "x-similarity": "0.7124",
        "x-findings": "number",
        "x-pair": "j-e",
        "x-source-url": "https://x.example/?a=1&b=2",
        "x-source-date": "2026-03-05",
    }
    assert [(tuv.get(XML_LANG), tuv.findtext("seg")) for tuv in unit.iter("tuv")] == [
        ("ja", "雨だ。"),
        ("en", "It rains."),
    ]


def test_tmx_leaves_out_null_beads() -> None:
    out = io.StringIO()
    assert write_tmx([bead(None, "x"), bead("x", None), bead("", "x"), bead()], out) == 1
    assert out.getvalue().count("<tu ") == 1


def test_tmx_has_the_parts_its_standard_asks_for() -> None:
    root = tmx([])
    header = root.find("header")
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("tmx", "1.4", ["header", "body"])
    needed = ["creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"]
    assert all(header.get(name) for name in needed)


anything = st.text(st.characters(exclude_categories=()), min_size=1)


def without_what_xml_forbids(text: str) -> str:
    def allowed(character: str) -> bool:
        code = ord(character)
        return code in (9, 10, 13) or (code >= 32 and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF))

    return "".join(filter(allowed, text))


@given(anything, anything, anything)
def test_tmx_holds_any_text_that_xml_can(source: str, target: str, identity: str) -> None:
    (unit,) = tmx([bead(source, target, bead_id=identity, pair_id=identity)]).iter("tu")
    texts = [segment.text or "" for segment in unit.iter("seg")]
    assert texts == [without_what_xml_forbids(source), without_what_xml_forbids(target)]
    assert unit.get("tuid") == without_what_xml_forbids(identity)


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
    with pytest.raises(UsageError, match="there is no format 'docx'; choose one of html, jsonl, tmx, tsv"):
        writer("docx")
