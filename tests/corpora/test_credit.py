"""Credits and bylines: every form gives the names and nothing that is no name."""

import pytest

from corpora.credit import (
    Credit,
    parse_byline,
    parse_byline_ja,
    parse_credit,
    parse_people,
    split_trailing_byline,
)


@pytest.mark.parametrize(
    ("line", "names", "department"),
    [
        ("(Japanese original by Haruto Mine, Mito Bureau)", ("Haruto Mine",), "Mito Bureau"),
        (
            "(Japanese original by Haruto Mine, Yui Toki and Ken Ito, Osaka City News Department)",
            ("Haruto Mine", "Yui Toki", "Ken Ito"),
            "Osaka City News Department",
        ),
        (
            "(Japanese original by Haruto Mine, Lifestyle, Science & Environment News Department)",
            ("Haruto Mine",),
            "Lifestyle, Science & Environment News Department",
        ),
        (
            "(Japanese original by Haruto Mine, Mito Bureau, and Yui Toki, Osaka Bureau)",
            ("Haruto Mine", "Yui Toki"),
            "Mito Bureau; Osaka Bureau",
        ),
        ("(Japanese original by Haruto Mine (Mito Bureau))", ("Haruto Mine",), "Mito Bureau"),
        ("(Based on a Japanese original by Haruto Mine)", ("Haruto Mine",), None),
        ("(Japanese original and interview by Haruto Mine)", ("Haruto Mine",), None),
        ("(Japanese original by Yūko Ōmori, Cultural News Department)", ("Yūko Ōmori",), "Cultural News Department"),
        ("(Japanese original by Haruto Mine; translated by Ann Lee)", ("Haruto Mine",), None),
        ("(By Haruto Mine, Sports News Department)", ("Haruto Mine",), "Sports News Department"),
        ("Japanese original by Haruto Mine", ("Haruto Mine",), None),
        ("(Translated by Ann Lee)", (), None),
        (
            "This story was originally published in Japanese by Kitahama Weekly and written by Haruto Mine, editor.",
            ("Haruto Mine",),
            None,
        ),
    ],
)
def test_credit_is_taken_apart_whatever_its_form(line: str, names: tuple[str, ...], department: str | None) -> None:
    assert parse_credit(line) == Credit(names, department)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The Japanese original was found by a librarian in Leiden.",
        "By Haruto Mine, Mito Bureau",  # the byline of the page itself
        "(AP Photo/Ann Lee)",
        "(Laughs)",
    ],
)
def test_credit_is_none_for_other_lines(line: str) -> None:
    assert parse_credit(line) is None


def test_byline_gives_names_and_department() -> None:
    assert parse_byline("By Haruto Mine and Yui Toki, Mito Bureau") == Credit(
        ("Haruto Mine", "Yui Toki"), "Mito Bureau"
    )
    assert parse_byline("BY HARUTO MINE AND YUI TOKI") == Credit(("Haruto Mine", "Yui Toki"))
    assert parse_byline("By Haruto Mine · March 5, 2026") == Credit(("Haruto Mine",))
    assert parse_byline("Text and photos by Haruto Mine") == Credit(("Haruto Mine",))
    assert parse_byline("Interview by Haruto Mine, Mito Bureau") == Credit(("Haruto Mine",), "Mito Bureau")
    assert parse_byline("By Haruto Mine / Special to The Kitahama Times") == Credit(("Haruto Mine",))
    assert parse_byline("By the end of the year, the Mito Bureau will close.") is None


