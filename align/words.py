"""Which words of one text have a counterpart in which sentence of the other.

The rows of the bundled table are vectors of subwords, trained so that translations sum to like vectors. Words that
translate each other ended up close (肺炎 and pneumonia have a cosine of .94, 58 and 58 of 1), so the table is a
dictionary too. Cosines of whole sentences blur what this keeps: that the one rare word or number of a short
sentence stands in just that sentence of the other text. Looking at both directions goes back to competitive linking
(Melamed 2000) and, with vectors, to SimAlign (Jalili Sabet and others 2020).

What this does not do: align words one to one, or know word order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from align.runs import Floats, Runs
from align.subwords import Bags, Ids, Starts
from align.vectors import Vectors, unit_rows

# Rows of the table grow with what a subword says: に, the, 。 have lengths of 1 to 3, 人 5.6, 肺炎 14.
LEAST_LENGTH = 4.0
# A cosine up to the first is no match, from their sum on a full one; words of one kind (two months) have some .3.
NO_MATCH, TO_FULL = 0.3, 0.5
# Added to a run's weight when it is divided by, so that one lucky word does not explain a sentence of three.
FEW_WORDS = 8.0


@dataclass(frozen=True, slots=True)
class Matches:
    """How well the subwords of one text are matched by the other, `other` being the other's runs.

    `weights` (n, u) is what each distinct subword weighs in each sentence, 0 where it does not stand there;
    `best` (u, m) its match in each sentence of the other text, 0 to 1.
    """

    ids: Ids  # (u,) rows of the table
    weights: Floats
    best: Floats

    def covered(self, own: Runs, other: Runs) -> Floats:
        """(own runs, other runs): the weight of a run's subwords, each by how well the other run matches it."""
        return own.reduced(np.add, (self.weights @ other.reduced(np.maximum, self.best)).T).T

    def totals(self, own: Runs) -> Floats:
        """(own runs,) weight in all."""
        return own.reduced(np.add, self.weights.sum(axis=1))


def match_words(source: Bags, target: Bags, table: Vectors, lengths: Floats) -> tuple[Matches, Matches]:
    """The source's matches in the target and the target's in the source. `lengths` are of the table's rows."""
    bags = [_telling(bag, lengths) for bag in (source, target)]
    distinct = [np.unique(bag.ids, return_inverse=True) for bag in bags]
    rows = [table[ids] / lengths[ids][:, None] for ids, _ in distinct]
    alike: Floats = rows[0] @ rows[1].T  # (u_s, u_t)
    width = alike.shape[1]
    few = np.flatnonzero(alike > NO_MATCH)
    pairs = few // max(1, width), few % max(1, width)
    degrees = np.minimum((alike.reshape(-1)[few] - np.float32(NO_MATCH)) * np.float32(1 / TO_FULL), 1)
    found = []
    for side in (0, 1):
        (ids, places), (_, others) = distinct[side], distinct[1 - side]
        weights = _weights(places, bags[side].starts, lengths[ids])
        matched = Matched(pairs[side], pairs[1 - side], degrees)
        found.append(Matches(ids, weights, _best(len(ids), matched, others, bags[1 - side].starts)))
    return found[0], found[1]


class Matched(NamedTuple):
    """Subwords that match: rows of either side's distinct ones, and how well, above 0 to 1."""

    own: npt.NDArray[np.intp]
    other: npt.NDArray[np.intp]
    degree: Floats


def _telling(bags: Bags, lengths: Floats) -> Bags:
    """Without the subwords that say little."""
    kept = lengths[bags.ids] > LEAST_LENGTH
    counts = np.concatenate([[0], np.cumsum(kept)])
    return Bags(bags.ids[kept], counts[bags.starts])


def _weights(places: npt.NDArray[np.intp], starts: Starts, lengths: Floats) -> Floats:
    """(n, u): length of its row times how rare a subword is among the sentences of its own text."""
    count = len(starts) - 1
    present = np.zeros((count, len(lengths)), dtype=np.float32)
    present[np.repeat(np.arange(count), np.diff(starts)), places] = 1
    rarity = np.log((1 + count) / (present.sum(axis=0) + 0.3)).astype(np.float32)
    weights: Floats = present * (lengths * rarity)
    return weights


def _best(count: int, matched: Matched, places: npt.NDArray[np.intp], starts: Starts) -> Floats:
    """(count, m): the best match of each subword among those of each sentence of the other text.

    `places` are the other text's distinct subwords as they stand. Few words match at all, so these are followed one by
    one.
    """
    best = np.zeros((count, len(starts) - 1), dtype=np.float32)
    order = np.argsort(places, kind="stable")  # where each distinct subword stands ...
    distinct = int(places.max(initial=-1)) + 1
    standing = np.searchsorted(places[order], np.arange(distinct + 1))  # ... and from where on in that list
    sentence = np.repeat(np.arange(len(starts) - 1), np.diff(starts))[order]
    times = standing[matched.other + 1] - standing[matched.other]
    follows = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    at = np.repeat(matched.own, times), sentence[np.repeat(standing[matched.other], times) + follows]
    np.maximum.at(best, at, np.repeat(matched.degree, times))
    return best


def matched_pairs(
    matches: Matches, sentences: Sequence[int], table: Vectors, others: npt.NDArray[np.intp]
) -> list[tuple[int, int, float]]:
    """(own subword, other's subword, cosine) for the matched subwords of some sentences, heaviest first.

    `others` are the ids of the other side's subwords to choose from.
    """
    weight = matches.weights[list(sentences)].max(axis=0)
    own = np.flatnonzero(weight > 0)
    if not len(own) or not len(others):
        return []
    alike = unit_rows(table[matches.ids[own]]) @ unit_rows(table[others]).T
    nearest = alike.argmax(axis=1)
    pairs = [
        (float(weight[k]), int(matches.ids[k]), int(others[column]), float(alike[row, column]))
        for row, (k, column) in enumerate(zip(own, nearest, strict=True))
        if alike[row, column] > NO_MATCH
    ]
    return [(one, other, cosine) for _, one, other, cosine in sorted(pairs, key=lambda p: (-p[0] * p[3], p[1]))]
