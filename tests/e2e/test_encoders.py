"""Other encoders from the command line: a transformer loaded from disk, its cache, the list, measuring, errors."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from align.known_encoders import KNOWN
from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]

# The libraries warn of each other's changes when a test loads a model in this process.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

THAI = "เทศบาลเมืองประกาศเมื่อวันที่ 4 ว่าจะสร้างสะพานใหม่แทนสะพานเก่าภายในฤดูใบไม้ผลิปีหน้า"
NO_NETWORK = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(2, f"network: {event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(watch)
from align.cli import main
main()
"""
NAMES_TORCH = """
import sys
from align.cli import main
try:
    main()
finally:
    print("torch" in sys.modules, file=sys.stderr)
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    """Two texts of a sentence a line, which the tiny transformer spells out; two sentences are too long for it."""
    source, target = tmp_path / "a.txt", tmp_path / "b.txt"
    source.write_text("red house\nabcdefghijklmnopqrst\nsnow\n", encoding="utf-8")
    target.write_text("red house\nsnow\nabcdefghijklmnopqrstu\n", encoding="utf-8")
    return source, target


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_align_with_a_transformer_and_again_without_torch(
    taiyaku: Run, in_subprocess: Run, transformer_folder: Path, cache: Path, texts: tuple[Path, Path]
) -> None:
    arguments = ("align", *texts, "--presegmented", "--source-lang", "fr", "--target-lang", "eo")
    arguments += ("--encoder", transformer_folder, "--encoder-cache", cache, "--device", "cpu")
    first = taiyaku(*arguments)
    assert first.returncode == 0, first.stderr
    beads = rows(first.stdout)
    assert sorted(i for bead in beads for i in bead["source"]) == [0, 1, 2]  # type: ignore[attr-defined]
    assert sorted(j for bead in beads for j in bead["target"]) == [0, 1, 2]  # type: ignore[attr-defined]
    assert re.search(r"cut \d+ of \d+ texts were longer than 16 tokens and were cut", first.stderr)
    again = in_subprocess(*arguments, "--json", PYTHONSTARTUP="")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    counts = rows(again.stderr)[-1]
    assert counts["beads"] == len(beads)
    assert str(counts["texts_cut"]) in first.stderr


def test_a_second_run_imports_no_torch(
    taiyaku: Run, environment: dict[str, str], transformer_folder: Path, cache: Path, texts: tuple[Path, Path]
) -> None:
    arguments = ["align", *texts, "--presegmented", "--encoder", transformer_folder, "--encoder-cache", cache]
    assert taiyaku(*arguments).returncode == 0
    command = [sys.executable, "-c", NAMES_TORCH, *map(str, arguments)]
    again = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, env=environment, check=False)
    assert (again.returncode, again.stderr.splitlines()[-1]) == (0, "False")


def test_a_model_downloaded_before_needs_no_network(
    environment: dict[str, str], transformer_folder: Path, cache: Path, texts: tuple[Path, Path], tmp_path: Path
) -> None:
    repository = tmp_path / "hub" / "models--someone--tiny"  # as a download leaves it
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("f" * 40, encoding="ascii")
    shutil.copytree(transformer_folder, repository / "snapshots" / ("f" * 40))
    places = {"HF_HOME": str(tmp_path / "home"), "SENTENCE_TRANSFORMERS_HOME": str(tmp_path / "hub")}
    online = environment | places | {"HF_HUB_OFFLINE": "0"}
    arguments = ("align", *texts, "--presegmented", "--encoder", "someone/tiny", "--encoder-cache", cache)
    command = [sys.executable, "-c", NO_NETWORK, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=100, env=online, check=False)
    assert done.returncode == 0, done.stderr


def test_documents_of_sentences_are_aligned_with_a_transformer(
    taiyaku: Run, transformer_folder: Path, cache: Path, tmp_path: Path
) -> None:
    documents = [{"id": "d1", "source": ["ab", "cd"], "target": ["ab"]}, {"id": "d2", "source": ["x"], "target": []}]
    (tmp_path / "docs.jsonl").write_text("".join(json.dumps(one) + "\n" for one in documents), encoding="utf-8")
    done = taiyaku("align", tmp_path / "docs.jsonl", "--encoder", transformer_folder, "--encoder-cache", cache)
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in rows(done.stdout)] == ["d1", "d2"]


def test_a_corpus_says_which_encoder_prompt_and_revision_it_was_made_with(
    taiyaku: Run, pages: Path, transformer_folder: Path, cache: Path, tmp_path: Path
) -> None:
    out = tmp_path / "corpus"
    both = (pages / "s01.ja.html", pages / "s01.en.html")
    options = ("--encoder", transformer_folder, "--encoder-cache", cache, "--prompt", "sts", "--json")
    done = taiyaku("build", *both, "-o", out, "--min-probability", "0", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["texts_cut"] > 0
    manifest = json.loads((out / "corpus.json").read_text(encoding="utf-8"))
    said = manifest["encoder"]
    assert (said["name"], said["prompt"], said["dtype"], said["backend"]) == ("tiny", "s t s ", "float32", "torch")
    assert len(said["revision"]) == 64
    assert str(tmp_path) not in json.dumps({**manifest, "summary": None})
    shown = taiyaku("build", *both, "-o", out, "--min-probability", "0", *options[:-1])
    assert re.search(r"cut \d+ of \d+ texts were longer than 16 tokens", shown.stderr)


def test_pair_and_eval_take_an_encoder_too(
    taiyaku: Run, pages: Path, transformer_folder: Path, cache: Path, tmp_path: Path
) -> None:
    options = ("--encoder", transformer_folder, "--encoder-cache", cache, "--batch-size", "4")
    done = taiyaku("pair", pages / "s01.ja.html", pages / "s01.en.html", "--min-probability", "0", *options)
    assert (done.returncode, len(rows(done.stdout))) == (0, 1), done.stderr
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "a", "source": ["ab"], "target": ["ab"], "gold": [[[0], [0]]]}\n', encoding="utf-8")
    scored = taiyaku("eval", gold, *options, "--json")
    assert scored.returncode == 0, scored.stderr
    assert rows(scored.stdout)[0]["taiyaku"]


def test_known_encoders_are_listed(in_subprocess: Run, cache: Path) -> None:
    done = in_subprocess("encoders", "--encoder-cache", cache)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1].startswith("taiyaku-static-ja-en ")
    assert all(any(line.startswith(entry.name) for line in lines) for entry in KNOWN)
    assert "vectors kept in" in done.stdout
    assert not cache.exists()


def test_known_encoders_as_json(taiyaku: Run, cache: Path) -> None:
    (listed,) = rows(taiyaku("encoders", "--json", "--encoder-cache", cache).stdout)
    encoders = listed["encoders"]
    assert isinstance(encoders, list)
    assert [one["name"] for one in encoders] == ["taiyaku-static-ja-en", *(entry.name for entry in KNOWN)]
    assert {"megabytes", "dimensions", "licence", "languages", "speed", "tatoeba", "ntrex", "source"} <= set(
        encoders[0]
    )
    assert listed["cached"] == []


def test_the_bundled_encoder_is_measured_without_torch(in_subprocess: Run) -> None:
    done = in_subprocess("encoders", "--measure", "bundled", "--json")
    assert done.returncode == 0, done.stderr
    (found,) = rows(done.stdout)
    assert found["pairs"] > 100  # type: ignore[operator]
    assert found["to_target"] > 0.85  # type: ignore[operator]
    assert found["peak_mb"] < 350  # type: ignore[operator]


def test_an_encoder_is_measured_on_pairs_of_ones_own_and_its_cache_cleared(
    taiyaku: Run, transformer_folder: Path, cache: Path, tmp_path: Path
) -> None:
    pairs = tmp_path / "pairs.tsv"
    words = ["ab", "cd", "ef", "gh", "ij", "kl", "mn", "op", "qr", "st", "uv", "wx"]
    pairs.write_text("".join(f"{word}\t{word.upper()} {word}\n" for word in words), encoding="utf-8")
    options = ("--measure", transformer_folder, "--pairs", pairs, "--encoder-cache", cache, "--prompt", "q: ")
    shown = taiyaku("encoders", *options)
    assert shown.returncode == 0, shown.stderr
    assert re.search(r"^prompt +'q: '$", shown.stdout, re.MULTILINE)
    assert re.search(r"^pairs +12$", shown.stdout, re.MULTILINE)
    assert re.search(r"^ja>en, en>ja +[\d.]+%, [\d.]+%$", shown.stdout, re.MULTILINE)
    (again,) = rows(taiyaku("encoders", *options, "--json").stdout)
    assert again["sentences_per_s"] is None
    # The words, and the sample sentences that contrast is measured by.
    assert "tiny with prompt 'q: ': 286 vectors" in taiyaku("encoders", "--encoder-cache", cache).stdout
    cleared = taiyaku("encoders", "--clear-cache", "--encoder-cache", cache)
    assert (cleared.returncode, cleared.stdout) == (0, "")
    assert "vectors kept in" in taiyaku("encoders", "--encoder-cache", cache).stdout
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_too_few_pairs_to_measure_by_are_no_usable_input(taiyaku: Run, tmp_path: Path) -> None:
    (tmp_path / "few.tsv").write_text("雨\tRain\n雪\tSnow\n", encoding="utf-8")
    done = taiyaku("encoders", "--measure", "bundled", "--pairs", tmp_path / "few.tsv")
    assert done.returncode == 3
    assert "2 different pairs are too few" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--device", "nonsense", "--encoder", "{model}"), "cannot be loaded"),
        (("--backend", "openvino", "--encoder", "{model}"), "pip install 'sentence-transformers[openvino]'"),
        (("--encoder", "a/b/c"), "there is no encoder folder a/b/c"),
        (("--device", "cuda"), "the bundled encoder is a table that does not"),
        (("--source-lang", "ko"), "name one that does, for example --encoder hotchpotch/bekko-embedding-v1-a8m"),
        (("--source-lang", "tlh"), "no encoder known to Taiyaku says that it covers them"),
    ],
    ids=["device", "backend", "path", "bundled", "language", "any language"],
)
def test_an_encoder_that_cannot_be_used_is_one_line_of_error(
    taiyaku: Run,
    transformer_folder: Path,
    cache: Path,
    texts: tuple[Path, Path],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    given = [argument.format(model=transformer_folder) for argument in arguments]
    done = taiyaku("align", *texts, "--encoder-cache", cache, *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_model_that_is_not_here_is_an_error_at_once_when_offline(
    in_subprocess: Run, texts: tuple[Path, Path]
) -> None:
    done = in_subprocess("align", *texts, "--encoder", "someone/no-such-model")  # with HF_HUB_OFFLINE, as all tests
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: encoder 'someone/no-such-model' is no folder and has not been downloaded yet")
    assert "HF_HUB_OFFLINE forbids downloading it" in done.stderr


@pytest.mark.parametrize("option", ["--dtype", "--backend"])
def test_a_choice_there_is_not_is_wrong_usage(taiyaku: Run, texts: tuple[Path, Path], option: str) -> None:
    done = taiyaku("align", *texts, option, "nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr


def test_a_text_in_writing_the_table_does_not_know_is_an_error(taiyaku: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "a.txt", tmp_path / "b.txt"
    source.write_text("市は4日、老朽化した橋を来春までに架け替えると発表した。", encoding="utf-8")
    target.write_text(THAI, encoding="utf-8")
    done = taiyaku("align", source, target)
    assert done.returncode == 2
    assert "b.txt: the encoder taiyaku-static-ja-en knows only 0% of its letters, so this is hardly en" in done.stderr


def test_documents_in_such_writing_are_named_and_the_others_aligned(taiyaku: Run, tmp_path: Path) -> None:
    documents = [
        {"id": "thai", "ja": ["市は4日、橋を架け替えると発表した。"], "en": [THAI]},
        {"id": "good", "ja": ["市は4日、橋を架け替えると発表した。"], "en": ["The city will replace the bridge."]},
    ]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents)
    (tmp_path / "docs.jsonl").write_text(text, encoding="utf-8")
    done = taiyaku("align", tmp_path / "docs.jsonl")
    assert (done.returncode, len(rows(done.stdout))) == (0, 2)
    assert "document thai: the encoder knows only 0% of its letters on the en side" in done.stderr
    assert "good" not in done.stderr


def test_articles_in_such_writing_are_rejected_with_the_reason(taiyaku: Run, pages: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text(
        json.dumps({"id": "t", "lang": "en", "title": THAI, "text": f"{THAI}\n\n{THAI}"}), encoding="utf-8"
    )
    done = taiyaku("build", pages / "s01.ja.html", pages / "s01.en.html", articles, "-o", tmp_path / "corpus", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rejected"] == {"unknown-writing": 1}
    (reject,) = [row for row in open_corpus(tmp_path / "corpus").rows("rejects") if row["stage"] == "encode"]
    assert "knows only 0% of its letters, so this is hardly en" in str(reject["detail"])
    rejects = tmp_path / "rejects.jsonl"
    paired = taiyaku("pair", pages / "s01.ja.html", pages / "s01.en.html", articles, "--rejects", rejects)
    assert (paired.returncode, len(rows(paired.stdout))) == (0, 1)
    assert rows(rejects.read_text(encoding="utf-8"))[0]["reason"] == "unknown-writing"
