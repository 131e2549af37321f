"""How an article's text is laid out: cleaned paragraphs, a blank line between them, and offsets that hold.

Also what an article is called: a stable id from its URL or its text. Cleaning changes white space, control
characters and decomposed letters only, and always before offsets are taken.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from corpora import segment
from corpora.records import Paragraph, ParagraphKind, Sentence

# Control characters, and marks that take no room.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff"
    r"\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_COMBINED = re.compile(r"[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
_LINE_BREAKS = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_WIDE = re.compile(r"[\u3001-\u9fff\uf900-\ufaff\uff01-\uff9f]")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|mc_[ce]id|cx_\w+|ref|ref_src|cid")


def clean_text(text: str) -> str:
    """Text without control characters, with plain line ends and composed accents and voicing marks.

    Only decomposed characters are touched: full normalisation would replace variant kanji in people's names.

    >>> clean_text("か\\u3099き\\r\\nA\\x00B")
    'がき\\nAB'
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # pairs join, lone ones go
    text = _LINE_BREAKS.sub("\n", text).replace("\xa0", " ")
    text = _UNSEEN.sub("", text)
    if unicodedata.is_normalized("NFC", text):
        return text
    return _COMBINED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def clean_paragraph(text: str) -> str:
    """One paragraph on one line, without indent; full-width spaces inside stay, as headlines need them.

    >>> clean_paragraph("　川が　あふれ  た。\\n")
    '川が　あふれ た。'
    """
    first, *rest = clean_text(text).split("\n")
    joined = first
    for line in rest:
        joined = join_lines(joined, line)
    text = joined
    return re.sub(r"[^\S　]+", " ", text).strip()


def join_lines(left: str, right: str) -> str:
    """Two lines of one paragraph in one; Japanese is written on without a space, and so are its numbers.

    >>> join_lines("川の水位は約48", "0センチ上がった。"), join_lines("The river rose", "by 480 cm.")
    ('川の水位は約480センチ上がった。', 'The river rose by 480 cm.')
    """
    left, right = left.rstrip(" \t"), right.lstrip(" \t　")
    edge = left[-1:] + right[:1]
    if _WIDE.search(edge):
        return left + right
    is_number = re.search(r"\d[.,]?$", left) and right[:1].isdigit() and _WIDE.search(left[-40:] + right[:40])
    return left + right if is_number else f"{left} {right}"


def join_paragraphs(
    blocks: Iterable[tuple[str, ParagraphKind]],
) -> tuple[str, tuple[Paragraph, ...]]:
    """The article's text, paragraphs separated by a blank line, and where each paragraph stands in it.

    >>> join_paragraphs([("Flood", "title"), ("It rained.", "body")])[0]
    'Flood\\n\\nIt rained.'
    """
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    position = 0
    for text, kind in blocks:
        paragraphs.append(Paragraph(position, position + len(text), kind))
        pieces.append(text)
        position += len(text) + 2
    return "\n\n".join(pieces), tuple(paragraphs)


def cut_sentences(text: str, paragraphs: Iterable[Paragraph], lang: str) -> tuple[Sentence, ...]:
    """The sentences of each paragraph; a title or subhead is one sentence, whatever stands in it."""
    sentences: list[Sentence] = []
    for index, paragraph in enumerate(paragraphs):
        inside = text[paragraph.start : paragraph.end]
        spans = segment.split(inside, lang) if paragraph.kind == "body" else [(0, len(inside))]
        sentences.extend(Sentence(paragraph.start + start, paragraph.start + end, index) for start, end in spans)
    return tuple(sentences)


def canonical_url(url: str | None) -> str | None:
    """The URL without what does not name the article; None if it is no article's address.

    A site's front page given as canonical address is a common mistake and would make all articles one.

    >>> canonical_url("HTTPS://News.example/a/1/?utm_source=x#top"), canonical_url("https://news.example/")
    ('https://news.example/a/1', None)
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    query = [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(key)]
    if not parts.path.strip("/") and not query:
        return None
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), urlencode(query), ""))


def article_id(lang: str, text: str, url: str | None) -> str:
    """16 hexadecimal digits from URL and language, or from language and text; never from the position."""
    name = f"{url}\n{lang}" if url else f"{lang}\n{text}"
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
