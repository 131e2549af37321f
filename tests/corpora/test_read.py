"""Reading files: nothing hangs, nothing vanishes, every charset of an old newspaper site is read."""

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpora import contents, files, read
from corpora.errors import InputError, NoUsableInput
from corpora.records import Page, Reject

JAPANESE = "川があふれ、水戸市では千人が避難した。「こんな雨は初めてだ」と住民は話す。けが人はいないという。"


def pages_of(*inputs: Path | str) -> list[Page | Reject]:
    return list(read.read_pages(list(inputs)))


def only_page(path: Path) -> Page:
    (page,) = pages_of(path)
    assert isinstance(page, Page), page
    return page


def only_reject(path: Path | str) -> Reject:
    (reject,) = pages_of(path)
    assert isinstance(reject, Reject), reject
    return reject


@pytest.mark.parametrize(
    "charset",
    ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_japanese_text_is_decoded_when_nothing_declares_its_charset(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(JAPANESE.encode(charset))
    page = only_page(path)
    assert page.text.lstrip("\ufeff") == JAPANESE
    assert page.replaced_characters == 0


@pytest.mark.parametrize(
    ("declared", "charset"),
    [
        ("Shift_JIS", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("utf-8", "cp932"),
        ("iso-8859-1", "utf-8"),
        ("x", "euc_jp"),
    ],
)
def test_html_is_decoded_even_when_the_declaration_is_wrong(tmp_path: Path, declared: str, charset: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(f'<html><meta charset="{declared}"><p>{JAPANESE}</p>'.encode(charset))
    assert JAPANESE in only_page(path).text


def test_western_quotes_are_not_read_as_kanji(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("“It’s over,” the mayor’s aide said. The mayor’s term ends.".encode("cp1252"))
    assert "“It’s over,”" in only_page(path).text


def test_a_broken_byte_is_counted_and_many_reject_the_page(tmp_path: Path) -> None:
    one, many = tmp_path / "one.txt", tmp_path / "many.txt"
    one.write_bytes((JAPANESE * 3).encode("cp932") + b"\x81")
    many.write_bytes("あ".encode() + b"\xff\xfe\xfd\x80" * 50)
    assert only_page(one).replaced_characters == 1
    assert only_reject(many).reason == "undecodable"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.html", b" \n ", "empty"),
        ("a.txt", bytes(range(32)) * 20, "binary"),
        ("a.html", b"%PDF-1.7 ...", "binary"),
        ("a.jsonl", b"{broken", "malformed"),
        ("a.jsonl", b"[1]", "malformed"),
        ("a.jsonl", b'{"text": "\xff"}', "undecodable"),
        ("a.jsonl", b"[" * 100_000, "malformed"),
        ("a.parquet", b"PAR1 but not really", "malformed"),
    ],
)
def test_what_is_no_page_is_rejected_with_its_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert only_reject(path).reason == reason


def test_rows_become_pages_that_name_their_line(tmp_path: Path) -> None:
    rows = [{"id": "k1", "lang": "ja", "text": JAPANESE}, {"lang": "en", "text": "It rained."}]
    lines, table = tmp_path / "a.jsonl", tmp_path / "b.parquet"
    lines.write_text("\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([{"lang": "en", "text": "It rained."}]), table)
    pages = [page for page in pages_of(tmp_path) if isinstance(page, Page)]
    assert [page.path for page in pages] == [f"{lines}:1", f"{lines}:3", f"{table}:1"]
    assert pages[1].fields == {"lang": "en", "text": "It rained."}


def test_folders_are_read_sorted_once_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.html", ".hidden.txt", ".git/d.txt", "e.docx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(JAPANESE, encoding="utf-8")
    found = pages_of(tmp_path / "b.txt", tmp_path, str(tmp_path / "*.md"))
    assert [Path(page.path).name for page in found] == ["a.md", "b.txt", "e.docx", "c.html"]
    assert [page.reason for page in found if isinstance(page, Reject)] == ["unsupported"]


def test_a_named_file_of_another_kind_is_sniffed(tmp_path: Path) -> None:
    html, text = tmp_path / "page.php", tmp_path / "story"
    html.write_text("\n<!DOCTYPE html><p>It rained.</p>", encoding="utf-8")
    text.write_text("It rained.", encoding="utf-8")
    assert (only_page(html).kind, only_page(text).kind) == ("html", "text")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_links_and_pipes_do_not_hang(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a.txt").write_text(JAPANESE, encoding="utf-8")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    found = pages_of(tmp_path)
    assert [Path(page.path).name for page in found] == ["a.txt", "loop.txt", "pipe.txt"]
    assert [page.reason for page in found if isinstance(page, Reject)] == ["unreadable", "unreadable"]


def test_too_large_a_file_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PAGE_BYTES", 10)
    monkeypatch.setattr(contents, "MAX_PAGE_BYTES", 10)
    for name in ("a.txt", "a.jsonl"):
        (tmp_path / name).write_text('{"text": "a long line"}\n', encoding="utf-8")
    assert [page.reason for page in pages_of(tmp_path) if isinstance(page, Reject)] == ["too-large"] * 2


def test_a_folder_that_may_not_be_listed_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    scandir = os.scandir

    def may_not(path: str) -> object:  # root may list anything
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", may_not)
    page, closed = read.read_pages([tmp_path])
    assert isinstance(page, Page)
    assert isinstance(closed, Reject)
    assert (closed.path, closed.reason) == (str(tmp_path / "closed"), "unreadable")


def test_missing_inputs_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.txt"):
        read.read_pages([tmp_path / "nowhere.txt"])
    with pytest.raises(InputError, match=r"\*\.txt"):
        read.read_pages([str(tmp_path / "*.txt")])
    with pytest.raises(NoUsableInput, match=tmp_path.name):
        read.read_pages([tmp_path])


def test_of_a_corpus_only_the_articles_are_read(tmp_path: Path) -> None:
    for name in ("corpus.json", "README.md", "beads/part.jsonl", "articles/part.jsonl"):
        (tmp_path / "old" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "old" / name).write_text('{"lang": "en", "text": "It rained."}\n')
    assert [page.path for page in read.read_pages([tmp_path])] == [f"{tmp_path}/old/articles/part.jsonl:1"]
