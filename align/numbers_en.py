"""How English writes numbers: digits with scale words, number words, ordinals, month names, clock times.

One regular expression (`numbers_en_words.TOKEN`) finds candidates and a reader for each sort gives the value;
the unit is the unit or counted thing among the next words. `one` and `second` are numbers only where the
words beside them say so, `May` and `March` are months only in a date's place. Text must be half-width.
Does not read Roman numerals, or numbers beyond trillions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from align import numbers_en_words as lexicon
from align.numbers_en_words import (
    CARDINAL,
    CURRENCY,
    DENOMINATOR,
    MONTH,
    ORDINAL,
    SCALE,
    SCALE_LETTERS,
    UNITS,
)
from align.quantity import Kind, Quantity, tidy

_MONTH = re.compile(MONTH)
_DATE_BEFORE = re.compile(
    r"(?:\b(?i:in|since|of|by|until|till|through|from|last|next|this|between|and|to|for|during|on|before|after|late"
    r"|early|mid)[ -]|-)$"
)
_NEXT_WORDS = re.compile(r"[ -]*([A-Za-z]+)\.?(?:[ -]([A-Za-z]+))?(?:[ -]([A-Za-z]+))?")
_SCALE_AFTER = re.compile(rf"[ -]?({lexicon.any_of(SCALE)})s?\b|(bn|tn|k)\b|(?P<letter>[mb])\b", re.I)
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)\b")
_HALF_AFTER = re.compile(r" and a half\b| 1/2\b")
_OLD_AFTER = re.compile(r"[- ]olds?\b")
_AGE_BEFORE = re.compile(r"\bage[ds]?(?: of)? $")
_NAME_BEFORE = re.compile(r"[A-Z][A-Za-z]*-$")
_NAME_AFTER = re.compile(r"-?[A-Z](?:\b|[A-Z0-9])|[a-z]+\d")
_HOUR_AFTER = re.compile(r" in the (morning|afternoon|evening)\b")
_FEET_BEFORE = re.compile(r"\d[- ](?:foot|feet|ft)[- ]$")  # 6-foot-6: the inches say nothing by themselves
_SCORE = re.compile(r"[0-9](?:-| to )[0-9]")
_FRACTION_AFTER = re.compile(r" of\b|[.,;:)]|$")
_OF_WHAT = re.compile(r"[ -](?:an? |of an? )?(century|decade|year|month|day|hour|mile|dozen|million)\b")
_FISCAL_QUARTER = re.compile(r" of (?:the |this |last )?(?:fiscal )?(?:year|\d)")
_HALF_OF_GAME = re.compile(r"(?:first|second|latter|other|better)[ -]$", re.I)
_SECOND_UNIT_BEFORE = re.compile(rf"(?:\d|\b(?:per|split|each|every|{lexicon.any_of(CARDINAL)}))[ -]$", re.I)
_NOUN_AFTER = re.compile(r"[- ](?!(?:to|or|of|later|ago)\b)[a-z]")
_FIRST_NAME = re.compile(r" (?:lady|ladies|name)\b")
_BOUND_BEFORE = re.compile(
    r"(?:(?P<over>more than|over|at least|exceed(?:ing|ed|s)?|upwards of|in excess of|topp(?:ed|ing))"
    r"|(?P<under>fewer than|less than|under|nearly|almost|just shy of|close to|up to)"
    r"|about|around|some|roughly|approximately|estimated)(?: (?:a|an|the))? (?:[$¥€£])?$",
    re.I,
)
_BOUND_AFTER = re.compile(
    r"(?:[ -]\w+){0,2}? (?:or|and)"
    r" (?:(?P<over>more|longer|older|over|higher|above)|(?P<under>fewer|less|under)|so)\b"
)


def parse_words(words: str) -> float:
    """The value of number words, ordinals included.

    >>> parse_words("two dozen"), parse_words("one hundred and five"), parse_words("twenty-third")
    (24.0, 105.0, 23.0)
    """
    total = current = 0.0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in CARDINAL:
            current += CARDINAL[word]
        elif word in ORDINAL:
            current = current * ORDINAL[word] if ORDINAL[word] >= 100 and current else current + ORDINAL[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1.0) * SCALE[word]
        elif word in SCALE:
            total += (current or 1.0) * SCALE[word]
            current = 0.0
    return total + current


def read(text: str) -> list[Quantity]:
    """Quantities of half-width English `text`, in order.

    >>> [(q.values, q.unit) for q in read("nineteen people aged 45")]
    [((19.0,), 'person'), ((45.0,), 'year')]
    """
    found: list[Quantity] = []
    for match in lexicon.tokens(text):
        if found and match.start() < found[-1].end:
            continue  # part of the expression before it: half|a century
        found.extend(_READERS[match.lastgroup or ""](text, match))
    return found


def _before(text: str, start: int, width: int) -> str:
    return text[max(0, start - width) : start]


def _read_date(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    name = _MONTH.search(text, start, end)
    assert name is not None
    parts = [float(n) for n in re.findall(r"\d+", match.group())]
    month = float(lexicon.MONTHS[name.group()[:3].lower()])
    if not parts and name.group() in ("May", "March", "Mar") and not _DATE_BEFORE.search(_before(text, start, 9)):
        return  # the verbs
    if match.lastgroup == "month":
        yield Quantity(start, end, (*parts, month), "date", "ym" if parts else "m")
    else:
        yield Quantity(start, end, (*parts[1:], month, parts[0]), "date", "ymd" if parts[1:] else "md")


def _read_time(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    if match.group() in ("noon", "midnight"):
        yield Quantity(start, end, (12.0,) if match.group() == "noon" else (0.0, 24.0), "time")
        return
    hour, minute = ([int(n) for n in re.findall(r"\d+", match.group())] + [0])[:2]
    if hour > 24 or minute > 59:
        return
    half = re.search(r"([ap])\.?m", match.group())
    morning = round(hour % 12 + minute / 60, 4)
    values: tuple[float, ...] = (morning, morning + 12)
    if half:
        values = values[:1] if half[1] == "a" else values[1:]
    elif hour > 12 or hour == 0:
        values = (round(hour + minute / 60, 4),)
    yield Quantity(start, end, values, "time")


def _read_decade(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """The 1980s are a date; the '80s too; 30s without apostrophe are an age group."""
    value = float(re.sub(r"\D", "", match.group()))
    if match.group()[0] == "'" and value < 100:
        value += 1900
    if value >= 1000:
        yield Quantity(*match.span(), (value,), "date", "y")
    elif value % 10 == 0 and 10 <= value < 100:
        yield Quantity(*match.span(), (value,), "age", "decade")


