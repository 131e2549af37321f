"""What the XML formats share: text that is well formed whatever it says, and elements read one by one.

XML 1.0 cannot hold most control characters, not even escaped; a column that has one is written as JSON, whose escapes
it can hold, under its name with `json-` before it. Files are read without entities and without network, and what was
read is freed, so that memory stays small. What this does not do: know any format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from corpora.errors import InputError
from corpora.fields import COLUMNS, checked, exact, value_of
from corpora.jsonlines import Row, printable

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
JSON = "json-"

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_NATIVE_CODE = frozenset(("bpt", "ept", "ph", "it", "ut"))  # their content is another format's markup, not text


def xml_text(value: object) -> str:
    """The value as the content of an element, without the characters that XML forbids.

    >>> xml_text("a < b\\r\\x00")
    'a &lt; b&#13;'
    """
    return escape(NOT_XML.sub("", printable(str(value))), {"\r": "&#13;"})  # bare, it would be read as a line feed


def xml_attribute(value: object) -> str:
    """The value in quotes, as an attribute, without the characters that XML forbids."""
    return quoteattr(NOT_XML.sub("", printable(str(value))))


def language_tag(lang: object) -> str:
    """The language as XML wants it, `und` for what is no language.

    >>> language_tag("ja"), language_tag("ja_JP"), language_tag(None)
    ('ja', 'ja-JP', 'und')
    """
    tag = lang.replace("_", "-") if isinstance(lang, str) else ""
    return tag if _LANGUAGE.fullmatch(tag) else "und"


def properties(row: Mapping[str, object], held: Iterable[str], lost: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(name, text) of every column that is known; the text has only characters that XML can hold.

    Columns in `held` have a place of their own in the format and are left out, except those in `lost`, whose place
    cannot hold this value exactly; there even nothing is written, as JSON's null.
    """
    lost = frozenset(lost)
    left_out = frozenset(held) - lost
    for name in COLUMNS:
        value = row.get(name)
        if name in left_out or (value is None and name not in lost):
            continue
        text = "null" if value is None else exact(value)
        if value is None:
            yield JSON + name, text
        elif NOT_XML.search(text):
            yield JSON + name, json.dumps(text)
        else:
            yield name, text


def columns_of(found: Iterable[tuple[str, str]], where: str) -> Row:
    """The columns that such properties stand for; other names are passed over.

    Raises InputError for text that a column cannot hold.
    """
    row: Row = {}
    try:
        for name, text in found:
            plain = name.removeprefix(JSON)
            if plain not in COLUMNS:
                continue
            if name == plain:
                row[plain] = value_of(plain, text)
                continue
            decoded = json.loads(text)
            if COLUMNS[plain] in ("texts", "wholes") and isinstance(decoded, str):
                decoded = value_of(plain, decoded)
            row[plain] = checked(plain, decoded)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: {error}") from error
    return row


def elements(path: Path, *tags: str) -> Iterator[Any]:
    """Elements with one of these local names, in document order, freed after use with all that stands before them.

    Raises InputError, with the line, for what is no XML.
    """
    from lxml import etree

    names = [f"{{*}}{tag}" for tag in tags]
    try:
        with path.open("rb") as file:
            for _, element in etree.iterparse(
                file, tag=names, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                yield element
                element.clear()
                for place in (element, *element.iterancestors()):
                    while place.getprevious() is not None and place.getparent() is not None:
                        del place.getparent()[0]
    except (OSError, etree.XMLSyntaxError) as error:
        raise InputError(f"{path} cannot be read as XML: {error}") from error


def plain_text(element: Any) -> str:
    """The text in an element, without inline markup, what other formats' markup holds, entities and comments.

    Raises ValueError for a `cp` of XLIFF 2 that names no character.
    """
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "cp":
            parts.append(_character(child.get("hex") or ""))
        elif name and name not in _NATIVE_CODE:
            parts.append(plain_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _character(code: str) -> str:
    try:
        return printable(chr(int(code, 16)))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"cp has hex={code!r}, expected the number of a character, as in 001A") from error


def local_name(element: Any) -> str:
    """The name without namespace; empty for comments, entities and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def require_no_entities(element: Any, where: str) -> None:
    """Raise InputError for an entity of the document's own, which is not read, so that no text is lost unseen."""
    from lxml import etree

    entity = next(element.iter(etree.Entity), None)
    if entity is not None:
        raise InputError(
            f"{where} uses the entity &{entity.name}; and entities are not read; save the file with the text itself"
        )
