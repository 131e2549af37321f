"""Pages in two languages, as papers print a text beside its translation: which paragraphs are in which.

Told apart are scripts of Chinese characters, kana and hangul from all others, which is what pages with Japanese mix. A
quoted line or stanza stays where it is: another language has to hold a good part of the body.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from corpora import language
from corpora.records import ParagraphKind

Block = tuple[str, ParagraphKind]

EAST_ASIAN_LANGUAGES = ("ja", "zh", "ko")
_EAST_ASIAN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_LETTER = re.compile(r"[^\W\d_]")
_LEAST_SHARE = 0.2  # of the body's text
_LEAST_PARAGRAPHS = 2
_WIDE = 2.5  # letters that say what one of these characters says


def parts_by_language(blocks: Sequence[Block], lang: str) -> list[tuple[str, list[Block]]]:
    """Language and blocks of each part of a body in `lang`, that part first; one part where nothing is mixed.

    >>> english = [("The river rose in the night.", "body"), ("People fled to the school on the hill.", "body")]
    >>> parts = parts_by_language([("川があふれた。", "body"), ("人々は逃げた。", "body"), *english], "ja")
    >>> [(lang, len(blocks)) for lang, blocks in parts]
    [('ja', 2), ('en', 2)]
    """
    own = lang in EAST_ASIAN_LANGUAGES
    if all(bool(_EAST_ASIAN.search(text)) == own for text, _ in blocks):
        return [(lang, list(blocks))]
    foreign = [_is_east_asian(text) is (not own) for text, _ in blocks]
    others = [block for block, other in zip(blocks, foreign, strict=True) if other]
    share = sum(_weight(text) for text, _ in others) / max(1.0, sum(_weight(text) for text, _ in blocks))
    enough = share >= _LEAST_SHARE and sum(kind == "body" for _, kind in others) >= _LEAST_PARAGRAPHS
    found = language.identify("\n".join(text for text, _ in others)) if enough else None
    if found is None or found == lang:
        return [(lang, list(blocks))]
    return [(lang, [block for block, other in zip(blocks, foreign, strict=True) if not other]), (found, others)]


def title_in(lang: str, title: str, blocks: Sequence[Block], *, is_first: bool) -> tuple[str, list[Block]]:
    """The headline of a part in `lang`, and the part without it.

    `title` is the page's, which may hold both headlines; a later part may begin with its own.

    >>> title_in("en", "川が氾濫 / River floods", [("The river rose.", "body")], is_first=False)[0]
    'River floods'
    """
    own = lang in EAST_ASIAN_LANGUAGES
    halves = re.split(r"\s+[/|–—-]+\s+|\s*[／｜\n]\s*", title)
    sides = [_is_east_asian(half) is own for half in halves]
    if len(set(sides)) == 2 and sum(a != b for a, b in itertools.pairwise(sides)) == 1:  # one headline, then the other
        return " ".join(half for half, is_own in zip(halves, sides, strict=True) if is_own), list(blocks)
    if is_first:
        return title, list(blocks)
    if len(blocks) > 1 and blocks[0][1] == "subhead" and blocks[1][1] == "body":
        return blocks[0][0], list(blocks[1:])
    return "", list(blocks)


def _is_east_asian(text: str) -> bool | None:
    """Whether a paragraph is written so, whatever it quotes; None where there are no letters."""
    letters = len(_LETTER.findall(text))
    return len(_EAST_ASIAN.findall(text)) >= 0.3 * letters if letters else None


def _weight(text: str) -> float:
    wide = len(_EAST_ASIAN.findall(text))
    return len(text) - wide + _WIDE * wide
