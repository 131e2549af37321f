"""How the command behaves in a shell: no network, nothing heavy, clean after Ctrl-C, no bars where nobody looks."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]

NO_NETWORK = """
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(2, f"network: {event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(watch)
"""
NAME_MODULES = """
import atexit
atexit.register(lambda: print("modules:", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr))
"""
TORCH = {"torch", "transformers", "sentence_transformers", "huggingface_hub"}
HEAVY = TORCH | {"numpy", "scipy", "pandas", "pyarrow", "lxml", "trafilatura", "tokenizers", "sudachipy", "sentencex"}


def modules_after(run_with: Run, *arguments: object) -> set[str]:
    done = run_with(NAME_MODULES, *arguments)
    assert done.returncode in (0, 2), done.stderr
    return set(done.stderr.rpartition("modules:")[2].split())


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_build_works_without_a_network_and_leaves_nothing_but_the_corpus(
    run_with: Run, pages: Path, tmp_path: Path
) -> None:
    work, home, temporary = (tmp_path / name for name in ("work", "home", "temporary"))
    for folder in (work, home, temporary):
        folder.mkdir()
    places = {"HOME": str(home), "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(home / ".cache")}
    done = run_with(NO_NETWORK, "build", pages, "-o", "corpus", cwd=work, **places)
    assert done.returncode == 0, done.stderr
    assert len(list(open_corpus(work / "corpus").rows("pairs"))) == 12
    assert [entry.name for entry in work.iterdir()] == ["corpus"]
    assert [*home.iterdir(), *temporary.iterdir()] == []


def test_network_watch_of_these_tests_notices_a_connection(run_with: Run) -> None:
    done = run_with(NO_NETWORK + "import socket\nsocket.create_connection(('192.0.2.1', 9), 1)\n")
    assert done.returncode == 99
    assert done.stderr.startswith("network: ")


@pytest.mark.parametrize("command", ["build", "pair", "extract", "align", "check", "export", "eval", "segment"])
def test_default_path_imports_no_torch(run_with: Run, command: str, pages: Path, corpus: Path, tmp_path: Path) -> None:
    text, gold = tmp_path / "a.jsonl", tmp_path / "gold.jsonl"
    text.write_text('{"text": "雨が降った。"}\n', encoding="utf-8")
    gold.write_text('{"id": "a", "source": ["雨。"], "target": ["Rain."], "gold": [[[0], [0]]]}\n', encoding="utf-8")
    both = (pages / "s01.ja.html", pages / "s01.en.html")
    arguments = {
        "build": (*both, "-o", tmp_path / "corpus"),
        "pair": both,
        "extract": both,
        "align": both,
        "check": (corpus,),
        "export": (corpus,),
        "eval": (gold,),
        "segment": (text,),
    }
    assert modules_after(run_with, command, *arguments[command]) & TORCH == set()


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("build", "--help"), ("align", "--help"), ("bild",), ("build",)],
    ids=" ".join,
)
def test_help_version_and_usage_errors_import_nothing_heavy(run_with: Run, arguments: tuple[str, ...]) -> None:
    assert modules_after(run_with, *arguments) & HEAVY == set()


@pytest.mark.parametrize("command", ["export", "extract", "demo"])
def test_reader_that_goes_away_gets_no_traceback(
    environment: dict[str, str], command: str, pages: Path, corpus: Path, tmp_path: Path
) -> None:
    arguments = {
        "export": (corpus, "-f", "jsonl"),
        "extract": (pages, *([pages / "s01.ja.html"] * 2)),
        "demo": ("-o", tmp_path / "demo"),
    }
    words = [sys.executable, "-m", "align.cli", command, *map(str, arguments[command])]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    messages = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 1)
    assert "Traceback" not in messages
    assert "Exception" not in messages


def test_output_is_utf8_whatever_the_locale_says(in_subprocess: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "雨が降った。"}\n', encoding="utf-8")
    done = in_subprocess("segment", tmp_path / "a.jsonl", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sentences"][0]["text"] == "雨が降った。"


@pytest.mark.parametrize("command", ["segment", "check", "align"])
def test_standard_input_that_is_not_utf8_gets_a_message(environment: dict[str, str], command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "align.cli", command, "-"],
        input="雨が降った。".encode("cp932"),
        capture_output=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ")
    assert b"UTF-8" in done.stderr


def test_traceback_is_shown_only_with_debug(in_subprocess: Run, tmp_path: Path) -> None:
    plain = in_subprocess("export", tmp_path / "none")
    assert (plain.returncode, plain.stdout) == (2, "")
    assert plain.stderr.startswith("error: ")
    assert plain.stderr.count("\n") == 1
    debug = in_subprocess("--debug", "export", tmp_path / "none")
    assert "Traceback" in debug.stderr


class Terminal:
    """A command whose standard error is a terminal; `screen` is all that it wrote there so far."""

    def __init__(self, environment: dict[str, str], *arguments: object) -> None:
        self.reader, writer = pty.openpty()
        words = [sys.executable, "-m", "align.cli", *map(str, arguments)]
        environment = environment | {"TERM": "xterm-256color", "COLUMNS": "100"}
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=writer, env=environment
        )
        os.close(writer)
        self.screen = ""

    def read_until(self, words: str | None) -> bool:
        """Reads on until the words stand on the screen, or to the end; whether they do."""
        while words is None or words not in self.screen:
            try:
                data = os.read(self.reader, 65536)
            except OSError:  # how Linux says that the other end is closed
                data = b""
            if not data:
                return False
            self.screen += data.decode("utf-8", "replace")
        return True

    def finish(self) -> int:
        self.read_until(None)
        return self.process.wait(timeout=60)


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    """Starts commands on terminals, and ends them should a test fail before they do."""
    started: list[Terminal] = []

    def start(*arguments: object) -> Terminal:
        started.append(Terminal(environment, *arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        os.close(one.reader)


STAGES = ("reading pages", "pairing articles", "aligning and checking")


def test_progress_is_drawn_on_a_terminal(terminal: Callable[..., Terminal], pages: Path, tmp_path: Path) -> None:
    shown = terminal("build", pages, "-o", tmp_path / "corpus")
    assert shown.finish() == 0
    assert all(stage in shown.screen for stage in STAGES)
    assert "\x1b[" in shown.screen


@pytest.mark.parametrize("quiet", [True, False], ids=["quiet on a terminal", "not a terminal"])
def test_progress_is_not_drawn_otherwise(
    terminal: Callable[..., Terminal], in_subprocess: Run, pages: Path, tmp_path: Path, quiet: bool
) -> None:
    arguments = ("build", pages / "s01.ja.html", pages / "s01.en.html", "-o", tmp_path / "corpus")
    if quiet:
        shown = terminal(*arguments, "--quiet")
        assert shown.finish() == 0
        assert shown.screen == ""
    else:
        text = in_subprocess(*arguments).stderr
        assert not any(stage in text for stage in STAGES)
        assert "\x1b[" not in text


@pytest.fixture(scope="module")
def many(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles enough to keep a build busy for some seconds: those of the samples, many times with changed text."""
    path = tmp_path_factory.mktemp("many") / "articles.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for copy in range(4):
            for row in open_corpus(corpus).rows("articles"):
                extra = f"第{copy}版。" if row["lang"] == "ja" else f"This is edition {copy}."
                kept = {"lang": row["lang"], "title": row["title"], "date": row["date"]}
                article = {"id": f"{row['article_id']}-{copy}", **kept, "text": f"{row['text']}\n\n{extra}"}
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
    return path


@pytest.fixture
def old(taiyaku: Run, pages: Path, tmp_path: Path) -> Path:
    """A corpus that a build is about to replace, alone in its folder."""
    (tmp_path / "place").mkdir()
    place = tmp_path / "place" / "corpus"
    assert taiyaku("build", pages / "s01.ja.html", pages / "s01.en.html", "-o", place).returncode == 0
    return place


def assert_only_a_journal_is_left(place: Path) -> None:
    """Beside the corpus there is nothing but what the next build goes on from."""
    hidden = place.parent / f".{place.name}.taiyaku"
    assert {entry for entry in place.parent.iterdir() if entry != hidden} <= {place}
    if hidden.exists():
        assert {entry.name.partition("-")[0] for entry in hidden.iterdir()} <= {"journal.sqlite3", "lock"}


def assert_untouched(place: Path, before: dict[str, bytes]) -> None:
    assert_only_a_journal_is_left(place)
    assert contents(place) == before
    assert len(list(open_corpus(place).rows("pairs"))) == 1


@pytest.mark.parametrize("stage", STAGES)
def test_interrupt_leaves_the_old_corpus_and_nothing_else(
    terminal: Callable[..., Terminal], many: Path, old: Path, stage: str
) -> None:
    before = contents(old)
    build = terminal("build", many, "-o", old)
    assert build.read_until(stage)
    build.process.send_signal(signal.SIGINT)
    assert build.finish() == 130
    assert "interrupted" in build.screen
    assert "Traceback" not in build.screen
    assert_untouched(old, before)


def test_interrupt_leaves_nothing_where_nothing_was(
    terminal: Callable[..., Terminal], many: Path, tmp_path: Path
) -> None:
    build = terminal("build", many, "-o", tmp_path / "corpus")
    assert build.read_until("pairing articles")
    build.process.send_signal(signal.SIGINT)
    assert build.finish() == 130
    assert not (tmp_path / "corpus").exists()
    assert_only_a_journal_is_left(tmp_path / "corpus")


WITHOUT_EXCHANGE = """
from pathlib import Path
import corpora.workplace
corpora.workplace.exchange = lambda one, other: False  # as on systems where folders cannot change places
"""
AT_THIRD_TABLE = """
import errno
made = []
def watch(event, arguments):
    if event == "os.mkdir" and os.path.basename(os.path.dirname(arguments[0])) == "new":
        made.append(1)
        if len(made) == 3:
            {}
sys.addaudithook(watch)
"""
INTERRUPTED_AT = {
    "third table": AT_THIRD_TABLE.format("os.kill(os.getpid(), signal.SIGINT)"),
    "old corpus moved away": WITHOUT_EXCHANGE
    + """
rename = Path.rename
def interrupted(self, target):
    rename(self, target)
    if Path(target).name == "old":
        os.kill(os.getpid(), signal.SIGINT)
Path.rename = interrupted
""",
    "new corpus about to be moved": WITHOUT_EXCHANGE
    + """
rename = Path.rename
def interrupted(self, target):
    if self.name == "new":
        os.kill(os.getpid(), signal.SIGINT)
    rename(self, target)
Path.rename = interrupted
""",
}


@pytest.mark.parametrize("moment", INTERRUPTED_AT)
def test_interrupt_while_writing_leaves_the_old_corpus_and_nothing_else(
    run_with: Run, pages: Path, old: Path, moment: str
) -> None:
    before = contents(old)
    done = run_with(INTERRUPTED_AT[moment], "build", pages / "s02.ja.html", pages / "s02.en.txt", "-o", old)
    assert done.returncode == 130
    assert done.stderr.startswith("error: interrupted")
    assert_untouched(old, before)


def test_interrupt_after_the_new_corpus_is_in_place_does_not_cost_what_else_lay_there(
    run_with: Run, pages: Path, old: Path
) -> None:
    (old / "notes.txt").write_text("mine", encoding="utf-8")
    (old / "mine").mkdir()
    (old / "mine" / "a.txt").write_text("mine", encoding="utf-8")
    interrupted = (
        WITHOUT_EXCHANGE
        + """
rename = Path.rename
def then_interrupted(self, target):
    rename(self, target)
    if self.name == "new":
        os.kill(os.getpid(), signal.SIGINT)
Path.rename = then_interrupted
"""
    )
    done = run_with(interrupted, "build", pages / "s02.ja.html", pages / "s02.en.txt", "-o", old)
    assert done.returncode == 130
    assert_only_a_journal_is_left(old)
    assert len(list(open_corpus(old).rows("pairs"))) == 2
    assert [(old / name).read_text(encoding="utf-8") for name in ("notes.txt", "mine/a.txt")] == ["mine", "mine"]


def test_full_disk_while_writing_leaves_the_old_corpus_and_a_message(run_with: Run, pages: Path, old: Path) -> None:
    before = contents(old)
    full = AT_THIRD_TABLE.format('raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "pairs")')
    done = run_with(full, "build", pages / "s02.ja.html", pages / "s02.en.txt", "-o", old)
    assert done.returncode == 2
    assert done.stderr == "error: pairs: No space left on device\n"
    assert_untouched(old, before)


@pytest.mark.parametrize(
    ("command", "suffix"), [("extract", ".jsonl"), ("export", ".tsv"), ("align", ".jsonl")], ids=lambda value: value
)
def test_interrupt_leaves_no_half_written_file(
    run_with: Run, pages: Path, corpus: Path, tmp_path: Path, command: str, suffix: str
) -> None:
    out = tmp_path / f"out{suffix}"
    out.write_text("before", encoding="utf-8")
    after_some_lines = """
import io, corpora.export, corpora.jsonlines, json
dumps, cell, count = json.dumps, corpora.export.tsv_cell, []
def counted(*arguments, **options):
    count.append(1)
    if len(count) == 2:
        os.kill(os.getpid(), signal.SIGINT)
    return dumps(*arguments, **options)
json.dumps = counted
corpora.export.tsv_cell = lambda value: counted(value) and cell(value)
"""
    both = (pages / "s01.ja.html", pages / "s01.en.html")
    arguments = {"extract": both, "export": (corpus, "--force"), "align": both}
    done = run_with(after_some_lines, command, *arguments[command], "-o", out)
    assert done.returncode == 130
    assert out.read_text(encoding="utf-8") == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == [out.name]
