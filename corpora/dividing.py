"""A corpus with its beads divided into train, dev and test, in files of their own: `taiyaku split`.

    beads/train-00000.parquet   beads/dev-00000.parquet   beads/test-00000.parquet   beads/rest-00000.parquet

`datasets.load_dataset` then gives the three splits by name. Beads of pairs that are in none keep `split` null and stand
in `rest`. Which pair goes where, and what leaks, is for `corpora.split`. What this does not do: keep a split when the
corpus grows; a later build makes it whole again, and it is to be divided anew.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from corpora.card import HISTOGRAM, Card
from corpora.errors import NoUsableInput
from corpora.jsonlines import Row
from corpora.parts import TableWriter
from corpora.publish import finish
from corpora.schemas import SCHEMAS
from corpora.split import SPLITS, Assignment, LeakReport, SplitOptions, assign, leaks
from corpora.store import Corpus, open_corpus
from corpora.workplace import require_corpus_place, workplace

REST = "rest"  # the files of beads that are in no split
REPORT = "split.json"


def split_corpus(path: str | Path, options: SplitOptions | None = None) -> LeakReport:
    """Divide the beads of a corpus by story and time; what the finished splits hold and share.

    Raises NotACorpus, NoUsableInput for a corpus without pairs, and UsageError where another process is writing it.
    """
    options = options or SplitOptions()
    corpus = open_corpus(path)
    require_corpus_place(path)
    with workplace(path) as place:
        sizes = Counter(str(row["pair_id"]) for row in corpus.rows("beads"))
        if not sizes:
            raise NoUsableInput(f"{path} has no pair of articles, so there is nothing to divide")
        assignment = assign(corpus.rows("articles"), corpus.rows("pairs"), options, beads=sizes)
        new = place.new()
        for name in SCHEMAS:
            if name != "beads":
                shutil.copytree(corpus.path / name, new / name)
        counts = _write_beads(corpus, new / "beads", assignment)
        report = leaks(corpus.rows("articles"), corpus.rows("beads"), assignment)
        _finish(corpus, new, counts, report, options)
        place.publish()
    return report


def _write_beads(corpus: Corpus, folder: Path, assignment: Assignment) -> dict[str, int]:
    """Beads by split, in the order of SPLITS; a split without beads has no file."""
    writers: dict[str, TableWriter] = {}
    with ExitStack() as stack:
        for row in _placed(corpus, assignment):
            stem = str(row["split"] or REST)
            if stem not in writers:
                writers[stem] = stack.enter_context(TableWriter(folder, "beads", stem=stem))
            writers[stem].write([row])
    return {split: writers[split].rows for split in SPLITS if split in writers}


def _placed(corpus: Corpus, assignment: Assignment) -> Iterator[Row]:
    for row in corpus.rows("beads"):
        yield {**row, "split": assignment.splits.get(str(row["pair_id"]))}


def _finish(corpus: Corpus, new: Path, counts: dict[str, int], report: LeakReport, options: SplitOptions) -> None:
    """The files of the divided corpus that are no tables."""
    files = {REPORT: json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n"}
    manifest = {name: value for name, value in corpus.manifest.items() if name not in ("schema_version", "version")}
    if isinstance(made := manifest.get("card"), dict):
        card = replace(Card.from_json(made), splits=counts)
        manifest["card"] = card.as_json()
        files |= {"README.md": card.text()} | ({HISTOGRAM: card.histogram()} if card.bins else {})
    else:
        files["README.md"] = (corpus.path / "README.md").read_text(encoding="utf-8")
    finish(new, {**manifest, "split": {"options": asdict(options), "beads": counts}}, files)
