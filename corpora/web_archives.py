"""Pages in WARC files (ISO 28500), as crawlers write them: each with its address and the time it was fetched."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from corpora.errors import PageRejected
from corpora.files import File, Meter, Metered, decode_page, read_page, reject
from corpora.records import Page, Reject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders

WARC = (".warc", ".warc.gz")
_CHUNK = 1024 * 1024  # bytes read at once
_HTML = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def web_pages(file: File) -> Iterator[Page | Reject]:
    """A page for each response that is one; a reject for those that failed, and one for all that is no text.

    Raises PageRejected (`malformed`) where the file is no WARC or breaks off.
    """
    other: Counter[str] = Counter()
    with file.open() as stream:
        for number, record in enumerate(_records(_unpacked(stream, file), file.path), start=1):
            where = f"{file.path}:{number}"
            if record.rec_type not in ("response", "resource"):
                continue
            try:
                record.http_headers = _http_headers(record, where)
            except PageRejected as rejected:
                yield reject(where, rejected.reason, rejected.detail)
                continue
            kind, charset = _content_type(record)
            if kind in (*_HTML, "text/plain"):
                yield _page(record, where, is_html=kind in _HTML, charset=charset)
            else:
                other[kind or "unknown"] += 1
    if other:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(other.items()))
        yield reject(file.path, "unsupported", f"{file.path}: {other.total()} records are no pages ({kinds})")


def _unpacked(stream: IO[bytes], file: File) -> IO[bytes]:
    """The records themselves, however many of them were packed together.

    warcio could unpack them, but takes a packed file that breaks off for a whole one.
    """
    buffered = io.BufferedReader(cast(io.RawIOBase, stream)) if not hasattr(stream, "peek") else stream
    if not cast(io.BufferedReader, buffered).peek(2).startswith(b"\x1f\x8b"):
        return buffered
    return cast(IO[bytes], io.BufferedReader(_Gunzipped(buffered, file)))


class _Gunzipped(Metered):
    """Unpacked bytes, all there are up to where they break off; then raises PageRejected."""

    def __init__(self, packed: IO[bytes], file: File) -> None:
        unpacked = gzip.GzipFile(fileobj=packed)
        super().__init__(cast(IO[bytes], unpacked), Meter(file), read=unpacked.read1)
        self._path = file.path

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        try:
            return super().readinto(buffer)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise PageRejected("malformed", f"{self._path} breaks off or is damaged: {error}") from error


def _records(stream: IO[bytes], path: str) -> Iterator[ArcWarcRecord]:
    """The records one after the other; their HTTP headers are not parsed yet.

    Not with warcio's own iterator, which takes a header that breaks off for the end of the file.
    """
    from warcio.recordloader import ArcWarcRecordLoader

    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    while line := _first_line(stream):
        with _damage_is_malformed(path):
            record = loader.parse_record_stream(stream, line, known_format="warc", no_record_parse=True)
        if not str(record.rec_headers.get_header("Content-Length")).isdecimal():
            raise PageRejected("malformed", f"{path} breaks off inside the header of a record, or it says no length")
        yield record
        _require_whole(record, path)


def _first_line(stream: IO[bytes]) -> bytes:
    """The next line that is not blank; none at the end of the file."""
    return next((line for line in iter(lambda: stream.readline(_CHUNK), b"") if line.strip()), b"")


def _require_whole(record: ArcWarcRecord, path: str) -> None:
    """Read what is left of a record, such as the end of a chunked answer, and raise PageRejected if it breaks off.

    warcio takes what there is; its stream knows how many bytes the record says it has.
    """
    with _damage_is_malformed(path):
        while record.raw_stream.read(_CHUNK):
            pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise PageRejected("malformed", f"{path} breaks off inside a record; what comes after is not there")


@contextmanager
def _damage_is_malformed(path: str) -> Iterator[None]:
    """warcio raises whatever it stumbles over in a damaged record: AttributeError, KeyError, zlib.error ..."""
    try:
        yield
    except PageRejected:
        raise
    except Exception as error:
        raise PageRejected("malformed", f"{path} is no whole WARC file: {error!r:.200}") from error


def _http_headers(record: ArcWarcRecord, path: str) -> StatusAndHeaders | None:
    from warcio.recordloader import ArcWarcRecordLoader

    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    with _damage_is_malformed(path):
        return loader.load_http_headers(record.rec_type, address, record.raw_stream, record.length)


def _content_type(record: ArcWarcRecord) -> tuple[str, str | None]:
    headers = record.http_headers or record.rec_headers
    value = str(headers.get_header("Content-Type") or "")
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower(), charset[1] if charset else None


def _page(record: ArcWarcRecord, path: str, *, is_html: bool, charset: str | None) -> Page | Reject:
    url = record.rec_headers.get_header("WARC-Target-URI")
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status != "200":
        return reject(path, "no-answer", f"{path}: {url} answered {status}")
    try:
        with _damage_is_malformed(path):
            data = read_page(record.content_stream(), path)
        _require_whole(record, path)
        return decode_page(
            data, path, is_html=is_html, charset=charset, url=url, fetched=record.rec_headers.get_header("WARC-Date")
        )
    except PageRejected as rejected:
        return reject(path, rejected.reason, rejected.detail)
