"""Articles as rows: the `articles` table of a corpus, `extract`'s JSONL, and files that users bring.

A row needs little (`lang`, and `text` or `paragraphs`); what it does say must be right: offsets that do not
fit the text are an error with both numbers in it, not something to repair silently.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast, get_args

from corpora import language
from corpora.credit import parse_people
from corpora.dates import read_stamp
from corpora.errors import PageRejected, UsageError
from corpora.layout import (
    article_id,
    canonical_url,
    clean_paragraph,
    clean_text,
    cut_sentences,
    join_paragraphs,
)
from corpora.records import Article, Paragraph, ParagraphKind, Reading, Reject, Sentence

# In the order of the table; the record's own order puts what every article has first.
COLUMNS = (
    *("article_id", "path", "url", "lang", "title", "date", "updated", "date_guessed"),
    *("byline", "credit", "department", "section", "text", "paragraphs", "sentences"),
    *("fetched", "captions", "readings", "links"),
)
# What users call a column that names an article's original or translation, by id or address.
LINK_COLUMNS = ("hreflang", "original", "original_id", "original_url", "source_id", "source_url", "translation_of")
_FIELDS = ("id", *COLUMNS)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NO_DATE = re.compile(r"(?:n/?a|nan|nat|none|null|unknown|undated|tbd|[-–—?0]*|不明|なし)?", re.IGNORECASE)
_Layout = tuple[str, tuple[Paragraph, ...], tuple[Sentence, ...] | None]


def parse_fields(text: str) -> dict[str, str]:
    """`title=headline,text=body` as our name -> the user's; raises UsageError.

    >>> parse_fields("title=headline, text=body")
    {'title': 'headline', 'text': 'body'}
    """
    found: dict[str, str] = {}
    for part in text.split(","):
        ours, equals, theirs = (piece.strip() for piece in part.partition("="))
        if not equals or not theirs or ours not in _FIELDS:
            raise UsageError(f"--fields {part.strip()!r}: write OURS=YOURS with ours one of {', '.join(_FIELDS)}")
        if ours in found:
            raise UsageError(f"--fields names {ours} twice, as {found[ours]} and as {theirs}; which is it?")
        found[ours] = theirs
    return found


def with_our_names(row: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, object]:
    """A row by our names of its columns; a name that stands for another column is not read as ours."""
    renamed = {ours: row[theirs] for ours, theirs in fields.items() if theirs in row}
    return {**{name: value for name, value in row.items() if name not in fields}, **renamed}


def article_to_row(article: Article) -> dict[str, object]:
    """The article as a JSON-able row of the `articles` table.

    >>> article = article_from_row({"lang": "en", "text": "It rained."}, "a.jsonl:1")
    >>> article_to_row(article)["sentences"]
    [{'start': 0, 'end': 10, 'paragraph': 0}]
    """
    row = asdict(article)
    row["paragraphs"] = list(row["paragraphs"])
    row["sentences"] = list(row["sentences"])
    for name in ("byline", "credit", "captions", "readings", "links"):
        row[name] = list(row[name])
    return {name: row[name] for name in COLUMNS}


def article_from_row(row: Mapping[str, object], path: str) -> Article:
    """The article that a row of JSONL or Parquet holds; raises PageRejected.

    Its reasons are `malformed`, `empty`, `no-body` and `language`. Only `text` (or `paragraphs` as strings) and `lang`
    are needed. Offsets that are given must fit the text and are kept; where there are none, paragraphs and sentences
    are found anew.

    >>> row = {"id": "k1", "lang": "en", "title": "Flood", "paragraphs": [["It rained.", "It poured."]]}
    >>> article = article_from_row(row, "a.jsonl:1")
    >>> article.article_id, article.sentence_texts()
    ('k1', ['Flood', 'It rained.', 'It poured.'])
    """
    try:
        return _read_row(row, path)
    except ValueError as error:
        raise PageRejected("malformed", f"{path}: {error}") from error


def _read_row(row: Mapping[str, object], path: str) -> Article:
    title, url = _string(row, "title"), _string(row, "url")
    lang = _string(row, "lang")
    text, paragraphs, sentences = _layout(row, clean_paragraph(title or ""), lang)
    if not text.strip():
        raise PageRejected("empty", f"{path}: the row holds no text")
    if all(paragraph.kind == "title" for paragraph in paragraphs):
        raise PageRejected("no-body", f"{path}: the row has a title, but no body text")
    lang = lang or language.identify(text)
    if not lang:
        raise PageRejected("language", f"{path}: no 'lang' is given and the language cannot be told")
    if not title and paragraphs[0].kind == "title":
        title = text[paragraphs[0].start : paragraphs[0].end]
    own_id = _string(row, "article_id") or _string(row, "id")
    return Article(
        article_id=own_id or article_id(lang, text, canonical_url(url)),
        path=path,
        lang=lang,
        text=text,
        paragraphs=paragraphs,
        sentences=cut_sentences(text, paragraphs, lang) if sentences is None else sentences,
        title=title,
        url=url,
        date=_day(row, "date"),
        updated=_day(row, "updated"),
        date_guessed=bool(row.get("date_guessed")),
        byline=_people(row, "byline"),
        credit=_people(row, "credit"),
        department=_string(row, "department"),
        section=_string(row, "section"),
        fetched=_string(row, "fetched"),
        captions=_strings(row, "captions"),
        readings=_readings(row),
        links=_links(row),
    )


def _layout(row: Mapping[str, object], title: str, lang: str | None) -> _Layout:
    """Text, paragraphs and sentences (None where they are still to be cut)."""
    given = _list(row, "paragraphs")
    if given and not isinstance(given[0], Mapping):
        return _from_strings(given, title, lang)
    text = row.get("text")
    if not isinstance(text, str):
        if text is None and not any(value is not None for value in row.values()):
            raise ValueError("the row is empty")
        if text is None:
            raise ValueError(f"there is no 'text' among {_named(row)}; say which it is with --fields text=NAME")
        raise ValueError(f"'text' must be a string, found {type(text).__name__}; give 'text' or 'paragraphs'")
    if given:
        text = _UNPRINTABLE.sub(" ", text)  # one for one, so that the offsets given stay true
        paragraphs = _paragraphs(given, text)
        sentences = _list(row, "sentences")
        _require_covered(text, paragraphs, "paragraphs")
        if not sentences:
            return text, paragraphs, None
        cut = _sentences(sentences, paragraphs)
        _require_covered(text, cut, "sentences")
        return text, paragraphs, cut
    blocks = [clean_paragraph(block) for block in re.split(r"\n\s*\n", clean_text(text))]
    if len(blocks) == 1:
        blocks = [clean_paragraph(line) for line in clean_text(text).split("\n")]
    blocks = [block for block in blocks if block]
    if title and blocks[:1] == [title]:
        blocks = blocks[1:]
    head: list[tuple[str, ParagraphKind]] = [(title, "title")] if title else []
    return *join_paragraphs([*head, *((block, "body") for block in blocks)]), None


def _named(row: Mapping[str, object]) -> str:
    """The first few names of a row's fields."""
    names = [repr(name) for name, value in row.items() if value is not None]
    return ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")


