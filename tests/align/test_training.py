"""Training the encoder, small: the same data gives the same bytes, and the folder is an encoder that has learned."""

import gzip
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from align.encoder import load_encoder

SCRIPT = Path(__file__).parents[2] / "scripts" / "train_encoder.py"
WHO = {
    "The mayor": "市長は",
    "A teacher": "教師は",
    "The doctor": "医師は",
    "My neighbour": "隣人は",
    "The pilot": "操縦士は",
}
WHERE = {
    "in Nara": "奈良で",
    "in Kobe": "神戸で",
    "at the harbour": "港で",
    "at school": "学校で",
    "on the train": "電車で",
}
WHAT = {"bought apples": "リンゴを買った", "lost an umbrella": "傘をなくした", "read a letter": "手紙を読んだ"}
DID = {**WHAT, "sang a song": "歌を歌った", "drank 3 cups of tea": "お茶を3杯飲んだ", "met a dog": "犬に会った"}
SMALL = ["--vocabulary", "300", "--pieces", "60", "--dimensions", "16", "--batch", "32", "--epochs", "40"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """150 sentences to train on as general text, and the words in them as a dictionary."""
    folder = tmp_path_factory.mktemp("data")
    sentences = [
        (f"{who} {did} {where}.", f"{WHO[who]}{WHERE[where]}{DID[did]}。")
        for who, where, did in itertools.product(WHO, WHERE, DID)
    ]
    words = [pair for table in (WHO, WHERE, DID) for pair in table.items()] * 2
    for name, pairs in (("train/tatoeba_made.tsv.gz", sentences), ("dict/jmdict.tsv.gz", words)):
        (folder / name).parent.mkdir()
        with gzip.open(folder / name, "wt", encoding="utf-8") as lines:
            lines.writelines(f"{english}\t{japanese}\n" for english, japanese in pairs)
    return folder


def train(data: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), str(data), str(out), *SMALL, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_training_gives_the_same_bytes_twice_and_an_encoder_that_finds_translations(data: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        done = train(data, tmp_path / name / "model", "--held-out", "30")
        assert done.returncode == 0, done.stderr
    files = sorted(path.relative_to(tmp_path / "first") for path in (tmp_path / "first").rglob("*") if path.is_file())
    assert len(files) >= 6
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes(), file

    record = json.loads((tmp_path / "first" / "model" / "training.json").read_text(encoding="utf-8"))
    held_out = record["accuracy"]["held out of tatoeba_made"]
    assert min(held_out.values()) >= 0.8  # of 30, none of which was trained on
    assert record["options"]["epochs"] == 40.0
    card = (tmp_path / "first" / "model" / "README.md").read_text(encoding="utf-8")
    assert f"| held out of tatoeba_made | {100 * held_out['en->ja']:.1f} |" in card
    assert set(record["sha256"]) == {"jmdict.tsv.gz", "tatoeba_made.tsv.gz"}

    encoder = load_encoder(str(tmp_path / "first" / "model"))
    japanese = encoder.encode(["傘", "リンゴ", "犬"])
    english = encoder.encode(["umbrella", "apples", "dog"])
    assert np.argmax(japanese @ english.T, axis=1).tolist() == [0, 1, 2]


def test_training_says_what_is_missing_when_there_is_no_data(tmp_path: Path) -> None:
    done = train(tmp_path, tmp_path / "out")
    assert done.returncode == 2
    assert "no train/*.tsv.gz" in done.stderr
    assert not (tmp_path / "out").exists()
