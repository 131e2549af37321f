"""From pages to articles: the body whole, the furniture gone, offsets that hold, whatever the layout."""

import contextlib
import json
import textwrap
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import PageRejected, UsageError
from corpora.layout import canonical_url, clean_text, join_lines
from corpora.page import article_from_row, article_to_row, read_article, read_articles
from corpora.records import Article, Page, Reading, Reject
from corpora.rows import parse_fields, with_our_names

EN_TITLE = "Mito to reopen riverside library after flood repairs"
EN_BODY = (
    "MITO, Ibaraki -- Mito will reopen its riverside library on April 2, five months after a flood.",
    'Repairs cost 180 million yen (about $1.2 million). "We moved every shelf," said librarian Aki Sano, 41.',
    "About 12,000 books were thrown away. Volunteers dried 3,000 others page by page, according to the city.",
)
EN_CREDIT = "(Japanese original by Haruto Mine and Yui Toki, Mito Bureau; translated by Ann Lee)"
JA_TITLE = "川べりの図書館、来月再開　水戸　浸水から5カ月"
JA_BODY = (
    "水戸市は、昨年の洪水で浸水した川べりの図書館を4月2日に再開する。約5カ月ぶりとなる。",
    "修復には1億8000万円をかけた。司書の佐野亜紀さん（41）は「書架はすべて2階に移しました」と話す。",
    "市によると、約1万2000冊が廃棄された。「全部は救えなかった」",
)


def read(text: str, kind: str = "text") -> Article:
    return read_article(Page("page", "html" if kind == "html" else "text", text))


def body_of(article: Article) -> list[str]:
    return [article.text[p.start : p.end] for p in article.paragraphs if p.kind == "body"]


def check_offsets(article: Article) -> None:
    assert article.text == "\n\n".join(article.text[p.start : p.end] for p in article.paragraphs)
    for sentence in article.sentences:
        paragraph = article.paragraphs[sentence.paragraph]
        assert paragraph.start <= sentence.start < sentence.end <= paragraph.end
        assert article.text[sentence.start : sentence.end].strip() == article.text[sentence.start : sentence.end]


EN_PASTED = {
    "blank lines": "\n\n".join(
        [
            "Skip to main content",
            EN_TITLE,
            "March 5, 2026 (Kitahama Japan)",
            *EN_BODY,
            EN_CREDIT,
            "Also in Japan",
        ]
    ),
    "one a line": "\n".join(
        [
            "THE KITAHAMA | Home | Log in",
            EN_TITLE,
            "March 5, 2026",
            *EN_BODY,
            EN_CREDIT,
            "RELATED",
            "- Mito floods",
        ]
    ),
    "furniture inside": "\n\n".join(
        [
            *("Kitahama > Culture", EN_TITLE, "By Ann Lee", "2026/03/05 - 3 min read", "Share  Post  LINE"),
            "Books dry in the sun in Mito, Ibaraki Prefecture, in February 2026. (Kitahama/Haruto Mine)",
            *(
                EN_BODY[0],
                "Advertisement",
                *EN_BODY[1:],
                EN_CREDIT,
                "You have 2 free articles left this month.",
            ),
            *("Read next", "How to dry a book", "(C) The Kitahama Nippo. All rights reserved."),
        ]
    ),
}


@pytest.mark.parametrize("text", EN_PASTED.values(), ids=EN_PASTED.keys())
def test_pasted_english_gives_body_date_and_credit(text: str) -> None:
    article = read(text)
    assert (article.title, article.date, article.lang) == (EN_TITLE, "2026-03-05", "en")
    assert body_of(article) == list(EN_BODY)
    assert article.credit == ("Haruto Mine", "Yui Toki")
    assert article.department == "Mito Bureau"
    check_offsets(article)


