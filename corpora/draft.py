"""What the readers of HTML and of pasted text hand on: an article without offsets, language and id."""

from __future__ import annotations

from dataclasses import dataclass

from corpora.records import ParagraphKind, Reading


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader found on a page, before it becomes an article with offsets."""

    blocks: tuple[tuple[str, ParagraphKind], ...]
    title: str | None = None
    lang: str | None = None  # as the page declares it
    url: str | None = None
    date: str | None = None
    updated: str | None = None
    date_guessed: bool = False
    byline: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    department: str | None = None
    section: str | None = None
    captions: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    links: tuple[str, ...] = ()
