"""The interchange format: what is written is read again, and a bad line is named."""

import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import InputError, UsageError
from corpora.jsonlines import Row, parse_rows, read_rows, write_json_lines, write_rows
from corpora.outputs import open_output

ROWS: list[Row] = [
    {"id": "a", "text": "雨が降った。\u2028二行目\x85🙂", "n": [1, 2], "date": None},
    {"id": "b", "text": 'He said: "\t\\n"', "n": [], "date": "2026-03-05"},
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def rows_of(path: Path) -> list[Row]:
    return [row for _, row in read_rows(path)]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json", "rows", "rows.parquet", "ROWS.PARQUET"])
def test_rows_are_read_as_they_were_written(name: str, tmp_path: Path) -> None:
    assert write_rows(iter(ROWS), tmp_path / name) == 2
    assert rows_of(tmp_path / name) == ROWS
    assert [path.name for path in tmp_path.iterdir()] == [name]


@given(st.lists(st.dictionaries(st.text(), json_values, max_size=4), max_size=4))
def test_any_json_objects_are_read_as_they_were_written(rows: list[Row]) -> None:
    out = io.StringIO()
    assert write_json_lines(rows, out) == len(rows)
    assert [row for _, row in parse_rows(io.StringIO(out.getvalue()), "-")] == rows


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])
def test_no_rows_make_a_file_without_rows(name: str, tmp_path: Path) -> None:
    assert write_rows([], tmp_path / name) == 0
    assert rows_of(tmp_path / name) == []


def test_parquet_keeps_keys_that_the_first_row_lacks(tmp_path: Path) -> None:
    write_rows([{"a": 1}, {"b": "x", "a": 2}], tmp_path / "rows.parquet")
    assert rows_of(tmp_path / "rows.parquet") == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])
def test_a_lone_surrogate_becomes_a_replacement_character(name: str, tmp_path: Path) -> None:
    write_rows([{"path": "a\udcff.html", "list": ["\ud800", "\U0001f642"]}], tmp_path / name)
    assert rows_of(tmp_path / name) == [{"path": "a\ufffd.html", "list": ["\ufffd", "\U0001f642"]}]


def test_a_lone_surrogate_that_json_escapes_does_not_get_in(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a\\uD800b \\ud83d\\ude42"}\n', encoding="utf-8")
    assert rows_of(path) == [{"text": "a\ufffdb 🙂"}]


def test_rows_name_file_and_line_and_blank_lines_count(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\r\n  \n{"a": 2}')
    assert list(read_rows(path)) == [(f"{path}:1", {"a": 1}), (f"{path}:4", {"a": 2})]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"rows\.jsonl:2 is not JSON"),
        ("{'a': 1}", r"rows\.jsonl:2 is not JSON"),
        ("[1]", r'rows\.jsonl:2 holds list, expected a JSON object such as \{"id": \.\.\.\}'),
        ("null", r"rows\.jsonl:2 holds NoneType"),
        ('"text"', r"rows\.jsonl:2 holds str"),
        ("[" * 200_000, r"rows\.jsonl:2 is not JSON"),
        ("1" * 5000, r"rows\.jsonl:2 is not JSON"),
    ],
    ids=["cut off", "python", "list", "null", "string", "too deep", "too long a number"],
)
def test_a_bad_line_is_named(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"a": 1}}\n{line}\n{{"a": 3}}\n', encoding="utf-8")
    rows = read_rows(path)
    assert next(rows)[1] == {"a": 1}
    with pytest.raises(InputError, match=message):
        next(rows)


def test_a_file_in_another_charset_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes('{"text": "雨"}'.encode("cp932"))
    with pytest.raises(InputError, match=r"rows\.jsonl is not UTF-8: .* must be saved as UTF-8"):
        rows_of(path)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])
def test_a_file_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"{name} cannot be read"):
        rows_of(tmp_path / name)


def test_a_broken_parquet_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match=r"rows\.parquet cannot be read as Parquet"):
        rows_of(tmp_path / "rows.parquet")


def test_standard_input_and_output_are_a_dash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"a": 1}\n'))
    assert write_rows((row for _, row in read_rows("-")), "-") == 1
    assert capsys.readouterr().out == '{"a": 1}\n'


def failing() -> Iterator[Row]:
    yield {"a": 1}
    raise InputError("the third row is bad")


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.parquet"])
def test_a_file_is_replaced_only_when_everything_is_written(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"as before")
    with pytest.raises(InputError, match="the third row"):
        write_rows(failing(), tmp_path / name)
    assert (tmp_path / name).read_bytes() == b"as before"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_obeys_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_rows(ROWS, tmp_path / "rows.jsonl")
    finally:
        os.umask(before)
    assert (tmp_path / "rows.jsonl").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("as before", encoding="utf-8")
    link.symlink_to(target)
    write_rows([{"a": 1}], link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == '{"a": 1}\n'


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    write_rows([{"a": 1}], pipe)
    reader.join(timeout=10)
    assert read == ['{"a": 1}\n']
    assert pipe.is_fifo()


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"nowhere.rows\.jsonl cannot be written"),
        open_output(tmp_path / "nowhere" / "rows.jsonl"),
    ):
        pass


def test_a_folder_as_output_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; name a file to write"), open_output(tmp_path):
        pass


def test_output_is_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    write_rows(ROWS, tmp_path / "rows.jsonl")
    written = (tmp_path / "rows.jsonl").read_bytes()
    assert b"\r" not in written
    assert [json.loads(line) for line in written.decode("utf-8").split("\n")[:-1]] == ROWS
    assert "雨が降った。".encode() in written
