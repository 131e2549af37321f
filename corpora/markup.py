"""HTML pages: metadata the page declares, and the body's blocks where its running text is densest.

Two opinions find the body. trafilatura says which text it takes for the article; our own reader, which keeps
paragraphs apart as the page does, finds the element that holds most of that text. Taken are the blocks inside
that element and those elsewhere that trafilatura took, so a paragraph that one of them misses is not lost: a
lost paragraph would look like an omission of the translator. Which of these lines are body is then decided
as for pasted text (see `body`). Scripts are not run and nothing is fetched.
"""

from __future__ import annotations

import copy
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpora.asides import read_captions, read_readings
from corpora.blocks import Block, read_blocks
from corpora.body import Body, find_body
from corpora.dates import find_dateline_date, find_update, guess_from_url
from corpora.draft import Draft
from corpora.errors import MissingExtra, PageRejected
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

# trafilatura takes time by the square of the paragraphs and of the tables inside each other; no article has so many,
# so its opinion is not missed.
_MAX_VOTED_BLOCKS = 5_000
_MAX_VOTED_DEPTH = 300  # elements around a paragraph
# Of attributes: pictures inside the page, or an attack, since libxml2 takes time by the square of their number.
_HUGE_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]*)[^<>]{20000,}>")
_BOX_SHARE = 0.2  # of the body's text
_CORE_SHARE = 0.6  # of the running text that votes for an element; below, two columns could each be the body


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
    chosen = chosen or _choose_blocks(root, blocks, title)
    chosen = _without_closing_notes(chosen)
    body = find_body(_lines(chosen))
    if body is None:
        raise PageRejected("no-article", "no running text: no block of the page reads like an article")
    first, last = blocks.index(chosen[body.start]), blocks.index(chosen[body.end - 1])
    before = [_line(block) for block in blocks[:first] if not block.aside]
    after = [_line(block) for block in blocks[last + 1 :] if not block.aside]
    if title is None:
        title_at = find_title(before)
        title = before[title_at].text if title_at is not None else next(iter(metadata.titles), None)
    day, guessed = _choose_day(metadata, before, after, title, url)
    if day is None or guessed:
        dateline = find_dateline_date(body.blocks[0][0])
        day, guessed = (dateline, False) if dateline else (day, guessed)
    credit, byline = name_writers(body, before)
    byline = metadata.authors or byline or name_above_role(before[-8:])
    people = credit or byline
    return Draft(
        blocks=tuple(block for block in (*_lead(chosen, body), *body.blocks) if _norm(block[0]) != _norm(title or "")),
        title=title,
        lang=metadata.lang,
        url=metadata.url,
        date=day,
        updated=metadata.updated or next(filter(None, (find_update(line.text) for line in before)), None),
        date_guessed=guessed,
        byline=byline.names if byline else (),
        credit=credit.names if credit else (),
        department=people.department if people else None,
        section=metadata.section or find_section([_line(block) for block in blocks[:first]]),
        captions=tuple(dict.fromkeys([*read_captions(root), *find_captions(map(_line, blocks[: last + 1]))])),
        readings=tuple(dict.fromkeys(read_readings(root))),
    )


def _without_closing_notes(chosen: list[Block]) -> list[Block]:
    """The blocks without those in italics below the last one that is not: who the writer is, what was corrected."""
    running = [index for index, block in enumerate(chosen) if _is_running(block) and not block.is_emphasised]
    if not running:
        return chosen
    last = running[-1]
    notes = (block for block in chosen[last + 1 :] if judge(_line(block)) in ("body", "weak", "short"))
    dropped = {id(block) for block in notes if block.is_emphasised}
    return [block for block in chosen if id(block) not in dropped]


