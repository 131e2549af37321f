"""Vectors on disk, so that a text is put through a transformer once.

One SQLite file for each model in one setting (revision, prompt, dtype, backend ...), so that what does not belong
together cannot be mixed and old files can be deleted one by one. SQLite is in the standard library, several processes
may use a file at once, and what was committed survives Ctrl-C and a full disk. A file that cannot be used is a warning,
never an error: the vectors are then kept in a temporary file that SQLite removes by itself.

What this does not do: bound its size. `taiyaku encoders` shows it, `taiyaku encoders --clear-cache` deletes the files.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

SUFFIX = ".sqlite3"
SCHEMA = 1  # part of every file's identity; raised when what is stored changes
BUSY_TIMEOUT_S = 30.0
KEYS_AT_ONCE = 500  # SQLite allows 999 parameters in its oldest builds
TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, cut INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A text's vector as float32 bytes; `cut`: the text was longer than the model reads."""

    key: bytes
    vector: bytes
    cut: bool


@dataclass(frozen=True, slots=True)
class CacheFile:
    """One file of the cache: which model in which setting, how many vectors, how large."""

    path: Path
    identity: dict[str, object]
    vectors: int
    bytes: int

    @property
    def described(self) -> str:
        """One line for people."""
        name, prompt = self.identity.get("name", self.path.name), self.identity.get("prompt")
        after = f" with prompt {prompt!r}" if prompt else ""
        return f"{name}{after}: {self.vectors} vectors, {self.bytes / 1e6:.1f} MB"


def default_folder() -> Path:
    """Where the user's system keeps caches, for example `~/.cache/taiyaku/vectors`."""
    from platformdirs import user_cache_path

    return user_cache_path("taiyaku", appauthor=False) / "vectors"


def text_key(text: str) -> bytes:
    """What a text is found by.

    >>> len(text_key("雨が降った。"))
    16
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class VectorCache:
    """Vectors of one model in one setting, by text."""

    def __init__(self, folder: Path | None, identity: Mapping[str, object]) -> None:
        """Open or make the file for this identity; without a folder a temporary one."""
        self.identity = {**identity, "schema": SCHEMA}
        self.path = None if folder is None else folder / self._file_name()
        self.connection = self._open()

    def _file_name(self) -> str:
        text = json.dumps(self.identity, sort_keys=True, ensure_ascii=False)
        last = str(self.identity.get("name", "")).rpartition("/")[2]
        readable = re.sub(r"[^\w.-]+", "_", last)[:60]
        return f"{readable}-{hashlib.sha256(text.encode()).hexdigest()[:16]}{SUFFIX}"

    def _open(self) -> sqlite3.Connection:
        if self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                return self._connect(str(self.path))
            except sqlite3.OperationalError as error:  # locked, read-only, no space: the file may be fine
                self._give_up(error)
            except sqlite3.DatabaseError as error:
                return self._replace(error)
            except OSError as error:
                self._give_up(error)
        return self._connect("")

    def _connect(self, place: str) -> sqlite3.Connection:
        # The encoder is shared by a process's threads as torch models are: one call at a time.
        connection = sqlite3.connect(place, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
        try:
            connection.execute("PRAGMA page_size = 16384")  # a vector a page or more, not one and a bit
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(TABLES)
            stored = [("identity", json.dumps(self.identity, sort_keys=True, ensure_ascii=False))]
            with connection:
                connection.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?)", stored)
        except BaseException:
            connection.close()
            raise
        weakref.finalize(self, connection.close)
        return connection

    def _replace(self, error: Exception) -> sqlite3.Connection:
        """Start a damaged file over."""
        assert self.path is not None
        logger.warning("%s is damaged (%s); it is started over", self.path, error)
        try:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
            return self._connect(str(self.path))
        except (OSError, sqlite3.Error) as again:
            self._give_up(again)
            return self._connect("")

    def _give_up(self, error: Exception) -> None:
        logger.warning("%s cannot be used (%s); vectors are not kept this time", self.path, error)
        self.path = None

    def _recover(self, error: sqlite3.Error) -> None:
        """Go on after a failure amid the work: with a new file if this one is damaged, else with a temporary one."""
        self.connection.close()
        if self.path is None:
            self.connection = self._connect("")
        elif isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            self.connection = self._replace(error)
        else:
            self._give_up(error)
            self.connection = self._connect("")

    def read(self, keys: Sequence[bytes]) -> Iterator[Stored]:
        """The vectors there are, in any order."""
        for start in range(0, len(keys), KEYS_AT_ONCE):
            part = keys[start : start + KEYS_AT_ONCE]
            marks = ", ".join("?" * len(part))
            try:
                query = f"SELECT key, vector, cut FROM vectors WHERE key IN ({marks})"  # noqa: S608 - it holds question marks only
                found = self.connection.execute(query, part).fetchall()
            except sqlite3.Error as error:
                self._recover(error)
                found = []
            for key, vector, cut in found:
                yield Stored(key, vector, bool(cut))

    def write(self, rows: Iterable[Stored]) -> None:
        """Keep vectors, all of them or none; another process may have been first."""
        values = [(row.key, row.vector, row.cut) for row in rows]
        try:
            with self.connection:
                self.connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", values)
        except sqlite3.Error as error:
            self._recover(error)

    def fact(self, name: str) -> object:
        """What was noted under this name, None if nothing was."""
        try:
            row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
            return json.loads(row[0]) if row else None
        except (sqlite3.Error, ValueError):
            return None

    def note(self, facts: Mapping[str, object]) -> None:
        """Keep what is to be known of the model without loading it."""
        try:
            with self.connection:
                values = [(name, json.dumps(value)) for name, value in facts.items()]
                self.connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", values)
        except sqlite3.Error as error:
            self._recover(error)


def cache_files(folder: Path) -> list[CacheFile]:
    """The files of a cache, largest first; those that cannot be read count with their size only."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        identity, vectors = _contents(path)
        size = sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
        found.append(CacheFile(path, identity, vectors, size))
    return sorted(found, key=lambda file: (-file.bytes, file.path.name))


def _contents(path: Path) -> tuple[dict[str, object], int]:
    try:
        connection = sqlite3.connect(path, timeout=1)
        try:
            row = connection.execute("SELECT value FROM facts WHERE name = 'identity'").fetchone()
            number = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
        finally:
            connection.close()
        return (json.loads(row[0]) if row else {}), int(number)
    except (sqlite3.Error, ValueError):
        return {}, 0


def clear_cache(folder: Path) -> int:
    """Delete the cache's files, and nothing else in the folder; returns how many bytes that freed."""
    freed = 0
    for path in [*folder.glob(f"*{SUFFIX}*"), *folder.glob("fingerprints/*")]:
        try:
            freed += path.stat().st_size
            path.unlink()
        except FileNotFoundError:  # another process has just closed the file that this one belongs to
            continue
    return freed
