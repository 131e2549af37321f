"""Numbers, dates, times and shares in Japanese and English text, by value.

`1億2000万円`, `１２０，０００，０００円` and `120 million yen` write one value in three ways; a text and its
translation have to be compared by value. What a reading is, is in `quantity`; how each language writes its
numbers is in `numbers_ja` and `numbers_en`.

It reads short expressions with regular expressions and does no parsing of sentences: it does not know what a number
counts beyond the word beside it, and leaves numerals inside names (三重県, COVID-19, G-7) alone.
"""

from __future__ import annotations

from align.numbers_en import read as read_english
from align.numbers_ja import read as read_japanese
from align.quantity import Quantity, narrow
from corpora.errors import UsageError

LANGUAGES = ("ja", "en")
_READERS = {"ja": read_japanese, "en": read_english}
_LARGEST = 1e18


def expressions(text: str, lang: str) -> list[Quantity]:
    """All quantities of `text`, with relative dates (昨年, next month), phases (下旬, late) and weekdays."""
    if lang not in _READERS:
        raise UsageError(f"no rules for numbers in language {lang!r}; known are {', '.join(LANGUAGES)}")
    # Digits without end are not quantities, and floats could not hold them.
    return [q for q in _READERS[lang](narrow(text)) if max(q.values) < _LARGEST]


def numbers(text: str, lang: str) -> list[Quantity]:
    """The numbers, dates, times and shares of `text`, in order; `lang` is "ja" or "en".

    >>> [(q.values, q.kind, q.unit) for q in numbers("約１億２０００万円", "ja")]
    [((120000000.0,), 'money', 'yen')]
    >>> [(q.values, q.unit) for q in numbers("Feb. 26, 2019", "en")]
    [((2019.0, 2.0, 26.0), 'ymd')]
    """
    return [q for q in expressions(text, lang) if q.kind not in ("relative", "phase", "weekday")]
