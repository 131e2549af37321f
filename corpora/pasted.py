"""Pasted text: the article in what select-all and copy brings over from a browser, or in a plain text file.

The first running text opens the body; the best headline among the lines before it is the title; a mark such
as the credit closes it (see `body`). Paragraphs may be separated by blank lines, stand one a line, or be
wrapped at a fixed width. Markdown is read as plain text whose `#` lines are headings.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from corpora.body import Body, find_body
from corpora.credit import Credit, is_full_name, is_role, name_with_role, parse_byline_ja
from corpora.dates import find_date, find_dateline_date, find_dates, find_update, is_date_line
from corpora.draft import Draft
from corpora.endings import split_ending
from corpora.errors import PageRejected
from corpora.layout import join_lines
from corpora.lines import Line, find_byline, judge
from corpora.publishers import Publisher, Publishers
from corpora.records import ParagraphKind
from corpora.writers import is_cjk

_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(?P<text>.+?)\s*#*")
_SITE_NAME = re.compile(
    r"[^\s、。「」]{1,12}?(?:新聞|日報|新報|タイムス|放送|通信|ニュース|オンライン|デジタル|電子版)"
    r"(?:社|ニュース|オンライン|デジタル|電子版)?\s?(?:WEB|Web|ウェブ|ONLINE|Online|NEWS|News)?"
    r"|(?:The )?(?:[A-Z][\w'.&]* ){1,3}"
    r"(?:Shimbun|Nippo|Shimpo|Times|News|Post|Tribune|Herald|Gazette|Daily|Online|Sentinel|Journal|Chronicle|Observer"
    r"|Examiner|Courier|Echo|Argus|Review)(?: Online| News)?"
)
_SAYS_WHEN = re.compile(r"更新|公開|配信|掲載|[版刊報]$|新聞|ニュース|通信|updated|published|posted", re.IGNORECASE)
_COLUMN = re.compile(r"[〈《【［].{1,14}[〉》】］].")  # a headline may begin with the name of its column
_NEVER_INDENTED = re.compile(r"[「『（(【〈《◇◆■□●○▼▲△★☆・―─—–-]|[QAＱＡ問答][:：．.　 ]")
_INDENT = re.compile(r"[ \t]*　")


def read_pasted(text: str, *, publishers: Publishers = ()) -> Draft:
    """The article in pasted text; raises PageRejected where nothing is running text.

    Of the publishers the first that has signed it has a say in what is furniture.

    >>> body = "MITO -- The river rose by two meters on Friday night, and dozens of people fled their homes."
    >>> page = f"Top | Japan\\n\\nRiver floods Mito\\nMarch 5, 2026\\n\\n{body}\\n\\n(By Yui Toki)"
    >>> draft = read_pasted(page)
    >>> draft.title, draft.date, draft.credit, len(draft.blocks)
    ('River floods Mito', '2026-03-05', ('Yui Toki',), 1)
    """
    lines = split_lines(text)
    publisher = next((one for one in publishers if one.has_signed(text)), None)
    if publisher:
        lines = _lines_by_rule(lines, publisher)
    body = find_body(lines)
    if body is None:
        raise PageRejected("no-article", "no running text: no line ends like a sentence of an article")
    before, after = lines[: body.start], lines[body.end :]
    title_at = find_title(before)
    title = before[title_at].text if title_at is not None else None
    day, guessed = find_line_date(before, after, title)
    updated = _first(find_update(line.text) for line in before)
    if day is None and updated:
        day, guessed = updated, True
    if day is None or guessed:
        dateline = find_dateline_date(body.blocks[0][0])
        day, guessed = (dateline, False) if dateline else (day, guessed)
    credit, byline = name_writers(body, [line for line in before if judge(line) == "date"])
    byline = byline or name_above_role(before, title)
    people = credit or byline
    return Draft(
        blocks=(*_lead(lines, body, title_at), *body.blocks),
        title=title,
        date=day,
        date_guessed=guessed,
        updated=updated,
        byline=byline.names if byline else (),
        credit=credit.names if credit else (),
        department=people.department if people else None,
        section=find_section(before),
        captions=tuple(find_captions(lines)),
    )


def _lead(lines: Sequence[Line], body: Body, title_at: int | None) -> list[tuple[str, ParagraphKind]]:
    """A marked subhead right above the first paragraph, if the headline and more stands above it."""
    above = body.start - 1
    if title_at is None or above <= title_at + 1 or judge(lines[above]) != "subhead":
        return []
    return [(lines[above].text, "subhead")]


def split_lines(text: str) -> list[Line]:
    """Paragraphs and other lines of the text, wrapped ones joined again."""
    blocks = [block for block in re.split(r"\n[^\S\n　]*\n\s*?(?=\S|　|\Z)", text) if block.strip()]
    width = _wrap_width(blocks)
    lines: list[Line] = []
    indented: list[bool] = []
    for block in blocks:
        raw = [line for line in block.split("\n") if line.strip()]
        for line in _unwrap(raw, width) if width else raw:
            heading = _MARKDOWN_HEADING.fullmatch(line.strip())
            clean = heading["text"] if heading else _without_marks(line)
            if clean:
                lines += [Line(part, heading=bool(heading)) for part in split_ending(clean)]
                indented += [bool(_INDENT.match(line))] * (len(lines) - len(indented))
    return _by_indent(lines, indented)


def _by_indent(lines: Sequence[Line], indented: Sequence[bool]) -> list[Line]:
    """The lines, where nearly all paragraphs are indented: those that are marked, running text that is not set apart.

    Speech, notes and headings begin in the margin in any case.
    """
    running = [is_in for line, is_in in zip(lines, indented, strict=True) if judge(line) == "body"]
    if sum(running) < max(3, 0.75 * len(running)):
        return list(lines)
    last = len(indented) - 1 - indented[::-1].index(True)  # what stands between paragraphs may be one
    return [
        replace(line, paragraph=True)
        if indented[index]
        else replace(line, stray=index > last and not line.heading and not _NEVER_INDENTED.match(line.text))
        for index, line in enumerate(lines)
    ]


def _lines_by_rule(lines: Sequence[Line], publisher: Publisher) -> list[Line]:
    """The lines without those that the publisher's rules name, up to what ends its articles."""
    kept: list[Line] = []
    for line in lines:
        if publisher.is_end(line.text) and any(judge(before) == "body" for before in kept):
            break
        # A date line is furniture too, but says the date.
        if not publisher.is_furniture(line.text) or judge(line) == "date":
            kept.append(line)
    return kept


