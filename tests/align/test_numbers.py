"""Number expressions by value: hand-written tables for each rule, and round trips over generated numbers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.numbers import expressions, numbers
from align.quantity import Quantity, narrow
from corpora.errors import UsageError

FULL_WIDTH = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")
ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
]
ONES += ["sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def only(text: str, lang: str) -> Quantity:
    found = numbers(text, lang)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "values", "kind", "unit"),
    [
        ("予算は１億２０００万円だ", (120_000_000,), "money", "yen"),
        ("12億3,000万ドル", (1_230_000_000,), "money", "dollar"),
        ("１万５千人が来た", (15_000,), "number", "person"),
        ("2 万 4 千 人", (24_000,), "number", "person"),
        ("1・25倍", (1.25,), "times", None),
        ("三十六人", (36,), "number", "person"),
        ("百二十三万四千五百六十七円", (1_234_567,), "money", "yen"),
        ("十数人", (12, 19), "vague", "person"),
        ("数百人", (200, 900), "vague", "person"),
        ("５割", (50,), "percent", "percent"),
        ("３割１分２厘", (31.2,), "percent", "percent"),
        ("4.5％", (4.5,), "percent", "percent"),
        ("4分の3", (0.75,), "fraction", None),
        ("人口が半減した", (0.5,), "fraction", None),
        ("客が倍増した", (2,), "times", None),
        ("客は3倍に増えた", (3,), "times", None),
        ("第１回", (1,), "ordinal", None),
        ("初優勝", (1,), "ordinal", None),
        ("7番目", (7,), "ordinal", None),
        ("2019年2月26日", (2019, 2, 26), "date", "ymd"),
        ("二〇一九年二月", (2019, 2), "date", "ym"),
        ("2019.2.26", (2019, 2, 26), "date", "ymd"),
        ("23日に", (23,), "date", "d"),
        ("令和８年", (2026,), "date", "y"),
        ("令和元年度", (2019,), "date", "y"),
        ("昭和３９年", (1964,), "date", "y"),
        ("明治２２年", (1889,), "date", "y"),
        ("24年度", (2024,), "date", "y"),
        ("1980年代", (1980,), "date", "y"),
        ("３日間", (3,), "number", "day"),
        ("２４年", (24, 2024), "number", "year"),
        ("3年半", (3.5,), "number", "year"),
        ("半世紀", (0.5,), "number", "century"),
        ("午後6時半", (18.5,), "time", None),
        ("午前０時半", (0.5,), "time", None),
        ("正午", (12,), "time", None),
        ("午後３：３０", (15.5,), "time", None),
        ("6時", (6, 18), "time", None),
        ("木下さん（45）", (45,), "age", "year"),
        ("４５歳", (45,), "age", "year"),
        ("30代の男性", (30,), "age", "decade"),
        ("３割引き", (30,), "percent", "percent"),
        ("十七回忌", (17, 16), "ordinal", None),
        ("一周忌", (1,), "ordinal", None),
        ("五六人", (56, 5, 6), "number", "person"),
        ("深夜１時", (1, 25), "time", None),
        ("深夜11時", (23,), "time", None),
        ("夜12時", (0, 24), "time", None),
        ("25時", (25, 1), "time", None),
    ],
)
def test_japanese_value_when_written_in_each_way(
    text: str, values: tuple[float, ...], kind: str, unit: str | None
) -> None:
    found = only(text, "ja")
    assert found.values == pytest.approx(values)
    assert (found.kind, found.unit) == (kind, unit)


@pytest.mark.parametrize(
    ("text", "values", "kind", "unit"),
    [
        ("120 million yen", (120_000_000,), "money", "yen"),
        ("¥1,500", (1500,), "money", "yen"),
        ("$5m", (5_000_000,), "money", "dollar"),
        ("5bn yen", (5_000_000_000,), "money", "yen"),
        ("1.2 metric tons", (1.2,), "number", "t"),
        ("23 square kilometers", (23,), "number", "sqkm"),
        ("33 degrees Celsius", (33,), "number", "celsius"),
        ("0.2 percentage point", (0.2,), "number", "point"),
        ("40%", (40,), "percent", "percent"),
        ("40 per cent", (40,), "percent", "percent"),
        ("nineteen people", (19,), "number", "person"),
        ("1,200 elderly residents", (1200,), "number", "person"),
        ("one hundred and five", (105,), "number", None),
        ("two dozen", (24,), "number", None),
        ("a dozen people", (12,), "number", "person"),
        ("a million", (1_000_000,), "number", None),
        ("a third of them", (1 / 3,), "fraction", None),
        ("two-thirds", (2 / 3,), "fraction", None),
        ("half of them", (0.5,), "fraction", None),
        ("half a century", (0.5,), "number", "century"),
        ("six and a half hours", (6.5,), "number", "hour"),
        ("hundreds of people", (200, 900), "vague", "person"),
        ("several hundred residents", (200, 900), "vague", "person"),
        ("tens of thousands of people", (10_000, 90_000), "vague", "person"),
        ("doubled", (2,), "times", None),
        ("three-fold", (3,), "times", None),
        ("the third man", (3,), "ordinal", None),
        ("the 21st", (21,), "ordinal", None),
        ("the second time", (2,), "ordinal", None),
        ("30 seconds", (30,), "number", "second"),
        ("Feb. 26, 2019", (2019, 2, 26), "date", "ymd"),
        ("26 February 2019", (2019, 2, 26), "date", "ymd"),
        ("on May 5", (5, 5), "date", "md"),
        ("in May", (5,), "date", "m"),
        ("in 2019", (2019,), "date", "y"),
        ("the 1980s", (1980,), "date", "y"),
        ("fiscal '24", (2024,), "date", "y"),
        ("6:30 p.m.", (18.5,), "time", None),
        ("12:30 a.m.", (0.5,), "time", None),
        ("noon", (12,), "time", None),
        ("Sato, 45, said", (45,), "age", "year"),
        ("a 45-year-old man", (45,), "age", "year"),
        ("in his 30s", (30,), "age", "decade"),
    ],
)
def test_english_value_when_written_in_each_way(
    text: str, values: tuple[float, ...], kind: str, unit: str | None
) -> None:
    found = only(text, "en")
    assert found.values == pytest.approx(values)
    assert (found.kind, found.unit) == (kind, unit)


NAMES_JA = (
    "COVID-19 ５Ｇ Ｇ７ A4判 ３・１１ 三重県 四国 九州 千葉 一郎 第三者 一方 一部 統一 一人ひとり "
    "二人三脚 十分 一時 人数 数字 四日市市 六本木 八百屋 八戸市 三日月 万一 五月雨"
)
NAMES_EN = (
    "COVID-19 | 5G | G-7 | F-35 | 3.11 | 9/11 | first lady | at first | one of them | the one he saw | "
    "You may go | May I? | per second | March on"
)


@pytest.mark.parametrize(
    ("text", "lang"),
    [(text, "ja") for text in NAMES_JA.split()] + [(text, "en") for text in NAMES_EN.split(" | ")],
)
def test_nothing_found_when_numeral_is_part_of_a_name_or_word(text: str, lang: str) -> None:
    assert numbers(text, lang) == []


@pytest.mark.parametrize(
    ("text", "lang", "approximate", "bound"),
    [
        ("80人", "ja", False, 0),
        ("約80人", "ja", True, 0),
        ("80人余り", "ja", True, 1),
        ("80人超", "ja", True, 1),
        ("80人以上", "ja", True, 1),
        ("10分弱", "ja", True, -1),
        ("80人未満", "ja", True, -1),
        ("80 people", "en", False, 0),
        ("some 80 people", "en", True, 0),
        ("more than 80 people", "en", True, 1),
        ("80 people or more", "en", True, 1),
        ("fewer than 80 people", "en", True, -1),
    ],
)
def test_hedges_when_number_is_only_about_right(text: str, lang: str, approximate: bool, bound: int) -> None:
    found = only(text, lang)
    assert (found.approximate, found.bound) == (approximate, bound)


def test_second_year_when_a_range_leaves_out_its_century() -> None:
    assert [q.values for q in numbers("（１８２５～６９年）", "ja")][-1] == (1869,)


@pytest.mark.parametrize(
    ("text", "lang", "days"),
    [
        ("木曜日", "ja", [(3,)]),
        ("毎週木曜に", "ja", [(3,)]),
        ("４日（木）", "ja", [(3,)]),
        ("3日（日・祝）", "ja", [(6,)]),
        ("木曜の深夜に", "ja", [(3, 4)]),
        ("サンデー", "ja", [(6,)]),
        ("木材と（水）", "ja", []),
        ("Thursday", "en", [(3,)]),
        ("on Sundays", "en", [(6,)]),
        ("Thurs., June 4", "en", [(3,)]),
        ("June 4 (Thu)", "en", [(3,)]),
        ("the Sun rose where he Sat.", "en", []),
    ],
)
def test_weekday_when_written_in_each_way(text: str, lang: str, days: list[tuple[int, ...]]) -> None:
    assert [q.values for q in expressions(text, lang) if q.kind == "weekday"] == days


def test_unit_when_a_longer_latin_word_begins_like_one() -> None:
    assert only("490 mph", "ja").unit is None


def test_language_without_rules_when_asked_for() -> None:
    with pytest.raises(UsageError, match=r"'fr'.*known are ja, en"):
        numbers("12", "fr")


def kanji(n: int) -> str:
    """`n` in kanji numerals with 万億兆, as the traditional style writes it."""
    groups = []
    for place, name in enumerate(["", "万", "億", "兆"]):
        group = n // 10_000**place % 10_000
        digits = ""
        for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = group // unit % 10
            if digit:
                digits += ("" if digit == 1 and mark else "〇一二三四五六七八九"[digit]) + mark
        groups.append(digits + name if group else "")
    return "".join(reversed(groups))


def mixed(n: int) -> str:
    """`n` as newspapers write it: 1億2000万."""
    parts = [(n // 10_000**place % 10_000, name) for place, name in enumerate(["", "万", "億", "兆"])]
    return "".join(f"{part}{name}" for part, name in reversed(parts) if part)


def english(n: int) -> str:
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            return f"{english(n // size)} {name}" + (f" {english(n % size)}" if n % size else "")
    return ONES[n] if n < 20 else TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")


@given(st.integers(2, 10**15))  # from 2: 一円 is "the whole area"
def test_japanese_round_trip_when_number_is_written_and_read(n: int) -> None:
    for written in (mixed(n), kanji(n), f"{n:,}", mixed(n).translate(FULL_WIDTH)):
        assert only(written + "円", "ja").values == (n,), written


@given(st.integers(2, 10**11))
def test_english_round_trip_when_number_is_written_and_read(n: int) -> None:
    for written in (english(n), f"{n:,}", str(n), f"{n:,}".translate(FULL_WIDTH)):
        assert only(written + " yen", "en").values == (n,), written


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_date_round_trip_when_written_in_both_languages(day: dt.date) -> None:
    values = (day.year, day.month, day.day)
    assert only(f"{day.year}年{day.month}月{day.day}日", "ja").values == values
    assert only(f"{day:%B} {day.day}, {day.year}", "en").values == values


@given(st.integers(0, 23), st.integers(0, 59))
def test_time_round_trip_when_written_in_both_languages(hour: int, minute: int) -> None:
    ja = only(f"{'午前' if hour < 12 else '午後'}{hour % 12}時{minute}分", "ja")
    en = only(f"{hour % 12 or 12}:{minute:02d} {'a' if hour < 12 else 'p'}.m.", "en")
    assert ja.values == en.values == pytest.approx((hour + minute / 60,), abs=1e-3)


PIECES = st.sampled_from(
    [
        "12",
        "３４",
        ",",
        ".",
        "・",
        "万",
        "億",
        "千",
        "十",
        "数",
        "一",
        "二",
        "年",
        "月",
        "日",
        "時",
        "半",
        "分",
        "割",
        "厘",
        "倍",
        "円",
        "人",
        "第",
        "(",
        ")",
        "（",
        "）",
        "%",
        "-",
        "/",
        ":",
        "'",
        "$",
        "¥",
        "hundred",
        "dozen",
        "a",
        "half",
        "May",
        "March",
        "second",
        "one",
        "third",
        "of",
        "30s",
        "p.m.",
        "million",
        "thousands",
        "２",
        "٣",
        "²",
        "COVID-",
        "令和",
        "元年",
        "S",
    ]
)
NOISE = st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join) | st.lists(PIECES, max_size=9).map(" ".join)


@given(NOISE, st.sampled_from(["ja", "en"]))
def test_spans_when_text_is_arbitrary(text: str, lang: str) -> None:
    end = 0
    for quantity in numbers(text, lang):
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert quantity.start >= end, "quantities overlap"
        end = quantity.end
        assert quantity.values


@given(NOISE, st.sampled_from(["ja", "en"]))
def test_full_width_text_when_compared_with_half_width(text: str, lang: str) -> None:
    assert len(narrow(text)) == len(text)
    assert numbers(text.translate(FULL_WIDTH), lang) == numbers(text, lang)


def test_endless_digits_when_no_float_holds_them() -> None:
    assert numbers("9" * 400, "ja") == numbers("9" * 400, "en") == []
