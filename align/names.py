"""Matching the reporters an English version credits with the byline of its Japanese original.

News prints at the end of a translated article who wrote the original: `(Japanese original by Haruto Minegishi and Yui
Tokita, Political News Department)`. The Japanese page names them in kanji. A kanji name has several readings, and
romanisation has several spellings, so names are compared by the set of readings a dictionary gives, after folding
long vowels, macrons, the m of Namba and the voicing that turns Orikasa into Origasa.

What this does not do: guess readings the dictionary lacks as a whole or by its characters, or match names in running
text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sudachipy import Dictionary

SURNAME_ALONE = 0.6  # a rare given name's reading is often missing, and one page rarely has two of one surname
GIVEN_ALONE = 0.3
MAX_SPELLED_OUT = 4  # characters
MAX_READINGS = 200  # of one part of a name, when it is put together from single characters

_JAPANESE = re.compile(r"[々ぁ-ヿ㐀-鿿豈-﫿ｦ-ﾟ]")
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
    words = fold(latin).split()
    if len(words) < 2:
        return 0.0
    best = 0.0
    for surname, given in _splits(kanji):
        known_surname, known_given = readings(surname), readings(given)
        for first, last in ((words[0], words[-1]), (words[-1], words[0])):
            score = SURNAME_ALONE * (last in known_surname) + GIVEN_ALONE * (first in known_given)
            best = max(best, 1.0 if score > max(SURNAME_ALONE, GIVEN_ALONE) else score)
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
    whole = _looked_up(part)
    if len(part) > MAX_SPELLED_OUT:
        return whole
    joined = ("".join(reading) for reading in product(*(sorted(_looked_up(character)) for character in part)))
    return whole | {fold(name) for name in islice(joined, MAX_READINGS)}


def _looked_up(surface: str) -> frozenset[str]:
    import jaconv

    kana = {m.reading_form() for m in _dictionary().lookup(surface)} - {""}
    return frozenset(fold(jaconv.kana2alphabet(jaconv.kata2hira(reading))) for reading in kana)


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
