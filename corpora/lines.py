"""What a line of a news page is, judged by its shape.

A body paragraph ends like a sentence; headlines, menus and link lists do not. A caption ends in its photo
credit. The vocabulary is that of web pages in general (share, log in, 関連記事), never that of one site. Which
lines are the article is for `body`; nothing here knows where a line came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpora.credit import Credit, parse_byline, parse_byline_ja, parse_credit, widen
from corpora.dates import is_date_line
from corpora.endings import refers_to_page, without_agency, without_note
from corpora.furniture import is_furniture, is_stop
from corpora.writers import is_cjk

LineKind = Literal["body", "weak", "subhead", "short", "caption", "furniture", "stop", "credit", "byline", "date"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line or block of text, and what the markup, not its wording, says of it."""

    text: str
    heading: bool = False
    paragraph: bool = False  # it stands among the paragraphs of running text, marked up or indented as they are
    stray: bool = False  # it is not indented as paragraphs are, and stands below the last of them


_CLOSING = "\"'”’」』）)］]】》〉"
_SENTENCE_END = re.compile(rf"(?:[.!?。！？…‥]|[.!?]\d{{1,2}})[{re.escape(_CLOSING)}]*$|[」』”]$|(?<=[!?.,])\"$|:$")
INNER_END = re.compile(r"[。！？]|[a-z\d)%][.!?][\"”’']?\s+[\"“‘'(]?[A-Z]")
_STRONG_END = re.compile(rf"[.。][{re.escape(_CLOSING)}]*$")
_SUBHEAD_MARK = re.compile(r"[◇◆■□●○▼▽▲△★☆▶►◎◯〓＜〈《]")
_INTERVIEW = re.compile(r"――|──|[―—–-]{1,2}\s?[\u3040-\u30ff\u4e00-\u9fff]|[QA][:：.．]\s")
DATELINE = re.compile(r"[A-Z][A-Z' .-]{2,30}(?:, [A-Z][\w .'-]+)?(?: \([A-Z][\w /]+\))? ?(?:--|—|–|―|-) ?\S")

