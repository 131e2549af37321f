"""Where a corpus is made: a hidden folder beside it, locked, from which the finished corpus takes its place at once.

    pages/  corpus/  .corpus.taiyaku/{lock, journal.sqlite3, new/}

The folder `new` and the corpus that is there change places in one step of the file system where it has one (Linux and
macOS), so at every moment there is a whole corpus or, before the first is finished, none. What was begun and broken off
by a kill, a full disk or Ctrl-C stays in the hidden folder, and the next build goes on from there; a finished build
removes it. The lock is the operating system's and dies with its process.

What this does not do: survive a power cut in the middle of a write, for which files would have to be synced.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from corpora.errors import NotACorpus, TaiyakuError, UsageError
from corpora.store import open_corpus

OUTDATED = frozenset({"split.json"})  # ours, and not true of the corpus that comes
_AT_FDCWD = -100  # paths are relative to the working directory
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


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


class Workplace:
    """The hidden folder of a corpus, held by this process."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus.resolve()
        self.folder = self.corpus.with_name(f".{self.corpus.name}.taiyaku")

    @property
    def journal(self) -> Path:
        """Where a build may note what it has done."""
        return self.folder / "journal.sqlite3"

    @property
    def scratch(self) -> Path:
        """A folder for what is not kept."""
        place = self.folder / "scratch"
        place.mkdir(exist_ok=True)
        return place

    def new(self) -> Path:
        """The empty folder that becomes the corpus."""
        place = self.folder / "new"
        place.mkdir()
        return place

    def clear(self) -> None:
        """Remove what an earlier process left half-written; its journal stays."""
        for name in ("new", "scratch"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def forget(self) -> None:
        """Remove the journal, with what SQLite keeps beside it."""
        for path in self.folder.glob(f"{self.journal.name}*"):
            path.unlink()

    def restore(self) -> None:
        """Put back the corpus that was taken aside where folders cannot change places at once."""
        aside = self.folder / "old"
        if aside.exists() and not self.corpus.exists():
            aside.rename(self.corpus)
        shutil.rmtree(aside, ignore_errors=True)

    def publish(self) -> None:
        """Let `new` take the place of the corpus; what somebody put beside the tables there comes along."""
        new = self.folder / "new"
        if not self.corpus.exists():
            new.rename(self.corpus)
            return
        _carry_over(self.corpus, new)
        if not exchange(new, self.corpus):
            old = self.folder / "old"
            try:
                self.corpus.rename(old)
                new.rename(self.corpus)
            except BaseException:
                if old.exists() and not self.corpus.exists():
                    old.rename(self.corpus)
                raise

    def remove(self) -> None:
        """Remove the hidden folder and what is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def workplace(corpus: str | Path, *, anew: bool = False) -> Iterator[Workplace]:
    """The workplace of a corpus, locked. It is removed on success, and where there was nothing to go on from.

    With `anew` there never is: what an earlier process noted is removed.

    A user's mistake is none of the things after which a build goes on: what it left is removed, an earlier journal not.

    Raises UsageError if another process is at work there, or the place cannot be written.
    """
    place = Workplace(Path(corpus))
    try:
        place.corpus.parent.mkdir(parents=True, exist_ok=True)
        place.folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{corpus} cannot be written: {error.strerror}") from error
    lock = FileLock(place.folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(
            f"another process is writing {corpus}; wait for it, or name another folder (a process that was killed "
            "holds nothing)"
        ) from error
    except OSError as error:
        raise UsageError(f"{corpus} cannot be written: {error.strerror}") from error
    had_journal = place.journal.exists() and not anew
    try:
        if anew:
            place.forget()
        place.restore()
        place.clear()
        yield place
        place.remove()
    except BaseException as error:
        place.restore()
        place.clear()
        if not place.journal.exists() or (isinstance(error, TaiyakuError) and not had_journal):
            place.remove()
        raise
    finally:
        lock.release()
        with suppress(OSError):
            place.folder.rmdir()


def exchange(one: Path, other: Path) -> bool:
    """Let two paths change places at once; False, and nothing done, where the system cannot."""
    call = _exchange_call()
    return call is not None and call(os.fsencode(one), os.fsencode(other)) == 0


def _exchange_call() -> Callable[[bytes, bytes], int] | None:
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            return lambda one, other: int(library.renameat2(_AT_FDCWD, one, _AT_FDCWD, other, _EXCHANGE))
        if sys.platform == "darwin":
            return lambda one, other: int(library.renamex_np(one, other, _EXCHANGE))
    return None


def _carry_over(old: Path, new: Path) -> None:
    """Copy what somebody put beside the tables of the corpus that is to be replaced; moved, it could be lost."""
    for entry in old.iterdir():
        if (new / entry.name).exists() or entry.name in OUTDATED:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)
