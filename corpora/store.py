"""The corpus folder: five tables of Parquet, a card and a record of how it was made.

A corpus is written whole into a temporary folder beside its place and then renamed, so it either is there and opens,
or is not there. Rows are sorted and carry no timestamps: the same input gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from corpora import __version__
from corpora.errors import InputError, NotACorpus, UsageError
from corpora.jsonlines import Row, arrow_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds

SCHEMA_VERSION = 1
MANIFEST = "corpus.json"
ROW_GROUP = 50_000  # fixed, so that the same rows always give the same bytes

_span = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("kind", pa.string())])
_sentence = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("paragraph", pa.int32())])
_reading = pa.struct([("text", pa.string()), ("reading", pa.string())])

SCHEMAS: dict[str, pa.Schema] = {
    "beads": pa.schema(
        [
            ("bead_id", pa.string()),
            ("pair_id", pa.string()),
            ("source_lang", pa.string()),
            ("target_lang", pa.string()),
            ("source_text", pa.string()),
            ("target_text", pa.string()),
            ("source_article_id", pa.string()),
            ("target_article_id", pa.string()),
            ("source_sentences", pa.list_(pa.int32())),
            ("target_sentences", pa.list_(pa.int32())),
            ("source_start", pa.int32()),
            ("source_end", pa.int32()),
            ("target_start", pa.int32()),
            ("target_end", pa.int32()),
            ("kind", pa.string()),
            ("similarity", pa.float32()),
            ("probability", pa.float32()),
            ("findings", pa.list_(pa.string())),
            ("source_url", pa.string()),
            ("target_url", pa.string()),
            ("source_date", pa.string()),
            ("target_date", pa.string()),
            ("split", pa.string()),
        ]
    ),
    "articles": pa.schema(
        [
            ("article_id", pa.string()),
            ("path", pa.string()),
            ("url", pa.string()),
            ("lang", pa.string()),
            ("title", pa.string()),
            ("date", pa.string()),
            ("updated", pa.string()),
            ("date_guessed", pa.bool_()),
            ("byline", pa.list_(pa.string())),
            ("credit", pa.list_(pa.string())),
            ("department", pa.string()),
            ("section", pa.string()),
            ("text", pa.string()),
            ("paragraphs", pa.list_(_span)),
            ("sentences", pa.list_(_sentence)),
            ("fetched", pa.string()),
            ("captions", pa.list_(pa.string())),
            ("readings", pa.list_(_reading)),
            ("links", pa.list_(pa.string())),
        ]
    ),
    "pairs": pa.schema(
        [
            ("pair_id", pa.string()),
            ("source_id", pa.string()),
            ("target_id", pa.string()),
            ("probability", pa.float32()),
            (
                "evidence",
                pa.struct(
                    [
                        (name, pa.float32())
                        for name in (
                            *("title", "lead", "whole", "partners_source", "partners_target"),
                            *("words_source", "words_target", "figures", "lacking", "names"),
                            *("aligned_source", "aligned_target", "certainty"),
                            *("credit", "byline", "department", "days", "link", "url", "together"),
                        )
                    ]
                ),
            ),
        ]
    ),
    "findings": pa.schema(
        [
            ("bead_id", pa.string()),
            ("pair_id", pa.string()),
            ("category", pa.string()),
            ("severity", pa.string()),
            ("source_start", pa.int32()),
            ("source_end", pa.int32()),
            ("target_start", pa.int32()),
            ("target_end", pa.int32()),
            ("message", pa.string()),
            ("check", pa.string()),
            ("source_value", pa.string()),
            ("target_value", pa.string()),
        ]
    ),
    "rejects": pa.schema(
        [("path", pa.string()), ("stage", pa.string()), ("reason", pa.string()), ("detail", pa.string())]
    ),
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """An opened corpus folder."""

    path: Path
    manifest: Mapping[str, object]

    def frame(self, name: str = "beads") -> pd.DataFrame:
        """A whole table as a pandas DataFrame. Raises InputError if it is damaged."""
        with self._readable(name):
            frame: pd.DataFrame = self.dataset(name).to_table().to_pandas()
        return frame

    def dataset(self, name: str = "beads") -> ds.Dataset:
        """A table as an Arrow dataset, for reading a part or a stream. Raises InputError if it is missing."""
        import pyarrow.dataset as ds

        if name not in SCHEMAS:
            raise UsageError(f"a corpus has no table {name!r}; it has {', '.join(SCHEMAS)}")
        with self._readable(name):
            return ds.dataset(self.path / name, format="parquet", schema=SCHEMAS[name])

    def rows(self, name: str = "beads") -> Iterator[Row]:
        """The rows of a table, one by one, in order. Raises InputError if it is damaged."""
        with self._readable(name):
            for batch in self.dataset(name).to_batches():
                yield from batch.to_pylist()

    @contextmanager
    def _readable(self, name: str) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"{self.path / name} cannot be read: {error}; build the corpus again") from error


def open_corpus(path: str | Path) -> Corpus:
    """Open a folder that `taiyaku build` wrote. Raises NotACorpus if it is something else."""
    folder = Path(path)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotACorpus(f"{folder} is not a corpus: {MANIFEST} cannot be read ({error})") from error
    if not isinstance(manifest, dict) or "schema_version" not in manifest:
        raise NotACorpus(f"{folder} is not a corpus: its {MANIFEST} is of something else")
    if manifest["schema_version"] != SCHEMA_VERSION:
        raise NotACorpus(
            f"{folder} was written with schema version {manifest['schema_version']}, this Taiyaku reads "
            f"{SCHEMA_VERSION}; build it again, or install Taiyaku {manifest.get('version', 'of then')}"
        )
    return Corpus(folder, manifest)


def require_corpus_place(path: str | Path) -> None:
    """Raise unless a corpus may be written here: nothing there yet, an empty folder, or a corpus."""
    folder = Path(path)
    if Path.cwd().is_relative_to(folder.resolve()):
        raise UsageError(f"{folder} is where you are and cannot be replaced; name a folder inside it with -o")
    if folder.is_dir() and any(folder.iterdir()):
        try:
            open_corpus(folder)
        except NotACorpus as error:
            raise NotACorpus(f"{error}; it is left as it is, name another folder with -o") from error
    elif folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder for the corpus with -o")
    ancestor = next(p for p in folder.absolute().parents if p.exists())
    if not ancestor.is_dir():
        raise UsageError(f"{folder} cannot be made: {ancestor} is a file")


def write_corpus(
    path: str | Path, tables: Mapping[str, Iterable[Row]], manifest: Mapping[str, object], card: str
) -> None:
    """Write a corpus in place of whatever corpus is there. Raises UsageError if the place cannot be written."""
    folder = Path(path).resolve()
    require_corpus_place(folder)
    with _new_folder(folder) as temporary:
        for name, schema in SCHEMAS.items():
            _write_table(temporary / name, name, schema, tables.get(name, ()))
        (temporary / "README.md").write_text(card, encoding="utf-8", errors="replace")
        content = {"schema_version": SCHEMA_VERSION, "version": __version__, **manifest}
        written = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (temporary / MANIFEST).write_text(written, encoding="utf-8", errors="replace")


def _write_table(folder: Path, name: str, schema: pa.Schema, rows: Iterable[Row]) -> None:
    import pyarrow.parquet as pq

    folder.mkdir()
    table = arrow_table(rows, schema.with_metadata({"taiyaku": f"{name} {SCHEMA_VERSION}"}))
    file = folder / "part-00000.parquet"
    if table.num_rows:
        pq.write_table(table, file, compression="zstd", row_group_size=ROW_GROUP)
    else:  # a row group without rows, as write_table makes, is more than the datasets library can read
        pq.ParquetWriter(file, table.schema).close()


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `folder` on success and is removed on failure."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from error
    new, old = temporary / "new", temporary / "old"
    try:
        new.mkdir()
        yield new
        if folder.exists():
            _carry_over(folder, new)
        try:  # an interrupt between the two would leave nothing in place, and below it all is removed
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        except BaseException:
            if old.exists() and not folder.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _carry_over(old: Path, new: Path) -> None:
    """Copy what somebody put beside the tables of the corpus that is to be replaced; moved, it could be lost."""
    for entry in old.iterdir():
        if (new / entry.name).exists():
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)
