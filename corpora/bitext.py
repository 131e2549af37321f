"""Reading pairs of texts for checking: JSONL, Parquet, TSV, TMX, XLIFF, or a corpus folder.

Every format gives the same `TextPair`. XML is read without entities or network. Null beads of a corpus have nothing
to compare and are passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora.dates import read_stamp
from corpora.errors import InputError
from corpora.export import FORMULA
from corpora.jsonlines import read_rows
from corpora.store import open_corpus

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts said to be translations; `date` is the ISO day of the article they stand in, if known."""

    id: str
    source: str
    target: str
    date: str | None = None


def read_bitext(path: str | Path, *, source_lang: str = "ja", target_lang: str = "en") -> Iterator[TextPair]:
    """Pairs of a file or corpus folder, by its suffix; `-` is JSONL from standard input.

    Languages choose the variants in TMX, and the keys in rows that are named by language.
    Raises InputError, with file and line, for malformed input.
    """
    languages = (source_lang, target_lang)
    if Path(path).is_dir():
        return _from_corpus(Path(path))
    suffix = Path(path).suffix.lower()
    if suffix in (".tsv", ".txt"):
        return _from_tsv(Path(path))
    if suffix == ".tmx":
        return _from_tmx(Path(path), languages)
    if suffix in (".xlf", ".xliff"):
        return _from_xliff(Path(path))
    if suffix in (".jsonl", ".json", ".parquet") or str(path) == "-":
        return _from_rows(path, languages)
    if not Path(path).exists():
        raise InputError(f"{path} does not exist; check the path")
    raise InputError(f"{path}: unknown kind of file; use .jsonl, .parquet, .tsv, .tmx, .xlf or a corpus folder")


def _from_rows(path: str | Path, languages: tuple[str, str]) -> Iterator[TextPair]:
    for number, (where, row) in enumerate(read_rows(path), start=1):
        texts = [
            next((row[key] for key in keys if row.get(key) is not None), None)
            for keys in zip(("source", "target"), languages, ("source_text", "target_text"), strict=True)
        ]
        if _is_null_bead(row):
            continue
        if not all(isinstance(text, str) for text in texts):
            raise InputError(
                f"{where} has no text for both sides: expected keys source and target (or {languages[0]} and "
                f"{languages[1]}), found {', '.join(sorted(row)) or 'none'}"
            )
        day = row.get("date") or row.get("source_date")
        identity = next((row[key] for key in ("id", "bead_id") if row.get(key) is not None), number)
        yield TextPair(str(identity), str(texts[0]), str(texts[1]), _day(day, where))


def _is_null_bead(row: Mapping[str, object]) -> bool:
    """Whether this is an exported bead with an empty side, which has nothing to compare."""
    sides = ("source_text", "target_text")
    return all(side in row for side in sides) and not all(row[side] for side in sides)


def _from_corpus(folder: Path) -> Iterator[TextPair]:
    for row in open_corpus(folder).rows("beads"):
        if row["source_text"] and row["target_text"]:
            yield TextPair(
                str(row["bead_id"]),
                str(row["source_text"]),
                str(row["target_text"]),
                _day(row["source_date"], f"{folder}: bead {row['bead_id']}"),
            )


def _from_tsv(path: Path) -> Iterator[TextPair]:
    """Columns by the header's names where it has `source` and `target` (or `..._text`), else the first two."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            columns = (0, 1)
            identity: int | None = None
            header: list[str] = []
            for number, cells in enumerate(lines, start=1):
                if number == 1 and (named := _tsv_header(cells)):
                    header, (columns, identity) = cells, named
                    continue
                if not any(cells) or _is_null_bead(dict(zip(header, cells, strict=False))):
                    continue
                if len(cells) <= max(columns):
                    raise InputError(
                        f"{path}:{number} has {len(cells)} columns, expected at least {max(columns) + 1}: "
                        "source TAB target, or a header line that names them"
                    )
                source, target = (unguarded(cells[column]) for column in columns)
                yield TextPair(unguarded(cells[identity]) if identity is not None else str(number), source, target)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as TSV: {error}") from error


def _tsv_header(cells: list[str]) -> tuple[tuple[int, int], int | None] | None:
    for source, target in (("source", "target"), ("source_text", "target_text")):
        if source in cells and target in cells:
            identity = next((cells.index(name) for name in ("id", "bead_id") if name in cells), None)
            return (cells.index(source), cells.index(target)), identity
    return None


def unguarded(cell: str) -> str:
    """The text of a TSV cell without the apostrophe that `corpora.export` puts before a would-be formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _elements(path: Path, *tags: str) -> Iterator[Any]:
    """Elements with one of these local names, in document order, freed after use."""
    from lxml import etree

    try:
        names = [f"{{*}}{tag}" for tag in tags]
        with path.open("rb") as file:
            for _, element in etree.iterparse(
                file, tag=names, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                yield element
                element.clear()
    except (OSError, etree.XMLSyntaxError) as error:
        raise InputError(f"{path} cannot be read as XML: {error}") from error


def _from_tmx(path: Path, languages: tuple[str, str]) -> Iterator[TextPair]:
    languages = (_primary(languages[0]), _primary(languages[1]))
    for number, unit in enumerate(_elements(path, "tu"), start=1):
        texts: dict[str, str] = {}
        for variant in unit.iterfind("{*}tuv"):
            language = _primary(variant.get(XML_LANG) or variant.get("lang") or "")
            segment = variant.find("{*}seg")
            if segment is not None:
                texts[language] = "".join(segment.itertext())
        if languages[0] in texts and languages[1] in texts:
            properties = {p.get("type"): p.text for p in unit.iterfind("{*}prop")}
            identity = unit.get("tuid") or str(number)
            day = _day(properties.get("x-source-date"), f"{path}:{unit.sourceline}: unit {number}")
            yield TextPair(identity, texts[languages[0]], texts[languages[1]], day)
        else:
            found = ", ".join(sorted(texts)) or "none"
            raise InputError(
                f"{path}:{unit.sourceline}: unit {number} has languages {found}, expected {languages[0]} and "
                f"{languages[1]}; name others with --source-lang and --target-lang"
            )


def _primary(language: str) -> str:
    """The language without script and country: `en` of `en-GB`."""
    return language.lower().replace("_", "-").partition("-")[0]


def _from_xliff(path: Path) -> Iterator[TextPair]:
    """XLIFF 1.2 `trans-unit` and XLIFF 2 `segment`; units without a target are passed over."""
    for number, unit in enumerate(_elements(path, "trans-unit", "segment"), start=1):
        source, target = unit.find("{*}source"), unit.find("{*}target")
        if source is not None and target is not None:
            parent = unit.getparent()
            identity = unit.get("id") or (parent.get("id") if parent is not None else None) or str(number)
            yield TextPair(identity, "".join(source.itertext()), "".join(target.itertext()))


def _day(value: object, where: str) -> str | None:
    """The ISO day of a date, None where there is none."""
    day = read_stamp(str(value)) if value else None
    if value and day is None:
        raise InputError(f"{where} has the date {value!r}, which is none; write it like 2019-02-26")
    return day
