"""Where on an HTML page the body lies: the blocks to choose from, before their words decide.

Two opinions. trafilatura says which text it takes for the article; our own reader, which keeps paragraphs apart as the
page does, finds the element that holds most of that text. Taken are the blocks inside that element and those elsewhere
that trafilatura took, so a paragraph that one of them misses is not lost: a lost paragraph would look like an omission
of the translator. Small boxes beside the element and closing notes in italics are left out.
"""

from __future__ import annotations

import copy
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from corpora.blocks import Block
from corpora.errors import MissingExtra
from corpora.lines import Line, judge

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# trafilatura takes time by the square of the paragraphs and of the tables inside each other; no article has so many,
# so its opinion is not missed.
_MAX_VOTED_BLOCKS = 5_000
_MAX_VOTED_DEPTH = 300  # elements around a paragraph
_BOX_SHARE = 0.2  # of the body's text
_CORE_SHARE = 0.6  # of the running text that votes for an element; below, two columns could each be the body


def choose_blocks(root: HtmlElement, blocks: Sequence[Block], title: str | None) -> list[Block]:
    """The blocks among which the body lies: those of the core element, and others that belong to it."""
    running = [block for block in blocks if not block.aside and not block.is_link and is_running(block)]
    if not running:
        return []
    asked = len(running) <= _MAX_VOTED_BLOCKS and max(map(_depth, running)) <= _MAX_VOTED_DEPTH
    voted = squeezed(_extract(root)) if asked else ""
    votes = {id(block): squeezed(block.text)[:80] in voted for block in running}
    core = _core(root, running, votes)
    inside = set(core.iter())
    beside = _beside(core, running)
    continued = _continued(core, running)
    headline = next((i for i, block in enumerate(blocks) if title and squeezed(block.text) == squeezed(title)), None)
    core_start = next((i for i, block in enumerate(blocks) if block.element in inside), 0)
    chosen = []
    for index, block in enumerate(blocks):
        kind = judge(line_of(block))
        is_core = block.element in inside and not block.aside and not block.is_link
        is_lead = headline is not None and headline < index < core_start and id(block) in votes
        names_writers = index > core_start and kind in ("credit", "byline") and not block.is_link
        is_voted = (is_lead or votes.get(id(block), False)) and id(block) not in beside
        if is_core or names_writers or is_voted or id(block) in continued:
            chosen.append(block)
    return [block for block in chosen if not title or squeezed(block.text) != squeezed(title)]


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


def _continued(core: HtmlElement, running: Sequence[Block]) -> set[int]:
    """The running blocks, by id, in boxes next to the body whose class begins like its own: `story`, `story-more`."""
    own = [name for name in (core.get("class") or "").split() if len(name) >= 5]
    parent = core.getparent()
    if not own or parent is None:
        return set()
    boxes = (
        box
        for box in parent
        if box is not core and any(name.startswith(tuple(own)) for name in (box.get("class") or "").split())
    )
    inside = {element for box in boxes for element in box.iter()}
    return {id(block) for block in running if block.element in inside}


def _below(around: set[HtmlElement], element: HtmlElement) -> HtmlElement:
    """The outermost element around this one that is not around the body."""
    while element.getparent() is not None and element.getparent() not in around:
        element = element.getparent()
    return element


def _names(element: HtmlElement) -> set[str]:
    """The words of its class and id, since `story-body` and `story-body-more` may be one story; else its tag."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return set(re.findall(r"[^\W\d_]{2,}|\d+", names)) or {str(element.tag)}


def _is_headed(box: HtmlElement) -> bool:
    first = next((element for element in box.iterdescendants() if (element.text or "").strip()), None)
    return first is not None and re.fullmatch("h[2-6]", str(first.tag)) is not None


def is_running(block: Block) -> bool:
    """Whether a block is a paragraph of running text, by its words."""
    return judge(line_of(block)) == "body"


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


def without_closing_notes(chosen: list[Block]) -> list[Block]:
    """The blocks without those in italics below the last one that is not: who the writer is, what was corrected."""
    dropped: set[int] = set()
    slanted: dict[HtmlElement, bool] = {}
    for block in reversed(chosen):
        if block.element not in slanted:
            slanted[block.element] = _is_slanted(block.element)
        kind = judge(line_of(block))
        if slanted[block.element] and kind in ("body", "weak", "short"):
            dropped.add(id(block))
        elif kind == "body":
            return [block for block in chosen if id(block) not in dropped]
    return chosen


def _is_slanted(element: HtmlElement) -> bool:
    """Whether all of an element's text is in italics."""
    total = len(squeezed(element.text_content()))
    return sum(len(squeezed(one.text_content())) for one in _outermost_italics(element)) >= 0.9 * total


def _outermost_italics(element: HtmlElement) -> Iterator[HtmlElement]:
    found = list(element.iter("em", "i"))
    inner = {below for one in found for below in one.iter("em", "i") if below is not one}
    return (one for one in found if one not in inner)


def line_of(block: Block) -> Line:
    """The block as a line that knows only itself."""
    return Line(block.text, heading=bool(block.level))


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """The blocks as lines that know whether running text elsewhere is marked up like them."""
    peers: defaultdict[tuple[object, ...], set[HtmlElement]] = defaultdict(set)
    for block in blocks:
        if is_running(block):
            peers[_place(block)].add(block.element)
    lines = []
    for block in blocks:
        paragraph = not (block.is_link or block.level) and bool(peers[_place(block)] - {block.element})
        lines.append(Line(block.text, heading=bool(block.level), paragraph=paragraph))
    return lines


def _place(block: Block) -> tuple[object, ...]:
    return (block.element.getparent(), block.element.tag, block.element.get("class"))


def squeezed(text: str) -> str:
    """The text without white space, to compare texts that were broken differently."""
    return re.sub(r"\s+", "", text)
