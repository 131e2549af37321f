"""Digests: a translation that was put together from two originals.

Neither original alone explains a digest, so each alone looks like a related story at best. The two joined, in the order
the translation takes them in, are looked at like one original; both must add to what is explained of the translation.

What this does not do: digests of three originals and more, or of an original and nothing but a line of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from align.likeness import Evidence, Judge, Reader, Text
from align.pair_model import log_odds, probability

MOST_PARTS = 6  # candidates that are joined two by two
EXPLAINED = 0.75  # of a translation, which leaves no room for a second original
ADDED = 0.15  # of the translation, by either original

Part = tuple[Text, Sequence[str]]  # with its sentences


def find_digest(
    judge: Judge, target: Part, parts: Sequence[Part], found: Sequence[Evidence]
) -> tuple[int, int, float] | None:
    """The two parts that the target is a digest of and how probable that is, None if it is no digest.

    `found` is the evidence of each part alone, those that were not aligned left out of account.
    """
    aligned = [number for number, evidence in enumerate(found) if evidence["aligned_target"] is not None]
    if any((found[n]["aligned_target"] or 0.0) > EXPLAINED and log_odds(found[n]) > 0 for n in aligned):
        return None
    reader = Reader.of(judge.encoder, judge.languages, judge.languages[0])
    best: tuple[int, int, float] | None = None
    for one, other in combinations(sorted(aligned, key=lambda n: -log_odds(found[n]))[:MOST_PARTS], 2):
        ordered = sorted((one, other), key=lambda n: _place(judge, target[0], parts[n][0]))
        sentences = [sentence for n in ordered for sentence in parts[n][1]]
        (joined,) = reader.read([(None, sentences)])
        evidence = (
            judge.glance(joined, target[0]) | judge.look(sentences, target[1]) | _printed(found[one], found[other])
        )
        alone = max(found[one]["aligned_target"] or 0.0, found[other]["aligned_target"] or 0.0)
        adds = (evidence["aligned_target"] or 0.0) - alone >= ADDED
        chance = probability(evidence)
        if adds and chance > (best[2] if best else 0.5):
            best = one, other, chance
    return best


def _place(judge: Judge, target: Text, part: Text) -> float:
    """Where in the target a part's sentences find their partners, on average."""
    return float((judge.vectors(part) @ judge.vectors(target).T).argmax(axis=1).mean())


def _printed(one: Evidence, other: Evidence) -> Evidence:
    """What the pages print of both: a credit may name the writers of both originals."""
    printed: Evidence = {}
    for name in ("credit", "byline", "department", "link", "url"):
        values = [value for value in (one[name], other[name]) if value is not None]
        printed[name] = (min(1.0, sum(values)) if name == "credit" else max(values)) if values else None
    days = [value for value in (one["days"], other["days"]) if value is not None]
    printed["days"] = float(np.min(days)) if days else None
    return printed
