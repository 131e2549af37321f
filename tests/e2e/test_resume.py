"""A build that is broken off at any moment, and the next: the corpus always opens, and ends up as if undisturbed."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from align import looking
from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]
OPENS = {"beads", "articles", "pairs", "findings", "rejects"}

# Ends the process at the n-th event of the interpreter (a file opened or renamed, a statement of SQLite ...) that has
# to do with the workplace.
KILLED = """
import os, signal, sys
left = [{after}]
def watch(event, arguments):
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "shutil.copyfile"):
        if ".taiyaku" in str(arguments[0]) or (len(arguments) > 1 and ".taiyaku" in str(arguments[1])):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
"""


def files_of(corpus: Path) -> dict[str, bytes]:
    """Everything in a corpus, of its manifest all that does not speak of one run or state of the code."""
    files = {str(f.relative_to(corpus)): f.read_bytes() for f in sorted(corpus.rglob("*")) if f.is_file()}
    manifest = json.loads(files.pop("corpus.json"))
    return files | {"corpus.json": json.dumps({**manifest, "last_run": None, "fingerprint": None}).encode()}


def copied(pages: Sequence[Path], folder: Path) -> Path:
    folder.mkdir(parents=True)
    for page in pages:
        shutil.copy(page, folder)
    return folder


@pytest.fixture(scope="module")
def few(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of four pairs and one that is no article."""
    chosen = [p for p in sorted(pages.iterdir()) if p.name.split(".")[0] in ("s01", "s02", "s03", "s04", "x01")]
    return copied(chosen, tmp_path_factory.mktemp("few") / "pages")


