"""Filters of `taiyaku build`: what they take out is counted and kept, and comes back when they are off."""

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


def rows(corpus: Path, table: str) -> list[dict[str, Any]]:
    return list(open_corpus(corpus).rows(table))


def test_improbable_beads_become_rejects_and_come_back(taiyaku: Run, corpus: Path, pages: Path, tmp_path: Path) -> None:
    place = shutil.copytree(corpus, tmp_path / corpus.name)
    bar = 0.9
    improbable = [
        row for row in rows(corpus, "beads") if row["source_text"] and row["target_text"] and row["probability"] < bar
    ]
    assert improbable
    done = taiyaku("build", pages, "-o", place, "--min-bead-probability", bar, "--json")
    summary = json.loads(done.stdout)
    assert summary["removed"] == {"probability": len(improbable)}
    assert summary["pairs_kept"] == summary["pairs"]
    taken = [row for row in rows(place, "rejects") if row["stage"] == "clean"]
    assert [json.loads(row["bead"])["bead"] for row in taken] == improbable
    assert {row["reason"] for row in taken} == {"low-probability"}
    ids = {row["bead_id"] for row in improbable}
    assert not ids & {row["bead_id"] for row in [*rows(place, "beads"), *rows(place, "findings")]}
    assert "| probability |" in (place / "README.md").read_text(encoding="utf-8")
    again = json.loads(taiyaku("build", pages, "-o", place, "--json").stdout)
    assert again["pairs_kept"] == again["pairs"]
    for table in ("beads", "findings", "rejects"):
        assert rows(place, table) == rows(corpus, table)


def test_an_article_that_is_published_twice_gives_its_beads_once(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "articles.jsonl"
    with table.open("w", encoding="utf-8") as file:
        for row in rows(corpus, "articles"):
            for edition in ("first", "second") if "s03" in row["path"] else ():
                extra = (
                    f"これは{edition}版の記事だ。" if row["lang"] == "ja" else f"This is the {edition} edition of it."
                )
                article = {"id": f"{edition}-{row['lang']}", "text": f"{row['text']}\n\n{extra}"}
                kept = {name: row[name] for name in ("lang", "title", "date")}
                file.write(json.dumps(article | kept, ensure_ascii=False) + "\n")
    everything, clean = tmp_path / "everything", tmp_path / "clean"
    assert taiyaku("build", table, "-o", everything, "--filters", "none", "--quiet").returncode == 0
    done = taiyaku("build", table, "-o", clean)
    assert "filtered" in done.stderr
    assert len(rows(clean, "pairs")) == 2
    twice, once = (
        [texts for row in rows(place, "beads") if all(texts := (row["source_text"], row["target_text"]))]
        for place in (everything, clean)
    )
    assert len(once) == len(set(once)) < len(twice)
    assert set(once) == set(twice)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--filters", "duplicates"), "there is no filter duplicates; choose from duplicate, boilerplate"),
        (("--without-filters", "x,y"), "there is no filter x, y"),
        (("--min-bead-probability", "2"), "--min-bead-probability"),
        (("--max-length-ratio", "0.5"), "--max-length-ratio"),
    ],
)
def test_wrong_filters(taiyaku: Run, pages: Path, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = taiyaku("build", pages, "-o", tmp_path / "c", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_card_says_the_licence(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    both = (pages / "s01.ja.html", pages / "s01.en.html")
    assert taiyaku("build", *both, "-o", tmp_path / "c", "--licence", "cc-by-4.0", "--quiet").returncode == 0
    assert 'license: "cc-by-4.0"' in (tmp_path / "c" / "README.md").read_text(encoding="utf-8")
