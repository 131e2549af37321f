"""What news pages print around their stories: decks, boxes, appeals, closing lists, photographers' names."""

import pytest

from corpora.page import read_article
from corpora.records import Article, Page

ONE = "The river rose by two meters on Friday night, and dozens of people fled their homes in Mito."
TWO = "The city opened three schools as shelters, and volunteers brought blankets and rice until dawn."
THREE = "Nobody was hurt, the fire department said, but some 40 houses near the old bridge stand in water."
STORY = (ONE, TWO, THREE)
JA_ONE = "川があふれ、水戸市では千人が避難した。けが人はいないという。"
JA_TWO = "市は三つの学校を開放した。住民らは毛布と米を持ち寄り、夜明けまで過ごした。"
JA_THREE = "古い橋の近くでは、約四十軒がまだ水につかっている。市は午後に調べを始める。"
JA_STORY = (JA_ONE, JA_TWO, JA_THREE)
TITLE, JA_TITLE = "Flood in Mito on Friday", "川が氾濫、千人避難　水戸"


def html(body: str, title: str = TITLE) -> Article:
    return read_article(Page("a.html", "html", f"<html><title>{title} | Kitahama</title><h1>{title}</h1>{body}</html>"))


def pasted(*lines: str) -> Article:
    return read_article(Page("a.txt", "text", "\n".join(lines)))


def body(article: Article) -> list[str]:
    return [article.text[p.start : p.end] for p in article.paragraphs if p.kind != "title"]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


DECK = "A night of rain fills the streets. The city asks for help, and for boats."


@pytest.mark.parametrize(
    "below",
    [
        ("March 5, 2026",),
        ("By Haruto Mine", "March 5, 2026"),
        ("Haruto Mine", "Science correspondent", "6 March 2026"),
        ("Share full article", "Comments 4"),
    ],
)
def test_a_line_or_two_between_headline_and_date_are_no_body(below: tuple[str, ...]) -> None:
    article = pasted(TITLE, DECK, *below, *STORY)
    assert article.title == TITLE
    assert body(article) == [*STORY]


def test_the_first_paragraph_stays_where_an_advertisement_or_a_byline_at_its_end_follows() -> None:
    assert body(pasted(TITLE, "March 5, 2026", ONE, "Advertisement", TWO, THREE)) == [*STORY]
    assert body(pasted(TITLE, "March 5, 2026", ONE, TWO, "Share", "Print", *STORY)) == [ONE, TWO, *STORY]
    page = f"<p>{JA_ONE}【峰岸陽斗】</p>{paragraphs(JA_TWO, JA_THREE)}"
    assert body(html(page, JA_TITLE)) == [*JA_STORY]
    lead = pasted(JA_TITLE, "2026年3月5日", JA_ONE, "【峰岸陽斗】", JA_TWO, JA_THREE)
    assert body(lead) == [*JA_STORY]


def test_a_summary_of_several_sentences_is_not_taken_for_the_headline() -> None:
    summary = "A small office finds boats at 2 a.m. It is running out of people, and money"
    assert pasted("Night of the boats", summary, "March 5, 2026", *STORY).title == "Night of the boats"


@pytest.mark.parametrize(
    ("tag", "name", "inside"),
    [
        ("div", "profile", "<p>Born in Mito in 1961, she writes about rivers and those who live on them.</p>"),
        ("div", "listing", "<p>The exhibition is open until March 9 at the city museum, and costs 500 yen.</p>"),
        ("section", "more", "<h2>Enjoyed this?</h2><p>We have no owner. A coffee a month keeps it that way.</p>"),
    ],
)
def test_small_boxes_below_the_body_are_left_out(tag: str, name: str, inside: str) -> None:
    page = f"<main><div class='story'>{paragraphs(*STORY)}</div><{tag} class='{name}'>{inside}</{tag}></main>"
    assert body(html(page)) == [*STORY]


def test_a_box_with_a_heading_above_the_body_is_left_out_and_a_lead_is_not() -> None:
    box = "<div class='who'><h4>Yui Toki</h4><p>Architect. Born in Mito in 1971, she has built three bridges.</p></div>"
    story = f"<div class='story'>{paragraphs(*STORY, *STORY)}</div>"
    assert body(html(f"<main>{box}{story}</main>")) == [*STORY, *STORY]
    lead = f"<div class='story lead'><p>{ONE}</p></div><div class='story'>{paragraphs(TWO, THREE, TWO[::-1])}</div>"
    assert body(html(f"<main>{lead}</main>"))[0] == ONE


