#!/usr/bin/env python3
"""Measure the checks of fidelity: errors found, correct translations flagged, pairs a second; beside simpler rules.

    python scripts/benchmark.py fidelity --dev DEV --data DATA [--each N]

DEV is the folder with `fidelity.jsonl`, DATA the one with `docs/`. It prints

- of the development set, which errors are found, by kind, and how many of the faithful pairs are flagged;
- of the news sets, how many correct pairs each check flags, of all documents and of those that no bar was set on;
- of errors put into the latter (`seed_errors.py`, N of each kind and set), precision and recall by check, where
  precision is over the wrong pairs and the same pairs as they were;
- what the ratio of lengths and the cosine of the bundled encoder find of them while they flag as many correct pairs as
  the checks of that kind do, and what comparing digits finds and flags;
- pairs a second on one core (faithful development pairs, news), beside comparing digits.

No rival's program is run: commercial checkers compare digits in like ways, but are not to be had here.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from fit_leftover import own_half
from seed_errors import ERRORS, Seeded, samples, seeded

from align.encoder import load_encoder
from align.fidelity import NAMES, CheckOptions, check_pairs
from align.quantity import narrow
from corpora.bitext import TextPair
from corpora.jsonlines import read_rows
from corpora.records import Finding

NEWS = ("wmt21_jaen", "ntrex_ja")
VALUES = frozenset(["number", "date", "unit"])
EACH = 300
TIMED, RUNS = 512, 15
# Which checks count as having found an error of a kind; a mistranslated word has no check of its own.
OWN = {error: frozenset([error]) for error in ERRORS} | {
    "unrelated": frozenset(["mistranslation"]),
    "word": frozenset(["mistranslation", "polarity", "name", "attribution"]),
    "number": VALUES,
    "date": VALUES,
    "unit": VALUES,
}
Score = Callable[[Sequence[tuple[str, str]]], "np.ndarray"]


def found_in(pairs: Iterable[tuple[str, str, str | None]]) -> list[list[Finding]]:
    """The findings of each (source, target, date)."""
    texts = (TextPair(str(at), *pair) for at, pair in enumerate(pairs))
    return [findings for _, findings in check_pairs(texts)]


def development(dev: Path) -> None:
    rows = [row for _, row in read_rows(dev / "fidelity.jsonl")]
    found = found_in((str(row["ja"]), str(row["en"]), str(row["date"])) for row in rows)
    kinds = Counter(str(row["error"] or "faithful") for row in rows)
    flagged = Counter(str(row["error"] or "faithful") for row, findings in zip(rows, found, strict=True) if findings)
    print(f"\ndevelopment set: {len(rows)} pairs\n")
    for kind, count in sorted(kinds.items(), key=lambda item: (item[0] == "faithful", item[0])):
        print(f"  {kind:<18} {flagged[kind]:>4} of {count:<4} {flagged[kind] / count:.3f}")
    for row, findings in zip(rows, found, strict=True):
        if bool(findings) == (row["error"] is None):
            said = "; ".join(finding.message for finding in findings)
            print(f"  {'flagged' if findings else 'missed'} {row['id']} {row['error'] or ''} {row['detail']} {said}")


def correct(data: Path) -> None:
    print("\ncorrect news translations flagged, per cent of pairs\n")
    print(f"  {'':<34}{'pairs':>6} {'any':>6} " + " ".join(f"{name[:8]:>8}" for name in NAMES))
    for name_of_set in NEWS:
        every = samples(data, name_of_set)
        parts = {
            "all": every,
            "documents without a bar set on": [one for one in every if not own_half(one)],
            "with digits": [one for one in every if re.search(r"\d", one.source + one.target)],
        }
        for part, chosen in parts.items():
            found = found_in((one.source, one.target, None) for one in chosen)
            by_check = [sum(any(f.check == name for f in findings) for findings in found) for name in NAMES]
            line = " ".join(f"{count / len(chosen):>8.2%}" for count in by_check)
            any_of = sum(map(bool, found)) / len(chosen)
            print(f"  {f'{name_of_set}, {part}'[:42]:<42}{len(chosen):>6} {any_of:>6.2%} {line}")
            if part == "with digits":
                values = sum(any(f.check in VALUES for f in findings) for findings in found) / len(chosen)
                digits = float(np.mean(digit_mismatch([(one.source, one.target) for one in chosen])))
                print(f"  {'':<42}numbers, dates, units {values:.2%}; comparing digits {digits:.2%}")


def digit_mismatch(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """1 where the digit strings of both sides differ."""
    strings = re.compile(r"\d+(?:[.,]\d+)*")
    sides = [[Counter(strings.findall(narrow(text))) for text in pair] for pair in pairs]
    return np.array([float(source != target) for source, target in sides])


def length_ratio(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """How far the ratio of lengths is from the usual one."""
    ratios = np.array([np.log((len(target) + 10) / (len(source) * 2.6 + 10)) for source, target in pairs])
    return np.abs(ratios)


def dissimilarity(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Minus the cosine of the bundled encoder."""
    encoder = load_encoder()
    source, target = (encoder.encode([pair[side] for pair in pairs]) for side in (0, 1))
    return -np.einsum("ij,ij->i", source, target)