def _lead(chosen: Sequence[Block], body: Body) -> list[tuple[str, ParagraphKind]]:
    """A marked subhead right above the first paragraph, which belongs to it and not to the headline."""
    above, first = (chosen[index] if index >= 0 else None for index in (body.start - 1, body.start))
    if above is None or first is None or judge(_line(above)) != "subhead":
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
        ended = ended or (in_body and publisher.is_end(block.text) and any(map(_is_running, chosen)))
        names_writers = bool(chosen) and judge(_line(block)) in ("credit", "byline") and not block.is_link
        if (in_body and not ended) or names_writers:
            chosen.append(block)
    chosen = [block for block in chosen if not title or _norm(block.text) != _norm(title)]
    return chosen if any(map(_is_running, chosen)) else []


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


def _line(block: Block) -> Line:
    return Line(block.text, heading=bool(block.level))


def _lines(blocks: Sequence[Block]) -> list[Line]:
    """The blocks as lines that know whether running text elsewhere is marked up like them."""
    peers: defaultdict[tuple[object, ...], set[HtmlElement]] = defaultdict(set)
    for block in blocks:
        if _is_running(block):
            peers[_place(block)].add(block.element)
    lines = []
    for block in blocks:
        paragraph = not (block.is_link or block.level) and bool(peers[_place(block)] - {block.element})
        lines.append(Line(block.text, heading=bool(block.level), paragraph=paragraph))
    return lines


def _place(block: Block) -> tuple[object, ...]:
    return (block.element.getparent(), block.element.tag, block.element.get("class"))