def test_the_end_of_a_story_in_a_box_of_a_like_name_stays() -> None:
    end = "The mayor said on Sunday that the city would ask the government for help with the old bridge."
    first = f"<div class='story-body'>{paragraphs(*STORY, *STORY)}</div>"
    assert body(html(f"<main>{first}<div class='story-body-more'><p>{end}</p></div></main>"))[-1] == end


def test_a_story_in_several_boxes_named_alike_is_whole() -> None:
    boxes = "".join(f"<div class='text-block'><p>{text}</p></div>" for text in STORY)
    assert body(html(f"<main>{boxes}</main>")) == [*STORY]


@pytest.mark.parametrize("tag", ["em", "i"])
def test_closing_notes_in_italics_are_left_out_and_words_in_italics_are_not(tag: str) -> None:
    note = f"<p><{tag}>Haruto Mine has lived beside the river for thirty years and writes a column.</{tag}></p>"
    stressed = f"<p>It was <{tag}>the</{tag}> flood, and the people who saw it speak of nothing else.</p>"
    assert len(body(html(paragraphs(*STORY) + stressed + note))) == 4
    first = f"<p><{tag}>This is the first of two stories about the river and the people beside it.</{tag}></p>"
    assert len(body(html(first + paragraphs(*STORY)))) == 4


@pytest.mark.parametrize(
    "line",
    [
        "Correction: An earlier version of this story gave the wrong day for the flood.",
        "Follow Kitahama News on Facebook, on X, or on Instagram.",
        "Send your story ideas to news@kitahama.example.",
        "Sign up to the Friday letter",
        "A weekly newsletter with our best stories",
        "A version of this article appears in print on March 6, on page 3.",
        "Ken Ito in Tokyo contributed to this report.",
        "Listen to this article · 7:41 min",
        "Letters should be no more than 250 words.",
        "24",
        "___",
    ],
)
def test_notices_between_paragraphs_are_left_out(line: str) -> None:
    assert body(pasted(TITLE, "March 5, 2026", ONE, line, TWO, THREE)) == [*STORY]
    assert body(pasted(TITLE, "March 5, 2026", ONE, TWO, THREE, line)) == [*STORY]


@pytest.mark.parametrize(
    "line",
    [
        "訂正：初出時、避難した人の数に誤りがありました。",
        "有料会員になると会員限定の有料記事もお読みいただけます。",
        "許可なく転載することを禁じます。このページは受信料で制作しています。",
        "「川の窓」の最新記事をメールでお届けします。",
    ],
)
def test_japanese_notices_between_paragraphs_are_left_out(line: str) -> None:
    assert body(pasted(JA_TITLE, "2026年3月5日", JA_ONE, line, JA_TWO, JA_THREE)) == [*JA_STORY]


def test_a_list_of_other_stories_in_the_middle_is_left_out() -> None:
    listed = ("Editors’ Picks", "What your coat hook says about you", "36 hours in Mito")
    assert body(pasted(TITLE, "March 5, 2026", ONE, *listed, TWO, THREE)) == [*STORY]


def test_sentences_by_ones_among_the_lines_below_the_story_are_left_out() -> None:
    closing = (
        "Read all stories",
        "Register",
        "Log in",
        "Comments are those of their writers, and not the paper's own.",
    )
    expert = ("Yui Toki", "Kitahama Institute", "Short comment", "The water may be of use to the farmers upstream.")
    assert body(pasted(TITLE, "March 5, 2026", *STORY * 3, *closing, *expert, "39"))[-1] == THREE


@pytest.mark.parametrize("credit", ["Ann Lee for Strand Magazine", "KITAHAMA ARCHIVE", "Photo: Ann Lee"])
def test_a_photographers_name_makes_the_line_above_a_caption_if_it_is_no_sentence(credit: str) -> None:
    caption = "Two men row past the town hall, which has stood there since 1931"
    assert body(pasted(TITLE, "March 5, 2026", caption, credit, *STORY)) == [*STORY]
    assert body(pasted(TITLE, "March 5, 2026", ONE, caption, credit, TWO, THREE)) == [*STORY]
    for at in (1, 2):  # of a picture without a caption
        assert body(pasted(TITLE, "March 5, 2026", *STORY[:at], credit, *STORY[at:])) == [*STORY]


