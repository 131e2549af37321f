"""Which lines of a page are the article's body.

The first running text opens it; credits, bylines and headings such as `Related` mark where it ends. Both readers, of
pasted text and of HTML, bring their lines here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpora.credit import Credit, leading_byline, parse_credit, split_trailing_byline, widen
from corpora.endings import refers_to_page, without_agency, without_note
from corpora.lines import DATELINE, INNER_END, Line, LineKind, find_byline, judge, lacks_stop
from corpora.records import ParagraphKind
from corpora.writers import is_cjk

# Who the writer is, below the last paragraph.
_BIO = re.compile(
    r"[A-Z][\w'-]+(?: [A-Z][\w'-]+){1,2} is an? [^.]{0,60}\b(?:writer|playwright|columnist|author|journalist"
    r"|photographer|translator|reporter|critic|essayist|novelist|editor|correspondent)\b.{0,160}"
    r"|(?:[^。]{1,14}。)?\d{4}年[^。]{0,14}生まれ。.{0,100}"
    r"|[A-Z][\w'-]+(?: [A-Z][\w'-]+){1,2} (?:covers|writes about|reports on) [^.]{3,80} for [^.]{3,60}\..{0,100}"
)
_PHOTOGRAPHER = re.compile(
    r"[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3} for (?:The )?[A-Z][\w' ]{3,40}|[A-Z][A-Z &'./-]*\b(?:ARCHIVES?|PHOTOS?)"
    r"|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,2} ?/ ?[A-Z][\w' ]+|[A-Z]{2,}/[A-Z][\w.' -]+"
    r"|(?:[Pp]hoto(?:graph)?|PHOTO|[Pp]icture)s?(?: [Cc]redit| by)?[,:] ?.{3,80}"
)
_PICTURE_AGENCY = re.compile(
    r"[Ii]mage source, .{3,60}|(?:Getty|GETTY)(?: Images| IMAGES)?|Reuters|REUTERS|AP(?: Photo)?|AFP|EPA|PA(?: Media)?"
    r"|Alamy|ALAMY|Shutterstock"
)
_BY = re.compile(r"by\b", re.IGNORECASE)  # a Japanese byline may stand below the first paragraph
_BUTTON = re.compile(r"(?:share|save|comments?|read later|listen|print|bookmark)\b", re.IGNORECASE)
_LONGEST_LIST = 12  # lines
_TEXT = ("body", "weak")  # kinds of lines
_COMMENTS = re.compile(r"\d+ comments?|comments? ?\(\d+\)|コメント(?:一覧)?\s?[（(]?\d+件?[）)]?", re.IGNORECASE)
_ENDS_STORY = re.compile(r"[.。][\"”]?$|[」』”\"]$")  # a short last line, no headline of another story
_OPEN_END = re.compile(r"[…‥？?!！]$")  # ends a story too, if the line is too long for a headline
_BULLET = re.compile(r"[・•‣●▪*–-]\s*")


@dataclass(frozen=True, slots=True)
class Body:
    """The body among the lines: its blocks, the people named around it, and its place `lines[start:end]`."""

    blocks: tuple[tuple[str, ParagraphKind], ...]
    start: int
    end: int
    credits: tuple[Credit, ...] = ()
    bylines: tuple[Credit, ...] = ()


def find_body(lines: Sequence[Line]) -> Body | None:
    """The body among the lines of a page, or None where no line is running text."""
    kinds = _with_captions_by_credits(lines, [judge(line) for line in lines])
    start = _first_of_body(lines, kinds)
    if start is None:
        return None
    end = _end_of_body(lines, kinds, start)
    blocks: list[tuple[str, ParagraphKind]] = []
    for index in range(start, end):
        kind = _kind_in_body(index, lines, kinds, end)
        if kind:
            blocks.append((lines[index].text, kind))
    while len(blocks) > 1 and (_BIO.fullmatch(blocks[-1][0]) or blocks[-1][1] == "subhead"):
        blocks.pop()
    blocks = _without_pull_quotes(blocks)
    bylines = [
        find_byline(line, placed=start - 4 <= index < start or end <= index < end + 2)
        for index, line in enumerate(lines)
    ]
    trailing: list[Credit] = []
    for position, (text, kind) in enumerate(blocks):
        # In round brackets only the very end is a byline; elsewhere it is an aside that looks like a name.
        if kind == "body" and (position == len(blocks) - 1 or text.endswith("】")):
            text, byline = split_trailing_byline(text)
            blocks[position] = (text, kind)
            trailing += [byline] if byline else []
    opening = leading_byline(blocks[0][0]) if blocks else None
    if blocks and blocks[-1][1] == "body":
        blocks[-1] = (without_agency(blocks[-1][0]), "body")
    return Body(
        blocks=tuple(block for block in blocks if block[0]),
        start=start,
        end=end,
        credits=tuple(filter(None, (parse_credit(line.text) for line in lines))),
        bylines=(*filter(None, [opening]), *trailing, *filter(None, bylines)),
    )


def _without_pull_quotes(blocks: list[tuple[str, ParagraphKind]]) -> list[tuple[str, ParagraphKind]]:
    """The blocks without quotations that stand once more, word for word, inside of another one."""
    bare = [re.sub(r"[\s\"“”‘’「」『』]", "", text) for text, _ in blocks]
    whole = "\n".join(bare)
    kept = []
    for (text, kind), plain in zip(blocks, bare, strict=True):
        is_quoted = text.startswith(("“", '"', "‘", "「", "『")) and len(plain) >= (15 if is_cjk(text) else 30)
        if not (is_quoted and whole.count(plain) > bare.count(plain)):
            kept.append((text, kind))
    return kept


def _with_captions_by_credits(lines: Sequence[Line], kinds: Sequence[LineKind]) -> list[LineKind]:
    """The kinds, where a line that names only a photographer or an agency makes its neighbour a caption.

    A photographer stands below the caption and an agency's name above it. A neighbour that is a whole sentence stays:
    the picture may have no caption, and the sentence be a paragraph.
    """
    found = list(kinds)
    for index, line in enumerate(lines[1:], start=1):
        if kinds[index] not in ("short", "weak", "caption") or line.paragraph:
            continue
        below = lines[index + 1] if index + 1 < len(lines) else None
        if _PHOTOGRAPHER.fullmatch(line.text):
            found[index] = "caption"
            if kinds[index - 1] == "short":
                found[index - 1] = "caption"
        elif _PICTURE_AGENCY.fullmatch(line.text):
            found[index] = "caption"
            if below and kinds[index + 1] == "short" and len(below.text) > 20:
                found[index + 1] = "caption"
            elif kinds[index - 1] == "short":
                found[index - 1] = "caption"
    return found


def _first_of_body(lines: Sequence[Line], kinds: list[LineKind]) -> int | None:
    strong = [index for index, kind in enumerate(kinds) if kind == "body"]
    if not strong:
        return None
    # A dateline opens an agency-style story; one text line above it is a caption or summary, more are a lead.
    if len(strong) > 1:
        first, second = lines[strong[0]], lines[strong[1]]
        if DATELINE.match(second.text) and not DATELINE.match(first.text) and len(first.text) < 300:
            return strong[0] if first.paragraph else strong[1]
    start = _after_deck(lines, kinds, strong)
    while start and kinds[start - 1] == "weak" and lines[start - 1].paragraph:
        start -= 1
    return start


def _after_deck(lines: Sequence[Line], kinds: list[LineKind], strong: Sequence[int]) -> int:
    """The first running text that is no deck: a line or two between headline and date are about the story."""
    head = range(strong[0] + 1, min(strong[0] + 10, len(lines)))
    for mark in reversed(head):
        is_date = kinds[mark] == "date" or (kinds[mark] == "byline" and _BY.match(lines[mark].text))
        if not is_date and not (kinds[mark - 1 : mark + 1] == ["furniture"] * 2 and _BUTTON.match(lines[mark].text)):
            continue
        above = [lines[i] for i in strong if i < mark]
        below = [i for i in strong if i > mark]
        # Buttons may stand below a first paragraph as well, so only a single short line above them is a deck.
        most, longest = (2, 250) if is_date else (1, 160)
        is_short = all(len(line.text) <= longest and not line.paragraph for line in above)
        if len(above) <= most and len(below) > 2 and is_short:
            return below[0]
    return strong[0]


def _end_of_body(lines: Sequence[Line], kinds: Sequence[LineKind], start: int) -> int:
    """The first mark after which little running text is left; else just behind the last running text."""
    running = [len(line.text) if kind == "body" else 0 for line, kind in zip(lines, kinds, strict=True)]
    total = sum(running[start:])
    seen, mark = 0, len(lines)
    closing = _closing_lines(lines, kinds, start)
    for index in range(start, len(lines)):
        # A box of background may follow the byline; more than half as much again means it was no end.
        share_left = {"credit": 0.4, "byline": 0.35, "stop": 0.15}.get(kinds[index])
        if _COMMENTS.fullmatch(lines[index].text):  # readers may well have more to say than the story
            share_left = 0.8
        if share_left is None and index in closing:
            share_left = 0.15
        if share_left is not None and total - seen <= share_left * total:
            mark = index
            break
        seen += running[index]
    last = max(index for index in range(start, mark) if running[index])
    closed = mark < len(lines) and kinds[mark] != "stop"
    while last + 1 < mark:
        if kinds[last + 1] == "weak" and (closed or _may_end_story(lines[last + 1])):
            last += 1
        elif _is_short_section(lines[last + 1 : mark], kinds[last + 1 : mark]):
            last += 2
        else:
            break
    return last + 1


def _is_short_section(lines: Sequence[Line], kinds: Sequence[LineKind]) -> bool:
    """Whether a subhead comes next, and below it a paragraph like the others, however short."""
    return len(lines) > 1 and kinds[0] in ("short", "subhead") and kinds[1] == "weak" and lines[1].paragraph


def _closing_lines(lines: Sequence[Line], kinds: Sequence[LineKind], start: int) -> set[int]:
    """Where three or more lines begin that are no text, and below which sentences stand only by ones."""
    found = set()
    run: list[LineKind] = []
    is_text_below = False
    for index in range(len(lines) - 1, start, -1):
        if kinds[index] not in _TEXT:
            run.append(kinds[index])
            if kinds[index - 1] in _TEXT and len(run) >= 3 and "subhead" not in run and "furniture" in run:
                found.add(index)
            is_text_below = False
            continue
        text = lines[index].text
        if is_text_below or lines[index].paragraph or len(text) > (120 if is_cjk(text) else 250):
            break
        run, is_text_below = [], True
    return found


def _may_end_story(line: Line) -> bool:
    """Whether running text so short may be the end of the story, and is no headline of another one."""
    text = without_note(widen(line.text))
    long = len(text) >= (20 if is_cjk(text) else 40)
    if line.paragraph or lacks_stop(text, likely=text != line.text and refers_to_page(line.text)):
        return True
    if _ENDS_STORY.search(text) or INNER_END.search(text[:-1]):
        return True
    return long and bool(_OPEN_END.search(text))


def _is_listed(index: int, kinds: Sequence[LineKind]) -> bool:
    """Whether a short line stands in a list of other stories, under a heading such as `Related`."""
    above = kinds[max(0, index - _LONGEST_LIST) : index]
    return next((kind for kind in reversed(above) if kind != "short"), None) == "stop"


def _kind_in_body(index: int, lines: Sequence[Line], kinds: Sequence[LineKind], end: int) -> ParagraphKind | None:
    kind, text = kinds[index], lines[index].text
    if kind in ("body", "weak"):
        return "body"
    followed = index + 1 < end
    if kind == "subhead":
        return "subhead" if followed else None
    if kind != "short" or not followed or _is_listed(index, kinds):
        return None
    if _BULLET.match(text):
        return "body"
    if is_cjk(text) != is_cjk(lines[index - 1].text) and is_cjk(text) == is_cjk(lines[index + 1].text):
        return "subhead"  # the headline of the translation that stands below
    # A longer line without sentence punctuation is the headline of another story, not a subhead.
    return "subhead" if len(text) <= (36 if is_cjk(text) else 70) else None
