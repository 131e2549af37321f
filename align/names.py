"""Matching the reporters an English version credits with the byline of its Japanese original.

News prints at the end of a translated article who wrote the original: `(Japanese original by Haruto Minegishi and Yui
Tokita, Political News Department)`. The Japanese page names them in kanji. A kanji name has several readings, and
romanisation has several spellings, so names are compared by the set of readings that a dictionary gives and
`name_readings.txt` adds, after folding long vowels, macrons, the m of Namba and the voicing that turns Orikasa into
Origasa. Names in katakana are compared by sound (`align.foreign`).

What this does not do: guess readings that neither knows as a whole or by its characters, or match names in running
text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

from align.foreign import same_foreign_name

if TYPE_CHECKING:
    from sudachipy import Dictionary

SURNAME_ALONE = 0.6  # a rare given name's reading is often missing, and one page rarely has two of one surname
GIVEN_ALONE = 0.3
# Of a given name that begins its characters' readings only, as ここ in 心春 does 心 (こころ).
CLIPPED = 0.8
MAX_SPELLED_OUT = 4  # characters
MAX_READINGS = 4000  # of one part of a name, when it is put together from single characters
READINGS = Path(__file__).with_name("name_readings.txt")

_JAPANESE = re.compile(r"[々ぁ-ヿ㐀-鿿豈-﫿ｦ-ﾟ]")
_FOREIGN = re.compile("[ァ-ヴー・＝=\\s]{4,}")
_MORA = re.compile("[^aeiou]*[aeiou]|n(?![aeiou])|.")
_NASAL = re.compile(r"m(?=[bmp])")  # Namba is Nanba in every dictionary
_LONG_VOWELS = re.compile(r"(?<=o)[uh](?![aiueo])|(?<=([aiueo]))\1")
_VOICED = str.maketrans("gzdb", "ksth")


def match_names(credit: Sequence[str], byline: Sequence[str]) -> float | None:
    """How well romanised names fit kanji names, 0 to 1: the mean over credited names of the best free partner.

    None where either side names nobody.

    >>> match_names(["Kenji Sato"], ["佐藤健二"])
    1.0
    >>> match_names(["Kenji Sato"], ["田中花子"])
    0.0
    """
    if not credit or not byline:
        return None
    scored = sorted(
        ((-match_name(latin, kanji), i, j) for i, latin in enumerate(credit) for j, kanji in enumerate(byline))
    )
    used_credit: set[int] = set()
    used_byline: set[int] = set()
    total = 0.0
    for negative, i, j in scored:
        if i not in used_credit and j not in used_byline:
            used_credit.add(i)
            used_byline.add(j)
            total -= negative
    return total / len(credit)


@lru_cache(maxsize=100_000)
def match_name(latin: str, kanji: str) -> float:
    """How well one romanised name, in either order, fits one Japanese name: 1, part of it, or 0.

    Names in the same script are simply compared, and either may be the Japanese one.
    """
    is_japanese = bool(_JAPANESE.search(latin)), bool(_JAPANESE.search(kanji))
    if is_japanese[0] == is_japanese[1]:
        return float(_same_words(latin, kanji))
    if is_japanese[0]:
        latin, kanji = kanji, latin
    if _FOREIGN.fullmatch(kanji):
        is_same = same_foreign_name(latin, kanji)
        if is_same or "・" in kanji:
            return float(is_same)
    words = fold(latin).split()
    if len(words) < 2:
        return 0.0
    best = 0.0
    for surname, given in _splits(kanji):
        known_surname, known_given = readings(surname), readings(given)
        for first, last in ((words[0], words[-1]), (words[-1], words[0])):
            is_surname, is_given = last in known_surname, first in known_given
            if is_surname and is_given:
                return 1.0
            if is_surname and first in clipped(given):
                best = max(best, CLIPPED)
            best = max(best, SURNAME_ALONE * is_surname, GIVEN_ALONE * is_given)
    return best


def _same_words(one: str, other: str) -> bool:
    """Whether two names of one script are one, whatever the order, spaces, case and spelling of romaji."""
    words = sorted(fold(one).split())
    return (bool(words) and words == sorted(fold(other).split())) or "".join(one.split()) == "".join(
        other.split()
    ) != ""


def fold(romaji: str) -> str:
    """Spelling differences of romanised Japanese removed: case, macrons, long vowels, voicing, apostrophes.

    >>> fold("Jun'ichirō Ōba") == fold("Junichiro Ooba")
    True
    """
    plain = unicodedata.normalize("NFKD", romaji.lower())
    letters = "".join(c for c in plain if (c.isalpha() and c.isascii()) or c == " ")
    letters = _LONG_VOWELS.sub("", _NASAL.sub("n", letters))
    return letters.translate(_VOICED).replace("ch", "sh").replace("j", "sh").replace("ts", "s")


@lru_cache(maxsize=100_000)
def readings(part: str) -> frozenset[str]:
    """Folded readings of a surname or given name: those of the whole, and those put together from its characters."""
    whole = looked_up(part)
    return whole | _put_together([looked_up(character) for character in part])


@lru_cache(maxsize=100_000)
def clipped(given: str) -> frozenset[str]:
    """Folded readings of a given name whose characters may lend their beginnings only.

    >>> fold("Kokoha") in clipped("心春")
    True
    """
    return _put_together([_beginnings(looked_up(character)) for character in given])


def _beginnings(known: frozenset[str]) -> frozenset[str]:
    """Readings, and what they begin with up to each mora."""
    morae = [_MORA.findall(reading) for reading in known]
    return frozenset("".join(one[:count]) for one in morae for count in range(1, len(one) + 1))


def _put_together(by_character: Sequence[frozenset[str]]) -> frozenset[str]:
    if len(by_character) > MAX_SPELLED_OUT:
        return frozenset()
    joined = ("".join(reading) for reading in product(*map(sorted, by_character)))
    return frozenset(fold(name) for name in islice(joined, MAX_READINGS))


@lru_cache(maxsize=100_000)
def looked_up(surface: str) -> frozenset[str]:
    import jaconv

    kana = {m.reading_form() for m in _dictionary().lookup(surface)} - {""}
    found = frozenset(fold(jaconv.kana2alphabet(jaconv.kata2hira(reading))) for reading in kana)
    return found | _name_readings().get(surface, frozenset())


@cache
def _name_readings() -> dict[str, frozenset[str]]:
    """What `name_readings.txt` says of characters and surnames."""
    found: dict[str, frozenset[str]] = {}
    for line in READINGS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            surface, *known = line.split()
            found[surface] = found.get(surface, frozenset()) | {fold(reading) for reading in known}
    return found


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    from sudachipy import Dictionary

    return Dictionary(dict="small")


def _splits(kanji: str) -> Iterator[tuple[str, str]]:
    """Where surname and given name may part: at a space if there is one, else anywhere."""
    parts = kanji.split()
    if len(parts) > 1:
        yield parts[0], "".join(parts[1:])
        return
    for at in range(1, len(kanji)):
        yield kanji[:at], kanji[at:]
