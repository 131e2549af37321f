"""Files, folders and globs to pages: what was saved or crawled, decoded, in an order that never changes.

Nothing given is passed over silently: what cannot be a page becomes a Reject that says why. Rows of JSONL and
Parquet become pages of kind `row`. Archives are not unpacked and nothing is fetched.
"""

from __future__ import annotations

import glob
import json
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

from corpora.charset import decode, looks_like_html
from corpora.errors import InputError, NoUsableInput, PageRejected
from corpora.records import Page, Reject

MAX_PAGE_BYTES = 64 * 1024 * 1024
"""A page larger than this is rejected: no article is, and parsing takes twenty times its size in memory.
JSONL and Parquet files may be larger; there the limit holds for a line."""

STANDARD_INPUT = "-"
_HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))
_TEXT_SUFFIXES = frozenset((".txt", ".md"))
_ROW_SUFFIXES = frozenset((".jsonl", ".ndjson", ".parquet"))
_PARQUET_BATCH_ROWS = 1024


def read_pages(inputs: Sequence[str | Path], *, skip: str | Path | None = None) -> Iterator[Page | Reject]:
    """Every page among the inputs, once each and sorted by path; each file is read when it is asked for.

    `skip` is a folder to leave out wherever it lies below an input: the one the caller writes its results to.
    Raises InputError at once for an input that does not exist, NoUsableInput for a folder without any file.
    """
    if not inputs:
        raise InputError("no input is given; name files, folders or globs, or - for standard input")
    found: dict[str, tuple[Path, bool]] = {}  # by real path, so that a file named twice is read once
    for name in (name for name in inputs if str(name) != STANDARD_INPUT):
        for path, is_named in _expand(name, os.path.realpath(skip) if skip else None):
            key = os.path.realpath(path)
            known = found.get(key)
            if known is None or (is_named and not known[1]):
                found[key] = (path, is_named)
    ordered = sorted(found.values(), key=lambda entry: str(entry[0]))
    return chain(_read_standard_input() if STANDARD_INPUT in map(str, inputs) else (), _read_all(ordered))


def _read_standard_input() -> Iterator[Page | Reject]:
    """Rows of JSONL, as other commands write them, or one page."""
    stream = sys.stdin.buffer
    first = stream.readline(MAX_PAGE_BYTES + 1)
    if first.lstrip().startswith(b"{"):
        yield from _read_json_lines(stream, STANDARD_INPUT, first)
        return
    data = first + stream.read(MAX_PAGE_BYTES + 1 - len(first))
    try:
        if len(data) > MAX_PAGE_BYTES:
            raise PageRejected("too-large", f"standard input has more than {MAX_PAGE_BYTES} bytes")
        yield _decode_page(data, STANDARD_INPUT, is_html=looks_like_html(data))
    except PageRejected as error:
        yield _reject(STANDARD_INPUT, error.reason, error.detail)


def _read_all(ordered: Sequence[tuple[Path, bool]]) -> Iterator[Page | Reject]:
    for path, is_named in ordered:
        try:
            yield from _read_file(path, is_named=is_named)
        except PageRejected as error:
            yield _reject(path, error.reason, error.detail)
        except OSError as error:
            yield _reject(path, "unreadable", f"{path} cannot be read: {error.strerror or error}")


def _expand(name: str | Path, skip: str | None) -> Iterator[tuple[Path, bool]]:
    """The files an input stands for, and whether the user named each of them (a file) or not (a folder)."""
    path = Path(name)
    if path.is_dir():
        files = list(_walk(path, skip))
        if not files:
            raise NoUsableInput(f"the folder {path} holds no file; hidden files are not read")
        yield from ((file, False) for file in files)
    elif os.path.lexists(path):
        yield path, True
    elif glob.has_magic(str(name)):
        matches = sorted(glob.glob(str(name), recursive=True))  # noqa: PTH207 (Path.glob: no absolute ones)
        if not matches:
            raise InputError(f"no file matches {str(name)!r}; quote the pattern and check the folder")
        for match in matches:
            yield from _walk_match(Path(match), skip)
    else:
        raise InputError(f"{path} does not exist; check the path (globs: *, **, ?)")


