"""A journal keeps what it was given through a kill, and costs nothing but time when it cannot."""

from __future__ import annotations

import datetime
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.journal import Journal, code_digest, digest

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=plain)
def test_what_is_put_is_got(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.mktemp("journal") / "j.sqlite3"
    journal = Journal(path)
    assert journal.get(b"k") is None
    journal.put(b"k", value)
    assert journal.get(b"k") == value
    journal.close()
    again = Journal(path)
    assert again.get(b"k") == value
    again.close()


def test_a_journal_without_entries_makes_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite3")
    assert journal.get(b"k") is None
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_without_a_place_remembers_nothing() -> None:
    journal = Journal()
    journal.put(b"k", 1)
    journal.commit()
    assert journal.get(b"k") is None
    journal.close()


def test_what_was_committed_survives_a_kill(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from corpora.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(500):
    journal.put(number.to_bytes(2, "big"), number)
journal.commit()
journal.put(b"not committed", 1)
os.kill(os.getpid(), signal.SIGKILL)
"""
    path = tmp_path / "j.sqlite3"
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=here, check=False)
    assert done.returncode == -signal.SIGKILL
    journal = Journal(path)
    assert [journal.get(number.to_bytes(2, "big")) for number in range(500)] == list(range(500))
    assert journal.get(b"not committed") is None
    journal.close()


@pytest.mark.parametrize("content", [b"", b"nonsense" * 400, b"SQLite format 3\0" + b"\0" * 4000])
def test_a_file_that_is_no_journal_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "j.sqlite3"
    path.write_bytes(content)
    journal = Journal(path)
    journal.put(b"k", "kept")
    assert journal.get(b"k") == "kept"
    journal.close()


def test_an_entry_that_is_damaged_is_none(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite3"
    journal = Journal(path)
    journal.put(b"k", "kept")
    journal.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE done SET value = x'00'")
    connection.commit()
    connection.close()
    journal = Journal(path)
    assert journal.get(b"k") is None
    journal.close()


def test_a_place_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "no such folder" / "j.sqlite3")
    journal.put(b"k", 1)
    journal.commit()
    assert journal.get(b"k") is None
    journal.close()


def test_digests_tell_values_apart() -> None:
    values: list[object] = [
        1,
        "1",
        1.5,
        None,
        [1],
        [[1]],
        {"a": 1},
        {"a": "1"},
        {1, 2},
        re.compile("a"),
        re.compile("b"),
    ]
    values.append(datetime.date(2026, 1, 2))
    assert len({digest(value) for value in values}) == len(values)
    assert digest(1, 2) != digest([1, 2])
    assert digest({"a": 1, "b": frozenset("xyz")}) == digest({"b": frozenset("zyx"), "a": 1})


def test_code_digests_tell_packages_apart() -> None:
    assert code_digest("corpora") == code_digest("corpora") != code_digest("align")
