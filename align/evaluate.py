"""Scoring alignments against gold beads.

Strict and lax precision, recall and F1 follow vecalign's `score.py` (Thompson and Koehn 2019): null beads are left
out, strict asks for the very same bead, lax for one that shares a sentence on both sides. Null sentences and
crossings, which those scores do not see, are scored beside them. Counts are pooled over documents before dividing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from align.calibration import Calibration, at_least, calibrate
from corpora.errors import InputError, NoUsableInput
from corpora.records import Bead

OUTCOMES = ("beads", "null beads")
SURE = 0.95  # probability from which a bead is taken for granted


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 from counts; 0 where there is nothing to divide by."""

    right_of_predicted: int
    predicted: int
    right_of_gold: int
    gold: int

    @property
    def precision(self) -> float:
        return self.right_of_predicted / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right_of_gold / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Tally:
    """Running counts over documents; `add` one document after the other, then read the scores."""

    counts: Counter[str] = field(default_factory=Counter)
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    documents: int = 0
    # Of predicted beads that have a probability: those, and whether they are right, for beads and for null beads.
    probabilities: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in OUTCOMES})
    right: dict[str, list[bool]] = field(default_factory=lambda: {kind: [] for kind in OUTCOMES})

    def add(self, gold: Sequence[Bead], predicted: Sequence[Bead]) -> None:
        self.documents += 1
        wanted, found = ({b for b in beads if not b.is_null} for beads in (_bare(gold), _bare(predicted)))
        self.counts["gold"] += len(wanted)
        self.counts["predicted"] += len(found)
        self.counts["strict"] += len(wanted & found)
        self.counts["lax_predicted"] += _touching(found, wanted)
        self.counts["lax_gold"] += _touching(wanted, found)
        for name, beads in (("gold", wanted), ("predicted", found), ("right", wanted & found)):
            for bead in beads:
                self.by_kind.setdefault(bead.kind, Counter())[name] += 1
        nulls, null_found = null_sentences(gold), null_sentences(predicted)
        self.counts["null_gold"] += len(nulls)
        self.counts["null_predicted"] += len(null_found)
        self.counts["null_right"] += len(nulls & null_found)
        self._add_outcomes(gold, predicted)
        crossed = crossing_pairs(wanted)
        self.counts["crossing_gold"] += len(crossed)
        self.counts["crossing_right"] += sum(one in found and other in found for one, other in crossed)

    def _add_outcomes(self, gold: Sequence[Bead], predicted: Sequence[Bead]) -> None:
        wanted, nulls = set(_bare(gold)), null_sentences(gold)
        for bead, bare in zip(predicted, _bare(predicted), strict=True):
            if bead.probability is not None:
                kind = OUTCOMES[bead.is_null]
                self.probabilities[kind].append(bead.probability)
                self.right[kind].append(null_sentences([bead]) <= nulls if bead.is_null else bare in wanted)

    def calibration(self) -> dict[str, Calibration]:
        """Of beads, of null beads and of both, as far as they have probabilities."""
        found = {kind: calibrate(self.probabilities[kind], self.right[kind]) for kind in OUTCOMES}
        found["all"] = calibrate(
            [one for kind in OUTCOMES for one in self.probabilities[kind]],
            [one for kind in OUTCOMES for one in self.right[kind]],
        )
        return {kind: one for kind, one in found.items() if one.count}

    def sure(self, threshold: float = SURE) -> tuple[float, float] | None:
        """Precision of non-null beads at least so probable, and the share of all right ones that these are."""
        probabilities = self.probabilities["beads"]
        return at_least(probabilities, self.right["beads"], threshold) if probabilities else None

    @property
    def strict(self) -> Score:
        c = self.counts
        return Score(c["strict"], c["predicted"], c["strict"], c["gold"])

    @property
    def lax(self) -> Score:
        c = self.counts
        return Score(c["lax_predicted"], c["predicted"], c["lax_gold"], c["gold"])

    @property
    def null(self) -> Score:
        """Over sentences: those left without a partner."""
        c = self.counts
        return Score(c["null_right"], c["null_predicted"], c["null_right"], c["null_gold"])

    @property
    def crossing_recall(self) -> float | None:
        """Share of gold crossings, pairs of beads in different order, of which both beads were found."""
        c = self.counts
        return c["crossing_right"] / c["crossing_gold"] if c["crossing_gold"] else None

    def kinds(self) -> dict[str, Score]:
        """Strict scores of each kind of bead, in the order of the kinds' names."""
        return {
            kind: Score(c["right"], c["predicted"], c["right"], c["gold"]) for kind, c in sorted(self.by_kind.items())
        }

    def summary(self) -> dict[str, object]:
        """All scores as JSON-able numbers, rounded to four places."""
        scores = {"strict": self.strict, "lax": self.lax, "null": self.null}
        numbers: dict[str, object] = {"documents": self.documents}
        for name, score in scores.items():
            numbers[name] = {k: round(getattr(score, k), 4) for k in ("precision", "recall", "f1")}
        recall = self.crossing_recall
        numbers["crossing_recall"] = None if recall is None else round(recall, 4)
        numbers["crossings"] = self.counts["crossing_gold"]
        numbers["kinds"] = {
            kind: {"gold": s.gold, "predicted": s.predicted, "f1": round(s.f1, 4)} for kind, s in self.kinds().items()
        }
        calibration = self.calibration()
        if calibration:
            numbers["calibration_error"] = {kind: round(one.error, 4) for kind, one in calibration.items()}
            numbers["calibration"] = {kind: one.rows() for kind, one in calibration.items()}
        sure = self.sure()
        if sure:
            numbers["sure"] = {"probability": SURE, "precision": round(sure[0], 4), "kept": round(sure[1], 4)}
        return numbers


