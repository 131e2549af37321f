"""What pairing costs: generated articles by the thousand, each run a process of its own, with its time and memory.

An article is four stretches of five neighbouring sentence pairs each, of which a tenth of the sentences are left out on
either side; in large pools a stretch is in several articles, as background is. Texts are written as Parquet rows of id,
language, date and text, so that cutting into sentences is part of the cost.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpora.jsonlines import read_rows, write_rows

LARGEST_SETS = 24  # of the training data, by size; the rest adds hardly any sentences
STRETCH, STRETCHES = 5, 4
LEFT_OUT = 0.1
DAYS = 365
LEAST_CHARACTERS = 8
POLL_S = 0.5

Row = dict[str, object]


def measure_scale(data: Path, counts: Sequence[int]) -> None:
    """Print a table of seconds and memory, dated and not."""
    stretches = list(_stretches(data))
    print(f"{os.cpu_count()} cores\n\n| articles a side | | seconds | peak memory, GB | pairs right | wrong |")
    print("|---:|---|---:|---:|---:|---:|")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            for dated in (True, False):
                inputs = [Path(folder) / f"{lang}.parquet" for lang in ("ja", "en")]
                for path, rows in zip(inputs, _articles(stretches, count, dated=dated), strict=True):
                    write_rows(rows, path)
                seconds, memory, pairs = _run(inputs, Path(folder) / "pairs.jsonl")
                right = sum(source[1:] == target[1:] for source, target in pairs)
                kind = "dated" if dated else "undated"
                figures = f"{seconds:.0f} | {memory:.2f} | {right / count:.4f} | {len(pairs) - right}"
                print(f"| {count:,} | {kind} | {figures} |", flush=True)


def _stretches(data: Path) -> Iterator[list[list[str]]]:
    """Neighbouring (English, Japanese) sentences of the documents and of the training data."""
    for path in sorted((data / "docs").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                pairs = list(zip(row.get("en", []), row.get("ja", []), strict=True))
                yield from _cut([list(pair) for pair in pairs])
    files = sorted((data / "train").glob("*.tsv.gz"), key=lambda path: (-path.stat().st_size, path.name))
    for path in files[:LARGEST_SETS]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from _cut([line.rstrip("\n").split("\t") for line in lines])


def _cut(pairs: list[list[str]]) -> Iterator[list[list[str]]]:
    kept = [pair for pair in pairs if len(pair) == 2 and pair[0] and len(pair[1]) > LEAST_CHARACTERS]
    for start in range(0, len(kept) - STRETCH + 1, STRETCH):
        yield kept[start : start + STRETCH]


def _articles(stretches: list[list[list[str]]], count: int, *, dated: bool) -> tuple[list[Row], list[Row]]:
    chance = random.Random(count)
    order: list[int] = []
    while len(order) < count * STRETCHES:
        order += chance.sample(range(len(stretches)), len(stretches))
    sources: list[Row] = []
    targets: list[Row] = []
    for number in range(count):
        pairs = [pair for k in order[STRETCHES * number : STRETCHES * (number + 1)] for pair in stretches[k]]
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(DAYS))
        for rows, lang, side, glue, later in ((sources, "ja", 1, "", 0), (targets, "en", 0, " ", chance.randrange(2))):
            kept = [pair[side] for pair in pairs if chance.random() > LEFT_OUT]
            text = "\n\n".join(glue.join(kept[start : start + 3]) for start in range(0, len(kept), 3))
            row: Row = {"id": f"{lang[0]}{number}", "lang": lang, "text": text}
            rows.append(row | ({"date": str(day + timedelta(days=later))} if dated else {}))
    chance.shuffle(sources)
    chance.shuffle(targets)
    return sources, targets


def _run(inputs: Sequence[Path], out: Path) -> tuple[float, float, list[tuple[str, str]]]:
    """Seconds, peak memory of all its processes in GB, and the pairs."""
    command = [sys.executable, "-m", "align.cli", "pair", *map(str, inputs), "-o", str(out), "--quiet"]
    started = time.perf_counter()
    process = subprocess.Popen(command)  # noqa: S603
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(POLL_S)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    rows = [row for _, row in read_rows(out)]
    pairs = [(str(row["source_id"]), str(row["target_id"])) for row in rows]
    return time.perf_counter() - started, peak / 2**30, pairs


def _resident(process: int) -> int:
    """Bytes of a process and its children; shared pages count for each."""
    total = 0
    try:
        status = Path(f"/proc/{process}/status").read_text()
        total = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except (OSError, StopIteration):
        return total
    return total + sum(_resident(int(child)) for child in children)
