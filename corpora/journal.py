"""What a build has done so far, so that one that was broken off need not do it again.

One SQLite file: what was committed survives `kill -9`, Ctrl-C and a full disk, and a torn write is undone when the file
is opened again. Entries are found by a digest of everything they were made from, so a page that changed or another
option finds nothing and is done anew. Values are JSON, never code. A journal that cannot be used costs time, never the
build: a damaged one is thrown away, and one that cannot grow (a full disk) is read on and not written.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
import zlib
from functools import cache
from importlib.resources import files
from pathlib import Path

COMMIT_EVERY_S = 1.0  # so much work is lost at most
LEVEL = 1  # of compression
_CODE = frozenset({".py", ".json", ".txt", ".toml"})


def digest(*parts: object) -> bytes:
    """16 bytes that tell some values from any others; the order of keys and of sets means nothing.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}), digest(1) == digest("1")
    (True, False)
    """
    written = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=_plain)
    return hashlib.blake2b(written.encode(), digest_size=16).digest()


def _plain(value: object) -> object:
    """What stands for a value that JSON cannot hold."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, re.Pattern):
        return [value.pattern, value.flags]
    return [type(value).__name__, str(value)]


@cache
def code_digest(*packages: str) -> str:
    """What tells one state of some packages' code and rules from another; models have their own checksums."""
    found = hashlib.blake2b(digest_size=16)
    for package in packages:
        root = Path(str(files(package)))
        for path in sorted(p for p in root.rglob("*") if p.suffix in _CODE and "models" not in p.parts):
            found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


class Journal:
    """Values by digest, in a file; without a path it remembers nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._connection = _open(path) if path is not None and path.exists() else None
        self._is_writable = path is not None
        self._committed = time.monotonic()

    def get(self, key: bytes) -> object | None:
        """What was put under a digest; None if nothing was, or it cannot be read."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("SELECT value FROM done WHERE key = ?", (key,)).fetchone()
            return None if row is None else json.loads(zlib.decompress(row[0]))
        except (sqlite3.Error, zlib.error, ValueError):
            return None

    def put(self, key: bytes, value: object) -> None:
        """Keep a value that JSON can hold, numbers of numpy among them."""
        if self._path is None or not self._is_writable:
            return
        if self._connection is None:  # the file is made when there is something to keep
            self._connection = _open(self._path)
        if self._connection is None:
            self._is_writable = False
            return
        packed = zlib.compress(
            json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=float).encode(), LEVEL
        )
        try:
            self._connection.execute("INSERT OR REPLACE INTO done VALUES (?, ?)", (key, packed))
            if time.monotonic() - self._committed > COMMIT_EVERY_S:
                self.commit()
        except sqlite3.Error:
            self._is_writable = False

    def commit(self) -> None:
        """Make sure that what was put is kept."""
        if self._connection is not None and self._is_writable:
            try:
                self._connection.commit()
            except sqlite3.Error:
                self._is_writable = False
            self._committed = time.monotonic()

    def close(self) -> None:
        """Commit, and let go of the file."""
        self.commit()
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _open(path: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        try:
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # a kill loses nothing; a power cut, a journal
            connection.execute("CREATE TABLE IF NOT EXISTS done (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
            connection.commit()
        except sqlite3.OperationalError:  # no space, no permission
            return None
        except sqlite3.DatabaseError:
            connection.close()
            _remove(path)
        else:
            return connection
    return None


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
