"""XLIFF: valid by a schema of our own from the specification, readable by others, and read from others."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpora.bitext import TextPair, read_bitext
from corpora.errors import InputError, UsageError
from corpora.importing import imported_beads
from corpora.jsonlines import Row
from corpora.xliff import write_xliff

SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("data") / "xliff21.rng")))
CORE = "{urn:oasis:names:tc:xliff:document:2.0}"


def bead(source: str | None = "雨だ。", target: str | None = "It rains.", **fields: object) -> Row:
    return {
        "bead_id": "j-e-00000",
        "pair_id": "j-e",
        "source_lang": "ja",
        "target_lang": "en",
        "source_text": source,
        "target_text": target,
        "findings": [],
        **fields,
    }


def written(rows: list[Row]) -> str:
    out = io.StringIO()
    assert write_xliff(rows, out) == len(rows)
    return out.getvalue()


def document(rows: list[Row]) -> Any:
    root = etree.fromstring(written(rows).encode("utf-8"))
    SCHEMA.assertValid(root)
    return root


anything = st.text(st.characters(exclude_categories=()))


@given(st.lists(st.tuples(st.none() | anything, st.none() | anything, anything, st.none() | anything), max_size=4))
def test_any_text_gives_a_valid_document(rows: list[tuple[str | None, str | None, str, str | None]]) -> None:
    root = document([bead(s, t, bead_id=b, pair_id=p, findings=[b], source_url=p) for s, t, b, p in rows])
    for parents, children in (([root], "file"), (list(root), "unit")):
        for parent in parents:
            ids = [child.get("id") for child in parent.iterfind(CORE + children)]
            assert len(ids) == len(set(ids))


def test_a_file_is_a_pair_and_a_unit_a_bead_with_its_findings_as_notes() -> None:
    rows = [bead(), bead(findings=["number", "a < b"]), bead(pair_id="k-f", bead_id="k-f-00000")]
    root = document(rows)
    assert (root.get("srcLang"), root.get("trgLang"), root.get("version")) == ("ja", "en", "2.1")
    assert [(file.get("original"), len(file)) for file in root] == [("j-e", 2), ("k-f", 1)]
    assert [unit.get("name") for unit in root.iter(CORE + "unit")] == [row["bead_id"] for row in rows]
    assert [note.text for note in root.iter(CORE + "note")] == ["number", "a < b"]


def test_null_beads_have_no_target_or_an_empty_source() -> None:
    root = document([bead("雨だ。", None), bead(None, "It rains.")])
    sides = [[(side.tag.removeprefix(CORE), side.text) for side in seg] for seg in root.iter(CORE + "segment")]
    assert sides == [[("source", "雨だ。")], [("source", None), ("target", "It rains.")]]


def test_no_bead_gives_a_valid_document_too() -> None:
    assert not list(document([]).iter(CORE + "unit"))


def test_characters_that_xml_cannot_hold_are_cp() -> None:
    text = written([bead("a\x00b\x1fc\ufffed", "\r\n")])
    assert '<source>a<cp hex="0000"/>b<cp hex="001F"/>c<cp hex="FFFE"/>d</source><target>&#13;\n</target>' in text


def test_beads_of_several_languages_are_refused() -> None:
    with pytest.raises(UsageError, match="bead x is in ja and de, those before it in ja and en; an XLIFF document"):
        write_xliff([bead(), bead(bead_id="x", target_lang="de")], io.StringIO())


def test_translate_toolkit_reads_it() -> None:
    xliff2 = pytest.importorskip("translate.storage.xliff2", exc_type=ImportError)
    store = xliff2.Xliff2File.parsestring(written([bead(), bead("a & b", "c <d>", findings=["date"])]).encode("utf-8"))
    found = [(unit.source, unit.target) for unit in store.units]
    assert found == [("雨だ。", "It rains."), ("a & b", "c <d>")]


FOREIGN_1 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file source-language="de" target-language="fr"><body>
<trans-unit id="7"><source>Der <bpt id="1">&lt;b></bpt>Regen<ept id="1">&lt;/b></ept><!-- no --></source>
<target>La <g id="1">pluie</g></target></trans-unit>
<trans-unit id="8"><source>Schnee</source></trans-unit></body></file></xliff>"""
FOREIGN_2 = """<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="de" trgLang="fr">
<file id="f"><unit id="u"><segment id="s1"><source>Der <pc id="1">Regen</pc><cp hex="001b"/></source>
<target>La pluie</target></segment>
<ignorable><source> </source></ignorable><segment><source>Schnee</source></segment></unit></file></xliff>"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FOREIGN_1, [("7", "Der Regen", "La pluie"), ("8", "Schnee", None)]),
        (FOREIGN_2, [("s1", "Der Regen\x1b", "La pluie"), ("u", "Schnee", None)]),
    ],
    ids=["1.2", "2.0"],
)
def test_files_of_others_are_read(text: str, expected: list[tuple[str, str, str | None]], tmp_path: Path) -> None:
    (tmp_path / "a.xlf").write_text(text, encoding="utf-8")
    rows = list(imported_beads(tmp_path / "a.xlf"))
    assert [(row["bead_id"], row["source_text"], row["target_text"]) for row in rows] == expected
    assert {(row["source_lang"], row["target_lang"]) for row in rows} == {("de", "fr")}


def test_a_bead_that_a_tool_cut_into_segments_is_one_again(tmp_path: Path) -> None:
    cut = (
        "<segment><source>雨だ。</source><target>It rains.</target></segment>"
        "<ignorable><source> </source></ignorable>"
        "<segment><source>雪だ。</source><target>It snows.</target></segment>"
    )
    whole = '<segment state="translated"><source>雨だ。 雪だ。</source><target>x</target></segment>'
    text = written([bead("雨だ。 雪だ。", "x", similarity=0.5)])
    assert whole in text
    (tmp_path / "a.xlf").write_text(text.replace(whole, cut), encoding="utf-8")
    (row,) = imported_beads(tmp_path / "a.xlf")
    assert (row["bead_id"], row["similarity"]) == ("j-e-00000", 0.5)
    assert (row["source_text"], row["target_text"]) == ("雨だ。 雪だ。", "It rains. It snows.")


def test_what_a_translator_changed_comes_back_changed(tmp_path: Path) -> None:
    (tmp_path / "a.xlf").write_text(written([bead()]).replace("It rains.", "Rain."), encoding="utf-8")
    assert next(imported_beads(tmp_path / "a.xlf"))["target_text"] == "Rain."


def test_check_reads_beads_with_two_sides_by_their_id_and_date(tmp_path: Path) -> None:
    rows = [bead(None, "x"), bead("x", None), bead(bead_id="b", source_date="2026-03-05")]
    (tmp_path / "a.xliff").write_text(written(rows), encoding="utf-8")
    assert list(read_bitext(tmp_path / "a.xliff")) == [TextPair("b", "雨だ。", "It rains.", "2026-03-05")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.5", "half", r"a\.xlf:\d+: unit 1: probability is 'half', expected a number"),
        ("雨だ。", '<cp hex="雨"/>', r"a\.xlf:\d+: unit 1: cp has hex='雨', expected the number"),
        ("雨だ。", '<cp hex="110000"/>', "cp has hex='110000'"),
        ("雨だ。", "雨&y;", r"unit 1 uses the entity &y; and entities are not read"),
        ("[]", "[", "findings is '\\['"),
    ],
    ids=["number", "cp", "beyond Unicode", "entity", "list"],
)
def test_malformed_units_are_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = written([bead(probability=0.5)]).replace(old, new)
    text = text.replace("?>\n", '?>\n<!DOCTYPE xliff [<!ENTITY y "bomb">]>\n', 1)
    (tmp_path / "a.xlf").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        list(imported_beads(tmp_path / "a.xlf"))
