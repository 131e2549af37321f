"""`taiyaku split` on the sample corpus: whole stories, in time, in files that everybody reads; and the way back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from corpora.store import open_corpus

Run = Callable[..., CompletedProcess[str]]
SPLITS = ("train", "dev", "test")


def files_of(corpus: Path) -> dict[str, bytes]:
    return {str(f.relative_to(corpus)): f.read_bytes() for f in sorted(corpus.rglob("*")) if f.is_file()}


@pytest.fixture
def divided(taiyaku: Run, corpus: Path, tmp_path: Path) -> Path:
    place = shutil.copytree(corpus, tmp_path / "divided" / corpus.name)
    assert taiyaku("split", place, "--dev", "0.2", "--test", "0.2", "--quiet").returncode == 0
    return place


def rows(corpus: Path, table: str = "beads") -> list[dict[str, Any]]:
    return list(open_corpus(corpus).rows(table))


def test_nothing_but_the_split_changes(divided: Path, corpus: Path) -> None:
    assert [{**row, "split": None} for row in rows(divided)] == rows(corpus)
    for table in ("articles", "pairs", "findings", "rejects"):
        assert rows(divided, table) == rows(corpus, table)


def test_a_pair_is_in_one_split_and_dev_and_test_come_later(divided: Path) -> None:
    frame = open_corpus(divided).frame()
    assert set(frame["split"].dropna()) == set(SPLITS)
    assert (frame.groupby("pair_id")["split"].nunique(dropna=False) == 1).all()
    days = frame[["source_date", "target_date"]]
    first, last = days.min(axis=1), days.max(axis=1)
    for earlier, later in (("train", "dev"), ("dev", "test")):
        assert last[frame["split"] == earlier].max() < first[frame["split"] == later].min()


def test_each_split_has_files_of_its_own(divided: Path) -> None:
    for name in SPLITS:
        assert set(pd.read_parquet(divided / "beads" / f"{name}-00000.parquet")["split"]) == {name}
    card = (divided / "README.md").read_text(encoding="utf-8")
    assert "path: beads/test-*.parquet" in card


WITH_DATASETS = """
import datasets, json, sys
found = datasets.load_dataset(sys.argv[1], cache_dir=sys.argv[2])
print(json.dumps({name: part.to_list() for name, part in found.items()}))
"""


def test_datasets_gives_the_splits_by_name(divided: Path, tmp_path: Path) -> None:
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf"), "HF_DATASETS_OFFLINE": "1"}
    command = [sys.executable, "-W", "ignore", "-c", WITH_DATASETS, str(divided), str(tmp_path / "cache")]
    run = subprocess.run(command, env=offline, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert list(found) == list(SPLITS)
    assert all(part == [row for row in rows(divided) if row["split"] == name] for name, part in found.items())


@pytest.mark.parametrize("table", ["beads", "articles", "pairs", "findings", "rejects"])
def test_polars_duckdb_and_pandas_read_the_folders(divided: Path, table: str) -> None:
    pattern, count = f"{divided}/{table}/*.parquet", len(rows(divided, table))
    assert pl.read_parquet(pattern).height == count
    (found,) = duckdb.sql(f"select count(*) from '{pattern}'").fetchall()
    assert found == (count,)
    assert len(pd.read_parquet(divided / table)) == count


def test_a_second_split_gives_the_same_bytes_and_another_one_replaces_it(
    taiyaku: Run, divided: Path, corpus: Path
) -> None:
    before = files_of(divided)
    assert taiyaku("split", divided, "--dev", "0.2", "--test", "0.2", "--quiet").returncode == 0
    assert files_of(divided) == before
    assert taiyaku("split", divided, "--dev", "0", "--test", "0.3", "--quiet").returncode == 0
    assert not (divided / "beads" / "dev-00000.parquet").exists()
    assert [{**row, "split": None} for row in rows(divided)] == rows(corpus)


def test_a_build_makes_a_divided_corpus_whole_and_says_so(
    taiyaku: Run, divided: Path, corpus: Path, pages: Path
) -> None:
    done = taiyaku("build", pages, "-o", divided)
    assert done.returncode == 0
    assert "split it again" in done.stderr
    assert {row["split"] for row in rows(divided)} == {None}
    whole, again = files_of(corpus), files_of(divided)
    assert whole.keys() == again.keys()
    assert [name for name in whole if whole[name] != again[name]] == ["corpus.json"]  # its seconds


def test_exports_of_a_divided_corpus_are_in_the_order_of_the_whole(
    taiyaku: Run, divided: Path, corpus: Path, tmp_path: Path
) -> None:
    for place, name in ((divided, "a.jsonl"), (corpus, "b.jsonl")):
        assert taiyaku("export", place, "-o", tmp_path / name, "--quiet").returncode == 0
    found, wanted = (
        [json.loads(line)["bead_id"] for line in (tmp_path / name).read_text(encoding="utf-8").splitlines()]
        for name in ("a.jsonl", "b.jsonl")
    )
    assert found == wanted


def test_the_report_is_printed_and_kept(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    place = shutil.copytree(corpus, tmp_path / "corpus")
    done = taiyaku("split", place, "--json", "--strict")
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert said == json.loads((place / "split.json").read_text(encoding="utf-8"))
    assert said["problems"] == []
    assert sum(size["beads"] for size in said["sizes"].values()) + said["left_out_beads"] == len(rows(place))


def test_wrong_input(taiyaku: Run, corpus: Path, tmp_path: Path) -> None:
    place = shutil.copytree(corpus, tmp_path / "corpus")
    before = files_of(place)
    for arguments, message in (
        ((place, "--dev", "0.7", "--test", "0.7"), "leave nothing for train"),
        ((tmp_path / "none",), "is not a corpus"),
        ((place / "beads",), "is not a corpus"),
    ):
        done = taiyaku("split", *arguments)
        assert done.returncode == 2
        assert message in done.stderr
    assert files_of(place) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["corpus"]