def _without_marks(line: str) -> str:
    """The line without Markdown's marks of a quotation, or of emphasis on the whole line."""
    line = line.strip()
    if line[:1] not in (">", "*", "_"):
        return line
    line = re.sub(r"^(?:>\s?)+(?=\S)", "", line)
    return re.sub(r"^([*_]{1,3})(?=[^\s*_])([^*]*[^\s*_])\1$", r"\2", line)


def _wrap_width(blocks: Sequence[str]) -> int:
    """The column at which the text was wrapped, 0 if it was not."""
    wrapped = [block.split("\n") for block in blocks if "\n" in block.strip("\n")]
    # The last line of a block may be short.
    inner = [line for lines in wrapped for line in lines[:-1] if len(line.strip()) >= 20]
    if len(inner) < 3 or 2 * sum(len(line) for lines in wrapped for line in lines) < sum(map(len, blocks)):
        return 0
    longest, usual = max(map(len, inner)), median(map(len, inner))
    unfinished = sum(not re.search(r"[.!?。！？」』\"”）):｡｣]\s*$", line) for line in inner)
    limit = 60 if is_cjk("".join(inner)) else 110
    return longest if longest <= limit and usual >= 0.75 * longest and unfinished > 0.5 * len(inner) else 0


def _unwrap(lines: Sequence[str], width: int) -> list[str]:
    joined: list[str] = []
    full = False  # the line before went on to the margin
    for line in lines:
        # A headline may be as long as the lines of the body.
        is_meta = len(joined) == 1 and judge(Line(line.strip())) in ("date", "byline", "credit")
        if joined and full and not is_meta and not _INDENT.match(line):
            joined[-1] = join_lines(joined[-1], line.strip())
        else:
            joined.append(line)
        full = len(line) >= 0.7 * width
    return joined


def find_title(before: Sequence[Line]) -> int | None:
    """The index of the headline among the lines that stand before the body, None if there is none.

    >>> find_title([Line("東雲新聞ニュース"), Line("川が氾濫　水戸で千人避難"), Line("2026年3月4日")])
    1
    """
    best, best_score = None, 0.0
    for index, line in enumerate(before):
        named = judge(line) == "subhead" and _COLUMN.match(line.text)
        if not (named or judge(line) in ("short", "weak", "body")) or is_date_line(line.text):
            continue
        if is_role(line.text):  # below a byline
            continue
        if best is not None and find_byline(line, placed=True):  # names below the headline
            continue
        score = _headline_score(line, before[index + 1 : index + 5])
        if score > best_score:
            best, best_score = index, score
    return best


def is_site_name(text: str) -> bool:
    """Whether a line is the name of a paper or its site, by its shape.

    >>> is_site_name("紀南新報電子版"), is_site_name("The Kitahama Times"), is_site_name("新聞を読む日")
    (True, True, False)
    """
    return len(text) <= 40 and bool(_SITE_NAME.fullmatch(text))


