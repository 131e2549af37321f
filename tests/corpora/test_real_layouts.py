"""Layouts that pages of newspapers and blogs have beside the story, each as small as it can be."""

import pytest

from corpora.credit import parse_byline, parse_byline_ja, parse_credit
from corpora.page import read_article
from corpora.records import Article, Page
from corpora.segment import looks_wrapped, split

ONE = "The river rose by two meters on Friday night, and dozens of people fled their homes in Mito."
TWO = "The city opened three schools as shelters, and volunteers brought blankets and rice until dawn."
JA_ONE = "川があふれ、水戸市では千人が避難した。けが人はいないという。"
JA_TWO = "市は三つの学校を開放した。住民らは毛布と米を持ち寄り、夜明けまで過ごした。"


def html(body: str, title: str = "Flood in Mito on Friday") -> Article:
    return read_article(Page("a.html", "html", f"<html><title>{title} | Kitahama</title><h1>{title}</h1>{body}</html>"))


def pasted(*lines: str) -> Article:
    return read_article(Page("a.txt", "text", "\n".join(lines)))


def body(article: Article) -> list[str]:
    return [article.text[p.start : p.end] for p in article.paragraphs if p.kind != "title"]


def card(number: int) -> str:
    return (
        f"<div><h3>Storm {number} hits the coast</h3><p>It rained in {number} towns, and trains stood still.</p></div>"
    )


def test_cards_of_other_stories_are_left_out_even_where_the_story_is_shorter() -> None:
    story = f"<div class=story><p>{ONE}</p><p>{TWO}</p></div>"
    cards = f"<div class=more><h2>World</h2>{''.join(map(card, range(6)))}</div>"
    assert body(html(story + cards)) == [ONE, TWO]


def test_sections_of_a_story_are_not_cards() -> None:
    sections = "".join(f"<section><h2>Part {n}</h2><p>{ONE} {n}.</p><p>{TWO}</p></section>" for n in "123")
    paragraphs = body(html(sections))
    assert [text for text in paragraphs if text.startswith("The river")] == [f"{ONE} {n}." for n in "123"]
    assert "Part 2" in paragraphs


def test_a_marked_subhead_above_the_first_paragraph_belongs_to_the_story() -> None:
    title = "川が氾濫、千人避難　水戸"
    page = f"<div><p>◇深夜の避難</p><p>{JA_ONE}</p><p>◇学校を開放</p><p>{JA_TWO}</p></div>"
    assert body(html(page, title)) == ["◇深夜の避難", JA_ONE, "◇学校を開放", JA_TWO]
    apart = f"<div><p>◇連載</p></div><div><p>{JA_ONE}</p><p>{JA_TWO}</p></div>"
    assert body(html(apart, title)) == [JA_ONE, JA_TWO]


@pytest.mark.parametrize("name", ["pullquote", "bio", "photo-gallery", "card newsletter"])
def test_boxes_between_paragraphs_are_left_out(name: str) -> None:
    page = f"<main><p>{ONE}</p><div class='{name}'><p>A box says something of its own here, and ends it too.</p></div>"
    assert body(html(f"{page}<p>{TWO}</p></main>")) == [ONE, TWO]


def test_a_name_of_a_box_on_the_whole_page_says_nothing_about_what_is_inside() -> None:
    page = f"<div class=card><p>{ONE}</p><div class=related><p>Read how the mayor won his third term in May.</p></div>"
    assert body(html(f"{page}<p>{TWO}</p></div>")) == [ONE, TWO]


def test_tables_of_figures_are_left_out_and_tables_that_lay_out_a_page_are_not() -> None:
    standings = "".join(f"<tr><td>Team {n}</td><td>{n}</td><td>{n * 3}</td></tr>" for n in range(5))
    story = f"<table><tr><td>Menu</td><td><p>{ONE}</p><p>{TWO}</p><table>{standings}</table></td></tr></table>"
    assert body(html(story)) == [ONE, TWO]