JA_PASTED = {
    "blank lines": "\n\n".join(
        [
            JA_TITLE,
            "北浜日報　２０２６年３月４日　東京朝刊",
            *JA_BODY,
            "【峰岸陽斗】",
            "関連記事",
            "水戸で洪水",
        ]
    ),
    "indented, byline in the last paragraph": "\n".join(
        ["このページの本文へ移動します", "北浜日報", "", JA_TITLE, "", "2026年3月4日 05:00", ""]
        + [f"　{paragraph}" for paragraph in JA_BODY[:-1]]
        + [
            f"　{JA_BODY[-1]}（峰岸陽斗）",
            "",
            "本を干す職員＝水戸市で2026年2月、時田結衣撮影",
            "無断転載を禁じます",
        ]
    ),
    "caption in the body": "\n".join(
        [
            *(JA_TITLE, "2026年3月4日", JA_BODY[0], "拡大する", "本を干す職員＝水戸市で2026年2月9日"),
            *(*JA_BODY[1:], "（水戸支局　峰岸陽斗）", "この記事は会員限定です。"),
        ]
    ),
}


@pytest.mark.parametrize("text", JA_PASTED.values(), ids=JA_PASTED.keys())
def test_pasted_japanese_gives_body_date_and_byline(text: str) -> None:
    article = read(text)
    assert (article.title, article.date, article.lang) == (JA_TITLE, "2026-03-04", "ja")
    assert body_of(article) == list(JA_BODY)
    assert article.byline == ("峰岸陽斗",)
    check_offsets(article)


def test_date_is_none_when_only_sentences_and_captions_hold_one() -> None:
    caption = "A shelf is carried upstairs in Mito on Jan. 9, 2026. (Kitahama/Haruto Mine)"
    article = read("\n\n".join([EN_TITLE, caption, *EN_BODY, EN_CREDIT]))
    assert (article.date, article.date_guessed) == (None, False)


def test_date_far_above_the_title_is_marked_as_a_guess() -> None:
    article = read("\n\n".join(["March 9, 2026", "News", "Sports", "Weather", EN_TITLE, *EN_BODY]))
    assert (article.date, article.date_guessed) == ("2026-03-09", True)


def test_wrapped_lines_are_joined() -> None:
    article = read("\n\n".join([EN_TITLE, "March 5, 2026", *(textwrap.fill(text, 60) for text in EN_BODY)]))
    assert body_of(article) == list(EN_BODY)


def test_subheads_are_kept_apart_from_the_body() -> None:
    article = read("\n".join([JA_TITLE, JA_BODY[0], "◇2階へ移す", JA_BODY[1], "■残った本", JA_BODY[2], "【峰岸陽斗】"]))
    kinds = [(article.text[p.start : p.end], p.kind) for p in article.paragraphs if p.kind == "subhead"]
    assert kinds == [("◇2階へ移す", "subhead"), ("■残った本", "subhead")]


def test_story_about_cookies_and_copyright_is_not_taken_for_a_notice() -> None:
    title = "Copyright fight over cookie recipe ends in Mito"
    body = [
        "MITO -- A court in Mito ruled on March 3 that a bakery infringed the copyright of a cook.",
        '"We use cookies to tell our story," the baker joked. "But your privacy policy does not bake them."',
        "The baker said members may subscribe to the recipes. Both sides are expected to appeal soon.",
        "It will not be the last.",
    ]
    article = read("\n".join([title, *body]))
    assert (article.title, body_of(article)) == (title, body)


EN_FIRST = "The mayor said on Monday that it was the work of many people who had come from all over the region."


def as_html(lang: str, title: str, paragraphs: list[str]) -> str:
    marked = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html lang={lang}><title>{title}</title><h1>{title}</h1><div>{marked}</div>"


ENDINGS = [
    # what the last paragraph ends in, what is left of that, the credit, the date
    (" (By Haruto Mine and Yui Toki; translated by Ann Lee)", "", ("Haruto Mine", "Yui Toki"), None),
    (" (Japanese original by Haruto Mine (Mito Bureau))", "", ("Haruto Mine",), None),
    (" (Reporting by Haruto Mine)", "", ("Haruto Mine",), None),
    (" Translated by Ann Lee.", "", (), None),
    (" (Kyodo)", "", (), None),
    (" -- AP", "", (), None),
    (" (March 5, 2026)", "", (), "2026-03-05"),
    (" (See story on page 7)", " (See story on page 7)", (), None),
    (" Will they come back?", " Will they come back?", (), None),
    (" And then they waited…", " And then they waited…", (), None),
    (" More in the next issue", " More in the next issue", (), None),
]


