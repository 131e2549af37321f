"""Numbers by their significant digits, in any script: a quick way to see that two sentences share a figure.

`3億8000万` and `380 million` both come out as `38`, `1万1384` and `11,384` as `11384`. That is right often enough to
tell which of twenty sentences belongs to which, at a thirtieth of the cost of reading what the numbers mean;
whether they agree is for `align.numbers`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from align.numbers_ja import parse
from align.numbers_ja_words import ERAS
from align.runs import Floats

_DIGIT = re.compile("[0-9０-９]")
_PLAIN = str.maketrans("０１２３４５６７８９，．・", "0123456789,..")
_POWERS = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "億": 1e8, "兆": 1e12}
_PART = re.compile("([0-9][0-9,.]*)([百千万億兆]?)")
_NUMBER = re.compile(f"(?:{_PART.pattern})+")
_KANJI_RUN = re.compile("[〇零一二三四五六七八九十百千]{2,}")
_ERA = re.compile("(明治|大正|昭和|平成|令和)(元|[0-9]{1,2}|[一二三四五六七八九十]{1,3})年")
_LONGEST = 15  # digits; floats hold no more


def figures(text: str) -> set[str]:
    """The significant digits of the numbers in a text that are written in digits.

    >>> figures("３億8000万食、前期比11.0%増")  == figures("380 million servings, up 11%")
    True
    """
    found: set[str] = set()
    if not _DIGIT.search(text):
        return found
    for number in _NUMBER.finditer(text.translate(_PLAIN)):
        total = 0.0
        for digits, power in _PART.findall(number.group()):
            whole, _, rest = digits.replace(",", "").partition(".")
            total += float(f"{whole[:_LONGEST]}.{rest.replace('.', '')[:_LONGEST]}") * _POWERS[power]
        found.add(f"{total:.{_LONGEST}g}".partition("e")[0].replace(".", "").strip("0") or "0")
    return found


def spelled_figures(text: str) -> set[str]:
    """The numbers that a Japanese text spells in kanji, and its years by eras, as `figures` gives digits.

    Parts of names are among them, so this tells what a text may say, not what it says.

    >>> sorted(spelled_figures("一八四二年の三十八人、明治三年と昭和39年"))
    ['1842', '187', '1964', '38']
    """
    values = [parse(run) for run in _KANJI_RUN.findall(text)]
    for era, year in _ERA.findall(text):
        values.append(ERAS[era] + (1 if year == "元" else parse(year)))
    return {f"{value:.{_LONGEST}g}".partition("e")[0].replace(".", "").strip("0") or "0" for value in values}


def shared_figures(source: Sequence[str], target: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """What each sentence has of each figure that both texts have: (n, f) and (m, f), 0 or 1, and their weights (f,).

    A figure weighs less the more sentences have it, and half if it is a single digit.
    """
    sides = [[figures(sentence) for sentence in side] for side in (source, target)]
    counts = [Counter(figure for found in side for figure in found) for side in sides]
    names = sorted(set(counts[0]) & set(counts[1]))
    weights = [(0.5 if len(name) == 1 else 1.0) / max(counts[0][name], counts[1][name]) for name in names]
    tables = [
        np.array([[name in found for name in names] for found in side], dtype=np.float32).reshape(len(side), len(names))
        for side in sides
    ]
    return tables[0], tables[1], np.array(weights, dtype=np.float32)