def null_sentences(beads: Iterable[Bead]) -> set[tuple[str, int]]:
    """Sentences in null beads, as (side, index)."""
    return {
        (side, i)
        for bead in beads
        if bead.is_null
        for side, sentences in (("source", bead.source), ("target", bead.target))
        for i in sentences
    }


def crossing_pairs(beads: Iterable[Bead]) -> list[tuple[Bead, Bead]]:
    """Pairs of non-null beads whose order differs between the sides.

    >>> len(crossing_pairs([Bead((0,), (1,)), Bead((1,), (0,)), Bead((2,), (2,))]))
    1
    """
    found: list[tuple[Bead, Bead]] = []
    before: list[Bead] = []  # by target
    for bead in sorted((b for b in beads if not b.is_null), key=lambda b: b.source):
        at = bisect_right(before, bead.target, key=lambda one: one.target)
        found += [(one, bead) for one in before[at:]]
        before.insert(at, bead)
    return found


def evaluate(gold: Mapping[str, Sequence[Bead]], predicted: Mapping[str, Sequence[Bead]]) -> Tally:
    """Score predictions by document id. Raises InputError if one has no prediction, NoUsableInput for no gold."""
    if not gold:
        raise NoUsableInput("the gold holds no document; expected a line for each")
    missing = sorted(set(gold) - set(predicted))
    if missing:
        raise InputError(
            f"{len(missing)} of {len(gold)} gold documents have no prediction, the first is {missing[0]!r}; "
            "predict them all, or leave them out of the gold file"
        )
    tally = Tally()
    for document, beads in gold.items():
        _require_same_sentences(document, beads, predicted[document])
        tally.add(beads, _completed(predicted[document], beads))
    return tally


def _sentences(beads: Iterable[Bead]) -> set[tuple[str, int]]:
    sides = ("source", "target")
    return {
        (side, i) for bead in beads for side, own in zip(sides, (bead.source, bead.target), strict=True) for i in own
    }


def _require_same_sentences(document: str, gold: Sequence[Bead], predicted: Sequence[Bead]) -> None:
    """Raise InputError where a prediction has sentences that the gold has not: they are not cut alike."""
    beyond = sorted(_sentences(predicted) - _sentences(gold))
    if beyond:
        side, number = beyond[0]
        raise InputError(
            f"document {document!r}: a predicted bead has {side} sentence {number}, which is in no gold bead; "
            "gold and prediction must be of the same sentences, numbered from 0, null beads included"
        )


def _completed(predicted: Sequence[Bead], gold: Sequence[Bead]) -> list[Bead]:
    """With a null bead for each sentence that the prediction leaves out, as some aligners do."""
    left_out = sorted(_sentences(gold) - _sentences(predicted))
    return [*predicted, *(Bead((i,), ()) if side == "source" else Bead((), (i,)) for side, i in left_out)]


def _bare(beads: Iterable[Bead]) -> Iterator[Bead]:
    """Beads without their scores, so that equal sentences make equal beads."""
    return (Bead(tuple(sorted(b.source)), tuple(sorted(b.target))) for b in beads)


def _touching(beads: Iterable[Bead], others: Iterable[Bead]) -> int:
    """How many beads share a sentence on both sides with one of the others."""
    pairs = {(i, j) for bead in others for i in bead.source for j in bead.target}
    return sum(any((i, j) in pairs for i in bead.source for j in bead.target) for bead in beads)