@pytest.mark.parametrize("kind", ["text", "html"])
@pytest.mark.parametrize(("ending", "kept", "credit", "day"), ENDINGS)
def test_last_paragraph_stays_whatever_it_ends_in(
    kind: str, ending: str, kept: str, credit: tuple[str, ...], day: str | None
) -> None:
    paragraphs = [EN_FIRST, EN_BODY[1], EN_BODY[2] + ending]
    page = as_html("en", EN_TITLE, paragraphs) if kind == "html" else "\n\n".join([EN_TITLE, *paragraphs])
    article = read(page, kind)
    assert body_of(article) == [EN_FIRST, EN_BODY[1], EN_BODY[2] + kept]
    assert (article.credit, article.date) == (credit, day)


@pytest.mark.parametrize("kind", ["text", "html"])
@pytest.mark.parametrize(
    ("last", "kept"),
    [
        ("市は夏までに客足が戻るとみている。＝共同", "市は夏までに客足が戻るとみている。"),
        ("市は夏までに客足が戻るとみている。（3面に関連記事）", None),
        ("司書は「夏までに客足が戻る」と話す＝3面に関連記事", None),
        ("市は夏までに客足が戻るとみている。（悪天中止）", None),
        ("市は､夏までに客足が戻るとみている｡", None),
        ("夏までに客足が戻るかは、まだ誰にも分からないのではないか？", None),
        ("夏までに客足は戻るとみられるが、地下の書庫は……", None),
    ],
)
def test_last_japanese_paragraph_stays_whatever_it_ends_in(kind: str, last: str, kept: str | None) -> None:
    paragraphs = [*JA_BODY[:2], last]
    page = as_html("ja", JA_TITLE, paragraphs) if kind == "html" else "\n\n".join([JA_TITLE, *paragraphs])
    assert body_of(read(page, kind)) == [*JA_BODY[:2], kept or last]


def test_sentence_without_full_stop_stays_among_paragraphs_of_html() -> None:
    last = "The librarians hope to show the dried books to visitors before the summer holidays (see page 7)"
    assert body_of(read(as_html("en", EN_TITLE, [*EN_BODY, last]), "html")) == [*EN_BODY, last]


def test_paragraph_with_an_agency_behind_it_is_no_caption() -> None:
    paragraphs = [EN_BODY[0], "Readers stood in a long line in front of the old town hall. (Kyodo)", *EN_BODY[1:]]
    assert body_of(read(as_html("en", EN_TITLE, paragraphs), "html")) == paragraphs
    assert body_of(read("\n\n".join([EN_TITLE, *paragraphs]))) == paragraphs


def test_caption_with_an_agency_behind_it_stays_out() -> None:
    captions = [
        "Books dry in the sun in front of the library in Mito on Jan. 9, 2026. (Kyodo)",
        "Readers are seen in front of the library. The river flows behind them. (Kyodo)",
    ]
    assert body_of(read("\n\n".join([EN_TITLE, EN_BODY[0], *captions, *EN_BODY[1:]]))) == list(EN_BODY)


def test_brief_of_one_paragraph_is_an_article_though_a_date_ends_it() -> None:
    article = read(f"{EN_TITLE}\n\nMito said on Monday that it will raise library fees by 5 percent. (March 5, 2026)")
    assert body_of(article) == ["Mito said on Monday that it will raise library fees by 5 percent."]
    assert article.date == "2026-03-05"


