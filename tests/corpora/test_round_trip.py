"""What is exported and read back is the same bead, whatever its texts say; where a format cannot, the loss is known."""

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import InputError, NoUsableInput, UsageError
from corpora.export import write_export
from corpora.fields import COLUMNS, exact, full_row, one_line, value_of
from corpora.importing import imported_beads
from corpora.jsonlines import Row, printable, write_rows

characters = st.characters(exclude_categories=())
anything = st.text(characters, max_size=20) | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''",
        "'",
        "_x0041_",
        "_x000",
        "a\r\nb",
        "\r",
        "\ufeffa",
        "\x1b[0m",
        "[1",
        "#N/A",
        "\ud800",
        "１",
        "-5",
    ]
)
some = anything.filter(bool)
whole = st.integers(-(2**31), 2**31 - 1)
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "text": anything,
    "whole": whole,
    "number": st.floats(width=32, allow_nan=False) | st.floats(0, 1, width=32),
    "texts": st.lists(st.sampled_from(["number", "date"]) | anything, max_size=3),
    "wholes": st.lists(whole, max_size=3),
}
values = {name: st.none() | BY_KIND[kind] for name, kind in COLUMNS.items()}
beads = st.fixed_dictionaries(values)
languages = st.none() | st.sampled_from(["ja", "en", "de-CH", "ja_JP", "", "\x00"])
two_sided = {"source_text": some, "target_text": some}


def expected(row: Row) -> Row:
    """The row that every lossless format gives back: U+FFFD for lone surrogates, nothing else."""

    def valid(value: Any) -> Any:
        return [valid(item) for item in value] if isinstance(value, list) else valid_text(value)

    def valid_text(value: Any) -> Any:
        return printable(value) if isinstance(value, str) else value

    return {name: valid(value) for name, value in row.items()}


def in_cells(row: Row) -> Row:
    """What a table of cells gives back: it cannot tell an empty text or list from none."""
    return {
        name: (value or []) if COLUMNS[name] in ("texts", "wholes") else None if value == "" else value
        for name, value in expected(row).items()
    }


def in_lines(row: Row) -> Row:
    return in_cells({name: one_line(v) if isinstance(v, str) else v for name, v in row.items()})


def assert_same(found: Iterable[Row], wanted: Iterable[Row]) -> None:
    """To the bit: 0.0 is not -0.0; and found rows have all columns in order."""
    in_order = [{name: row[name] for name in COLUMNS} for row in wanted]
    assert [json.dumps(row) for row in found] == [json.dumps(row) for row in in_order]


@pytest.fixture(scope="module")
def round_trip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Row]]:
    folder = tmp_path_factory.mktemp("round")

    def there_and_back(rows: list[Row], name: str, suffix: str | None = None) -> list[Row]:
        path = folder / f"beads.{name}"
        assert write_export(rows, str(path), name, force=True) == len(rows)
        return list(imported_beads(folder / f"beads.{suffix or name}"))

    return there_and_back


@given(rows=st.lists(beads, max_size=3))
def test_jsonl_gives_back_every_row(round_trip: Callable[..., list[Row]], rows: list[Row]) -> None:
    assert_same(round_trip(rows, "jsonl"), map(expected, rows))


@given(rows=st.lists(st.fixed_dictionaries({**values, **two_sided, "source_lang": languages}), max_size=3))
def test_tmx_gives_back_every_row_with_two_sides(round_trip: Callable[..., list[Row]], rows: list[Row]) -> None:
    assert_same(round_trip(rows, "tmx"), map(expected, rows))


@given(rows=st.lists(beads, max_size=3), pair=st.tuples(languages, languages))
def test_xliff_gives_back_every_row(
    round_trip: Callable[..., list[Row]], rows: list[Row], pair: tuple[str | None, str | None]
) -> None:
    rows = [{**row, "source_lang": pair[0], "target_lang": pair[1]} for row in rows]
    assert_same(round_trip(rows, "xliff"), map(expected, rows))


@given(rows=st.lists(beads.filter(lambda row: row["bead_id"]), max_size=3))
def test_tsv_gives_back_all_but_line_breaks_and_emptiness(
    round_trip: Callable[..., list[Row]], rows: list[Row]
) -> None:
    assert_same(round_trip(rows, "tsv"), map(in_lines, rows))