def test_an_agencys_name_stands_above_its_caption_and_takes_no_paragraph() -> None:
    caption = "Two men row past the town hall on Friday"
    assert body(pasted(TITLE, "March 5, 2026", "Getty Images", caption, *STORY)) == [*STORY]
    assert body(pasted(TITLE, "March 5, 2026", ONE, "Getty Images", caption, TWO, THREE)) == [*STORY]
    assert body(pasted(TITLE, "March 5, 2026", ONE, "Reuters", TWO, THREE)) == [*STORY]


def test_where_paragraphs_are_indented_sentences_below_that_are_not_are_no_body() -> None:
    story = [f"　{text}" for text in JA_STORY]
    short = "　水が来た。"
    lines = pasted(
        JA_TITLE, "2026年3月5日", short, *story, "前の記事", "川の書き写しノートを販売しています。詳しくは店へ。"
    )
    assert body(lines) == ["水が来た。", *JA_STORY]
    between = "一、水につかった家は調べを待つこと。二、水は煮て飲むこと。"
    assert between in body(pasted(JA_TITLE, "2026年3月5日", *story, between, story[0]))
    speech = "「怖かった」と住民は話した。夜通し雨の音がしたという。"
    assert speech in body(pasted(JA_TITLE, "2026年3月5日", *story, speech, story[0]))


def test_a_marked_line_above_the_first_pasted_paragraph_belongs_to_the_story() -> None:
    article = pasted(JA_TITLE, "2026年3月5日", "◇水戸国際マラソン（5日、42・195キロ）", *JA_STORY)
    assert body(article) == ["◇水戸国際マラソン（5日、42・195キロ）", *JA_STORY]


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<div data-testid='byline-contributors'><span>Haruto Mine</span><span>NBS News, Mito</span></div>", 1),
        (
            "<aside><address><a rel='author'>Haruto Mine</a> in Ito and <a rel='author'>Yui Toki</a></address></aside>",
            2,
        ),
        ("<p class='byline'>By <a>Haruto Mine</a> and <a>Yui Toki</a></p>", 2),
    ],
)
def test_bylines_are_read_however_they_are_marked(markup: str, names: int) -> None:
    assert html(markup + paragraphs(*STORY)).byline == ("Haruto Mine", "Yui Toki")[:names]


@pytest.mark.parametrize(
    "dateline", ["【ワシントン峰岸陽斗】", "【ローマ（イタリア）＝峰岸陽斗】", "【北京・峰岸陽斗】"]
)
def test_the_writer_in_a_dateline_is_read_and_the_dateline_stays(dateline: str) -> None:
    article = pasted(JA_TITLE, "2026年3月5日", dateline + JA_ONE, JA_TWO, JA_THREE)
    assert article.byline == ("峰岸陽斗",)
    assert body(article)[0] == dateline + JA_ONE
    assert pasted(JA_TITLE, "2026年3月5日", "【ソウル共同】" + JA_ONE, JA_TWO).byline == ()


def test_the_day_of_an_update_is_a_guess_where_there_is_no_other() -> None:
    article = pasted(TITLE, "Updated 4:15 PM, March 5, 2026", *STORY)
    assert (article.date, article.updated, article.date_guessed) == ("2026-03-05", "2026-03-05", True)


@pytest.mark.parametrize("tail", ["The city will build more. Work starts in May.", "It cost 300 million yen."])
@pytest.mark.parametrize("heading", ["<h2>Next steps</h2>", "<h3>Costs</h3>", "<h2>Home and away</h2>"])
def test_a_short_last_section_stays_with_its_subhead(heading: str, tail: str) -> None:
    kept = body(html(f"<div>{paragraphs(*STORY)}{heading}<p>{tail}</p></div>"))
    assert kept[-2:] == [heading[4:-5], tail]


def test_a_pull_quote_is_left_out_and_what_it_repeats_stays() -> None:
    said = "“We moved every shelf to the second floor, and then the rain stopped,” said Aki Sano, 41, a librarian."
    pulled = "“We moved every shelf to the second floor, and then the rain stopped”"
    assert body(pasted(TITLE, "March 5, 2026", ONE, said, pulled, TWO, THREE)) == [ONE, said, TWO, THREE]


