"""Everything the aligner knows of every candidate bead, as named numbers that are weighed later.

Each piece is a matrix with a row for each run of source sentences and a column for each run of target sentences:

- similarity: the cosine of the two runs, and its margin over what either has with the rest of the other text on
  average (Thompson and Koehn 2019)
- length: how far the ratio of characters is from the two texts' own
- kind: how many sentences on either side
- gain: what an outer sentence of a run falls short of adding to the cosine; it keeps subheads and short additions from
  being swallowed by a neighbour
- rivals: how far the bead leads over any other sentence that its sentences could belong to
- words: the share of either side's words that the other has a counterpart for, and what an outer sentence brings of
  its own (`align.words`)
- numbers: figures shared with the other side, and figures lost to another sentence (`align.figures`)
- position: the beginnings and the ends of both texts, and the distance from the diagonal

Most come in steps, so that a weighted sum of them can bend. What this does not do: weigh (`align.scoring`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from align.figures import shared_figures
from align.runs import Floats, Runs, run_vectors
from align.vectors import Vectors
from align.words import FEW_WORDS, Matches

# In a text of one sentence the mean is the match itself, so the mean over fewer than so many is filled up with what
# two unrelated sentences of the news have in common.
LEAST_MEAN = 4
UNRELATED = 0.1
# Nor do two texts say how long a translation is if one is a paragraph and the other a whole article.
LENGTH_RATIOS = (0.2, 5.0)
# A subhead that newspapers mark so belongs to what follows as a whole; it is not half of a sentence's translation.
SUBHEAD_MARK = re.compile("[◇◆■□●○▼▽▲△★☆【〈《▶]")
QUOTES = '"“”「」『』'
GAINS = (0.0, 0.04, 0.1)  # in cosine
UNIQUE = 0.15  # share of an outer sentence's words
NO_RIVAL = -0.2  # margin of a rival where there is no other sentence
KINDS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2))
LARGE = 5  # sentences of a bead, both sides together


class Evidence(NamedTuple):
    """`values` (source runs, target runs) or what numpy makes that of; `term` is what it counts as when explained."""

    term: str
    name: str
    values: Floats


@dataclass(frozen=True, slots=True)
class Text:
    """One side: sentences, runs, their unit vectors (r, d), and whether both its ends are those of the whole text."""

    sentences: Sequence[str]
    runs: Runs
    vectors: Vectors
    opens: bool = True
    closes: bool = True

    @classmethod
    def of(cls, sentences: Sequence[str], by_size: Sequence[Vectors], edges: tuple[bool, bool] = (True, True)) -> Text:
        """From what `Encoder.encode_runs` gives."""
        return cls(sentences, Runs.of(len(sentences), len(by_size)), run_vectors(by_size), *edges)

    def distinct(self) -> Vectors:
        """(u, d) of the sentences, each text once, so that a refrain is not the background of itself."""
        first = {sentence: at for at, sentence in reversed(list(enumerate(self.sentences)))}
        return self.vectors[sorted(first.values())]

    def lengths(self) -> Floats:
        """(r,) characters of each run, never 0."""
        return self.runs.reduced(np.add, np.array([max(1, len(s)) for s in self.sentences], dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Basis:
    """What most of the evidence is made of: (source runs, target runs) but for `lengths`, one (r,) a side."""

    cosine: Floats
    margin: Floats
    stretch: Floats  # log of the length ratio over the one expected; positive where the target side is long
    lengths: tuple[Floats, Floats]


def basis(source: Text, target: Text, *, length_ratio: float | None = None) -> Basis:
    """Cosines, margins and lengths. `length_ratio` is target characters a source character; None: as in the texts."""
    cosine = source.vectors @ target.vectors.T
    of_source = _mean_cosine(source.vectors, target.distinct())
    of_target = _mean_cosine(target.vectors, source.distinct())
    margin = cosine - (of_source[:, None] + of_target[None, :]) / np.float32(2)
    lengths = source.lengths(), target.lengths()
    whole = [side[: text.runs.count].sum() for side, text in zip(lengths, (source, target), strict=True)]
    ratio = length_ratio or min(max(float(whole[1]) / float(whole[0]), LENGTH_RATIOS[0]), LENGTH_RATIOS[1])
    stretch = np.log(lengths[1] / np.float32(ratio))[None, :] - np.log(lengths[0])[:, None]
    return Basis(cosine, margin, stretch, lengths)


def _mean_cosine(runs: Vectors, sentences: Vectors) -> Floats:
    """Of each run with all sentences, (r,)."""
    lacking = max(0, LEAST_MEAN - len(sentences))
    total = runs @ sentences.sum(axis=0) + np.float32(lacking * UNRELATED)
    mean: Floats = total / np.float32(len(sentences) + lacking)
    return mean


def gather(source: Text, target: Text, known: Basis, words: tuple[Matches, Matches] | None) -> Iterator[Evidence]:
    """All evidence, piece by piece; without `words` where the two languages have no dictionary."""
    size: Floats = (source.runs.sizes[:, None] + target.runs.sizes[None, :]) * np.float32(0.5)
    yield from _similarity(known, size)
    yield from _kinds(source, target, size)
    yield from _gains(known.cosine, source.runs, target.runs)
    yield from _rivals(known.margin, source.runs, target.runs)
    yield from _subheads(source, target)
    yield from _quotations(source, target)
    yield from _positions(source, target)
    yield from _numbers(source, target)
    if words:
        yield from _words(source.runs, target.runs, words, size)


def _similarity(known: Basis, size: Floats) -> Iterator[Evidence]:
    yield Evidence("similarity", "cosine", known.cosine * size)
    yield Evidence("similarity", "margin", known.margin * size)
    yield Evidence("similarity", "margin below .3", np.maximum(0, 0.3 - known.margin) * size)
    yield Evidence("similarity", "margin above .5", np.maximum(0, known.margin - 0.5) * size)
    yield Evidence("length", "stretch", np.abs(known.stretch) * size)
    yield Evidence("length", "stretch squared", np.minimum(known.stretch**2, 4) * size)


def _kinds(source: Text, target: Text, size: Floats) -> Iterator[Evidence]:
    yield Evidence("kind", "size", size)
    sizes = source.runs.sizes[:, None], target.runs.sizes[None, :]
    for m, n in KINDS:
        yield Evidence("kind", f"{m}-{n}", ((sizes[0] == m) & (sizes[1] == n)).astype(np.float32))
    yield Evidence("kind", "large", (sizes[0] + sizes[1] >= LARGE).astype(np.float32))


def _gains(cosine: Floats, source: Runs, target: Runs) -> Iterator[Evidence]:
    """How far the outer sentences of each side fall short of each step, summed over both ends."""
    for side, gains, several in (
        ("source", [cosine - cosine[rest] for rest in _remains(source)], source.over(1)[:, None]),
        ("target", [cosine - cosine[:, rest] for rest in _remains(target)], target.over(1)[None, :]),
    ):
        for step in GAINS:
            short = np.maximum(0, step - gains[0]) + np.maximum(0, step - gains[1])
            yield Evidence("gain", f"{side} short of {step:g}", short * several)


def _remains(runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    return runs.without_first, runs.without_last


def _rivals(margin: Floats, source: Runs, target: Runs) -> Iterator[Evidence]:
    """The lead of a bead's sentences over what each could belong to instead: the least of them, and their sum."""
    single = margin[: source.count, : target.count]
    for side, lead in (
        ("source", source.reduced(np.minimum, (leads := _leads(single, target)).T).T),
        ("target", target.reduced(np.minimum, (back := _leads(single.T, source)).T)),
    ):
        yield Evidence("rivals", f"{side} least", np.clip(lead, -0.3, 0.3))
        yield Evidence("rivals", f"{side} behind", np.minimum(0, lead))
    yield Evidence("rivals", "source sum", np.clip(source.reduced(np.add, leads.T).T, -0.5, 0.5))
    yield Evidence("rivals", "target sum", np.clip(target.reduced(np.add, back.T), -0.5, 0.5))


