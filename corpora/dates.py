"""Dates written in text, in Japanese and English, as ISO 8601 days.

Only dates that name day, month and year count: `3月4日` or `Feb. 26` says nothing about the year, and a
made-up year is worse than none. Full-width and kanji digits, Japanese eras and the usual English orders are
read. This module does not resolve relative dates (`昨年`, `last Tuesday`) and keeps the calendar day as it is
written: a time of day or a zone never moves it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

_ERA_START = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}  # year 1 minus one
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９／－．：，　", "0123456789/-.:, ")
_KANJI_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}

_NUMBER = r"(?:\d{1,4}|[〇一二三四五六七八九十]{1,4})"
_JAPANESE = (
    rf"(?P<era>明治|大正|昭和|平成|令和)?\s?(?P<jy>{_NUMBER}|元)\s?年(?:\s?[(（][^)）]{{2,6}}[)）])?"
    rf"\s?(?P<jm>{_NUMBER})\s?月\s?(?P<jd>{_NUMBER})\s?日"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_AMERICAN = rf"\b(?P<am>{_MONTH})\s(?P<ad>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s?|\s)(?P<ay>\d{{4}})\b"
_BRITISH = rf"\b(?P<bd>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<bm>{_MONTH}),?\s(?P<by>\d{{4}})\b"
_NUMERIC = r"(?<![\d/.-])(?P<ny>\d{4})(?P<sep>[-/.])(?P<nm>\d{1,2})(?P=sep)(?P<nd>\d{1,2})(?![\d/-])"
_DATE = re.compile("|".join((_JAPANESE, _AMERICAN, _BRITISH, _NUMERIC)), re.IGNORECASE)

_YEAR_IN_IT = re.compile(r"\d{4}|年")  # every kind of date has one

_DATELINE_DATE = re.compile(
    r"[A-Z][A-Z' .-]{2,30}(?:, [A-Z][\w .'-]{1,30})?,? \(?"
    rf"(?P<date>{_MONTH}\s\d{{1,2}},\s\d{{4}}|\d{{1,2}}\s{_MONTH},?\s\d{{4}})[,) ].{{0,40}}?(?:--|—|–|―|- )"
)
_MARKS_TEXT = re.compile(r"[＝=]|[。」][(（]")  # ＝ is a caption's
_ISO_STAMP = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?![\d-])")
_EPOCH = re.compile(r"\s*1\d{9}(?:\d{3})?(?:\.\d*)?\s*")  # seconds or milliseconds from 2001 to 2033
_SLASHED = re.compile(r"\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_YEAR = r"((?:19|20)\d{2})"
_URL_DAY = re.compile(rf"/(?:{_YEAR}/(\d{{1,2}})/(\d{{1,2}})(?=/)|{_YEAR}-?(\d{{2}})-?(\d{{2}})(?!\d))")
_LONGEST_DATE_LINE = 200  # characters
_UPDATED = re.compile(r"(?:最終)?更新|updated|modified", re.IGNORECASE)
_PUBLISHED = re.compile(r"公開|配信|掲載|published|posted", re.IGNORECASE)
# What may stand beside the date in a date line: times, zones, editions, reading time.
_BESIDE_DATE = re.compile(
    r"\d{1,2}[:時]\d{2}分?(?::\d{2})?|[ap]\.?m\.?|\b(?:JST|GMT|UTC|[+-]\d{4})\b|午前|午後|朝刊|夕刊|最終版"
    r"|(?:最終)?更新|公開|配信|掲載|(?:last )?updated|published|posted|(?:at|on)\b|\d+\s?min(?:ute)?s? read"
    r"|[（(][月火水木金土日][)）]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|[\W_\d]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A full date in a text: `text[start:end]` says `day`."""

    day: str
    start: int
    end: int
    is_update: bool = False  # announced as 'updated', not as the day of publication


def find_dates(text: str) -> list[DateMention]:
    """All full dates in `text`, in order; impossible ones (February 30) are left out.

    >>> [m.day for m in find_dates("２０２６年３月４日　東京朝刊")]
    ['2026-03-04']
    >>> [m.day for m in find_dates("Mito, 5 March 2026; reviewed Apr. 1, 2027")]
    ['2026-03-05', '2027-04-01']
    >>> find_dates("on Feb. 26 and 3月4日")
    []
    """
    if not _YEAR_IN_IT.search(text):
        return []
    plain = text.translate(_FULL_WIDTH)  # one character for one, so offsets stay true
    found = []
    previous_end = 0
    for match in _DATE.finditer(plain):
        day = _day_of(match)
        if day is None:
            continue
        before = plain[previous_end : match.start()][-24:]
        is_update = bool(_UPDATED.search(before)) and not _PUBLISHED.search(before)
        found.append(DateMention(day, match.start(), match.end(), is_update))
        previous_end = match.end()
    return found


