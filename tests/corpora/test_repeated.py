"""Paragraphs that many pages share: taken from the edges of bodies, never silently, offsets sound."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.gathering import gather, read_corpus
from align.pipeline import build
from align.summary import Summary
from corpora.records import Article
from corpora.repeated import MANY_PAGES, drop_repeated
from corpora.rows import article_from_row

LETTERS = "Kitahama reporters answer letters from schools every Sunday. Write to us about your town."
PRIZE = "Our paper has won the prize for local news seven times since 1998. It is read in nine towns."


def article(number: int, *paragraphs: str) -> Article:
    row = {"id": f"a{number}", "lang": "en", "title": f"Story {number}", "paragraphs": list(paragraphs)}
    return article_from_row(row, f"a{number}.txt")


def story(number: int) -> str:
    return f"The bridge number {number} was closed on Friday. It will open again in {number + 2} weeks."


def bodies(articles: list[Article]) -> list[list[str]]:
    return [[a.text[p.start : p.end] for p in a.paragraphs if p.kind == "body"] for a in articles]


def test_paragraphs_at_the_edges_of_many_pages_are_furniture() -> None:
    pages = [article(n, PRIZE, story(n), LETTERS) for n in range(MANY_PAGES)]
    kept, dropped = drop_repeated(pages)
    assert bodies(kept) == [[story(n)] for n in range(MANY_PAGES)]
    assert [a.article_id for a in kept] == [a.article_id for a in pages]
    assert {(r.path, r.reason, r.detail) for r in dropped} == {
        (f"a{n}.txt", "furniture", text) for n in range(MANY_PAGES) for text in (PRIZE, LETTERS)
    }


def test_fewer_pages_prove_nothing() -> None:
    pages = [article(n, story(n), LETTERS) for n in range(MANY_PAGES - 1)]
    assert drop_repeated(pages) == (pages, [])


def test_a_sentence_inside_a_story_stays_however_often_it_is_said() -> None:
    pages = [
        article(n, *(f"{k}. {story(n)}" for k in range(4)), LETTERS, *(f"{k}: {story(n)}" for k in range(4)))
        for n in range(2 * MANY_PAGES)
    ]
    assert drop_repeated(pages) == (pages, [])
    behind = [article(n, story(n), LETTERS, story(n + 100)) for n in range(2 * MANY_PAGES)]
    assert drop_repeated(behind) == (behind, [])


def test_an_article_is_never_emptied() -> None:
    pages = [article(n, LETTERS) for n in range(MANY_PAGES)]
    assert drop_repeated(pages) == (pages, [])


@given(
    st.lists(
        st.lists(st.sampled_from([LETTERS, PRIZE, story(1), story(2), "Rain. Snow."]), min_size=1, max_size=8),
        max_size=12,
    )
)
def test_what_remains_is_cut_as_before(pages: list[list[str]]) -> None:
    articles = [article(n, *paragraphs) for n, paragraphs in enumerate(pages)]
    kept, dropped = drop_repeated(articles)
    for before, after in zip(articles, kept, strict=True):
        old, new = bodies([before])[0], bodies([after])[0]
        assert new
        assert new in [old[start : start + len(new)] for start in range(len(old))]
        assert len(old) - len(new) == sum(r.path == before.path for r in dropped)
        assert after == replace(article_from_row(rows(before, new), before.path), article_id=before.article_id)


def rows(one: Article, paragraphs: list[str]) -> dict[str, object]:
    return {"id": one.article_id, "lang": "en", "title": one.title, "paragraphs": paragraphs}


@pytest.mark.parametrize("cut", [1, MANY_PAGES - 1, MANY_PAGES, MANY_PAGES + 2])
def test_a_corpus_that_grows_ends_up_like_one_built_at_once(tmp_path: Path, cut: int) -> None:
    names = []
    for n in range(MANY_PAGES + 3):
        path = tmp_path / f"a{n}.txt"
        path.write_text(f"Story of bridge {n}\n\n{story(n)}\n\n{LETTERS}\n", encoding="utf-8")
        names.append(path)
    build(names[:cut], tmp_path / "grown")
    build(names[cut:], tmp_path / "grown")
    build(names, tmp_path / "whole")
    grown, whole = (read_corpus(tmp_path / name) for name in ("grown", "whole"))
    assert list(grown.articles) == list(whole.articles)
    assert grown.rejects == whole.rejects
    assert all(LETTERS not in one.text for one in whole.articles)


def test_pages_read_together_lose_what_they_share(tmp_path: Path) -> None:
    for n in range(MANY_PAGES):
        (tmp_path / f"a{n}.txt").write_text(f"Story of bridge {n}\n\n{story(n)}\n\n{LETTERS}\n", encoding="utf-8")
    articles, rejects = gather([tmp_path], Summary(""), languages=("en",))
    assert all(LETTERS not in one.text for one in articles)
    assert [r.reason for r in rejects] == ["furniture"] * MANY_PAGES
