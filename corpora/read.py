"""Files, folders and globs to pages: what was saved or crawled, decoded, in an order that never changes.

Nothing given is passed over silently: what cannot be a page becomes a Reject that says why. What a file holds is for
`contents`. Nothing is fetched.
"""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from pathlib import Path

from corpora.charset import looks_like_html
from corpora.contents import json_rows, pages_in
from corpora.errors import InputError, NoUsableInput, PageRejected, UsageError
from corpora.files import MAX_PAGE_BYTES, File, decode_page, reject
from corpora.records import Page, Reject

STANDARD_INPUT = "-"


def read_pages(
    inputs: Sequence[str | Path], *, skip: str | Path | None = None, outputs: Collection[str | Path] = ()
) -> Iterator[Page | Reject]:
    """Every page among the inputs, once each and sorted by path; each file is read when it is asked for.

    `skip` is a folder to leave out wherever it lies below an input: the one the caller writes its results to. `outputs`
    are files the caller is going to write: raises UsageError where one of them is among the inputs.
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
    for output in outputs:
        if os.path.realpath(output) in found:
            raise UsageError(f"{output} is among the inputs and would be overwritten; write to another folder")
    ordered = sorted(found.values(), key=lambda entry: str(entry[0]))
    return chain(_read_standard_input() if STANDARD_INPUT in map(str, inputs) else (), _read_all(ordered))


def _read_standard_input() -> Iterator[Page | Reject]:
    """Rows of JSONL, as other commands write them, or one page."""
    stream = sys.stdin.buffer
    first = stream.readline(MAX_PAGE_BYTES + 1)
    if first.lstrip().startswith(b"{"):
        yield from json_rows(stream, STANDARD_INPUT, first)
        return
    data = first + stream.read(MAX_PAGE_BYTES + 1 - len(first))
    try:
        if len(data) > MAX_PAGE_BYTES:
            raise PageRejected("too-large", f"standard input has more than {MAX_PAGE_BYTES} bytes")
        yield decode_page(data, STANDARD_INPUT, is_html=looks_like_html(data))
    except PageRejected as error:
        yield reject(STANDARD_INPUT, error.reason, error.detail)


def _read_all(ordered: Sequence[tuple[Path, bool]]) -> Iterator[Page | Reject]:
    for path, is_named in ordered:
        try:
            yield from _read_file(path, is_named=is_named)
        except PageRejected as error:
            yield reject(path, error.reason, error.detail)
        except OSError as error:
            yield reject(path, "unreadable", f"{path} cannot be read: {error.strerror or error}")


def _expand(name: str | Path, skip: str | None) -> Iterator[tuple[Path, bool]]:
    """The files an input stands for, and whether the user named each of them (a file) or not (a folder)."""
    if not str(name):
        raise InputError("an input is empty; is a variable of your shell not set?")
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
    """Files below the folder but hidden ones; links to folders are followed, each folder once. Of a folder that cannot
    be listed its own name.

    Of a corpus only the articles are read: its other tables and its card are no pages.
    """
    visited: set[tuple[int, int]] = set()
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=closed.append):
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
    yield from (Path(error.filename) for error in closed)


def _read_file(path: Path, *, is_named: bool) -> Iterator[Page | Reject]:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise PageRejected("unreadable", f"{path} is a folder that may not be listed; check its permissions")
    if not stat.S_ISREG(status.st_mode):  # a FIFO would make us wait for a writer for ever
        raise PageRejected("unreadable", f"{path} is not a regular file")
    if status.st_size == 0:
        raise PageRejected("empty", f"{path} is empty")
    file = File(str(path), status.st_size, lambda: path.open("rb"), is_named=is_named, on_disk=True)
    is_empty = True
    for page in pages_in(file):
        is_empty = False
        yield page
    if is_empty:  # an archive, a crawl or a table without anything in it
        raise PageRejected("empty", f"{path} holds no page")
