"""The text blocks of an HTML page, as a reader sees them: paragraphs, headings, list items, table cells.

A block is the text between two block-level boundaries; line breaks divide it where the page uses them for
paragraphs. Readings over kanji (`<rt>`), captions, menus and controls are left out. Names of classes such as
`related` or `share` mark blocks as aside, unless most of the page's text lies under that name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpora.endings import split_ending
from corpora.layout import clean_paragraph, join_lines

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


_SKIPPED = _words(
    """
    script style noscript template svg math iframe object embed canvas audio video button select option
    datalist textarea input rt rp rtc head figure figcaption nav footer aside dialog map
    """
)
_INLINE = _words(
    """
    a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark meter nobr o q rb
    ruby s samp small span strike strong sub sup time tt u var wbr data output link meta
    """
)
# Words in class names and ids that mark what is not the article, in the two languages' sites alike.
_HINTS = _words(
    """
    related relation recommend recommended recommendation ranking share sns social newsletter promo
    promotion advert advertisement ad ads sponsor sponsored cookie consent breadcrumb breadcrumbs
    topicpath pankuzu comment comments caption popular trending nav gnav menu footer sidebar copyright
    subscribe subscription paywall tags pr glossary infobox factbox banner modal toolbar pager
    pagination toc outbrain taboola recirc mostread skip login pull pullquote bio gallery carousel
    slideshow teaser teasers card cards widget inbox signup upsell poll standings scoreboard rel nl
    join support donate donation donations membership tagline footnote footnotes endnote authorbox
    """
)
_NAMING = ("class", "id", "data-component", "data-testid")
_MOST_READ = re.compile(r"(?:most|also|next)[-_]?(?:read|viewed|popular)|read[-_]?(?:more|next|also)", re.IGNORECASE)
_NEVER_ASIDE = frozenset(("html", "body", "main", "article"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TEASER_CHARS = 240
_CELL_CHARS = 60
_CAPTION_CHARS = 300
_BREAK = "\x1e"  # stands for <br>; the page's own control characters are gone by now
_PARAGRAPH_END = re.compile(r"[.!?。！？」』”\"】）)｡｣]\s*$")
_PARAGRAPH_START = re.compile(r"　|[◇◆■□●○▼▽▲△★☆【]")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One block of text and the element it lies in; `level` is 1 to 6 inside a heading, else 0."""

    text: str
    element: HtmlElement
    level: int = 0
    linked_chars: int = 0
    aside: bool = False
    hinted_by: tuple[HtmlElement, ...] = ()  # elements around it whose names say that they are no article

    @property
    def is_link(self) -> bool:
        """Whether most of the block is a link, as in lists of other stories."""
        return self.linked_chars > 0.5 * len(self.text)


def read_blocks(root: HtmlElement) -> list[Block]:
    """All blocks below `root`, in the order of the page."""
    blocks = [block for block in _walk(root) if block.text]
    # On an element that holds most of the page the word names the layout (`has-sidebar`), not an aside.
    total = sum(len(block.text) for block in blocks if not block.is_link)
    hinted = Counter[int]()
    for block in blocks:
        if not block.is_link:
            hinted.update({id(element): len(block.text) for element in block.hinted_by})
    boxes = *_teasers(root), *_data_tables(root), *_captioned(root, total)
    beside = {inner for element in boxes for inner in element.iter()}
    return [
        replace(block, aside=True)
        if block.element in beside or any(hinted[id(element)] <= 0.4 * total for element in block.hinted_by)
        else block
        for block in blocks
    ]


def _teasers(root: HtmlElement) -> Iterator[HtmlElement]:
    """Cards for other stories: small boxes side by side, each a heading and at most a line or two.

    Short sections of a story look alike, so cards must be links, or stand under a heading of their own.
    """
    opened_by: dict[HtmlElement | None, HtmlElement] = {}  # box -> its first heading
    for heading in root.iter("h2", "h3", "h4", "h5", "h6"):
        opened_by.setdefault(heading.getparent(), heading)
    small: dict[HtmlElement, set[HtmlElement]] = {}
    for box, heading in opened_by.items():
        if box is None or box.tag not in ("div", "li", "article", "section", "a") or box.getparent() is None:
            continue
        text = box.text_content().strip()
        if len(text) <= _TEASER_CHARS and text.startswith(heading.text_content().strip()):
            small.setdefault(box.getparent(), set()).add(box)
    for parent, boxes in small.items():
        others = [child for child in parent if child not in boxes]
        headed = len(others) == 1 and others[0] is parent[0] and others[0].tag in ("h2", "h3", "h4", "h5")
        linked = all(box.tag == "a" or box.find(".//a[@href]") is not None for box in boxes)
        if len(boxes) > 1 and (headed or linked):
            yield from boxes


