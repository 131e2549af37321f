"""When two values from a text and its translation may be one, and when two that differ are rivals.

`agree` is generous: it accepts rounding, conversion and shares written in another way, because whoever
compares texts wants silence where there is doubt. `comparable` is narrow: only values of one sort and unit
contradict each other. Does not decide which values belong together in a sentence; `fidelity` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from align.numbers import expressions
from align.numbers_en_words import MONTH, MONTHS
from align.quantity import UNITS, Quantity

DATE_SORTS = frozenset({"year", "month", "day", "time", "phase", "weekday"})
_CLOSED_SORTS = frozenset({"time", "phase", "weekday"})  # their values mean nothing as plain numbers
# Sorts of which none is another: at 24 is not on the 24th, nor 24 percent.
_APART = frozenset({"age", "year", "month", "day", "money", "share"})
# Sorts that no month and no year is: "first" is not January, nor are 2,006 people the year 2006.
_NEVER_DATES = frozenset({"ordinal", "count", "times", "length", "mass", "area", "volume", "temperature"})
# Sorts in which a unit gives the digits their meaning: the 2 of 2割 is no other 2.
_MEASURED = frozenset({"share", "time", "money", "duration", "length", "mass", "area", "volume"})
_PARTS = {"y": "year", "m": "month", "d": "day"}
_ROUNDING = 0.1  # how far a rounded or converted value may be off, as a share of the larger one


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparable value: a quantity, or one part of a date.

    `sort` says what it may be compared with: year, month, day, time, share, times, money, age, ordinal,
    phase, weekday, number, or its unit's dimension. A `soft` atom was worked out from the article's date (昨年).
    """

    quantity: Quantity
    sort: str
    values: tuple[float, ...]
    unit: str | None = None
    soft: bool = False

    @property
    def vague(self) -> bool:
        return self.quantity.kind == "vague"


def atoms(text: str, lang: str, today: tuple[int, int] | None) -> tuple[Atom, ...]:
    """The comparable values of `text`; `today` is the year and month of its article."""
    return tuple(chain.from_iterable(_atoms_of(q, today) for q in expressions(text, lang)))


def _atoms_of(quantity: Quantity, today: tuple[int, int] | None) -> Iterator[Atom]:
    kind, unit, values = quantity.kind, quantity.unit, quantity.values
    if kind == "date":
        for part, value in zip(unit or "", values, strict=True):
            yield Atom(quantity, _PARTS[part], (value,))
    elif kind == "relative":
        if today is not None:
            value = today[0] + values[0] if unit == "y" else (today[1] + values[0] - 1) % 12 + 1
            yield Atom(quantity, _PARTS[unit or "y"], (float(value),), soft=True)
    elif kind in ("percent", "fraction"):
        scale = 100.0 if kind == "fraction" else 1.0
        yield Atom(quantity, "share", tuple(v * scale for v in values), "percent")
    elif kind in ("number", "vague"):
        yield Atom(quantity, UNITS[unit][0] if unit in UNITS and unit != "point" else "number", values, unit)
    else:
        yield Atom(quantity, kind, values, unit)


def agree(a: Atom, b: Atom) -> bool:
    """Whether both may mean the same value, whatever they count."""
    if a.sort != b.sort and (not _CLOSED_SORTS.isdisjoint((a.sort, b.sort)) or _are_apart(a, b)):
        return False
    if a.vague or b.vague:
        if a.sort != b.sort and not DATE_SORTS.isdisjoint((a.sort, b.sort)):
            return False
        low_a, high_a = _span(a)
        low_b, high_b = _span(b)
        return low_a <= high_b and low_b <= high_a
    for x in a.values:
        for y in b.values:
            if x == y or _rounds_to(x, y, a, b) or _same_short_year(x, y, a, b):
                return True
            if a.sort != b.sort and _same_share(x, y, a, b):
                return True
    return convertible(a, b)


def _are_apart(a: Atom, b: Atom) -> bool:
    """Whether equal digits of two sorts mean nothing."""
    if _APART.issuperset((a.sort, b.sort)):
        return True
    dates, others = {a.sort, b.sort} & {"month", "year"}, {a.sort, b.sort} & _NEVER_DATES
    return bool(dates and others)


def _span(a: Atom) -> tuple[float, float]:
    """The values an atom may mean: "more than 10" reaches up to 20, as 十数 does."""
    low, high = min(a.values), max(a.values)
    if a.vague:
        return low * 0.9, high * 1.1
    return low * (0.5 if a.quantity.bound < 0 else 0.9), high * (2.0 if a.quantity.bound > 0 else 1.1)


