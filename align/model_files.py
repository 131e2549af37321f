"""Where a model's files lie on this machine and which revision they are, found out without loading it.

A folder is known by the content of its files; a model of the hub by the commit in the local hub cache, which is used
as it is and without a network. Only a model that is not there yet is asked for on the hub, once and with a short
timeout, so that a mistyped name does not wait for a minute of retries.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import EncoderError

HUB_TIMEOUT_S = 10.0
# What sentence-transformers and transformers write at the top of a model's folder.
LANDMARKS = ("modules.json", "config.json")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on this machine: its folder, and what tells this version of it from others."""

    folder: Path
    revision: str

    def json(self, name: str) -> dict[str, object]:
        """A JSON object among the files; empty where there is none."""
        return read_json(self.folder / name)


def read_json(path: Path) -> dict[str, object]:
    """The object in a JSON file; empty where there is no such file or it holds something else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def in_hub_cache(name: str, revision: str | None) -> ModelFiles | None:
    """A model that was downloaded before; None if it was not. Uses no network."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    places = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    for landmark in LANDMARKS:
        try:
            found = try_to_load_from_cache(name, landmark, cache_dir=places, revision=revision)
        except HFValidationError as error:
            raise EncoderError(
                f"there is no encoder folder {name}, and no model on the hub can be called that ({error}); give a "
                "folder or the name of a model on the hub"
            ) from error
        if isinstance(found, str):
            folder = Path(found).parent
            return ModelFiles(folder, folder.name)
    return None


def hub_commit(name: str, revision: str | None) -> str:
    """The commit that the hub has now. Raises EncoderError, within seconds, where it cannot be had."""
    from huggingface_hub import HfApi
    from huggingface_hub.constants import HF_HUB_OFFLINE
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    lacking = f"encoder {name!r} is no folder and has not been downloaded yet"
    advice = "give a folder or the name of a model on the hub; `taiyaku encoders` lists known ones"
    if HF_HUB_OFFLINE:
        raise EncoderError(f"{lacking}, and HF_HUB_OFFLINE forbids downloading it; {advice}")
    try:
        return str(HfApi().model_info(name, revision=revision, timeout=HUB_TIMEOUT_S).sha)
    except RevisionNotFoundError as error:
        raise EncoderError(f"encoder {name!r} has no revision {revision!r} on the hub; check --revision") from error
    except GatedRepoError as error:
        raise EncoderError(
            f"{name} asks for its licence to be accepted: do so at https://huggingface.co/{name}, then `hf auth login`"
        ) from error
    except RepositoryNotFoundError as error:
        raise EncoderError(f"{lacking}, and the hub has no (public) model of that name; {advice}") from error
    except HfHubHTTPError as error:
        reason = " ".join(str(error).split())
        raise EncoderError(f"{lacking}, and the hub does not give it ({reason}); {advice}") from error
    except Exception as error:
        raise EncoderError(f"{lacking}, and the hub cannot be reached ({error}); {advice}") from error


def folder_revision(folder: Path, memory: Path | None) -> str:
    """A fingerprint of a model's folder: names, sizes and contents of its files, without READMEs.

    Reading gigabytes takes seconds, so `memory`, a folder, keeps the result for as long as sizes and times stay.
    """
    entries = [(path, path.stat()) for path in sorted(_model_parts(folder))]
    signature = hashlib.sha256(str(folder.resolve()).encode())
    for path, status in entries:
        signature.update(f"\0{path.relative_to(folder)}\0{status.st_size}\0{status.st_mtime_ns}".encode())
    note = None if memory is None else memory / "fingerprints" / signature.hexdigest()
    if note is not None and note.is_file() and len(known := note.read_text(encoding="ascii").strip()) == 64:
        return known
    content = hashlib.sha256()
    for path, status in entries:
        content.update(f"\0{path.relative_to(folder)}\0{status.st_size}\0".encode())
        with path.open("rb") as file:
            content.update(hashlib.file_digest(file, "sha256").digest())
    if note is not None:
        _remember(note, content.hexdigest())
    return content.hexdigest()


def _model_parts(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix != ".md":
            yield path


def _remember(note: Path, fingerprint: str) -> None:
    """Write in one step, so that another process never reads half; not being able to costs time only."""
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        unfinished = note.with_name(f"{note.name}.{os.getpid()}")
        unfinished.write_text(fingerprint, encoding="ascii")
        unfinished.replace(note)
    except OSError:
        return
