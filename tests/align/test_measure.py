"""Measuring an encoder by how often a translation is its text's nearest neighbour."""

from collections.abc import Sequence

import numpy as np
import pytest

import align.measure
from align.measure import measure, sample_pairs
from align.vectors import Encoder, Vectors
from corpora.errors import NoUsableInput

WORDS = ["red", "house", "yellow", "bridge", "snow", "river", "quick", "fox", "jumps", "dozen", "march", "vote"]


class TableEncoder(Encoder):
    """Vectors written down by hand."""

    name = "table"

    def __init__(self, vectors: dict[str, list[float]]) -> None:
        self.vectors = vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.vectors[text] for text in texts], dtype=np.float32)


def test_a_perfect_encoder_finds_every_translation(letters: Encoder) -> None:
    found = measure(letters, [(word, word.upper()) for word in WORDS])
    assert (found.pairs, found.to_target, found.to_source) == (12, 1.0, 1.0)
    assert (found.margin_to_target, found.margin_to_source) == (1.0, 1.0)
    assert found.sentences_per_s is not None
    assert found.sentences_per_s > 0


def test_wrong_neighbours_lower_the_accuracy(letters: Encoder) -> None:
    pairs = [(word, word.upper()) for word in WORDS[:-2]] + [("march", "MARCH"), ("charm", "RAIN")]
    found = measure(letters, pairs)
    assert found.to_target == pytest.approx(11 / 12)  # to the letters, charm is MARCH
    assert found.to_source == pytest.approx(11 / 12)  # and RAIN is nearest to river


def test_a_text_given_twice_counts_as_found_either_way(letters: Encoder) -> None:
    pairs = [(word, word.upper()) for word in WORDS] + [("esuoh", "HOUSE"), ("house", "HOUSE")]
    found = measure(letters, pairs)
    assert found.pairs == 13
    assert found.to_target == 1.0


def test_margin_discounts_what_is_near_to_everything() -> None:
    size = 12
    vectors = {f"s{i}": [float(i == j) for j in range(size)] + [1.5] for i in range(size)}
    vectors |= {f"t{i}": [float(i == j) for j in range(size)] + [0.0] for i in range(size - 1)}
    vectors[f"t{size - 1}"] = [0.0] * size + [1.0]  # a hub: 1.5 / 1.8 near to every source
    unit = {name: (np.array(row) / np.linalg.norm(row)).tolist() for name, row in vectors.items()}
    found = measure(TableEncoder(unit), [(f"s{i}", f"t{i}") for i in range(size)])
    assert found.to_target == pytest.approx(1 / size)
    assert found.margin_to_target > 0.9


def test_blocks_change_nothing(letters: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [(word, word[::-1].upper()) for word in WORDS] + [("charm", "RAIN")]
    whole = measure(letters, pairs)
    monkeypatch.setattr(align.measure, "BLOCK", 5)
    again = measure(letters, pairs)
    assert (again.to_target, again.to_source) == (whole.to_target, whole.to_source)
    assert (again.margin_to_target, again.margin_to_source) == (whole.margin_to_target, whole.margin_to_source)


@pytest.mark.parametrize("pairs", [[], [("a", "A")] * 50, [(word, word) for word in WORDS[:9]]], ids=["0", "1", "9"])
def test_too_few_different_pairs_are_an_error(letters: Encoder, pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(NoUsableInput, match="different pairs are too few to measure an encoder by; give 10 or more"):
        measure(letters, pairs)


def test_sample_pairs_are_translations_one_to_one(bundled: Encoder) -> None:
    pairs = sample_pairs()
    assert len(pairs) > 100
    assert measure(bundled, pairs).margin_to_target > 0.9
