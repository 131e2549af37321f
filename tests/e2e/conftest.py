"""Running the `taiyaku` command in a process of its own or in this one, and a corpus of the bundled sample pages."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

import align
from align.cli import main
from corpora.samples import sample_gold, sample_pages

Run = Callable[..., CompletedProcess[str]]

PRELUDE = "import os, signal, sys\n"
MAIN = "\nfrom align.cli import main\nmain()\n"


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """This process's environment, with a plain wide terminal and UTF-8, whatever the machine is set to."""
    chosen = {"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1", "PYTHONUTF8": "1", "HF_HUB_OFFLINE": "1"}
    chosen["PYTHONPATH"] = str(Path(align.__file__).parents[1])  # new processes too test the code that is here
    unwanted = ("TAIYAKU_", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONPATH")
    return {k: v for k, v in os.environ.items() if not k.startswith(unwanted)} | chosen


@pytest.fixture(scope="session")
def in_subprocess(environment: dict[str, str]) -> Run:
    """Runs the command in a new process: `in_subprocess("build", pages, "-o", corpus)`."""

    def run(*arguments: object, stdin: str = "", cwd: Path | None = None, **variables: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "align.cli", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            cwd=cwd,
            env=environment | variables,
            check=False,
        )

    return run


@pytest.fixture
def run_with(environment: dict[str, str]) -> Run:
    """Runs the command in a new process, after some code that watches it or gets in its way."""

    def run(prelude: str, *arguments: object, cwd: Path | None = None, **variables: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", PRELUDE + prelude + MAIN, *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            cwd=cwd,
            env=environment | variables,
            check=False,
        )

    return run


@pytest.fixture
def taiyaku(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in this process, which is ten times as quick; an error it should have caught is raised."""

    def run(*arguments: object, stdin: str = "") -> CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        words = ["taiyaku", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code: object = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as end:
                code = end.code or 0
        assert isinstance(code, int), code
        return CompletedProcess(words, code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Ctrl-C works in what the tests start, even where they run in the background of a shell, which ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def pages() -> Iterator[Path]:
    """The folder of bundled sample pages."""
    with sample_pages() as folder:
        yield folder


@pytest.fixture(scope="session")
def gold() -> dict[str, dict[str, Any]]:
    """The gold of the sample pages by id: `sNN` a pair of pages, `oNN` one without counterpart."""
    with sample_gold() as folder:
        return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))}


@pytest.fixture(scope="session")
def built(in_subprocess: Run, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> CompletedProcess[str]:
    """What `taiyaku build --json` of the sample pages said; `corpus` is what it wrote."""
    return in_subprocess("build", pages, "-o", tmp_path_factory.mktemp("built") / "samples", "--json")


@pytest.fixture(scope="session")
def corpus(built: CompletedProcess[str]) -> Path:
    """The corpus of the sample pages; tests must not change it."""
    assert built.returncode == 0, built.stderr
    return Path(json.loads(built.stdout)["corpus"])
