"""XLIFF 2.1, the format that translators' work is handed over in: writing beads, and reading 2.x and 1.2 of any maker.

A pair of articles is a `<file>`, a bead a `<unit>` of one segment; findings are notes, which CAT tools show, and every
column stands in the metadata module, by which reading gives the same row to the bit. Null beads are held: one without
a translation has no `<target>`, one without an original an empty `<source/>`. What this does not do: more than one
pair of languages in a document, which XLIFF has no place for, and inline markup, of which only the text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from corpora.errors import InputError, UsageError
from corpora.fields import full_row
from corpora.jsonlines import Row, printable
from corpora.xml_files import (
    NOT_XML,
    columns_of,
    elements,
    language_tag,
    plain_text,
    properties,
    require_no_entities,
    xml_attribute,
    xml_text,
)

_HELD = ("source_lang", "target_lang", "source_text", "target_text")
_CATEGORY = "taiyaku"
_NOT_IN_CONTENT = re.compile(rf"\r|{NOT_XML.pattern}")


@dataclass(frozen=True, slots=True)
class Segment:
    """A source and its translation as they stand in a file; `properties` are those of our own metadata."""

    where: str
    identity: str | None
    source: str
    target: str | None
    languages: tuple[str | None, str | None]
    properties: tuple[tuple[str, str], ...]

    def columns(self) -> Row:
        """The columns of a bead that the metadata stand for. Raises InputError for one that cannot be read."""
        return columns_of(self.properties, self.where)


def write_xliff(rows: Iterable[Row], out: IO[str]) -> int:
    """One unit a bead, null beads too, in order; the number of units.

    Raises UsageError for a bead in other languages than the first.
    """
    beads = iter(rows)
    first = next(beads, None)
    languages = _languages(first or {})
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" '
        'xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" version="2.1" '
        f'srcLang="{languages[0]}" trgLang="{languages[1]}">\n'
    )
    count = files = 0
    pair: object = None
    for count, row in enumerate(chain([first] if first else [], beads), start=1):
        if _languages(row) != languages:
            raise UsageError(_mixed(row, languages))
        if count == 1 or row.get("pair_id") != pair:
            files, pair = files + 1, row.get("pair_id")
            out.write(("</file>\n" if files > 1 else "") + _file(files, pair))
        out.write(_unit(row, count))
    out.write("</file>\n" if count else f'{_file(1, None)}<group id="g1"/>\n</file>\n')  # a file may not be empty
    out.write("</xliff>\n")
    return count


def _languages(row: Mapping[str, object]) -> tuple[str, str]:
    return language_tag(row.get("source_lang")), language_tag(row.get("target_lang"))


def _mixed(row: Mapping[str, object], languages: tuple[str, str]) -> str:
    own = _languages(row)
    return (
        f"bead {row.get('bead_id')} is in {own[0]} and {own[1]}, those before it in {languages[0]} and {languages[1]}; "
        "an XLIFF document has one pair of languages: choose tmx, tsv or jsonl"
    )


def _file(number: int, pair: object) -> str:
    original = "" if pair is None else f" original={xml_attribute(pair)}"
    return f'<file id="f{number}"{original} xml:space="preserve">\n'


def _unit(row: Row, number: int) -> str:
    """Numbered ids, as one has to be an NMTOKEN and a bead's own may be any text; that is the name."""
    lost = [name for name in _HELD if not _holds(name, row.get(name))]
    name = f" name={xml_attribute(row['bead_id'])}" if row.get("bead_id") else ""
    lines = [f'<unit id="u{number}"{name}>', f'<mda:metadata><mda:metaGroup category="{_CATEGORY}">']
    known = list(properties(row, _HELD, lost)) or [("taiyaku", "")]  # a group may not be empty
    lines += [f"<mda:meta type={xml_attribute(column)}>{xml_text(text)}</mda:meta>" for column, text in known]
    lines.append("</mda:metaGroup></mda:metadata>")
    findings = row.get("findings")
    if isinstance(findings, list) and findings:
        notes = "".join(f'<note category="finding">{xml_text(finding)}</note>' for finding in findings)
        lines.append(f"<notes>{notes}</notes>")
    source, target = row.get("source_text"), row.get("target_text")
    state = ' state="translated"' if source and target else ""
    translation = "" if target is None else f"<target>{_content(target)}</target>"
    lines.append(f"<segment{state}><source>{_content(source or '')}</source>{translation}</segment>\n</unit>\n")
    return "\n".join(lines)


