"""Words that a slip puts in each other's place: rose for fell, Saga for Nagasaki, the plaintiff for the defendant.

`align/word_lists/*.txt` lists them. A section begins with `[check severity] name`; each of its lines is a member,
written `Japanese words = English words`, that excludes the section's other members. A pair contradicts a section
where one text has a member that the other lacks, which has another one instead.

- `~` before a word: too broad to accuse by, but it excuses. That `up` may well translate 増加 says nothing against a
  text without it.
- `!` before a word: says nothing, and hides the shorter words in it (優勝候補 hides 優勝).
- `increas*` stands for all words that begin so; a word with a capital must have one in the text.
- A section that is `required` has members that exclude nothing: a Japanese text that has one contradicts an English one
  that has no word for it.

What this does not do: know who rose and who fell. A sentence with both is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple, cast

from corpora.records import Severity

NOTHING = -1  # the member of words that say none
FOLDER = Path(__file__).with_name("word_lists")
_SECTION = re.compile(r"\[(\w+) (minor|major|critical)( required)?\] (.+)")
TOKEN = re.compile(r"(?:[A-Za-z]\.){2,}|[A-Za-zÀ-ɏ]+(?:['’]t\b)?|\d+")
_IN_KATAKANA = re.compile("[ァ-ヴー]{2}")
_POSSESSIVE = re.compile(r"['’](?:s\b)?")


@dataclass(frozen=True, slots=True)
class Section:
    """`check` and `severity` are those of the findings. Members exclude each other, but those that are required."""

    name: str
    check: str
    severity: Severity
    is_required: bool = False


class Term(NamedTuple):
    """One way to say a member. `words` are the English ones in lower case, the last perhaps ending in `*`."""

    section: int
    member: int
    accuses: bool
    written: str
    words: tuple[str, ...] = ()


class Mention(NamedTuple):
    """Where a text says a member."""

    member: int
    accuses: bool
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All sections; `japanese` by first character, longest first, `english` by first word or by stem of four letters.

    `accusing` are the Japanese words that accuse, and those that hide others, by their first two characters; `begins`
    finds where one may begin.
    """

    sections: tuple[Section, ...]
    japanese: dict[str, list[Term]]
    english: dict[str, list[Term]]
    accusing: dict[str, list[Term]]
    begins: re.Pattern[str]


class Contradiction(NamedTuple):
    """A member of the Japanese text that the English one lacks, and one of the English text that the Japanese lacks."""

    section: Section
    japanese: Mention
    english: Mention | None  # None where the section's words are required and are all missing


class Agreement(NamedTuple):
    """Where both texts say one member."""

    japanese: tuple[int, int]
    english: tuple[int, int]