_LONGEST, _LONGEST_JA = 300, 220  # characters of a credit, of a caption
_STOPS = (".", "。", '."', ".”", "。」")
_PHOTO_CREDIT = re.compile(
    r"\bCredit(?:\.{3}|…|:) ?[A-Z]|^\[(?:image|photo|video)\b|\s\| (?-i:[A-Z][A-Z .'-]+)$|\bfile photo$"
    r"|^item \d{1,2} of \d{1,2}\b|^\[\d{1,2}/\d{1,2}\]|^\d{1,2}(?:/| of )\d{1,2}(?: ?\||$)"
    r"|\((?-i:(?!Source|Note|Data|See|Reporting|Editing)[A-Z][\w .&'-]+: [A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,2})\)$"
    r"|^(?:photo(?:graph)?|image|picture|illustration)s?(?: source| credit| by)?[,:] ?.{3,80}$"
    r"|\b(?:photograph|photo): (?-i:[A-Z])|[.\"”] (?-i:[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,2} / [A-Z][\w ]+)$"
    r"|（写真[：:・＝=][^（）]{2,20}）$",
    re.IGNORECASE,
)
_CAPTION_CREDIT = re.compile(r"[(（\[](?P<credit>[^()（）\[\]]{2,90})[)）\]]$")
_PHOTO_WORD = re.compile(
    r"photo|image|courtesy|provided|\bpool\b|\bfile\b|illustration|graphic|screenshot|screen ?grab|©|handout"
    r"|\b(?:AP|AFP|Reuters|Kyodo|Jiji|Getty)\b|\w/[A-Z]|撮影|提供|写真|共同|ロイター|ＡＰ",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(r"(?:[A-Z][\w.&'-]+)(?: [A-Z][\w.&'-]+){0,2}")
# Stories say less often than captions what is to be seen, and leave out the year.
_PICTURED = re.compile(
    r"\b(?:is|are|was|were) (?:seen|pictured|shown)\b|\bthis (?:file|photo)|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\.$"
)
_STAGE_DIRECTION = re.compile(r"laugh|smile|continued|end|sic|to be|part \d|pause|applause|cries|nod", re.IGNORECASE)
_JA_CAPTION_START = re.compile(
    r"[（(【]?写真(?:・図版)?(?:説明)?[0-9０-９①-⑨上下左右]?[）)】：:＝=]|写真・図版|図[0-9０-９]{1,2}[　 ：:.]"
)
_JA_CAPTION_END = re.compile(
    r"[＝=][^。]{2,80}$|[＝=][^。]{0,60}(?:撮影|提供|写す|から)。?$|[、＝=（(][^。、]{1,20}(?:撮影|提供)[）)]?$"
)

_VERB_END = re.compile(r"(?:[るたいすだ]|ます|という|だろう|のか|ないか)$")


@lru_cache(maxsize=256)  # both readers ask several times about each line of a page; more would only hold memory
def judge(line: Line) -> LineKind:
    """What the line is, from its own words alone.

    >>> [judge(Line(text)) for text in ("関連記事", "雨が降った。道は川になり、舟が出た。", "◇舟が出た")]
    ['stop', 'body', 'subhead']
    """
    text = widen(line.text)
    if len(text) > (_LONGEST_JA if is_cjk(text) else _LONGEST) and text.endswith(_STOPS) and not line.heading:
        return "furniture" if line.stray else "body"  # nothing else is so long, so no need to look
    if parse_credit(text):
        return "credit"
    if parse_byline(text) or (parse_byline_ja(text) and not line.heading):
        return "byline"
    if is_date_line(text):
        return "date"
    if _is_caption(text, paragraph=line.paragraph):
        return "caption"
    if is_stop(text):
        return "stop"
    if is_furniture(text):
        return "furniture"
    if _SUBHEAD_MARK.match(text) and not (_STRONG_END.search(text) or _has_sentences(text)):
        return "subhead"
    if _INTERVIEW.match(text):
        return "body" if _is_strong(text) else "weak"
    if line.heading:
        return "short"
    kind = _judge_by_sentences(line, text)
    return "furniture" if line.stray and kind in ("body", "weak") else kind


def _has_sentences(text: str) -> bool:
    """Whether a marked line is a paragraph of a column, whose last full stop may be left out."""
    return len(text) > 40 and bool(INNER_END.search(text))


def _judge_by_sentences(line: Line, text: str) -> LineKind:
    main = without_note(text)
    if _is_strong(text) or _is_strong(main):
        return "body"
    if _SENTENCE_END.search(text) or (main != text and _SENTENCE_END.search(main)):
        return "weak"
    if lacks_stop(main, likely=line.paragraph or refers_to_page(text)):
        return "weak"
    # Between paragraphs a line longer than headlines is running text that lacks its full stop.
    longest = (45 if line.paragraph else 80) if is_cjk(text) else 70 if line.paragraph else 180
    return "weak" if len(text) > longest else "short"


def _is_strong(text: str) -> bool:
    """Surely running text: it holds a whole sentence and is no headline's length."""
    if is_cjk(text):
        return ("。" in text and len(text) >= 15) or (len(text) >= 60 and bool(INNER_END.search(text)))
    ended = bool(_STRONG_END.search(text) or INNER_END.search(text))
    return ended and len(text) >= 50 and text.count(" ") >= 7


def lacks_stop(text: str, *, likely: bool) -> bool:
    """Whether a line without full stop is a sentence: its verb says so, in English its length."""
    if is_cjk(text):
        return len(text) >= 12 and bool(
            re.search(r"(?:だろう|でしょう)か$", text) or (likely and _VERB_END.search(text))
        )
    return likely and len(text) > 70


def _is_caption(text: str, *, paragraph: bool) -> bool:
    story = without_agency(text)
    if story != text and (paragraph or is_cjk(text) or INNER_END.search(text)) and not _PICTURED.search(story):
        return False  # the agency's name ends its stories as well as its captions
    if _PHOTO_CREDIT.search(text) and len(text) <= 500:
        return True
    if is_cjk(text):
        text = without_note(text) if "。" in text or refers_to_page(text) else text
        short = len(text) <= 220 and text.count("。") <= 2 and not text.endswith("。")
        if _JA_CAPTION_START.match(text):
            return len(text) <= 220
        return (short or text.endswith(("撮影。", "提供。"))) and bool(_JA_CAPTION_END.search(text))
    match = _CAPTION_CREDIT.search(text)
    if not match or len(text) > 500 or len(INNER_END.findall(text)) > 3:
        return False
    credit = match["credit"]
    if _PHOTO_WORD.search(credit):
        return True
    return bool(_PUBLICATION.fullmatch(credit)) and not _STAGE_DIRECTION.match(credit) and match.start() > 20


def find_byline(line: Line, *, placed: bool = False) -> Credit | None:
    """The people named by the line if it is a byline in either language; see `parse_byline_ja` for `placed`."""
    return parse_byline(line.text) or (None if line.heading else parse_byline_ja(line.text, placed=placed))