def _rounds_to(x: float, y: float, a: Atom, b: Atom) -> bool:
    """Whether y is x with fewer digits: "about 290,000" for 290,214, one-third for 33%."""
    if a.sort in DATE_SORTS or b.sort in DATE_SORTS or a.sort in ("age", "ordinal"):
        return False
    if a.sort == b.sort == "share" and "fraction" in (a.quantity.kind, b.quantity.kind):
        return abs(x - y) <= 3.5 or _about_half(a, y) or _about_half(b, x)
    larger, smaller = max(abs(x), abs(y)), min(abs(x), abs(y))
    if larger - smaller > _ROUNDING * larger:
        return False
    return _last_digit(x) < _last_digit(y) and larger - smaller < _last_digit(y)


def is_rounded(a: Atom, b: Atom) -> bool:
    """Whether two atoms agree by rounding alone."""
    both = [(x, y) for x in a.values for y in b.values]
    return all(x != y for x, y in both) and any(_rounds_to(x, y, a, b) for x, y in both) and not convertible(a, b)


def _about_half(a: Atom, share: float) -> bool:
    """Whether `share` is what "over half" or "nearly half" may mean."""
    if a.quantity.kind != "fraction" or a.values != (50.0,):
        return False
    low, high = {1: (50, 100), 0: (45, 55), -1: (40, 50)}[a.quantity.bound]
    return low <= share <= high


def _same_short_year(x: float, y: float, a: Atom, b: Atom) -> bool:
    """Whether a year was written with two digits: 35年 taken for this century's, but of the last; 06年; `23` alone."""
    if a.sort == b.sort:
        return a.sort == "year" and abs(x - y) == 100 and 2000 <= max(x, y) < 2050
    year, other = (x, y) if a.sort == "year" else (y, x)
    return (
        "year" in (a.sort, b.sort) and {a.sort, b.sort} <= {"year", "number", "duration"} and year % 100 == other < 100
    )


def _last_digit(x: float) -> float:
    """The place value of the last non-zero digit: 10,000 for 290,000, 0.1 for 2.5."""
    step = 1e-4
    while step < 1e13 and abs(x / (step * 10) - round(x / (step * 10))) < 1e-7:
        step *= 10
    return step


def _same_share(x: float, y: float, a: Atom, b: Atom) -> bool:
    """31.2 (percent) is .312, 200% is 2 times."""
    return "share" in (a.sort, b.sort) and (abs(x - y * 100) < 1e-6 or abs(y - x * 100) < 1e-6)


def convertible(a: Atom, b: Atom) -> bool:
    """Whether the two are one amount in two units of a dimension: 300 tsubo, 1,000 square meters."""
    if a.sort != b.sort or a.unit == b.unit or a.unit not in UNITS or b.unit not in UNITS:
        return False
    size_a, size_b = UNITS[a.unit][1], UNITS[b.unit][1]
    if size_a is None or size_b is None:
        return False
    for x in a.values:
        for y in b.values:
            larger = max(x * size_a, y * size_b)
            if abs(x * size_a - y * size_b) <= _ROUNDING * larger:
                return True
    return False


_SAID_OTHERWISE = {
    2: re.compile(
        r"\b(?:both|pair|twin|duo|couple|double|two|either|second|twin\w*|bi(?:annual|ennial|lateral|cycl|month|week|sect|partisan|plane|n[ao])\w*)|双|両|ツー|ダブル|ペア|コンビ|セカンド",
        re.I,
    ),
    3: re.compile(r"\btri(?:o|pl|ang|ad|ath|lat|cyc|pod)\w*|\bthree|スリー|サード|トリ|ハットトリック", re.I),
    4: re.compile(r"\bqua(?:dr|rt)\w*|フォー|カルテット", re.I),
    5: re.compile(r"\bquint\w*|ファイブ", re.I),
}
_MONTH_NAME = re.compile(rf"\b{MONTH}")
_DECIMAL_DOT = re.compile(r"(?<=\d)・(?=\d)")  # Japanese newspapers write 6・2 for 6.2
_KANJI = "〇一二三四五六七八九十"


