"""Reading pairs of texts for checking: JSONL, Parquet, TSV, TMX, XLIFF, XLSX, or a corpus folder.

Every format gives the same `TextPair`. Null beads of a corpus have nothing to compare and are passed over. How the
formats are read is for their own modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpora.dates import read_stamp
from corpora.errors import InputError
from corpora.fields import unguarded
from corpora.importing import tsv_lines
from corpora.jsonlines import read_rows
from corpora.sheets import read_cells
from corpora.store import open_corpus
from corpora.tmx import primary, read_units
from corpora.xliff import read_segments

_DATES = ("date", "source_date")


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
    if suffix == ".xlsx":
        return _from_sheets(Path(path))
    if suffix in (".jsonl", ".json", ".parquet") or str(path) == "-":
        return _from_rows(path, languages)
    if not Path(path).exists():
        raise InputError(f"{path} does not exist; check the path")
    raise InputError(
        f"{path}: unknown kind of file; use .jsonl, .parquet, .tsv, .tmx, .xlf or a corpus folder, or .xlsx"
    )


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
    columns = (0, 1)
    header: list[str] = []
    for number, cells in tsv_lines(path):
        if number == 1 and (named := _tsv_header(cells)):
            header, columns = cells, named
            continue
        if not any(cells) or _is_null_bead(dict(zip(header, cells, strict=False))):
            continue
        if len(cells) <= max(columns):
            raise InputError(
                f"{path}:{number} has {len(cells)} columns, expected at least {max(columns) + 1}: "
                "source TAB target, or a header line that names them"
            )
        row = {name: unguarded(cell) for name, cell in zip(header, cells, strict=False)}
        source, target = (unguarded(cells[column]) for column in columns)
        yield TextPair(_named(row, number), source, target, _day(_first(row, _DATES), f"{path}:{number}"))


def _tsv_header(cells: list[str]) -> tuple[int, int] | None:
    for source, target in (("source", "target"), ("source_text", "target_text")):
        if source in cells and target in cells:
            return cells.index(source), cells.index(target)
    return None


def _first(row: Mapping[str, object], names: Iterable[str]) -> object:
    """The first of these that the row has, None if it has none."""
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _named(row: Mapping[str, object], number: int) -> str:
    """The row's id, its number if it has none."""
    identity = _first(row, ("id", "bead_id"))
    return str(number if identity is None else identity)


def _from_sheets(path: Path) -> Iterator[TextPair]:
    for number, (where, cells) in enumerate(read_cells(path), start=1):
        texts = [_first(cells, (side, f"{side}_text")) for side in ("source", "target")]
        if all(text is not None for text in texts):
            source, target = (unguarded(str(text)) for text in texts)
            yield TextPair(unguarded(_named(cells, number)), source, target, _day(_first(cells, _DATES), where))
        elif not _is_null_bead(cells):
            raise InputError(f"{where} has no text for both sides; name two columns source and target in the first row")


def _from_tmx(path: Path, languages: tuple[str, str]) -> Iterator[TextPair]:
    source, target = (primary(language) for language in languages)
    for number, unit in enumerate(read_units(path), start=1):
        texts = {primary(language): text for language, text in unit.variants}
        if source not in texts or target not in texts:
            found = ", ".join(sorted(texts)) or "none"
            raise InputError(
                f"{unit.where} has languages {found}, expected {source} and {target}; name others with --source-lang "
                "and --target-lang"
            )
        day = _day(unit.properties.get("x-source-date"), unit.where)
        identity = unit.identity or unit.properties.get("x-bead-id")
        yield TextPair(identity or str(number), texts[source], texts[target], day)


def _from_xliff(path: Path) -> Iterator[TextPair]:
    """XLIFF 1.2 `trans-unit` and XLIFF 2 `segment`; those with an empty or missing side of ours are passed over."""
    for number, segment in enumerate(read_segments(path), start=1):
        null = segment.properties and not (segment.source and segment.target)
        if segment.target is not None and not null:
            day = _day(dict(segment.properties).get("source_date"), segment.where)
            yield TextPair(segment.identity or str(number), segment.source, segment.target, day)


def _day(value: object, where: str) -> str | None:
    """The ISO day of a date, None where there is none."""
    day = read_stamp(str(value)) if value else None
    if value and day is None:
        raise InputError(f"{where} has the date {value!r}, which is none; write it like 2019-02-26")
    return day