def _leads(margin: Floats, other: Runs) -> Floats:
    """(n, other runs): the best margin of each sentence inside the run, minus the best one outside."""
    before = np.full((len(margin), other.count + 1), NO_RIVAL, dtype=np.float32)
    after = before.copy()
    np.maximum.accumulate(margin, axis=1, out=before[:, 1:])
    after[:, :-1] = np.maximum.accumulate(margin[:, ::-1], axis=1)[:, ::-1]
    outside = np.maximum(before[:, other.starts], after[:, other.starts + other.sizes])
    return other.reduced(np.maximum, margin) - outside


def _subheads(source: Text, target: Text) -> Iterator[Evidence]:
    shape = len(source.runs.sizes), len(target.runs.sizes)
    marked = [np.array([bool(SUBHEAD_MARK.match(s)) for s in text.sentences]) for text in (source, target)]
    counts = [
        text.runs.reduced(np.add, marks.astype(np.float32))
        for text, marks in zip((source, target), marked, strict=True)
    ]
    several = source.runs.over(1), target.runs.over(1)
    for side, axis, count, many in (("source", 1, counts[0], several[0]), ("target", 0, counts[1], several[1])):
        swallowed = np.expand_dims(count * many, axis)
        yield Evidence("kind", f"{side} subhead in a run", np.broadcast_to(swallowed, shape))
    alone = ((counts[0] > 0)[:, None] | (counts[1] > 0)[None, :]) & ~several[0][:, None] & ~several[1][None, :]
    yield Evidence("kind", "subhead alone", alone.astype(np.float32))


