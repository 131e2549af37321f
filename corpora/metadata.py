"""What an HTML page declares about its article: JSON-LD first, then meta elements, then `<time>`.

Only what stands there is taken. Broken JSON-LD is common and is passed over; text outside these declarations
is not read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora.credit import Credit, parse_people
from corpora.dates import read_stamp
from corpora.layout import clean_paragraph

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DATE_NAMES = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "article.published",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "sailthru.date",
    "parsely-pub-date",
    "release_date",
    "cxenseparse:recs:publishtime",
    "date.created",
    "originalpublicationdate",
)
_UPDATE_NAMES = ("article:modified_time", "datemodified", "og:updated_time", "lastmod", "dcterms.modified")
_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "parsely-title", "headline")
_NAMING = ("class", "rel", "itemprop", "data-testid", "data-component")
_BYLINE_WORDS = frozenset(("byline", "author"))
_NOT_NAMES = re.compile(r"(?:,? (?:Published|Updated|Posted)\b|\s[:：]\s).*", re.DOTALL)
_LONGEST_BYLINE = 80  # characters
_ARTICLE_TYPE = re.compile(r"(?:Article|Report|Posting)$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The declarations of one page; `titles` from the most to the least trusted, site names still on them."""

    titles: tuple[str, ...] = ()
    site_names: tuple[str, ...] = ()
    date: str | None = None
    updated: str | None = None
    authors: Credit | None = None
    section: str | None = None
    url: str | None = None
    lang: str | None = None


def read_metadata(root: HtmlElement) -> Metadata:
    """The page's declarations about its article."""
    story = next(_json_ld_articles(root), {})
    meta = _meta(root)
    stamp, updated_stamp = _times(root)
    tag = root.find(".//head/title")
    titles = [_text(story.get("headline")), *(meta.get(name, "") for name in _TITLE_NAMES)]
    titles.append(tag.text_content() if tag is not None else "")
    clean_titles = dict.fromkeys(clean_paragraph(title) for title in titles if title)
    return Metadata(
        titles=tuple(title for title in clean_titles if title),
        site_names=tuple(filter(None, (meta.get("og:site_name"), _name(story.get("publisher"))))),
        date=_first_day(_text(story.get("datePublished")), *(meta.get(name, "") for name in _DATE_NAMES), stamp),
        updated=_first_day(
            _text(story.get("dateModified")), *(meta.get(name, "") for name in _UPDATE_NAMES), updated_stamp
        ),
        authors=_authors(story.get("author"), meta) or _marked_author(root),
        section=_first_text(story.get("articleSection"), meta.get("article:section"), meta.get("section")),
        url=_url(root, story, meta),
        lang=_lang(root, story, meta),
    )


def _json_ld_articles(root: HtmlElement) -> Iterator[Mapping[str, object]]:
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLE_TYPE.search(name) for name in names):
                yield node


def _nodes(data: object) -> Iterator[Mapping[str, object]]:
    """The top nodes and those of `@graph`; lists of other stories lie deeper."""
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            main = node.get("mainEntity")
            for inner in [*(graph if isinstance(graph, list) else []), main]:
                if isinstance(inner, dict):
                    yield inner


def _meta(root: HtmlElement) -> dict[str, str]:
    """Contents by lower-case name; the first of each name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name and content and content.strip():
                found.setdefault(name.strip().lower(), content.strip())
    return found


def _times(root: HtmlElement) -> tuple[str, str]:
    """Publication and update as `<time>` elements and `itemprop` say them."""
    published = updated = ""
    for element in root.iter("time", "abbr", "span"):
        role = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
        stamp = element.get("datetime") or (element.get("content") if "date" in role else "") or ""
        if element.tag != "time" and "datepublished" not in role and "datemodified" not in role:
            continue
        value = stamp if read_stamp(stamp) else element.text_content()
        if read_stamp(value) is None or _is_elsewhere(element):
            continue
        if re.search(r"modified|updated?\b|更新", f"{role} {_text_before(element)}".lower()):
            updated = updated or value
        else:
            published = published or value
    return published, updated


def _text_before(element: HtmlElement) -> str:
    previous = element.getprevious()
    parent = element.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return (text or "").strip()[-20:]


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether the element belongs to another story or to the page's frame."""
    return next(element.iterancestors("aside", "nav", "footer", "li"), None) is not None


def _authors(author: object, meta: Mapping[str, str]) -> Credit | None:
    texts: list[str] = []
    for item in author if isinstance(author, list) else [author]:
        if isinstance(item, dict) and "Organization" in str(item.get("@type")):
            continue
        texts.append(_name(item))
    texts += [meta.get("author", ""), meta.get("article:author", ""), meta.get("byl", "")]
    people = [parse_people(text) for text in texts if text and not text.startswith("http")]
    named = [credit for credit in people if credit.names]
    if not named:
        return None
    if len(named) > 1 and isinstance(author, list):  # one person an entry
        names = dict.fromkeys(name for credit in named for name in credit.names)
        return Credit(tuple(names), named[0].department)
    return named[0]


def _marked_author(root: HtmlElement) -> Credit | None:
    """The people in the first element that is marked as the byline, as blogs and many sites do."""
    for element in root.iter("span", "a", "p", "div", "address", "ul"):
        words = re.split(r"[\s_-]+", " ".join(element.get(name) or "" for name in _NAMING).lower())
        marked = (element.get("class") or "").strip().lower() == "by" or (
            element.tag == "address" and element.find(".//a[@rel='author']") is not None
        )
        if not marked and (_BYLINE_WORDS.isdisjoint(words) or "comment" in words or _is_elsewhere(element)):
            continue
        text = _NOT_NAMES.sub("", _apart(element))
        credit = parse_people(text) if len(text) <= _LONGEST_BYLINE else None
        if credit and credit.names:
            return credit
    return None


def _apart(element: HtmlElement) -> str:
    """The text of an element, with a comma where pieces of it stand apart by markup alone."""
    text = ""
    for piece in filter(None, map(clean_paragraph, element.itertext())):
        glued = text and text[-1].isalnum() and piece[0].isalnum()
        is_word = re.match(r"(?:and|in|for|with|by)\b", piece) or re.search(r"\b(?:and|in|for|with|by|By)$", text)
        text += (" " if is_word else ", " if glued else " ") + piece
    return clean_paragraph(text)


def _url(root: HtmlElement, story: Mapping[str, object], meta: Mapping[str, str]) -> str | None:
    links = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    page = story.get("mainEntityOfPage")
    main = page.get("@id") if isinstance(page, dict) else page
    candidates = (*links, meta.get("og:url"), _text(main), _text(story.get("url")))
    return next((url.strip() for url in candidates if url and url.strip().startswith(("http://", "https://"))), None)


def _lang(root: HtmlElement, story: Mapping[str, object], meta: Mapping[str, str]) -> str | None:
    declared = _first_text(
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        story.get("inLanguage"),
        meta.get("content-language"),
        meta.get("og:locale"),
    )
    match = re.match(r"[A-Za-z]{2,3}\b|[A-Za-z]{2}(?=_)", declared or "")
    return match[0].lower() if match else None


def _first_day(*stamps: str) -> str | None:
    return next((day for day in map(read_stamp, filter(None, stamps)) if day), None)


def _first_text(*values: object) -> str | None:
    for value in values:
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str) and first.strip():
            return first.strip()
    return None


def _text(value: object) -> str:
    return _first_text(value) or ""


def _name(value: object) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)
