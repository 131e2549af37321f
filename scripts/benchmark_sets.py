"""The sets that figures are reported on, as far as they are at hand: bundled samples, development pairs, benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from make_benchmark import PLANS, RECIPE, SETS, make, read_set

from corpora.jsonlines import Row, read_rows
from corpora.samples import sample_gold


@dataclass(frozen=True)
class Sets:
    """`data` has the public test sets under `docs`, `dev` has `beads.jsonl`; without them there are fewer sets."""

    data: Path | None = None
    dev: Path | None = None

    def items(self) -> Iterator[tuple[str, list[Row]]]:
        """Name and lines `{"id", "source", "target", "gold"}` of each."""
        with sample_gold() as folder:
            yield "samples", list(sample_rows(folder))
        if self.dev:
            yield "dev", [row for _, row in read_rows(self.dev / "beads.jsonl")]
        if self.data:
            sets = {name: read_set(self.data / "docs", name) for name in SETS}
            rows = list(make((row for _, row in read_rows(RECIPE)), sets))
            for half in PLANS:
                yield half, [row for row in rows if row["half"] == half]


def sample_rows(folder: Path) -> Iterator[Row]:
    """The bundled gold in the form of the development set's."""
    for file in sorted(folder.glob("s*.json")):
        row = json.loads(file.read_text("utf-8"))
        sides = {side: row[side]["sentences"] for side in ("source", "target")}
        yield {"id": row["id"], **sides, "gold": row["beads"]}
