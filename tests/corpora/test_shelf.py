"""A shelf gives back every article as it was."""

from hypothesis import given
from hypothesis import strategies as st

from corpora.records import Article, Paragraph, Reading, Sentence
from corpora.shelf import Filed, Shelf

TEXT = st.text(max_size=60)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(TEXT)
    end = len(text)
    return Article(
        article_id=draw(TEXT),
        path=draw(TEXT),
        lang=draw(st.sampled_from(["ja", "en"])),
        text=text,
        paragraphs=(Paragraph(0, end, draw(st.sampled_from(["title", "body", "subhead"]))),),
        sentences=tuple(Sentence(n, end, 0) for n in range(draw(st.integers(0, 3)))),
        title=draw(st.none() | TEXT),
        byline=tuple(draw(st.lists(TEXT, max_size=2))),
        captions=tuple(draw(st.lists(TEXT, max_size=2))),
        readings=tuple(Reading(one, one) for one in draw(st.lists(TEXT, max_size=2))),
        links=tuple(draw(st.lists(TEXT, max_size=2))),
    )


@given(st.lists(articles(), max_size=4))
def test_articles_come_back_as_they_were(given_articles: list[Article]) -> None:
    shelf = Shelf.of(given_articles)
    assert list(shelf) == given_articles
    assert [shelf[n] for n in range(len(shelf))] == given_articles
    assert list(shelf[1:]) == given_articles[1:]
    assert list(shelf.in_language("ja")) == [one for one in given_articles if one.lang == "ja"]
    assert [one.path for one in shelf.light()] == [one.path for one in given_articles]
    assert Shelf.of(shelf) is shelf


@given(articles(), articles())
def test_digests_are_of_the_text_alone(one: Article, other: Article) -> None:
    assert (Filed.of(one).digest == Filed.of(other).digest) == (one.text == other.text)


def test_a_filed_article_takes_a_fraction_of_the_room() -> None:
    text = "".join(f"第{n}の橋は{1900 + n}年に造られた。" for n in range(100))
    article = Article("a", "a.txt", "ja", text, (Paragraph(0, len(text), "body"),))
    assert len(Filed.of(article).packed) < len(text.encode()) / 2