def _read_share(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    above, below = (float(n) for n in match.group().split("/"))
    if above < below and match.group() not in ("3/11", "9/11"):
        yield Quantity(*match.span(), (above / below,), "fraction")


def _read_digits(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    token = match.group()
    if _is_name(text, start, end) or _FEET_BEFORE.search(_before(text, start, 7)):
        return
    value = float(token.lstrip("'").replace(",", ""))
    if len(token) == 3 and token[0] == "'":
        yield Quantity(start, end, (value + (2000 if value < 50 else 1900),), "date", "y")
        return
    start += token[0] == "'"
    ordinal = _ORDINAL_AFTER.match(text, end)
    if ordinal:
        yield Quantity(start, ordinal.end(), (value,), "ordinal")
        return
    currency = CURRENCY.get(_before(text, start, 1))
    scale = _SCALE_AFTER.match(text, end)
    if scale and (currency or not scale["letter"]):
        size = (SCALE | SCALE_LETTERS)[(scale[1] or scale[2] or scale["letter"]).lower()]
        value, end = tidy(value * size), scale.end()
    half = _HALF_AFTER.match(text, end)
    if half:
        value, end = value + 0.5, half.end()
    if currency:
        yield Quantity(start - 1, end, (value,), "money", currency, *_hedge(text, start - 1, end))
    else:
        yield _with_unit(text, start, end, value, bare_year=len(token) == 4 and token.isdigit())


def _is_name(text: str, start: int, end: int) -> bool:
    """COVID-19, G-7, 5G: digits tied to letters; and the dates that became names."""
    if _NAME_BEFORE.search(_before(text, start, 12)):
        return _before(text, start, 4).lower() != "mid-"
    return text[start:end] in ("3.11", "9.11") or _NAME_AFTER.match(text, end) is not None


def _with_unit(text: str, start: int, end: int, value: float, *, bare_year: bool = False) -> Quantity:
    """The number with what the next words say it counts."""
    kind, unit, stop = _unit_after(text, end)
    clock = _HOUR_AFTER.match(text, end) if value in range(1, 13) else None
    if clock:
        hours = value % 12 + 12 * (clock[1] != "morning")
        return Quantity(start, clock.end(), (hours,), "time")
    if bare_year and kind == "number" and unit is None and 1000 <= value <= 2100:
        kind, unit = "date", "y"
    elif kind == "number" and unit == "year" and _OLD_AFTER.match(text, stop):
        kind = "age"
    elif kind == "number" and unit is None and value < 130 and _is_age(text, start, end):
        kind, unit = "age", "year"
    elif kind == "number" and unit is None and _SCORE.search(text, max(0, start - 4), end + 4):
        unit = "score"
    return Quantity(start, stop, (value,), kind, unit, *_hedge(text, start, stop))


def _is_age(text: str, start: int, end: int) -> bool:
    """`Sato, 45, said`, `Sato (45)`, `aged 45`."""
    before, following = _before(text, start, 8), text[end : end + 1]
    if before.endswith("(") and following == ")":
        return True
    if before.endswith(", ") and following and following in ",.;":
        return True
    return _AGE_BEFORE.search(before) is not None


def _unit_after(text: str, end: int) -> tuple[Kind, str | None, int]:
    """Kind, unit and end of the expression, from the words behind the number."""
    if text[end : end + 1] == "%":
        return "percent", "percent", end + 1
    match = _NEXT_WORDS.match(text, end)
    if match is None:
        return "number", None, end
    first, second, third = (word.lower() if word else "" for word in match.groups())
    unit, stop = UNITS.get(first), match.end(1)
    if first == "per" and second == "cent":
        return "percent", "percent", match.end(2)
    if first in ("percent", "percentage") and second.startswith("point"):
        return "number", "point", match.end(2)
    if first in ("square", "sq"):
        square = {"km": "sqkm", "m": "sqm", "foot": "sqft", "mile": "sqmile"}.get(UNITS.get(second, ""))
        return "number", square, match.end(2) if square else end
    if first in ("degree", "degrees"):
        return "number", second if second in ("celsius", "fahrenheit") else None, stop
    if unit is None and first in ("metric", "short", "us", "calendar", "consecutive", "straight", "more"):
        unit, stop = UNITS.get(second), match.end(2)
    if unit is None:  # 1,200 elderly residents: a counted thing may stand behind adjectives
        things = [UNITS[word] for word in (second, third) if UNITS.get(word) in lexicon.COUNTED]
        return "number", things[0] if things else None, end
    if unit == "percent":
        return "percent", unit, stop
    if unit == "times":
        return "times", None, stop
    return "money" if unit in lexicon.MONEY else "number", unit, stop


def _read_fraction(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    first, _, second = match.group().lower().replace("-", " ").partition(" ")
    above, below = CARDINAL.get(first, 1), DENOMINATOR.get(second) or DENOMINATOR.get(second[:-1], 2)
    if first in ("a", "an") and second not in ("half", "quarter") and not _FRACTION_AFTER.match(text, end):
        yield Quantity(start, end, (float(below),), "ordinal")  # a third man
        return
    of = _OF_WHAT.match(text, end)
    if of and of[1] in SCALE:
        yield Quantity(start, of.end(), (above / below * SCALE[of[1]],), "number")
    elif of:
        yield Quantity(start, of.end(), (above / below,), "number", of[1])
    elif second != "quarter" or not _FISCAL_QUARTER.match(text, end):
        yield Quantity(start, end, (above / below,), "fraction", approximate=True)


def _read_vague(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    """Dozens, several hundred, tens of thousands: a span of values."""
    start, end = match.span()
    words = match.group().lower().split()
    low, high, unit = 2.0, 9.0, "decade" if words == ["decades"] else None
    if unit is None:
        scale = SCALE[words[-1].removesuffix("s")]
        tens = {"tens": 10, "hundreds": 100}.get(words[0], 0) if len(words) > 1 else 0
        low, high = (1.0 * scale * tens, 9.0 * scale * tens) if tens else (2.0 * scale, 9.0 * scale)
        unit = _unit_after(text, end)[1]
    yield Quantity(start, end, (low, high), "vague", unit, approximate=True)


def _read_words(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    words = match.group().lower()
    *before, last = re.split(r"[ -]", words)
    if last in ORDINAL and before and 0 < CARDINAL.get(before[-1], 0) < 20:  # four second years are no 6th
        end -= len(last) + 1
        words = words[: -len(last) - 1]
    value = parse_words(words)
    last = re.split(r"[ -]", words)[-1]
    if last in ORDINAL:
        if _is_ordinal(text, start, end, last):
            yield Quantity(start, end, (value,), "ordinal")
        return
    if text.startswith(" o'clock", end):
        yield Quantity(start, end + len(" o'clock"), (value, value + 12), "time")
        return
    half = _HALF_AFTER.match(text, end)
    if half:
        value, end = value + 0.5, half.end()
    quantity = _with_unit(text, start, end, value)
    if words != "one" or quantity.unit or quantity.kind != "number" or text[end : end + 1] == "-":
        yield quantity  # any other `one` is a pronoun, or as good as one


def _is_ordinal(text: str, start: int, end: int, last: str) -> bool:
    """Not the first of first lady and at first, not the second that is a unit of time."""
    if last == "second":
        unit = _SECOND_UNIT_BEFORE.search(_before(text, start, 12))
        return not unit and _NOUN_AFTER.match(text, end) is not None
    return last != "first" or not (_before(text, start, 3).lower() == "at " or _FIRST_NAME.match(text, end))


def _read_special(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    word = match.group().lower()
    if word.endswith("and a half"):
        yield Quantity(start, end, (1.5,), "number", word.split()[1])
        return
    if word.endswith(("decade", "century")):
        value = 0.25 if word.startswith("quarter") else 1.0
        yield Quantity(start, end, (value,), "number", word[-7:].strip())
        return
    kind, unit, value = lexicon.SPECIAL[word[:4]]
    if word == "half":
        if _HALF_OF_GAME.search(_before(text, start, 8)):
            return
        of = _OF_WHAT.match(text, end)
        if of and of[1] in SCALE:
            kind, value, end = "number", value * SCALE[of[1]], of.end()
        elif of:
            kind, unit, end = "number", of[1], of.end()
    yield Quantity(start, end, (value,), kind, unit, *(_hedge(text, start, end) if kind == "fraction" else ()))


def _read_relative(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    word = match.group().lower()
    offset = {"last": -1.0, "this": 0.0, "next": 1.0}[word[:4]]
    yield Quantity(*match.span(), (offset,), "relative", "m" if word.endswith("month") else "y")


def _read_phase(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    word = match.group().lower()
    phase = 0.0 if word.startswith("early") or "beginning" in word else 1.0 if "mid" in word else 2.0
    yield Quantity(*match.span(), (phase,), "phase")


def _read_weekday(_text: str, match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity(*match.span(), (float(lexicon.WEEKDAYS.index(match.group()[:3].lower())),), "weekday")


def _hedge(text: str, start: int, end: int) -> tuple[bool, int]:
    """Whether the number is only about right, and whether it is a lower (1) or an upper (-1) bound."""
    match = _BOUND_BEFORE.search(text, max(0, start - 22), start) or _BOUND_AFTER.match(text, end)
    if match is None:
        return False, 0
    return True, 1 if match["over"] else -1 if match["under"] else 0


_READERS: dict[str, Callable[[str, re.Match[str]], Iterator[Quantity]]] = {
    "monthday": _read_date,
    "daymonth": _read_date,
    "month": _read_date,
    "time": _read_time,
    "decade": _read_decade,
    "share": _read_share,
    "digits": _read_digits,
    "fraction": _read_fraction,
    "vague": _read_vague,
    "words": _read_words,
    "special": _read_special,
    "relative": _read_relative,
    "phase": _read_phase,
    "weekday": _read_weekday,
}
