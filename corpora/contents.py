"""What one file holds: a page, rows of JSONL, CSV or Parquet, the records of a crawl, or the files of an archive."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

from corpora.archives import BROKEN, is_archive, malformed, unpacked
from corpora.charset import decode, looks_like_html
from corpora.errors import PageRejected
from corpora.files import MAX_PAGE_BYTES, File, UnpacksTooLarge, decode_page, read_page, reject
from corpora.markdown import is_marked, markdown_page
from corpora.records import Page, Reject
from corpora.web_archives import WARC, web_pages

HTML = (".html", ".htm", ".xhtml")
TEXT = (".txt", ".md")
MARKDOWN = (".md",)
JSON_LINES = (".jsonl", ".ndjson")
SEPARATED = (".csv", ".tsv")
PARQUET = (".parquet",)
KINDS = (*HTML, *TEXT, *JSON_LINES, *SEPARATED, *PARQUET, *WARC, ".zip", ".tar", ".gz")
_PARQUET_BATCH_ROWS = 1024


def pages_in(file: File) -> Iterator[Page | Reject]:
    """The pages of a file; raises PageRejected where it cannot be read at all, or not to its end."""
    name = file.name
    if file.size == 0:
        raise PageRejected("empty", f"{file.path} is empty")
    if name.endswith(WARC):
        yield from web_pages(file)
    elif is_archive(name):
        for member in unpacked(file):
            yield from [member] if isinstance(member, Reject) else _guarded(member)
    elif name.endswith(JSON_LINES):
        with file.open() as stream:
            yield from json_rows(stream, file.path)
    elif name.endswith(SEPARATED):
        yield from _separated_rows(file)
    elif name.endswith(PARQUET):
        yield from _parquet_rows(file)
    elif name.endswith(HTML + TEXT) or file.is_named:
        data = file.read()
        page = decode_page(data, file.path, is_html=name.endswith(HTML) or looks_like_html(data))
        is_markdown = name.endswith(MARKDOWN) and page.kind == "text" and is_marked(page.text)
        yield replace(page, kind="html", text=markdown_page(page.text)) if is_markdown else page
    else:
        raise PageRejected(
            "unsupported",
            f"{file.path}: files of this kind are not read unless they are named themselves; known are "
            f"{', '.join(KINDS)}",
        )


def _guarded(member: File) -> Iterator[Page | Reject]:
    """The pages of a file in an archive; if it is broken, the others may still be whole."""
    try:
        yield from pages_in(member)
    except UnpacksTooLarge:
        raise
    except PageRejected as rejected:
        yield reject(member.path, rejected.reason, rejected.detail)
    except BROKEN as error:
        yield reject(member.path, "malformed", malformed(member.path, error).detail)


def json_rows(file: IO[bytes], name: str, first: bytes = b"") -> Iterator[Page | Reject]:
    """Rows of an open file; `first` is its first line if that was read already."""
    number = 0
    while line := first or file.readline(MAX_PAGE_BYTES + 1):
        first = b""
        number += 1
        where = f"{name}:{number}"
        if len(line) > MAX_PAGE_BYTES:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_PAGE_BYTES)
            yield reject(where, "too-large", f"{where}: the line has more than {MAX_PAGE_BYTES} bytes")
        elif line.strip():
            yield _row_page(line, where)


def _row_page(line: bytes, where: str) -> Page | Reject:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return reject(where, "undecodable", f"{where}: JSONL must be UTF-8 ({error.reason} at byte {error.start})")
    except (ValueError, RecursionError) as error:
        return reject(where, "malformed", f"{where}: this line is not JSON: {error}")
    if not isinstance(row, dict):
        return reject(where, "malformed", f"{where}: a row must be a JSON object, found {type(row).__name__}")
    return Page(path=where, kind="row", fields=row)


def _separated_rows(file: File) -> Iterator[Page | Reject]:
    """Rows of a table whose first line names the columns; a row goes by the line it begins on."""
    with file.open() as stream:
        buffered = cast(io.BufferedReader, stream)
        head = buffered.peek()
        if not head.strip():
            raise PageRejected("empty", f"{file.path} holds only white space")
        text = io.TextIOWrapper(buffered, decode(_whole(head)).charset, errors="replace", newline="")
        yield from _rows_of(iter(lambda: text.readline(MAX_PAGE_BYTES), ""), file)


def _whole(head: bytes) -> bytes:
    """The beginning of a file up to where no character can be cut in two."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 4 * 4]
    return head[: head.rfind(b"\n") + 1] or head


def _rows_of(lines: Iterator[str], file: File) -> Iterator[Page | Reject]:
    csv.field_size_limit(MAX_PAGE_BYTES)
    path = file.path
    header = next(lines, "").removeprefix("\ufeff")
    mark = "\t" if file.name.endswith(".tsv") else max(",;\t", key=header.count)
    names = next(csv.reader([header], delimiter=mark), [])
    if twice := [name for name, count in Counter(filter(None, names)).items() if count > 1]:
        raise PageRejected("malformed", f"{path} has more than one column called {twice[0]!r}; rename them")
    table = csv.reader(lines, delimiter=mark, strict=True)
    while True:
        where = f"{path}:{table.line_num + 2}"
        try:
            values = next(table, None)
        except csv.Error as error:
            lost = f", so that lines {table.line_num + 1} and before are one row" if "end of data" in str(error) else ""
            yield reject(where, "malformed", f"{where}: {error}; is a quotation mark missing or too many{lost}?")
            continue
        if values is None:
            return
        if len(values) > len(names):
            yield reject(where, "malformed", f"{where}: {len(values)} values for {len(names)} columns")
        elif any(values):
            replaced = sum(value.count("\ufffd") for value in values)
            fields = dict(zip(names, values, strict=False))
            yield Page(path=where, kind="row", fields=fields, replaced_characters=replaced)


def _parquet_rows(file: File) -> Iterator[Page | Reject]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with file.open() as stream:
            whole = stream if file.on_disk else io.BytesIO(read_page(stream, file.path))
            with pq.ParquetFile(whole) as table:
                number = 0
                for batch in table.iter_batches(batch_size=_PARQUET_BATCH_ROWS):
                    for row in batch.to_pylist():
                        number += 1
                        yield Page(path=f"{file.path}:{number}", kind="row", fields=row)
    except pa.ArrowException as error:
        raise PageRejected("malformed", f"{file.path} is not a whole Parquet file: {error}") from error
