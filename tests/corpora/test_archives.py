"""Archives, crawls and tables of pages: everything inside is read or rejected by name, and none can exhaust us."""

import contextlib
import gzip
import io
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.contents import pages_in
from corpora.errors import PageRejected
from corpora.files import MAX_PAGE_BYTES, File
from corpora.read import read_pages
from corpora.records import Page, Reject

PAGES = {
    "b.txt": "The river rose by two meters on Friday night, and dozens of people fled their homes.",
    "a/ニュース.html": "<html><h1>川が氾濫</h1><p>川があふれ、水戸市では千人が避難した。</p></html>",
}


def found(path: Path) -> list[Page | Reject]:
    return list(read_pages([path]))


def by_path(path: Path) -> dict[str, Page | Reject]:
    return {one.path.removeprefix(f"{path}"): one for one in found(path)}


def reasons(path: Path) -> dict[str, str]:
    return {name: one.reason for name, one in by_path(path).items() if isinstance(one, Reject)}


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, members: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def encoded(pages: dict[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in pages.items()}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz"])
def test_the_pages_of_an_archive_are_those_that_were_packed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    members = encoded(PAGES)
    if name == "a.zip":
        zipped(path, members)
    else:
        modes = {"a.tar": "w", "a.tgz": "w:gz"}
        tarred(path, members, modes.get(name, f"w:{name.rpartition('.')[2]}"))
    pages = by_path(path)
    assert set(pages) == {"/b.txt", "/a/ニュース.html"}
    assert {name.lstrip("/"): page.text for name, page in pages.items() if isinstance(page, Page)} == PAGES
    assert [page.kind for page in pages.values() if isinstance(page, Page)].count("html") == 1


def test_rows_and_gzipped_files_inside_are_read_as_outside(tmp_path: Path) -> None:
    rows = b'{"text": "It rained."}\n{"text": \n'
    path = zipped(tmp_path / "a.zip", {"rows.jsonl": rows, "one.txt.gz": gzip.compress(PAGES["b.txt"].encode())})
    pages = by_path(path)
    assert pages["/rows.jsonl:1"].fields == {"text": "It rained."}  # type: ignore[union-attr]
    assert pages["/rows.jsonl:2"].reason == "malformed"  # type: ignore[union-attr]
    assert pages["/one.txt.gz"].text == PAGES["b.txt"]  # type: ignore[union-attr]


def test_a_parquet_file_inside_is_read(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = io.BytesIO()
    pq.write_table(pa.table({"text": ["It rained.", "It poured."]}), table)
    for path in (zipped(tmp_path / "a.zip", {"t.parquet": table.getvalue()}), tmp_path / "a.tar.gz"):
        tarred(tmp_path / "a.tar.gz", {"t.parquet": table.getvalue()})
        assert [page.fields["text"] for page in found(path) if isinstance(page, Page)] == ["It rained.", "It poured."]


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    members = {
        "../../etc/evil.txt": b"x",
        "/root/evil.txt": b"x",
        "c:\\evil.txt": b"x",
        "photo.png": b"\x89PNG",
        "inner.zip": b"PK",
        "empty.txt": b"",
        ".hidden/a.txt": b"x",
        "__MACOSX/a.txt": b"x",
        "b.txt": PAGES["b.txt"].encode(),
    }
    for path in (zipped(tmp_path / "a.zip", members), tarred(tmp_path / "a.tar.gz", members)):
        pages = by_path(path)
        assert [name for name, page in pages.items() if isinstance(page, Page)] == ["/b.txt"]
        assert {name.lstrip("/"): reason for name, reason in reasons(path).items()} == {
            "../../etc/evil.txt": "unsafe-name",
            "root/evil.txt": "unsafe-name",
            "c:\\evil.txt": "unsafe-name",
            "photo.png": "unsupported",
            "inner.zip": "unsupported",
            "empty.txt": "empty",
        }
    assert not (tmp_path.parent / "etc").exists()


def test_links_and_devices_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind in (
            ("link.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("fifo.txt", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert set(reasons(path).values()) == {"unsupported"}
    assert len(found(path)) == 3


def test_names_in_the_charset_of_a_japanese_system_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"XXXXXX.txt": PAGES["b.txt"].encode()})
    path.write_bytes(path.read_bytes().replace(b"XXXXXX", "川の水".encode("cp932")))
    assert list(by_path(path)) == ["/川の水.txt"]


def test_an_encrypted_file_is_rejected(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"It rained."})
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    path.write_bytes(data)
    assert reasons(path) == {"/a.txt": "unreadable"}


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar", "a.tar.xz", "a.warc.gz", "a.warc", "a.jsonl.gz"])
def test_what_is_no_archive_is_rejected(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"this is no archive at all, whatever it is called" * 30)
    assert set(reasons(path).values()) <= {"malformed"}
    assert reasons(path)


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.warc", "a.jsonl", "a.csv", "a.warc.gz"])
def test_what_holds_nothing_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    whole = {"a.warc": warc([], packed=False), "a.jsonl": b"\n\n", "a.csv": b"title,text\n", "a.warc.gz": warc([])}
    if name == "a.zip":
        zipped(path, {".hidden": b"x"})
    elif name == "a.tar.gz":
        tarred(path, {})
    else:
        path.write_bytes(whole[name])
    assert reasons(path) == {"": "empty"}


@given(st.data())
def test_an_archive_that_breaks_off_anywhere_raises_nothing(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([".zip", ".tar.gz", ".tar", ".warc.gz"]))
    whole = WHOLE[kind]
    broken = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for place in data.draw(st.lists(st.integers(0, len(broken) - 1), max_size=4)):
        broken[place] ^= data.draw(st.integers(1, 255))
    file = File(f"a{kind}", len(broken), lambda: io.BufferedReader(io.BytesIO(bytes(broken))), is_named=True)  # type: ignore
    with contextlib.suppress(PageRejected):
        for page in pages_in(file):
            assert isinstance(page, (Page, Reject))


@pytest.mark.parametrize("kind", [".zip", ".tar.gz", ".tar", ".warc", ".warc.gz", "-all.warc.gz"])
def test_an_archive_that_breaks_off_is_never_taken_for_a_whole_one(kind: str) -> None:
    whole, silent = WHOLE[kind], 0
    for length in range(1, 3 * 1024 if kind == ".tar" else len(whole)):  # a tar ends in kilobytes of zeros
        file = File(f"a{kind}", length, lambda end=length: io.BufferedReader(io.BytesIO(whole[:end])))  # type: ignore
        with contextlib.suppress(PageRejected):
            silent += not any(isinstance(one, Reject) for one in pages_in(file))
    # Between two records of a crawl, up to the line ends there, nothing tells.
    assert silent == {".warc": 4 * 5 - 1, ".warc.gz": 3}.get(kind, 0)


def bombs(folder: Path) -> Iterator[tuple[Path, str]]:
    zeros = bytes(MAX_PAGE_BYTES)
    yield zipped(folder / "many.zip", {f"{n}.txt": zeros for n in range(8)}), "too-large"
    with tarfile.open(folder / "one.tar.gz", "w:gz", compresslevel=9) as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 8 * MAX_PAGE_BYTES
        archive.addfile(info, Zeros(info.size))  # type: ignore[arg-type]
    yield folder / "one.tar.gz", "too-large"
    header = tarfile.TarInfo("a")
    header.type, header.size = tarfile.XHDTYPE, 6 * MAX_PAGE_BYTES
    with gzip.open(folder / "header.tar.gz", "wb") as packed:
        packed.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(6):
            packed.write(zeros)
    yield folder / "header.tar.gz", "too-large"
    with gzip.open(folder / "line.jsonl.gz", "wb") as packed:
        for _ in range(6):
            packed.write(b" " * MAX_PAGE_BYTES)
    yield folder / "line.jsonl.gz", "too-large"


class Zeros:
    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


def test_bombs_are_rejected_in_bounded_time_and_memory(tmp_path: Path) -> None:
    for path, reason in bombs(tmp_path):
        assert path.stat().st_size < 1_000_000
        tracemalloc.start()
        started = time.perf_counter()
        got = set(reasons(path).values())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert reason in got, (path, got)
        assert peak < 4.5 * MAX_PAGE_BYTES, path
        assert time.perf_counter() - started < 60, path


def warc(pages: list[tuple[str, str, str, bytes]], *, packed: bool = True) -> bytes:
    """(address, status, content type, body) of each response, after a record about the crawl."""
    records = [record("warcinfo", "urn:x", "application/warc-fields", b"software: test\r\n")]
    for address, status, kind, body in pages:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        records.append(record("response", address, "application/http; msgtype=response", answer))
    return b"".join(map(gzip.compress, records) if packed else records)


def record(kind: str, address: str, content: str, block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2026-03-05T01:02:03Z\r\n"
    head += f"WARC-Record-ID: <urn:uuid:{address}>\r\nContent-Type: {content}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


WHOLE = {
    ".warc.gz": warc([("https://a.example/1", "200 OK", "text/html", b"<html><p>It rained.</p></html>")] * 3),
}
WHOLE[".warc"] = gzip.decompress(WHOLE[".warc.gz"])
WHOLE["-all.warc.gz"] = gzip.compress(WHOLE[".warc"])  # not record by record, as the standard wants it
for _kind, _mode in ((".tar", "w"), (".tar.gz", "w:gz")):
    _out = io.BytesIO()
    with tarfile.open(fileobj=_out, mode=_mode) as _archive:  # type: ignore[call-overload]
        for _name in "abc":
            _info = tarfile.TarInfo(f"{_name}.txt")
            _info.size = 10
            _archive.addfile(_info, io.BytesIO(b"It rained."))
    WHOLE[_kind] = _out.getvalue()
_out = io.BytesIO()
with zipfile.ZipFile(_out, "w", zipfile.ZIP_DEFLATED) as _zip:
    for _name in "abc":
        _zip.writestr(f"{_name}.txt", b"It rained." * 3)
WHOLE[".zip"] = _out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_a_crawl_gives_pages_with_address_and_time(tmp_path: Path, packed: bool) -> None:
    japanese = PAGES["a/ニュース.html"]
    path = tmp_path / ("crawl.warc.gz" if packed else "crawl.warc")
    path.write_bytes(
        warc(
            [
                ("https://n.example/1", "200 OK", "text/html; charset=EUC-JP", japanese.encode("euc_jp")),
                ("https://n.example/gone", "404 Not Found", "text/html", b"<html>gone</html>"),
                ("https://n.example/p.png", "200 OK", "image/png", b"\x89PNG"),
                ("https://n.example/q.png", "200 OK", "image/png", b"\x89PNG"),
                ("https://n.example/e", "200 OK", "text/html", b""),
                ("https://n.example/t.txt", "200 OK", "text/plain", PAGES["b.txt"].encode()),
            ],
            packed=packed,
        )
    )
    pages = found(path)
    html, gone, empty, text, other = pages
    assert isinstance(html, Page)
    assert (html.text, html.url, html.fetched, html.kind) == (
        japanese,
        "https://n.example/1",
        "2026-03-05T01:02:03Z",
        "html",
    )
    assert isinstance(text, Page)
    assert (text.kind, text.url) == ("text", "https://n.example/t.txt")
    assert [one.reason for one in (gone, empty, other) if isinstance(one, Reject)] == [
        "no-answer",
        "empty",
        "unsupported",
    ]
    assert isinstance(other, Reject)
    assert "2 image/png" in other.detail


def test_an_answer_in_chunks_is_whole(tmp_path: Path) -> None:
    body = gzip.compress(b"<html><p>It rained. It poured.</p></html>")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:])) + b"0\r\n\r\n"
    kind = "text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip"
    path = tmp_path / "crawl.warc"
    path.write_bytes(warc([("https://n.example/1", "200 OK", kind, chunks)] * 2, packed=False))
    assert ["It poured" in page.text for page in found(path) if isinstance(page, Page)] == [True, True]
    assert reasons(path) == {}


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("kind", ["text/html", "image/png"])
def test_a_crawl_that_breaks_off_inside_a_record_says_so(tmp_path: Path, packed: bool, kind: str) -> None:
    path = tmp_path / ("crawl.warc.gz" if packed else "crawl.warc")
    body = f"<html><p>{' '.join(f'It rained on day {day * day}.' for day in range(400))}</p></html>".encode()
    first = warc([("https://n.example/1", "200 OK", "text/html", body)], packed=packed)
    whole = first + warc([("https://n.example/2", "200 OK", kind, body)], packed=packed)
    path.write_bytes(whole)
    assert "malformed" not in set(reasons(path).values())
    for cut in (200, 600, 1000):
        path.write_bytes(whole[:-cut])
        pages = found(path)
        assert [page.url for page in pages if isinstance(page, Page)] == ["https://n.example/1"]
        assert "malformed" in {page.reason for page in pages if isinstance(page, Reject)}


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_of_articles_is_read_in_any_charset(tmp_path: Path, charset: str, mark: str) -> None:
    path = tmp_path / "a.csv"
    table = f'title{mark}text\r\n氾濫{mark}"川が、\r\nあふれた。""水"""\r\n\r\n避難{mark}千人が避難した。\r\n'
    path.write_bytes(table.encode(charset))
    pages = found(path)
    assert [page.fields for page in pages if isinstance(page, Page)] == [
        {"title": "氾濫", "text": '川が、\r\nあふれた。"水"'},
        {"title": "避難", "text": "千人が避難した。"},
    ]
    assert [page.path for page in pages] == [f"{path}:2", f"{path}:5"]


