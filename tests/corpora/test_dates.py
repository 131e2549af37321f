"""Dates as newspapers write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.dates import (
    find_date,
    find_dateline_date,
    find_dates,
    find_update,
    guess_from_url,
    is_date_line,
    read_stamp,
)


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月4日",
        "２０２６年３月４日　東京朝刊",
        "2026 年 3 月 4 日",
        "二〇二六年三月四日",
        "令和8年3月4日",
        "令和八年三月四日",
        "2026年（令和8年）3月4日",
        "March 4, 2026",
        "Mar. 4 2026",
        "4 March 2026",
        "the 4th of March, 2026",
        "2026/03/04",
        "2026/3/4",
        "2026.03.04",
        "2026-03-04T09:00:00+09:00",
    ],
)
def test_date_is_read_whatever_its_form(text: str) -> None:
    assert find_date(text) == "2026-03-04"


@pytest.mark.parametrize(
    "text",
    ["3月4日", "26年3月4日", "March 4", "Feb. 30, 2026", "2026年13月1日", "10.20.30", "1/2", "May 2026"],
)
def test_date_is_none_when_a_part_is_missing_or_impossible(text: str) -> None:
    assert find_date(text) is None


def test_first_year_of_an_era_is_read() -> None:
    assert find_date("令和元年5月1日") == "2019-05-01"


def test_update_is_kept_apart_from_publication() -> None:
    line = "2026年3月4日 05:00（最終更新 2026年3月5日 07:00）"
    assert (find_date(line), find_update(line)) == ("2026-03-04", "2026-03-05")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)), st.text(max_size=5))
def test_offsets_point_at_the_date(day: date, before: str) -> None:
    written = f"{day.year}年{day.month}月{day.day}日"
    text = f"{before}　{written}"
    mention = find_dates(text)[-1]
    assert mention.day == day.isoformat()
    assert text[mention.start : mention.end].endswith(written)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("March 4, 2026 (Kitahama Japan)", True),
        ("Sat, March 7, 2026 06:00 (JST)", True),
        ("北浜日報　２０２６年３月４日　大阪朝刊", True),
        ("The bridge was opened to traffic on March 4, 2026, after a delay.", False),
        ("橋を渡る児童＝水戸市で2026年3月4日、峰岸陽斗撮影", False),
        ("東雲新聞デジタル / 地域 · 2026/3/4 07:10 · 後で読む", True),
        ("橋は児童らに開放された。（2026年3月4日）", False),
        ("No date at all", False),
    ],
)
def test_date_line_is_told_from_captions_and_sentences(line: str, expected: bool) -> None:
    assert is_date_line(line) is expected


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("MITO, March 4, 2026, Kitahama News - The bridge was opened to traffic.", "2026-03-04"),
        ("MITO, Ibaraki, 4 March 2026 (Kitahama) -- The bridge was opened to traffic.", "2026-03-04"),
        ("MITO, March 4 (Kitahama) - The bridge was opened to traffic.", None),
        ("The bridge of March 4, 2026 - a wooden one - was opened to traffic.", None),
    ],
)
def test_dateline_gives_the_date_when_it_names_the_year(paragraph: str, expected: str | None) -> None:
    assert find_dateline_date(paragraph) == expected


def test_era_before_a_year_of_four_digits_is_not_counted() -> None:
    assert find_date("平成　2000年1月1日") == "2000-01-01"


def test_stamps_keep_the_day_as_written() -> None:
    assert read_stamp("2026-03-04T23:59:00Z") == "2026-03-04"
    assert read_stamp("20260304T0600") == "2026-03-04"
    assert read_stamp("soon") is None


def test_url_gives_a_guess_only_for_a_whole_day() -> None:
    assert guess_from_url("https://news.example/2026/03/04/k1.html") == "2026-03-04"
    assert guess_from_url("https://news.example/articles/123456") is None