RIVALS: dict[str, Score] = {"length": length_ratio, "cosine": dissimilarity}


def errors(data: Path, each: int) -> None:
    print("\nerrors put into news translations that no bar was set on\n")
    heads = f"{'pairs':>6} {'found':>7} {'by own':>7} {'precision':>10}   at as many flags: {', '.join(RIVALS)}"
    print(f"  {'':<12}{heads}   digits: found, flagged")
    total = 0
    for error, maker in ERRORS.items():
        made: list[Seeded] = []
        for name_of_set in NEWS:
            held = [one for one in samples(data, name_of_set) if not own_half(one)]
            made += seeded(held, maker, each=each)
        total += len(made)
        wrong = found_in((one.source, one.target, None) for one in made)
        right = found_in((one.sample.source, one.sample.target, None) for one in made)
        hits, alarms = (
            sum(any(f.check in OWN[error] for f in findings) for findings in side) for side in (wrong, right)
        )
        flagged = sum(map(bool, wrong)) / len(made)
        rivals = [_at_as_many(score, made, alarms) for score in RIVALS.values()]
        both = [(one.source, one.target) for one in made], [(one.sample.source, one.sample.target) for one in made]
        digits = [float(np.mean(digit_mismatch(side))) for side in both]
        precision = hits / max(1, hits + alarms)
        print(
            f"  {error:<12}{len(made):>6} {flagged:>7.3f} {hits / len(made):>7.3f} {precision:>10.3f}"
            f"{'':<22}" + "   ".join(f"{one:.3f}" for one in rivals) + f"{'':<11}{digits[0]:.3f}, {digits[1]:.3f}"
        )
    print(f"  {total} errors in all")


def _at_as_many(score: Score, made: Sequence[Seeded], alarms: int) -> float:
    """Share of the errors that a score finds where it flags as many of the pairs as they were."""
    right = np.sort(score([(one.sample.source, one.sample.target) for one in made]))
    wrong = score([(one.source, one.target) for one in made])
    return float(np.mean(wrong > right[-alarms - 1]))


def speed(dev: Path, data: Path) -> None:
    """On one core, since numpy is told so by OMP_NUM_THREADS; the best of some runs, since others disturb."""
    print("\npairs a second\n")
    rows = (row for _, row in read_rows(dev / "fidelity.jsonl") if row["error"] is None)
    sets = {"dev": [TextPair(str(row["id"]), str(row["ja"]), str(row["en"])) for row in rows] * 4}
    for name_of_set in NEWS:
        sets[name_of_set] = [TextPair(one.id, one.source, one.target) for one in samples(data, name_of_set)][:TIMED]
    for name_of_set, pairs in sets.items():
        texts = [(pair.source, pair.target) for pair in pairs]
        rates = [
            len(pairs) / min(_seconds(timed) for _ in range(RUNS))
            for timed in (
                lambda pairs=pairs: list(check_pairs(pairs)),
                lambda pairs=pairs: list(check_pairs(pairs, options=CheckOptions(VALUES))),
                lambda texts=texts: digit_mismatch(texts),
            )
        ]
        characters = sum(map(len, chain.from_iterable(texts))) / len(texts)
        print(
            f"  {name_of_set:<12} ({characters:.0f} characters a pair) all {rates[0]:,.0f}, "
            f"numbers, dates, units {rates[1]:,.0f}, digits {rates[2]:,.0f}"
        )


def _seconds(timed: Callable[[], object]) -> float:
    started = time.process_time()
    timed()
    return time.process_time() - started


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--each", type=int, default=EACH, help=f"errors of each kind and set (default {EACH})")
    arguments = parser.parse_args(given)
    development(arguments.dev)
    correct(arguments.data)
    errors(arguments.data, arguments.each)
    speed(arguments.dev, arguments.data)


if __name__ == "__main__":
    main()
