#!/usr/bin/env python3
"""Build the public Japanese-English news alignment benchmark from test sets that everyone can fetch.

    python scripts/make_benchmark.py SETS -o benchmark.jsonl

SETS is a folder with the test sets as published:

- from github.com/wmt-conference/wmt21-news-systems (research use): `newstest2021.ja-en.all.xml`,
  `newstest2021.en-ja.all.xml`
- from github.com/MicrosoftTranslator/NTREX: `newstest2019-src.eng.txt`, `newstest2019-ref.jpn.txt`, `DOCUMENT_IDS.tsv`
  (CC BY-SA 4.0)

or, in place of any of them, `wmt21_jaen.jsonl`, `wmt21_enja.jsonl`, `ntrex_ja.jsonl` (also .gz) with a line
`{"id", "ja": [segments], "en": [segments]}` a document. The recipe beside this script says what is done to which
document (`scripts/cut_up.py`); it holds ids, numbers and hashes, no text. Each line of the benchmark is
`{"id", "half", "set", "source", "target", "gold"}`, ready for `taiyaku eval` and `scripts/benchmark.py`.

    python scripts/make_benchmark.py SETS --draw SEED --recipe NEW-RECIPE.jsonl

draws a recipe of its own. Each document is cut up once for the easy half and once for the hard one.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from cut_up import EASY, HARD, Operation, Segments, apply, draw
from lxml import etree

from corpora.errors import InputError, NoUsableInput, TaiyakuError
from corpora.jsonlines import Row, read_rows, write_json_lines
from corpora.outputs import open_output

RECIPE = Path(__file__).with_name("benchmark_recipe.jsonl")
SEED = 2021
PLANS = {"easy": EASY, "hard": HARD}
LEAST_SEGMENTS = 4
ALIKE = 3  # documents most like one, to insert from
WMT = {
    "wmt21_jaen": ("newstest2021.ja-en.all.xml", "wmt21-ja-en/"),
    "wmt21_enja": ("newstest2021.en-ja.all.xml", "wmt21-en-ja/"),
}
NTREX = ("newstest2019-src.eng.txt", "newstest2019-ref.jpn.txt", "DOCUMENT_IDS.tsv")
SETS = (*WMT, "ntrex_ja")


def read_set(folder: Path, name: str) -> list[Segments]:
    """The documents of one set, whitespace made single. Raises NoUsableInput if the folder does not hold it."""
    for suffix in (".jsonl", ".jsonl.gz"):
        file = folder / f"{name}{suffix}"
        if file.exists():
            return [_segments(str(row["id"]), row["ja"], row["en"]) for row in _rows(file)]  # type: ignore[arg-type]
    if name in WMT:
        file, prefix = folder / WMT[name][0], WMT[name][1]
        if file.exists():
            return list(_read_wmt(file, prefix))
        raise NoUsableInput(f"{folder} has neither {file.name} nor {name}.jsonl; fetch it from where --help says")
    missing = [file for file in NTREX if not (folder / file).exists()]
    if missing:
        raise NoUsableInput(f"{folder} has neither {missing[0]} nor {name}.jsonl; fetch it from where --help says")
    return list(_read_ntrex(folder))


def _rows(file: Path) -> Iterator[Row]:
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _read_wmt(file: Path, prefix: str) -> Iterator[Segments]:
    """Documents with their first reference; what systems gave is passed over."""
    for _, element in etree.iterparse(file, tag="doc", resolve_entities=False, no_network=True):
        texts = {}
        for part in element.iterchildren("src", "ref"):
            texts.setdefault(part.get("lang"), [seg.text or "" for seg in part.iter("seg")])
        yield _segments(prefix + str(element.get("id")), texts["ja"], texts["en"])
        element.clear()


def _read_ntrex(folder: Path) -> Iterator[Segments]:
    columns = [(folder / file).read_text(encoding="utf-8").split("\n") for file in NTREX]
    documents: dict[str, tuple[list[str], list[str]]] = {}
    for english, japanese, identity in zip(*columns, strict=False):
        if identity.strip():
            texts = documents.setdefault(identity.strip(), ([], []))
            texts[0].append(japanese)
            texts[1].append(english)
    for identity, (japanese_side, english_side) in documents.items():
        yield _segments(f"ntrex/{identity}", japanese_side, english_side)


def _segments(identity: str, japanese: Iterable[str], english: Iterable[str]) -> Segments:
    sides = [[" ".join(text.split()) for text in side] for side in (japanese, english)]
    if len(sides[0]) != len(sides[1]):
        raise InputError(f"document {identity} has {len(sides[0])} Japanese but {len(sides[1])} English segments")
    return Segments(identity, *sides)


def fingerprint(texts: Iterable[Iterable[str]]) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of two texts."""
    return hashlib.sha256(json.dumps([list(t) for t in texts], ensure_ascii=False).encode()).hexdigest()[:16]


