"""How well an encoder finds translations: of each text its nearest neighbour among all texts of the other language.

This is the accuracy that bitext mining is judged by (Tatoeba, NTREX). Beside the plain cosine the margin is counted,
where a neighbour that is near to everything counts for less (Artetxe and Schwenk 2019, in its form of differences).
What this does not do: align. `taiyaku eval --encoder NAME` scores whole alignments.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from align.vectors import Encoder, Vectors
from corpora.errors import NoUsableInput
from corpora.samples import sample_gold

LEAST_PAIRS = 10  # below that, accuracy says nothing
NEIGHBOURS = 4  # of the margin, as in the paper
BLOCK = 1024  # rows of the similarity matrix held at once

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares of texts, 0 to 1, whose nearest neighbour is their translation, and what it cost.

    `first_s`: seconds until the first text was encoded, loading included. `sentences_per_s` is None where vectors came
    from a cache. `peak_mb`: the most memory this process has held.
    """

    pairs: int
    to_target: float
    to_source: float
    margin_to_target: float
    margin_to_source: float
    first_s: float
    sentences_per_s: float | None
    peak_mb: int | None


def measure(encoder: Encoder, pairs: Pairs) -> Measured:
    """Retrieval accuracy of an encoder on translated pairs. Raises NoUsableInput where there are too few.

    >>> from align.encoder import load_encoder
    >>> measure(load_encoder(), sample_pairs()).to_target > 0.9
    True
    """
    pairs = list(dict.fromkeys(pairs))
    if len(pairs) < LEAST_PAIRS:
        raise NoUsableInput(
            f"{len(pairs)} different pairs are too few to measure an encoder by; give {LEAST_PAIRS} or more"
        )
    source_texts, target_texts = (list(texts) for texts in zip(*pairs, strict=True))
    started = time.perf_counter()
    encoder.encode(source_texts[:1])
    first_s = time.perf_counter() - started
    started = time.perf_counter()
    source, target = encoder.encode(source_texts), encoder.encode(target_texts)
    seconds = time.perf_counter() - started
    half = np.float32(0.5)
    means = [half * _neighbour_means(source, target), half * _neighbour_means(target, source)]
    return Measured(
        len(pairs),
        _accuracy(source, target, target_texts),
        _accuracy(target, source, source_texts),
        _accuracy(source, target, target_texts, discount=means[1]),
        _accuracy(target, source, source_texts, discount=means[0]),
        first_s,
        2 * len(pairs) / seconds,
        _peak_mb(),
    )


def _accuracy(
    queries: Vectors, candidates: Vectors, texts: Sequence[str], *, discount: npt.NDArray[np.float32] | None = None
) -> float:
    """Share of queries whose best candidate is the one of the same row, or one with the same text."""
    best: list[int] = []
    for start in range(0, len(queries), BLOCK):
        alike = queries[start : start + BLOCK] @ candidates.T
        best += np.argmax(alike if discount is None else alike - discount, axis=1).tolist()
    return sum(texts[found] == texts[i] for i, found in enumerate(best)) / len(best)


def _neighbour_means(queries: Vectors, candidates: Vectors) -> npt.NDArray[np.float32]:
    """(queries,): the mean cosine of each query with its nearest candidates."""
    count = min(NEIGHBOURS, len(candidates))
    means = [
        np.partition(queries[start : start + BLOCK] @ candidates.T, -count, axis=1)[:, -count:].mean(axis=1)
        for start in range(0, len(queries), BLOCK)
    ]
    return np.concatenate(means)


def _peak_mb() -> int | None:
    """The most memory this process has held; None where the system does not say."""
    try:  # Linux: what `resource` says there may be the memory of the process that started this one
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return round(int(status.partition("VmHWM:")[2].split()[0]) / 1e3)
    except (OSError, IndexError):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))


def sample_pairs() -> list[tuple[str, str]]:
    """The sentences of the bundled sample pages that are translations one to one."""
    pairs = []
    with sample_gold() as folder:
        for path in sorted(folder.glob("s*.json")):
            gold = json.loads(path.read_text(encoding="utf-8"))
            source, target = (gold[side]["sentences"] for side in ("source", "target"))
            pairs += [(source[i[0]], target[j[0]]) for i, j in gold["beads"] if len(i) == len(j) == 1]
    return pairs