@cache
def lexicon() -> Lexicon:
    """What the files of `align/word_lists` say. Raises ValueError, with the line, where one is not in the form."""
    sections: list[Section] = []
    japanese: dict[str, list[Term]] = {}
    english: dict[str, list[Term]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line or line.startswith("#"):
                continue
            if header := _SECTION.fullmatch(line):
                sections.append(
                    Section(header[4], header[1], cast(Severity, header[2]), is_required=header[3] is not None)
                )
                member = 0
                continue
            left, equals, right = line.partition(" = ")
            if not equals or not sections:
                raise ValueError(f"{path.name}:{number}: expected `Japanese words = English words`, found {line!r}")
            for written in left.split():
                says = NOTHING if written[0] == "!" else member
                term = Term(len(sections) - 1, says, written[0] not in "~!", written.lstrip("~!"))
                japanese.setdefault(term.written[0], []).append(term)
            for written in right.split(", "):
                plain = written.removeprefix("~")
                words = tuple(_stems(plain))
                term = Term(len(sections) - 1, member, written[0] != "~", plain, words)
                english.setdefault(words[0][:4] if words[0].endswith("*") else words[0], []).append(term)
            member += 1
    for terms in japanese.values():
        terms.sort(key=lambda term: -len(term.written))
    for terms in english.values():
        terms.sort(key=lambda term: (-len(term.words), -len(term.written)))
    accusing: dict[str, list[Term]] = {}
    for terms in japanese.values():
        for term in terms:
            if term.accuses or term.member == NOTHING:
                accusing.setdefault(term.written[:2], []).append(term)
    return Lexicon(tuple(sections), japanese, english, accusing, _beginnings(accusing))


def _beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """Where a text may have one of some words of one or two characters, and little else."""
    alone, first, second = (
        "".join(sorted(map(re.escape, found)))
        for found in (
            {word for word in words if len(word) == 1},
            {word[0] for word in words if len(word) > 1},
            {word[1] for word in words if len(word) > 1},
        )
    )
    return re.compile(f"[{alone}]|[{first}](?=[{second}])")


def _stems(written: str) -> Iterator[str]:
    for word in re.findall(r"(?:[A-Za-z]\.){2,}|[\w']+\*?", _POSSESSIVE.sub("", written).lower()):
        yield word[:-1] if word.endswith("*") and len(word) < 5 else word


def contradictions(japanese: str, english: str) -> list[Contradiction]:
    """Where a Japanese text and its English counterpart contradict each other.

    Texts must be half-width.

    >>> found = contradictions("売上高は増加した。", "Sales fell.")
    >>> [(c.section.name, "売上高は増加した。"[c.japanese.start : c.japanese.end]) for c in found]
    [('level', '増加')]
    """
    words = TOKEN.findall(english)
    suspected = _suspected(japanese, words)
    if not suspected:
        return []
    said, translated = _mentions_in_japanese(japanese, suspected), _mentions_in_english(english, suspected)
    found = []
    for section, mentions in said.items():
        others = translated.get(section, [])
        here, there = {m.member for m in mentions}, {m.member for m in others}
        lacking = [m for m in mentions if m.accuses and m.member not in there]
        added = [m for m in others if m.accuses and m.member not in here]
        if lacking and lexicon().sections[section].is_required:
            found.append(Contradiction(lexicon().sections[section], lacking[0], None))
        elif lacking and added:
            found.append(Contradiction(lexicon().sections[section], lacking[0], added[0]))
    return found


def agreements(japanese: str, english: str) -> list[Agreement]:
    """Where both texts say one member of a section, at least one of them in a word that accuses."""
    every = frozenset(range(len(lexicon().sections)))
    said, translated = _mentions_in_japanese(japanese, every), _mentions_in_english(english, every)
    return [
        Agreement(one.span, other.span)
        for section, mentions in said.items()
        for one in mentions
        for other in translated.get(section, ())
        if one.member == other.member != NOTHING and (one.accuses or other.accuses)
    ]


def _suspected(japanese: str, words: Sequence[str]) -> frozenset[int]:
    """The sections in which the accusing words alone contradict each other, or are required; few texts have one."""
    said = _accused_in_japanese(japanese)
    if not said:
        return frozenset()
    translated = _accused_in_english(words, said)
    sections = lexicon().sections
    return frozenset(
        section
        for section, members in said.items()
        if sections[section].is_required
        or (members - translated.get(section, members) and translated[section] - members)
    )


def _accused_in_japanese(text: str) -> dict[int, set[int]]:
    """Members by section, as `_mentions_in_japanese` finds them, of the words that accuse."""
    accusing = lexicon().accusing
    found: dict[int, set[int]] = {}
    ends: dict[int, int] = {}
    for place in lexicon().begins.finditer(text):
        start = place.start()
        for term in chain(accusing.get(text[start : start + 2], ()), accusing.get(text[start], ())):
            if ends.get(term.section, 0) <= start and _stands(term.written, text, start):
                ends[term.section] = start + len(term.written)
                if term.member != NOTHING:
                    found.setdefault(term.section, set()).add(term.member)
    return found


def _stands(written: str, text: str, start: int) -> bool:
    """Whether a Japanese word stands at a place of a text; one in katakana does not within a longer one (タイトル)."""
    if not text.startswith(written, start):
        return False
    inside_a_longer_one = start and _IN_KATAKANA.match(text, start - 1)
    return not inside_a_longer_one and not _IN_KATAKANA.match(text, start + len(written) - 1)


def _accused_in_english(words: Sequence[str], sections: Container[int]) -> dict[int, set[int]]:
    """Members by section, as `_mentions_in_english` finds them, of the words that accuse."""
    found: dict[int, set[int]] = {}
    ends: dict[int, int] = {}
    lower: list[str] = []
    for place, word in enumerate(words):
        for term in _accusing_with(word):
            if term.section not in sections or ends.get(term.section, 0) > place:
                continue
            lower = lower or [_POSSESSIVE.sub("", one).lower() for one in words]
            if _goes_on(term.words, lower, place) and _same_case(term, word):
                ends[term.section] = place + len(term.words)
                found.setdefault(term.section, set()).add(term.member)
    return found


@lru_cache(maxsize=100_000)
def _accusing_with(word: str) -> tuple[Term, ...]:
    """The terms that accuse and begin with a word, longest first."""
    return tuple(term for term in _beginning_with(_POSSESSIVE.sub("", word).lower()) if term.accuses)


def _mentions_in_japanese(text: str, sections: frozenset[int]) -> dict[int, list[Mention]]:
    """By section, in order; of words that overlap in a section the first and longest."""
    terms = lexicon().japanese
    found: dict[int, list[Mention]] = {}
    for start, character in enumerate(text):
        for term in terms.get(character, ()):
            if term.section in sections and _stands(term.written, text, start):
                _add(found, term, start, start + len(term.written))
    return found


def _mentions_in_english(text: str, sections: frozenset[int]) -> dict[int, list[Mention]]:
    tokens = [(_POSSESSIVE.sub("", m.group()), m.start(), m.end()) for m in TOKEN.finditer(text)]
    words = [token.lower() for token, _, _ in tokens]
    found: dict[int, list[Mention]] = {}
    for place, (token, start, _) in enumerate(tokens):
        for term in _beginning_with(words[place]):
            if term.section not in sections or not _goes_on(term.words, words, place) or not _same_case(term, token):
                continue
            _add(found, term, start, tokens[place + len(term.words) - 1][2])
    return found


def _add(found: dict[int, list[Mention]], term: Term, start: int, end: int) -> None:
    mentions = found.setdefault(term.section, [])
    overlapping = [m for m in mentions if m.end > start]
    # One word may excuse several members, but a longer word hides the shorter ones within it.
    if all((m.start, m.end) == (start, end) for m in overlapping):
        mentions.append(Mention(term.member, term.accuses, start, end))


@lru_cache(maxsize=100_000)
def _beginning_with(word: str) -> tuple[Term, ...]:
    """The terms whose first word this one is, longest first."""
    terms = lexicon().english
    candidates = terms.get(word, []) + (terms.get(word[:4], []) if len(word) >= 4 else [])
    found = {term: None for term in candidates if _is_word(term.words[0], word)}
    return tuple(sorted(found, key=lambda term: (-len(term.words), -len(term.written))))


def _is_word(stem: str, word: str) -> bool:
    return word.startswith(stem[:-1]) if stem.endswith("*") else word == stem


def _goes_on(stems: tuple[str, ...], words: list[str], place: int) -> bool:
    if place + len(stems) > len(words):
        return False
    return all(_is_word(stem, words[place + i]) for i, stem in enumerate(stems[1:], start=1))


def _same_case(term: Term, token: str) -> bool:
    """US is not us, Turkey no turkey."""
    if term.written[:3].isupper() and "." not in term.written:
        return token == term.written or len(term.words) > 1 or "-" in term.written
    return not term.written[0].isupper() or token[0].isupper()
