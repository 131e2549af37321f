"""Rules for the pages of one publisher, kept in a file that anyone can add to: `publishers.toml` says how.

General rules read most sites, so this is for what they get wrong. A selector that finds nothing changes nothing: sites
are rebuilt more often than such a file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpora.errors import InputError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BUNDLED = Path(__file__).with_name("publishers.toml")
_PATTERNS = ("signs", "furniture", "ends")
_SELECTORS = ("title", "body", "drop")


@dataclass(frozen=True, slots=True)
class Publisher:
    """One entry of the file; lines are matched as a whole."""

    name: str
    hosts: tuple[str, ...] = ()
    signs: tuple[re.Pattern[str], ...] = ()
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    furniture: tuple[re.Pattern[str], ...] = ()
    ends: tuple[re.Pattern[str], ...] = ()
    licence: str | None = None  # of its texts, for the cards of corpora

    def is_furniture(self, line: str) -> bool:
        return any(pattern.fullmatch(line) for pattern in self.furniture)

    def is_end(self, line: str) -> bool:
        return any(pattern.fullmatch(line) for pattern in self.ends)

    def serves(self, url: str | None) -> bool:
        """Whether an address is this publisher's."""
        try:
            host = (urlsplit(url or "").hostname or "").lower()
        except ValueError:
            return False
        return any(host == one or host.endswith(f".{one}") for one in self.hosts)

    def has_signed(self, text: str) -> bool:
        """Whether a line of pasted text is a sign of this publisher."""
        lines = [line.strip() for line in text.splitlines()] if self.signs else []
        return any(pattern.fullmatch(line) for line in lines if len(line) <= 200 for pattern in self.signs)

    def first(self, root: HtmlElement, selectors: Sequence[str]) -> HtmlElement | None:
        """The first element that any of the selectors finds."""
        return next((found[0] for selector in selectors if (found := root.cssselect(selector))), None)


Publishers = tuple[Publisher, ...]


@cache
def read_publishers(path: str | None = None) -> Publishers:
    """The publishers of a user's file before those that come with Taiyaku. Raises InputError."""
    return (*(_read(Path(path)) if path is not None else ()), *_read(BUNDLED))


def _read(path: Path) -> Publishers:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("publisher", [])
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not TOML: {error}") from error
    if not isinstance(tables, list) or not tables:
        raise InputError(f"{path} names no publisher; begin each with a line [[publisher]]")
    return tuple(_publisher(table, f"{path}, publisher {number}") for number, table in enumerate(tables, start=1))


def _publisher(table: object, where: str) -> Publisher:
    if not isinstance(table, Mapping) or not isinstance(table.get("name"), str):
        raise InputError(f'{where} has no name; write name = "..."')
    known = [field.name for field in fields(Publisher)]
    given: dict[str, object] = {"name": table["name"]}
    for key, values in table.items():
        if key == "name":
            continue
        if key not in known:
            raise InputError(f"{where} ({table['name']}): {key!r} is no rule; known are {', '.join(known)}")
        if key == "licence" and isinstance(values, str):
            given[key] = values
            continue
        if key == "licence" or not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            what = "a string" if key == "licence" else "a list of strings"
            raise InputError(f"{where} ({table['name']}): {key} must be {what}")
        given[key] = tuple(_rule(key, value, f"{where} ({table['name']})") for value in values)
    return Publisher(**given)  # type: ignore[arg-type]


def _rule(key: str, value: str, where: str) -> object:
    """A pattern, a selector that is one, or the value as it is."""
    if key in _PATTERNS:
        try:
            return re.compile(value, re.IGNORECASE)
        except re.error as error:
            raise InputError(f"{where}: {key} {value!r} is no regular expression: {error}") from error
    if key in _SELECTORS:
        from cssselect import HTMLTranslator, SelectorError

        try:
            HTMLTranslator().css_to_xpath(value)
        except SelectorError as error:
            raise InputError(f"{where}: {key} {value!r} is no CSS selector: {error}") from error
    return value.lower() if key == "hosts" else value
