"""What stands behind the last full stop of a paragraph: credits, dates, agencies, page references.

Such a note hides the full stop that tells running text from headlines, and is no part of the text that a
translator had. Credits and dates become lines of their own, where readers look for them; an agency's name is
cut off; other notes, as `(see page 3)`, stay, and are only left aside when the paragraph is judged.
"""

from __future__ import annotations

import re

from corpora.credit import parse_credit, widen
from corpora.dates import is_date_line

_AGENCY = r"(?:Kyodo(?: News)?|Jiji(?: Press)?|AFP(?:-Jiji)?|AP|Reuters|Bloomberg|共同|時事|ロイター|[AＡ][FＦ]?[PＰ])"
_AGENCY_NOTE = re.compile(rf"(?<=[.!?。！？\"”」])\s*(?:[(（\[]{_AGENCY}[)）\]]|(?:--|—|–|==|[＝=])\s?{_AGENCY})$")
_NOTE = re.compile(
    rf"\s*[(（\[][^()（）\[\]]{{2,90}}[)）\]]$|\s*(?:--|—|–|==|[＝=])\s?{_AGENCY}$"
    r"|[＝=](?:[\d０-９]+面|関連)[^。]{0,12}$"
)
_PAGE_NOTE = re.compile(r"(?:[\d０-９]+面|関連|\b(?:see|page|story|related|continued)\b)[^。.]*$", re.IGNORECASE)
_ENDING = re.compile(
    r"(?P<text>.{10,}?[.!?。！？…”\"’'」』)）])\s*(?P<note>[(（\[](?:[^()（）]|[(（][^()（）]*[)）])+[)）\]]"
    r"|(?<=[.!?”\"]\s)(?:This (?:article|story|text)\b[^.]*\bin Japanese\b[^.]*\bby\b"
    r"|(?:Translated|Reported|Written|Edited) by\b)[^.]{2,90}\.?)",
    re.DOTALL,
)
_PICTURE = re.compile(r"photo|image|illustration|graphic|©|撮影|提供|写真", re.IGNORECASE)


def split_ending(text: str) -> list[str]:
    """A paragraph and, apart from it, the credit or the date at its end.

    >>> split_ending("The bridge opened on Monday. (By Haruto Mine; translated by Ann Lee)")
    ['The bridge opened on Monday.', '(By Haruto Mine; translated by Ann Lee)']
    >>> split_ending("The bridge opened on Monday. (See page 3)")
    ['The bridge opened on Monday. (See page 3)']
    """
    match = _ENDING.fullmatch(widen(text))
    if match and parse_credit(text):
        return [text]
    if match is None or _PICTURE.search(match["note"]):
        return [text]
    note = match["note"]
    return [text[: match.end("text")], note] if parse_credit(note) or is_date_line(note) else [text]


def without_note(text: str) -> str:
    """The text without the note at its end, of whatever kind.

    >>> without_note("橋が開通した。＝3面に関連記事")
    '橋が開通した。'
    """
    return _NOTE.sub("", text)


def refers_to_page(text: str) -> bool:
    """Whether the text ends in a reference to another page, as stories do and headlines and captions do not.

    >>> refers_to_page("The bridge will open next week (see page 3)"), refers_to_page("It opened (March 3)")
    (True, False)
    """
    main = without_note(text)
    return bool(_PAGE_NOTE.search(text, len(main)))


def without_agency(text: str) -> str:
    """The text without the agency's name behind its last full stop.

    >>> without_agency("The bridge opened. (Kyodo)"), without_agency("橋が開通した。＝共同")
    ('The bridge opened.', '橋が開通した。')
    """
    return _AGENCY_NOTE.sub("", text)