def _headline_score(line: Line, following: Sequence[Line]) -> float:
    """Longer lines and those with a date or byline below are likelier headlines than names of papers."""
    text = line.text
    units = len(text) / 2 if is_cjk(text) else len(text.split()) * 1.5
    if units < 1.5 or units > 60:
        return 0.0
    score = min(units, 12.0) if not is_site_name(text) else 0.1
    if line.heading:
        score += 10
    score += 4 if any(judge(next_line) in ("date", "byline") for next_line in following) else 0
    if re.search(r"[a-z][.?!] [A-Z]|。.", text):  # two sentences are a summary
        score -= 7
    if re.search(r"[|｜>＞]", text):  # a menu with two entries
        score -= 4
    if re.search(r"(?<![A-Z]\.)(?<!\b[A-Z][a-z])[.。｡]$", text):  # headlines do without a full stop
        score -= 12
    return score


def find_line_date(before: Sequence[Line], after: Sequence[Line], title: str | None) -> tuple[str | None, bool]:
    """The day that a line of its own says, and whether that line may mean something else.

    Lines between title and body come first, then those behind the body; a date far above the title may be
    the day the page was looked at, so it is a guess. Dates inside sentences and captions do not count.

    >>> find_line_date([Line("Flood in Mito"), Line("March 5, 2026")], [], "Flood in Mito")
    ('2026-03-05', False)
    """
    title_at = next((index for index, line in enumerate(before) if line.text == title), -1)
    below, above = before[title_at + 1 :], before[: max(title_at, 0)]
    day = _day_in(reversed(below)) or _day_in(_right_after(after)) or _day_in(reversed(above[-3:]))
    if day:
        return day, False
    day = _day_in(reversed(above[:-3]))
    return day, day is not None


def _day_in(lines: Iterable[Line]) -> str | None:
    return _first(find_date(line.text) for line in lines if judge(line) in ("date", "furniture", "byline"))


def find_section(before: Sequence[Line]) -> str | None:
    """The section that a breadcrumb or the date line names.

    >>> find_section([Line("Kitahama > Science")]), find_section([Line("Sports | May 2, 2026")])
    ('Science', 'Sports')
    """
    for line in before:
        pieces = [piece.strip("[]［］ 　") for piece in re.split(r"\s[>＞›»|｜]\s|[＞›]", line.text)]
        pieces = [piece for piece in pieces if piece and piece.lower() not in ("article", "記事", "home")]
        if len(pieces) > 1 and is_date_line(line.text):
            return next((piece for piece in pieces if not find_date(piece)), None)
        if len(pieces) > 1 and re.search(r"[>＞›»]", line.text) and len(line.text) <= 60:
            return pieces[-1]
    return None


def find_captions(lines: Iterable[Line]) -> list[str]:
    """The lines that are captions, without those that are there twice."""
    return list(dict.fromkeys(line.text for line in lines if judge(line) == "caption"))


def name_writers(body: Body, before: Sequence[Line] = ()) -> tuple[Credit | None, Credit | None]:
    """The credit and the byline of the page: the first of each that names somebody.

    `before` are lines in front of those the body was looked for in.
    """
    named = [credit for credit in body.credits if credit.names or credit.department]
    above = [find_byline(line, placed=index >= len(before) - 8) for index, line in enumerate(before)]
    above += [_names_before_date(line.text) for line in before[-8:]]
    bylines = [byline for byline in (*body.bylines, *above) if byline and byline.names]
    return (named[0] if named else None), (bylines[0] if bylines else None)


def name_above_role(before: Sequence[Line], title: str | None) -> Credit | None:
    """The writer in a line below the headline that is a name, above one that says what they are or the date.

    Or in a line that says both, name and role.
    """
    title_at = next((index for index, line in enumerate(before) if line.text == title), -1)
    lines = [line for line in before[title_at + 1 :][-8:] if not line.heading]
    for line in lines:
        if with_role := name_with_role(line.text):
            return Credit((with_role,))
    for line, below in itertools.pairwise(lines):
        says_who = is_role(below.text) or is_site_name(below.text) or judge(below) == "date"
        if says_who and is_full_name(line.text):
            return Credit((line.text,))
    return None


def _names_before_date(line: str) -> Credit | None:
    """The writers in a line such as `峰岸陽斗　2026年7月2日 16時00分`."""
    dates = find_dates(line)
    names = line[: dates[0].start].strip() if dates else ""
    if not names or is_site_name(names) or _SAYS_WHEN.search(names):
        return None
    byline = find_byline(Line(names), placed=True) or parse_byline_ja(f"（{names}）")
    return byline if byline and all(len(name) > 2 for name in byline.names) else None


def _right_after(after: Sequence[Line]) -> list[Line]:
    """The lines right behind the body, up to the links to other stories, whose dates are not ours."""
    stop = next((index for index, line in enumerate(after) if judge(line) == "stop"), len(after))
    return list(after[: min(stop, 6)])


def _first(days: Iterable[str | None]) -> str | None:
    return next((day for day in days if day), None)
