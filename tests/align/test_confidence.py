"""Probabilities of beads: between 0 and 1, higher with better evidence, on the right side of a half."""

from collections.abc import Sequence

import numpy as np
import pytest

from align.beads import align_sentences
from align.choosing import choose, pick
from align.confidence import LIKELY, Context, Logistic, crossing_features, null_features, path_features
from align.scoring import AlignOptions, Scores, score_beads
from align.vectors import Encoder
from corpora.records import Bead

NO_WORDS = ("xx", "yy")
VILLAGE = [
    "村の図書館が４月に開館する。",
    "蔵書は二万冊で、半分は住民が寄付した。",
    "設計したのは村出身の建築家だ。",
    "夜九時まで開いている。",
]
LIBRARY = [
    "The village library will open in April.",
    "It holds 20,000 books, half of them donated by residents.",
    "It was designed by an architect from the village.",
    "It is open until nine at night.",
]
STRANGER = "Meanwhile, the baseball team lost again."


def scores_of(source: Sequence[str], target: Sequence[str], encoder: Encoder) -> Scores:
    return score_beads(source, target, encoder, options=AlignOptions(), languages=NO_WORDS)


def context_of(scores: Scores) -> Context:
    return pick(scores, AlignOptions()).context


def probabilities(source: Sequence[str], target: Sequence[str], encoder: Encoder) -> dict[tuple[object, object], float]:
    beads = align_sentences(source, target, encoder)
    return {(bead.source, bead.target): bead.probability or 0.0 for bead in beads}


@pytest.mark.parametrize(("log_odds", "expected"), [(0.0, 0.5), (-np.log(3), 0.25), (np.log(9), 0.9)])
def test_a_logistic_model_is_what_its_docstring_says(log_odds: float, expected: float) -> None:
    assert Logistic(log_odds - 1.0, (2.0, 1.0))((1.0, -1.0)) == pytest.approx(expected)


@pytest.mark.parametrize("bias", [-1e6, 1e6])
def test_a_logistic_model_never_overflows(bias: float) -> None:
    assert 0.0 < Logistic(bias, (1.0,))((0.0,)) <= 1.0


def test_features_of_a_bead_are_its_evidence(letters: Encoder) -> None:
    scores = scores_of(["aaaa", "bbbb", "zzzz", "yyyy"], ["AAAA", "BBBB", "QQQQ", "PPPP"], letters)
    context = context_of(scores)
    assert Bead((0,), (0,)) in context.path
    posterior, surety, lead, margin, stretch, extra = path_features(context, context.path)[0]
    # What either side has in common with all four sentences of the other is a quarter on average.
    assert margin == pytest.approx(0.75)
    # Any other sentence shares nothing and has a background of its own: -1/8.
    assert lead == pytest.approx(0.75 + 0.125)
    assert (stretch, extra) == pytest.approx((0.0, 0.0))
    assert posterior > 0
    likely = {(bead.source, bead.target): chance for chance, bead in context.likely(0.1)}
    assert likely[(0,), (0,)] == pytest.approx(float(LIKELY((posterior, surety, lead, margin, stretch, extra))))
    mean = context.of_beads(context.path).mean()
    assert surety == pytest.approx(np.log(mean / (1 - mean)))


def test_what_crosses_is_judged_by_its_lead_not_by_paths_it_cannot_be_on(letters: Encoder) -> None:
    scores = scores_of([letter * 9 for letter in "abcdefgh"], [letter.upper() * 9 for letter in "bcdefgha"], letters)
    picked = pick(scores, AlignOptions())
    assert picked.crossing == [Bead((0,), (7,))]
    ((_, lead, margin, neighbours, *rest),) = crossing_features(picked.context, picked.path, picked.crossing)
    assert neighbours == 0
    assert margin == pytest.approx(1 - 1 / 8)
    assert lead == pytest.approx(1.0)
    assert rest == pytest.approx([picked.context.values[1, 1][0, 7], 0.0, 0.0])


