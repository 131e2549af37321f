"""The Moses format of trainers of translation systems: a file a language, and line n of each belongs together.

A third file, `.ids`, says which bead a line is and how probable. What this does not do: anything else of a bead, null
beads, and the escapes of Moses's own scripts; line breaks and tabs in a text become spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from corpora.errors import InputError, NoUsableInput, UsageError
from corpora.fields import full_row, one_line, shortest, value_of
from corpora.jsonlines import Row
from corpora.outputs import is_standard_output, replacing, require_outputs
from corpora.xml_files import language_tag

IDS = ".ids"


def require_prefix(prefix: str) -> None:
    """Raise UsageError for a place where the files could not stand."""
    if is_standard_output(prefix):
        raise UsageError("moses is three files and cannot go to standard output; name their prefix with -o")
    if Path(prefix).is_dir() or prefix.endswith("/"):
        raise UsageError(f"{prefix} is a folder; name a prefix for the files in it, such as {Path(prefix) / 'beads'}")
    require_outputs({"--output": prefix + IDS})


def write_moses(rows: Iterable[Row], prefix: str, *, force: bool = False) -> int:
    """Write PREFIX.<source_lang>, PREFIX.<target_lang> and PREFIX.ids, all or none; the number of lines in each.

    Raises UsageError if one of them is there already and `force` is not given, or if beads differ in language, and
    NoUsableInput if there is no bead with two sides, which would name the languages.
    """
    require_prefix(prefix)
    beads = (row for row in rows if row.get("source_text") and row.get("target_text"))
    first = next(beads, None)
    if first is None:
        raise NoUsableInput("there is no bead with two sides, so there are no languages to name files by")
    languages = _languages(first)
    paths = [Path(f"{prefix}.{lang}") for lang in languages] + [Path(prefix + IDS)]
    there = [str(path) for path in paths if path.exists()]
    if there and not force:
        raise UsageError(f"{', '.join(there)} exist{'s' if len(there) == 1 else ''}; --force overwrites")
    require_outputs({f"--output ({path.suffix})": str(path) for path in paths})
    count = 0
    with ExitStack() as files:  # in here they have other names, so that they appear one after the other at the end
        places = [files.enter_context(replacing(path)) for path in paths]
        with ExitStack() as opened:
            outs = [opened.enter_context(p.open("w", encoding="utf-8", newline="\n")) for p in places]
            for row in chain([first], beads):
                for out, line in zip(outs, _lines(row, languages), strict=True):
                    out.write(line + "\n")
                count += 1
    return count


def _languages(row: Row) -> tuple[str, str]:
    source, target = str(row.get("source_lang")), str(row.get("target_lang"))
    if source == target or any(language_tag(lang) != lang.replace("_", "-") for lang in (source, target)):
        raise UsageError(
            f"bead {row.get('bead_id')} is in {source!r} and {target!r}, expected two languages to name files by"
        )
    return source, target


def _lines(row: Row, languages: tuple[str, str]) -> tuple[str, str, str]:
    if (row.get("source_lang"), row.get("target_lang")) != languages:
        raise UsageError(
            f"bead {row.get('bead_id')} is in {row.get('source_lang')} and {row.get('target_lang')}, those before it "
            f"in {' and '.join(languages)}; moses has one pair of languages: choose tmx, tsv or jsonl"
        )
    probability = row.get("probability")
    named = (row.get("bead_id"), row.get("pair_id"), shortest(probability) if isinstance(probability, float) else None)
    identity = "\t".join("" if one is None else one_line(str(one)) for one in named)
    return one_line(str(row["source_text"])), one_line(str(row["target_text"])), identity


def read_moses(path: str | Path, languages: tuple[str, str]) -> Iterator[Row]:
    """The beads of PREFIX.ids and of the two files beside it that are named by language, in order.

    Raises InputError, with file and line, for files of different length and lines of another form.
    """
    prefix = str(path).removesuffix(IDS)
    names = [*(f"{prefix}.{lang}" for lang in languages), str(path)]
    ends = object()
    with ExitStack() as files:
        try:
            opened = [files.enter_context(Path(n).open(encoding="utf-8", newline="\n")) for n in names]
        except OSError as error:
            raise InputError(
                f"{error.filename} cannot be read: {error.strerror}; expected {', '.join(names)}"
            ) from error
        for number, lines in enumerate(_together(opened, names, ends), start=1):
            yield _bead(lines, languages, f"{path}:{number}")


def _together(files: Sequence[Iterable[str]], names: list[str], ends: object) -> Iterator[list[str]]:
    iterators, number = [iter(file) for file in files], 0
    while True:
        number += 1
        try:
            lines = [next(iterator, ends) for iterator in iterators]
        except UnicodeDecodeError as error:
            raise InputError(
                f"{names[0]} or a file beside it is not UTF-8 behind line {number - 1}: {error}"
            ) from error
        if all(line is ends for line in lines):
            return
        if any(line is ends for line in lines):
            short = [name for name, line in zip(names, lines, strict=True) if line is ends]
            raise InputError(
                f"{' and '.join(short)} ends after {number - 1} lines, the rest goes on; they are of different exports"
            )
        yield [str(line).removesuffix("\n").removesuffix("\r") for line in lines]


def _bead(lines: list[str], languages: tuple[str, str], where: str) -> Row:
    cells = lines[2].split("\t")
    if len(cells) != 3:
        raise InputError(f"{where} has {len(cells)} columns, expected 3: bead_id TAB pair_id TAB probability")
    try:
        probability = value_of("probability", cells[2]) if cells[2] else None
    except ValueError as error:
        raise InputError(f"{where}: {error}") from error
    values = {
        "bead_id": cells[0] or None,
        "pair_id": cells[1] or None,
        "probability": probability,
        "source_lang": languages[0],
        "target_lang": languages[1],
        "source_text": lines[0],
        "target_text": lines[1],
    }
    return full_row(values, where)
