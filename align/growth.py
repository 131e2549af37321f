"""What a corpus that is there says to the build that adds to it: its languages, and the folders it was made from.

A folder is known again by a digest of where it is, so that a corpus that is passed on does not tell.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpora.errors import UsageError
from corpora.journal import digest
from corpora.store import MANIFEST, open_corpus


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
    """The folders that were read for a corpus, as it knows them."""
    places = manifest.get("places")
    return [str(place) for place in places] if isinstance(places, list) else []


def with_folders(inputs: Sequence[str | Path], places: Iterable[str]) -> list[str]:
    """The same with the folders among the inputs."""
    return sorted({*places, *(_place_of(name) for name in inputs if Path(name).is_dir())})


def folders_again(inputs: Sequence[str | Path], places: Sequence[str]) -> list[str | Path]:
    """The folders among the inputs that were read for the corpus too."""
    return [name for name in inputs if Path(name).is_dir() and _place_of(name) in places]


def _place_of(folder: str | Path) -> str:
    return digest(os.path.realpath(folder)).hex()