def test_the_only_heading_is_the_title_however_short() -> None:
    page = f"<html><title>Sunday essay: Screws by Suzu Mikumo | Kitahama</title><h1>Screws</h1><p>{ONE}</p><p>{TWO}</p>"
    assert read_article(Page("a.html", "html", page)).title == "Screws"


def test_a_blog_names_its_author_in_a_line_with_the_date() -> None:
    meta = "<div class=entry-meta>Posted on <a>March 5, 2026</a> <span class=byline>by <span class='author vcard'>"
    meta += "<a rel=author>Haruto Mine</a></span></span> <a>3 Comments</a></div>"
    comments = (
        "<div class=comment><span class='comment-author'>Yui Toki</span><p>I was there, and it was dark.</p></div>"
    )
    assert html(f"{meta}<p>{ONE}</p><p>{TWO}</p>{comments}").byline == ("Haruto Mine",)


def test_comments_end_a_pasted_story_however_long_they_are() -> None:
    comments = [f"I have lived here for {n} years, and nobody told us. It is the same each time." for n in range(9)]
    article = pasted("Flood in Mito on Friday", "March 5, 2026", ONE, TWO, "9 COMMENTS", *comments)
    assert body(article) == [ONE, TWO]


def test_a_picture_with_its_caption_in_a_box_is_no_paragraph() -> None:
    box = "<div class=inner><img src=a.jpg><p>A boat is tied to the school gate.</p></div>"
    article = html(f"<div><p>{ONE}</p>{box}<p>{TWO}</p><p>{ONE} Again.</p><p>{TWO} Again.</p></div>")
    assert body(article) == [ONE, TWO, f"{ONE} Again.", f"{TWO} Again."]
    lead = f"<div><img src=a.jpg><p>{ONE}</p><p>{TWO}</p></div>"  # a story with a picture in its box
    assert body(html(lead)) == [ONE, TWO]


def test_who_the_writer_is_ends_no_story() -> None:
    bio = "Yui Toki is a writer based in Mito."
    assert body(pasted("Flood in Mito on Friday", "March 5, 2026", ONE, TWO, bio)) == [ONE, TWO]


@pytest.mark.parametrize(
    ("line", "names"), [("峰岸陽斗", ("峰岸陽斗",)), ("最新公開", ()), ("北浜新報", ()), ("東京朝刊", ())]
)
def test_a_name_before_the_date_is_the_writer_and_other_words_are_not(line: str, names: tuple[str, ...]) -> None:
    dated = f"<p><span>{line}</span> <span>2026年3月5日 19時05分</span></p><p>{JA_ONE}</p><p>{JA_TWO}</p>"
    article = html(dated, "川が氾濫、千人避難　水戸")
    assert (article.byline, article.date) == (names, "2026-03-05")


@pytest.mark.parametrize("line", ["【動画】川の水位", "【PR】毛布の選び方", "アプリなら速報を通知でお届けします。"])
def test_notices_between_japanese_paragraphs_are_furniture(line: str) -> None:
    assert body(pasted("川が氾濫　水戸で千人避難", "2026年3月4日", JA_ONE, line, JA_TWO)) == [JA_ONE, JA_TWO]


def test_the_title_is_neither_a_caption_nor_the_paper() -> None:
    caption = "写真・図版川の水位を見守る人たち。奥は避難所となった小学校（画像を一部加工しています）"
    first = pasted("川が氾濫、千人避難", "有料記事", "峰岸陽斗　時田結衣2026年7月2日 16時00分", caption, JA_ONE, JA_TWO)
    assert (first.title, first.date) == ("川が氾濫、千人避難", "2026-07-02")
    assert first.byline == ("峰岸陽斗", "時田結衣")
    second = pasted(
        "北浜新報電子版", "トップ ｜ 社会 ｜ 文化", "〈川辺〉お互いさまの水", "2026年7月2日", JA_ONE, JA_TWO
    )
    assert (second.title, body(second)) == ("〈川辺〉お互いさまの水", [JA_ONE, JA_TWO])


