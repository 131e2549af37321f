"""Reading pairs of texts: every format gives the same, bad input is named, and exports come back whole."""

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.bitext import TextPair, read_bitext, unguarded
from corpora.errors import InputError, NotACorpus
from corpora.export import tsv_cell, write_jsonl, write_tmx, write_tsv
from corpora.jsonlines import Row
from corpora.outputs import open_output
from corpora.publish import write_corpus

TMX = """<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header/><body>
<tu tuid="a"><prop type="x-source-date">2026-03-05</prop>
<tuv xml:lang="JA-jp"><seg>雨<bpt i="1"/>だ。</seg></tuv><tuv xml:lang="en-GB"><seg>It rains.</seg></tuv></tu>
<tu><tuv lang="en"><seg>Snow &amp; ice.</seg></tuv><tuv lang="ja"><seg>雪と氷。</seg></tuv></tu>
</body></tmx>"""
XLIFF_1 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body>
<trans-unit id="a"><source>雨<g id="1">だ。</g></source><target>It rains.</target>
<alt-trans><target>It is raining.</target></alt-trans></trans-unit>
<trans-unit id="not yet translated"><source>雲だ。</source></trans-unit>
<trans-unit><source>雪と氷。</source><target>Snow &amp; ice.</target></trans-unit>
</body></file></xliff>"""
XLIFF_2 = """<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f">
<unit id="a"><segment><source>雨だ。</source><target>It rains.</target></segment></unit>
<unit id="b"><segment id="s1"><source>雪と氷。</source><target>Snow &amp; ice.</target></segment></unit>
</file></xliff>"""


def read(path: Path, **languages: str) -> list[TextPair]:
    return list(read_bitext(path, **languages))


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


RAIN, SNOW = ("雨だ。", "It rains."), ("雪と氷。", "Snow & ice.")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "a.jsonl",
            '{"id": "a", "source": "雨だ。", "target": "It rains.", "date": "2026-03-05"}\n'
            '{"source": "雪と氷。", "target": "Snow & ice."}\n',
            [TextPair("a", *RAIN, "2026-03-05"), TextPair("2", *SNOW)],
            id="rows by side",
        ),
        pytest.param(
            "a.jsonl",
            '{"id": 7, "ja": "雨だ。", "en": "It rains."}\n{"id": null, "en": "Snow & ice.", "ja": "雪と氷。"}\n',
            [TextPair("7", *RAIN), TextPair("2", *SNOW)],
            id="rows by language",
        ),
        pytest.param(
            "a.jsonl",
            '{"bead_id": "b1", "source_text": "雨だ。", "target_text": "It rains.", "source_date": "2026-03-05"}\n',
            [TextPair("b1", *RAIN, "2026-03-05")],
            id="rows of beads",
        ),
        pytest.param(
            "a.jsonl",
            '{"id": "gone", "source": "雨だ。", "target": ""}\n',
            [TextPair("gone", "雨だ。", "")],
            id="a translation that is missing",
        ),
        pytest.param(
            "a.tsv",
            "雨だ。\tIt rains.\r\n\r\n雪と氷。\tSnow & ice.\textra",
            [TextPair("1", *RAIN), TextPair("3", *SNOW)],
            id="tsv",
        ),
        pytest.param(
            "a.TSV",
            "\ufeffid\ttarget\tnote\tsource\na\tIt rains.\t\t雨だ。\n",
            [TextPair("a", *RAIN)],
            id="tsv with a header",
        ),
        pytest.param(
            "a.txt", '"雨だ。\tIt "rains.\n', [TextPair("1", '"雨だ。', 'It "rains.')], id="tsv has no quoting"
        ),
        pytest.param("a.tmx", TMX, [TextPair("a", *RAIN, "2026-03-05"), TextPair("2", *SNOW)], id="tmx"),
        pytest.param("a.xlf", XLIFF_1, [TextPair("a", *RAIN), TextPair("3", *SNOW)], id="xliff 1.2"),
        pytest.param("a.XLIFF", XLIFF_2, [TextPair("a", *RAIN), TextPair("s1", *SNOW)], id="xliff 2"),
    ],
)
def test_each_format_is_read(name: str, text: str, expected: list[TextPair], tmp_path: Path) -> None:
    assert read(write(tmp_path / name, text)) == expected


def test_parquet_is_read(tmp_path: Path) -> None:
    table = pa.table({"ja": ["雨だ。", "雪と氷。"], "en": ["It rains.", "Snow & ice."], "date": [None, "2026-03-05"]})
    pq.write_table(table, tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet") == [TextPair("1", *RAIN), TextPair("2", *SNOW, "2026-03-05")]


def test_standard_input_is_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"source": "雨だ。", "target": "It rains."}\n'))
    assert list(read_bitext("-")) == [TextPair("1", *RAIN)]


@pytest.mark.parametrize("languages", [("en", "ja"), ("en-US", "ja_JP"), ("EN", "JA")])
def test_languages_choose_the_variants_of_tmx(languages: tuple[str, str], tmp_path: Path) -> None:
    source_lang, target_lang = languages
    first, second = read(write(tmp_path / "a.tmx", TMX), source_lang=source_lang, target_lang=target_lang)
    assert (first.source, first.target) == ("It rains.", "雨だ。")
    assert (second.source, second.target) == ("Snow & ice.", "雪と氷。")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "a.jsonl",
            '{"source": "a", "target": "b"}\n{"source": "a"}\n',
            r"a\.jsonl:2 has no text for both sides: .*source",
        ),
        ("a.jsonl", '{"source": "a", "target": 5}\n', r"a\.jsonl:1 has no text for both sides"),
        ("a.jsonl", "{}\n", r"a\.jsonl:1 has no text for both sides: .* \(or ja and en\), found none"),
        ("a.jsonl", '\n{"source": "a", "target"', r"a\.jsonl:2 is not JSON"),
        ("a.tsv", "a\tb\nonly one\n", r"a\.tsv:2 has 1 columns, expected at least 2: source TAB target"),
        ("a.tsv", "source\tid\ttarget\na\t1\n", r"a\.tsv:2 has 2 columns, expected at least 3"),
        ("a.tmx", TMX.replace("</seg>", "</segment>", 1), r"a\.tmx cannot be read as XML: .*line 5"),
        ("a.tmx", TMX[:300], r"a\.tmx cannot be read as XML: .*line 6"),
        ("a.tmx", "", r"a\.tmx cannot be read as XML"),
        (
            "a.tmx",
            TMX.replace('lang="en"', 'lang="de"'),
            r"a\.tmx:\d+: unit 2 has languages de, ja, expected ja and en; name",
        ),
        ("a.xlf", "<xliff><file>", r"a\.xlf cannot be read as XML: .*line 1"),
        (
            "a.docx",
            "PK",
            r"a\.docx: unknown kind of file; use \.jsonl, \.parquet, \.tsv, \.tmx, \.xlf or a corpus folder",
        ),
        ("a.parquet", "PAR1", r"a\.parquet cannot be read as Parquet"),
    ],
)
def test_malformed_input_is_named_with_its_line(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / name, text))


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.tsv", "a.tmx", "a.xlf"])
def test_a_file_that_is_not_there_is_an_input_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"{name} cannot be read|{name}.*No such file"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.jsonl", "a.tsv"])
def test_another_charset_is_an_input_error(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes("雨\train\n".encode("cp932"))
    with pytest.raises(InputError, match=name):
        read(tmp_path / name)


def test_a_folder_that_is_no_corpus_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(NotACorpus, match="is not a corpus"):
        read(tmp_path)


def test_xml_entities_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    doctype = f'<!DOCTYPE tmx [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}"><!ENTITY y "bomb">]>'
    text = TMX.replace('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', doctype).replace("It rains.", "It &x;&y; rains.")
    texts = " ".join(pair.target for pair in read(write(tmp_path / "a.tmx", text)))
    assert "secret" not in texts
    assert "bomb" not in texts


def bead(number: int, source: str | None, target: str | None) -> Row:
    return {
        "bead_id": f"j-e-{number:05d}",
        "source_lang": "ja",
        "target_lang": "en",
        "source_text": source,
        "target_text": target,
        "source_date": None,
    }


WRITERS = {"a.tsv": write_tsv, "a.tmx": write_tmx, "a.jsonl": write_jsonl}
BEADS = [bead(0, "題", None), bead(1, *RAIN), bead(2, None, "Added."), bead(3, *SNOW)]


@pytest.mark.parametrize("name", list(WRITERS))
def test_an_export_comes_back_without_its_null_beads(name: str, tmp_path: Path) -> None:
    with open_output(tmp_path / name) as out:
        WRITERS[name](BEADS, out)
    assert read(tmp_path / name) == [TextPair("j-e-00001", *RAIN), TextPair("j-e-00003", *SNOW)]


def test_a_corpus_is_read_without_its_null_beads(tmp_path: Path) -> None:
    beads = [{**row, "source_date": "2026-03-05"} for row in BEADS]
    write_corpus(tmp_path / "corpus", {"beads": beads}, {}, "")
    dated = [TextPair("j-e-00001", *RAIN, "2026-03-05"), TextPair("j-e-00003", *SNOW, "2026-03-05")]
    assert read(tmp_path / "corpus") == dated


# Everything that no format changes: TSV has no tabs and line ends, XML no other control characters.
text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), min_size=1, max_size=30)
guarded = st.builds(str.__add__, st.text("'=+-@＝＠", max_size=3), text)


@pytest.mark.parametrize("name", list(WRITERS))
@given(pairs=st.lists(st.tuples(guarded, guarded), max_size=4))
def test_an_export_loses_no_text(
    name: str, pairs: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    with open_output(path) as out:
        WRITERS[name]([bead(number, *pair) for number, pair in enumerate(pairs)], out)
    assert [(found.source, found.target) for found in read(path)] == pairs


@given(text | guarded)
def test_the_guard_of_a_cell_is_taken_off_again(cell: str) -> None:
    assert unguarded(tsv_cell(cell)) == cell


def test_line_ends_of_every_kind_survive_in_tmx_and_jsonl(tmp_path: Path) -> None:
    pair = ("一\r二\r\n三\n四\u2028五\x85六\t七", "one\r\n\r\ntwo")
    for name in ("a.tmx", "a.jsonl"):
        with open_output(tmp_path / name) as out:
            WRITERS[name]([bead(0, *pair)], out)
        (found,) = read(tmp_path / name)
        assert (found.source, found.target) == pair, name


def test_a_long_bitext_is_read_to_its_end(tmp_path: Path) -> None:
    lines = [json.dumps({"source": f"{i}番", "target": f"number {i}"}) for i in range(5000)]
    found = read(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert [pair.id for pair in found] == [str(i) for i in range(1, 5001)]