def _from_strings(given: Sequence[object], title: str, lang: str | None) -> _Layout:
    """Layout of paragraphs that are strings, or lists of sentences that were cut already."""
    glue = "" if lang in ("ja", "zh") else " "
    cut: list[list[str]] = [[title]] if title else []
    for number, paragraph in enumerate(given):
        parts = [paragraph] if isinstance(paragraph, str) else paragraph
        if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
            raise ValueError(f"paragraph {number} is neither a string nor a list of sentence strings")
        clean = [clean_paragraph(part) for part in parts]
        if any(clean):
            cut.append([part for part in clean if part])
    kinds: list[ParagraphKind] = ["title" if title and index == 0 else "body" for index in range(len(cut))]
    text, paragraphs = join_paragraphs((glue.join(parts), kind) for parts, kind in zip(cut, kinds, strict=True))
    if any(isinstance(paragraph, str) for paragraph in given):
        return text, paragraphs, None
    sentences = []
    for index, parts in enumerate(cut):
        position = paragraphs[index].start
        for part in parts:
            sentences.append(Sentence(position, position + len(part), index))
            position += len(part) + len(glue)
    return text, paragraphs, tuple(sentences)


def _paragraphs(given: Sequence[object], text: str) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    end = 0
    for number, item in enumerate(given):
        fields = _mapping(item, f"paragraph {number}")
        start, stop = _span(fields, f"paragraph {number}", end, len(text))
        kind = fields.get("kind", "body")
        if kind not in get_args(ParagraphKind):
            raise ValueError(f"paragraph {number} is of kind {kind!r}; known: title, body, subhead")
        found.append(Paragraph(start, stop, cast(ParagraphKind, kind)))
        end = stop
    return tuple(found)