@pytest.mark.parametrize(
    ("line", "names", "department"),
    [
        ("(Japanese original by Yui Toki, Mito Bureau. Translated by Ann Lee.)", ("Yui Toki",), "Mito Bureau"),
        ("(Originally written in Japanese by Yui Toki)", ("Yui Toki",), None),
        ("(By Yui Toki, Mito City News Department. Translated by Ann Lee)", ("Yui Toki",), "Mito City News Department"),
        (
            "(Originally published in Japanese. Interview and text by Yui Toki. Banner photo © Ann Lee.)",
            ("Yui Toki",),
            None,
        ),
        ("(Originally published in Japanese. Banner photo © Ann Lee.)", (), None),
        ("This article was originally written in Japanese by Yui Toki", ("Yui Toki",), None),
        ("This story is based on reporting by Yui Toki, translated by Ann Lee.", ("Yui Toki",), None),
        ("Reporting by Yui Toki; editing by Ann Lee", ("Yui Toki",), None),
        ("(Japanese original by Jan van der Meer)", ("Jan van der Meer",), None),
        ("(Japanese original by Yui Toki, Editorial Writer)", ("Yui Toki",), None),
    ],
)
def test_forms_of_credits(line: str, names: tuple[str, ...], department: str | None) -> None:
    credit = parse_credit(line)
    assert credit is not None
    assert (credit.names, credit.department) == (names, department)


def test_forms_of_bylines() -> None:
    english = parse_byline("Story by Yui Toki. Photographs by Ann Lee.")
    assert english is not None
    assert english.names == ("Yui Toki",)
    forms = {
        "峰岸陽斗／社会部": (("峰岸陽斗",), "社会部"),
        "聞き手・峰岸陽斗　写真・時田結衣": (("峰岸陽斗",), None),
        "写真・時田結衣　文・峰岸陽斗": (("峰岸陽斗",), None),
        "文／峰岸のぞみ　写真／時田結衣": (("峰岸のぞみ",), None),
        "＝社会部・峰岸あおい": (("峰岸あおい",), "社会部"),
        "（記者：峰岸陽斗）": (("峰岸陽斗",), None),
        "（客員論説委員　峰岸陽斗）": (("峰岸陽斗",), None),
        "〔峰岸陽斗〕": (("峰岸陽斗",), None),
        "随筆家・峰岸鈴子": (("峰岸鈴子",), None),
    }
    for line, (names, department) in forms.items():
        byline = parse_byline_ja(line, placed=True)
        assert byline is not None, line
        assert (byline.names, byline.department) == (names, department), line


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("「聞いていない。」「足りない。」との声が出た。", ["「聞いていない。」「足りない。」との声が出た。"]),
        ("「寒い。」「帰ろう。」二人は笑った。", ["「寒い。」", "「帰ろう。」", "二人は笑った。"]),
        ("誰のための橋か？と住民は問う。", ["誰のための橋か？と住民は問う。"]),
        ("本当か？とにかく急いだ。", ["本当か？", "とにかく急いだ。"]),
        ("ゲスの極み乙女。やモーニング娘。も出た。", ["ゲスの極み乙女。やモーニング娘。も出た。"]),
    ],
)
def test_sentences_with_marks_inside(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split(text, "ja")] == sentences


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("男は「金に困って\nいた。反省する」と\n話した。", True),
        (
            "町の図書館が、閉館の時刻を二時間延ばし\nて午後九時までとする取り組みを始めた。\n「平日は行けない」という声がある。",
            True,
        ),
        ("台風は夜に上陸した。\n風は秒速４２\nメートルに達し、街路樹が\n倒れた。", True),
        ("川が氾濫　水戸で千人避難\n川があふれた。\n◇学校を開放\n住民は逃げた。", False),
        ("・橋の点検\n・道の舗装\n・川の掃除", False),
    ],
)
def test_wrapped_japanese_is_told_from_lines_that_stand_alone(text: str, wrapped: bool) -> None:
    assert looks_wrapped(text, "ja") is wrapped
