"""TMX: valid by a DTD of our own from the specification, readable by others, and read from others."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpora.errors import InputError
from corpora.importing import imported_beads
from corpora.jsonlines import Row, printable
from corpora.tmx import write_tmx

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
with (Path(__file__).with_name("data") / "tmx14.dtd").open(encoding="utf-8") as file:
    DTD = etree.DTD(file)


def bead(source: str | None = "雨だ。", target: str | None = "It rains.", **fields: object) -> Row:
    return {
        "bead_id": "j-e-00000",
        "pair_id": "j-e",
        "kind": "1-1",
        "similarity": 0.71236,
        "probability": 0.98765,
        "source_lang": "ja",
        "target_lang": "en",
        "source_text": source,
        "target_text": target,
        "findings": [],
        **fields,
    }


def written(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    write_tmx(rows, out)
    return out.getvalue()


def tmx(rows: Sequence[Row]) -> Any:
    root = etree.fromstring(written(rows).encode("utf-8"))
    assert DTD.validate(root), DTD.error_log
    return root


def test_a_unit_holds_both_texts_and_what_is_known_of_them() -> None:
    row = bead(findings=["number"], source_url="https://x.example/?a=1&b=2", source_date="2026-03-05", target_date=None)
    (unit,) = tmx([{**row, "target_article_id": "e"}]).iter("tu")
    assert unit.get("tuid") == "j-e-00000"
    assert {prop.get("type"): prop.text for prop in unit.iter("prop")} == {
        "Quality": "99",
        "Source File": "https://x.example/?a=1&b=2",
        "Target File": "e",
        "x-kind": "1-1",
        "x-probability": "0.98765",
        "x-similarity": "0.71236",
        "x-findings": '["number"]',
        "x-pair": "j-e",
        "x-source-url": "https://x.example/?a=1&b=2",
        "x-source-date": "2026-03-05",
        "x-target-article-id": "e",
    }
    assert [(tuv.get(XML_LANG), tuv.get("creationdate"), tuv.findtext("seg")) for tuv in unit.iter("tuv")] == [
        ("ja", "20260305T000000Z", "雨だ。"),
        ("en", None, "It rains."),
    ]


@pytest.mark.parametrize("day", ["2026-02-30", "0800-01-01", "20260305", "2026-03-05T10:00", "", "yesterday"])
def test_what_is_no_day_is_a_property_only(day: str) -> None:
    (unit,) = tmx([bead(source_date=day)]).iter("tu")
    assert [tuv.get("creationdate") for tuv in unit.iter("tuv")] == [None, None]
    assert {prop.get("type"): prop.text or "" for prop in unit.iter("prop")}["x-source-date"] == day


def test_null_beads_are_left_out() -> None:
    out = io.StringIO()
    assert write_tmx([bead(None, "x"), bead("x", None), bead("", "x"), bead()], out) == 1
    assert out.getvalue().count("<tu ") == 1


def test_header_and_units_say_which_language_is_the_original() -> None:
    root = tmx([bead(), bead(source_lang="de"), bead()])
    assert root.find("header").get("srclang") == "ja"
    assert [unit.get("srclang") for unit in root.iter("tu")] == [None, "de", None]
    assert tmx([]).find("header").get("srclang") == "*all*"


anything = st.text(st.characters(exclude_categories=()), min_size=1)


def without_what_xml_forbids(text: str) -> str:
    def allowed(character: str) -> bool:
        code = ord(character)
        return code in (9, 10, 13) or (code >= 32 and code not in (0xFFFE, 0xFFFF))

    return "".join(filter(allowed, printable(text)))


@given(anything, anything, anything, st.none() | anything)
def test_any_text_gives_a_valid_document(source: str, target: str, identity: str, lang: str | None) -> None:
    row = bead(source, target, bead_id=identity, pair_id=identity, source_lang=lang, findings=[identity])
    (unit,) = tmx([row]).iter("tu")
    texts = [segment.text or "" for segment in unit.iter("seg")]
    assert texts == [without_what_xml_forbids(source), without_what_xml_forbids(target)]
    assert not set(unit.get("tuid", "")) & set(" \t\r\n")


def test_translate_toolkit_reads_it() -> None:
    module = pytest.importorskip("translate.storage.tmx", exc_type=ImportError)
    rows = [bead(), bead("a & b\n", "c <d>", source_date="2026-03-05")]
    store = module.tmxfile.parsestring(written(rows).encode("utf-8"))
    assert [(unit.source, unit.target) for unit in store.units] == [("雨だ。", "It rains."), ("a & b\n", "c <d>")]


def test_older_exports_are_read(tmp_path: Path) -> None:
    text = written([bead(findings=["number", "date"], probability=0.9877)])
    text = text.replace('["number", "date"]', "number,date")
    (tmp_path / "a.tmx").write_text(text, encoding="utf-8")
    (row,) = imported_beads(tmp_path / "a.tmx")
    assert (row["findings"], row["pair_id"]) == (["number", "date"], "j-e")
    assert row["probability"] == pytest.approx(0.9877)


FOREIGN = """<tmx version="1.4"><header srclang="EN-us"/><body>
<tu><prop type="x-other">1</prop><prop type="client">2</prop>
<tuv xml:lang="ja"><seg>雨<bpt i="1">&lt;b&gt;</bpt>だ<hi>よ</hi>。<ph>{1}</ph></seg></tuv>
<tuv xml:lang="en-GB"><seg>It rains.</seg></tuv></tu></body></tmx>"""


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ((None, None), ("en-GB", "It rains.", "ja", "雨だよ。")),
        (("ja", "en"), ("ja", "雨だよ。", "en-GB", "It rains.")),
    ],
    ids=["as the header says", "as named"],
)
def test_files_of_others_are_read(
    languages: tuple[str | None, str | None], expected: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "a.tmx").write_text(FOREIGN, encoding="utf-8")
    (row,) = imported_beads(tmp_path / "a.tmx", languages)
    assert tuple(row[name] for name in ("source_lang", "source_text", "target_lang", "target_text")) == expected
    assert row["bead_id"] is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('xml:lang="en"', 'xml:lang="fr"', None),
        ("</tuv>\n</tu>", '</tuv><tuv xml:lang="fr"><seg/></tuv></tu>', "languages en, fr, ja, expected two; name"),
        ("0.98765", "high", r"a\.tmx:\d+: unit 1: probability is 'high', expected a number"),
        (">[]<", ">[<", r"unit 1: findings is '\['"),
        ("雨だ。", "雨&y;", "unit 1 uses the entity &y; and entities are not read"),
    ],
    ids=["another language", "three languages", "no number", "half a list", "entity"],
)
def test_malformed_units_are_named(old: str, new: str, message: str | None, tmp_path: Path) -> None:
    text = written([bead()])
    assert old in text
    text = text.replace(old, new).replace('SYSTEM "tmx14.dtd"', '[<!ENTITY y "bomb">]')
    (tmp_path / "a.tmx").write_text(text, encoding="utf-8")
    if message is None:
        with pytest.raises(InputError, match=r"unit 1 has languages fr, ja, expected ja and en; name two with"):
            list(imported_beads(tmp_path / "a.tmx", ("ja", "en")))
        return
    with pytest.raises(InputError, match=message):
        list(imported_beads(tmp_path / "a.tmx"))
