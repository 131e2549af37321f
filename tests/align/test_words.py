"""The table as a dictionary: words that translate each other are found, in the sentence where they stand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.encoder import load_encoder
from align.figures import figures, shared_figures
from align.runs import Runs
from align.table import StaticEncoder
from align.words import Matches, match_words, matched_pairs

JAPANESE = ["女性が肺炎で死亡した。", "市は橋を架け替える。", "大豆の値段が上がった。"]
ENGLISH = ["Soybeans have become expensive.", "The woman died of pneumonia.", "The city will rebuild the bridge."]


def table() -> StaticEncoder:
    found = load_encoder()
    assert isinstance(found, StaticEncoder)
    return found


def matched(source: list[str], target: list[str]) -> tuple[Matches, Matches]:
    encoder = table()
    return match_words(encoder.bags(source), encoder.bags(target), encoder.table, encoder.row_lengths)


def test_each_sentence_is_covered_best_by_its_translation() -> None:
    single = Runs.of(3, 1)
    for matches, expected in zip(matched(JAPANESE, ENGLISH), ([1, 2, 0], [2, 0, 1]), strict=True):
        assert matches.covered(single, single).argmax(axis=1).tolist() == expected


def test_no_more_is_covered_than_there_is() -> None:
    runs = Runs.of(3, 2)
    for matches in matched(JAPANESE, ENGLISH):
        covered, totals = matches.covered(runs, runs), matches.totals(runs)
        assert (covered >= 0).all()
        assert (covered <= totals[:, None] + 1e-3).all()


def test_what_a_longer_run_of_the_other_side_covers_is_no_less() -> None:
    runs = Runs.of(3, 3)
    covered = matched(JAPANESE, ENGLISH)[0].covered(runs, runs)
    assert (covered >= covered[:, runs.without_first] - 1e-4).all()
    assert (covered >= covered[:, runs.without_last] - 1e-4).all()


@given(st.lists(st.sampled_from(["", "。", "\x00", "the", *JAPANESE, *ENGLISH]), min_size=1, max_size=5))
def test_sentences_that_say_nothing_match_nothing(source: list[str]) -> None:
    target = ["", "。", ENGLISH[0]]
    for matches, own, other in zip(matched(source, target), (source, target), (target, source), strict=True):
        assert matches.weights.shape[0] == len(own)
        assert matches.best.shape == (len(matches.ids), len(other))
        assert (matches.best[:, [at for at, text in enumerate(other) if text in ("", "。")]] == 0).all()


def test_the_best_match_is_the_best_of_all_pairs() -> None:
    encoder = table()
    source, _ = matched(JAPANESE, ENGLISH)
    unit = encoder.table / np.maximum(encoder.row_lengths, 1e-9)[:, None]
    for number, sentence in enumerate(ENGLISH):
        ids = encoder.bags([sentence]).ids
        ids = ids[encoder.row_lengths[ids] > 4]
        cosines = (unit[source.ids] @ unit[ids].T).max(axis=1)
        np.testing.assert_allclose(source.best[:, number], np.clip((cosines - 0.3) / 0.5, 0, 1), atol=1e-5)


def test_matched_pairs_are_words_and_their_counterparts() -> None:
    encoder = table()
    source, _ = matched(JAPANESE, ENGLISH)
    names = {k: v for k, v in encoder.subwords.pieces([JAPANESE[0]])[0]}  # noqa: C416
    others = {k: v.strip("▁") for k, v in encoder.subwords.pieces([ENGLISH[1]])[0]}
    pairs = matched_pairs(source, [0], encoder.table, np.array(sorted(others), dtype=np.intp))
    assert ("肺炎", "pneumonia") in [(names[one], others[two]) for one, two, _ in pairs]
    assert matched_pairs(source, [0], encoder.table, np.array([], dtype=np.intp)) == []


@pytest.mark.parametrize(
    ("japanese", "english"),
    [
        ("３億8000万食", "380 million servings"),
        ("前期比11.0%増", "up 11 percent"),
        ("1万1384人", "11,384 people"),
        ("２０２４年", "in 2024"),
        ("42億円", "4.2 billion yen"),
    ],
)
def test_figures_agree_across_scripts(japanese: str, english: str) -> None:
    assert figures(japanese) == figures(english)


@given(st.text())
def test_figures_of_any_text_are_digits(text: str) -> None:
    assert all(found.isdigit() for found in figures(text))


def test_a_figure_that_many_sentences_have_weighs_less() -> None:
    own, other, weights = shared_figures(["2024年", "2024年の37件", "5件"], ["37 in 2024", "5", "8"])
    assert own.shape == (3, 3)
    by_name = dict(zip(sorted({"2024", "37", "5"}), weights.tolist(), strict=True))
    assert by_name == {"2024": 0.5, "37": 1.0, "5": 0.5}
    assert other.sum(axis=1).tolist() == [2, 1, 0]
