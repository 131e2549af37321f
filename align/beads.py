"""Sentence alignment: which sentences of a translation say the same as which of its original.

What every candidate bead is worth is for `align.scoring`, which of them are right for `align.choosing`, and how texts
of any length are cut so that this stays quick for `align.long`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from align.choosing import choose
from align.encoder import load_encoder
from align.long import align_long, is_dense
from align.scoring import AlignOptions, score_beads
from align.vectors import Encoder
from corpora.records import Bead


def align_sentences(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder | None = None,
    *,
    options: AlignOptions | None = None,
    languages: tuple[str, str] = ("ja", "en"),
) -> list[Bead]:
    """Beads of two lists of sentences, null beads included: every sentence is in exactly one.

    Beads come in the order of their first source sentence, null target sentences where they stand in the text.
    Without an encoder the bundled one is used.

    >>> beads = align_sentences(["大雨が降った。", "首相が辞任した。"], ["The prime minister resigned."])
    >>> [(bead.source, bead.target) for bead in beads]
    [((0,), ()), ((1,), (0,))]
    """
    options, encoder = options or AlignOptions(), encoder or load_encoder()
    if not source or not target:
        nulls = [Bead((i,), (), None, 1.0) for i in range(len(source))]
        return nulls + [Bead((), (j,), None, 1.0) for j in range(len(target))]
    if not is_dense(len(source), len(target)):
        return in_text_order(align_long(source, target, encoder, options=options, languages=languages))
    choice = choose(score_beads(source, target, encoder, options=options, languages=languages), options)
    return in_text_order([*choice.path, *choice.crossing, *choice.nulls])


def in_text_order(beads: Sequence[Bead]) -> list[Bead]:
    """Sort by source sentence; a null target stands right before the bead of the next target sentence.

    >>> beads = [Bead((1,), (1,)), Bead((), (2,)), Bead((0,), ()), Bead((), (0,))]
    >>> [(b.source, b.target) for b in in_text_order(beads)]
    [((0,), ()), ((), (0,)), ((1,), (1,)), ((), (2,))]
    """
    lone = sorted((b for b in beads if not b.source), key=lambda b: b.target)
    following = sorted(t for b in beads if b.source for t in b.target)
    before: dict[int | None, list[Bead]] = {}  # target sentence -> the null targets that stand right before it
    for bead in lone:
        at = bisect_left(following, bead.target[0])
        before.setdefault(following[at] if at < len(following) else None, []).append(bead)
    ordered: list[Bead] = []
    for bead in sorted((b for b in beads if b.source), key=lambda b: b.source):
        for sentence in bead.target:
            ordered += before.pop(sentence, [])
        ordered.append(bead)
    return ordered + before.pop(None, [])