@given(rows=st.lists(beads.filter(lambda row: row["bead_id"]), max_size=3))
def test_xlsx_gives_back_all_but_emptiness(round_trip: Callable[..., list[Row]], rows: list[Row]) -> None:
    assert_same(round_trip(rows, "xlsx"), map(in_cells, rows))


@given(rows=st.lists(st.fixed_dictionaries({**values, **two_sided}), min_size=1, max_size=3))
def test_moses_gives_back_its_columns(round_trip: Callable[..., list[Row]], rows: list[Row]) -> None:
    rows = [{**row, "source_lang": "ja", "target_lang": "en"} for row in rows]
    held = ("bead_id", "pair_id", "probability", "source_lang", "target_lang", "source_text", "target_text")
    wanted = [{name: in_lines(row)[name] if name in held else None for name in COLUMNS} for row in rows]
    assert_same(round_trip(rows, "moses", "moses.ids"), wanted)


@pytest.mark.parametrize("name", ["jsonl", "tmx", "xliff", "tsv", "xlsx"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_none_come_back(round_trip: Callable[..., list[Row]], name: str, value: float) -> None:
    row = full_row({"source_text": "a", "target_text": "b", "similarity": value}, "")
    (found,) = round_trip([row], name)
    assert str(found["similarity"]) == str(value)


def test_parquet_is_read_like_jsonl(tmp_path: Path) -> None:
    row = full_row({"bead_id": "a", "source_text": "雨", "target_text": "Rain", "source_sentences": [1]}, "")
    write_rows([row], tmp_path / "beads.parquet")
    assert_same(imported_beads(tmp_path / "beads.parquet"), [row])


def test_standard_input_is_read_as_jsonl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"source": "雨", "target": "Rain", "id": "a", "extra": 1}\n'))
    (row,) = imported_beads("-", ("ja", "en"))
    assert {name: value for name, value in row.items() if value is not None} == {
        "bead_id": "a",
        "source_lang": "ja",
        "target_lang": "en",
        "source_text": "雨",
        "target_text": "Rain",
    }


@given(st.floats(width=32, allow_nan=False))
def test_the_text_of_a_float_is_the_same_float(value: float) -> None:
    found = value_of("similarity", exact(value))
    assert json.dumps(found) == json.dumps(value)
    assert len(exact(value).lower().split("e")[0]) <= len(repr(value).lower().split("e")[0])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param("a.jsonl", '{"source_text": 5}', r"a\.jsonl:1: source_text is 5, expected a text", id="text"),
        pytest.param("a.jsonl", '{"target_text": "a", "probability": true}', "probability is True", id="a truth value"),
        pytest.param("a.jsonl", '{"target_text": "a", "probability": 1e300}', "32-bit float can hold", id="too large"),
        pytest.param("a.jsonl", '{"target_text": "a", "source_end": 2147483648}', "32 bits can hold", id="too long"),
        pytest.param("a.jsonl", '{"target_text": "a", "source_end": 1.5}', "source_end is 1.5", id="a fraction"),
        pytest.param("a.jsonl", '{"target_text": "a", "findings": "number"}', "expected a list of texts", id="no list"),
        pytest.param(
            "a.jsonl", '{"target_text": "a", "findings": [[]]}', "expected a list of texts", id="list in list"
        ),
        pytest.param("a.jsonl", '{"ja": "a"}', "neither source_text nor target_text; found ja", id="other keys"),
        pytest.param("a.tsv", "a\tb\n", r"a\.tsv:1 names no columns source_text and target_text", id="no header"),
        pytest.param(
            "a.tsv", "source\ttarget\na\n", r"a\.tsv:2 has 1 columns, the first line names 2", id="a cell less"
        ),
        pytest.param("a.tsv", "source\ttarget\tsource_end\na\tb\tc\n", r"a\.tsv:2: source_end is 'c'", id="no number"),
        pytest.param("a.tsv", "source\ttarget\tfindings\na\tb\t[\n", r"a\.tsv:2: findings is '\['", id="half a list"),
        pytest.param(
            "a.tsv", "source\ttarget\tsource_sentences\na\tb\tc\n", "source_sentences is 'c'", id="no numbers"
        ),
        pytest.param("a.xlsx", "PK", r"a\.xlsx cannot be read as XLSX", id="no workbook"),
        pytest.param("a.tmx", "<tmx><tu>", r"a\.tmx cannot be read as XML: .*line 1", id="torn XML"),
        pytest.param("a.xlf", "", r"a\.xlf cannot be read as XML", id="empty XML"),
    ],
)
def test_malformed_files_are_named_with_their_place(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        list(imported_beads(tmp_path / name))


@pytest.mark.parametrize("name", ["a.tmx", "a.xlf", "a.tsv", "a.xlsx", "a.jsonl", "a.parquet", "a.ids"])
def test_a_file_that_is_not_there_is_an_input_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(imported_beads(tmp_path / name))


def test_an_unknown_suffix_names_those_that_are_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.html: beads are read from \.tmx, .*\.ids"):
        list(imported_beads(tmp_path / "a.html"))


def moses(tmp_path: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (tmp_path / f"a.{name}").write_bytes(text.encode())
    return tmp_path / "a.ids"


def test_moses_of_other_tools_is_read(tmp_path: Path) -> None:
    path = moses(tmp_path, ids="1\t\t\r\n2\tp\t0.5\n", de="Regen\r\nSchnee\u2028da\n", fr="pluie\nneige")
    found = [(row["bead_id"], row["pair_id"], row["source_text"], row["target_text"], row["probability"])
             for row in imported_beads(path, ("de", "fr"))]  # fmt: skip
    assert found == [("1", None, "Regen", "pluie", None), ("2", "p", "Schnee\u2028da", "neige", 0.5)]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"ids": "1\t\t\n", "ja": "雨\n雪\n", "en": "Rain\n"}, r"a\.en and .*a\.ids ends after 1 lines"),
        ({"ids": "1\t\n", "ja": "雨\n", "en": "Rain\n"}, r"a\.ids:1 has 2 columns, expected 3"),
        ({"ids": "1\t\tx\n", "ja": "雨\n", "en": "Rain\n"}, r"a\.ids:1: probability is 'x'"),
        ({"ids": "1\t\t\n", "ja": "雨\n"}, r"a\.en cannot be read: No such file"),
    ],
    ids=["a line more", "a column less", "no number", "a file less"],
)
def test_malformed_moses_is_named_with_its_place(texts: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        list(imported_beads(moses(tmp_path, **texts)))


BEAD: Row = {"bead_id": "a", "source_lang": "ja", "target_lang": "en", "source_text": "雨", "target_text": "Rain"}


@pytest.mark.parametrize("there", ["a.ja", "a.en", "a.ids"])
def test_moses_overwrites_none_of_its_files_unless_told(there: str, tmp_path: Path) -> None:
    (tmp_path / there).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=rf"{there} exists; --force"):
        write_export([BEAD], str(tmp_path / "a"), "moses")
    assert [(file.name, file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()] == [(there, "mine")]
    assert write_export([BEAD], str(tmp_path / "a"), "moses", force=True) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.en", "a.ids", "a.ja"]


@pytest.mark.parametrize(
    ("rows", "prefix", "error", "message"),
    [
        ([BEAD, {**BEAD, "target_lang": "de"}], "a", UsageError, "is in ja and de, those before it in ja and en"),
        ([{**BEAD, "source_lang": "en"}], "a", UsageError, "expected two languages"),
        ([{**BEAD, "source_lang": "../x"}], "a", UsageError, "expected two languages"),
        ([{**BEAD, "source_text": None}], "a", NoUsableInput, "no bead with two sides"),
        ([BEAD], "", UsageError, "is a folder"),
        ([BEAD], "none/a", UsageError, "does not exist"),
    ],
    ids=["mixed", "same", "a path", "no two-sided bead", "a folder", "no folder"],
)
def test_moses_leaves_nothing_where_it_cannot_write(
    rows: list[Row], prefix: str, error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        write_export(rows, f"{tmp_path}/{prefix}", "moses")
    assert not list(tmp_path.iterdir())
