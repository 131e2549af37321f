"""Where commands write: never over an input or another output, and nothing at all when there is nothing to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]

STORY = "River floods Mito\nMarch 5, 2026\n\nThe river rose by two meters on Friday night, and dozens of people fled.\n"
PAIRS = '{"id": "1", "source": "雨が降った。", "target": "It rained."}\n'
HELD = "what was there before\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(STORY, encoding="utf-8")
    Path("b.txt").write_text(STORY.replace("river", "lake"), encoding="utf-8")
    Path("pairs.jsonl").write_text(PAIRS, encoding="utf-8")
    Path("empty.jsonl").write_text("\n", encoding="utf-8")
    Path("menu.txt").write_text("Top | Japan\n", encoding="utf-8")
    Path("held.jsonl").write_text(HELD, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("extract", "a.txt", "-o", "x.jsonl", "--rejects", "x.jsonl"), "--output and --rejects both go to x.jsonl"),
        (("extract", "a.txt", "-o", "x.jsonl", "--rejects", "./x.jsonl"), "one would overwrite the other"),
        (("extract", "a.txt", "--rejects", "-"), "both go to standard output"),
        (("pair", "a.txt", "-o", "x.jsonl", "--unpaired", "x.jsonl"), "--output and --unpaired"),
        (("pair", "a.txt", "--unpaired", "x.jsonl", "--rejects", "x.jsonl"), "--unpaired and --rejects"),
        (("extract", "held.jsonl", "-o", "held.jsonl"), "is an input too and would be overwritten"),
        (("extract", "a.txt", "--rejects", "a.txt"), "is an input too"),
        (("segment", "held.jsonl", "-o", "held.jsonl"), "is an input too"),
        (("align", "a.txt", "b.txt", "-o", "b.txt"), "is an input too"),
        (("check", "held.jsonl", "-o", "held.jsonl"), "is an input too"),
        (("extract", "a.txt", "-o", "nowhere/x.jsonl"), "does not exist"),
        (("extract", "a.txt", "-o", "x.docx"), "not as .docx"),
        (("extract", "a.txt", "--rejects", "x.docx"), "not as .docx"),
        (("align", "a.txt", "b.txt", "-o", "x.docx"), "docx"),
    ],
)
def test_outputs_that_would_destroy_something_are_refused_before_any_work(
    taiyaku: Run, here: Path, arguments: tuple[str, ...], message: str
) -> None:
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    done = taiyaku(*arguments)
    assert done.returncode == 2, done.stderr
    assert message in " ".join(done.stderr.split())
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


@pytest.mark.parametrize(
    "arguments",
    [("extract", "menu.txt"), ("pair", "menu.txt"), ("segment", "empty.jsonl"), ("check", "empty.jsonl"),
     ("align", "empty.jsonl")],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_a_command_that_finds_nothing_leaves_the_file_that_was_there(taiyaku: Run, arguments: tuple[str, ...]) -> None:
    done = taiyaku(*arguments, "-o", "held.jsonl")
    assert done.returncode == 3, done.stderr
    assert Path("held.jsonl").read_text(encoding="utf-8") == HELD


@pytest.mark.usefixtures("here")
def test_rejects_are_written_even_if_nothing_else_is(taiyaku: Run) -> None:
    assert taiyaku("extract", "menu.txt", "-o", "x.jsonl", "--rejects", "r.jsonl").returncode == 3
    assert "no-article" in Path("r.jsonl").read_text(encoding="utf-8")
    assert not Path("x.jsonl").exists()


@pytest.mark.parametrize("inputs", [".", "*.jsonl", "held.jsonl"])
@pytest.mark.parametrize(
    "outputs", [("-o", "held.jsonl"), ("-o", "x.jsonl", "--rejects", "held.jsonl"), ("-o", "./held.jsonl")]
)
def test_an_output_that_a_folder_or_glob_among_the_inputs_holds_is_refused(
    taiyaku: Run, here: Path, inputs: str, outputs: tuple[str, ...]
) -> None:
    for command in ("extract", "pair"):
        done = taiyaku(command, inputs, *outputs)
        assert done.returncode == 2
        assert "would be overwritten" in done.stderr
    assert (here / "held.jsonl").read_text(encoding="utf-8") == HELD


@pytest.mark.usefixtures("here")
def test_a_file_that_may_not_be_written_is_not_replaced(taiyaku: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path).name != "held.jsonl")  # root may write anything
    done = taiyaku("extract", "a.txt", "-o", "held.jsonl")
    assert done.returncode == 2
    assert "write-protected" in done.stderr
    assert Path("held.jsonl").read_text(encoding="utf-8") == HELD
