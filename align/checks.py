"""The checks of fidelity that read words: names, denials, confusions, what is left over, and what fits not at all.

Each is a function from a `Comparison` to findings; those of numbers, dates and units are in `align.values`. All are
for Japanese and English, in either direction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from align.comparison import Comparison, finding_of_words
from align.leftover import Lang
from align.misplaced import misplaced
from align.naming import doubtful_names
from align.negation import added_denial, denial, lost_denial, plain_denial, widened_denial
from corpora.records import Category, Finding, Severity

# A pair is unrelated below this cosine of all words and this share of them that the other side accounts for: of 2,000
# correct pairs (wmt21_enja, pud_enja) 3 are, of as many put together at random 99 %.
UNRELATED_COSINE, UNRELATED_SHARE = 0.3, 0.4
LONG_ENOUGH = 12  # characters of either side, for words to say that a pair is unrelated
WEIGHTY = 3.0  # log-odds over the bar from which on a leftover is major
_SPEECH = ("「", "述べ", "話し", "話す", "語っ", "語る", "説明", "強調", "明かし", "指摘", "主張")


def check_name(comparison: Comparison) -> Iterator[Finding]:
    """A marked name whose counterpart the other side lacks, while it has another name to spare."""
    yield from _confusions(comparison, "name", "name")
    if not comparison.japanese_names:
        return
    names = comparison.japanese_names, comparison.english_names
    for one, other in doubtful_names(*names, comparison.japanese, comparison.english, comparison.known):
        why = (
            f"{other.text} is not among the readings of {one.text}"
            if one.is_kanji
            else f"{other.text} sounds otherwise"
        )
        yield finding_of_words(comparison, "name", "name", "major", (one.span, other.span), why)


def check_negation(comparison: Comparison) -> Iterator[Finding]:
    """A denial on one side that nothing on the other can stand for."""
    japanese, english = comparison.japanese, comparison.english
    if lost := lost_denial(japanese, english):
        yield finding_of_words(
            comparison, "negation", "negation", "major", (lost, None), "nothing on the other side denies"
        )
    if added := added_denial(japanese, english):
        yield finding_of_words(
            comparison, "negation", "negation", "major", (None, added), "nothing on the other side denies"
        )
    if widened := widened_denial(japanese, english):
        yield finding_of_words(comparison, "negation", "negation", "major", widened, "'not all' is not 'none'")


def check_polarity(comparison: Comparison) -> Iterator[Finding]:
    """A word and the opposite of its translation: 上昇, fell."""
    yield from _confusions(comparison, "polarity", "mistranslation", "these are opposites")


def check_misplaced(comparison: Comparison) -> Iterator[Finding]:
    """A word whose opposite, or another of its kind, the other side says: early, where the source says late."""
    if comparison.content is None:
        return
    for one in misplaced(comparison.content):
        if one.check == "polarity" and _denies(comparison):
            continue
        why = f"the Japanese says {one.instead} rather"
        yield finding_of_words(comparison, one.check, "mistranslation", "major", (one.source, one.span), why)


def check_mistranslation(comparison: Comparison) -> Iterator[Finding]:
    """Words of one kind put in each other's place (窃盗, fraud), and sides that have nothing to do with each other."""
    if is_unrelated(comparison):
        whole = (0, len(comparison.japanese)), (0, len(comparison.english))
        yield finding_of_words(
            comparison, "mistranslation", "mistranslation", "critical", whole, "the two have hardly a word in common"
        )
    else:
        yield from _confusions(comparison, "mistranslation", "mistranslation")


def check_attribution(comparison: Comparison) -> Iterator[Finding]:
    """Someone else is made to speak or act: 原告, the defendant."""
    is_speech = any(word in comparison.japanese for word in _SPEECH)
    yield from _confusions(comparison, "attribution", "attribution" if is_speech else "mistranslation")


def check_days(comparison: Comparison) -> Iterator[Finding]:
    """A day or year told from another: 翌日, the same day."""
    yield from _confusions(comparison, "date", "date")


def check_omission(comparison: Comparison) -> Iterator[Finding]:
    """A stretch of the source that the target seems to lack."""
    if comparison.is_from_japanese:
        yield from _confusions(comparison, "omission", "omission")
    yield from _leftover(comparison, "ja" if comparison.is_from_japanese else "en", "omission")


def check_addition(comparison: Comparison) -> Iterator[Finding]:
    """A stretch of the target that the source seems to lack."""
    if not comparison.is_from_japanese:  # what an English text would have to have a word for is one-sided
        found = _confusions(comparison, "omission", "addition")
        yield from (replace(finding, check="addition") for finding in found)
    yield from _leftover(comparison, "en" if comparison.is_from_japanese else "ja", "addition")


def is_unrelated(comparison: Comparison) -> bool:
    """Whether the two sides have hardly a word in common."""
    if comparison.content is None or min(len(comparison.source), len(comparison.target)) < LONG_ENOUGH:
        return False
    cosine, share = comparison.content.similarity
    return cosine < UNRELATED_COSINE and share < UNRELATED_SHARE


def _confusions(
    comparison: Comparison, check: str, category: Category, why: str = "these are two"
) -> Iterator[Finding]:
    for found in comparison.contradictions:
        if found.section.check != check:
            continue
        if check == "polarity" and _denies(comparison):
            continue
        said = why if found.english else "nothing on the other side stands for it"
        yield finding_of_words(
            comparison,
            check,
            category,
            found.section.severity,
            (found.japanese.span, found.english.span if found.english else None),
            said,
        )


def _denies(comparison: Comparison) -> bool:
    """Whether either side denies anything, so that opposites may say the same: 下がらない is no fall."""
    return denial(comparison.japanese) is not None or plain_denial(comparison.english) is not None


def _leftover(comparison: Comparison, lang: Lang, check: Category) -> Iterator[Finding]:
    found = comparison.leftover(lang)
    if found is None or found[1] <= comparison.bars.get(check, 0.0):
        return
    span, excess = found
    severity: Severity = "major" if excess > WEIGHTY else "minor"
    yield finding_of_words(
        comparison, check, check, severity, (span, None) if lang == "ja" else (None, span), "the other side lacks it"
    )