@pytest.mark.parametrize("subhead", ["豪雨、交通まひ", "県議会、議案可決", "【停電続く】", "峰岸陽斗、時田結衣"])
@pytest.mark.parametrize("kind", ["text", "html"])
def test_short_phrases_between_paragraphs_are_a_subhead_and_end_nothing(kind: str, subhead: str) -> None:
    paragraphs = [JA_BODY[0], subhead, JA_BODY[1]]
    page = as_html("ja", JA_TITLE, paragraphs) if kind == "html" else "\n\n".join([JA_TITLE, *paragraphs])
    article = read(page, kind)
    assert [article.text[p.start : p.end] for p in article.paragraphs] == [JA_TITLE, *paragraphs]
    assert article.byline == ()


@pytest.mark.parametrize("title", ["県議会、議案可決", "豪雨、停電拡大"])
def test_headline_of_two_phrases_is_the_title_and_names_nobody(title: str) -> None:
    page = "\n\n".join(["東雲新聞ニュース", title, "峰岸陽斗　時田結衣", "2026年3月4日", *JA_BODY])
    article = read(page)
    assert (article.title, article.byline) == (title, ("峰岸陽斗", "時田結衣"))
    assert read(as_html("ja", title, list(JA_BODY)), "html").title == title


@pytest.mark.parametrize("head", [f"<h2>{JA_TITLE}</h2>", f"<font size=5><b>{JA_TITLE}</b></font><br><br>"])
@pytest.mark.parametrize("site", ["東雲新報WEB", "北浜放送ニュース", "The Kitahama Shimbun"])
def test_headline_on_the_page_beats_the_name_of_the_site(site: str, head: str) -> None:
    page = f"<html lang=ja><title>{site}</title><body>{head}" + "".join(f"<p>{text}</p>" for text in JA_BODY)
    assert read(page, "html").title == JA_TITLE


def test_source_line_of_a_feed_gives_the_date_and_no_title() -> None:
    source = "<div>東雲新聞デジタル / 地域 · 2026/3/4 07:10 · <a>☆</a> <a>後で読む</a></div>"
    body = "<br><br>".join(JA_BODY)
    article = read(f"<div>{source}<h2><a href=/1>{JA_TITLE}</a></h2><div>{body}</div></div>", "html")
    assert (article.title, article.date, body_of(article)) == (JA_TITLE, "2026-03-04", list(JA_BODY))


def test_wrapped_japanese_is_joined_without_spaces_and_apart_from_its_date_line() -> None:
    title = "川べりの図書館、来月再開　水戸　浸水から5カ月　書架は2階へ移す"
    wrapped = "\n".join("\n".join(textwrap.wrap(f"　{text}", 29, drop_whitespace=False)) for text in JA_BODY)
    article = read(f"{title}\n2026年3月4日 20時33分\n\n{wrapped}\n")
    assert (article.title, article.date, body_of(article)) == (title, "2026-03-04", list(JA_BODY))


def test_number_cut_by_the_wrap_is_one_number_again() -> None:
    assert join_lines("市によると約48", "0人が集まった。") == "市によると約480人が集まった。"
    assert join_lines("It rose by 48", "0 is no digit here.") == "It rose by 48 0 is no digit here."


def test_markdown_marks_are_no_text() -> None:
    article = read("\n\n".join([f"# {EN_TITLE}", "*By Ann Lee · March 5, 2026*", EN_FIRST, f"> {EN_BODY[1]}"]))
    assert (article.byline, article.date) == (("Ann Lee",), "2026-03-05")
    assert body_of(article) == [EN_FIRST, EN_BODY[1]]


def test_paragraphs_above_a_dateline_stay_and_a_line_of_summary_does_not() -> None:
    lead = [
        "The town woke to streets that had turned into canals, and to silence.",
        "For three days it had rained there.",
    ]
    story = "TOKYO -- The government said on Saturday that it would send soldiers and boats to the city."
    lead.append("The old people had begun to speak of the flood of 1947 again, of its boats and its dead.")
    for above, kept in ((lead, 4), (lead[:1], 1)):
        article = read_article(
            Page("a.txt", "text", "\n\n".join(["River floods Mito", "March 5, 2026", *above, story]))
        )
        assert len([p for p in article.paragraphs if p.kind == "body"]) == kept
    marked = "".join(f"<p>{text}</p>" for text in (lead[0], story, lead[1]))
    page = f"<html><body><article><h1>River floods Mito</h1>{marked}</article></body></html>"
    article = read_article(Page("a.html", "html", page))
    assert len([p for p in article.paragraphs if p.kind == "body"]) == 3


