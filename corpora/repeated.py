"""Furniture that only a batch gives away: whole paragraphs that open or close the bodies of many pages.

No wording tells that `Kitahama reporters answer your letters every Sunday.` is not part of the story; that it stands at
the end of every page does. Only paragraphs at either edge of a body are taken, since inside of it a sentence may be
repeated for a reason: each earthquake has its line about tsunamis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpora.records import Article, Paragraph, Reject

MANY_PAGES = 5
EDGE = 3  # paragraphs at either end of a body
REASON = "furniture"


def drop_repeated(articles: Sequence[Article], before: Iterable[Reject] = ()) -> tuple[list[Article], list[Reject]]:
    """The articles without such paragraphs, and a reject for each one that was taken from one.

    `before` are rejects of earlier runs; their pages count as well, so that a corpus that grows ends up like one that
    was built at once. An article always keeps a paragraph, and its id.
    """
    counts = Counter(reject.detail for reject in before if is_furniture(reject))
    for article in articles:
        counts.update({_text(article, p) for p in _edges(article)})
    many = {text for text, count in counts.items() if count >= MANY_PAGES}
    kept, dropped = [], []
    for article in articles:
        taken = _taken(article, many) if many else []
        kept.append(_without(article, taken) if taken else article)
        dropped += [Reject(article.path, "extract", REASON, _text(article, p)) for p in taken]
    return kept, dropped


def edge_texts(article: Article) -> list[str]:
    """The paragraphs that are looked at, in their order."""
    return [_text(article, paragraph) for paragraph in _edges(article)]


def is_furniture(reject: Reject) -> bool:
    """Whether a reject is such a paragraph, and not an input that could not be used."""
    return reject.reason == REASON


def _text(article: Article, paragraph: Paragraph) -> str:
    return article.text[paragraph.start : paragraph.end]


def _edges(article: Article) -> list[Paragraph]:
    body = [p for p in article.paragraphs if p.kind != "title"]
    return body if len(body) <= 2 * EDGE else body[:EDGE] + body[-EDGE:]


def _taken(article: Article, many: set[str]) -> list[Paragraph]:
    """The paragraphs from either end on that are furniture; none if nothing else would be left."""
    body = [p for p in article.paragraphs if p.kind != "title"]
    first, last = 0, len(body)
    while first < last and first < EDGE and _text(article, body[first]) in many:
        first += 1
    while last > first and last > len(body) - EDGE and _text(article, body[last - 1]) in many:
        last -= 1
    left = any(p.kind == "body" for p in body[first:last])
    return body[:first] + body[last:] if left else []


def _without(article: Article, taken: Sequence[Paragraph]) -> Article:
    """The article without some paragraphs; what remains is cut into sentences as it was."""
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    moved: dict[int, tuple[int, int]] = {}  # old number -> new number, and by how far it moved
    position = 0
    for number, paragraph in enumerate(article.paragraphs):
        if paragraph in taken:
            continue
        text = _text(article, paragraph)
        moved[number] = len(paragraphs), position - paragraph.start
        paragraphs.append(replace(paragraph, start=position, end=position + len(text)))
        pieces.append(text)
        position += len(text) + 2
    sentences = []
    for sentence in article.sentences:
        if sentence.paragraph in moved:
            number, shift = moved[sentence.paragraph]
            sentences.append(
                replace(sentence, start=sentence.start + shift, end=sentence.end + shift, paragraph=number)
            )
    return replace(article, text="\n\n".join(pieces), paragraphs=tuple(paragraphs), sentences=tuple(sentences))
