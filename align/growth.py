"""What a corpus that is there says to the build that adds to it: its languages, and what it was made from.

Folders, archives and tables are known again by digests of where they are, so that a corpus that is passed on does not
tell. Files of one page each are not noted: there may be many, and one that is gone cannot be given again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpora.contents import HTML
from corpora.errors import UsageError
from corpora.journal import digest
from corpora.store import MANIFEST, open_corpus

_ONE_PAGE = frozenset({*HTML, ".txt", ".md"})


def manifest_of(out: str | Path) -> Mapping[str, object]:
    """The manifest of the corpus that is there; empty if there is none."""
    return open_corpus(out).manifest if (Path(out) / MANIFEST).exists() else {}


def require_same_languages(out: str | Path, manifest: Mapping[str, object], languages: tuple[str, str]) -> None:
    """Raise UsageError if the corpus that is there has other languages: its beads would be turned round or lost."""
    made = manifest.get("options")
    if isinstance(made, dict) and (had := (made.get("source_lang"), made.get("target_lang"))) != languages:
        raise UsageError(
            f"{out} holds pairs from {had[0]} to {had[1]}, not from {languages[0]} to {languages[1]}; name the same "
            "languages, another folder, or --fresh"
        )


def places_in(manifest: Mapping[str, object]) -> list[str]:
    """What was read for a corpus, as it knows it."""
    places = manifest.get("places")
    return [str(place) for place in places] if isinstance(places, list) else []


def with_inputs(inputs: Sequence[str | Path], places: Iterable[str]) -> list[str]:
    """The same with those of the inputs that hold several pages."""
    return sorted({*places, *map(_place_of, filter(_holds_several, inputs))})


def given_again(inputs: Sequence[str | Path], places: Sequence[str]) -> list[str | Path]:
    """The inputs that were read for the corpus too."""
    return [name for name in inputs if _holds_several(name) and _place_of(name) in places]


def _holds_several(name: str | Path) -> bool:
    path = Path(name)
    return path.is_dir() or (path.is_file() and path.suffix.lower() not in _ONE_PAGE)


def _place_of(name: str | Path) -> str:
    return digest(os.path.realpath(name)).hex()