def test_null_features_are_of_the_sentence_itself(letters: Encoder) -> None:
    scores = scores_of(["aaaa", "zzzz", "bbbb", "cccc"], ["AAAA", "QQQQQQQQQQQQ", "BBBB", "CCCC"], letters)
    context = context_of(scores)
    assert [bead.source for bead in context.path] == [(0,), (2,), (3,)]
    stranger, other, taken = null_features(context, context.path, [Bead((1,), ()), Bead((), (1,)), Bead((), (0,))])
    assert stranger[0] > 0 > taken[0]  # log-odds of being alone
    _, _, value, left, margin, lead, length, relative = stranger
    assert taken[2] == pytest.approx(max(float(table[:, 0].max()) for table in context.values.values()))
    assert left == other[3] == pytest.approx(float(context.values[1, 1][1, 1]))
    assert value == pytest.approx(float(context.values[1, 1][1].max()))
    assert (margin, taken[4]) == pytest.approx((0.0, 0.75))
    assert lead == pytest.approx(0.125)  # as far as it is alike with any, it is with all
    assert taken[5] == pytest.approx(0.75 + 0.125)
    assert (length, relative) == pytest.approx((np.log(4), 0.0))
    assert (other[6], other[7]) == pytest.approx((np.log(12), np.log(12 / 6)))


def test_a_bead_with_a_rival_is_less_sure(bundled: Encoder) -> None:
    single = probabilities(VILLAGE, LIBRARY, bundled)
    twins = probabilities(VILLAGE, [*LIBRARY, LIBRARY[1]], bundled)
    bead = (1,), (1,)
    assert bead in single
    assert twins.get(bead, 0.0) < single[bead]


def test_a_bead_half_of_which_is_something_else_is_less_sure(bundled: Encoder) -> None:
    whole = probabilities(VILLAGE, LIBRARY, bundled)
    half = probabilities(VILLAGE, [LIBRARY[0], f"{LIBRARY[1]} {STRANGER}", *LIBRARY[2:]], bundled)
    assert half[(1,), (1,)] < whole[(1,), (1,)]


def test_beads_of_texts_that_are_not_related_are_not_sure_one_by_one(bundled: Encoder) -> None:
    texts = VILLAGE, ["The pot must be hot.", "Add two onions and stir.", "Serve it with rice.", STRANGER]
    scores = score_beads(*texts, bundled, options=AlignOptions())
    forced = choose(scores, AlignOptions(nulls=False))
    assert all((bead.probability or 0.0) < 0.5 for bead in forced.path)
    assert choose(scores, AlignOptions()).path == []


def test_translations_are_sure_and_what_was_added_is_surely_null(bundled: Encoder) -> None:
    target = [*LIBRARY[:2], STRANGER, *LIBRARY[2:]]
    beads = align_sentences(VILLAGE, target, bundled)
    assert [bead.target for bead in beads] == [(0,), (1,), (2,), (3,), (4,)]
    assert all(bead.probability is not None and bead.probability > 0.6 for bead in beads), beads


def test_a_sentence_that_is_not_free_stays_alone_even_if_it_is_said_again(bundled: Encoder) -> None:
    source, target = [*VILLAGE, VILLAGE[0]], [*LIBRARY, LIBRARY[0]]
    free = np.ones(5, dtype=bool), np.ones(5, dtype=bool)
    free[0][4] = free[1][4] = False
    choice = choose(score_beads(source, target, bundled, options=AlignOptions()), AlignOptions(), free=free)
    assert {bead.source for bead in choice.path} == {(0,), (1,), (2,), (3,)}
    assert {bead.target for bead in choice.path} == {(0,), (1,), (2,), (3,)}


def test_refrains_are_as_sure_as_other_sentences(bundled: Encoder) -> None:
    source, target = [*VILLAGE, *["拍手が起きた。"] * 20], [*LIBRARY, *["There was applause."] * 20]
    beads = align_sentences(source, target, bundled)
    assert [(bead.source, bead.target) for bead in beads] == [((i,), (i,)) for i in range(24)]
    assert min(bead.probability or 0.0 for bead in beads) > 0.5