@pytest.fixture(scope="module")
def undisturbed(few: Path, tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    place = tmp_path_factory.mktemp("undisturbed") / "corpus"
    command = [sys.executable, "-m", "align.cli", "build", str(few), "-o", str(place), "--quiet"]
    subprocess.run(command, env=environment, check=True, timeout=120)
    return place


def all_open(place: Path) -> bool:
    corpus = open_corpus(place)
    return all(isinstance(list(corpus.rows(name)), list) for name in OPENS)


# A build has some 24 such events where nothing was, some more where the old corpus is replaced.
MOMENTS = [(after, False) for after in (4, 10, 17, 20, 23)]
MOMENTS += [(after, True) for after in (9, 20, 21, 22, 24, 25)]


@pytest.mark.parametrize(("after", "old"), MOMENTS)
def test_killed_at_any_moment_the_corpus_opens_and_the_next_build_completes_it(
    run_with: Run, taiyaku: Run, few: Path, undisturbed: Path, tmp_path: Path, after: int, old: bool
) -> None:
    place = tmp_path / "corpus"
    if old:
        first = few / "s01.ja.html", few / "s01.en.html"
        assert taiyaku("build", *first, "-o", place, "--quiet").returncode == 0
    done = run_with(KILLED.format(after=after), "build", few, "-o", place, "--quiet")
    assert done.returncode in (0, -signal.SIGKILL)  # it may have fewer events
    assert not (old or place.exists()) or all_open(place)
    assert taiyaku("build", few, "-o", place, "--quiet").returncode == 0
    assert files_of(place) == files_of(undisturbed)
    assert [entry.name for entry in tmp_path.iterdir()] == ["corpus"]


def test_killed_at_random_times(environment: dict[str, str], few: Path, undisturbed: Path, tmp_path: Path) -> None:
    """The clock knows moments that no event marks."""
    place, chance = tmp_path / "corpus", random.Random(8)
    command = [sys.executable, "-m", "align.cli", "build", str(few), "-o", str(place), "--quiet"]
    for _ in range(4):
        process = subprocess.Popen(command, env=environment)
        time.sleep(chance.uniform(0.3, 3.0))
        process.kill()
        process.wait()
        assert not place.exists() or all_open(place)
    subprocess.run(command, env=environment, check=True, timeout=120)
    assert files_of(place) == files_of(undisturbed)
    assert [entry.name for entry in tmp_path.iterdir()] == ["corpus"]


AT_PAIR = """
import os, signal
import align.pipeline as pipeline
align_articles, made = pipeline.align_articles, []
def counted(*arguments, **options):
    made.append(1)
    if len(made) == {pair}:
        {action}
    return align_articles(*arguments, **options)
pipeline.align_articles = counted
"""
COMMITS_AT_ONCE = "import corpora.journal; corpora.journal.COMMIT_EVERY_S = 0.0\n"


def test_the_next_build_does_not_do_again_what_was_done(
    run_with: Run, taiyaku: Run, few: Path, undisturbed: Path, tmp_path: Path
) -> None:
    place = tmp_path / "corpus"
    killed = COMMITS_AT_ONCE + AT_PAIR.format(pair=4, action="os.kill(os.getpid(), signal.SIGKILL)")
    assert run_with(killed, "build", few, "-o", place).returncode == -signal.SIGKILL
    left = shutil.copytree(tmp_path, tmp_path.with_name("left"))
    done = taiyaku("build", few, "-o", place, "--json")
    summary = json.loads(done.stdout)
    assert (summary["pairs"], summary["pairs_kept"]) == (4, 3)
    assert files_of(place) == files_of(undisturbed)
    anew = json.loads(taiyaku("build", few, "-o", left / "corpus", "--fresh", "--json").stdout)
    assert (anew["pairs"], anew["pairs_kept"]) == (4, 0)
    assert [entry.name for entry in left.iterdir()] == ["corpus"]


def test_the_next_build_does_not_look_again_at_what_was_paired(
    run_with: Run, taiyaku: Run, few: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "corpus"
    killed = """
import align.looking as looking
look, made = looking.look, []
def counted(*arguments):
    made.append(1)
    if len(made) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return look(*arguments)
looking.look = counted
"""
    assert run_with(COMMITS_AT_ONCE + killed, "build", few, "-o", place).returncode == -signal.SIGKILL
    looks: list[object] = []
    look = looking.look
    monkeypatch.setattr(looking, "look", lambda *arguments: looks.append(1) or look(*arguments))
    assert taiyaku("build", few, "-o", place, "--quiet").returncode == 0
    assert len(looks) == 1  # of four English articles
    assert files_of(place) == files_of(undisturbed)


def test_pairs_that_are_as_they_were_keep_their_beads(
    taiyaku: Run, few: Path, tmp_path: Path, undisturbed: Path
) -> None:
    place = tmp_path / "corpus"
    first = few / "s01.ja.html", few / "s01.en.html"
    taiyaku("build", *first, "-o", place, "--quiet")
    summary = json.loads(taiyaku("build", few, "-o", place, "--json").stdout)
    assert (summary["pairs"], summary["pairs_kept"]) == (4, 1)
    assert files_of(place) == files_of(undisturbed)


def test_other_options_keep_nothing(taiyaku: Run, few: Path, tmp_path: Path) -> None:
    place = tmp_path / "corpus"
    taiyaku("build", few, "-o", place, "--quiet")
    summary = json.loads(taiyaku("build", few, "-o", place, "--monotonic", "--json").stdout)
    assert summary["pairs_kept"] == 0


@pytest.mark.parametrize("kind", ["changed", "removed"])
@pytest.mark.parametrize("interrupted", [False, True])
def test_a_page_that_changes_or_goes_between_two_builds(
    run_with: Run, taiyaku: Run, few: Path, tmp_path: Path, kind: str, interrupted: bool
) -> None:
    pages = copied(sorted(few.iterdir()), tmp_path / "pages")
    place, anew = tmp_path / "grown" / "corpus", tmp_path / "anew" / "corpus"
    if interrupted:
        killed = COMMITS_AT_ONCE + AT_PAIR.format(pair=4, action="os.kill(os.getpid(), signal.SIGKILL)")
        assert run_with(killed, "build", pages, "-o", place).returncode == -signal.SIGKILL
    else:
        assert taiyaku("build", pages, "-o", place, "--quiet").returncode == 0
    page = pages / "s02.en.txt"
    if kind == "changed":
        page.write_text(page.read_text(encoding="utf-8").replace("Ehime", "Kagawa"), encoding="utf-8")
    else:
        page.unlink()
    for where in (place, anew):
        assert taiyaku("build", pages, "-o", where, "--quiet").returncode == 0
    assert files_of(place) == files_of(anew)


def test_pages_of_other_folders_stay_and_those_that_are_gone_are_counted(
    taiyaku: Run, few: Path, tmp_path: Path
) -> None:
    everything = sorted(few.iterdir())
    one, other = copied(everything[:4], tmp_path / "one"), copied(everything[4:], tmp_path / "other")
    place = tmp_path / "corpus"
    for folder in (one, other):
        assert taiyaku("build", folder, "-o", place, "--quiet").returncode == 0
    (one / "s01.en.html").unlink()
    kept = shutil.copytree(place, tmp_path / "kept")
    assert json.loads(taiyaku("build", other, "-o", place, "--json").stdout)["gone"] == 0
    done = taiyaku("build", one, "-o", place)
    assert "gone" in done.stderr
    assert len(list(open_corpus(place).rows("pairs"))) == 3
    summary = json.loads(taiyaku("build", one, "-o", kept, "--keep-gone", "--json").stdout)
    assert (summary["gone"], summary["pairs"]) == (0, 4)


def test_rows_that_are_gone_from_a_table_that_is_given_again(taiyaku: Run, few: Path, tmp_path: Path) -> None:
    table, place = tmp_path / "articles.jsonl", tmp_path / "grown" / "corpus"
    assert taiyaku("extract", few, "-o", table, "--quiet").returncode == 0
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    for kept in (lines, lines[:-3]):
        table.write_text("".join(kept), encoding="utf-8")
        assert taiyaku("build", table, "-o", place, "--quiet").returncode == 0
    assert taiyaku("build", table, "-o", tmp_path / "anew" / "corpus", "--quiet").returncode == 0
    assert files_of(place) == files_of(tmp_path / "anew" / "corpus")


def test_two_builds_at_once(
    environment: dict[str, str], run_with: Run, few: Path, undisturbed: Path, tmp_path: Path
) -> None:
    place = tmp_path / "corpus"
    action = """open(os.environ["REACHED"], "w").close()
        while os.path.exists(os.environ["REACHED"]):
            __import__("time").sleep(0.05)"""
    waits = AT_PAIR.format(pair=1, action=action)
    reached = tmp_path / "reached"
    found = []
    first = threading.Thread(
        target=lambda: found.append(run_with(waits, "build", few, "-o", place, "--quiet", REACHED=str(reached)))
    )
    first.start()
    while not reached.exists():
        time.sleep(0.05)
    command = [sys.executable, "-m", "align.cli", "build", str(few), "-o", str(place)]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    reached.unlink()
    first.join()
    assert second.returncode == 2
    assert "another process is writing" in second.stderr
    assert found[0].returncode == 0
    assert files_of(place) == files_of(undisturbed)


LIMITED = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))
"""


@pytest.mark.parametrize("size", [0, 4_000, 20_000])
def test_files_that_cannot_grow_as_on_a_full_disk(
    run_with: Run, taiyaku: Run, few: Path, undisturbed: Path, tmp_path: Path, size: int
) -> None:
    place = tmp_path / "corpus"
    done = run_with(LIMITED.format(bytes=size), "build", few, "-o", place, "--quiet")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert not place.exists()
    assert taiyaku("build", few, "-o", place, "--quiet").returncode == 0
    assert files_of(place) == files_of(undisturbed)


def test_a_journal_that_cannot_grow_stops_no_build(run_with: Run, few: Path, undisturbed: Path, tmp_path: Path) -> None:
    cannot_grow = """
import corpora.journal
corpora.journal._open = lambda path: None
"""
    assert run_with(cannot_grow, "build", few, "-o", tmp_path / "corpus", "--quiet").returncode == 0
    assert files_of(tmp_path / "corpus") == files_of(undisturbed)
    assert [entry.name for entry in tmp_path.iterdir()] == ["corpus"]


def test_a_journal_that_is_none_is_thrown_away(taiyaku: Run, few: Path, undisturbed: Path, tmp_path: Path) -> None:
    (tmp_path / ".corpus.taiyaku").mkdir()
    (tmp_path / ".corpus.taiyaku" / "journal.sqlite3").write_bytes(b"no database" * 1000)
    assert taiyaku("build", few, "-o", tmp_path / "corpus", "--quiet").returncode == 0
    assert files_of(tmp_path / "corpus") == files_of(undisturbed)
    assert [entry.name for entry in tmp_path.iterdir()] == ["corpus"]