@pytest.mark.parametrize(
    ("date", "expected", "noted"),
    [
        ("soon", None, True),
        ("04/03/2026", None, True),
        ("N/A", None, False),
        ("", None, False),
        ("-", None, False),
        ("25/03/2026", "2026-03-25", False),
        (1772668800, "2026-03-05", False),
        (1772668800000, "2026-03-05", False),
    ],
)
def test_a_date_that_cannot_be_told_does_not_cost_the_article(date: object, expected: str | None, noted: bool) -> None:
    page = Page("a.csv:2", "row", fields={"lang": "en", "text": "It rained.", "date": date})
    article, *notes = read_articles(page)
    assert isinstance(article, Article)
    assert article.date == expected
    assert [note.reason for note in notes if isinstance(note, Reject)] == ["unread-date"] * noted


def test_dateline_with_a_year_dates_the_article() -> None:
    article = read(f"{EN_TITLE}\n\nMITO, March 5, 2026, Kitahama News - {EN_FIRST}")
    assert article.date == "2026-03-05"


def test_sentence_that_names_the_writer_of_the_original_is_a_credit() -> None:
    last = "This article was first published in Japanese by Kitahama Weekly and written by Haruto Mine, staff writer."
    article = read(as_html("en", EN_TITLE, [*EN_BODY[:2], f"{EN_BODY[2]} {last}"]), "html")
    assert (article.credit, body_of(article)) == (("Haruto Mine",), list(EN_BODY))


LD = json.dumps({"@type": "NewsArticle", "headline": EN_TITLE, "datePublished": "2026-03-05T06:00:00+09:00"})
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in EN_BODY)
EN_HTML = {
    "article with JSON-LD": f"""<html lang="en"><head><title>{EN_TITLE} - The Kitahama</title>
        <script type="application/ld+json">{LD}</script></head><body><nav><a href="/">Top</a></nav><article>
        <h1>{EN_TITLE}</h1><time datetime="2026-03-05">March 5</time>
        <figure><img><figcaption>Books dry in the sun.</figcaption></figure>{PARAGRAPHS}
        <p>{EN_CREDIT}</p></article>
        <aside><h2>Related</h2><p>The river rose again on Sunday, and the library was closed.</p></aside>
        <footer><p>Copyright The Kitahama Nippo</p></footer></body></html>""",
    "div soup with inline teaser": f"""<html><head><title>{EN_TITLE} | Culture | Kitahama</title>
        <meta property="article:published_time" content="2026-03-05T06:00:00+09:00"></head><body>
        <div class="cookie-banner"><p>We use cookies to give you the best experience on this site.</p></div>
        <div class="logo">The Kitahama</div><div class="headline">{EN_TITLE}</div><div class="txt">
        <div>{EN_BODY[0]}</div>
        <div class="inline-related"><span>Read more:</span> <a href="#">Mito floods</a></div>
        <div>{EN_BODY[1]}</div><div>{EN_BODY[2]}</div><div class="credit">{EN_CREDIT}</div></div>
        <div class="ranking"><ol><li>Most read story of the day</li></ol></div></body></html>""",
    "table and br": f"""<html><head><title>{EN_TITLE}</title></head><body>
        <table><tr><td>Home | Japan |
        World</td></tr></table><table><tr><td width=500><font size="5"><b>{EN_TITLE}</b></font><br>
        <font size="2">March 5, 2026</font><br><br>{"<br><br>".join(EN_BODY)}<br><br>{EN_CREDIT}</td>
        <td>Weather<br>Stocks</td></tr></table></body></html>""",
    "readers' comments below": f"""<html lang="en"><head><title>{EN_TITLE}</title>
        <script type="application/ld+json">{LD}</script></head><body><main><h1>{EN_TITLE}</h1>
        <div>{PARAGRAPHS}<p>{EN_CREDIT}</p></div></main>
        <div id="comments"><p>I am so glad that they saved the books, we all love it.</p></div></body>""",
    "unclosed tags": f"""<html><title>{EN_TITLE}</title><h1>{EN_TITLE}</h1><p>March 5, 2026
        <p>{"<p>".join(EN_BODY)}<p>{EN_CREDIT}""",
}