def _quotations(source: Text, target: Text) -> Iterator[Evidence]:
    """How many ends of sentences inside a run have a quotation going on across them."""
    shape = len(source.runs.sizes), len(target.runs.sizes)
    for side, text, axis in (("source", source, 1), ("target", target, 0)):
        before = np.cumsum(_continued(text.sentences), dtype=np.float32)
        inside = before[text.runs.starts + text.runs.sizes - 1] - before[text.runs.starts]
        yield Evidence("quotations", side, np.broadcast_to(np.expand_dims(inside, axis), shape))


def _continued(sentences: Sequence[str]) -> Floats:
    """(n,) 1 where a sentence goes on with the quotation of the one before, or seems to."""
    found = np.zeros(len(sentences), dtype=np.float32)
    if not any(mark in text for text in ["".join(sentences)] for mark in QUOTES):
        return found
    open_marks, quoted = 0, False
    for at, sentence in enumerate(sentences):
        found[at] = open_marks > 0 or (quoted and sentence[:1] in QUOTES)
        quoted = any(mark in sentence for mark in QUOTES)
        open_marks = max(0, open_marks + sum(map(sentence.count, "“「『")) - sum(map(sentence.count, "”」』")))
        if straight := sentence.count('"'):
            open_marks = (open_marks + straight) % 2
    return found


def _positions(source: Text, target: Text) -> Iterator[Evidence]:
    sides = [text.runs for text in (source, target)]
    opening = [text.opens & (text.runs.starts == 0) for text in (source, target)]
    closing = [text.closes & (text.runs.starts + text.runs.sizes == text.runs.count) for text in (source, target)]
    yield Evidence("position", "both open", (opening[0][:, None] & opening[1][None, :]).astype(np.float32))
    yield Evidence("position", "one opens", (opening[0][:, None] ^ opening[1][None, :]).astype(np.float32))
    yield Evidence("position", "both close", (closing[0][:, None] & closing[1][None, :]).astype(np.float32))
    middles = [(runs.starts + runs.sizes / 2) / runs.count for runs in sides]
    yield Evidence("position", "off the diagonal", np.abs(middles[0][:, None] - middles[1][None, :]).astype(np.float32))


def _numbers(source: Text, target: Text) -> Iterator[Evidence]:
    own, other, weights = shared_figures(source.sentences, target.sentences)
    sides = [
        runs.reduced(np.maximum, table.T).T for runs, table in ((source.runs, own), (target.runs, other))
    ]  # (r, f)
    shared = np.asarray((sides[0] * weights) @ sides[1].T, dtype=np.float32)
    yield Evidence("numbers", "shared", shared)
    totals = [np.asarray(side @ weights, dtype=np.float32) for side in sides]
    yield Evidence("numbers", "source lost", totals[0][:, None] - shared)
    yield Evidence("numbers", "target lost", totals[1][None, :] - shared)


def _words(source: Runs, target: Runs, words: tuple[Matches, Matches], size: Floats) -> Iterator[Evidence]:
    covered = words[0].covered(source, target), words[1].covered(target, source).T
    totals = [matches.totals(runs) + FEW_WORDS for matches, runs in zip(words, (source, target), strict=True)]
    shares: tuple[Floats, Floats] = covered[0] / totals[0][:, None], covered[1] / totals[1][None, :]
    yield Evidence("words", "source covered", shares[0] * size)
    yield Evidence("words", "target covered", shares[1] * size)
    yield Evidence("words", "both covered", np.minimum(*shares) * size)
    for side, brought, several in (
        ("source", _brought(covered[1], source, totals[0]), source.over(1)[:, None]),
        ("target", [b.T for b in _brought(covered[0].T, target, totals[1])], target.over(1)[None, :]),
    ):
        short = np.maximum(0, UNIQUE - brought[0]) + np.maximum(0, UNIQUE - brought[1])
        yield Evidence("words", f"{side} least brought", np.minimum(*brought) * several)
        yield Evidence("words", f"{side} brought short", short * several)


def _brought(covered: Floats, runs: Runs, totals: Floats) -> list[Floats]:
    """What of the other side's words each outer sentence of a run alone accounts for, by its own weight.

    `covered` is of the other side's words, by (runs, other runs).
    """
    last = runs.starts + runs.sizes - 1  # single runs come first, in the order of the text
    return [
        (covered - covered[runs.without_first]) / totals[runs.starts][:, None],
        (covered - covered[runs.without_last]) / totals[last][:, None],
    ]
