"""What every candidate bead of two texts is worth, before any is chosen.

A bead's value is the weighted sum of its evidence (`align.evidence`): the log-odds that a path of beads goes through
it rather than leave its sentences alone. `scripts/fit_aligner.py` learns the weights from articles with known beads
and writes them beside this module.

What this does not do: choose. That is `align.choosing`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from align.encoder import load_encoder
from align.evidence import Basis, Evidence, Text, basis, gather
from align.paths import Shape
from align.runs import Floats
from align.subwords import Bags
from align.table import BUNDLED, StaticEncoder
from align.vectors import Encoder
from align.words import Matches, match_words
from corpora.records import Bead
from corpora.tables import joiner

WEIGHTS = Path(__file__).with_name("weights.json")
# The languages the bundled table translates words between.
DICTIONARY = frozenset(("ja", "en"))
WHOLE = ((True, True), (True, True))


@dataclass(frozen=True, slots=True)
class AlignOptions:
    """Which beads may be chosen. `max_bead` is sentences of both sides together."""

    max_source: int = 4
    max_target: int = 4
    max_bead: int = 5
    # False leaves as few sentences alone as the allowed beads permit (in long texts: stretch by stretch), and lets no
    # bead cross.
    nulls: bool = True
    monotonic: bool = False
    length_ratio: float | None = None  # target characters a source character; None: measured on the two texts

    def shapes(self) -> list[Shape]:
        """All kinds of bead allowed, small ones first, so that ties go to the smaller bead."""
        # Whoever asks for longer runs than the default gets them, against a single sentence.
        largest = max(2, self.max_bead, *(n + 1 for n in (self.max_source, self.max_target) if n > 4))
        shapes = [
            (m, n) for m in range(1, self.max_source + 1) for n in range(1, self.max_target + 1) if m + n <= largest
        ]
        return sorted(shapes, key=lambda shape: (sum(shape), shape))


@dataclass(frozen=True, slots=True)
class Scores:
    """Two texts, what is known of their candidate beads, and each one's value (source runs, target runs)."""

    source: Text
    target: Text
    known: Basis
    words: tuple[Matches, Matches] | None  # None where there is no dictionary for the two languages
    value: Floats

    def at(self, source: Sequence[int], target: Sequence[int]) -> tuple[int, int]:
        """Row and column of a bead's runs."""
        return (
            self.source.runs.block(len(source)).start + source[0],
            self.target.runs.block(len(target)).start + target[0],
        )

    def similarity(self, bead: Bead) -> float:
        """The cosine of a bead's two runs."""
        return float(self.known.cosine[self.at(bead.source, bead.target)])

    def by_shape(self, shapes: Sequence[Shape]) -> dict[Shape, Floats]:
        """[shape][i, j] is the value of the bead that starts at source i and target j."""
        runs = self.source.runs, self.target.runs
        return {
            (m, n): self.value[runs[0].block(m), runs[1].block(n)]
            for m, n in shapes
            if m <= runs[0].longest and n <= runs[1].longest
        }


@cache
def weights(*, words: bool, mirrored: bool = False) -> Mapping[str, float]:
    """The weight of each piece of evidence, with or without that of words.

    They were fitted with Japanese originals; `mirrored` is for Japanese translations.
    """
    found: dict[str, float] = json.loads(WEIGHTS.read_text("utf-8"))["with words" if words else "without words"]
    return {_mirrored(name): weight for name, weight in found.items()} if mirrored else found


def _mirrored(name: str) -> str:
    """`gain: target short of 0` for `gain: source short of 0`, `kind: 2-1` for `kind: 1-2`."""
    if kind := re.fullmatch(r"(.*)(\d)-(\d)", name):
        return f"{kind[1]}{kind[3]}-{kind[2]}"
    exchanged = {"source": "target", "target": "source"}
    return re.sub("source|target", lambda found: exchanged[found.group()], name)


def key(evidence: Evidence) -> str:
    """What a piece of evidence is called where its weight is kept."""
    return f"{evidence.term}: {evidence.name}"


def score_beads(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    options: AlignOptions,
    languages: tuple[str, str] = ("ja", "en"),
    edges: tuple[tuple[bool, bool], tuple[bool, bool]] = WHOLE,
    bags: tuple[Bags, Bags] | None = None,
) -> Scores:
    """The value of every candidate bead of two non-empty lists of sentences, in dense tables.

    `edges` says for either side whether the first sentence is that of its text, and whether the last one is; `bags` are
    the subwords of the sentences in `word_table`, where they are at hand.
    """
    texts, known, words = observe(source, target, encoder, options=options, languages=languages, edges=edges, bags=bags)
    value = np.zeros_like(known.cosine)
    chosen = weights(words=words is not None, mirrored=languages[1] == "ja")
    for evidence in gather(*texts, known, words):
        value += np.float32(chosen[key(evidence)]) * evidence.values
    return Scores(*texts, known, words, value)


Observed = tuple[tuple[Text, Text], Basis, tuple[Matches, Matches] | None]


def observe(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    options: AlignOptions,
    languages: tuple[str, str],
    edges: tuple[tuple[bool, bool], tuple[bool, bool]] = WHOLE,
    bags: tuple[Bags, Bags] | None = None,
) -> Observed:
    """What the evidence is made of: runs with their vectors, cosines, and matched words."""
    sides = (source, options.max_source), (target, options.max_target)
    words = None
    table = word_table(encoder, languages)
    if table:
        bags = bags or (table.bags(source), table.bags(target))
        words = match_words(*bags, table.table, table.row_lengths)
        if table is encoder:
            first, second = (
                Text.of(sentences, table.runs_of(bag, longest), ends)
                for (sentences, longest), bag, ends in zip(sides, bags, edges, strict=True)
            )
            return (first, second), basis(first, second, length_ratio=options.length_ratio), words
    first, second = (
        Text.of(sentences, encoder.encode_runs(sentences, longest, joiner=joiner(lang)), ends)
        for (sentences, longest), lang, ends in zip(sides, languages, edges, strict=True)
    )
    return (first, second), basis(first, second, length_ratio=options.length_ratio), words


def word_table(encoder: Encoder, languages: tuple[str, str]) -> StaticEncoder | None:
    """The table whose words tell which sentences belong together, None for languages it does not know."""
    if set(languages) != DICTIONARY:
        return None
    return encoder if isinstance(encoder, StaticEncoder) and encoder.name == BUNDLED.name else dictionary()


@cache
def dictionary() -> StaticEncoder:
    """The bundled table, for its words."""
    table = load_encoder()
    assert isinstance(table, StaticEncoder)
    return table
