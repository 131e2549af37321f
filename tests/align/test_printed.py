"""What pages print as evidence: departments, links, addresses."""

import pytest

from align.departments import same_department
from align.printed import Links, printed
from corpora.records import Article
from corpora.rows import article_from_row


def page(lang: str, **fields: object) -> Article:
    return article_from_row({"lang": lang, "text": "It rained.", **fields}, "a.jsonl:1")


@pytest.mark.parametrize(
    ("english", "japanese", "expected"),
    [
        ("Political News Department", "政治部", 1.0),
        ("Osaka City News Department", "大阪社会部", 1.0),
        ("Lifestyle and Medical News Department", "くらし医療部", 1.0),
        ("Kagoshima Bureau; Fukuoka News Department", "鹿児島支局", 1.0),
        ("Washington Bureau", "ワシントン支局", 1.0),
        ("Sports News Department", "経済部", 0.0),
        ("Akita Bureau", "水戸支局", 0.0),
        ("Night Desk", "編成センター", None),
        (None, "政治部", None),
        ("Political News Department", None, None),
    ],
)
def test_departments_are_known_by_their_desk_or_place(
    english: str | None, japanese: str | None, expected: float | None
) -> None:
    assert same_department(english, japanese) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("https://news.example/ja/a/71", "https://news.example/en/a/71", 1.0),
        ("https://news.example/a/71.html", "https://news.example/english/a/71.html", 1.0),
        ("https://www.news.example/story?id=71", "https://en.news.example/story?id=71", 1.0),
        ("https://news.example/politics/1234567", "https://news.example/en/world/1234567", 1.0),
        ("https://news.example/a/71", "https://other.example/en/a/71", None),
        ("https://news.example/a/71", "https://news.example/en/a/72", None),
        ("https://news.example/a/20260304", "https://news.example/en/b/20260304", None),
        ("https://news.example/ja/", "https://news.example/en/", None),
        (None, "https://news.example/en/a/71", None),
    ],
)
def test_addresses_that_differ_in_their_language_only_speak_for_a_pair(
    source: str | None, target: str | None, expected: float | None
) -> None:
    assert printed(page("ja", url=source), page("en", url=target))["url"] == expected


def test_the_english_byline_counts_where_there_is_no_credit() -> None:
    source = page("ja", byline=["佐藤健二"])
    with_credit = printed(source, page("en", credit=["Kenji Sato"], byline=["Mary Jones"]))
    without = printed(source, page("en", byline=["Kenji Sato"]))
    assert (with_credit["credit"], with_credit["byline"]) == (1.0, None)
    assert (without["credit"], without["byline"]) == (None, 1.0)


def test_links_go_either_way_by_address_or_id() -> None:
    sources = [page("ja", id="j1", url="https://n.example/1"), page("ja", id="j2", links=["e2"]), page("ja", id="j3")]
    targets = [page("en", id="e1", links=["https://n.example/1/"]), page("en", id="e2"), page("en", id="e3")]
    links = Links.between(sources, targets)
    assert (links.of(0, 0), links.of(1, 1)) == (1.0, 1.0)
    assert (links.of(0, 1), links.of(1, 0), links.of(2, 0), links.of(0, 2)) == (0.0, 0.0, 0.0, 0.0)
    assert links.of(2, 2) is None


def test_a_link_to_an_article_that_is_not_there_says_nothing() -> None:
    assert Links.between([page("ja", id="j")], [page("en", links=["https://n.example/9"])]).of(0, 0) is None
