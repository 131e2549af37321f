"""A file that may hold pages, on disk or inside an archive, and how much of one may be read.

Whoever packs an archive decides how large it unpacks, so nothing here trusts a size that is only declared: a page is
read up to its limit and an archive up to a multiple of its own size.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from corpora.charset import decode
from corpora.errors import PageRejected
from corpora.records import Page, Reject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_PAGE_BYTES = 64 * 1024 * 1024
"""A page larger than this is rejected: no article is, and parsing takes twenty times its size in memory.
JSONL, CSV and Parquet files may be larger; there the limit holds for a row."""

MAX_EXPANSION = 200
"""How many times its own size an archive may unpack to; pages rarely pack to less than a twentieth."""


_CHUNK = 1024 * 1024  # bytes unpacked at once


@dataclass(frozen=True, slots=True)
class File:
    """`path` is for messages: `saved/a.html`, or `saved.zip/a.html` inside an archive; `name` tells the kind.

    `is_named` says that the user named this very file, and did not only find it in a folder or an archive.
    """

    path: str
    size: int | None  # bytes, as declared
    open: Callable[[], IO[bytes]]
    is_named: bool = False
    on_disk: bool = False  # so that its stream can go back
    unpacked_name: str | None = None  # of what a .gz holds

    @property
    def name(self) -> str:
        """What its kind is told from, in small letters."""
        return (self.unpacked_name or self.path).lower()

    def read(self) -> bytes:
        """Everything in it; raises PageRejected (`empty`, `too-large`)."""
        if self.size is not None and self.size > MAX_PAGE_BYTES:
            raise too_large(self.path, self.size)
        with self.open() as stream:
            return read_page(stream, self.path)


def read_page(stream: IO[bytes], path: str) -> bytes:
    """All bytes of a stream; raises PageRejected (`empty`, `too-large`)."""
    data = stream.read(MAX_PAGE_BYTES + 1)
    if len(data) > MAX_PAGE_BYTES:
        raise too_large(path, None)
    if not data:
        raise PageRejected("empty", f"{path} is empty")
    return data


def too_large(path: str, size: int | None) -> PageRejected:
    """The rejection of a page of `size` bytes, or of more than are read."""
    found = f"more than {MAX_PAGE_BYTES}" if size is None else f"{size}"
    return PageRejected("too-large", f"{path} has {found} bytes; a page may have {MAX_PAGE_BYTES}")


def decode_page(
    data: bytes,
    path: str,
    *,
    is_html: bool,
    charset: str | None = None,
    url: str | None = None,
    fetched: str | None = None,
) -> Page:
    """The page in the bytes; `charset` is what a server said. Raises PageRejected where it is no text."""
    decoded = decode(data, is_html=is_html, declared=charset)
    if not decoded.text.strip("\ufeff \t\r\n\x0c"):
        raise PageRejected("empty", f"{path} holds only white space")
    return Page(
        path=path,
        kind="html" if is_html else "text",
        text=decoded.text,
        url=url,
        fetched=fetched,
        replaced_characters=decoded.replaced_characters,
    )


def reject(path: object, reason: str, detail: str) -> Reject:
    """A reject of the reading stage."""
    return Reject(path=str(path), stage="read", reason=reason, detail=detail)


class UnpacksTooLarge(PageRejected):
    """An archive holds too many times its own size; nothing more of it is read."""


class Meter:
    """Counts the bytes that come out of an archive."""

    def __init__(self, archive: File) -> None:
        self._path = archive.path
        self._left = MAX_PAGE_BYTES + MAX_EXPANSION * (archive.size or 0)
        self._step: int | None = None

    def allow(self, step: int | None) -> None:
        """Bound the bytes until the next call; None is no bound but that of the archive."""
        self._step = step

    def count(self, read: int) -> None:
        """Raises UnpacksTooLarge past a bound."""
        self._left -= read
        if self._step is not None:
            self._step -= read
        if self._left < 0 or (self._step is not None and self._step < 0):
            what = f"more than {MAX_EXPANSION} times its size" if self._left < 0 else "headers of many megabytes"
            raise UnpacksTooLarge("too-large", f"{self._path} unpacks to {what}; the rest of it is not read")


class Metered(io.RawIOBase):
    """A stream of unpacked bytes that a meter counts; `read` is its own way to read them, if it has a better one."""

    def __init__(self, stream: IO[bytes], meter: Meter, *, read: Callable[[int], bytes] | None = None) -> None:
        self._stream = stream
        self._meter = meter
        self._read = read or stream.read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        data = self._read(min(len(view), _CHUNK))
        self._meter.count(len(data))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
