"""Scores worked out by hand."""

import pytest

from align.evaluate import Score, Tally, crossing_pairs, evaluate, null_sentences
from corpora.errors import InputError
from corpora.records import Bead


def beads(*sides: tuple[tuple[int, ...], tuple[int, ...]]) -> list[Bead]:
    return [Bead(source, target) for source, target in sides]


# Six source and six target sentences; sentence 3 has no counterpart, nor has target sentence 5, and the last two cross.
GOLD = beads(((0,), (0,)), ((1, 2), (1,)), ((3,), ()), ((4,), (3, 4)), ((5,), (2,)), ((), (5,)))
# 0-0 is right; 1-1 lacks a sentence; 2 is called null; 3 is not; 4 lacks a sentence; 5-2 is right.
FOUND = beads(((0,), (0,)), ((1,), (1,)), ((2,), ()), ((3,), (5,)), ((4,), (3,)), ((5,), (2,)), ((), (4,)))


@pytest.fixture
def tally() -> Tally:
    counted = Tally()
    counted.add(GOLD, FOUND)
    return counted


def test_strict_asks_for_the_very_same_bead(tally: Tally) -> None:
    assert tally.strict == Score(right_of_predicted=2, predicted=5, right_of_gold=2, gold=4)
    assert tally.strict.precision == pytest.approx(2 / 5)
    assert tally.strict.recall == pytest.approx(2 / 4)
    assert tally.strict.f1 == pytest.approx(2 * 0.4 * 0.5 / 0.9)


def test_lax_asks_for_a_shared_sentence_on_both_sides(tally: Tally) -> None:
    # 1-1 and 4-3 touch their gold beads, 3-5 touches none; every gold bead is touched.
    assert tally.lax == Score(right_of_predicted=4, predicted=5, right_of_gold=4, gold=4)


