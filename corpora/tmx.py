"""TMX 1.4b, the format that translation memories exchange: writing beads, and reading units of any maker.

A bead is a unit of two variants. What a unit has no place for goes along as properties: every column as `x-...`, by
which reading gives the same row to the bit, and `Quality`, `Source File` and `Target File` in words for people, as CAT
tools show them. What this does not do: null beads, which have no place in a translation memory and are left out, and
inline markup, of which only the text is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO

from corpora import __version__
from corpora.errors import InputError
from corpora.fields import full_row
from corpora.jsonlines import Row
from corpora.xml_files import (
    JSON,
    NOT_XML,
    XML_LANG,
    columns_of,
    elements,
    language_tag,
    local_name,
    plain_text,
    properties,
    require_no_entities,
    xml_attribute,
    xml_text,
)

# Columns with a place of their own in a unit: its number, the languages of its variants, and their segments.
_HELD = ("bead_id", "source_lang", "target_lang", "source_text", "target_text")
_ANY_LANGUAGE = "*all*"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it stands in a file; `srclang` is the language of the original, if the file says so."""

    where: str
    identity: str | None
    variants: tuple[tuple[str, str], ...]  # (language, text)
    properties: Mapping[str, str]
    srclang: str | None

    def columns(self) -> Row:
        """The columns of a bead that the properties stand for. Raises InputError for one that cannot be read."""
        return columns_of(((_column(name), text) for name, text in self.properties.items()), self.where)


def _property(name: str) -> str:
    """What a column is called: `x-source-date`, `x-json-source-date`; `x-pair` is older than the rule."""
    return "x-pair" if name == "pair_id" else "x-" + name.replace("_", "-")


def _column(name: str) -> str:
    """The column that a property stands for, empty for what is no property of ours."""
    if name == "x-pair":
        return "pair_id"
    if name.startswith(f"x-{JSON}"):
        return JSON + name.removeprefix(f"x-{JSON}").replace("-", "_")
    return name.removeprefix("x-").replace("-", "_") if name.startswith("x-") else ""


def write_tmx(rows: Iterable[Row], out: IO[str]) -> int:
    """One unit a bead, in order; the number of units, which beads with an empty side have none of."""
    beads = (row for row in rows if row.get("source_text") and row.get("target_text"))
    first = next(beads, None)
    srclang = _ANY_LANGUAGE if first is None else language_tag(first.get("source_lang"))
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
        f'<header creationtool="taiyaku" creationtoolversion="{__version__}" segtype="block" o-tmf="taiyaku" '
        f'adminlang="en" srclang="{srclang}" datatype="plaintext"/>\n<body>\n'
    )
    count = 0
    for row in chain([first] if first else [], beads):
        out.write(_translation_unit(row, srclang))
        count += 1
    out.write("</body>\n</tmx>\n")
    return count


def _translation_unit(row: Row, srclang: str) -> str:
    lost = [name for name in _HELD if not _holds(name, row.get(name))]
    attributes = "" if "bead_id" in lost or row.get("bead_id") is None else f" tuid={xml_attribute(row['bead_id'])}"
    own = language_tag(row.get("source_lang"))
    attributes += "" if own == srclang else f" srclang={xml_attribute(own)}"
    lines = [f"<tu{attributes}>"]
    named = chain(_for_people(row), ((_property(name), text) for name, text in properties(row, _HELD, lost)))
    lines += [f'<prop type="{name}">{xml_text(text)}</prop>' for name, text in named]
    for side in ("source", "target"):
        tag = language_tag(row.get(f"{side}_lang"))
        text = xml_text(row[f"{side}_text"])
        lines.append(f'<tuv xml:lang="{tag}"{_creation_date(row.get(f"{side}_date"))}><seg>{text}</seg></tuv>')
    lines.append("</tu>")
    return "\n".join(lines) + "\n"


