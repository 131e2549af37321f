"""The commands export and import in all formats: what goes out of a corpus comes back as its beads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from typer.testing import CliRunner

from align.import_commands import app
from corpora.errors import TaiyakuError
from corpora.fields import one_line
from corpora.jsonlines import Row
from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]


def imported(*arguments: object) -> list[Row]:
    done = CliRunner().invoke(app, ["beads", *map(str, arguments), "--quiet"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", ["tmx", "xliff", "xlf", "tsv", "xlsx", "jsonl"])
def test_a_corpus_comes_back_from_every_format(taiyaku: Run, corpus: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"beads.{name}"
    done = taiyaku("export", corpus, "-o", out, "--nulls")
    assert done.returncode == 0, done.stderr
    beads = list(open_corpus(corpus).rows("beads"))
    if name == "tmx":
        assert "tmx has no place for beads with an empty side" in done.stderr
        beads = [row for row in beads if row["source_text"] and row["target_text"]]
    if name == "tsv":  # whose cells are one line
        beads = [{k: one_line(v) if isinstance(v, str) else v for k, v in row.items()} for row in beads]
    assert imported(out) == beads


def test_moses_is_three_files_that_belong_together(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    done = taiyaku("export", corpus, "--format", "moses", "-o", tmp_path / "beads")
    assert done.returncode == 0, done.stderr
    beads = [row for row in open_corpus(corpus).rows("beads") if row["source_text"] and row["target_text"]]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["beads.en", "beads.ids", "beads.ja"]
    found = imported(tmp_path / "beads.ids")
    for name in ("bead_id", "pair_id", "probability", "source_lang", "target_lang"):
        assert [row[name] for row in found] == [row[name] for row in beads]
    refused = taiyaku("export", corpus, "--format", "moses", "-o", tmp_path / "beads")
    assert (refused.returncode, "--force" in refused.stderr) == (2, True)


@pytest.mark.parametrize("name", ["xliff", "xlsx", "tmx", "tsv", "jsonl"])
def test_check_finds_the_same_in_an_export(taiyaku: Run, corpus: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"beads.{name}"
    assert taiyaku("export", corpus, "-o", out).returncode == 0
    assert taiyaku("check", out).stdout == taiyaku("check", corpus).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "xlsx"), "a workbook cannot go to standard output"),
        (("--format", "moses"), "cannot go to standard output"),
        (("--format", "moses", "-o", "{tmp}"), "is a folder"),
        (("-o", "{tmp}/a.docx"), "a.docx: there is no format 'docx'"),
    ],
)
def test_wrong_calls_get_a_message(
    taiyaku: Run, corpus: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = taiyaku("export", corpus, *(word.format(tmp=tmp_path) for word in arguments))
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("{tmp}/a.html",), "beads are read from"),
        (("{tmp}/none.tmx",), "cannot be read"),
        (("{tmp}/empty.jsonl",), "holds no bead"),
        (("{tmp}/empty.jsonl", "--source-lang", "ja"), "go together"),
        (("{tmp}/empty.jsonl", "-o", "{tmp}/empty.jsonl"), "is an input too"),
        (("{tmp}/empty.jsonl", "-o", "{tmp}/a.docx"), "not as .docx"),
    ],
)
def test_import_says_what_is_wrong(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    words = ["beads", *(word.format(tmp=tmp_path) for word in arguments)]
    with pytest.raises(TaiyakuError, match=message):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_imported_rows_go_to_a_file_with_a_summary(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("source\ttarget\n雨\tRain\n", encoding="utf-8")
    words = ["beads", str(tmp_path / "a.tsv"), "-o", str(tmp_path / "rows.jsonl"), "--json"]
    words += ["--source-lang", "ja", "--target-lang", "en"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert json.loads(done.stdout) == {"beads": 1, "output": str(tmp_path / "rows.jsonl")}
    (row,) = (json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines())
    assert (row["source_lang"], row["target_text"]) == ("ja", "Rain")
