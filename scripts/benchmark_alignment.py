"""Sentence alignment beside other systems on one encoder's vectors: quality by set, speed, and what long texts cost.

    python scripts/benchmark.py alignment                            the bundled samples
    python scripts/benchmark.py alignment --data DATA --dev DEV      and the public benchmark, the development pairs
    python scripts/benchmark.py alignment --curve PAIRS.tsv.gz       time and memory against length

Every system sees the same sentences and the vectors of the same encoder. Of systems with a setting for how readily they
leave a sentence out, several settings are tried on each set and the best is shown, which is more than their users get.
Speed is of the first 25 sentences a side of each sample, from strings to beads: `own vectors` has each
system encode what it asks for (others want each run of sentences as one string), `our vectors` lends them ours, which
come by prefix sums. `pip install sentalign` brings vecalign, `pip install bertalign faiss-cpu numba` Bertalign.
PAIRS has a line English<TAB>Japanese for each sentence of a long text.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmark_sets import Sets
from peers import Aligner, installed_peers

from align.beads import align_sentences
from align.encoder import load_encoder
from align.evaluate import Tally
from align.vectors import Encoder, Vectors
from corpora.jsonlines import Row
from corpora.records import Bead

OWN = "Taiyaku"
SPEED_SENTENCES = 25
SPEED_ROUNDS = 5
LENGTHS = (30, 300, 3_000, 30_000)
Document = tuple[list[str], list[str], list[Bead]]


class StringEncoder(Encoder):
    """An encoder that has to be given each run as one string, as any but a bag of words has to."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(texts)


def ours(source: Sequence[str], target: Sequence[str], encoder: Encoder) -> list[Bead]:
    return align_sentences(source, target, encoder)


def documents(rows: Sequence[Row]) -> list[Document]:
    return [(r["source"], r["target"], [Bead(tuple(s), tuple(t)) for s, t in r["gold"]]) for r in rows]  # type: ignore


def score(documents: Sequence[Document], align: Aligner, encoder: Encoder) -> Tally:
    tally = Tally()
    for source, target, gold in documents:
        tally.add(gold, align(source, target, encoder))
    return tally


def best_settings(documents: Sequence[Document], encoder: Encoder) -> Iterator[tuple[str, Tally]]:
    """Each system with the setting that gives it the best strict F1 here, ours first."""
    yield OWN, score(documents, ours, encoder)
    for name, peers in itertools.groupby(installed_peers(), key=lambda peer: peer.name):
        tallies = [(peer, score(documents, peer.align, encoder)) for peer in peers]
        peer, tally = max(tallies, key=lambda one: one[1].strict.f1)
        yield f"{name} ({peer.setting})", tally


def show_quality(name: str, documents: Sequence[Document], encoder: Encoder) -> None:
    print(f"\n## {name}: {len(documents)} documents\n")
    print("| | strict P | R | F1 | lax F1 | null P | R | F1 | crossing recall |\n|---|" + "---:|" * 8)
    ours_by_kind = None
    for system, tally in best_settings(documents, encoder):
        figures = [tally.strict.precision, tally.strict.recall, tally.strict.f1, tally.lax.f1]
        figures += [tally.null.precision, tally.null.recall, tally.null.f1]
        recall = tally.crossing_recall
        crossing = "-" if recall is None else f"{recall:.3f}"
        print(f"| {system} | {' | '.join(f'{figure:.3f}' for figure in figures)} | {crossing} |", flush=True)
        ours_by_kind = ours_by_kind or tally
    assert ours_by_kind
    kinds = ", ".join(f"{kind} {s.f1:.3f} of {s.gold}" for kind, s in ours_by_kind.kinds().items() if s.gold)
    print(f"\n{OWN}, strict F1 by kind: {kinds}")
    errors = ", ".join(f"{kind} {one.error:.3f}" for kind, one in ours_by_kind.calibration().items())
    if sure := ours_by_kind.sure():
        print(
            f"\n{OWN}, expected calibration error: {errors}; beads at .95 and more: precision {sure[0]:.3f}, "
            f"{sure[1]:.1%} of all right ones"
        )