def _holds(name: str, value: object) -> bool:
    """Whether the column's own place in a unit gives this value back."""
    if name == "bead_id":  # TMX: text without white space
        return value is None or (
            bool(value)
            and not NOT_XML.search(str(value))
            and len(str(value).split()) == 1
            and str(value) == str(value).strip()
        )
    if name.endswith("_lang"):
        return language_tag(value) == value
    return not NOT_XML.search(str(value))


def _for_people(row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What CAT tools show beside a unit: how probable the bead is in per cent, and where the texts come from."""
    probability = row.get("probability")
    if isinstance(probability, float) and 0 <= probability <= 1:
        yield "Quality", str(round(100 * probability))
    for side in ("source", "target"):
        file = row.get(f"{side}_url") or row.get(f"{side}_article_id")
        if file:
            yield f"{side.capitalize()} File", str(file)


def _creation_date(day: object) -> str:
    """The day as TMX writes dates, where it is one."""
    try:
        known = date.fromisoformat(day) if isinstance(day, str) and len(day) == len("2026-03-05") else None
    except ValueError:
        known = None
    return f' creationdate="{known:%Y%m%d}T000000Z"' if known and known.year >= 1000 else ""


def read_units(path: Path, *, strict: bool = False) -> Iterator[Unit]:
    """The units of a file of any maker, in order.

    Raises InputError for what is no XML, and if `strict` for entities, which else count as no text.
    """
    srclang, number = None, 0
    for element in elements(path, "header", "tu"):
        if local_name(element) == "header":
            srclang = _known_language(element.get("srclang"))
            continue
        number += 1
        where = f"{path}:{element.sourceline}: unit {number}"
        if strict:
            require_no_entities(element, where)
        variants = []
        for variant in element.iterfind("{*}tuv"):
            segment = variant.find("{*}seg")
            if segment is not None:
                variants.append((variant.get(XML_LANG) or variant.get("lang") or "", plain_text(segment)))
        named = {prop.get("type") or "": prop.text or "" for prop in element.iterfind("{*}prop")}
        own = _known_language(element.get("srclang"))
        yield Unit(where, element.get("tuid"), tuple(variants), named, own or srclang)


def _known_language(srclang: str | None) -> str | None:
    return None if srclang is None or srclang.lower() == _ANY_LANGUAGE else srclang


def primary(language: str) -> str:
    """The language without script and country.

    >>> primary("en-GB")
    'en'
    """
    return language.lower().replace("_", "-").partition("-")[0]


def read_tmx(path: str | Path, languages: tuple[str | None, str | None] = (None, None)) -> Iterator[Row]:
    """The beads of a TMX file of any maker, in order; what a unit does not say is None.

    Without `languages` a unit has two variants and the first is the source, unless the file calls the other one so.
    Raises InputError, with line and unit, for other variants and for properties that cannot be read.
    """
    for unit in read_units(Path(path), strict=True):
        (source_lang, source), (target_lang, target) = _sides(unit, languages)
        values: Row = {
            "bead_id": unit.identity,
            "source_lang": source_lang,
            "target_lang": target_lang,
            "source_text": source,
            "target_text": target,
        }
        yield full_row(values | unit.columns(), unit.where)


def _sides(unit: Unit, languages: tuple[str | None, str | None]) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two variants that are source and target."""
    chosen = list(unit.variants)
    source, target = languages
    if source and target:
        named = [next((v for v in chosen if primary(v[0]) == primary(lang)), None) for lang in (source, target)]
        chosen = [one for one in named if one]
    elif len(chosen) == 2 and unit.srclang and primary(chosen[0][0]) != primary(unit.srclang) == primary(chosen[1][0]):
        chosen.reverse()
    if len(chosen) != 2:
        found = ", ".join(sorted(lang for lang, _ in unit.variants)) or "none"
        expected = f"{source} and {target}" if source and target else "two"
        raise InputError(
            f"{unit.where} has languages {found}, expected {expected}; name two with --source-lang and --target-lang"
        )
    return chosen[0], chosen[1]