def _captioned(root: HtmlElement, total: int) -> Iterator[HtmlElement]:
    """Boxes of a picture with a line or two below it, on pages that have far more text than that."""
    for box in dict.fromkeys(map(_box_of, dict.fromkeys(image.getparent() for image in root.iter("img")))):
        if box is None or box.tag != "div" or len(box.findall(".//p")) > 1 or box.find(".//h1") is not None:
            continue
        if 0 < len(box.text_content().strip()) <= min(_CAPTION_CHARS, total / 5):
            yield box


def _box_of(element: HtmlElement | None) -> HtmlElement | None:
    """The element around a picture's own that holds more than the picture."""
    while element is not None and element.tag in ("a", "span", "p", "picture") and not element.text_content().strip():
        element = element.getparent()
    return element


def _data_tables(root: HtmlElement) -> Iterator[HtmlElement]:
    """Tables of figures and names, and not those that lay out a page."""
    for table in root.iter("table"):
        cells = list(table.iter("td", "th"))
        # Up to the first long cell only: tables that lay out a page lie inside each other.
        if len(cells) >= 6 and all(len(cell.text_content().strip()) <= _CELL_CHARS for cell in cells):
            yield table


def _walk(root: HtmlElement) -> Iterator[Block]:
    from lxml import etree

    pieces: list[str] = []
    linked = 0
    links = level = 0
    hints: list[HtmlElement] = []
    owners: list[HtmlElement] = [root]
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else None
        if event == "start" and tag:
            if _is_skipped(element, tag):
                walker.skip_subtree()
                continue
            if tag not in _INLINE and tag != "br":
                yield from _flush(pieces, owners[-1], level, linked, hints)
                pieces, linked = [], 0
                owners.append(element)
            links += tag == "a"
            level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else level
            if _is_hinted(element, tag):
                hints.append(element)
            pieces.append(_BREAK if tag == "br" else element.text or "")
            linked += len((element.text or "").strip()) if links else 0
        elif tag and not _is_skipped(element, tag):
            if tag not in _INLINE and tag != "br":
                yield from _flush(pieces, element, level, linked, hints)
                pieces, linked = [], 0
                owners.pop()
            links -= tag == "a"
            level = 0 if re.fullmatch(r"h[1-6]", tag) else level
            if hints and hints[-1] is element:
                hints.pop()
        if event != "start" and element is not root:
            pieces.append(element.tail or "")
            linked += len((element.tail or "").strip()) if links else 0
    yield from _flush(pieces, root, level, linked, hints)


def _is_skipped(element: HtmlElement, tag: str) -> bool:
    if tag in _SKIPPED:
        return True
    if not element.attrib or tag in _NEVER_ASIDE:
        return False
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _is_hinted(element: HtmlElement, tag: str) -> bool:
    if tag in _NEVER_ASIDE:
        return False
    names = " ".join(element.get(name) or "" for name in _NAMING)
    if len(names) < 3:
        return False
    words = re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names).lower())
    return not _HINTS.isdisjoint(words) or bool(_MOST_READ.search(names))


def _flush(pieces: list[str], owner: HtmlElement, level: int, linked: int, hints: list[HtmlElement]) -> Iterator[Block]:
    raw = "".join(pieces)
    if not raw.strip(f" \t\n\r\f　{_BREAK}"):
        return
    texts = [part for text in _split_breaks(raw) for part in split_ending(text)]
    for text in texts:
        share = min(linked, len(text)) if len(texts) == 1 else 0
        yield Block(text, owner, level, share, hinted_by=tuple(hints))


def _split_breaks(raw: str) -> list[str]:
    """The paragraphs of a text with `<br>`: each break divides, unless lines were broken at a fixed width."""
    pieces = [(clean_paragraph(piece), piece.lstrip(" \t\r\n")) for piece in raw.split(_BREAK)]
    inner = [text for text, _ in pieces[:-1] if text]
    unfinished = sum(not _PARAGRAPH_END.search(text) for text in inner)
    is_wrapped = len(inner) >= 4 and unfinished > 0.5 * len(inner)
    paragraphs: list[str] = []
    open_line = False
    for text, piece in pieces:
        if not text:
            open_line = False
            continue
        if open_line and not _PARAGRAPH_START.match(piece):
            paragraphs[-1] = join_lines(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        open_line = is_wrapped and not _PARAGRAPH_END.search(text)
    return paragraphs