def speed_documents(documents: Sequence[Document]) -> list[Document]:
    """The first sentences of each."""
    return [(source[:SPEED_SENTENCES], target[:SPEED_SENTENCES], []) for source, target, _ in documents]


def seconds(documents: Sequence[Document], align: Aligner, encoder: Encoder) -> float:
    """The least that one round over all documents took."""
    align(documents[0][0], documents[0][1], encoder)
    taken = []
    for _ in range(SPEED_ROUNDS):
        started = time.perf_counter()
        for source, target, _ in documents:
            align(source, target, encoder)
        taken.append(time.perf_counter() - started)
    return min(taken)


def show_speed(documents: Sequence[Document], encoder: Encoder) -> None:
    print(f"\n## Speed: {len(documents)} documents of up to {SPEED_SENTENCES} sentences a side\n")
    print("| | documents a second, own vectors | ratio | our vectors | ratio |\n|---|---:|---:|---:|---:|")
    own = seconds(documents, ours, encoder)
    rate = len(documents) / own
    print(f"| {OWN} | {rate:.0f} | 1 | {rate:.0f} | 1 |", flush=True)
    for _, peers in itertools.groupby(installed_peers(), key=lambda peer: peer.name):
        peer = list(peers)[-1]
        taken = [seconds(documents, peer.align, one) for one in (StringEncoder(encoder), encoder)]
        cells = (f"{len(documents) / each:.0f} | {each / own:.1f}" for each in taken)
        print(f"| {peer.name} | {' | '.join(cells)} |", flush=True)


def show_curve(pairs: Path, lengths: Sequence[int]) -> None:
    """Each length and system in a process of its own, for its memory."""
    print("\n## Time and memory against length, our vectors lent to all\n")
    print("| sentences a side | system | seconds | ms a sentence | peak MB |\n|---:|---|---:|---:|---:|")
    names = [OWN, *dict.fromkeys(peer.name for peer in installed_peers() if peer.name != "Gale-Church")]
    for length in lengths:
        for name in names:
            call = [sys.executable, __file__, "--one", name, "--length", str(length), "--curve", str(pairs)]
            done = subprocess.run(call, capture_output=True, text=True, check=False)  # noqa: S603
            failed = f"| {length:,} | {name} | failed: {done.stderr.strip()[-80:]} | | |"
            print(done.stdout.strip() or failed, flush=True)


def time_one(pairs: Path, name: str, length: int) -> None:
    encoder = load_encoder()
    with gzip.open(pairs, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in itertools.islice(lines, length)]
    source, target = [row[1] for row in rows], [row[0] for row in rows]
    align: Callable[..., list[Bead]] = ours
    if name != OWN:
        align = next(peer for peer in installed_peers() if peer.name == name).align
    align(source[:20], target[:20], encoder)
    started = time.perf_counter()
    align(source, target, encoder)
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"| {len(source):,} | {name} | {taken:.3g} | {taken / len(source) * 1e3:.2f} | {peak} |")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the public test sets under docs/")
    parser.add_argument("--dev", type=Path, help="folder with beads.jsonl")
    parser.add_argument("--curve", type=Path, metavar="PAIRS", help="measure long texts instead")
    parser.add_argument("--lengths", type=int, nargs="*", default=LENGTHS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--length", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        time_one(asked.curve, asked.one, asked.length)
        return
    if asked.curve:
        show_curve(asked.curve, asked.lengths)
        return
    encoder = load_encoder()
    samples: list[Document] = []
    for name, rows in Sets(asked.data, asked.dev).items():
        found = documents(rows)
        samples = samples or found
        show_quality(name, found, encoder)
    show_speed(speed_documents(samples), encoder)


if __name__ == "__main__":
    main()
