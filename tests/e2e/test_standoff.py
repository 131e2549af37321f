"""A corpus to a file without texts, and back with one's own copy of the pages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def file(taiyaku: Run, corpus: Path, tmp_path: Path) -> Path:
    path = tmp_path / "standoff.jsonl"
    assert taiyaku("export", corpus, "--format", "standoff", "-o", path, "--quiet").returncode == 0
    return path


def rows(corpus: Path, table: str) -> list[dict[str, Any]]:
    return list(open_corpus(corpus).rows(table))


def test_a_corpus_comes_back_with_the_same_pages(
    taiyaku: Run, corpus: Path, file: Path, pages: Path, tmp_path: Path
) -> None:
    done = taiyaku("import", "standoff", file, pages, "-o", tmp_path / "again", "--json", "--strict")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["beads_kept"], counts["beads_moved"], counts["beads_lost"]) == (len(rows(corpus, "beads")), 0, 0)
    for table in ("beads", "pairs"):
        assert rows(tmp_path / "again", table) == rows(corpus, table)
    unused = {row["path"] for row in rows(tmp_path / "again", "rejects") if row["reason"] == "not-named"}
    assert {Path(path).name.split(".")[0] for path in unused} == {"o01", "o02", "o03"}


def test_no_text_is_in_the_file(corpus: Path, file: Path) -> None:
    content = file.read_text(encoding="utf-8")
    for article in rows(corpus, "articles"):
        for sentence in article["sentences"]:
            text = article["text"][sentence["start"] : sentence["end"]]
            assert len(text) < 8 or text[:20] not in content
        assert not article["title"] or article["title"] not in content


def change_a_sentence(corpus: Path, own: Path, but: str) -> None:
    """In one's own copy of an English page that has an address, since that is how a changed one is known."""
    article = next(
        row for row in rows(corpus, "articles") if row["lang"] == "en" and row["url"] and but not in row["path"]
    )
    page = own / Path(article["path"]).name
    content = page.read_text(encoding="utf-8")
    texts = [article["text"][one["start"] : one["end"]] for one in article["sentences"][1:]]
    text = next(one for one in texts if content.count(one) == 1)
    page.write_text(content.replace(text, f"{text[:-1]}, the office said."), encoding="utf-8")


def test_pages_that_are_missing_or_changed(taiyaku: Run, corpus: Path, file: Path, pages: Path, tmp_path: Path) -> None:
    own = shutil.copytree(pages, tmp_path / "own")
    (own / "s01.en.html").unlink()
    change_a_sentence(corpus, own, but="s01")
    done = taiyaku("import", "standoff", file, own, "-o", tmp_path / "again", "--json", "--strict")
    assert done.returncode == 1
    counts = json.loads(done.stdout)
    assert (counts["articles_missing"], counts["articles_changed"]) == (1, 1)
    assert counts["beads_lost"] > 0
    assert counts["beads_kept"] + counts["beads_moved"] + counts["beads_lost"] == 330
    found = open_corpus(tmp_path / "again")
    texts = {row["article_id"]: row["text"] for row in found.rows("articles")}
    for bead in found.rows("beads"):
        for side in ("source", "target"):
            if bead[f"{side}_start"] is not None:
                text = str(texts[bead[f"{side}_article_id"]])
                assert text[bead[f"{side}_start"] : bead[f"{side}_end"]] == bead[f"{side}_text"]
    reasons = {row["reason"] for row in found.rows("rejects") if row["stage"] == "import"}
    assert {"missing", "changed"} <= reasons


def test_wrong_input(taiyaku: Run, corpus: Path, file: Path, pages: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"id": 1}\n', encoding="utf-8")
    half = tmp_path / "half.jsonl"
    half.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:-30]), encoding="utf-8")
    empty = tmp_path / "strangers"
    empty.mkdir()
    (empty / "a.txt").write_text("A dog barked\n\nA dog barked at night in the village by the sea.\n" * 3, "utf-8")
    out = tmp_path / "again"
    for arguments, code, message in (
        ((other, pages), 2, "is not a stand-off file"),
        ((half, pages), 2, "promises"),
        ((tmp_path / "none.jsonl", pages), 2, "cannot be read"),
        ((file, empty), 3, "none of the articles"),
    ):
        done = taiyaku("import", "standoff", *arguments, "-o", out)
        assert (done.returncode, message in done.stderr) == (code, True), done.stderr
        assert not out.exists()
    place = shutil.copytree(corpus, tmp_path / "corpus")
    assert "--force" in taiyaku("import", "standoff", file, pages, "-o", place).stderr
    assert taiyaku("import", "standoff", file, pages, "-o", place, "--force", "--quiet").returncode == 0
    assert "exists" in taiyaku("export", corpus, "--format", "standoff", "-o", file).stderr
    assert (
        "whole corpus"
        in taiyaku("export", corpus, "--format", "standoff", "-o", tmp_path / "x", "--min-probability", "0.5").stderr
    )
