"""A source and its translation side by side: what the checks of fidelity read, each thing worked out once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from align.confusions import Contradiction, agreements, contradictions
from align.content import Content, read_contents
from align.leftover import Lang
from align.naming import Name, english_names, japanese_names, reads
from align.numbers_match import Atom, agree, atoms, comparable, only_partners
from align.quantity import narrow
from align.wording import Span
from corpora.bitext import TextPair
from corpora.errors import UsageError
from corpora.records import Category, Finding, Severity

# How a name is read, in brackets behind it.
_READING = re.compile(r"[一-鿿々ヶ]+(?:さん|氏)?\([ぁ-ゖァ-ヴー・ =]+\)")
_PRONOUN = re.compile(r"\b(?:he|she|his|her|him|they|their|them|it|its)\b", re.I)
# A whole article in one pair; the table of its words against the other side's would be too large, and say nothing.
MOST_CHARACTERS = 6000
MOST_QUOTED = 60  # characters
Spans = tuple[Span | None, Span | None]


@dataclass
class Comparison:
    """A pair of texts and what was found in both. Spans are of the texts as given, which half-width forms keep.

    `content` is None where no check asks for words, there are none for these languages, or a text is too long for it.
    `bars` is as in `CheckOptions`.
    """

    source: str
    target: str
    languages: tuple[str, str]
    today: tuple[int, int] | None = None  # year and month of the source article
    content: Content | None = None
    bars: Mapping[str, float] = field(default_factory=dict)
    # The two in half-width form, offset for offset; and once more by language.
    half_source: str = field(init=False)
    half_target: str = field(init=False)
    japanese: str = field(init=False)
    english: str = field(init=False)

    def __post_init__(self) -> None:
        self.half_source, self.half_target = narrow(self.source), narrow(self.target)
        self.japanese, self.english = self.half_source, self.half_target
        if not self.is_from_japanese:
            self.japanese, self.english = self.english, self.japanese

    @cached_property
    def source_atoms(self) -> tuple[Atom, ...]:
        """Numbers and dates of the source."""
        return atoms(self.half_source, self.languages[0], self.today)

    @cached_property
    def target_atoms(self) -> tuple[Atom, ...]:
        """Numbers and dates of the target."""
        return atoms(self.half_target, self.languages[1], self.today)

    @cached_property
    def equals(self) -> list[tuple[Atom, Atom]]:
        """Numbers that are equal and have no other partner."""
        if not self.source_atoms or not self.target_atoms:
            return []
        return only_partners(self.source_atoms, self.target_atoms)

    @property
    def is_from_japanese(self) -> bool:
        return self.languages[0] == "ja"

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        """Where the two sides contradict each other in the words of `align.confusions`."""
        return contradictions(self.japanese, self.english)

    @cached_property
    def japanese_names(self) -> list[Name]:
        """Marked names of the Japanese side."""
        return japanese_names(self.japanese)

    @cached_property
    def english_names(self) -> list[Name]:
        """Words with a capital of the English side."""
        return english_names(self.english)

    def known(self, lang: Lang, span: Span) -> float:
        """The best cosine of the words in a span of one side with words of the other."""
        return self.content.known(lang, span) if self.content else 0.0

    def leftover(self, lang: Lang) -> tuple[Span, float] | None:
        """The stretch that a side has in excess, and by how much it passes the bar; None where it does not."""
        if self.content is None or self.content.leftover(lang).excess <= 0:
            return None
        self.content.excuse(lang, self._accounted(lang))
        found = self.content.leftover(lang)
        own = self.source_atoms if self.languages[0] == lang else self.target_atoms
        numbers = [(a.quantity.start, a.quantity.end) for a in own]
        if found.excess <= 0 or not self.content.says_more(lang, found, numbers):  # numbers have checks of their own
            return None
        return self.content.span(lang, found), found.excess

    def _accounted(self, lang: Lang) -> list[Span]:
        """Spans of one side that numbers, names and lists of words account for."""
        spans = [one.japanese if lang == "ja" else one.english for one in agreements(self.japanese, self.english)]
        own, others = self.source_atoms, self.target_atoms
        if self.languages[0] != lang:
            own, others = others, own
        spans += [
            (a.quantity.start, a.quantity.end) for a in own if any(agree(a, b) or comparable(a, b) for b in others)
        ]
        for name in self.japanese_names:
            read = [word for word in self.english_names if name.is_kanji and reads(word.text, name.text)]
            spans += ([name.span] if read else []) if lang == "ja" else [word.span for word in read]
        if lang == "ja":
            spans += (match.span() for match in _READING.finditer(self.japanese))
        if lang == "ja" and _PRONOUN.search(self.english):  # which stand for names
            spans += (name.span for name in self.japanese_names)
        return spans


def compare(
    pairs: Sequence[TextPair], languages: tuple[str, str], *, bars: Mapping[str, float] = {}, words: bool = True
) -> list[Comparison]:
    """Comparisons of pairs; `words` says whether any check will ask for words."""
    found = [Comparison(pair.source, pair.target, languages, _month(pair.date), bars=bars) for pair in pairs]
    if words and set(languages) == {"ja", "en"}:
        short = [one for one in found if max(len(one.source), len(one.target)) <= MOST_CHARACTERS]
        contents = read_contents([one.japanese for one in short], [one.english for one in short])
        for one, content in zip(short, contents, strict=True):
            one.content = content
    return found


def finding_of_words(
    comparison: Comparison, check: str, category: Category, severity: Severity, spans: Spans, why: str
) -> Finding:
    """A finding from spans of which the Japanese one comes first, with a message that quotes what stands there."""
    if not comparison.is_from_japanese:
        spans = spans[1], spans[0]
    texts = comparison.source, comparison.target
    values = [text[span[0] : span[1]] if span else None for text, span in zip(texts, spans, strict=True)]
    said = [
        f"{side} says {_shortened(value)}" for side, value in zip(("source", "target"), values, strict=True) if value
    ]
    return Finding(category, severity, *spans, f"{'; '.join(said)}: {why}", check, *values)


def _shortened(text: str) -> str:
    """A quotation for a message: what is long loses its middle."""
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED // 2]} ... {text[-MOST_QUOTED // 2 :]}"


def _month(date: str | None) -> tuple[int, int] | None:
    """Year and month of an ISO day."""
    if date is None:
        return None
    match = re.match(r"(\d{4})-(\d\d)-\d\d", date)
    if match is None:
        raise UsageError(f"article date {date!r} is not an ISO day; write it like 2019-02-26")
    return int(match[1]), int(match[2])
