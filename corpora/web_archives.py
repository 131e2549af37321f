"""Pages in WARC files (ISO 28500), as crawlers write them: each with its address and the time it was fetched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from corpora.errors import PageRejected
from corpora.files import File, decode_page, read_page, reject
from corpora.records import Page, Reject

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

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
        for number, record in enumerate(_records(stream, file.path), start=1):
            if record.rec_type not in ("response", "resource"):
                continue
            kind, charset = _content_type(record)
            if kind in (*_HTML, "text/plain"):
                yield _page(record, f"{file.path}:{number}", is_html=kind in _HTML, charset=charset)
            else:
                other[kind or "unknown"] += 1
    if other:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(other.items()))
        yield reject(file.path, "unsupported", f"{file.path}: {other.total()} records are no pages ({kinds})")


def _records(stream: IO[bytes], path: str) -> Iterator[ArcWarcRecord]:
    from warcio.archiveiterator import ArchiveIterator

    records = iter(ArchiveIterator(stream))
    before: ArcWarcRecord | None = None
    while True:
        with _damage_is_malformed(path):
            record = next(records, None)
        if before is not None:
            _require_whole(before, path)
        if record is None:
            return
        if record.format != "warc":
            raise PageRejected("malformed", f"{path} is no WARC file: a record does not begin with WARC/")
        yield record
        before = record


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
        raise PageRejected("malformed", f"{path} is no whole WARC file: {error!r}") from error


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
