"""What every candidate bead of two texts is worth, before any is chosen.

A bead scores the cosine of its two runs minus what either run has with the rest of the other text on average (the
normalisation of vecalign, Thompson and Koehn 2019), minus a price for unlike lengths. An outer sentence that hardly
raises the cosine costs what is missing; this keeps subheads and short additions from being swallowed by a neighbour.

What this does not do: choose. That is `align.beads`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.vectors import Encoder, Vectors
from corpora.errors import InputError

Floats = npt.NDArray[np.float32]
Shape = tuple[int, int]  # how many source and target sentences a bead has

# Dense tables: ten kinds of bead at 16 million cells are 0.7 GB.
MAX_CELLS = 16_000_000
# In a text of one sentence the mean is the match itself, so the mean over fewer than so many is filled up with what
# two unrelated sentences of the news have in common.
LEAST_MEAN = 4
UNRELATED = 0.1
# Nor do two texts say how long a translation is if one is a paragraph and the other a whole article.
LENGTH_RATIOS = (0.2, 5.0)

# A subhead that newspapers mark so belongs to what follows as a whole; it is not half of a sentence's translation.
SUBHEAD_MARK = re.compile("[◇◆■□●○▼▽▲△★☆]")
SUBHEAD_PRICE = np.float32(1.0)


@dataclass(frozen=True, slots=True)
class AlignOptions:
    """How beads are scored. The numbers were chosen together, by random search, for strict F1, null F1 and crossing
    recall on two hand-made sets: 16 development pairs and the 12 bundled sample pairs.
    """

    max_source: int = 4
    max_target: int = 4
    max_bead: int = 5  # sentences of both sides together
    price: float = 0.06  # what a sentence's match must rise above its background to be worth a bead
    extra_price: float = 0.15  # for each sentence beyond 1-1: merging must pay for itself
    least_gain: float = 0.04  # in cosine, that an outer sentence of a bead must bring
    gain_weight: float = 2.0
    length_weight: float = 0.13
    length_ratio: float | None = None  # target characters a source character; None: measured on the two texts
    crossing_price: float = 0.12  # a bead off the path has position against it
    crossing_bead: int = 3  # sentences of both sides together, for a bead that crosses
    monotonic: bool = False

    def shapes(self) -> list[Shape]:
        """All kinds of bead allowed, 1-1 first, so that ties go to the smaller bead."""
        shapes = [
            (m, n)
            for m in range(1, self.max_source + 1)
            for n in range(1, self.max_target + 1)
            if m + n <= max(2, self.max_bead)
        ]
        return sorted(shapes, key=lambda shape: (sum(shape), shape))


@dataclass(frozen=True, slots=True)
class Scores:
    """What is known of every candidate bead: [shape][i, j] is the bead that starts at source i and target j."""

    cosine: dict[Shape, Floats]
    margin: dict[Shape, Floats]  # cosine minus background
    stretch: dict[Shape, Floats]  # |log| of the length ratio over the one expected
    value: dict[Shape, Floats]  # what the bead adds to a path; a null bead adds 0
    lengths: tuple[Floats, Floats]  # characters of each source and target sentence


def score_beads(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    options: AlignOptions,
    joiners: tuple[str, str] = ("", " "),
) -> Scores:
    """Cosine, margin and value of every candidate bead of two non-empty lists of sentences."""
    if len(source) * len(target) > MAX_CELLS:
        raise InputError(
            f"{len(source)} source and {len(target)} target sentences are too many to align at once "
            f"(at most {MAX_CELLS:,} combinations); split the texts at chapters or sections"
        )
    source_runs = encoder.encode_runs(source, options.max_source, joiner=joiners[0])
    target_runs = encoder.encode_runs(target, options.max_target, joiner=joiners[1])
    shapes = [(m, n) for m, n in options.shapes() if m <= len(source_runs) and n <= len(target_runs)]
    cosine = {(m, n): source_runs[m - 1] @ target_runs[n - 1].T for m, n in shapes}
    margin = {shape: cosine[shape] - _background(source_runs, target_runs, shape) for shape in shapes}
    lengths = [_run_lengths(side, len(runs)) for side, runs in ((source, source_runs), (target, target_runs))]
    measured = float(lengths[1][0].sum()) / float(lengths[0][0].sum())
    ratio = options.length_ratio or min(max(measured, LENGTH_RATIOS[0]), LENGTH_RATIOS[1])
    stretch, value = {}, {}
    for m, n in shapes:
        target_share = lengths[1][n - 1][None, :] / np.float32(ratio)
        stretch[m, n] = np.abs(np.log(target_share / lengths[0][m - 1][:, None]))
        worth = margin[m, n] - options.length_weight * stretch[m, n] - options.price
        value[m, n] = (
            (m + n) / 2 * worth
            - options.extra_price * (m + n - 2)
            - options.gain_weight * _missing_gain(cosine, (m, n), options.least_gain)
            - SUBHEAD_PRICE * _with_subhead(source, m)[:, None]
            - SUBHEAD_PRICE * _with_subhead(target, n)[None, :]
        ).astype(np.float32)
    return Scores(cosine, margin, stretch, value, (lengths[0][0], lengths[1][0]))


def _background(source_runs: list[Vectors], target_runs: list[Vectors], shape: Shape) -> Floats:
    """What a run shares with any sentence of the other text: the mean of both sides' means, (n_src', n_tgt')."""
    m, n = shape
    of_source = _mean_cosine(source_runs[m - 1], target_runs[0])
    of_target = _mean_cosine(target_runs[n - 1], source_runs[0])
    mean: Floats = (of_source[:, None] + of_target[None, :]) / np.float32(2)
    return mean


def _mean_cosine(runs: Vectors, sentences: Vectors) -> Floats:
    """Of each run with all sentences, (n_runs,)."""
    lacking = max(0, LEAST_MEAN - len(sentences))
    total = runs @ sentences.sum(axis=0) + np.float32(lacking * UNRELATED)
    mean: Floats = total / np.float32(len(sentences) + lacking)
    return mean


def _with_subhead(sentences: Sequence[str], size: int) -> npt.NDArray[np.bool_]:
    """Which runs of several sentences hold a marked subhead."""
    marked = [bool(SUBHEAD_MARK.match(sentence)) for sentence in sentences]
    starts = range(len(sentences) - size + 1)
    return np.array([size > 1 and any(marked[i : i + size]) for i in starts])


def _run_lengths(sentences: Sequence[str], longest: int) -> list[Floats]:
    """Characters of all runs of 1 ... `longest` sentences; never 0."""
    ends = np.concatenate([[0], np.cumsum([max(1, len(s)) for s in sentences])])
    return [(ends[k:] - ends[:-k]).astype(np.float32) for k in range(1, longest + 1)]


def _missing_gain(cosine: dict[Shape, Floats], shape: Shape, least: float) -> Floats:
    """How far each bead's outer sentences fall short of raising its cosine by `least`, summed over them."""
    m, n = shape
    whole = cosine[shape]
    missing = np.zeros_like(whole)
    if m > 1:
        without = cosine[m - 1, n]
        for shorter in (without[1:], without[:-1]):
            missing += np.maximum(0, least - (whole - shorter))
    if n > 1:
        without = cosine[m, n - 1]
        for shorter in (without[:, 1:], without[:, :-1]):
            missing += np.maximum(0, least - (whole - shorter))
    return missing
