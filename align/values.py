"""Numbers, dates and units that differ in value between a text and its translation.

Nobody heeds a check that is often wrong, so a quantity is reported only when both sides have one of the same sort left
over after all that could correspond has been matched: a number dropped, added, converted or rounded is no finding.
What this does not do: understand sentences. Two numbers that changed places are both still there, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from align.comparison import Comparison, finding_of_words
from align.numbers_match import (
    DATE_SORTS,
    Atom,
    agree,
    by_value,
    comparable,
    is_rounded,
    loosely_comparable,
    mentioned,
    times_worded,
    units_conflict,
)
from align.quantity import UNITS
from corpora.records import Category, Finding, Severity


def check_values(comparison: Comparison) -> Iterator[Finding]:
    """Numbers and dates left over on both sides after matching: categories number and date."""
    sources, targets = comparison.source_atoms, comparison.target_atoms
    if not sources or not targets:
        return
    left = _left_over(comparison)
    if not left[0] and not left[1]:
        return
    # A number that stands twice where the other side has it once may stand for another: 3, 4, 5 and 3, 5, 5.
    spare = (
        [*left[0], *_repeated(sources, targets, comparison.half_target)],
        [*left[1], *_repeated(targets, sources, comparison.half_source)],
    )
    for source, target in _partners(*spare, comparison):
        if source not in left[0] and target not in left[1]:
            continue
        if shown(source) == shown(target):  # they differ by less than a reader could see
            continue
        if _OTHERS.match(comparison.half_target, target.quantity.end) and source.values[0] == target.values[0] + 1:
            continue  # four people are one of them and three others
        if comparison.half_source.startswith("おき", source.quantity.end) and target.values[0] == source.values[0] + 1:
            continue  # 2台おき is every third
        category: Category = "date" if source.sort in DATE_SORTS else "number"
        yield _finding(comparison, category, (source, target), _severity(source, target))


_OTHERS = re.compile(r" (?:\w+ )?others?\b")


def _repeated(own: tuple[Atom, ...], others: tuple[Atom, ...], other_text: str) -> Iterator[Atom]:
    """Atoms of a value that one side has more often than the other, where no word like "both" stands for it."""
    in_own = by_value(own)
    for atom in own:
        twins = [a for a in in_own[atom.values[0]] if a.values == atom.values and agree(a, atom)]
        said = sum(agree(atom, b) for b in others)
        if len(twins) > 1 and len(twins) > max(said, times_worded(atom, other_text)) and said:
            yield atom


def _is_same(a: Atom, b: Atom) -> bool:
    return a.sort == b.sort and a.values == b.values


def check_bounds(comparison: Comparison) -> Iterator[Finding]:
    """The same number as a lower bound on one side, an upper one on the other (100余り, just under 100)."""
    for source, target in comparison.equals:
        if source.quantity.bound * target.quantity.bound < 0:
            yield _finding(comparison, "number", (source, target), "major", "the bound is reversed")


def check_units(comparison: Comparison) -> Iterator[Finding]:
    """The same number of something else (80 ミリ, 80 centimeters), or for another period (月額, per year)."""
    for source, target in comparison.equals:
        if units_conflict(source.unit, target.unit):
            yield _finding(comparison, "unit", (source, target), "major", "the unit differs")
            continue
        before, after = (
            _period_before(comparison.half_source, source),
            _period_after(comparison.half_target, target),
        )
        if before and after and before != after:
            why = f"a number per {before} became one per {after}"
            yield _finding(comparison, "unit", (source, target), "major", why)


def check_conversions(comparison: Comparison) -> Iterator[Finding]:
    """A translated measure behind which brackets give it in another unit, but not as much: 30 meters (100 miles)."""
    others = {
        (a.unit, a.values, b.unit, b.values) for a, b in _in_brackets(comparison.source_atoms, comparison.half_source)
    }
    for measure, inside in _in_brackets(comparison.target_atoms, comparison.half_target):
        if (measure.unit, measure.values, inside.unit, inside.values) in others or _is_as_much(measure, inside):
            continue
        source = next((s for s in comparison.source_atoms if s.sort == measure.sort and agree(s, measure)), None)
        if source is not None:
            why = f"the brackets do not hold what {shown(measure)} {measure.unit} comes to"
            yield _finding(comparison, "unit", (source, inside), "major", why)


_OPENS_BRACKET = re.compile(r"\s*\((?:(?:about|around|approximately|roughly|some|nearly|over|約|およそ)\s*)?")
_MOST_ROUNDED = 1.3  # "a mile (2 km)"


def _in_brackets(own: tuple[Atom, ...], text: str) -> Iterator[tuple[Atom, Atom]]:
    """Measures with one of the same dimension in brackets behind them, and nothing else there."""
    for one, other in pairwise(own):
        between = text[one.quantity.end : other.quantity.start]
        if (
            one.sort == other.sort in _EXTENTS
            and _OPENS_BRACKET.fullmatch(between)
            and text.startswith(")", other.quantity.end)
        ):
            yield one, other


def _is_as_much(one: Atom, other: Atom) -> bool:
    """Whether two measures of a dimension are of about one size, or cannot be compared."""
    sizes = [UNITS[a.unit][1] if a.unit in UNITS else None for a in (one, other)]
    if sizes[0] is None or sizes[1] is None:
        return True
    pairs = ((x * sizes[0], y * sizes[1]) for x in one.values for y in other.values)
    return any(max(pair) <= _MOST_ROUNDED * min(pair) for pair in pairs)


def check_rates(comparison: Comparison) -> Iterator[Finding]:
    """A price or rate for one unit that became one for another: 1バレル=70ドル, $70 a gallon."""
    if set(comparison.languages) != {"ja", "en"}:
        return
    japanese = _RATE_IN_JAPANESE.findall(comparison.japanese)
    english = _RATE_IN_ENGLISH.findall(comparison.english) if japanese else []
    if len(japanese) != 1 or len(english) != 1 or _RATES[japanese[0]] == _UNIT_OF_RATE[english[0].rstrip("s")]:
        return
    spans = _RATE_IN_JAPANESE.search(comparison.japanese), _RATE_IN_ENGLISH.search(comparison.english)
    assert spans[0]
    assert spans[1]
    why = "a number for one unit became one for another"
    yield finding_of_words(comparison, "unit", "unit", "major", (spans[0].span(1), spans[1].span(1)), why)


def check_ranks(comparison: Comparison) -> Iterator[Finding]:
    """The second highest that became the highest."""
    if set(comparison.languages) != {"ja", "en"}:
        return
    rank = _RANK.search(comparison.japanese)
    highest = _SUPERLATIVE.search(comparison.english) if rank else None
    if rank and highest and not _RANKED.search(comparison.english):
        spans = rank.span(), highest.span()
        yield finding_of_words(comparison, "number", "number", "major", spans, "the rank is missing")


_RATES = {"バレル": "barrel", "リットル": "liter", "ガロン": "gallon", "トン": "ton", "キロ": "kilo", "グラム": "gram"}
_RATES |= {
    "オンス": "ounce",
    "坪": "tsubo",
    "平方メートル": "square meter",
    "世帯": "household",
    "人": "person",
    "株": "share",
}
_UNIT_OF_RATE = {unit: unit for unit in _RATES.values()} | {
    "litre": "liter",
    "kilogram": "kilo",
    "kg": "kilo",
    "tonne": "ton",
}
_UNIT_OF_RATE |= {
    "acre": "acre",
    "pound": "pound",
    "troy ounce": "ounce",
    "hectare": "hectare",
    "square foot": "square foot",
}
_RATE_IN_JAPANESE = re.compile(rf"1({'|'.join(_RATES)})(?:=|当たり|あたり|につき)")
_RATE_IN_ENGLISH = re.compile(rf"(?:\d|illion|dollars|yen|euros)\s(?:an?|per) ({'|'.join(_UNIT_OF_RATE)})\b")
_RANK = re.compile(r"(?:[2-9]|[二三四五六七八九])番目[にのな]?(?:[高低大多長少小広深古新早遅強重]|良)")
_SUPERLATIVE = re.compile(
    r"\b(?:highest|lowest|largest|biggest|longest|smallest|oldest|deepest|strongest|heaviest|fastest)\b"
)
_RANKED = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|next|two|three|runner|No\. ?\d|\d+(?:nd|rd|th))\b", re.I
)


def _left_over(comparison: Comparison) -> tuple[list[Atom], list[Atom]]:
    """The atoms of each side that nothing on the other side accounts for."""
    sources, targets = comparison.source_atoms, comparison.target_atoms
    in_source, in_target = by_value(sources), by_value(targets)
    left_source = [
        s
        for s in sources
        if not _written(s, in_target, comparison.half_target)
        and not _answered(s, sources, targets, comparison.half_target)
        and not mentioned(s, comparison.half_target, targets)
    ]
    left_target = [
        t
        for t in targets
        if not _written(t, in_source, comparison.half_source)
        and not any(_agree(s, t, targets, s) for s in sources)
        and not mentioned(t, comparison.half_source, sources)
    ]
    return left_source, left_target


def _agree(s: Atom, t: Atom, own: tuple[Atom, ...], other: Atom) -> bool:
    """Whether source and target agree, but not where one is taken for rounded and is exact: 43 in 40 to 43.

    `other` is whichever of the two `own`, the atoms of the opposite side, may hold exactly.
    """
    return agree(s, t) and not (is_rounded(s, t) and any(_is_same(a, other) for a in own))


def _answered(s: Atom, sources: tuple[Atom, ...], targets: tuple[Atom, ...], text: str) -> bool:
    """Whether a target agrees; one in brackets, a conversion say, does not where another beside it disagrees."""
    agreeing = [t for t in targets if _agree(s, t, sources, t)]
    if not agreeing:
        return False
    rival = any(t.sort == s.sort and t.unit == s.unit and not agree(s, t) and not _is_aside(t, text) for t in targets)
    return not rival or not all(_is_aside(t, text) for t in agreeing)


def _written(a: Atom, others: dict[float, list[Atom]], text: str) -> bool:
    """Whether the first atom of equal value agrees and stands in no brackets: a short way, for many numbers."""
    equals = (others[value][0] for value in a.values if value in others)
    return any(agree(a, equal) and not _is_aside(equal, text) for equal in equals)


def _is_aside(a: Atom, text: str) -> bool:
    """Whether the atom stands in brackets, as a conversion or an explanation that the translator added."""
    if a.quantity.kind == "age":
        return False
    before = text[: a.quantity.start]
    return before.rfind("(") > before.rfind(")")


_EXTENTS = frozenset(["length", "mass", "area", "volume"])
_EXACT = _EXTENTS | {"share", "money"}


def _is_weak(a: Atom) -> bool:
    """Ones and once: prose uses them without counting, so a difference means nothing."""
    counted = a.soft or a.unit == "score" or a.sort in _EXACT or a.sort in DATE_SORTS
    return not counted and max(a.values) in (0.0, 1.0)


def _partners(left_source: list[Atom], left_target: list[Atom], comparison: Comparison) -> Iterator[tuple[Atom, Atom]]:
    """Pairs of left-over atoms that seem to translate each other: those of one sort first, then any that may."""
    sources = [s for s in left_source if not _is_weak(s)]
    targets = [t for t in left_target if not _is_weak(t)]
    for may_be_rivals in (comparable, loosely_comparable):
        for source in tuple(sources):
            aside = _is_aside(source, comparison.half_source)
            rivals = [
                t for t in targets if may_be_rivals(source, t) and (aside or not _is_aside(t, comparison.half_target))
            ]
            if not rivals:
                continue
            place = source.quantity.start / len(comparison.source)
            best = min(rivals, key=lambda t: abs(t.quantity.start / len(comparison.target) - place))
            targets.remove(best)
            sources.remove(source)
            yield source, best


_PERIODS = {"日": "day", "週": "week", "月": "month", "年": "year"}
_PERIOD_BEFORE = re.compile(
    r"(?<![\d一-鿿]|[カかヶケヵ])(?:毎)?([日週月年])(?:額|間|給|収|に)?(?:約|最大)?$|1(日|週|月|年)(?:間)?(?:当たり|あたり|に)$"
)
_PERIOD_AFTER = re.compile(
    r"[^,.;]{0,24}?\b(?:(?:a|per|each|every) (day|week|month|year)|(daily|weekly|monthly|yearly|annually))\b"
)
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}


def _period_before(text: str, a: Atom) -> str | None:
    """The period a Japanese rate names before its number: 週3便, 月額800円."""
    match = _PERIOD_BEFORE.search(text, max(0, a.quantity.start - 6), a.quantity.start)
    return _PERIODS[match[1] or match[2]] if match else None


def _period_after(text: str, a: Atom) -> str | None:
    """The period an English rate names after its number: three boats a week."""
    match = _PERIOD_AFTER.match(text, a.quantity.end)
    return (match[1] or _ADVERBS[match[2]]) if match else None


def _severity(s: Atom, t: Atom) -> Severity:
    """A slip of a power of ten is critical, whatever else differs is major."""
    if s.sort in DATE_SORTS or s.vague:
        return "major"
    for x in s.values:
        for y in t.values:
            larger, smaller = max(x, y), min(x, y)
            while smaller and larger > smaller * 1.5:
                smaller *= 10
            if smaller and larger == round(smaller, 6):
                return "critical"
    return "major"


def _finding(
    comparison: Comparison, category: Category, pair: tuple[Atom, Atom], severity: Severity, why: str = ""
) -> Finding:
    spans = [(a.quantity.start, a.quantity.end) for a in pair]
    texts = comparison.source[slice(*spans[0])], comparison.target[slice(*spans[1])]
    values = [shown(a) for a in pair]
    message = f"source says {texts[0]} ({values[0]}); target says {texts[1]} ({values[1]})"
    return Finding(category, severity, spans[0], spans[1], f"{message}: {why}" if why else message, category, *values)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def shown(a: Atom) -> str:
    """The value in words or digits, with its unit."""
    if a.sort == "phase":
        return ("early", "middle", "late")[int(a.values[0])]
    if a.sort == "weekday":
        return _WEEKDAYS[int(a.values[0])]
    if a.sort == "time":
        return f"{int(a.values[0])}:{round(a.values[0] % 1 * 60):02d}"
    if a.sort in ("year", "month", "day"):
        return f"{a.sort} {int(a.values[0])}"
    if a.vague:
        return f"{a.values[0]:,.0f} to {a.values[-1]:,.0f}"
    return f"{a.values[0]:,.10g}" if a.values[0] < 1e10 else f"{a.values[0]:,.0f}"
