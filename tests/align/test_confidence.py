"""Probabilities of beads: between 0 and 1, higher with better evidence, on the right side of a half."""

from collections.abc import Sequence

import numpy as np
import pytest

from align.beads import align_sentences
from align.confidence import Logistic, bead_features, bead_probability, null_features, null_probability
from align.scoring import AlignOptions, Scores, score_beads
from align.vectors import Encoder
from corpora.records import Bead


def scores_of(source: Sequence[str], target: Sequence[str], encoder: Encoder) -> Scores:
    return score_beads(source, target, encoder, options=AlignOptions())


@pytest.fixture
def scores(letters: Encoder) -> Scores:
    """0-0 is a translation, 1-1 half of one; source 2 and target 2 have nothing to do with anything."""
    return scores_of(["aaaa", "bbbb", "zzzz", "yyyy"], ["AAAA", "BBCC", "QQQQ", "PPPP"], letters)


@pytest.mark.parametrize(("log_odds", "expected"), [(0.0, 0.5), (-np.log(3), 0.25), (np.log(9), 0.9)])
def test_a_logistic_model_is_what_its_docstring_says(log_odds: float, expected: float) -> None:
    assert Logistic(log_odds - 1.0, (2.0, 1.0))((1.0, -1.0)) == pytest.approx(expected)


@pytest.mark.parametrize("bias", [-1e6, 1e6])
def test_a_logistic_model_never_overflows(bias: float) -> None:
    assert 0.0 < Logistic(bias, (1.0,))((0.0,)) <= 1.0


def test_features_of_a_bead_are_its_evidence(scores: Scores) -> None:
    margin, cosine, stretch, extra, lead, crossing = bead_features(scores, Bead((0,), (0,)), crossing=False)
    assert cosine == pytest.approx(1.0)
    # What either side has in common with all four sentences of the other is a quarter on average.
    assert margin == pytest.approx(0.75)
    assert stretch == pytest.approx(0.0)
    assert extra == 0.0
    # Any other sentence shares nothing and has a background of its own: -1/8.
    assert lead == pytest.approx(0.75 + 0.125)
    assert crossing == 0.0


def test_better_evidence_makes_a_bead_surer(scores: Scores) -> None:
    right, half, wrong = (bead_probability(scores, Bead((i,), (i,)), crossing=False) for i in range(3))
    assert right > 0.9
    assert right > half > wrong
    assert wrong < 0.5


def test_a_bead_that_crosses_is_less_sure(scores: Scores) -> None:
    bead = Bead((0,), (0,))
    assert bead_probability(scores, bead, crossing=True) < bead_probability(scores, bead, crossing=False)


def test_a_bead_that_takes_in_a_stranger_is_less_sure(scores: Scores) -> None:
    alone, with_stranger = Bead((1,), (1,)), Bead((1, 2), (1,))
    assert bead_probability(scores, with_stranger, crossing=False) < bead_probability(scores, alone, crossing=False)


def test_a_bead_with_a_rival_is_less_sure(letters: Encoder) -> None:
    twins = scores_of(["aaaa", "bbbb", "cccc"], ["AAAA", "AAAA", "CCCC"], letters)
    single = scores_of(["aaaa", "bbbb", "cccc"], ["AAAA", "BBBB", "CCCC"], letters)
    bead = Bead((0,), (0,))
    assert bead_probability(twins, bead, crossing=False) < bead_probability(single, bead, crossing=False)


def test_a_sentence_without_counterpart_is_surer_to_be_null_than_one_with(scores: Scores) -> None:
    for side in (0, 1):
        assert null_probability(scores, side, 0) < 0.5 < null_probability(scores, side, 2)


def test_half_a_counterpart_weighs_half(scores: Scores) -> None:
    whole, half, none = (null_probability(scores, 0, i) for i in range(3))
    assert whole < half < none


def test_null_features_are_the_best_match_and_the_length_of_the_sentence_itself(letters: Encoder) -> None:
    table = scores_of(["a" * 8, "z" * 8], ["Q" * 2, "A" * 4], letters)
    best = float(table.margin[1, 1][0, 1])
    assert null_features(table, 0, 0) == pytest.approx((best, np.log(8)))
    assert null_features(table, 1, 1) == pytest.approx((best, np.log(4)))
    assert null_features(table, 1, 0)[0] < 0.0


def test_translations_are_sure_and_what_was_added_is_surely_null(bundled: Encoder) -> None:
    source = [
        "村の図書館が４月に開館する。",
        "蔵書は二万冊で、半分は住民が寄付した。",
        "設計したのは村出身の建築家だ。",
        "夜九時まで開いている。",
    ]
    target = [
        "The village library will open in April.",
        "It holds 20,000 books, half of them donated by residents.",
        "Meanwhile, the baseball team lost again.",
        "It was designed by an architect from the village.",
        "It is open until nine at night.",
    ]
    beads = align_sentences(source, target, bundled)
    assert [bead.target for bead in beads] == [(0,), (1,), (2,), (3,), (4,)]
    assert all(bead.probability is not None and bead.probability > 0.6 for bead in beads), beads