def mentioned(a: Atom, other_text: str, others: Iterable[Atom]) -> bool:
    """Whether the bare value stands in the other text after all, perhaps in a name (G-7) or a word (duo).

    Where a unit gives digits their meaning, those of `others` of the same sort do not count: 2割 does not
    mention 2 percent; nor do those that are plainly of another: 24日 does not mention someone aged 24.
    """
    if a.sort in ("phase", "weekday") or a.vague:
        return False
    for other in others:
        if (other.sort == a.sort and a.sort in _MEASURED) or (
            other.sort != a.sort and (other.sort == "time" or _are_apart(a, other))
        ):
            start, end = other.quantity.start, other.quantity.end
            other_text = other_text[:start] + "_" * (end - start) + other_text[end:]
    if a.sort == "month" and any(MONTHS[name[:3].lower()] == a.values[0] for name in _MONTH_NAME.findall(other_text)):
        return True
    other_text = _DECIMAL_DOT.sub(".", other_text)
    for value in a.values:
        if value != int(value):
            digits = f"{value:g}"
        else:
            digits = str(int(value))
            if value in _SAID_OTHERWISE and _SAID_OTHERWISE[int(value)].search(other_text):
                return True
            if value <= 10 and _KANJI[int(value)] in other_text:
                return True
        if digits in other_text and re.search(rf"(?<!\d)(?<!\d[.,]){re.escape(digits)}(?![\d,]*\d)", other_text):
            return True
    return False


def times_worded(a: Atom, text: str) -> int:
    """How often words of a text say the atom's value, other than as a number: both, duo, a couple."""
    words = _SAID_OTHERWISE.get(int(a.values[0]))
    return len(words.findall(text)) if words else 0


def comparable(s: Atom, t: Atom) -> bool:
    """Whether two left-over atoms are of one sort, so that one stands for the other."""
    if s.soft and t.soft:
        return False
    if s.vague != t.vague:
        return False
    if s.unit == "kilo":
        return t.unit in ("km", "kg")
    if s.sort in ("money", "duration", "length", "mass", "area", "volume", "temperature", "age"):
        if s.sort == t.sort:
            return s.unit == t.unit
        return s.sort == "duration" and t.sort == "year" and len(s.values) > 1
    if s.sort == "share" and t.sort == "number":
        return t.values[0] < 1
    if s.sort in ("number", "count") and t.sort in ("number", "count"):
        return s.unit == t.unit or None in (s.unit, t.unit)
    if "number" in (s.sort, t.sort) and {s.sort, t.sort} <= {"ordinal", "number", "year", "times"}:
        return {s.unit, t.unit} == {None} and (
            "year" not in (s.sort, t.sort) or 1000 <= min(s.values[0], t.values[0]) <= 9999
        )
    if s.sort == "day" and t.sort in ("duration", "ordinal"):  # on the 24th
        return t.unit == "day" or (t.sort == "ordinal" and 3 < t.values[0] <= 31)
    return s.sort == t.sort


def loosely_comparable(s: Atom, t: Atom) -> bool:
    """Whether two left-over atoms may stand for each other though they are read as of two sorts.

    What a number counts is often told from one word beside it, and wrongly.
    """
    if s.soft or t.soft or s.vague or t.vague:
        return False
    dates = DATE_SORTS.intersection((s.sort, t.sort))
    return not dates and "share" not in (s.sort, t.sort) and not _are_apart(s, t)


def units_conflict(a: str | None, b: str | None) -> bool:
    if a is None or b is None or a == b:
        return False
    if a == "kilo":  # of length or of mass
        return b not in ("km", "kg") and b in UNITS and UNITS[b][0] in ("length", "mass", "area")
    return a in UNITS and b in UNITS and UNITS[a][0] == UNITS[b][0]


def by_value(side: Iterable[Atom]) -> dict[float, list[Atom]]:
    """The atoms of a text by each value they may have."""
    index: dict[float, list[Atom]] = {}
    for atom in side:
        for value in atom.values:
            index.setdefault(value, []).append(atom)
    return index


def only_partners(sources: Sequence[Atom], targets: Sequence[Atom]) -> list[tuple[Atom, Atom]]:
    """Pairs of exactly equal numbers that have no other partner on either side."""
    in_source, in_target = by_value(sources), by_value(targets)
    found = []
    for source in sources:
        if source.sort in DATE_SORTS or source.vague:
            continue
        twins, same = _sharing(source, in_source), _sharing(source, in_target)
        if len(twins) != 1 or len(same) != 1 or same[0].sort in DATE_SORTS or same[0].vague:
            continue
        if not any(convertible(source, t) for t in targets):
            found.append((source, same[0]))
    return found


def _sharing(a: Atom, index: dict[float, list[Atom]]) -> list[Atom]:
    """The first two atoms at most that have a value in common with `a`."""
    found: list[Atom] = []
    for value in a.values:
        found.extend(b for b in index.get(value, ())[:2] if b not in found)
    return found
