"""Why the aligner holds a bead right, or a sentence for one without counterpart: what each kind of evidence says.

A bead's value is a weighted sum (`align.scoring`), so it comes apart without a rest: the terms of an explanation, in
log-odds, add up to it. Beside them stand the facts they were made of. A null bead is explained by the best bead that
its sentence could have had.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from align.evidence import gather
from align.figures import figures
from align.long import is_dense
from align.runs import Floats
from align.scoring import AlignOptions, Scores, dictionary, key, score_beads, weights
from align.vectors import Encoder, without_surrogates
from align.words import matched_pairs
from corpora.jsonlines import Row
from corpora.records import Bead

# Beads are explained by what stands around them, so many sentences on either side of either end.
AROUND = 20
MOST_WORDS = 8
BACKGROUND = "similarity: margin"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of one bead. Similarities are cosines, terms log-odds."""

    source: list[int]  # of the bead explained: for a null bead, of the one it could have had
    target: list[int]
    value: float  # log-odds of the bead against leaving its sentences alone; the sum of the terms
    terms: dict[str, float]
    similarity: float
    background: float  # mean similarity of its two sides to the rest of the other text
    length_ratio: float  # target characters a source character
    usual_length_ratio: float  # of the two texts
    numbers: list[str]  # shared, by their significant digits
    words: list[tuple[str, str]]  # subwords that are each other's counterpart, the heaviest first

    def row(self) -> Row:
        """As JSON, rounded."""
        rounded = {name: round(term, 2) for name, term in self.terms.items()}
        ratios = {name: round(getattr(self, name), 3) for name in ("length_ratio", "usual_length_ratio")}
        alike = {name: round(getattr(self, name), 3) for name in ("similarity", "background")}
        return {**asdict(self), **alike, **ratios, "value": round(self.value, 2), "terms": rounded}


def explain(
    source: Sequence[str],
    target: Sequence[str],
    beads: Sequence[Bead],
    encoder: Encoder,
    *,
    options: AlignOptions | None = None,
    languages: tuple[str, str] = ("ja", "en"),
) -> list[Explanation | None]:
    """An explanation for each bead; None for one that had nothing to choose from, the other text being empty.

    In texts too long for one table a bead is scored again among its neighbours, which can differ a little from what it
    was chosen by.
    """
    if not source or not target:
        return [None] * len(beads)
    options = options or AlignOptions()
    pieces = Pieces(languages)
    windows: dict[tuple[tuple[int, int], tuple[int, int]], list[int]] = {}
    for number, place in enumerate(_places(beads, len(source), len(target))):
        window = (0, len(source)), (0, len(target))
        if not is_dense(len(source), len(target)):
            window = _around(place[0], len(source)), _around(place[1], len(target))
        windows.setdefault(window, []).append(number)
    found: list[Explanation | None] = [None] * len(beads)
    for ((start, stop), (first, last)), numbers in windows.items():
        edges = (start == 0, stop == len(source)), (first == 0, last == len(target))
        texts = source[start:stop], target[first:last]
        scores = score_beads(*texts, encoder, options=options, languages=languages, edges=edges)
        some = [beads[number] for number in numbers]
        for number, one in zip(numbers, _explained(scores, some, (start, first), options, pieces), strict=True):
            found[number] = one
    return found


def _places(beads: Sequence[Bead], n: int, m: int) -> Iterator[tuple[int, int]]:
    """A source and a target sentence near each bead: for an empty side, where the bead before it ends."""
    before = (0, 0)
    for bead in beads:
        place = bead.source[0] if bead.source else before[0], bead.target[0] if bead.target else before[1]
        yield min(place[0], n - 1), min(place[1], m - 1)
        before = place


