"""Where a command writes: a file that appears whole or not at all, and never over another output or an input.

`-` is standard output. Files are written under a temporary name and renamed when complete, so an interrupted command
leaves nothing half-written.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

from corpora.errors import NoUsableInput, UsageError

Item = TypeVar("Item")

# Opened by these names it would be cut off or replaced, where it is a file that others write to as well.
_STANDARD_OUTPUT = frozenset(("-", "/dev/stdout", "/dev/fd/1"))


def is_standard_output(path: str | Path) -> bool:
    """Whether rows written there go to standard output."""
    return str(path) in _STANDARD_OUTPUT


def require_outputs(outputs: Mapping[str, str | None], inputs: Sequence[str | Path] = ()) -> None:
    """Raise UsageError, before any work, for outputs (by option) that could not be written or would destroy a file.

    That is: two outputs in one place, an output that is one of the inputs, a folder, a folder that is not there, and
    a file that may not be written.
    """
    taken: dict[str, str] = {}
    read = {os.path.realpath(name) for name in inputs if Path(name).is_file()}
    for option, path in outputs.items():
        if path is None:
            continue
        place = "-" if is_standard_output(path) else os.path.realpath(path)
        if place in taken:
            what = "standard output" if place == "-" else f"{path}; one would overwrite the other"
            raise UsageError(f"{taken[place]} and {option} both go to {what}; give each a file of its own")
        if place == "-":
            taken[place] = option
        elif not Path(path).exists() or Path(path).is_file():  # what devices are given is not kept
            taken[place] = option
            if place in read:
                raise UsageError(f"{option} {path} is an input too and would be overwritten; name another file")
            _require_writable(Path(path))
        elif Path(path).is_dir():
            raise UsageError(f"{path} is a folder; name a file to write")


def _require_writable(path: Path) -> None:
    parent = path.resolve().parent
    if not parent.is_dir():
        raise UsageError(f"{path} cannot be written: the folder {parent} does not exist")
    if not os.access(path if path.exists() else parent, os.W_OK):
        raise UsageError(f"{path} cannot be written: {'it is' if path.exists() else 'its folder is'} write-protected")


def at_least_one(items: Iterable[Item], complaint: str) -> Iterator[Item]:
    """The same items; raises NoUsableInput if there is none, so that nothing is written over what was there before."""
    count = 0
    for count, item in enumerate(items, start=1):  # noqa: B007
        yield item
    if not count:
        raise NoUsableInput(complaint)


@contextmanager
def open_output(path: str | Path) -> Iterator[IO[str]]:
    """Standard output for `-`, else a UTF-8 file that appears only when everything is written."""
    if is_standard_output(path):
        yield sys.stdout
        return
    try:
        with replacing(Path(path)) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as out:
            yield out
    except OSError as error:
        if error.filename is None:  # as when a disk is full
            error.filename = str(path)
        raise


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its name on success and is removed on failure.

    A link stays a link; a pipe or device is written to directly. Raises UsageError where the folder does not exist
    or may not be written.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file to write")
    path = path.resolve()
    if path.exists() and not path.is_file():
        yield path
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    os.close(handle)
    temporary = Path(name)
    # mkstemp makes files only their owner can read; the result should obey the user's umask.
    umask = os.umask(0)
    os.umask(umask)
    temporary.chmod(0o666 & ~umask)
    try:
        yield temporary
        temporary.replace(path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