def draw_recipe(sets: Mapping[str, list[Segments]], seed: int) -> Iterator[Row]:
    """A line for each document and half: what is done, and the hashes of what it is done to and what comes out."""
    for name, documents in sets.items():
        chosen = [document for document in documents if len(document.source) >= LEAST_SEGMENTS]
        neighbours = most_alike(chosen)
        others = {document.id: document for document in chosen}
        for half, plan in PLANS.items():
            for document in chosen:
                chance = random.Random(f"{seed} {half} {document.id}")
                operations = draw(document, plan, chance, [others[other] for other in neighbours[document.id]])
                made = apply(document, operations, others)
                yield {
                    "id": f"{half}/{document.id}",
                    "half": half,
                    "set": name,
                    "document": document.id,
                    "sha256": fingerprint((document.source, document.target)),
                    "made": fingerprint((made.source, made.target)),
                    "operations": [operation.row() for operation in operations],
                }


def most_alike(documents: list[Segments]) -> dict[str, list[str]]:
    """For each document the ids of those most like it, by the bundled encoder's mean vectors."""
    from align.encoder import load_encoder
    from align.vectors import unit_rows

    encoder = load_encoder()
    means = unit_rows(np.stack([encoder.encode([*d.source, *d.target]).mean(axis=0) for d in documents]))
    alike = means @ means.T
    np.fill_diagonal(alike, -1)
    nearest = np.argsort(-alike, axis=1, kind="stable")[:, :ALIKE]
    return {d.id: [documents[k].id for k in row] for d, row in zip(documents, nearest.tolist(), strict=True)}


def make(recipe: Iterable[Row], sets: Mapping[str, list[Segments]]) -> Iterator[Row]:
    """The benchmark's lines. Raises InputError where a document is not the one the recipe was drawn for."""
    by_id = {document.id: document for documents in sets.values() for document in documents}
    for row in recipe:
        document = by_id.get(str(row["document"]))
        if document is None:
            raise InputError(f"the recipe wants document {row['document']}, which set {row['set']} does not hold")
        if fingerprint((document.source, document.target)) != row["sha256"]:
            raise InputError(
                f"document {document.id} of set {row['set']} has another text than the recipe was made for "
                f"(SHA-256 {fingerprint((document.source, document.target))}..., expected {row['sha256']}...); "
                "fetch the set again from where --help says"
            )
        operations = [Operation.from_row(operation) for operation in row["operations"]]  # type: ignore[union-attr]
        made = apply(document, operations, by_id)
        if fingerprint((made.source, made.target)) != row["made"]:
            raise InputError(
                f"{row['id']} came out otherwise than recorded: a document that was inserted from has another text "
                "than the recipe was made for; fetch the set again from where --help says"
            )
        yield {
            "id": row["id"],
            "half": row["half"],
            "set": row["set"],
            "source": made.source,
            "target": made.target,
            "gold": [[list(bead.source), list(bead.target)] for bead in made.gold],
        }


def described(rows: Iterable[Row]) -> str:
    """How many documents, beads, nulls and beads other than 1-1 there are."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        for half in (str(row["half"]), "all"):
            count = counts.setdefault(half, Counter())
            count["documents"] += 1
            for source, target in row["gold"]:  # type: ignore[union-attr]
                count["beads"] += 1
                count["null" if not (source and target) else "1-1" if len(source) == len(target) == 1 else "m-n"] += 1
    lines = []
    for half, count in counts.items():
        matched = count["1-1"] + count["m-n"]
        lines.append(
            f"{half:5} {count['documents']} documents, {count['beads']} beads, "
            f"{count['null'] / count['beads']:.1%} null, {count['m-n'] / matched:.1%} of the others not 1-1"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("-o", "--output", default="-")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--draw", type=int, metavar="SEED")
    arguments = parser.parse_args()
    try:
        sets = {name: read_set(arguments.sets, name) for name in SETS}
        if arguments.draw is not None:
            if arguments.recipe == RECIPE and arguments.draw != SEED:
                parser.error(f"the published recipe has seed {SEED}; name another file with --recipe")
            with open_output(str(arguments.recipe)) as out:
                write_json_lines(draw_recipe(sets, arguments.draw), out)
        made = list(make((row for _, row in read_rows(arguments.recipe)), sets))
        with open_output(arguments.output) as out:
            write_json_lines(made, out)
    except TaiyakuError as error:
        sys.exit(f"error: {error}")
    print(described(made), file=sys.stderr)


if __name__ == "__main__":
    main()