def _around(place: int, count: int) -> tuple[int, int]:
    """Whole steps of AROUND, so that neighbours share a window."""
    first = max(0, (place // AROUND - 1) * AROUND)
    return first, min(count, (place // AROUND + 2) * AROUND)


def _explained(
    scores: Scores, beads: Sequence[Bead], first: tuple[int, int], options: AlignOptions, pieces: Pieces
) -> Iterator[Explanation]:
    """Explanations of beads of one window, which begins at `first`."""
    sides = []
    for bead in beads:
        own = [i - first[0] for i in bead.source], [j - first[1] for j in bead.target]
        sides.append(own if all(own) else _best_instead(scores, own, options))
    places = np.array([scores.at(*both) for both in sides], dtype=np.intp).reshape(-1, 2)
    at = places[:, 0], places[:, 1]
    background = (scores.known.cosine - scores.known.margin)[at]
    listed = _terms(scores, at, np.array([len(s) + len(t) for s, t in sides]) / 2, background, mirrored=pieces.mirrored)
    for number, (source, target) in enumerate(sides):
        row, column = places[number]
        ratio = float(scores.known.lengths[1][column] / scores.known.lengths[0][row])
        texts = [scores.source.sentences[i] for i in source], [scores.target.sentences[j] for j in target]
        terms = {term: float(values[number]) for term, values in listed.items()}
        yield Explanation(
            [i + first[0] for i in source],
            [j + first[1] for j in target],
            sum(terms.values()),
            terms,
            float(scores.known.cosine[row, column]),
            float(background[number]),
            ratio,
            ratio / float(np.exp(scores.known.stretch[row, column])),
            sorted(figures(" ".join(texts[0])) & figures(" ".join(texts[1]))),
            pieces.matched(scores, source, texts[1]),
        )


Places = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


def _terms(
    scores: Scores, at: Places, sizes: npt.NDArray[np.float64], background: Floats, *, mirrored: bool
) -> dict[str, npt.NDArray[np.float64]]:
    """What each kind of evidence adds to the values of some beads; the background apart from the similarity."""
    chosen = weights(words=scores.words is not None, mirrored=mirrored)
    terms: dict[str, npt.NDArray[np.float64]] = {}
    for evidence in gather(scores.source, scores.target, scores.known, scores.words):
        added = chosen[key(evidence)] * evidence.values[at].astype(np.float64)
        terms[evidence.term] = terms.get(evidence.term, 0.0) + added
    terms["background"] = -chosen[BACKGROUND] * background * sizes
    terms["similarity"] = terms["similarity"] - terms["background"]
    return terms


def _best_instead(
    scores: Scores, own: tuple[list[int], list[int]], options: AlignOptions
) -> tuple[list[int], list[int]]:
    """The bead of greatest value that has these sentences of one side."""
    side = 0 if own[0] else 1
    at = own[side][0]
    best, found = -np.inf, ([0], [0])
    for shape, values in scores.by_shape(options.shapes()).items():
        table = values if side == 0 else values.T
        first = max(0, at - shape[side] + 1)
        rows = table[first : at + 1]
        if rows.size and rows.max() > best:
            best = float(rows.max())
            row, column = divmod(int(rows.argmax()), rows.shape[1])
            starts = (first + row, column) if side == 0 else (column, first + row)
            found = tuple(list(range(s, s + n)) for s, n in zip(starts, shape, strict=True))  # type: ignore[assignment]
    return found


class Pieces:
    """Two languages, and their words in letters as far as the bundled table has them."""

    def __init__(self, languages: tuple[str, str]) -> None:
        self.mirrored = languages[1] == "ja"
        self._names = cache(self._named)

    def _named(self, text: str) -> dict[int, str]:
        return dict(dictionary().subwords.pieces([without_surrogates(text)])[0])

    def matched(self, scores: Scores, source: Sequence[int], target: Sequence[str]) -> list[tuple[str, str]]:
        """Pairs of words of a bead that are each other's counterpart, the heaviest first."""
        if not scores.words:
            return []
        own = {k: v for i in source for k, v in self._names(scores.source.sentences[i]).items()}
        other = {k: v for text in target for k, v in self._names(text).items()}
        pairs = matched_pairs(scores.words[0], source, dictionary().table, np.array(sorted(other), dtype=np.intp))
        return [(own[one].strip("▁"), other[two].strip("▁")) for one, two, _ in pairs[:MOST_WORDS] if one in own]
