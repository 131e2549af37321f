"""Pages in two languages: each part becomes an article, quotations stay where they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.pipeline import build
from corpora.errors import PageRejected
from corpora.mixed import parts_by_language
from corpora.page import read_article, read_articles
from corpora.records import Article, Page, ParagraphKind, Reject
from corpora.store import open_corpus

JAPANESE = [
    "水戸市は四日、昨年の洪水で浸水した川べりの図書館を来月二日に再開すると発表した。",
    "修復には一億八千万円をかけた。司書の佐野亜紀さん（41）は「書架はすべて二階に移しました」と話す。",
    "市によると、約一万二千冊が廃棄された。職員らは残る三千冊を一ページずつ乾かしたという。",
]
ENGLISH = [
    "The city of Mito said on March 4 that it will reopen its riverside library, flooded last year, on April 2.",
    'Repairs cost 180 million yen. "We moved every shelf to the second floor," said librarian Aki Sano, 41.',
    "According to the city, about 12,000 books were thrown away. Staff dried the other 3,000 page by page.",
]
TITLE = "川べりの図書館、来月再開　水戸　浸水から五カ月"


def page(*paragraphs: str) -> Page:
    return Page("a.txt", "text", "\n\n".join([TITLE, "2026年3月4日", *paragraphs]))


@pytest.mark.parametrize("interleaved", [False, True])
def test_a_text_beside_its_translation_is_two_articles(interleaved: bool) -> None:
    paragraphs = [*JAPANESE, *ENGLISH]
    if interleaved:
        paragraphs = [text for both in zip(JAPANESE, ENGLISH, strict=True) for text in both]
    first, second = read_articles(page(*paragraphs))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.lang, first.title, first.date) == ("ja", TITLE, "2026-03-04")
    assert all(text in first.text for text in JAPANESE)
    assert (second.lang, second.title, second.date) == ("en", None, "2026-03-04")
    assert all(text in second.text for text in ENGLISH)
    assert second.article_id != first.article_id


HEADLINE = "Riverside library in Mito to reopen next month, five months after it was flooded by the Naka River"


def test_each_part_has_its_own_headline() -> None:
    marked = [["".join(f"<p>{text}</p>" for text in side)] for side in (JAPANESE, ENGLISH)]
    both = f"<h1>{TITLE} / Library reopens</h1>{marked[0][0]}{marked[1][0]}"
    stacked = f"<h1>{TITLE}</h1>{marked[0][0]}<h2>{HEADLINE}</h2>{marked[1][0]}"
    for mixed, expected in (
        (page(*JAPANESE, HEADLINE, *ENGLISH), HEADLINE),
        (Page("a.html", "html", f"<html><body><article>{both}</article></body></html>"), "Library reopens"),
        (Page("a.html", "html", f"<html><body><article>{stacked}</article></body></html>"), HEADLINE),
    ):
        titles = [article.title for article in read_articles(mixed) if isinstance(article, Article)]
        assert titles == [TITLE, expected]


def test_the_other_language_is_a_reject_where_it_is_not_wanted() -> None:
    first, second = read_articles(page(*JAPANESE, *ENGLISH), languages=("ja",))
    assert isinstance(first, Article)
    assert isinstance(second, Reject)
    assert (second.reason, second.detail) == ("language", "3 paragraphs of the page are in 'en'; wanted: ja")
    (only,) = (one for one in read_articles(page(*JAPANESE, *ENGLISH), languages=("en",)) if isinstance(one, Article))
    assert only.lang == "en"
    assert read_article(page(*JAPANESE, *ENGLISH), languages=("en",)) == only
    with pytest.raises(PageRejected, match="'ja'; wanted: fr"):
        read_articles(page(*JAPANESE, *ENGLISH), languages=("fr",))


@pytest.mark.parametrize("quoted", [ENGLISH[:1], ["The river is life.", "The river is death."]])
def test_what_is_quoted_stays(quoted: list[str]) -> None:
    (only,) = read_articles(page(*JAPANESE, *quoted, *JAPANESE[::-1]))
    assert isinstance(only, Article)
    assert all(text in only.text for text in quoted)


BLOCKS = st.lists(
    st.tuples(
        st.sampled_from([*JAPANESE, *ENGLISH, "1234", "", "한국어로 쓴 글이 여기 있다.", "Übung macht den Meister."]),
        st.sampled_from(["body", "subhead"]),
    )
)


@given(BLOCKS, st.sampled_from(["ja", "en"]))
def test_every_block_is_in_one_part_in_its_order(blocks: list[tuple[str, ParagraphKind]], lang: str) -> None:
    parts = parts_by_language(blocks, lang)
    assert parts[0][0] == lang
    assert sorted(block for _, own in parts for block in own) == sorted(blocks)
    for _, own in parts:
        rest = iter(blocks)
        assert all(block in rest for block in own)


def test_a_page_with_its_own_translation_is_a_pair(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page(*JAPANESE, *ENGLISH).text, encoding="utf-8")
    summary = build([tmp_path / "a.txt"], tmp_path / "corpus")
    assert (summary.pages, summary.articles, summary.pairs) == (1, {"ja": 1, "en": 1}, 1)
    beads = list(open_corpus(tmp_path / "corpus").rows("beads"))
    assert any("佐野" in (row["source_text"] or "") and "Sano" in (row["target_text"] or "") for row in beads)  # type: ignore