@pytest.mark.parametrize(
    ("line", "names", "department"),
    [
        ("【峰岸陽斗】", ("峰岸陽斗",), None),
        ("【峰岸陽斗、時田結衣】", ("峰岸陽斗", "時田結衣"), None),
        ("【峰岸陽斗（水戸支局）、時田結衣】", ("峰岸陽斗", "時田結衣"), "水戸支局"),
        ("（水戸支局　峰岸陽斗、時田結衣）", ("峰岸陽斗", "時田結衣"), "水戸支局"),
        ("峰岸陽斗、時田結衣/社会部", ("峰岸陽斗", "時田結衣"), "社会部"),
        ("（聞き手・峰岸陽斗）", ("峰岸陽斗",), None),
        ("（峰岸　陽斗）", ("峰岸陽斗",), None),
        ("【サンティアゴ　峰岸陽斗】", ("峰岸陽斗",), None),
        ("【サンティアゴ峰岸陽斗】", ("峰岸陽斗",), None),
        ("【北京・峰岸陽斗】", ("峰岸陽斗",), None),
        ("【峰岸・マリア・望】", ("峰岸・マリア・望",), None),
        ("（水戸支局長・峰岸陽斗）", ("峰岸陽斗",), "水戸支局"),
        ("文と写真・峰岸陽斗", ("峰岸陽斗",), None),
        ("峰岸陽斗/釧路通信部", ("峰岸陽斗",), "釧路通信部"),
        ("【文・峰岸陽斗、写真・時田結衣】", ("峰岸陽斗",), None),
    ],
)
def test_japanese_byline_is_taken_apart_whatever_its_form(
    line: str, names: tuple[str, ...], department: str | None
) -> None:
    assert parse_byline_ja(line) == Credit(names, department)


@pytest.mark.parametrize(
    "line",
    [
        "【関連記事】",
        "【参考文献】",
        "（60）",
        "（敬称略）",
        "（笑い）",
        "（続く）",
        "政治、経済",
        "日光、車に課税　渋滞対策、全国初",
        "県議会、議案可決",
        "豪雨、停電広がる",
        "国会図書館、夜間開館",
        "北西支社、人員整理",
        "峰岸監督、続投",
        "【交通まひ】",
        "（荒天順延）",
        "（火曜定休）",
    ],
)
def test_japanese_byline_is_none_where_no_person_is_named(line: str) -> None:
    assert parse_byline_ja(line) is None


@pytest.mark.parametrize("line", ["峰岸陽斗、時田結衣", "峰岸陽斗　時田結衣", "峰岸陽斗・時田みどり"])
def test_bare_names_are_a_byline_only_where_bylines_stand(line: str) -> None:
    assert parse_byline_ja(line) is None
    found = parse_byline_ja(line, placed=True)
    assert found is not None
    assert found.names[0] == "峰岸陽斗"


def test_headline_is_no_byline_where_bylines_stand() -> None:
    assert parse_byline_ja("市議会、予算可決", placed=True) is None


@pytest.mark.parametrize("note", ["（小雨決行）", "（水曜休業）", "（要予約）", "（参加無料）"])
def test_note_at_the_end_of_a_paragraph_is_no_byline(note: str) -> None:
    assert split_trailing_byline(f"会場は市民公園。{note}") == (f"会場は市民公園。{note}", None)


def test_half_width_punctuation_ends_the_sentence_before_a_byline() -> None:
    assert split_trailing_byline("川はあふれた｡(峰岸陽斗)") == ("川はあふれた｡", Credit(("峰岸陽斗",)))


def test_trailing_byline_is_cut_off_but_other_brackets_stay() -> None:
    assert split_trailing_byline("川はあふれた。【峰岸陽斗】") == ("川はあふれた。", Credit(("峰岸陽斗",)))
    assert split_trailing_byline("「もう来ない」と語った。（敬称略）") == (
        "「もう来ない」と語った。（敬称略）",
        None,
    )


def test_people_are_read_from_a_bare_list() -> None:
    assert parse_people("Haruto Mine and Yui Toki, Mito Bureau").names == ("Haruto Mine", "Yui Toki")
    assert parse_people("峰岸陽斗").names == ("峰岸陽斗",)
    assert parse_people("The Kitahama Nippo").names == ()
