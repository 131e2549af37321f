"""Sample pages in the manner of a Japanese daily and its English edition, with gold beads for the tests.

All of it was written for this project; people, companies, teams and newspapers are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path


@contextmanager
def sample_pages() -> Iterator[Path]:
    """The folder of sample pages, as a real folder even where the package is installed as a zip."""
    with as_file(files(__name__) / "pages") as folder:
        yield folder


@contextmanager
def sample_gold() -> Iterator[Path]:
    """The folder of gold files: one JSON object a pair (`sNN.json`) or a page without counterpart (`oNN.json`)."""
    with as_file(files(__name__) / "gold") as folder:
        yield folder
