"""What a number expression is: where it stands, its value, its kind, and which units convert into which.

How each language writes its numbers is in `numbers_ja` and `numbers_en`; `numbers` puts the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number",
    "ordinal",
    "vague",
    "percent",
    "fraction",
    "times",
    "money",
    "age",
    "date",
    "time",
    "relative",
    "phase",
    "weekday",
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number expression: `text[start:end]` has the value `values`.

    `values` depends on `kind`. date: one value for each part that `unit` names (`ymd`, `md`, `y` ...).
    vague: the lowest and highest value meant (数百, dozens). percent: 40 for 4割. fraction: 0.25.
    time: hours since midnight. relative: an offset from the article's date in `unit` y or m (昨年 = -1 y).
    phase: 0, 1, 2 for the early, middle and late part of a month, year or decade. weekday: 0 for Monday.
    All others: the value, or every possible one if there are several (24年: 24 years, or 2024).
    `bound` is 1 for "more than" and "at least", -1 for "fewer than" and "nearly", else 0.
    """

    start: int
    end: int
    values: tuple[float, ...]
    kind: Kind
    unit: str | None = None
    approximate: bool = False
    bound: int = 0


# unit -> (dimension, size in the dimension's base unit); None where no fixed size is known.
UNITS: dict[str, tuple[str, float | None]] = {
    "yen": ("money", None),
    "dollar": ("money", None),
    "euro": ("money", None),
    "pound": ("money", None),
    "yuan": ("money", None),
    "won": ("money", None),
    "km": ("length", 1000.0),
    "m": ("length", 1.0),
    "cm": ("length", 0.01),
    "mm": ("length", 0.001),
    "mile": ("length", 1609.344),
    "yard": ("length", 0.9144),
    "foot": ("length", 0.3048),
    "inch": ("length", 0.0254),
    "t": ("mass", 1000.0),
    "kg": ("mass", 1.0),
    "g": ("mass", 0.001),
    "mg": ("mass", 0.000001),
    "lb": ("mass", 0.4536),
    "sqkm": ("area", 1e6),
    "ha": ("area", 1e4),
    "acre": ("area", 4046.86),
    "sqm": ("area", 1.0),
    "tsubo": ("area", 3.3058),
    "sqft": ("area", 0.0929),
    "sqmile": ("area", 2589988.0),
    "liter": ("volume", 1.0),
    "ml": ("volume", 0.001),
    "gallon": ("volume", 3.785),
    "barrel": ("volume", 158.987),
    "celsius": ("temperature", None),
    "fahrenheit": ("temperature", None),
    "century": ("duration", 36525.0),
    "decade": ("duration", 3652.5),
    "year": ("duration", 365.25),
    "month": ("duration", 30.4375),
    "week": ("duration", 7.0),
    "day": ("duration", 1.0),
    "hour": ("duration", 1 / 24),
    "minute": ("duration", 1 / 1440),
    "second": ("duration", 1 / 86400),
    "percent": ("share", None),
    "point": ("share", None),
    "person": ("count", None),
    "company": ("count", None),
    "school": ("count", None),
    "house": ("count", None),
    "country": ("count", None),
    "prefecture": ("count", None),
}

# Full-width ASCII becomes half-width, every dash a hyphen: each is one character, so offsets stay valid.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW |= dict.fromkeys(map(ord, "‐‑‒–—―−－"), ord("-"))
_NARROW |= {ord("〜"): ord("~"), ord("～"): ord("~"), 0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2009: 0x20}
_NARROW |= {ord("’"): ord("'"), ord("‘"): ord("'"), ord("￥"): ord("¥"), ord("･"): ord("・")}
_WIDE = re.compile(f"[{re.escape(''.join(map(chr, _NARROW)))}]+")  # most of a text needs no looking up


def narrow(text: str) -> str:
    """`text` with full-width letters, digits and signs made half-width, offset for offset.

    >>> narrow("１・２５倍、約３０％")
    '1・25倍、約30%'
    """
    return text if text.isascii() else _WIDE.sub(lambda run: run[0].translate(_NARROW), text)


def tidy(value: float) -> float:
    """`value` without the dust of binary arithmetic, so that 1.1 x 10^8 equals 110,000,000."""
    return float(f"{value:.15g}")
