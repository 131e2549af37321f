"""Writing the corpus folder: tables, card and manifest appear together or not at all.

Rows are sorted and carry no timestamps, so the same rows give the same bytes. What this does not do: decide what is in
the tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from corpora import __version__
from corpora.jsonlines import Row
from corpora.parts import write_tables
from corpora.schemas import SCHEMA_VERSION, SCHEMAS
from corpora.store import MANIFEST
from corpora.workplace import require_corpus_place, workplace


def write_corpus(
    path: str | Path, tables: Mapping[str, Iterable[Row]], manifest: Mapping[str, object], card: str
) -> None:
    """Write a corpus in place of whatever corpus is there; tables that are not given are empty.

    Raises UsageError if the place cannot be written, or another process is writing it.
    """
    require_corpus_place(path)
    with workplace(path) as place:
        new = place.new()
        write_tables(new, tables, SCHEMAS)
        finish(new, manifest, {"README.md": card})
        place.publish()


def finish(folder: Path, manifest: Mapping[str, object], files: Mapping[str, str]) -> None:
    """Write the files of a corpus that are no tables: its manifest, and texts by their names."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", errors="replace")
    content = {"schema_version": SCHEMA_VERSION, "version": __version__, **manifest}
    written = json.dumps(content, indent=1, ensure_ascii=False, default=sorted) + "\n"
    (folder / MANIFEST).write_text(written, encoding="utf-8", errors="replace")
