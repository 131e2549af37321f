"""What lies between the command line and the library: lines are line feeds, whatever else a text may hold."""

import io
import json
from pathlib import Path

import pytest

from align.bead_commands import Aligner, aligned_texts
from align.commands import segmented
from align.vectors import Encoder

ODD = "A\u2028B\x85C\x0cD."  # what str.splitlines would cut four times


def test_json_lines_from_standard_input_may_hold_any_separator(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [json.dumps({"id": i, "lang": "en", "text": ODD}, ensure_ascii=False) for i in range(2)]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert [row["id"] for row in segmented("-", lang=None, wrapped=False)] == ["0", "1"]


def test_a_presegmented_sentence_may_hold_any_separator(tmp_path: Path, letters: Encoder) -> None:
    (tmp_path / "ja.txt").write_bytes(f"{ODD}\r\n\nEEE.\n".encode())
    (tmp_path / "en.txt").write_bytes(f"{ODD}\nEEE.".encode())
    paths = (str(tmp_path / "ja.txt"), str(tmp_path / "en.txt"))
    rows = aligned_texts(paths, Aligner(letters, ("xx", "yy")), presegmented=True, pages=False)
    assert [(row["source"], row["target"]) for row in rows] == [([0], [0]), ([1], [1])]
    assert rows[0]["source_text"] == ODD
