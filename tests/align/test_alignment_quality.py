"""How good alignment is on texts with known beads: floors a little under what was measured, far over other systems."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from align.beads import align_sentences
from align.evaluate import Tally
from align.vectors import Encoder
from corpora.jsonlines import Row, read_rows
from corpora.records import Bead
from corpora.samples import sample_gold

GOLD = Path(__file__).resolve().parents[1] / "gold"


def samples() -> Iterator[Row]:
    with sample_gold() as folder:
        for file in sorted(folder.glob("s*.json")):
            row = json.loads(file.read_text("utf-8"))
            yield {**{side: row[side]["sentences"] for side in ("source", "target")}, "gold": row["beads"]}


def scored(rows: Iterator[Row], encoder: Encoder) -> Tally:
    tally = Tally()
    for row in rows:
        gold = [Bead(tuple(source), tuple(target)) for source, target in row["gold"]]  # type: ignore
        tally.add(gold, align_sentences(row["source"], row["target"], encoder))  # type: ignore[arg-type]
    return tally


def test_the_samples_which_nothing_was_fitted_on(bundled: Encoder) -> None:
    tally = scored(samples(), bundled)
    assert tally.strict.f1 > 0.91
    assert tally.null.f1 > 0.86
    assert (tally.crossing_recall or 0.0) > 0.85
    assert tally.calibration()["all"].error < 0.05
    sure = tally.sure()
    assert sure
    assert sure[0] > 0.98
    assert sure[1] > 0.6


@pytest.mark.parametrize(("name", "strict", "null"), [("news", 0.87, 0.74), ("mixed", 0.87, 0.68)])
def test_freely_translated_articles_that_weights_were_fitted_on(
    name: str, strict: float, null: float, bundled: Encoder
) -> None:
    tally = scored((row for _, row in read_rows(GOLD / f"{name}.jsonl")), bundled)
    assert tally.strict.f1 > strict
    assert tally.null.f1 > null


def test_gold_pairs_are_complete() -> None:
    for name in ("news", "mixed"):
        for _, row in read_rows(GOLD / f"{name}.jsonl"):
            for number, side in enumerate(("source", "target")):
                listed = sorted(i for bead in row["gold"] for i in bead[number])  # type: ignore
                assert listed == list(range(len(row[side]))), row["id"]  # type: ignore[arg-type]
