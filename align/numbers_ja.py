"""How Japanese writes numbers: digits mixed with 万億兆, kanji numerals, counters, eras, 割分厘, 半, 倍.

A run of digits and numerals is read to a value; what it is (a date, a price, an age) is told by the counter
after it and a few characters before it. A run of kanji numerals alone counts only before a counter, because
names and ordinary words are full of them (三重県, 一部, 第三者). Text must be half-width (`numbers.narrow`).
Does not read numerals spelled in kana (ふたつ) or old ones (廿, 壱).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from align.numbers_ja_words import (
    AFTER,
    COMMEMORATIVE,
    COUNTERS,
    DIGIT,
    ERAS,
    LARGE,
    LATIN_UNIT,
    LEXICAL,
    NOT_AFTER_KANJI,
    ONE,
    PHASE,
    RELATIVE,
    SMALL,
    TOKEN,
    WEEKDAYS,
    WEEKDAYS_IN_KANA,
    WORDS,
)
from align.quantity import Kind, Quantity, tidy

_SEN = re.compile(r"(\d\d?)銭")  # hundredths of a yen, in exchange rates and share prices
_BOUND_AFTER = re.compile(
    r"(?:%|[^0-9\s、。「」()]{0,4}?)(余り?|超|以上|強|を超|を上回|を突破|弱|足らず|未満|を切|を下回|前後|ほど|程度|近く)"
)
_BOUNDS = {
    "弱": -1,
    "足らず": -1,
    "未満": -1,
    "を切": -1,
    "を下回": -1,
    "近く": -1,
    "前後": 0,
    "ほど": 0,
    "程度": 0,
}
_ABOUT_BEFORE = re.compile(r"(?:約|およそ|おおよそ|ほぼ|延べ約)$")
_MINUTES = re.compile(r"(?!間|代|期|点|短)(半|([0-9]{1,2}|[一二三四五]?十?[一二三四五六七八九]?)分)?")
_HALF_DAY = re.compile(r"(?:(午前|朝|早朝|未明|前)|(午後|夕方|夕|後)|(深夜|夜))(?:の)?$")
_SCORE = re.compile(r"[0-9] ?[-対] ?[0-9]")
_LATIN = re.compile(r"[A-Za-z]$|[A-Za-z][-.]$")
_CURRENCY = {"$": "dollar", "¥": "yen", "€": "euro", "£": "pound"}
_LATE_NIGHT = re.compile(r"\)?の?(?:深夜|2[4-9]時)")  # the small hours of the day after
_DURATION = ("余", "以", "弱", "強", "超", "の歳")


def parse(run: str, several: int = 2) -> float:
    """The value of a run of digits and numerals; 数 stands for `several`.

    >>> parse("1億2000万"), parse("三十六"), parse("二〇一九"), parse("1・25")
    (120000000.0, 36.0, 2019.0, 1.25)
    """
    total = section = 0.0
    current: float | None = None
    for part in re.findall(r"[0-9][0-9,]*(?:[.・][0-9]+)?|[^ ]", run):
        if part[0].isascii() and part[0].isdigit():
            current = float(part.replace(",", "").replace("・", "."))
        elif part == "数":
            current = float(several)
        elif part in DIGIT:
            current = (current or 0.0) * 10 + DIGIT[part]
        elif part in SMALL:
            section += (1.0 if current is None else current) * SMALL[part]
            current = None
        else:
            total += (section + (current or 0.0)) * LARGE[part]
            section, current = 0.0, None
    return tidy(total + section + (current or 0.0))


def read(text: str) -> list[Quantity]:
    """Quantities of half-width Japanese `text`, in order.

    >>> [(q.values, q.kind) for q in read("午後6時半に三十六人")]
    [((18.5,), 'time'), ((36.0,), 'number')]
    """
    found: list[Quantity] = []
    for match in TOKEN.finditer(text):
        if not found or match.start() >= found[-1].end or match.lastgroup == "phase":
            found.extend(_READERS[match.lastgroup or ""](text, match))
    return _join_dates(text, found)


def _read_ymd(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    parts = tuple(map(float, re.findall("[0-9]+", match.group())))
    yield Quantity(*match.span(), parts, "date", "ymd")


def _read_fraction(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    below, above = (parse(part) for part in match.group().split("分の"))
    if below:
        yield Quantity(*match.span(), (above / below,), "fraction")


def _read_wari(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """3割1分2厘 is 31.2 percent."""
    shares = [re.search(rf"({ONE}) ?{name}", match.group()) for name in "割分厘"]
    value = tidy(sum(parse(share[1]) * size for share, size in zip(shares, (10, 1, 0.1), strict=True) if share))
    about, bound = _hedge(text, *match.span())
    yield Quantity(*match.span(), (value,), "percent", "percent", about or "数" in match.group(), bound)


def _read_word(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    if match.group().endswith("元年"):
        yield Quantity(*match.span(), (ERAS[match.group()[:2]] + 1.0,), "date", "y")
    else:
        kind, unit, value = WORDS[match.group()]
        about, bound = _hedge(text, *match.span()) if kind == "fraction" else (False, 0)
        yield Quantity(*match.span(), (value,), kind, unit, about, 1 if match.group() == "過半数" else bound)


def _read_relative(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    word = match.group()
    offset = RELATIVE.get(word, RELATIVE.get(word[0], 0))
    yield Quantity(*match.span(), (float(offset),), "relative", "m" if word.endswith("月") else "y")


def _read_phase(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    word = match.group()
    phase = 2 if "末" in word else 1 if "半" in word else 0 if "め" in word else PHASE[word[0]]
    yield Quantity(*match.span(), (float(phase),), "phase")


def _read_weekday(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    word = match.group()
    day = WEEKDAYS_IN_KANA.index(word[:-2]) if word.endswith("デー") else WEEKDAYS.index(word[0])
    days = (day, (day + 1) % 7) if _LATE_NIGHT.match(text, match.end()) else (day,)
    yield Quantity(*match.span(), tuple(map(float, days)), "weekday")


def _read_clock(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    hour, minute = (int(part) for part in match.group().split(":"))
    if hour <= 24 and minute < 60:
        yield _time(text, match.start(), match.end(), hour, minute)


def _read_run(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    run = match.group()
    after = AFTER.match(text, end)
    if _is_name(text, start, end, after) or run.count(".") + run.count("・") > 1:
        return  # the last: 3・4・5 is a list, 1.2.3 a version
    counter = after[1] if after else ""
    kind, unit = COUNTERS.get(counter, ("number", None))
    if "数" in run:
        yield from _read_vague(text, start, end, after)
    elif kind == "date":
        found = _read_calendar(text, start, end, counter, parse(run))
        yield replace(found, values=found.values + _either(run)) if found.kind == "number" else found
    else:
        value, stop = parse(run), after.end() if after else end
        if text.startswith("半", stop) and unit in ("year", "month", "hour", "week"):
            value, stop = value + 0.5, stop + 1
        if counter == "円" and (sen := _SEN.match(text, stop)):
            value, stop = tidy(value + float(sen[1]) / 100), sen.end()
        values: tuple[float, ...] = (value, *_either(run))
        if counter == "回忌" and value > 1:  # the death itself is the first: the 13th is held 12 years on
            values = (value, value - 1)
        if kind == "number":
            kind, unit = _told_by_neighbours(text, start, end, counter, unit)
        yield Quantity(start, stop, values, kind, unit, *_hedge(text, start, end))


def _either(run: str) -> tuple[float, ...]:
    """Both numbers of "five or six", which 五六 may be as well as 56."""
    pair = [DIGIT.get(c, 0) for c in run]
    return (float(pair[0]), float(pair[1])) if len(pair) == 2 and 0 < pair[0] == pair[1] - 1 else ()


def _told_by_neighbours(text: str, start: int, end: int, counter: str, unit: str | None) -> tuple[Kind, str | None]:
    """Kind and unit of a number whose counter does not settle them: （45）, 第1回, 華氏91度, $5, 3-2."""
    before = text[max(0, start - 3) : start]
    if before.endswith("第") or (not counter and text.startswith(("号", "番", "期"), end)):
        return "ordinal", None
    if before.endswith("華氏"):
        return "number", "fahrenheit"
    if counter:
        in_score = unit is None and _SCORE.search(text, max(0, start - 3), end + 3)
        return "number", "score" if in_score else unit
    if before.endswith("(") and text[end : end + 1] == ")" and end - start <= 3 and text[start:end].isdigit():
        return "age", "year"
    if before[-1:] in _CURRENCY:
        return "money", _CURRENCY[before[-1]]
    return "number", "score" if _SCORE.search(text, max(0, start - 3), end + 3) else None


def _is_name(text: str, start: int, end: int, after: re.Match[str] | None) -> bool:
    """Whether the numeral belongs to a name or an ordinary word, so that it is no number."""
    run = text[start:end]
    if not any(c.isascii() for c in run):
        return _is_word(text, start, end, after)
    before = text[max(0, start - 2) : start]
    following = text[end : end + 1]
    if _LATIN.search(before):
        return not (before[-1] in ERAS and following == "年")
    if _LATIN.match(following):
        return LATIN_UNIT.match(text, end) is None
    return run in COMMEMORATIVE and after is None


def _is_word(text: str, start: int, end: int, after: re.Match[str] | None) -> bool:
    """Whether a run of kanji numerals is part of a name or word: 三重県, 一部, 人数, 第三者, 二人三脚."""
    run, before = text[start:end], text[start - 1 : start]
    if run == "数" and before and "一" <= before <= "鿿":
        return True
    if before == "第":
        return after is None
    if after is None or before in ("唯", "統", "万", "画"):
        return True
    if after[1] in NOT_AFTER_KANJI and (len(run) == 1 or after[1] not in "名度秒軒"):
        return True
    return LEXICAL.match(text, start) is not None


def _read_vague(text: str, start: int, end: int, after: re.Match[str] | None) -> Iterator[Quantity]:
    """数百人, 十数年: a span of values."""
    run = text[start:end]
    if after is None and len(run) < 2:
        return
    unit = COUNTERS[after[1]][1] if after else None
    if after and after[1] in ("年", "日"):
        unit = {"年": "year", "日": "day"}[after[1]]
    low, high = parse(run, 2), parse(run, 9)
    yield Quantity(start, after.end() if after else end, (low, high), "vague", unit, approximate=True)


def _read_calendar(text: str, start: int, end: int, counter: str, value: float) -> Quantity:
    """A run before 年, 月, 日, 時, 年代, 年度 or 代: which of date, time, age group or duration it is."""
    stop = text.index(counter, end) + len(counter)
    if counter == "時":
        return _read_time(text, start, stop, value)
    if counter == "代":
        return Quantity(start, stop, (value,), "age", "decade")
    if counter in ("月", "日"):
        return Quantity(start, stop, (value,), "date", "m" if counter == "月" else "d")
    era = next((name for name in ERAS if text.endswith(name, 0, start)), "")
    if era and (len(era) == 2 or not text[max(0, start - 2) : start - 1].isalpha()):
        return Quantity(start - len(era), stop, (value + ERAS[era],), "date", "y")
    if value >= 1000 or counter != "年":
        return Quantity(start, stop, _years(value), "date", "y")
    values: tuple[float, ...] = (value,)
    if text.startswith("半", stop) and not text.startswith("半ば", stop):
        values, stop = (value + 0.5,), stop + 1
    elif 10 <= value < 100 and value.is_integer() and not text.startswith(_DURATION, stop):
        values = (value, *_years(value))
    return Quantity(start, stop, values, "number", "year", *_hedge(text, start, end))


def _years(value: float) -> tuple[float, ...]:
    """A year written with two digits: this century's or the last's.

    >>> _years(24.0), _years(95.0), _years(2019.0)
    ((2024.0,), (1995.0,), (2019.0,))
    """
    if value >= 100:
        return (value,)
    return (value + 2000,) if value < 50 else (value + 1900,)


def _read_time(text: str, start: int, stop: int, hour: float) -> Quantity:
    match = _MINUTES.match(text, stop)
    if match is None:  # 時代, 時点: the run has nothing to do with the clock
        return Quantity(start, stop - 1, (hour,), "number")
    minute = 30.0 if match[1] == "半" else parse(match[2]) if match[2] else 0.0
    return _time(text, start, match.end(), hour, minute)


def _time(text: str, start: int, end: int, hour: float, minute: float) -> Quantity:
    half = _HALF_DAY.search(text, max(0, start - 4), start)
    clock = round(hour + minute / 60, 4)
    values: tuple[float, ...] = (clock, clock + 12)
    if half and half[3] and (hour < 5 or hour == 12):  # 深夜2時 is after midnight, which 夜12時 is
        values = (clock % 12, clock % 12 + 24)
    elif hour >= 24:  # 25時: how programme listings write one in the morning
        values = (clock, clock - 24)
    elif half and not half[1] and hour < 12:
        values = (clock + 12,)
    elif half or hour > 12:
        values = (clock,)
    return Quantity(half.start() if half else start, end, values, "time")


def _hedge(text: str, start: int, end: int) -> tuple[bool, int]:
    """Whether the number is only about right, and whether it is a lower (1) or an upper (-1) bound."""
    match = _BOUND_AFTER.match(text, end)
    about = _ABOUT_BEFORE.search(text, max(0, start - 5), start) is not None
    if match is None:
        return about, 0
    return True, _BOUNDS.get(match[1], 1)


def _join_dates(text: str, found: list[Quantity]) -> list[Quantity]:
    """2019年, 2月 and 26日 together are one date; 7 in 7~9月 is a month, 69年 in 1825~69年 is 1869."""
    joined: list[Quantity] = []
    for item in found:
        last = joined[-1] if joined else None
        if last and item.kind == "date" and item.unit and text[last.end : item.start] in ("", " "):
            year = last.values[-1:] if last.kind == "number" and last.unit == "year" else last.values
            unit = "y" if last.kind == "number" else last.unit or ""
            if (last.kind == "date" or len(last.values) == 2) and unit[-1:] + item.unit[:1] in ("ym", "md"):
                joined[-1] = Quantity(last.start, item.end, year + item.values, "date", unit + item.unit)
                continue
        if last and _is_year_range(text, last, item):
            century = last.values[0] // 100 * 100
            item = Quantity(item.start, item.end, (century + item.values[0],), "date", "y")
        in_list = last and last.end + 1 == item.start and last.kind == "number" and last.unit in (None, "score")
        if last and in_list and item.kind == "date" and item.unit in ("m", "d") and len(last.values) == 1:
            joined[-1] = Quantity(last.start, last.end, last.values, "date", item.unit)
        joined.append(item)
    return joined


def _is_year_range(text: str, last: Quantity, item: Quantity) -> bool:
    """Whether `item` is the short second year of a range that began with a whole one."""
    if len(item.values) != 2 or item.unit != "year" or text[last.end : item.start] not in ("~", "-"):
        return False
    return last.unit in (None, "score", "y") and 1000 <= last.values[0] <= 2100


_READERS: dict[str, Callable[[str, re.Match[str]], Iterator[Quantity]]] = {
    "ymd": _read_ymd,
    "clock": _read_clock,
    "fraction": _read_fraction,
    "wari": _read_wari,
    "word": _read_word,
    "relative": _read_relative,
    "phase": _read_phase,
    "weekday": _read_weekday,
    "run": _read_run,
}
