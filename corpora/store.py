"""Reading the corpus folder: five tables of Parquet, a card and a record of how it was made.

Every table can be had whole, as a pandas DataFrame, or as a stream. How the folder is written is for `corpora.publish`.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from corpora.errors import InputError, NotACorpus, UsageError
from corpora.jsonlines import Row
from corpora.schemas import READABLE, SCHEMAS, SORTED_BY

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds

MANIFEST = "corpus.json"


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
        """The rows of a table, one by one, in order, split or not. Raises InputError if it is damaged."""
        files = self._files(name)
        if len(files) < 2:
            yield from self._read(name, next(iter(files.values()), []))
            return
        streams = [self._read(name, paths) for paths in files.values()]
        yield from heapq.merge(*streams, key=lambda row: [str(row[column]) for column in SORTED_BY[name]])

    def _files(self, name: str) -> dict[str, list[str]]:
        """The files of a table by what stands before their number: `part`, or the name of a split."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.dataset(name).files):
            found.setdefault(Path(path).name.rpartition("-")[0], []).append(path)
        return found

    def _read(self, name: str, files: list[str]) -> Iterator[Row]:
        import pyarrow.dataset as ds

        with self._readable(name):
            found = ds.dataset(files, format="parquet", schema=SCHEMAS[name])
            # What pyarrow would read ahead by itself is a large part of a corpus.
            for batch in found.to_batches(batch_size=4096, batch_readahead=1, fragment_readahead=1, use_threads=False):
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
    if manifest["schema_version"] not in READABLE:
        known = " and ".join(map(str, sorted(READABLE)))
        raise NotACorpus(
            f"{folder} was written with schema version {manifest['schema_version']}, this Taiyaku reads {known}; "
            f"build it again, or install Taiyaku {manifest.get('version', 'of then')}"
        )
    return Corpus(folder, manifest)
