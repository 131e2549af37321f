"""The cache of vectors: what was written is found, by several processes, and damage never stops the work."""

import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.vector_cache import Stored, VectorCache, cache_files, clear_cache, default_folder, text_key

ROOT = Path(__file__).parents[2]
IDENTITY = {"name": "someone/model", "revision": "1", "prompt": ""}

WRITER = """
import sys
from pathlib import Path
from align.vector_cache import Stored, VectorCache, text_key
cache = VectorCache(Path(sys.argv[1]), {"name": "someone/model", "revision": "1", "prompt": ""})
for n in range(200):
    for who in (sys.argv[2], "both"):
        cache.write([Stored(text_key(f"{who} {n}"), bytes(400), False)])
"""


def stored(text: str, *, cut: bool = False) -> Stored:
    return Stored(text_key(text), text.encode("utf-8", "surrogatepass"), cut)


def test_what_was_written_is_found_by_the_next_one(tmp_path: Path) -> None:
    rows = [stored("a"), stored("b", cut=True)]
    VectorCache(tmp_path, IDENTITY).write(rows)
    again = VectorCache(tmp_path, IDENTITY)
    assert sorted(again.read([text_key("b"), text_key("c"), text_key("a")]), key=lambda row: row.vector) == rows
    assert list(again.read([])) == []


def test_facts_are_kept(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, IDENTITY)
    assert cache.fact("dimensions") is None
    cache.note({"dimensions": 3, "max_tokens": None})
    again = VectorCache(tmp_path, IDENTITY)
    assert (again.fact("dimensions"), again.fact("max_tokens")) == (3, None)


@pytest.mark.parametrize("other", [{"revision": "2"}, {"prompt": "query: "}, {"name": "another/model"}], ids=str)
def test_another_identity_is_another_file(tmp_path: Path, other: dict[str, str]) -> None:
    VectorCache(tmp_path, IDENTITY).write([stored("a")])
    assert list(VectorCache(tmp_path, IDENTITY | other).read([text_key("a")])) == []
    assert len(cache_files(tmp_path)) == 2


@given(st.lists(st.text(max_size=8), max_size=1200, unique=True))
def test_any_texts_are_told_apart(texts: list[str]) -> None:
    cache = VectorCache(None, IDENTITY)
    cache.write(map(stored, texts))
    assert {row.vector for row in cache.read(list(map(text_key, texts)))} == {stored(text).vector for text in texts}


def test_more_texts_than_one_query_takes_are_found(tmp_path: Path) -> None:
    texts = [str(n) for n in range(3001)]
    cache = VectorCache(tmp_path, IDENTITY)
    cache.write(map(stored, texts))
    assert len(list(cache.read(list(map(text_key, texts))))) == 3001


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "cache")]
    writers = [subprocess.Popen([*command, who], cwd=ROOT, stderr=subprocess.PIPE) for who in ("first", "second")]
    for writer in writers:
        assert writer.communicate(timeout=100)[1] == b""
    (file,) = cache_files(tmp_path / "cache")
    assert file.vectors == 600


def test_a_temporary_cache_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cache = VectorCache(None, IDENTITY)
    cache.write([stored("a")])
    assert len(list(cache.read([text_key("a")]))) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"no database at all" * 99, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "torn"]
)
def test_a_damaged_file_is_started_over(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = VectorCache(tmp_path, IDENTITY).path
    assert path is not None
    path.write_bytes(content)
    cache = VectorCache(tmp_path, IDENTITY)
    assert "is damaged" in caplog.text
    cache.write([stored("a")])
    assert len(list(VectorCache(tmp_path, IDENTITY).read([text_key("a")]))) == 1


def test_damage_amid_the_work_is_survived(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = VectorCache(tmp_path, IDENTITY)
    cache.write(stored(str(n)) for n in range(3000))
    assert cache.path is not None
    cache.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = cache.path.stat().st_size
    with cache.path.open("r+b") as file:
        file.seek(16384)
        file.write(b"\xff" * (size - 16384))
    cache.connection.execute("PRAGMA shrink_memory")
    cache.connection.execute("PRAGMA cache_size = 0")
    keys = [text_key(str(n)) for n in range(3000)]
    assert len(list(cache.read(keys))) < 3000
    cache.write([stored("new")])
    assert len(list(cache.read([text_key("new")]))) == 1
    assert "is damaged" in caplog.text


def test_a_locked_file_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = VectorCache(tmp_path, IDENTITY).path
    assert path is not None
    monkeypatch.setattr("align.vector_cache.BUSY_TIMEOUT_S", 0.1)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    cache = VectorCache(tmp_path, IDENTITY)
    cache.write([stored("a")])
    assert len(list(cache.read([text_key("a")]))) == 1
    other.rollback()
    other.close()
    assert "cannot be used (database is locked); vectors are not kept this time" in caplog.text
    assert list(VectorCache(tmp_path, IDENTITY).read([text_key("a")])) == []


def test_a_place_that_cannot_be_written_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        cache = VectorCache(tmp_path / "file", IDENTITY)
    cache.write([stored("a")])
    assert "vectors are not kept this time" in caplog.text
    assert len(list(cache.read([text_key("a")]))) == 1


def test_clearing_deletes_the_cache_and_nothing_else(tmp_path: Path) -> None:
    VectorCache(tmp_path, IDENTITY).write([stored("a")])
    (tmp_path / "fingerprints").mkdir()
    (tmp_path / "fingerprints" / "abc").write_text("x", encoding="utf-8")
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert clear_cache(tmp_path) > 0
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["thesis.txt"]
    assert clear_cache(tmp_path) == clear_cache(tmp_path / "none") == 0


def test_files_are_listed_with_what_they_hold(tmp_path: Path) -> None:
    VectorCache(tmp_path, IDENTITY).write([stored("a"), stored("b")])
    (tmp_path / "junk.sqlite3").write_bytes(b"junk")
    listed = {file.described.partition(":")[0]: file.vectors for file in cache_files(tmp_path)}
    assert listed == {"someone/model": 2, "junk.sqlite3": 0}


@pytest.mark.skipif(sys.platform != "linux", reason="XDG is how Linux does it")
def test_default_folder_is_where_the_system_keeps_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "taiyaku" / "vectors"
