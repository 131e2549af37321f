"""From a page to an article: text with exact offsets, whatever kind of page it came from.

The readers for HTML (`markup`), pasted text (`pasted`) and rows bring a draft; here the draft becomes an
article: paragraphs are cleaned and joined, cut into sentences, and the article gets its stable id. Nothing is
read from files here, and no sentence is changed beyond white space, control characters and composition.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpora import language
from corpora.draft import Draft
from corpora.errors import PageRejected
from corpora.layout import (
    article_id,
    canonical_url,
    clean_paragraph,
    clean_text,
    cut_sentences,
    join_paragraphs,
)
from corpora.markup import read_markup
from corpora.mixed import parts_by_language, title_in
from corpora.pasted import read_pasted
from corpora.publishers import Publishers, read_publishers
from corpora.records import Article, Page, ParagraphKind, Reject
from corpora.rows import article_from_row, article_to_row, unread_dates

MAX_ARTICLE_CHARS = 2_000_000
"""Four long novels. A page with more text is no article, and finding the body in it could take minutes."""

_NOT_SHOWN = re.compile(r"<(script|style|svg)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)

__all__ = ["article_from_row", "article_to_row", "build_articles", "read_article", "read_articles"]


def read_article(
    page: Page, *, languages: Collection[str] | None = ("ja", "en"), publishers: Publishers | None = None
) -> Article:
    """The article on a page; raises PageRejected, whose `reason` says why, where there is none.

    `languages` are those wanted, None for any; `publishers` have rules of their own, None for those that come with
    Taiyaku. Reasons: `empty`, `too-large`, `no-article`, `no-body`, `language`, and `malformed`. Of a page in two
    languages this is the part in the one that most of it is in; `read_articles` gives all.

    >>> text = "River floods Mito\\n\\nThe river rose by two meters on Friday night, and people fled."
    >>> article = read_article(Page("a.txt", "text", text))
    >>> article.title, [article.text[p.start : p.end] for p in article.paragraphs][1]
    ('River floods Mito', 'The river rose by two meters on Friday night, and people fled.')
    """
    found = read_articles(page, languages=languages, publishers=publishers)
    return next(article for article in found if isinstance(article, Article))


def read_articles(
    page: Page, *, languages: Collection[str] | None = ("ja", "en"), publishers: Publishers | None = None
) -> list[Article | Reject]:
    """As `read_article`; of a page that is in two languages an article in each, or a reject for what is not wanted."""
    if page.kind == "row":
        article = article_from_row(page.fields, page.path)
        _check_language(article.lang, languages)
        return [article, *unread_dates(page.fields, page.path)]
    text = clean_text(page.text)
    if not text.strip():
        raise PageRejected("empty", "the page holds no text")
    _check_size(text, is_html=page.kind == "html")
    rules = read_publishers() if publishers is None else publishers
    is_html = page.kind == "html"
    draft = read_markup(text, url=page.url, publishers=rules) if is_html else read_pasted(text, publishers=rules)
    return build_articles(draft, path=page.path, url=page.url, fetched=page.fetched, languages=languages)


def _check_size(text: str, *, is_html: bool) -> None:
    if len(text) <= MAX_ARTICLE_CHARS:
        return
    size = len(re.sub(r"\s+", " ", _NOT_SHOWN.sub("", text) if is_html else text))
    if size > MAX_ARTICLE_CHARS:
        raise PageRejected(
            "too-large",
            f"the page holds {size:,} characters of text, an article at most {MAX_ARTICLE_CHARS:,}; align such texts "
            "with `taiyaku align`, or cut the page up",
        )


def build_articles(
    draft: Draft,
    *,
    path: str,
    url: str | None = None,
    fetched: str | None = None,
    languages: Collection[str] | None = None,
) -> list[Article | Reject]:
    """The draft with offsets, sentences, language and id; an article for each language it is written in."""
    blocks = [(clean_paragraph(text), kind) for text, kind in draft.blocks]
    blocks = [(text, kind) for text, kind in blocks if text]
    if not any(kind == "body" for _, kind in blocks):
        raise PageRejected("no-body", "the page has a title or headings, but no body text")
    title = clean_paragraph(draft.title or "")
    body = "\n".join(text for text, _ in blocks)
    lang = _language_of(f"{title}\n{body}", draft.lang)
    parts = parts_by_language(blocks, lang)
    if languages is not None and not any(part in languages for part, _ in parts):
        _check_language(lang, languages)
    found: list[Article | Reject] = []
    for number, (part, own) in enumerate(parts):
        if languages is not None and part not in languages:
            detail = f"{len(own)} paragraphs of the page are in {part!r}; wanted: {', '.join(languages)}"
            found.append(Reject(path, "extract", "language", detail))
        elif any(kind == "body" for _, kind in own):
            if len(parts) > 1:
                title_of_part, own = title_in(part, title, own, is_first=number == 0)
            else:
                title_of_part = title
            head: list[tuple[str, ParagraphKind]] = [(title_of_part, "title")] if title_of_part else []
            found.append(_build(draft, [*head, *own], part, path=path, url=url, fetched=fetched))
    if not any(isinstance(one, Article) for one in found):
        raise PageRejected("no-body", f"the page has no body text in {lang!r}, the language most of it is in")
    return found


def _build(
    draft: Draft,
    blocks: Sequence[tuple[str, ParagraphKind]],
    lang: str,
    *,
    path: str,
    url: str | None,
    fetched: str | None,
) -> Article:
    text, paragraphs = join_paragraphs(blocks)
    own_url = canonical_url(draft.url) or canonical_url(url)
    return Article(
        article_id=article_id(lang, text, own_url),
        path=path,
        lang=lang,
        text=text,
        paragraphs=paragraphs,
        sentences=cut_sentences(text, paragraphs, lang),
        title=blocks[0][0] if blocks[0][1] == "title" else None,
        url=own_url or draft.url or url,
        date=draft.date,
        updated=draft.updated,
        date_guessed=draft.date_guessed,
        byline=draft.byline,
        credit=draft.credit,
        department=draft.department,
        section=draft.section,
        fetched=fetched,
        captions=draft.captions,
        links=draft.links,
        readings=draft.readings,
    )


def _language_of(text: str, declared: str | None) -> str:
    # What stands there is better evidence than the lang attribute, which templates often get wrong.
    found = language.identify(text) or declared
    if not found:
        raise PageRejected("language", "the language cannot be told and the page does not declare it")
    return found


def _check_language(lang: str, languages: Collection[str] | None) -> None:
    if languages is not None and lang not in languages:
        wanted = ", ".join(languages)
        raise PageRejected("language", f"the text is in {lang!r}; wanted: {wanted}")