def _norm(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _choose_title(metadata: Metadata, blocks: Sequence[Block]) -> str | None:
    """The visible headline that the declared titles confirm, else a declared one without the site's name."""
    # The name of the site says nothing of the article, wherever it stands.
    titles = [title for title in metadata.titles if not _is_site_name(title, metadata.site_names)]
    blocks = [block for block in blocks if not _is_site_name(block.text, metadata.site_names)]
    declared = [_norm(title) for title in titles]
    headings = [block for block in blocks if block.level == 1 and not block.aside]
    if len(headings) == 1 and any(_norm(headings[0].text) in title for title in declared):
        return headings[0].text
    confirmed = [
        block
        for block in blocks
        if not block.aside
        and len(_norm(block.text)) >= 6
        and any(_norm(block.text) in title or (block.level == 1 and title in _norm(block.text)) for title in declared)
    ]
    if confirmed:
        best = max(confirmed, key=lambda block: (len(_norm(block.text)), block.level == 1))
        # The site's name is part of most title elements too.
        if len(_norm(best.text)) >= 0.4 * min(map(len, declared)):
            return best.text
    headlines = [block for block in headings if len(block.text) >= 8]
    if len(headlines) == 1 and judge(_line(headlines[0])) in ("short", "weak"):
        return headlines[0].text
    return _without_site(titles[0], metadata.site_names) if titles else None


def _is_site_name(text: str, site_names: Sequence[str]) -> bool:
    return text in site_names or is_site_name(text)


def _without_site(title: str, site_names: Sequence[str]) -> str:
    parts = [part.strip() for part in re.split(r"\s*[|｜：»]\s*|\s+[-–—:]\s+", title) if part.strip()]
    own = [part for part in parts if part not in site_names] or [title]
    return max(own, key=len)


def _choose_blocks(root: HtmlElement, blocks: Sequence[Block], title: str | None) -> list[Block]:
    """The blocks among which the body lies: those of the core element, and others that belong to it."""
    running = [block for block in blocks if not block.aside and not block.is_link and _is_running(block)]
    if not running:
        return []
    asked = len(running) <= _MAX_VOTED_BLOCKS and max(map(_depth, running)) <= _MAX_VOTED_DEPTH
    voted = _norm(_extract(root)) if asked else ""
    votes = {id(block): _norm(block.text)[:80] in voted for block in running}
    core = _core(root, running, votes)
    inside = set(core.iter())
    beside = _beside(core, running)
    headline = next((i for i, block in enumerate(blocks) if title and _norm(block.text) == _norm(title)), None)
    core_start = next((i for i, block in enumerate(blocks) if block.element in inside), 0)
    chosen = []
    for index, block in enumerate(blocks):
        kind = judge(_line(block))
        is_core = block.element in inside and not block.aside and not block.is_link
        is_lead = headline is not None and headline < index < core_start and id(block) in votes
        names_writers = index > core_start and kind in ("credit", "byline") and not block.is_link
        is_stray = id(block) in beside
        if is_core or names_writers or ((is_lead or votes.get(id(block), False)) and not is_stray):
            chosen.append(block)
    return [block for block in chosen if not title or _norm(block.text) != _norm(title)]


def _depth(block: Block) -> int:
    return sum(1 for _ in block.element.iterancestors())


def _beside(core: HtmlElement, running: Sequence[Block]) -> set[int]:
    """The running blocks, by id, in small boxes beside the body: a writer's profile, an appeal, a letter.

    Such a box has a heading of its own, or it stands below the body, is named unlike it and has little text.
    """
    around = set(core.iterancestors())
    inside = set(core.iter())
    boxes: defaultdict[HtmlElement, list[Block]] = defaultdict(list)
    before: set[HtmlElement] = set()
    size, is_before = 0, True
    for block in running:
        if block.element in inside:
            size, is_before = size + len(block.text), False
            continue
        box = _below(around, block.element)
        boxes[box].append(block)
        if is_before:
            before.add(box)
    own = _names(_below(around, core)) | _names(core)
    return {
        id(block)
        for box, blocks in boxes.items()
        if box.tag in ("div", "section", "td", "li", "article")
        and sum(len(block.text) for block in blocks) <= _BOX_SHARE * size
        and (_is_headed(box) or (box not in before and _names(box).isdisjoint(own)))
        for block in blocks
    }


def _below(around: set[HtmlElement], element: HtmlElement) -> HtmlElement:
    """The outermost element around this one that is not around the body."""
    while element.getparent() is not None and element.getparent() not in around:
        element = element.getparent()
    return element


def _names(element: HtmlElement) -> set[str]:
    return {*(element.get("class") or "").split(), element.get("id") or ""} - {""} or {str(element.tag)}


def _is_headed(box: HtmlElement) -> bool:
    first = next((element for element in box.iterdescendants() if (element.text or "").strip()), None)
    return first is not None and re.fullmatch("h[2-6]", str(first.tag)) is not None


def _is_running(block: Block) -> bool:
    return judge(_line(block)) == "body"


def _core(root: HtmlElement, running: Sequence[Block], votes: dict[int, bool]) -> HtmlElement:
    """The deepest element that holds most of the running text, and more than one paragraph of it."""
    weights: defaultdict[HtmlElement, float] = defaultdict(float)
    paragraphs: Counter[HtmlElement] = Counter()
    for block in running:
        weight = len(block.text) if votes[id(block)] else 0.3 * len(block.text)
        for element in (block.element, *block.element.iterancestors()):
            weights[element] += weight
            paragraphs[element] += 1
    core = root
    enough = _CORE_SHARE * weights[root]
    while True:
        heavy = [child for child in core if weights[child] >= enough and paragraphs[child] > 1]
        if not heavy:
            return core
        core = heavy[0]


def _extract(root: HtmlElement) -> str:
    """What trafilatura takes for the article; empty where it finds none."""
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtra(
            f"reading HTML pages needs trafilatura, which cannot be imported ({error}); "
            "install it with: pip install 'trafilatura>=2.3,<3' lxml_html_clean"
        ) from error
    tree = copy.deepcopy(root)
    for element in list(tree.iter("time", "rt", "rp")):  # <time> makes it join short pages into one line
        element.drop_tree()
    try:
        return trafilatura.extract(tree, favor_precision=True, include_comments=False) or ""
    except (RecursionError, ValueError, AttributeError, TypeError):
        return ""  # an opinion less; our own reader stands without it
