"""What writing, filtering and exporting a large corpus costs, beside a plain pandas `to_parquet` of the same rows.

Beads are generated from the bundled sample pages, each text with a number of its own, so that no two are the same. Each
step is a process of its own, with its seconds and its peak memory; making the rows costs time too, which is measured
alone and taken off. Sizes of files say little about real corpora, whose texts repeat less.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from align.pipeline import build
from corpora.assemble import Others, assemble
from corpora.clean import CleanOptions
from corpora.jsonlines import Row
from corpora.publish import finish
from corpora.samples import sample_pages
from corpora.schemas import SCHEMAS
from corpora.store import open_corpus
from corpora.workplace import workplace

BEADS_A_PAIR = 20
FORMATS = ("jsonl", "tsv", "tmx", "xliff", "moses", "xlsx", "standoff")


def measure_corpus(count: int) -> None:
    """Print a table of seconds, rates and memory for a corpus of so many beads."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with sample_pages() as pages:
            build([pages], place / "samples")
        print(f"{count:,} beads, {os.cpu_count()} cores\n")
        print("| step | seconds | beads a second | peak memory, MB | MB written |\n|---|---:|---:|---:|---:|")
        making = _measured("make", place, count)["seconds"]
        for step in ("pandas", "write", *FORMATS):
            found = _measured(step, place, count)
            seconds = found["seconds"] - (making if step in ("pandas", "write") else 0.0)
            print(
                f"| {NAMES.get(step, 'export ' + step)} | {seconds:.1f} | {count / seconds:,.0f} | "
                f"{found['memory'] / 1e6:.0f} | {found['size'] / 1e6:.0f} |",
                flush=True,
            )


NAMES = {
    "pandas": "pandas `to_parquet`, zstd, all rows in memory",
    "write": "the whole corpus: filters on, five tables, card",
}


def _measured(step: str, place: Path, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, step, str(place), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  this file itself
    found: dict[str, float] = json.loads(done.stdout)
    return found


def generated(place: Path, count: int) -> Iterator[Row]:
    """Beads in the order of a corpus, made from those of the samples."""
    chance = random.Random(1)
    samples = list(open_corpus(place / "samples").rows("beads"))
    for number in range(count):
        pair = f"{number // BEADS_A_PAIR:08d}"
        row = dict(chance.choice(samples))
        for side, mark in (("source_text", "第{}号。"), ("target_text", " No. {}.")):
            if row[side]:
                row[side] = f"{row[side]}{mark.format(number)}"
        ids = {"pair_id": f"ja{pair}-en{pair}", "source_article_id": f"ja{pair}", "target_article_id": f"en{pair}"}
        yield {**row, **ids, "bead_id": f"ja{pair}-en{pair}-{number % BEADS_A_PAIR:05d}", "findings": []}


def _make(place: Path, count: int) -> None:
    for _ in generated(place, count):
        pass


def _pandas(place: Path, count: int) -> None:
    import pandas as pd

    pd.DataFrame(generated(place, count)).to_parquet(place / "pandas.parquet", compression="zstd")


def _write(place: Path, count: int) -> None:
    parts = ((list(rows), []) for _, rows in groupby(generated(place, count), key=lambda row: row["pair_id"]))
    with workplace(place / "corpus") as work:
        new = work.new()
        others = Others(_articles(count), _pairs(count), [], {})
        tally = assemble(new, work.scratch, parts, others, CleanOptions())
        options = {"source_lang": "ja", "target_lang": "en"}
        finish(new, {"options": options, "encoder": {"name": "none"}, "counts": tally.counts}, {"README.md": ""})
        work.publish()
    assert set(tally.counts) == set(SCHEMAS)
    assert tally.counts["beads"] == count, tally


def _articles(count: int) -> Iterator[Row]:
    """Two for each pair, with next to nothing in them."""
    for side in ("en", "ja"):
        for pair in range(-(-count // BEADS_A_PAIR)):
            row: Row = dict.fromkeys(SCHEMAS["articles"].names) | {"paragraphs": [], "sentences": []}
            yield row | {
                "article_id": f"{side}{pair:08d}",
                "lang": side,
                "text": f"{side} {pair}",
                "date_guessed": False,
            }


def _pairs(count: int) -> Iterator[Row]:
    for pair in range(-(-count // BEADS_A_PAIR)):
        ids = {"source_id": f"ja{pair:08d}", "target_id": f"en{pair:08d}"}
        yield {"pair_id": f"ja{pair:08d}-en{pair:08d}", **ids, "probability": 0.9, "evidence": {"title": 0.5}}


def _export(name: str) -> Callable[[Path, int], None]:
    def run(place: Path, _count: int) -> None:
        command = ["export", str(place / "corpus"), "--format", name, "-o", str(place / f"out.{name}"), "--nulls"]
        from align.cli import app

        app([*command, "--quiet"], standalone_mode=False)

    return run


def main(arguments: list[str]) -> None:
    """The command line: `--beads N`."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("--beads", type=int, default=1_000_000)
    measure_corpus(parser.parse_args(arguments).beads)


STEPS: dict[str, Callable[[Path, int], None]] = {"make": _make, "pandas": _pandas, "write": _write}
STEPS |= {name: _export(name) for name in FORMATS}


def _peak() -> int:
    """Most bytes this process has held; the kernel's other figure counts what its parent held before it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _size(place: Path, step: str) -> int:
    names = {"pandas": "pandas.parquet", "write": "corpus"}
    found = place / names.get(step, f"out.{step}")
    several = found.rglob("*") if found.is_dir() else place.glob(f"{found.name}*")
    return sum(path.stat().st_size for path in several if path.is_file())


if __name__ == "__main__":
    step, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    before = time.perf_counter()
    STEPS[step](folder, count)
    seconds = time.perf_counter() - before
    print(json.dumps({"seconds": seconds, "memory": _peak(), "size": _size(folder, step)}))