def test_a_quotation_mark_too_many_does_not_swallow_rows_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"Day {number},It rained on day {number}." for number in range(20)]
    path.write_text("\n".join(["title,text", *rows[:3], '"' + rows[3], *rows[4:]]), encoding="utf-8")
    pages = found(path)
    assert len([page for page in pages if isinstance(page, Page)]) == 3
    (reject,) = (page for page in pages if isinstance(page, Reject))
    assert (reject.path, reject.reason) == (f"{path}:5", "malformed")
    assert "quotation mark" in reject.detail


def test_columns_of_one_name_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,text\na,b\n", encoding="utf-8")
    assert reasons(path) == {"": "malformed"}


def test_a_row_with_more_values_than_columns_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("title\ttext\na\tb\tc\na, b\tc\n", encoding="utf-8")
    wide, right = found(path)
    assert isinstance(wide, Reject)
    assert "3 values for 2 columns" in wide.detail
    assert isinstance(right, Page)
    assert right.fields == {"title": "a, b", "text": "c"}


def test_a_table_without_rows_or_with_broken_characters_says_so(tmp_path: Path) -> None:
    (tmp_path / "blank.csv").write_text(" \n", encoding="utf-8")
    (tmp_path / "broken.csv").write_bytes(b"text\n" + "川があふれた。".encode() * 40 + b"\xff\n")
    broken, blank = sorted(found(tmp_path), key=lambda one: isinstance(one, Reject))
    assert isinstance(blank, Reject)
    assert blank.reason == "empty"
    assert isinstance(broken, Page)
    assert broken.replaced_characters == 1