@pytest.mark.parametrize("text", EN_HTML.values(), ids=EN_HTML.keys())
def test_html_gives_the_whole_body_and_nothing_else(text: str) -> None:
    article = read(text, "html")
    assert (article.title, article.date, article.date_guessed) == (EN_TITLE, "2026-03-05", False)
    assert body_of(article) == list(EN_BODY)
    assert article.credit == ("Haruto Mine", "Yui Toki")
    check_offsets(article)


def test_html_entities_inline_tags_and_ruby_are_read_as_shown() -> None:
    page = (
        f"<html lang=ja><title>{JA_TITLE}</title><h1>{JA_TITLE}</h1><p>　{JA_BODY[0]}</p>"
        "<p>　司書の<ruby>佐野<rp>(</rp><rt>さの</rt><rp>)</rp></ruby>さんは"
        "&#12300;本は<b>生きて</b>いる&#12301;と話す。</p>"
        f"<p>　{JA_BODY[2]}【峰岸陽斗】</p>"
    )
    assert body_of(read(page, "html"))[1] == "司書の佐野さんは「本は生きている」と話す。"


def test_html_page_without_article_is_rejected() -> None:
    with pytest.raises(PageRejected) as error:
        read("<html><title>Log in</title><form><label>Mail <input></label><button>OK</button></form>", "html")
    assert error.value.reason == "no-article"


@pytest.mark.parametrize("depth", [300, 3_000])
def test_deeply_nested_html_raises_nothing_but_rejection(depth: int) -> None:
    page = f"<html><title>{EN_TITLE}</title>" + "<div>" * depth + PARAGRAPHS
    try:
        found = body_of(read(page, "html"))
    except PageRejected:
        found = []
    assert found == (list(EN_BODY) if depth < 1_000 else [])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["", "<p>", "<br>", "<table><td>", "</div>"]))
def test_any_text_gives_sound_offsets_or_a_rejection(text: str, tag: str) -> None:
    for page in (
        Page("p", "text", f"{text}\n\n{EN_BODY[0]}\n{text}"),
        Page("p", "html", f"<p>{EN_BODY[0]}{tag}{text}"),
    ):
        with contextlib.suppress(PageRejected):
            check_offsets(read_article(page, languages=None))


def test_other_languages_are_rejected_unless_wanted() -> None:
    french = "La bibliothèque rouvrira ses portes le 2 avril, cinq mois après la crue qui avait ravagé la ville. " * 4
    with pytest.raises(PageRejected, match="wanted: ja, en"):
        read(french)
    assert read_article(Page("p", "text", french), languages=None).lang == "fr"


def test_id_comes_from_the_url_and_not_from_the_path() -> None:
    one, two = (
        "<link rel=canonical href='https://k.example/a/1?utm_source=x'>",
        "<p>Extra words of the day.</p>",
    )
    first = read_article(Page("a.html", "html", f"<html>{one}<h1>{EN_TITLE}</h1>{PARAGRAPHS}"))
    second = read_article(Page("b.html", "html", f"<html>{one}<h1>{EN_TITLE}</h1>{PARAGRAPHS}{two}"))
    other = read_article(Page("a.html", "html", f"<html><h1>{EN_TITLE}</h1>{PARAGRAPHS}"))
    assert first.article_id == second.article_id != other.article_id
    assert len(first.article_id) == 16


def test_front_page_is_no_articles_address() -> None:
    assert canonical_url("https://k.example/") is None
    assert canonical_url("/a/1") is None
    assert canonical_url("https://k.example/?id=7") == "https://k.example?id=7"