def _walk_match(match: Path, skip: str | None) -> Iterator[tuple[Path, bool]]:
    if match.is_dir():
        yield from ((file, False) for file in _walk(match, skip))
    else:
        yield match, False


def _walk(folder: Path, skip: str | None) -> Iterator[Path]:
    """Files below the folder but hidden ones; links to folders are followed, each folder once.

    Of a corpus only the articles are read: its other tables and its card are no pages.
    """
    visited: set[tuple[int, int]] = set()
    for parent, folders, files in os.walk(folder, followlinks=True):
        status = Path(parent).stat()
        here = (status.st_dev, status.st_ino)
        if here in visited or os.path.realpath(parent) == skip:
            folders.clear()
            continue
        visited.add(here)
        if "corpus.json" in files and "articles" in folders:
            folders[:], files = ["articles"], []
        folders[:] = sorted(child for child in folders if not child.startswith("."))
        yield from (Path(parent, file) for file in sorted(files) if not file.startswith("."))


def _read_file(path: Path, *, is_named: bool) -> Iterator[Page | Reject]:
    suffix = path.suffix.lower()
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # a FIFO would make us wait for a writer for ever
        raise PageRejected("unreadable", f"{path} is not a regular file")
    if status.st_size == 0:
        raise PageRejected("empty", f"{path} is empty")
    if suffix in _ROW_SUFFIXES:
        if suffix == ".parquet":
            yield from _read_parquet(path)
        else:
            with path.open("rb") as file:
                yield from _read_json_lines(file, str(path))
        return
    if suffix not in _HTML_SUFFIXES | _TEXT_SUFFIXES and not is_named:
        known = ", ".join(sorted(_HTML_SUFFIXES | _TEXT_SUFFIXES | _ROW_SUFFIXES))
        raise PageRejected(
            "unsupported",
            f"{path}: files of kind {suffix or 'without suffix'!r} in a folder are "
            f"not read; name the file itself, or use one of {known}",
        )
    if status.st_size > MAX_PAGE_BYTES:
        raise PageRejected("too-large", f"{path} has {status.st_size} bytes; a page may have {MAX_PAGE_BYTES}")
    data = path.read_bytes()
    yield _decode_page(data, str(path), is_html=suffix in _HTML_SUFFIXES or looks_like_html(data))


def _decode_page(data: bytes, path: str, *, is_html: bool) -> Page:
    decoded = decode(data, is_html=is_html)
    if not decoded.text.strip("\ufeff \t\r\n\x0c"):
        raise PageRejected("empty", f"{path} holds only white space")
    return Page(
        path=path,
        kind="html" if is_html else "text",
        text=decoded.text,
        replaced_characters=decoded.replaced_characters,
    )


def _read_json_lines(file: IO[bytes], name: str, first: bytes = b"") -> Iterator[Page | Reject]:
    """Rows of an open file; `first` is its first line if that was read already."""
    number = 0
    while line := first or file.readline(MAX_PAGE_BYTES + 1):
        first = b""
        number += 1
        where = f"{name}:{number}"
        if len(line) > MAX_PAGE_BYTES:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_PAGE_BYTES)
            yield _reject(where, "too-large", f"{where}: the line has more than {MAX_PAGE_BYTES} bytes")
        elif line.strip():
            yield _row_page(line, where)


def _row_page(line: bytes, where: str) -> Page | Reject:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _reject(where, "undecodable", f"{where}: JSONL must be UTF-8 ({error.reason} at byte {error.start})")
    except (ValueError, RecursionError) as error:
        return _reject(where, "malformed", f"{where}: this line is not JSON: {error}")
    if not isinstance(row, dict):
        return _reject(where, "malformed", f"{where}: a row must be a JSON object, found {type(row).__name__}")
    return Page(path=where, kind="row", fields=row)


def _read_parquet(path: Path) -> Iterator[Page | Reject]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as table:
            number = 0
            for batch in table.iter_batches(batch_size=_PARQUET_BATCH_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield Page(path=f"{path}:{number}", kind="row", fields=row)
    except pa.ArrowException as error:
        raise PageRejected("malformed", f"{path} is not a whole Parquet file: {error}") from error


def _reject(path: str | Path, reason: str, detail: str) -> Reject:
    return Reject(path=str(path), stage="read", reason=reason, detail=detail)
