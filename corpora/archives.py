"""The files inside .zip, .tar and .gz, read one after the other and never written anywhere.

Hidden files are left out, as in folders. A name that leads out of the archive, a link, an encrypted file and an
archive inside the archive become rejects.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from corpora.errors import PageRejected
from corpora.files import File, Meter, Metered, reject
from corpora.records import Reject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ZIP = (".zip",)
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
GZIP = (".gz",)
_HEADERS = 4 * 1024 * 1024  # bytes that the headers of one file in a tar may have
# What the decoders of the standard library raise on broken data, and for what they do not know.
BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError),
    NotImplementedError,
)


def is_archive(path: str) -> bool:
    """Whether a file of this name holds other files.

    >>> is_archive("a/Pages.TAR.GZ"), is_archive("a.html.gz"), is_archive("a.html")
    (True, True, False)
    """
    return path.lower().endswith(ZIP + TAR + GZIP)


def unpacked(file: File) -> Iterator[File | Reject]:
    """The files inside; each must be read before the next is asked for.

    Raises PageRejected where nothing more can be read: `malformed`, or UnpacksTooLarge.
    """
    name = file.name
    members = _zip if name.endswith(ZIP) else _tar if name.endswith(TAR) else _gzip
    try:
        yield from members(file)
    except BROKEN as error:
        raise malformed(file.path, error) from error


def malformed(path: str, error: Exception) -> PageRejected:
    """The rejection of what cannot be unpacked."""
    return PageRejected("malformed", f"{path} cannot be unpacked: {error or type(error).__name__}; pack it again")


def _zip(file: File) -> Iterator[File | Reject]:
    meter = Meter(file)
    with file.open() as stream, zipfile.ZipFile(stream) as archive:
        named = sorted(((_name(info), info) for info in archive.infolist() if not info.is_dir()), key=lambda n: n[0])
        for name, info in named:
            if info.flag_bits & 1:
                path = f"{file.path}/{name}"
                yield reject(path, "unreadable", f"{path} is encrypted; unpack it with its password")
                continue

            def opened(info: zipfile.ZipInfo = info) -> IO[bytes]:
                return io.BufferedReader(Metered(archive.open(info), meter))

            yield from _member(file, name, info.file_size, opened)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write names in the system's charset and do not say so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for charset in ("utf-8", "cp932"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return info.filename


def _tar(file: File) -> Iterator[File | Reject]:
    meter = Meter(file)
    with file.open() as stream:
        packed = _decompressed(stream, file.name)
        tail = _Tail(packed, meter)
        metered = cast(IO[bytes], io.BufferedReader(tail))
        # As a stream: a compressed tar that is jumped about in is unpacked again and again.
        with tarfile.open(fileobj=metered, mode="r|") as archive:
            before = 0
            while True:
                meter.allow(before + _HEADERS)
                member = archive.next()
                meter.allow(None)
                if member is None:
                    if any(tail.last):
                        raise PageRejected("malformed", f"{file.path} breaks off: it has no end mark; save it again")
                    return
                before = member.size
                if member.isdir():
                    continue
                if not member.isfile():
                    path = f"{file.path}/{member.name}"
                    yield reject(path, "unsupported", f"{path} is a link or a device, not a file")
                    continue

                def opened(member: tarfile.TarInfo = member) -> IO[bytes]:
                    found = archive.extractfile(member)
                    assert found is not None  # of a regular file
                    return found

                yield from _member(file, member.name, member.size, opened)


class _Tail(Metered):
    """Remembers the last block read: a tar ends in zeros, which tarfile does not miss."""

    last = b""

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        count = super().readinto(buffer)
        self.last = (self.last + bytes(memoryview(buffer)[:count]))[-tarfile.BLOCKSIZE :]
        return count


def _decompressed(stream: IO[bytes], name: str) -> IO[bytes]:
    if name.endswith("gz"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    if name.endswith("bz2"):
        return cast(IO[bytes], bz2.BZ2File(stream))
    if name.endswith("xz"):
        return cast(IO[bytes], lzma.LZMAFile(stream))
    return stream


def _gzip(file: File) -> Iterator[File | Reject]:
    with file.open() as stream:
        packed = cast(IO[bytes], gzip.GzipFile(fileobj=stream))
        unpacked = io.BufferedReader(Metered(packed, Meter(file)))
        name = (file.unpacked_name or file.path)[: -len(".gz")]
        yield File(file.path, None, lambda: unpacked, is_named=file.is_named, unpacked_name=name)


def _member(archive: File, name: str, size: int, opened: Callable[[], IO[bytes]]) -> Iterator[File | Reject]:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    path = f"{archive.path}/{name}"
    if "\x00" in name or ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":":
        yield reject(path, "unsafe-name", f"{path} leads out of the archive; it is not read")
    elif any(part.startswith(".") for part in parts) or "__MACOSX" in parts:
        return
    elif name.lower().endswith(ZIP + TAR):
        yield reject(path, "unsupported", f"{path} is an archive in an archive; unpack it and name the folder")
    else:
        yield File(path, size, opened)
