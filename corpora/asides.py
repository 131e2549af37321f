"""What an HTML page says beside its running text and is worth keeping.

Captions of pictures, readings over kanji, and where the page is to be had in another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from corpora.layout import canonical_url, clean_paragraph
from corpora.records import Reading

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST_CAPTION = 500  # characters
# What links to an article in another language say.
_OTHER_LANGUAGE = re.compile(
    r"\W*(?:(?:read (?:this |the )?(?:article |story |original )*in )?(?:japanese|english)"
    r"|(?:the )?(?:original )?(?:japanese|english) (?:version|original|article|edition)(?: here)?"
    r"|(?:この記事の?)?(?:日本語|英語|英文|和文)(?:版|記事|の記事|の原文|で読む|はこちら|版はこちら|版を読む|原文)*)\W*",
    re.IGNORECASE,
)


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


def read_links(root: HtmlElement, url: str | None) -> Iterator[str]:
    """Addresses of the page in other languages: `hreflang`, and links that say so (`Japanese original`).

    `url` is the page's own address, for links that leave out the site; without it they are left out.

    >>> from lxml import html
    >>> page = html.fromstring('<p><a href="/ja/a/7">日本語版</a> <a href="/a/8">More</a></p>')
    >>> list(read_links(page, "https://news.example/en/a/7"))
    ['https://news.example/ja/a/7']
    """
    for element in root.iter("link", "a"):
        is_alternate = element.get("hreflang") and (element.tag == "a" or "alternate" in (element.get("rel") or ""))
        says_so = element.tag == "a" and _OTHER_LANGUAGE.fullmatch(clean_paragraph(element.text_content()))
        if not is_alternate and not says_so:
            continue
        try:
            address = canonical_url(urljoin(url or "", element.get("href") or ""))
        except ValueError:  # no address at all
            continue
        if address and address != canonical_url(url):
            yield address


def _shown(element: HtmlElement) -> Iterator[str]:
    """The text of an element but for readings and scripts."""
    yield element.text or ""
    for child in element:
        if child.tag not in ("rt", "rp", "rtc", "script", "style", "noscript") and isinstance(child.tag, str):
            yield from _shown(child)
        yield child.tail or ""
