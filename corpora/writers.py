"""The people that a line of a page names, and what lines in either script need before they are read."""

from __future__ import annotations

import re
from dataclasses import dataclass

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_HALF_WIDTH = str.maketrans("｡､｢｣･", "。、「」・")
_IS_HALF_WIDTH = re.compile("[｡､｢｣･]")


@dataclass(frozen=True, slots=True)
class Credit:
    """The people that a line names, and the departments or bureaux they belong to (`; ` between several)."""

    names: tuple[str, ...]
    department: str | None = None


def widen(text: str) -> str:
    """The text with Japanese punctuation in full width; one character for one, so offsets stay true.

    >>> widen("雨､のち晴れ｡")
    '雨、のち晴れ。'
    """
    return text.translate(_HALF_WIDTH) if _IS_HALF_WIDTH.search(text) else text


def is_cjk(text: str) -> bool:
    """Whether the text has any kana or kanji, so that Japanese habits of writing apply."""
    return bool(JAPANESE.search(text))
