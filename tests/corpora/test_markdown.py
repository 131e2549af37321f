"""Markdown files: marks are no text, front matter is metadata, and text without marks is read as pasted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import PageRejected
from corpora.markdown import is_marked, markdown_page
from corpora.page import read_article
from corpora.read import read_pages
from corpora.records import Article, Page

ONE = "The river rose by two meters on Friday night, and dozens of people fled their homes in Mito."
TWO = "The city opened three schools as shelters, and volunteers brought blankets and rice until dawn."
THREE = "Nobody was hurt, the fire department said, but some 40 houses near the old bridge stand in water."
FRONT = '---\ntitle: "Flood in Mito"\ndate: 2026-03-05\nauthor: Haruto Mine\ndraft: false\n---\n'
HEADED = "# Flood in Mito\n\n*By Haruto Mine*\n\nMarch 5, 2026\n\n"


def article(folder: Path, text: str) -> Article:
    (folder / "a.md").write_text(text, encoding="utf-8")
    (page,) = read_pages([folder / "a.md"])
    assert isinstance(page, Page)
    return read_article(page)


def body(found: Article) -> list[str]:
    return [found.text[p.start : p.end] for p in found.paragraphs if p.kind != "title"]


@pytest.mark.parametrize("head", [FRONT, FRONT.replace("---", "+++").replace(":", " ="), HEADED])
def test_front_matter_or_headings_give_title_date_and_writer(tmp_path: Path, head: str) -> None:
    found = article(tmp_path, f"{head}\n{ONE}\n\n**{TWO[:8]}**{TWO[8:]}\n\n{THREE}\n")
    assert (found.title, found.date, found.byline) == ("Flood in Mito", "2026-03-05", ("Haruto Mine",))
    assert body(found) == [ONE, TWO, THREE]


def test_marks_are_no_text(tmp_path: Path) -> None:
    linked = ONE.replace("Friday", "[Friday](https://a.example/x)").replace("river", "**river**")
    listed = "- The city will build a wall of three meters along the river before the rains come.\n"
    text = f"# Flood in Mito\n\n![A photo](x.jpg)\n\n{linked}\n\n## What next\n\n{listed}\n> {TWO}\n\n{THREE}\n"
    assert body(article(tmp_path, text)) == [ONE, "What next", listed[2:].strip(), TWO, THREE]


def test_lines_of_pasted_text_stay_apart(tmp_path: Path) -> None:
    assert body(article(tmp_path, f"# Flood in Mito\n\n{ONE}\n{TWO}\n{THREE}\n")) == [ONE, TWO, THREE]
    assert body(article(tmp_path, f"Flood in Mito\nMarch 5, 2026\n{ONE}\n{TWO}\n{THREE}\n")) == [ONE, TWO, THREE]


@given(st.text(max_size=300))
def test_any_text_is_a_page_or_a_rejection(text: str) -> None:
    assert isinstance(is_marked(text), bool)
    try:
        found = read_article(Page("a.md", "html", markdown_page(text)))
    except PageRejected:
        return
    assert all(found.text[s.start : s.end].strip() for s in found.sentences)
