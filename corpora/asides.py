"""What an HTML page says beside its running text and is worth keeping: captions of pictures, readings over kanji."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpora.layout import clean_paragraph
from corpora.records import Reading

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST_CAPTION = 500  # characters


def read_captions(root: HtmlElement) -> Iterator[str]:
    """The text of each `<figcaption>`, or of a `<figure>` without one."""
    for figure in root.iter("figure", "figcaption"):
        if figure.tag == "figure" and figure.find(".//figcaption") is not None:
            continue
        text = clean_paragraph("".join(_shown(figure)))
        if 0 < len(text) <= _LONGEST_CAPTION:
            yield text


def read_readings(root: HtmlElement) -> Iterator[Reading]:
    """Each word that has its reading over it (`<ruby>`), with that reading.

    >>> from lxml import html
    >>> page = html.fromstring("<p><ruby>日<rp>(</rp><rt>たち</rt>立<rt>ばな</rt></ruby>さん</p>")
    >>> list(read_readings(page))
    [Reading(text='日立', reading='たちばな')]
    """
    for ruby in root.iter("ruby"):
        text = clean_paragraph("".join(_shown(ruby)))
        reading = clean_paragraph("".join("".join(over.itertext()) for over in ruby.iter("rt")))
        if text and reading:
            yield Reading(text, reading)


def _shown(element: HtmlElement) -> Iterator[str]:
    """The text of an element but for readings and scripts."""
    yield element.text or ""
    for child in element:
        if child.tag not in ("rt", "rp", "rtc", "script", "style", "noscript") and isinstance(child.tag, str):
            yield from _shown(child)
        yield child.tail or ""
