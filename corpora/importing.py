"""Reading beads that were exported, or come from elsewhere, as rows with the columns of a corpus's `beads` table.

Files are read by suffix, one bead at a time. What the format or the file does not say is None. What this does not do:
HTML, which is for people to look at, and anything to a corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpora.errors import InputError, UsageError
from corpora.fields import COLUMNS, full_row, value_of_cell
from corpora.jsonlines import Row, read_rows
from corpora.moses import read_moses
from corpora.sheets import read_sheets
from corpora.tmx import read_tmx
from corpora.xliff import read_xliff

READABLE = (".tmx", ".xlf", ".xliff", ".tsv", ".xlsx", ".jsonl", ".parquet", ".ids")
# What `taiyaku check` reads, and others write, under shorter names.
_SHORTER = {"source": "source_text", "target": "target_text", "id": "bead_id", "date": "source_date"}
_MOSES_LANGUAGES = ("ja", "en")


def imported_beads(path: str | Path, languages: tuple[str | None, str | None] = (None, None)) -> Iterator[Row]:
    """The beads of a file, in order; `-` is JSONL from standard input, and Moses is read by its `.ids`.

    Languages choose the variants in TMX and the files of Moses (Japanese and English where not given), and are those
    of beads whose file names none. Raises InputError, with file and line or unit, for malformed input, and UsageError
    for another suffix.
    """
    for row in _read(path, languages):
        for name, lang in zip(("source_lang", "target_lang"), languages, strict=True):
            if row[name] is None:
                row[name] = lang
        yield row


def _read(path: str | Path, languages: tuple[str | None, str | None]) -> Iterator[Row]:
    suffix = Path(path).suffix.lower()
    if str(path) == "-" or suffix in (".jsonl", ".ndjson", ".json", ".parquet"):
        return (_row(row, where) for where, row in read_rows(path))
    if suffix == ".tmx":
        return read_tmx(path, languages)
    if suffix in (".xlf", ".xliff"):
        return read_xliff(path)
    if suffix in (".tsv", ".txt"):
        return read_tsv(path)
    if suffix == ".xlsx":
        return read_sheets(path)
    if suffix == ".ids":
        return read_moses(path, (languages[0] or _MOSES_LANGUAGES[0], languages[1] or _MOSES_LANGUAGES[1]))
    raise UsageError(f"{path}: beads are read from {', '.join(READABLE)}; name such a file")


def _row(row: Row, where: str) -> Row:
    """A row of JSONL or Parquet, which may have the shorter names."""
    named = {_SHORTER.get(name, name): value for name, value in row.items() if name not in COLUMNS}
    if not any(name in row or name in named for name in ("source_text", "target_text")):
        raise InputError(
            f"{where} has neither source_text nor target_text; found {', '.join(sorted(row)) or 'nothing'}"
        )
    return full_row(named | row, where)


def tsv_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each line; there is no quoting. Raises InputError for what cannot be read as UTF-8."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                yield number, line.removesuffix("\n").split("\t")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as TSV: {error}") from error


def read_tsv(path: str | Path) -> Iterator[Row]:
    """The beads of a TSV file whose first line names the columns; other columns are passed over.

    Raises InputError, with the line, for a line of another length and for values that a column cannot hold.
    """
    header: list[str] = []
    for number, cells in tsv_lines(Path(path)):
        where = f"{path}:{number}"
        if number == 1:
            header = [_SHORTER.get(name, name) for name in cells]
            if not {"source_text", "target_text"} <= set(header):
                raise InputError(f"{where} names no columns source_text and target_text; write them as a first line")
        elif any(cells):
            if len(cells) != len(header):
                raise InputError(f"{where} has {len(cells)} columns, the first line names {len(header)}")
            try:
                values = {n: value_of_cell(n, cell) for n, cell in zip(header, cells, strict=True) if n in COLUMNS}
            except ValueError as error:
                raise InputError(f"{where}: {error}") from error
            yield full_row(values, where)
