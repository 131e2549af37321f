"""HTML pages: metadata the page declares, and the body's blocks where its running text is densest.

`html_body` finds the blocks among which the body lies, or a publisher's rules do; which of these lines are body is
then decided as for pasted text (see `body`). Scripts are not run and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpora.asides import read_captions, read_links, read_readings
from corpora.blocks import Block, read_blocks
from corpora.body import Body, find_body
from corpora.dates import find_dateline_date, find_update, guess_from_url
from corpora.draft import Draft
from corpora.errors import PageRejected
from corpora.html_body import (
    choose_blocks,
    is_running,
    line_of,
    lines_of,
    squeezed,
    without_closing_notes,
)
from corpora.layout import clean_paragraph
from corpora.lines import Line, judge
from corpora.metadata import Metadata, read_metadata
from corpora.pasted import (
    find_captions,
    find_line_date,
    find_section,
    find_title,
    is_site_name,
    name_above_role,
    name_writers,
)
from corpora.publishers import Publisher, Publishers
from corpora.records import ParagraphKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Of attributes: pictures inside the page, or an attack, since libxml2 takes time by the square of their number.
_HUGE_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]*)[^<>]{20000,}>")


def read_markup(text: str, *, url: str | None = None, publishers: Publishers = ()) -> Draft:
    """The article on an HTML page; raises PageRejected where nothing is running text.

    Of the publishers the first whose page it is, by its address, has a say in where title and body are.

    >>> page = "<html lang=en><title>Flood - News</title><h1>Flood</h1><p>The river rose by two meters on "
    >>> page += "Friday and dozens of people had to flee.</p><p>(By Yui Toki, Mito Bureau)</p>"
    >>> draft = read_markup(page)
    >>> draft.title, draft.credit, draft.lang
    ('Flood', ('Yui Toki',), 'en')
    """
    root = _parse(text)
    metadata = read_metadata(root)
    publisher = next((one for one in publishers if one.serves(url or metadata.url)), None)
    if publisher:
        for selector in publisher.drop:
            for element in root.cssselect(selector):
                if element is not root:  # of which nothing would be left to read
                    element.drop_tree()
    blocks = read_blocks(root)
    title = (_title_by_rule(root, publisher) if publisher else None) or _choose_title(metadata, blocks)
    chosen = _blocks_by_rule(root, blocks, publisher, title) if publisher else []
    chosen = chosen or choose_blocks(root, blocks, title)
    chosen = without_closing_notes(chosen)
    body = find_body(lines_of(chosen))
    if body is None:
        raise PageRejected("no-article", "no running text: no block of the page reads like an article")
    first, last = blocks.index(chosen[body.start]), blocks.index(chosen[body.end - 1])
    before = [line_of(block) for block in blocks[:first] if not block.aside]
    after = [line_of(block) for block in blocks[last + 1 :] if not block.aside]
    if title is None:
        title_at = find_title(before)
        title = before[title_at].text if title_at is not None else next(iter(metadata.titles), None)
    day, guessed = _choose_day(metadata, before, after, title, url)
    if day is None or guessed:
        dateline = find_dateline_date(body.blocks[0][0])
        day, guessed = (dateline, False) if dateline else (day, guessed)
    credit, byline = name_writers(body, before)
    byline = metadata.authors or byline or name_above_role(before, title)
    people = credit or byline
    return Draft(
        blocks=tuple(
            block for block in (*_lead(chosen, body), *body.blocks) if squeezed(block[0]) != squeezed(title or "")
        ),
        title=title,
        lang=metadata.lang,
        url=metadata.url,
        date=day,
        updated=metadata.updated or next(filter(None, (find_update(line.text) for line in before)), None),
        date_guessed=guessed,
        byline=byline.names if byline else (),
        credit=credit.names if credit else (),
        department=people.department if people else None,
        section=metadata.section or find_section([line_of(block) for block in blocks[:first]]),
        captions=tuple(dict.fromkeys([*read_captions(root), *find_captions(map(line_of, blocks[: last + 1]))])),
        readings=tuple(dict.fromkeys(read_readings(root))),
        links=tuple(dict.fromkeys(read_links(root, url or metadata.url))),
    )


def _lead(chosen: Sequence[Block], body: Body) -> list[tuple[str, ParagraphKind]]:
    """A marked subhead right above the first paragraph, which belongs to it and not to the headline."""
    above, first = (chosen[index] if index >= 0 else None for index in (body.start - 1, body.start))
    if above is None or first is None or judge(line_of(above)) != "subhead":
        return []
    return [(above.text, "subhead")] if above.element.getparent() is first.element.getparent() else []


def _title_by_rule(root: HtmlElement, publisher: Publisher) -> str | None:
    element = publisher.first(root, publisher.title)
    return None if element is None else clean_paragraph(element.text_content()) or None


def _blocks_by_rule(root: HtmlElement, blocks: Sequence[Block], publisher: Publisher, title: str | None) -> list[Block]:
    """The blocks in the body that the publisher's rules name, and who wrote it; none where that holds no text."""
    element = publisher.first(root, publisher.body)
    if element is None:
        return []
    inside = set(element.iter())
    chosen: list[Block] = []
    ended = False
    for block in blocks:
        in_body = block.element in inside and not publisher.is_furniture(block.text)
        ended = ended or (in_body and publisher.is_end(block.text) and any(map(is_running, chosen)))
        names_writers = bool(chosen) and judge(line_of(block)) in ("credit", "byline") and not block.is_link
        if (in_body and not ended) or names_writers:
            chosen.append(block)
    chosen = [block for block in chosen if not title or squeezed(block.text) != squeezed(title)]
    return chosen if any(map(is_running, chosen)) else []


