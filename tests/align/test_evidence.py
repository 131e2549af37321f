"""Evidence: matrices of the right shape that say what their names say, and weights for all of them."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.encoder import load_encoder
from align.evidence import gather
from align.runs import Floats
from align.scoring import AlignOptions, Scores, key, observe, score_beads, weights
from align.vectors import Encoder

RAIN = ["◇橋", "大雨が降った。", "市長は「雨だ。", "雨だ」と話した。", "It rained hard.", '"Rain," he said.']
TEXTS = st.lists(st.sampled_from([*RAIN, "2024", ""]), min_size=1, max_size=6)


def evidence_of(source: Sequence[str], target: Sequence[str], encoder: Encoder) -> tuple[Scores, dict[str, Floats]]:
    options = AlignOptions()
    texts, known, words = observe(source, target, encoder, options=options, languages=("ja", "en"))
    found = {key(one): np.broadcast_to(one.values, known.cosine.shape) for one in gather(*texts, known, words)}
    return Scores(*texts, known, words, known.cosine), found


@settings(max_examples=30)
@given(TEXTS, TEXTS)
def test_every_piece_of_evidence_is_finite_and_has_a_weight(source: list[str], target: list[str]) -> None:
    scores, found = evidence_of(source, target, load_encoder())
    shape = len(scores.source.runs.sizes), len(scores.target.runs.sizes)
    assert set(found) == set(weights(words=True))
    assert {name for name in found if not name.startswith("words")} == set(weights(words=False))
    for values in found.values():
        assert values.shape == shape
        assert np.isfinite(values).all()


def test_a_value_is_the_weighted_sum_of_its_evidence(bundled: Encoder) -> None:
    source, target = RAIN[:4], RAIN[4:]
    _, found = evidence_of(source, target, bundled)
    expected = sum(weights(words=True)[name] * values for name, values in found.items())
    scores = score_beads(source, target, bundled, options=AlignOptions())
    np.testing.assert_allclose(scores.value, expected, rtol=1e-3, atol=1e-3)


def test_mirrored_weights_are_those_of_the_texts_the_other_way_round() -> None:
    plain, mirrored = weights(words=True), weights(words=True, mirrored=True)
    assert mirrored["kind: 2-1"] == plain["kind: 1-2"]
    assert mirrored["gain: source short of 0"] == plain["gain: target short of 0"]
    assert sorted(mirrored.values()) == sorted(plain.values())


def test_a_subhead_and_a_quotation_are_seen(bundled: Encoder) -> None:
    scores, found = evidence_of(RAIN[:4], RAIN[4:], bundled)
    for (first, count), subheads, quotations in (((0, 2), 1, 0), ((1, 2), 0, 0), ((2, 2), 0, 1), ((0, 4), 1, 1)):
        at = scores.at(range(first, first + count), [0])
        assert found["kind: source subhead in a run"][at] == subheads
        assert found["quotations: source"][at] == quotations


def test_figures_of_a_bead_are_shared_or_lost(letters: Encoder) -> None:
    scores, found = evidence_of(["37人", "b"], ["x", "37 people"], letters)
    assert found["numbers: shared"][scores.at([0], [1])] == 1
    assert found["numbers: source lost"][scores.at([0], [0])] == 1
    assert found["numbers: target lost"][scores.at([1], [1])] == 1


def test_a_rival_lowers_the_lead(letters: Encoder) -> None:
    scores, twins = evidence_of(["aaaa", "bbbb"], ["AAAA", "AAAA", "BBBB"], letters)
    other, single = evidence_of(["aaaa", "bbbb"], ["AAAA", "CCCC", "BBBB"], letters)
    name = "rivals: source least"
    assert twins[name][scores.at([0], [0])] == pytest.approx(0)
    assert single[name][other.at([0], [0])] == pytest.approx(0.3)  # the most that counts


@pytest.mark.parametrize("whole", [True, False])
def test_only_the_ends_of_a_text_open_and_close(whole: bool, letters: Encoder) -> None:
    edges = (whole, whole), (whole, whole)
    texts, known, words = observe(
        ["a", "b"], ["A", "B"], letters, options=AlignOptions(), languages=("xx", "yy"), edges=edges
    )
    found = {key(one): one.values for one in gather(*texts, known, words)}
    assert found["position: both open"].any() == whole
    assert found["position: both close"].any() == whole