def test_cleaning_composes_letters_and_drops_what_cannot_be_stored() -> None:
    assert clean_text("か\u3099\x00\ufeff\ud800。") == "が\ufffd。"
    assert clean_text("\ufa19\ufa11") == "\ufa19\ufa11"  # variant kanji of names stay


def test_offsets_of_a_text_that_was_changed_are_an_error() -> None:
    row = article_to_row(article_from_row({"lang": "en", "text": "It rained.\n\nIt poured. It blew."}, "a"))
    for changed in ("It has rained.\n\nIt poured. It blew.", "It rained.\n\nIt poured. It blew.\n\nIt stopped."):
        with pytest.raises(PageRejected, match="leave out") as error:
            article_from_row({**row, "text": changed}, "a")
        assert error.value.reason == "malformed"


def test_row_round_trip_keeps_the_article() -> None:
    article = read(EN_PASTED["blank lines"])
    row = json.loads(json.dumps(article_to_row(article)))
    assert article_from_row(row, article.path) == article


def test_row_needs_only_text_and_language() -> None:
    article = article_from_row({"id": "k1", "lang": "en", "text": "\n\n".join([EN_TITLE, *EN_BODY])}, "a:1")
    assert article.article_id == "k1"
    assert len(article.paragraphs) == 4
    check_offsets(article)


def test_row_with_sentence_strings_keeps_their_cuts() -> None:
    row = {"lang": "ja", "title": "再開", "paragraphs": [["雨。また", "雨だ。"], ["晴れた。"]]}
    article = article_from_row(row, "a:1")
    assert article.sentence_texts() == ["再開", "雨。また", "雨だ。", "晴れた。"]
    assert article.text == "再開\n\n雨。また雨だ。\n\n晴れた。"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"lang": "en"}, "there is no 'text' among 'lang'"),
        ({"lang": "en", "text": 5}, "found int"),
        ({"lang": "en", "text": "It rained.", "paragraphs": [{"start": 0, "end": 99}]}, "0-99, outside 0-10"),
        (
            {"lang": "en", "text": "It rained.", "paragraphs": [{"start": 0, "end": 10, "kind": "x"}]},
            "kind 'x'",
        ),
        (
            {
                "lang": "en",
                "text": "It rained.",
                "paragraphs": [{"start": 0, "end": 10}],
                "sentences": [{"start": 0, "end": 10, "paragraph": 1}],
            },
            "paragraph 1 of 1",
        ),
    ],
)
def test_row_that_contradicts_itself_is_rejected(row: dict[str, object], message: str) -> None:
    with pytest.raises(PageRejected, match=message) as error:
        article_from_row(row, "a.jsonl:3")
    assert error.value.reason == "malformed"
    assert "a.jsonl:3" in str(error.value)


def test_captions_and_readings_are_kept_beside_the_text() -> None:
    page = """<html lang=ja><h1>橋の点検始まる　築九十年の橋脚</h1><figure><img><figcaption>橋を調べる作業員＝水戸市で、
    峰岸陽斗撮影</figcaption></figure><p>橋の点検を<ruby>日<rp>（</rp><rt>ひ</rt><rp>）</rp>立<rt>たち</rt></ruby>市が始めた。
    作業は一年続く。</p><p>点検には<ruby>足場<rt>あしば</rt></ruby>を組む。費用は市と県が半分ずつ出すという。</p></html>"""
    article = read_article(Page("a.html", "html", page))
    assert article.captions == ("橋を調べる作業員＝水戸市で、峰岸陽斗撮影",)
    assert article.readings == (Reading("日立", "ひたち"), Reading("足場", "あしば"))
    assert "日立市が" in article.text
    assert "ひたち" not in article.text
    assert "峰岸" not in article.text


def test_captions_of_pasted_text_are_kept_apart() -> None:
    caption = "Workers check the bridge in Mito on March 5, 2026. (Kitahama/Haruto Mine)"
    body = "MITO -- The city began to check its oldest bridge on Friday, and the work will take a year."
    article = read_article(Page("a.txt", "text", f"City checks bridge\n\n{caption}\n\n{body}"))
    assert article.captions == (caption,)
    assert caption not in article.text