def _holds(name: str, value: object) -> bool:
    """Whether the column's own place in a unit gives this value back; an empty source is read as none."""
    if name.endswith("_lang"):
        return language_tag(value) == value
    return value != "" if name == "source_text" else True


def _content(text: object) -> str:
    """Text in a source or target, with `cp` for what XML cannot hold.

    >>> _content("a < b\\x1a")
    'a &lt; b<cp hex="001A"/>'
    """
    return _NOT_IN_CONTENT.sub(
        lambda found: "&#13;" if found[0] == "\r" else f'<cp hex="{ord(found[0]):04X}"/>', escape(printable(str(text)))
    )


def read_segments(path: Path, *, strict: bool = False) -> Iterator[Segment]:
    """The segments of XLIFF 2.x and the units of XLIFF 1.2, in order; a bead's unit is one segment, however cut.

    Raises InputError for what is no XML, and if `strict` for entities, which else count as no text.
    """
    for number, unit in enumerate(elements(path, "trans-unit", "unit"), start=1):
        where = f"{path}:{unit.sourceline}: unit {number}"
        if strict:
            require_no_entities(unit, where)
        own = tuple(_own_metadata(unit))
        languages = _languages_of(unit)
        parts = [unit] if unit.find("{*}source") is not None else unit.findall("{*}segment")
        identity = unit.get("id")
        try:
            if own:
                yield Segment(where, unit.get("name") or identity, *_joined(unit), languages, own)
                continue
            for part in parts:
                source = _text(part, "source")
                if source is not None:
                    yield Segment(where, part.get("id") or identity, source, _text(part, "target"), languages, ())
        except ValueError as error:
            raise InputError(f"{where}: {error}") from error


def _text(part: Any, side: str) -> str | None:
    found = part.find(f"{{*}}{side}")
    return None if found is None else plain_text(found)


def _joined(unit: Any) -> tuple[str, str | None]:
    """The whole texts of a unit that a CAT tool may have cut into segments; what lies between may be in one side."""
    parts = [part for part in unit if isinstance(part.tag, str) and part.tag.endswith(("}segment", "}ignorable"))]
    source = "".join(_text(part, "source") or "" for part in parts)
    targets = [_text(part, "target") for part in parts]
    if all(target is None for target in targets):
        return source, None
    between = [
        _text(p, "source") if t is None and p.tag.endswith("}ignorable") else t
        for p, t in zip(parts, targets, strict=True)
    ]
    return source, "".join(text or "" for text in between)


def _own_metadata(unit: Any) -> Iterator[tuple[str, str]]:
    for group in unit.iterfind("{*}metadata/{*}metaGroup"):
        if group.get("category") == _CATEGORY:
            for meta in group.iterfind("{*}meta"):
                yield meta.get("type") or "", meta.text or ""


def _languages_of(unit: Any) -> tuple[str | None, str | None]:
    """As the document says (2.x), or the file around the unit (1.2)."""
    for place in unit.iterancestors():
        for source, target in (("srcLang", "trgLang"), ("source-language", "target-language")):
            if place.get(source):
                return place.get(source), place.get(target)
    return None, None


def read_xliff(path: str | Path) -> Iterator[Row]:
    """The beads of an XLIFF file of any maker, in order; what a unit does not say is None.

    Raises InputError, with line and unit, for metadata that cannot be read.
    """
    for segment in read_segments(Path(path), strict=True):
        values: Row = {
            "bead_id": segment.identity,
            "source_lang": segment.languages[0],
            "target_lang": segment.languages[1],
            "source_text": segment.source or None,
            "target_text": segment.target,
        }
        if segment.properties:
            values["bead_id"] = None  # a number of ours, where the bead has none
        yield full_row(values | segment.columns(), segment.where)
