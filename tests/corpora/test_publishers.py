"""Rules for one publisher: they decide where they speak, and change nothing where they find nothing."""

import contextlib
from pathlib import Path

import pytest

from corpora.errors import InputError, PageRejected
from corpora.page import read_article
from corpora.publishers import BUNDLED, Publisher, read_publishers
from corpora.records import Page

ONE = "The river rose by two meters on Friday night, and dozens of people fled their homes in Mito."
TWO = "The city opened three schools as shelters, and volunteers brought blankets and rice until dawn."
OTHER = "Our readers chose this story as the best of the year, and the editors would like to thank them all."
RULES = """
[[publisher]]
name = "Kitahama Nippo"
hosts = ["kitahama.example"]
signs = ['Kitahama Nippo, your paper']
title = [".kicker + h2"]
body = [".nowhere", "#story"]
drop = [".box"]
furniture = ['Read by \\d+ people\\.']
ends = ['More for you']
"""
HTML = f"""<html><link rel=canonical href="https://news.kitahama.example/a/1"><h1>Kitahama Nippo, news of the north</h1>
<p class=kicker>Weather</p><h2>Flood in Mito on Friday</h2><p>{OTHER}</p>
<div id=story><p>{ONE}</p><p class=box>{OTHER}</p><p>Read by 12 people.</p><p>{TWO}</p><p>More for you</p><p>{OTHER}</p>
</div><p>(By Haruto Mine, Mito Bureau)</p></html>"""
TEXT = "\n\n".join(
    [
        *("Flood in Mito on Friday", "Read by 12 people.", ONE, TWO),
        *("More for you", OTHER, "Kitahama Nippo, your paper"),
    ]
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.mark.parametrize(("kind", "text"), [("html", HTML), ("text", TEXT)])
def test_the_rules_of_its_publisher_say_what_belongs_to_an_article(rules: Path, kind: str, text: str) -> None:
    page = Page("a", kind, text)  # type: ignore[arg-type]
    article = read_article(page, publishers=read_publishers(str(rules)))
    assert article.title == "Flood in Mito on Friday"
    assert article.sentence_texts()[1:] == [ONE, TWO]
    if kind == "html":
        assert article.credit == ("Haruto Mine",)
    without = read_article(page)
    assert OTHER in without.sentence_texts()


def test_pages_of_others_are_read_by_the_general_rules(rules: Path) -> None:
    page = Page("a", "html", HTML.replace("kitahama.example", "kitahama.example.com"))
    assert read_article(page, publishers=read_publishers(str(rules))) == read_article(page)


def test_selectors_that_find_no_text_leave_the_page_to_the_general_rules(rules: Path) -> None:
    rules.write_text(RULES.replace('"#story"', '".kicker"'), encoding="utf-8")
    page = Page("a", "html", HTML)
    article = read_article(page, publishers=read_publishers(str(rules)))
    assert ONE in article.sentence_texts()


@pytest.mark.parametrize("selector", ["*", "html", "body", ":root"])
def test_a_rule_that_drops_the_whole_page_is_no_crash(rules: Path, selector: str) -> None:
    rules.write_text(RULES.replace('".box"', f'"{selector}"'), encoding="utf-8")
    publishers = read_publishers(str(rules))
    with contextlib.suppress(PageRejected):
        assert read_article(Page("a", "html", HTML), publishers=publishers).text


@pytest.mark.parametrize(
    ("url", "served"),
    [
        ("https://mainichi.jp/articles/1", True),
        ("http://WWW.Mainichi.JP/english/", True),
        ("https://notmainichi.jp/", False),
        ("https://mainichi.jp.example/", False),
        ("https://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_a_publisher_is_known_by_its_host(url: str | None, served: bool) -> None:
    assert Publisher("x", hosts=("mainichi.jp",)).serves(url) is served


def test_the_file_that_comes_along_is_whole_and_mainichi_is_its_first_entry() -> None:
    first = read_publishers()[0]
    assert "mainichi.jp" in first.hosts
    assert first.is_furniture("Please view the main text area of this page by skipping the main menu.")
    assert first.is_end("Also in The Mainichi")
    assert not first.is_furniture("The Mainichi reported on Friday that the river had risen.")
    assert BUNDLED.read_text(encoding="utf-8").startswith("#")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no publisher"),
        ("publisher = 3", "names no publisher"),
        ("[[publisher]]\nhosts = []", "has no name"),
        ('[[publisher]]\nname = "A"\nhost = ["a.example"]', "'host' is no rule"),
        ('[[publisher]]\nname = "A"\nhosts = "a.example"', "hosts must be a list"),
        ('[[publisher]]\nname = "A"\nends = ["("]', "no regular expression"),
        ('[[publisher]]\nname = "A"\nbody = ["p["]', "no CSS selector"),
        ("[[publisher", "is not TOML"),
    ],
)
def test_a_file_with_a_mistake_is_an_error_that_says_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        read_publishers(str(path))
    assert "mine.toml" in str(error.value)


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        read_publishers("nowhere.toml")
