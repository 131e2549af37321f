"""Unrelated texts are made as unlike for any encoder as for the bundled table, and nothing else changes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from align.beads import align_sentences
from align.contrast import UNRELATED, common_direction, unrelated, without
from align.encoder import provenance
from align.encoder_options import EncoderOptions
from align.evaluate import evaluate
from align.measure import measure, sample_pairs
from align.transformer import TransformerEncoder
from align.vectors import Encoder, Vectors, unit_rows
from corpora.records import Bead
from corpora.samples import sample_gold


class Squeezed(Encoder):
    """An encoder's vectors with a direction in common: a cosine of 0 becomes one of `floor`."""

    name = "squeezed"

    def __init__(self, encoder: Encoder, floor: float) -> None:
        self.encoder, self.floor = encoder, floor

    def encode(self, texts: Sequence[str]) -> Vectors:
        own = self.encoder.encode(texts) * np.float32((1 - self.floor) ** 0.5)
        shared = np.full((len(texts), 1), self.floor**0.5, dtype=np.float32)
        return np.hstack([own, shared])


class Contrasted(Encoder):
    """What `TransformerEncoder` does, around any encoder."""

    name = "contrasted"

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        source, target = (encoder.encode(texts) for texts in zip(*sample_pairs(), strict=True))
        self.common = common_direction(source, target)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return without(self.encoder.encode(texts), self.common)


@pytest.mark.parametrize("floor", [0.2, 0.5, 0.75])
def test_unrelated_sentences_become_as_unlike_as_for_the_bundled_table(floor: float, bundled: Encoder) -> None:
    source, target = (Squeezed(bundled, floor).encode(texts) for texts in zip(*sample_pairs(), strict=True))
    assert unrelated(source, target) > floor
    common = common_direction(source, target)
    assert unrelated(without(source, common), without(target, common)) == pytest.approx(UNRELATED, abs=1e-3)


def strict_f1(encoder: Encoder) -> float:
    """On four of the bundled sample pairs."""
    gold, found = {}, {}
    with sample_gold() as folder:
        for path in sorted(folder.glob("s0[1-4].json")):
            pair = json.loads(path.read_text(encoding="utf-8"))
            gold[path.stem] = [Bead(tuple(source), tuple(target)) for source, target in pair["beads"]]
            found[path.stem] = align_sentences(pair["source"]["sentences"], pair["target"]["sentences"], encoder)
    return evaluate(gold, found).strict.f1


def test_a_squeezed_encoder_aligns_nearly_as_it_did_before(bundled: Encoder) -> None:
    squeezed, before = Squeezed(bundled, 0.75), strict_f1(bundled)
    assert strict_f1(squeezed) < before - 0.2
    assert strict_f1(Contrasted(squeezed)) > before - 0.05


def test_accuracy_does_not_suffer(bundled: Encoder) -> None:
    before, after = measure(bundled, sample_pairs()), measure(Contrasted(Squeezed(bundled, 0.75)), sample_pairs())
    assert after.margin_to_target > before.margin_to_target - 0.03
    assert after.to_target > before.to_target - 0.03


def test_an_encoder_without_a_common_direction_is_left_alone() -> None:
    rows = np.eye(6, dtype=np.float32)
    assert common_direction(rows, rows).tolist() == [0.0] * 6
    assert without(rows, common_direction(rows, rows)).tolist() == rows.tolist()


def test_an_encoder_that_finds_everything_the_same_stays_finite() -> None:
    rows = unit_rows(np.ones((6, 4), dtype=np.float32))
    assert np.isfinite(without(rows, common_direction(rows, rows))).all()


def test_rows_of_zeros_stay_zeros() -> None:
    rows = np.array([[0, 0], [0, 1]], dtype=np.float32)
    assert without(rows, np.array([0.5, 0.5], dtype=np.float32))[0].tolist() == [0.0, 0.0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_transformer_is_contrasted_unless_told_otherwise(transformer_folder: Path, tmp_path: Path) -> None:
    options = EncoderOptions(device="cpu", cache_folder=tmp_path / "cache")
    plain = TransformerEncoder.from_folder(transformer_folder, replace(options, contrast=False))
    contrasted = TransformerEncoder.from_folder(transformer_folder, options)
    texts = ["red house", "", "snow"]
    source, target = (plain.encode(side) for side in zip(*sample_pairs(), strict=True))
    expected = without(plain.encode(texts), common_direction(source, target))
    np.testing.assert_allclose(contrasted.encode(texts), expected, atol=1e-5)
    assert np.abs(contrasted.encode(texts) - plain.encode(texts)).max() > 0.01
    assert (contrasted.usage().texts, contrasted.usage().computed) == (2, 0)  # the samples do not count
    assert provenance(contrasted)["contrast"] is True
    assert len(list((tmp_path / "cache").glob("*.sqlite3"))) == 1  # both keep the model's own vectors
