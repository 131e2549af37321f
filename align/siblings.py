"""English words that exclude each other, in groups: `siblings.txt`. `align.misplaced` says when one seems misplaced."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

LISTS = Path(__file__).with_name("siblings.txt")
# What a suspected word may have as its best cosine at the most, the other of its group at the least, and how much they
# must be apart. Set on wmt21_enja and pud_enja, where two of 2,000 correct pairs are suspected.
NOT_THERE, THERE, APART = 0.35, 0.55, 0.4
_HEADER = re.compile(r"\[(\w+)\] .+")


class Sibling(NamedTuple):
    """A word of a group; `check` names the check that reports the group."""

    word: str
    check: str


@cache
def siblings() -> dict[str, list[Sibling]]:
    """Of each listed word the others of its groups."""
    found: dict[str, list[Sibling]] = {}
    check = ""
    for line in LISTS.read_text("utf-8").splitlines():
        if header := _HEADER.fullmatch(line):
            check = header[1]
        elif line and not line.startswith("#"):
            group = line.split()
            for word in group:
                found.setdefault(word, []).extend(Sibling(other, check) for other in group if other != word)
    return found