def test_fetch_time_captions_and_readings_survive_as_a_row() -> None:
    page = Page("a.html", "html", PAGE_WITH_EVERYTHING, url="https://n.example/a/1", fetched="2026-03-05T01:02:03Z")
    article = read_article(page)
    assert article.fetched == "2026-03-05T01:02:03Z"
    assert article.captions
    assert article.readings
    assert article_from_row(article_to_row(article), "a.html") == article


PAGE_WITH_EVERYTHING = """<html lang=ja><h1>橋の点検始まる　築九十年の橋脚</h1><figure>
<figcaption>橋を調べる作業員＝水戸市で</figcaption></figure><p>橋の点検を<ruby>日立<rt>ひたち</rt></ruby>市が始めた。作業は一年続く見通しだ。</p></html>"""


@pytest.mark.parametrize("captions", ["one", [1], [None]])
def test_captions_of_a_row_must_be_strings(captions: object) -> None:
    with pytest.raises(PageRejected, match="captions"):
        article_from_row({"lang": "en", "text": "It rained.", "captions": captions}, "a.jsonl:1")


@pytest.mark.parametrize("readings", [["x"], [{"text": "a"}], "x"])
def test_readings_of_a_row_must_be_pairs(readings: object) -> None:
    with pytest.raises(PageRejected, match="readings"):
        article_from_row({"lang": "en", "text": "It rained.", "readings": readings}, "a.jsonl:1")


def test_columns_by_other_names_are_read_as_ours() -> None:
    row = {"headline": "Flood", "body": "It rained.", "text": "menu", "lang": "en"}
    ours = with_our_names(row, parse_fields("title=headline,text=body"))
    assert ours == {"headline": "Flood", "body": "It rained.", "title": "Flood", "text": "It rained.", "lang": "en"}
    assert with_our_names({"text": "menu"}, {"text": "body"}) == {}  # a menu is not the body that was asked for


@pytest.mark.parametrize("fields", ["title", "title=", "headline=title", "", "text=a,,b=c", "text=a,text=b"])
def test_a_mapping_of_columns_that_says_nothing_is_an_error(fields: str) -> None:
    with pytest.raises(UsageError, match="--fields"):
        parse_fields(fields)


RUNNING = "The river rose by two meters on Friday night, and dozens of people fled their homes in Mito."


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<table><tr><td>"])
def test_a_page_of_nested_tags_is_rejected_at_once(tag: str) -> None:
    page = f"<html><h1>Flood in Mito</h1><p>{RUNNING}</p>{tag * 100_000}<p>{RUNNING}</p>"
    with pytest.raises(PageRejected, match="Excessive depth") as error:
        read_article(Page("a.html", "html", page))
    assert error.value.reason == "malformed"


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_page_with_more_text_than_any_article_is_rejected(kind: Literal["html", "text"]) -> None:
    line = f"<p>{RUNNING}</p>" if kind == "html" else f"{RUNNING}\n\n"
    text = ("<html><h1>Flood</h1>" if kind == "html" else "Flood\n\n") + line * (50 * 1024 * 1024 // len(line))
    with pytest.raises(PageRejected, match="characters of text") as error:
        read_article(Page("a", kind, text))
    assert error.value.reason == "too-large"


def test_scripts_comments_and_pictures_inside_a_page_are_not_its_text() -> None:
    huge = "var a = 1; " * 300_000
    attributes = " ".join(f"a{number}=1" for number in range(100_000))
    picture = f'<img src="data:image/png;base64,{"QUJD" * 100_000}">'
    page = f"""<html><h1>Flood in Mito on Friday</h1><script>{huge}</script><!-- {huge} -->
    <p {attributes}>{RUNNING}</p>{picture}<p>{RUNNING} It is over.</p></html>"""
    article = read_article(Page("a.html", "html", page))
    assert article.sentence_texts()[1:] == [RUNNING, RUNNING, "It is over."]