@pytest.mark.parametrize(
    "caption",
    [
        "Two men row past the town hall on Friday. Photograph: Ann Lee/The Beacon",
        "Two men row past the town hall on Friday. PHOTO: ANN LEE, KITAHAMA",
        "Two men row past the town hall on Friday, March 5, 2026. Ann Lee / Maple River Courier",
        "[1/2] Two men row past the town hall on Friday, and a third one looks on from the bridge.",
        "Two men row past the town hall on Friday. (Kitahama West: Ann Lee)",
        "A boat in front of the town hall in Mito | ANN LEE",
    ],
)
def test_captions_are_told_by_their_credits(caption: str) -> None:
    assert body(pasted(TITLE, "March 5, 2026", ONE, caption, TWO, THREE)) == [*STORY]
    assert pasted(TITLE, caption, "March 5, 2026", *STORY).title == TITLE


def test_a_row_of_sections_is_no_headline() -> None:
    menu = "Latest Japan World Business Features Opinion Editorial Japanese"
    assert pasted(menu, "River floods Mito", "March 5, 2026", *STORY).title == "River floods Mito"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Yui Toki Environment correspondent", "Yui Toki"),
        ("Yui Toki, Kitahama Senior Writer", "Yui Toki"),
        ("Senior Political Correspondent", None),
    ],
)
def test_a_name_beside_a_role_is_the_writer(line: str, name: str | None) -> None:
    assert pasted(TITLE, line, "March 5, 2026", *STORY).byline == ((name,) if name else ())


def test_a_place_alone_in_a_dateline_is_no_writer() -> None:
    article = pasted(JA_TITLE, "2026年3月5日", "【厚別浦】" + JA_ONE, JA_TWO, JA_THREE + "（峰岸葉月）")
    assert article.byline == ("峰岸葉月",)


@pytest.mark.parametrize("title", ["台風10号 九州に接近 厳重警戒 交通に影響も", "川が氾濫 千人避難 学校を開放 水戸"])
def test_a_headline_of_short_phrases_is_no_menu(title: str) -> None:
    assert pasted("速報 朝刊 夕刊 連載 ランキング コメントプラス", title, "2026年3月5日", *JA_STORY).title == title


@pytest.mark.parametrize("line", ["「…………」", "「！？」"])
def test_speech_without_words_stays(line: str) -> None:
    assert line in body(pasted(JA_TITLE, "2026年3月5日", JA_ONE, line, JA_TWO, JA_THREE))


def test_a_headline_of_capitals_above_the_date_is_no_writer() -> None:
    assert pasted("Top | Japan", "Flood Hits Mito", "March 5, 2026", *STORY).byline == ()
    assert pasted("Typhoon Nears Kyushu Island", "Haruto Mine", "March 5, 2026", *STORY).byline == ("Haruto Mine",)
    assert html(f"<p>March 5, 2026</p>{paragraphs(*STORY)}", "Flood Hits Mito").byline == ()
    powered = "<div class='powered-by'>WordPress VIP</div>"
    assert html(powered + paragraphs(*STORY)).byline == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The daily briefing by the chief cabinet secretary was called off on Monday.",
        "Like the other passengers on Line 2, he waited for the water to go down.",
        "Letters may take a week longer to arrive, the post office said.",
        "Police could not reach him at home or at the inn on Friday.",
        "Residents have a complaint about the noise of the pumps, which never stop.",
        "In the park the unauthorized use of boats is prohibited by a rule of 1961.",
        "Follow the river on foot and you will come to the old bridge.",
        "The story continues with the mayor, who left the town hall in a boat.",
        "3 of 10 people in the town were without power until Sunday, the company said.",
        "Damage will come to 12 million yen, the city has found. (Source: Mito City)",
    ],
)
def test_sentences_of_a_story_that_sound_like_notices_stay(sentence: str) -> None:
    assert body(pasted(TITLE, "March 5, 2026", ONE, sentence, TWO, THREE)) == [ONE, sentence, TWO, THREE]


@pytest.mark.parametrize(
    "sentence",
    [
        "市への寄付は税控除の対象となる。市は来月から受け付ける。",
        "会社は毎日、川の水位を住民に配信している。",
        "市長は「個人の見解だ」とことわったうえで、橋の建て替えに触れた。",
        "売り上げは全額を市に寄付する。店主はそう話した。",
    ],
)
def test_japanese_sentences_of_a_story_that_sound_like_notices_stay(sentence: str) -> None:
    assert body(pasted(JA_TITLE, "2026年3月5日", JA_ONE, sentence, JA_TWO, JA_THREE)) == [
        JA_ONE,
        sentence,
        *JA_STORY[1:],
    ]
