"""Where a translation may not say what its source says: findings for a person to look at.

Each check is a function from a `Comparison` to findings; `check` strings them together. The checks so far
compare quantities by value: number for number, date for date, unit for unit. Nobody heeds a check that is
often wrong, so a quantity is reported only when both sides have one of the same sort left over after all that
could correspond has been matched: a number dropped, added, converted or rounded is no finding.
Sentences are not understood: two numbers that changed places are both still there, and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from align.numbers import LANGUAGES
from align.numbers_match import (
    DATE_SORTS,
    Atom,
    agree,
    atoms,
    comparable,
    convertible,
    mentioned,
    units_conflict,
)
from align.quantity import narrow
from corpora.errors import UsageError
from corpora.records import Category, Finding, Severity


@dataclass(frozen=True, slots=True)
class Comparison:
    """A source, its translation, and the values found in both; what every check reads.

    `half_source` and `half_target` are the texts in half-width form, offset for offset.
    """

    source: str
    target: str
    half_source: str
    half_target: str
    source_atoms: tuple[Atom, ...]
    target_atoms: tuple[Atom, ...]


def check(
    source: str, target: str, *, source_lang: str = "ja", target_lang: str = "en", date: str | None = None
) -> list[Finding]:
    """Suspected infidelities of `target` as a translation of `source`, in the order of the source.

    `date` is the source article's ISO day and gives 昨年 and 来月 their year and month. Languages without
    number rules get no findings; spans are offsets into the two strings.

    >>> for finding in check("市は１億２０００万円を投じた。", "The city spent 12 million yen."):
    ...     print(finding.category, finding.severity, finding.message)
    number critical source says １億２０００万円 (120,000,000); target says 12 million yen (12,000,000)
    """
    if source_lang not in LANGUAGES or target_lang not in LANGUAGES:
        return []
    today = _parse_date(date)
    comparison = Comparison(
        source,
        target,
        narrow(source),
        narrow(target),
        atoms(source, source_lang, today),
        atoms(target, target_lang, today),
    )
    if not comparison.source_atoms or not comparison.target_atoms:
        return []
    findings = chain.from_iterable(one(comparison) for one in CHECKS)
    return sorted(findings, key=lambda f: (f.source_span or (0, 0), f.category))


def check_values(comparison: Comparison) -> Iterator[Finding]:
    """Numbers and dates left over on both sides after matching: categories number and date."""
    left_source, left_target = _left_over(comparison)
    for source, target in _partners(left_source, left_target, comparison):
        if _shown(source) == _shown(target):  # they differ by less than a reader could see
            continue
        category: Category = "date" if source.sort in DATE_SORTS else "number"
        yield _finding(comparison, category, (source, target), _severity(source, target))


def check_bounds(comparison: Comparison) -> Iterator[Finding]:
    """The same number as a lower bound on one side, an upper one on the other (100余り, just under 100)."""
    for source, target in _equals(comparison):
        if source.quantity.bound * target.quantity.bound < 0:
            yield _finding(comparison, "number", (source, target), "major", "the bound is reversed")


def check_units(comparison: Comparison) -> Iterator[Finding]:
    """The same number of something else (80 ミリ, 80 centimeters), or for another period (月額, per year)."""
    for source, target in _equals(comparison):
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


CHECKS: tuple[Callable[[Comparison], Iterator[Finding]], ...] = (check_values, check_bounds, check_units)


def _parse_date(date: str | None) -> tuple[int, int] | None:
    """Year and month of an ISO day."""
    if date is None:
        return None
    match = re.match(r"(\d{4})-(\d\d)-\d\d", date)
    if match is None:
        raise UsageError(f"article date {date!r} is not an ISO day; write it like 2019-02-26")
    return int(match[1]), int(match[2])


def _left_over(comparison: Comparison) -> tuple[list[Atom], list[Atom]]:
    """The atoms of each side that nothing on the other side accounts for."""
    sources, targets = comparison.source_atoms, comparison.target_atoms
    in_source, in_target = _by_value(sources), _by_value(targets)
    left_source = [
        s
        for s in sources
        if not _written(s, in_target)
        and not any(agree(s, t) for t in targets)
        and not mentioned(s, comparison.half_target, targets)
    ]
    left_target = [
        t
        for t in targets
        if not _written(t, in_source)
        and not any(agree(s, t) for s in sources)
        and not mentioned(t, comparison.half_source, sources)
    ]
    return left_source, left_target


def _by_value(side: tuple[Atom, ...]) -> dict[float, list[Atom]]:
    index: dict[float, list[Atom]] = {}
    for atom in side:
        for value in atom.values:
            index.setdefault(value, []).append(atom)
    return index


def _written(a: Atom, others: dict[float, list[Atom]]) -> bool:
    """Whether the first atom of equal value agrees: a short way, for texts with many numbers."""
    return any(value in others and agree(a, others[value][0]) for value in a.values)


def _is_aside(a: Atom, text: str) -> bool:
    """Whether the atom stands in brackets, as a conversion or an explanation that the translator added."""
    if a.quantity.kind == "age":
        return False
    before = text[: a.quantity.start]
    return before.rfind("(") > before.rfind(")")


def _is_weak(a: Atom) -> bool:
    """Ones and once: prose uses them without counting, so a difference means nothing."""
    counted = a.soft or a.unit == "score" or a.sort == "share" or a.sort in DATE_SORTS
    return not counted and max(a.values) in (0.0, 1.0)


def _partners(left_source: list[Atom], left_target: list[Atom], comparison: Comparison) -> Iterator[tuple[Atom, Atom]]:
    """Pairs of left-over atoms that seem to translate each other."""
    sources = [s for s in left_source if not _is_weak(s)]
    targets = [t for t in left_target if not _is_weak(t)]
    for source in sources:
        aside = _is_aside(source, comparison.half_source)
        rivals = [t for t in targets if comparable(source, t) and (aside or not _is_aside(t, comparison.half_target))]
        if not rivals:
            continue
        place = source.quantity.start / len(comparison.source)
        best = min(rivals, key=lambda t: abs(t.quantity.start / len(comparison.target) - place))
        targets.remove(best)
        yield source, best


def _equals(comparison: Comparison) -> Iterator[tuple[Atom, Atom]]:
    """Pairs of exactly equal numbers that have no other partner on either side."""
    in_source, in_target = _by_value(comparison.source_atoms), _by_value(comparison.target_atoms)
    for source in comparison.source_atoms:
        if source.sort in DATE_SORTS or source.vague:
            continue
        twins, same = _sharing(source, in_source), _sharing(source, in_target)
        if len(twins) != 1 or len(same) != 1 or same[0].sort in DATE_SORTS or same[0].vague:
            continue
        if not any(convertible(source, t) for t in comparison.target_atoms):
            yield source, same[0]


def _sharing(a: Atom, index: dict[float, list[Atom]]) -> list[Atom]:
    """The first two atoms at most that have a value in common with `a`."""
    found: list[Atom] = []
    for value in a.values:
        found.extend(b for b in index.get(value, ())[:2] if b not in found)
    return found


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
    (source_start, source_end), (target_start, target_end) = ((a.quantity.start, a.quantity.end) for a in pair)
    message = (
        f"source says {comparison.source[source_start:source_end]}{_shown(pair[0])}; "
        f"target says {comparison.target[target_start:target_end]}{_shown(pair[1])}"
    )
    spans = (source_start, source_end), (target_start, target_end)
    return Finding(category, severity, *spans, f"{message}: {why}" if why else message)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _shown(a: Atom) -> str:
    """The value in brackets, where it is not what the text shows."""
    if a.sort == "phase":
        return f" ({('early', 'middle', 'late')[int(a.values[0])]})"
    if a.sort == "weekday":
        return f" ({_WEEKDAYS[int(a.values[0])]})"
    if a.sort == "time":
        return f" ({int(a.values[0])}:{round(a.values[0] % 1 * 60):02d})"
    if a.sort in ("year", "month", "day"):
        return f" ({a.sort} {int(a.values[0])})"
    values = f"{a.values[0]:,.10g}" if a.values[0] < 1e10 else f"{a.values[0]:,.0f}"
    if a.vague:
        values = f"{a.values[0]:,.0f} to {a.values[-1]:,.0f}"
    return f" ({values})"