def _sentences(given: Sequence[object], paragraphs: Sequence[Paragraph]) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    end = 0
    for number, item in enumerate(given):
        fields = _mapping(item, f"sentence {number}")
        index = fields.get("paragraph")
        if not isinstance(index, int) or not 0 <= index < len(paragraphs):
            raise ValueError(f"sentence {number} names paragraph {index!r} of {len(paragraphs)}")
        inside = paragraphs[index]
        start, stop = _span(fields, f"sentence {number}", max(end, inside.start), inside.end)
        found.append(Sentence(start, stop, index))
        end = stop
    return tuple(found)


def _require_covered(text: str, spans: Sequence[Paragraph | Sentence], what: str) -> None:
    """Raise ValueError if the spans leave out anything but white space: the text was changed since they were found."""
    position = 0
    for start, end in [*((span.start, span.end) for span in spans), (len(text), len(text))]:
        left = text[position:start].strip()
        if left:
            shown = left if len(left) <= 30 else f"{left[:30]}..."
            raise ValueError(
                f"the {what} leave out {shown!r} behind {position}; offsets of a text that was changed no longer fit, "
                "so leave 'paragraphs' and 'sentences' away to have them found anew"
            )
        position = end


def _span(fields: Mapping[str, object], what: str, low: int, high: int) -> tuple[int, int]:
    start, end = fields.get("start"), fields.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        raise ValueError(f"{what} has no whole numbers for start and end ({start!r}, {end!r})")
    if not low <= start < end <= high:
        raise ValueError(f"{what} stands at {start}-{end}, outside {low}-{high} where it could be")
    return start, end


def _string(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, (bool, list, tuple, Mapping)):
        raise ValueError(f"{name!r} must be a string, found {type(value).__name__}")
    return _UNPRINTABLE.sub(" ", str(value))


def _day(row: Mapping[str, object], name: str) -> str | None:
    value = _string(row, name)
    if value is None:
        return None
    return read_stamp(value)


def unread_dates(row: Mapping[str, object], path: str) -> list[Reject]:
    """What the row says of its dates that is no date, or could be two; the article goes without.

    >>> [one.reason for one in unread_dates({"date": "04/03/2026", "updated": "N/A"}, "a.csv:2")]
    ['unread-date']
    """
    found = []
    for name in ("date", "updated"):
        value = _string(row, name)
        if value is not None and not _NO_DATE.fullmatch(value.strip()) and read_stamp(value) is None:
            detail = f"{path}: {name} {value!r} cannot be told, so the article goes without; write it as 2026-03-04"
            found.append(Reject(path, "extract", "unread-date", detail))
    return found


def _people(row: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = row.get(name)
    if isinstance(value, str):
        return parse_people(value).names
    return _strings(row, name)


def _strings(row: Mapping[str, object], name: str) -> tuple[str, ...]:
    values = _list(row, name)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name!r} must be a list of strings")
    return tuple(_UNPRINTABLE.sub(" ", str(value)) for value in values)


def _links(row: Mapping[str, object]) -> tuple[str, ...]:
    """Ids and addresses of the article in another language: strings, lists of them, or by language."""
    found: list[str] = []
    for name in ("links", *LINK_COLUMNS):
        value = row.get(name)
        several = list(value.values()) if isinstance(value, Mapping) else value
        if isinstance(several, (list, tuple)):
            found += _strings({name: several}, name)
        elif (one := _string(row, name)) is not None:
            found.append(one)
    return tuple(dict.fromkeys(found))


def _readings(row: Mapping[str, object]) -> tuple[Reading, ...]:
    found = []
    for item in _list(row, "readings"):
        text, reading = (item.get(name) for name in ("text", "reading")) if isinstance(item, Mapping) else (None, None)
        if not isinstance(text, str) or not isinstance(reading, str):
            raise ValueError("'readings' must be a list of {'text', 'reading'}")
        found.append(Reading(text, reading))
    return tuple(found)


def _list(row: Mapping[str, object], name: str) -> Sequence[object]:
    value = row.get(name)
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{name!r} must be a list, found {type(value).__name__}")
    return value


def _mapping(item: object, what: str) -> Mapping[str, object]:
    if not isinstance(item, Mapping):
        raise ValueError(f"{what} must have 'start' and 'end', found {type(item).__name__}")
    return item