@pytest.mark.parametrize("found", [((0,), (1,)), ((1,), (0,)), ((1,), (1,))], ids=["source", "target", "neither"])
def test_lax_does_not_count_a_bead_that_shares_one_side_only(found: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    gold = beads(((0,), (0,)), ((1,), ()), ((), (1,)))
    counted = evaluate({"a": gold}, {"a": beads(found)})
    assert counted.lax == Score(0, 1, 0, 1)


def test_a_sentence_that_a_prediction_leaves_out_is_one_it_leaves_alone() -> None:
    gold = beads(((0,), (0,)), ((1,), ()), ((), (1,)))
    assert evaluate({"a": gold}, {"a": beads(((0,), (0,)))}).null.f1 == 1.0


@pytest.mark.parametrize(("extra", "message"), [(((2,), ()), "source sentence 2"), (((), (7,)), "target sentence 7")])
def test_a_prediction_of_other_sentences_is_an_error(
    extra: tuple[tuple[int, ...], tuple[int, ...]], message: str
) -> None:
    gold = beads(((0,), (0,)), ((1,), ()))
    with pytest.raises(InputError, match=rf"document 'a': .* {message}, which is in no gold bead"):
        evaluate({"a": gold}, {"a": [*gold, *beads(extra)]})


def test_probabilities_are_held_against_what_is_right() -> None:
    gold = beads(((0,), (0,)), ((1,), (1,)), ((2,), ()), ((3,), (2,)))
    found = [
        Bead((0,), (0,), 0.8, 0.99),
        Bead((1,), (2,), 0.5, 0.96),
        Bead((2,), (), None, 0.7),
        Bead((3,), (), None, 0.6),
        Bead((), (1,), None, 0.2),
    ]
    counted = evaluate({"a": gold}, {"a": found})
    assert counted.sure() == (0.5, 1.0)
    calibration = counted.calibration()
    assert {kind: one.count for kind, one in calibration.items()} == {"beads": 2, "null beads": 3, "all": 5}
    assert calibration["beads"].error == pytest.approx((0.01 + 0.96) / 2)
    assert calibration["null beads"].error == pytest.approx((0.3 + 0.6 + 0.2) / 3)
    summary = counted.summary()
    assert summary["sure"] == {"probability": 0.95, "precision": 0.5, "kept": 1.0}


def test_without_probabilities_there_is_no_calibration() -> None:
    counted = evaluate({"a": GOLD}, {"a": GOLD})
    assert counted.calibration() == {}
    assert counted.sure() is None
    assert "calibration" not in counted.summary()


def test_null_is_scored_by_sentence(tally: Tally) -> None:
    # gold: source 3, target 5; found: source 2, target 4
    assert tally.null == Score(right_of_predicted=0, predicted=2, right_of_gold=0, gold=2)
    assert tally.null.f1 == 0.0


def test_a_crossing_counts_only_if_both_beads_are_right(tally: Tally) -> None:
    assert len(crossing_pairs(GOLD)) == 1
    assert tally.crossing_recall == 0.0
    tally.add(GOLD, GOLD)
    assert tally.crossing_recall == 0.5


def test_kinds_are_scored_apart(tally: Tally) -> None:
    assert tally.kinds() == {"1-1": Score(2, 5, 2, 2), "1-2": Score(0, 0, 0, 1), "2-1": Score(0, 0, 0, 1)}


def test_the_summary_holds_rounded_numbers(tally: Tally) -> None:
    assert tally.summary() == {
        "documents": 1,
        "strict": {"precision": 0.4, "recall": 0.5, "f1": 0.4444},
        "lax": {"precision": 0.8, "recall": 1.0, "f1": 0.8889},
        "null": {"precision": 0.0, "recall": 0.0, "f1": 0.0},
        "crossing_recall": 0.0,
        "crossings": 1,
        "kinds": {
            "1-1": {"gold": 2, "predicted": 5, "f1": 0.5714},
            "1-2": {"gold": 1, "predicted": 0, "f1": 0.0},
            "2-1": {"gold": 1, "predicted": 0, "f1": 0.0},
        },
    }


def test_counts_are_pooled_before_dividing(tally: Tally) -> None:
    one = beads(((0,), (0,)))
    tally.add(one, one)
    assert tally.documents == 2
    assert tally.strict.precision == pytest.approx(3 / 6)
    assert tally.strict.recall == pytest.approx(3 / 5)


def test_scores_and_order_of_sentences_in_a_bead_do_not_matter() -> None:
    counted = evaluate({"a": [Bead((1, 0), (0,))]}, {"a": [Bead((0, 1), (0,), 0.7, 0.9)]})
    assert counted.strict.f1 == 1.0


def test_perfect_predictions_have_perfect_scores() -> None:
    counted = evaluate({"a": GOLD, "b": []}, {"a": list(reversed(GOLD)), "b": [], "not asked for": FOUND})
    assert (counted.strict.f1, counted.lax.f1, counted.null.f1, counted.crossing_recall) == (1.0, 1.0, 1.0, 1.0)
    assert counted.documents == 2


def test_nothing_to_score_gives_zeros_and_no_crossing_recall() -> None:
    counted = evaluate({"a": []}, {"a": []})
    assert (counted.strict.precision, counted.strict.recall, counted.strict.f1) == (0.0, 0.0, 0.0)
    assert counted.crossing_recall is None
    assert counted.summary()["crossing_recall"] is None


def test_a_document_without_prediction_is_an_error() -> None:
    with pytest.raises(InputError, match="2 of 3 gold documents have no prediction, the first is 'b'"):
        evaluate({"c": [], "a": [], "b": []}, {"a": []})


def test_null_sentences_name_their_side() -> None:
    assert null_sentences(GOLD) == {("source", 3), ("target", 5)}


@pytest.mark.parametrize(
    ("alignment", "expected"),
    [
        (beads(((0,), (0,)), ((1,), (1,))), 0),
        (beads(((0,), (2,)), ((1,), (1,)), ((2,), (0,))), 3),
        (beads(((0, 1), (3,)), ((2,), (0, 1)), ((3,), (2,))), 2),
        (beads(((0,), ()), ((), (0,)), ((1,), (1,))), 0),
    ],
    ids=["in order", "reversed", "a moved bead of two", "null beads do not cross"],
)
def test_crossings_are_counted_by_pairs_of_beads(alignment: list[Bead], expected: int) -> None:
    assert len(crossing_pairs(alignment)) == expected


def test_a_book_is_scored_in_the_time_of_its_length() -> None:
    book = [Bead((i,), (i,)) for i in range(30_000)]
    assert evaluate({"a": book}, {"a": book}).lax.f1 == 1.0