def _choose_day(
    metadata: Metadata, before: Sequence[Line], after: Sequence[Line], title: str | None, url: str | None
) -> tuple[str | None, bool]:
    """The day of publication, and whether it is a guess (from the update or the URL)."""
    if metadata.date:
        return metadata.date, False
    day, guessed = find_line_date(before, after, title)
    if day is None:
        day = metadata.updated or guess_from_url(url or metadata.url or "")
        guessed = day is not None
    return day, guessed


def _parse(text: str) -> HtmlElement:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    text = _HUGE_TAG.sub(r"<\1>", text)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise PageRejected("no-article", f"the page cannot be parsed as HTML: {error}") from error
    fatal = [entry.message for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL]
    if fatal:  # what comes after is lost, and would look like an omission of the translator
        raise PageRejected("malformed", f"the page cannot be read to its end: {fatal[0].partition(',')[0]}")
    return root


def _choose_title(metadata: Metadata, blocks: Sequence[Block]) -> str | None:
    """The visible headline that the declared titles confirm, else a declared one without the site's name."""
    # The name of the site says nothing of the article, wherever it stands.
    titles = [title for title in metadata.titles if not _is_site_name(title, metadata.site_names)]
    blocks = [block for block in blocks if not _is_site_name(block.text, metadata.site_names)]
    declared = [squeezed(title) for title in titles]
    headings = [block for block in blocks if block.level == 1 and not block.aside]
    if len(headings) == 1 and any(squeezed(headings[0].text) in title for title in declared):
        return headings[0].text
    confirmed = [
        block
        for block in blocks
        if not block.aside
        and len(squeezed(block.text)) >= 6
        and any(
            squeezed(block.text) in title or (block.level == 1 and title in squeezed(block.text)) for title in declared
        )
    ]
    if confirmed:
        best = max(confirmed, key=lambda block: (len(squeezed(block.text)), block.level == 1))
        # The site's name is part of most title elements too.
        if len(squeezed(best.text)) >= 0.4 * min(map(len, declared)):
            return best.text
    headlines = [block for block in headings if len(block.text) >= 8]
    if len(headlines) == 1 and judge(line_of(headlines[0])) in ("short", "weak"):
        return headlines[0].text
    return _without_site(titles[0], metadata.site_names) if titles else None


def _is_site_name(text: str, site_names: Sequence[str]) -> bool:
    return text in site_names or is_site_name(text)


def _without_site(title: str, site_names: Sequence[str]) -> str:
    parts = [part.strip() for part in re.split(r"\s*[|｜：»]\s*|\s+[-–—:]\s+", title) if part.strip()]
    own = [part for part in parts if part not in site_names] or [title]
    return max(own, key=len)
