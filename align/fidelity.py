"""Where a translation may not say what its source says: findings for a person to look at.

Each check is a function from a `Comparison` to findings, known by a name under which it is switched and tuned; `check`
strings them together for one pair, `check_pairs` for many, several times as fast. What each finds, and how often it is
right, is in docs/fidelity.md.

What this does not do: understand. The checks see numbers, names, denials, and words that have no counterpart; a
translation can be wrong in every other way without a finding, and free without being wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from align import checks, values
from align.comparison import Comparison, compare
from align.numbers import LANGUAGES
from corpora.bitext import TextPair
from corpora.errors import UsageError
from corpora.records import Finding

Check = Callable[[Comparison], Iterator[Finding]]
AT_ONCE = 256  # pairs whose words are read together

# Each check, and the names under which it reports. The last ones need Japanese and English.
_OF_VALUES: tuple[tuple[Check, frozenset[str]], ...] = (
    (values.check_values, frozenset(["number", "date"])),
    (values.check_bounds, frozenset(["number"])),
    (values.check_ranks, frozenset(["number"])),
    (values.check_units, frozenset(["unit"])),
    (values.check_conversions, frozenset(["unit"])),
    (values.check_rates, frozenset(["unit"])),
)
_OF_WORDS: tuple[tuple[Check, frozenset[str]], ...] = (
    (checks.check_days, frozenset(["date"])),
    (checks.check_name, frozenset(["name"])),
    (checks.check_negation, frozenset(["negation"])),
    (checks.check_polarity, frozenset(["polarity"])),
    (checks.check_mistranslation, frozenset(["mistranslation"])),
    (checks.check_misplaced, frozenset(["polarity", "mistranslation"])),
    (checks.check_attribution, frozenset(["attribution"])),
    (checks.check_omission, frozenset(["omission"])),
    (checks.check_addition, frozenset(["addition"])),
)
NAMES = tuple(dict.fromkeys(name for _, names in (*_OF_VALUES, *_OF_WORDS) for name in sorted(names, reverse=True)))
TUNABLE = ("omission", "addition")
_NEED_CONTENT = frozenset(["name", "polarity", "mistranslation", "omission", "addition"])


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Which checks are made, and how far over its bar a leftover has to be, in log-odds, to be a finding.

    A bar above 0 means fewer findings of that check and a larger share of them right. Raises UsageError for names that
    are none.
    """

    names: frozenset[str] = frozenset(NAMES)
    bars: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := sorted(self.names.difference(NAMES)):
            raise UsageError(f"there is no check {', '.join(unknown)}; choose from {', '.join(NAMES)}")
        if untunable := sorted(set(self.bars).difference(TUNABLE)):
            raise UsageError(f"{', '.join(untunable)} has no bar; only {' and '.join(TUNABLE)} have one")


ALL = CheckOptions()


def parse_checks(only: str | None = None, without: str | None = None, bars: Sequence[str] = ()) -> CheckOptions:
    """Options from names with commas between them and from bars such as `omission=1`.

    Raises UsageError for a check or a bar that is none, and where no check is left.

    >>> sorted(parse_checks("number,date", without="date").names)
    ['number']
    """
    chosen = set(_names(only) if only is not None else NAMES)
    left = CheckOptions(frozenset(chosen)).names - CheckOptions(frozenset(_names(without or ""))).names
    if not left:
        raise UsageError(f"no check is left; choose from {', '.join(NAMES)}")
    heights: dict[str, float] = {}
    for given in bars:
        name, _, height = given.partition("=")
        try:
            heights[name.strip()] = float(height)
            if not heights[name.strip()] >= 0:
                raise UsageError(f"--bar {given}: a bar can only be raised; write a number of 0 or more")
        except ValueError:
            raise UsageError(f"--bar {given}: {height!r} is no number; write it like omission=1.5") from None
    return CheckOptions(left, heights)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def check(
    source: str,
    target: str,
    *,
    source_lang: str = "ja",
    target_lang: str = "en",
    date: str | None = None,
    options: CheckOptions = ALL,
) -> list[Finding]:
    """Suspected infidelities of `target` as a translation of `source`, in the order of the source.

    `date` is the source article's ISO day and gives 昨年 and 来月 their year and month. Spans are offsets into the two
    strings. Languages without rules get no findings; only Japanese and English get those that read words.

    >>> for finding in check("市は１億２０００万円を投じた。", "The city spent 12 million yen."):
    ...     print(finding.category, finding.severity, finding.message)
    number critical source says １億２０００万円 (120,000,000); target says 12 million yen (12,000,000)
    """
    pair = TextPair("", source, target, date)
    return next(iter(check_pairs([pair], languages=(source_lang, target_lang), options=options)))[1]


def check_pairs(
    pairs: Iterable[TextPair], *, languages: tuple[str, str] = ("ja", "en"), options: CheckOptions = ALL
) -> Iterator[tuple[TextPair, list[Finding]]]:
    """Each pair with its findings, in order. Raises UsageError for a pair with a date that is no ISO day."""
    if not set(languages) <= set(LANGUAGES):
        yield from ((pair, []) for pair in pairs)
        return
    every = (*_OF_VALUES, *_OF_WORDS) if set(languages) == set(LANGUAGES) else _OF_VALUES
    wanted = [one for one, names in every if names & options.names]
    waiting = iter(pairs)
    while batch := list(islice(waiting, AT_ONCE)):
        for pair, comparison in zip(
            batch, compare(batch, languages, bars=options.bars, words=bool(options.names & _NEED_CONTENT)), strict=True
        ):
            yield pair, _findings(comparison, wanted, options)


def _findings(comparison: Comparison, wanted: Iterable[Check], options: CheckOptions) -> list[Finding]:
    found: list[Finding] = []
    if "mistranslation" in options.names and checks.is_unrelated(comparison):
        return list(checks.check_mistranslation(comparison))
    for one in wanted:
        for finding in one(comparison):
            # What two checks see in one place is one finding.
            if finding.check in options.names and not any(_same_place(finding, other) for other in found):
                found.append(finding)
    return sorted(found, key=lambda f: (f.source_span or f.target_span or (0, 0), f.category))


def _same_place(one: Finding, other: Finding) -> bool:
    sides = ((one.source_span, other.source_span), (one.target_span, other.target_span))
    return one.category == other.category and all(a == b or (a and b and a[0] < b[1] and b[0] < a[1]) for a, b in sides)
