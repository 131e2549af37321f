"""Markdown files as HTML pages: their marks are no text, and what stands in front of them says title, date and author.

Most files that end in `.md` and came from a web page hold no marks at all; those are left to be read as pasted text.
Line breaks stay, since pasted text has a paragraph a line.
"""

from __future__ import annotations

import html
import re

_FRONT_MATTER = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n(?P<fields>.*?)\n(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>\w+)[ \t]*[:=][ \t]*[\"']?(?P<value>[^\n]*?)[\"']?[ \t]*$", re.MULTILINE)
_MARKS = re.compile(
    r"^#{1,6} \S|^[=-]{3,}[ \t]*$|\]\([^)\s]+\)|(?<!\*)\*\*\S|^>[ ]?\S|^(?:[*+-]|\d{1,3}[.)]) \S|^```", re.MULTILINE
)
_META = {
    "date": "date",
    "published": "date",
    "updated": "article:modified_time",
    "author": "author",
    "authors": "author",
}


def is_marked(text: str) -> bool:
    """Whether a text is marked up as Markdown.

    >>> is_marked("# Flood\\n\\nIt **rained**."), is_marked("Flood in Mito\\n\\nIt rained.")
    (True, False)
    """
    return bool(_FRONT_MATTER.match(text) or _MARKS.search(text))


def markdown_page(text: str) -> str:
    """The HTML page that a Markdown text stands for.

    >>> page = markdown_page("---\\ntitle: Flood\\ndate: 2026-03-05\\n---\\nIt **rained** all night.")
    >>> "<title>Flood</title>" in page, 'content="2026-03-05"' in page, "It <strong>rained</strong>" in page
    (True, True, True)
    """
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    fields = {match["name"].lower(): match["value"] for match in _FIELD.finditer(front["fields"])} if front else {}
    body = MarkdownIt("commonmark", {"breaks": True}).enable("table").render(text[front.end() :] if front else text)
    head = [f"<title>{html.escape(fields['title'])}</title>"] if fields.get("title") else []
    head += [
        f'<meta name="{_META[name]}" content="{html.escape(value.strip("[]"))}">'
        for name, value in fields.items()
        if name in _META and value
    ]
    heading = f"<h1>{html.escape(fields['title'])}</h1>" if fields.get("title") and "<h1>" not in body else ""
    return f"<html><head>{''.join(head)}</head><body>{heading}{body}</body></html>"
