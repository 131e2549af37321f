"""Other aligners on our encoder's vectors: whichever of them are installed.

- Gale-Church (1993), written out here: lengths and nothing else
- vecalign (Thompson and Koehn 2019), in the packaging that keeps its dynamic programme: `pip install sentalign`
- Bertalign (Liu and Zhu 2022): `pip install bertalign faiss-cpu numba`, of which only the two passes are used

Each is a function from two lists of sentences and an encoder to beads. Vectors of runs come from the encoder's
`encode_runs`, so that every system sees the same ones. Where a peer has a setting that says how readily it leaves a
sentence out, the benchmark tries several and shows the best, which is more than a user of theirs gets.

What this does not do: SentAlign (Steingrimsson 2023), which is a script around a GPU and no package; the `sentalign`
of the package index is vecalign.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from scipy.stats import norm

from align.paths import best_path
from align.vectors import Encoder, Vectors
from corpora.records import Bead

Aligner = Callable[[Sequence[str], Sequence[str], Encoder], list[Bead]]
VECALIGN_SIZES = 8  # sentences of both sides together, vecalign's default
BERTALIGN_SIZES = 5  # likewise Bertalign's
# Gale and Church 1993, table 5 and section 4.2; each of two mirrored kinds gets half of what both have.
GALE_CHURCH_PRIORS = {
    (1, 1): 0.89,
    (1, 0): 0.0099 / 2,
    (0, 1): 0.0099 / 2,
    (2, 1): 0.0445,
    (1, 2): 0.0445,
    (2, 2): 0.011,
}
GALE_CHURCH_VARIANCE = 6.8


@dataclass(frozen=True)
class Peer:
    """One system with one setting."""

    name: str
    setting: str
    align: Aligner


def installed_peers() -> Iterator[Peer]:
    """The systems found here, each with all settings to try."""
    for factor in (1.0, 2.0, 4.0):
        yield Peer("Gale-Church", f"nulls / {factor:g}", lambda s, t, _, factor=factor: gale_church(s, t, factor))
    if importlib.util.find_spec("sentalign"):
        for share in (0.05, 0.1, 0.2, 0.4, 0.6):
            yield Peer("vecalign", f"deletions {share}", lambda s, t, e, share=share: vecalign(s, t, e, share))
    if importlib.util.find_spec("bertalign") and importlib.util.find_spec("faiss"):
        for skip in (-0.1, 0.0, 0.05, 0.1, 0.2):
            yield Peer("Bertalign", f"skip {skip}", lambda s, t, e, skip=skip: bertalign(s, t, e, skip))


def gale_church(source: Sequence[str], target: Sequence[str], null_factor: float = 1.0) -> list[Bead]:
    """By lengths in characters alone: the priors and variance of the paper, the length ratio of the two texts.

    Everything is counted from leaving both sides out, so that `best_path`, where nulls add nothing, finds the best.
    """
    lengths = [np.array([max(1, len(sentence)) for sentence in side], dtype=np.float64) for side in (source, target)]
    ratio = lengths[1].sum() / lengths[0].sum()
    sums = [np.concatenate([[0.0], np.cumsum(side)]) for side in lengths]

    def cost(kind: tuple[int, int], source_length: Any, target_length: Any) -> Any:
        middle = (source_length + target_length / ratio) / 2
        deviation = np.abs(target_length - source_length * ratio) / np.sqrt(middle * GALE_CHURCH_VARIANCE)
        return -np.log(GALE_CHURCH_PRIORS[kind]) - np.log(np.maximum(2 * norm.sf(deviation), 1e-300))

    lone = [cost((1, 0), lengths[0], 0.0) / null_factor, cost((0, 1), 0.0, lengths[1]) / null_factor]
    saved = [np.concatenate([[0.0], np.cumsum(side)]) for side in lone]
    value = {}
    for m, n in ((1, 1), (1, 2), (2, 1), (2, 2)):
        if m <= len(source) and n <= len(target):
            runs = [side[size:] - side[:-size] for side, size in zip(sums, (m, n), strict=True)]
            nulls = [side[size:] - side[:-size] for side, size in zip(saved, (m, n), strict=True)]
            instead = nulls[0][:, None] + nulls[1][None, :]
            value[m, n] = (instead - cost((m, n), runs[0][:, None], runs[1][None, :])).astype(np.float32)
    beads = best_path(value, len(source), len(target))
    taken = [{i for bead in beads for i in bead.source}, {j for bead in beads for j in bead.target}]
    nulls = [Bead((i,), ()) for i in range(len(source)) if i not in taken[0]]
    return beads + nulls + [Bead((), (j,)) for j in range(len(target)) if j not in taken[1]]


def overlaps(sentences: Sequence[str], encoder: Encoder, longest: int) -> Vectors:
    """(longest, n, d): entry k - 1 at i is the run of k sentences that ends at i, as vecalign and Bertalign want it."""
    runs = encoder.encode_runs(sentences, longest)
    table = np.zeros((longest, len(sentences), runs[0].shape[1]), dtype=np.float32)
    for size, vectors in enumerate(runs, start=1):
        table[size - 1, size - 1 :] = vectors
    return table


def vecalign(source: Sequence[str], target: Sequence[str], encoder: Encoder, deletion_share: float = 0.2) -> list[Bead]:
    """Its defaults, save how large a share of random costs a deletion costs."""
    module = importlib.import_module("sentalign.dp_utils")
    np.random.seed(42)  # vecalign draws from the global generator
    longest = VECALIGN_SIZES - 1
    vectors = [overlaps(side, encoder, longest) for side in (source, target)]
    found = module.vecalign(
        vecs0=vectors[0],
        vecs1=vectors[1],
        final_alignment_types=module.make_alignment_types(VECALIGN_SIZES),
        del_percentile_frac=deletion_share,
        width_over2=VECALIGN_SIZES // 2 + 5,
        max_size_full_dp=300,
        costs_sample_size=20_000,
        num_samps_for_norm=100,
    )
    return [Bead(tuple(map(int, s)), tuple(map(int, t))) for s, t in found[0]["final_alignments"]]


def bertalign(source: Sequence[str], target: Sequence[str], encoder: Encoder, skip: float = -0.1) -> list[Bead]:
    """Both passes with its defaults (top 3, window 5, margin, length penalty), save the score of a skip."""
    core = bertalign_core()
    longest = BERTALIGN_SIZES - 1
    vectors = [overlaps(side, encoder, longest) for side in (source, target)]
    lengths = [_byte_lengths(side, longest) for side in (source, target)]
    n, m = len(source), len(target)
    distance, index = core.find_top_k_sents(vectors[0][0], vectors[1][0], k=3)
    kinds = core.get_alignment_types(2)
    width, path = core.find_first_search_path(n, m)
    pointers = core.first_pass_align(n, m, width, path, kinds, distance, index)
    first = core.first_back_track(n, m, pointers, path, kinds) or [(n, m)]
    kinds = core.get_alignment_types(BERTALIGN_SIZES)
    width, path = core.find_second_search_path(first, 5, n, m)
    ratio = lengths[0][0].sum() / lengths[1][0].sum()
    pointers = core.second_pass_align(
        *vectors, *lengths, width, path, kinds, ratio, skip, margin=True, len_penalty=True
    )
    found = core.second_back_track(n, m, pointers, path, kinds)
    return [Bead(tuple(map(int, s)), tuple(map(int, t))) for s, t in found]


def _byte_lengths(sentences: Sequence[str], longest: int) -> np.ndarray:
    """(longest, n): bytes of the run of k sentences that ends at i, joined by a space."""
    lengths = np.ones((longest, len(sentences)), dtype=np.int64)
    own = np.array([max(1, len(s.encode(errors="replace"))) for s in sentences])
    for size in range(1, longest + 1):
        for end in range(size, len(sentences) + 1):
            lengths[size - 1, end - 1] = own[end - size : end].sum() + size - 1
    return lengths


def bertalign_core() -> ModuleType:
    """`bertalign.corelib` without its package, which loads a model from the hub when it is imported."""
    if "bertalign.corelib" not in sys.modules:
        spec = importlib.util.find_spec("bertalign")
        assert spec
        assert spec.submodule_search_locations
        file = Path(spec.submodule_search_locations[0]) / "corelib.py"
        core = importlib.util.spec_from_file_location("bertalign.corelib", file)
        assert core
        assert core.loader
        module = importlib.util.module_from_spec(core)
        sys.modules["bertalign.corelib"] = module
        core.loader.exec_module(module)
    return sys.modules["bertalign.corelib"]
