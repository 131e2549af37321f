"""Foreign names in katakana against how they are spelt: トランプ and Trump, ヨハンセン and Johansen.

Katakana spells what Japanese hears, and adds vowels where Japanese needs them, so both sides are reduced to consonants
as Japanese tells them apart: l is r, v is b, th is t or s. Soundex (Russell 1918) is the same idea for English ears.

What this does not do: tell words of one or two consonants apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

KATAKANA = re.compile("[ァ-ヴー]{3,}")
LEAST_SKELETON = 3  # consonants of a word in running text; バス and base, boss, bus have two
ALIKE = 0.7  # mean ratio of the words of two names
ONE_ALIKE = 0.5  # and of each word
# In this order; letters that stay are consonants Japanese tells apart, vowels go last.
_SPELLINGS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"),
        ("sch|sh|ti(?=on)|ci(?=a)", "s"),
        ("ch(?=[rl])", "k"),
        ("tch|ch", "t"),
        ("ng(?![aeiouy])", "n"),
        ("x", "ks"),
        ("q|ck|c(?![eiy])", "k"),
        ("c", "s"),
        ("dg|j|g(?=[ei])", "z"),
        ("th(?![aeiouy])", "s"),
        ("ts", "s"),
        ("[lr]+", "r"),
        ("v", "b"),
        ("d", "t"),
        ("z", "s"),
        ("m(?=[bp])", "n"),
        ("(?<!^)h|[aeiouyw]", ""),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The consonants of a word in Latin letters or katakana.

    >>> skeleton("Trump"), skeleton("トランプ")
    ('trnp', 'trnp')
    """
    if KATAKANA.search(word) or any("ァ" <= c <= "ヴ" for c in word):
        import jaconv

        word = jaconv.kana2alphabet(jaconv.kata2hira(word)).replace("-", "")
    plain = unicodedata.normalize("NFKD", word.lower())
    letters = "".join(c for c in plain if c.isascii() and c.isalpha())
    for spelling, sound in _SPELLINGS:
        letters = spelling.sub(sound, letters)
    return letters


def same_foreign_name(latin: str, katakana: str) -> bool:
    """Whether a name in Latin letters is one in katakana, its parts in the same order.

    >>> same_foreign_name("Margrethe Johansen", "マルグレーテ・ヨハンセン")
    True
    >>> same_foreign_name("Brandon Ruiz", "ジョアン・ペレイラ")
    False
    """
    sides = re.split(r"[\s.]+", latin.strip()), re.split("[・＝=\\s]+", katakana.strip())
    if len(sides[0]) != len(sides[1]):
        sides = [latin], [katakana]
    ratios = [
        SequenceMatcher(None, skeleton(one), skeleton(other), autojunk=False).ratio()
        for one, other in zip(*sides, strict=True)
    ]
    return min(ratios) >= ONE_ALIKE and sum(ratios) / len(ratios) >= ALIKE


def katakana_skeletons(text: str) -> Iterator[str]:
    """The skeletons of the katakana words of a text that have enough of one."""
    for word in KATAKANA.findall(text):
        if len(found := skeleton(word)) >= LEAST_SKELETON:
            yield found