def find_date(text: str) -> str | None:
    """The first full date in `text` that is not announced as an update.

    >>> find_date("令和8年3月4日付")
    '2026-03-04'
    """
    return next((mention.day for mention in find_dates(text) if not mention.is_update), None)


def find_update(text: str) -> str | None:
    """The first full date in `text` that is announced as an update.

    >>> find_update("March 5, 2026 (updated March 6, 2026)")
    '2026-03-06'
    """
    return next((mention.day for mention in find_dates(text) if mention.is_update), None)


def read_stamp(value: str) -> str | None:
    """The day of a machine-written time stamp, or of any date `find_dates` knows.

    Seconds or milliseconds since 1970 are taken in UTC; of `5/3/2026` it cannot be told which is the month.

    >>> read_stamp("2026-03-05T23:30:00+09:00"), read_stamp("20260305"), read_stamp("yesterday")
    ('2026-03-05', '2026-03-05', None)
    >>> read_stamp("25/3/2026"), read_stamp("3/25/2026"), read_stamp("5/3/2026"), read_stamp("1772668800")
    ('2026-03-25', '2026-03-25', None, '2026-03-05')
    """
    stamp = _ISO_STAMP.match(value)
    if stamp:
        return _iso(*(int(group) for group in stamp.groups()))
    if _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(value.strip()[:10]), UTC).date().isoformat()
    slashed = _SLASHED.match(value)
    if slashed:
        first, second, year = (int(group) for group in slashed.groups())
        possible = {day for day in (_iso(year, first, second), _iso(year, second, first)) if day}
        return possible.pop() if len(possible) == 1 else None
    mentions = find_dates(value)
    return mentions[0].day if mentions else None


def guess_from_url(url: str) -> str | None:
    """The day in a URL's path. A guess: it may be the day the page was made, not the day of the story.

    >>> guess_from_url("https://news.example/articles/20260305/k01.html")
    '2026-03-05'
    """
    match = _URL_DAY.search(url)
    if not match:
        return None
    return _iso(*(int(group) for group in match.groups() if group is not None))


def find_dateline_date(paragraph: str) -> str | None:
    """The day in the dateline that opens an agency's story.

    >>> find_dateline_date("MITO, March 5, 2026, Kitahama News - The river rose on Friday.")
    '2026-03-05'
    >>> find_dateline_date("On March 5, 2026, the river rose - again.") is None
    True
    """
    match = _DATELINE_DATE.match(paragraph)
    return find_date(match["date"]) if match else None


def is_date_line(line: str) -> bool:
    """Whether a short line is there to say the date, and not a sentence or headline with a date in it.

    >>> is_date_line("Business | March 5, 2026 06:30 JST"), is_date_line("東雲新聞　２０２６年３月４日　朝刊")
    (True, True)
    >>> is_date_line("The ship sank on March 5, 2026.")
    False
    """
    if len(line) > _LONGEST_DATE_LINE or line.rstrip().endswith(("。", "」")) or _MARKS_TEXT.search(line):
        return False
    mentions = find_dates(line)
    if not mentions:
        return False
    rest = line.translate(_FULL_WIDTH)
    for mention in reversed(mentions):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    words = _BESIDE_DATE.sub(" ", rest).split()
    # More than a paper's name or a section beside the date makes it a caption or a sentence.
    max_chars = 24 if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", line) else 40
    return sum(map(len, words)) <= max_chars and len(words) <= 5 and not _is_sentence(_piece_with_date(line))


def _piece_with_date(line: str) -> str:
    """The part of a line such as `Paper / Section · date · buttons` that holds the date."""
    pieces = re.split(r"\s[·•|/]\s|｜", line)
    return next((piece for piece in pieces if find_dates(piece)), line)


def _is_sentence(line: str) -> bool:
    return bool(re.search(r"[a-z]{2} [a-z]+ .*\.\s*$|[をがはに].*[たるい]$", line))


def _day_of(match: re.Match[str]) -> str | None:
    if match["jy"]:
        year = 1 if match["jy"] == "元" else _number(match["jy"])
        if match["era"] and year < 100:  # `平成` may end what stands before a year of four digits
            year += _ERA_START[match["era"]]
        return _iso(year, _number(match["jm"]), _number(match["jd"]))
    if match["ny"]:
        return _iso(int(match["ny"]), int(match["nm"]), int(match["nd"]))
    kind = "a" if match["am"] else "b"
    month = _MONTHS[match[f"{kind}m"][:3].lower()]
    return _iso(int(match[f"{kind}y"]), month, int(match[f"{kind}d"]))


def _number(digits: str) -> int:
    """`12`, `十二` and `一二` are all twelve."""
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    if ten:
        return (_number(tens) if tens else 1) * 10 + (_number(ones) if ones else 0)
    return int("".join(str(_KANJI_DIGITS[character]) for character in digits))


def _iso(year: int, month: int, day: int) -> str | None:
    if not 1600 <= year <= 2200:  # `98年3月4日` without an era is not a year we may complete
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
