"""Errors put into correct translations: each is where it is said to be, and the same for the same seed."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from seed_errors import ERRORS, Sample, inserted_in_source, seeded

ROWS = [
    (
        "市は5月3日、雨の中で、20キロの道路を直した。",
        "On June 3, the city of Sakai repaired 20 kilometers of road, working in the rain.",
    ),
    (
        "知事は、橋が安全ではないと、木曜日に述べた。",
        "Governor Tanabe said on Thursday that the bridge was not safe, which surprised Fukuda.",
    ),
    (
        "3人の農家が、去年より多くの米を、売った。",
        "Three farmers around Niigata sold more rice than last year, because prices rose sharply.",
    ),
    (
        "2014年に開業した駅は、今も、使われている。",
        "Opened in 2014, the station near Hakone is still in use, and nobody complains.",
    ),
]
SAMPLES = [Sample(f"{at}/0", str(at), source, target) for at, (source, target) in enumerate(ROWS)]


@pytest.mark.parametrize("error", ERRORS)
def test_one_error_when_a_pair_has_a_place_for_it(error: str) -> None:
    made = list(seeded(SAMPLES, ERRORS[error]))
    assert made, f"no place for {error} in any sample"
    for one in made:
        assert one.source == one.sample.source
        assert one.target != one.sample.target


def test_clause_in_the_source_when_it_is_an_omission() -> None:
    for one in seeded(SAMPLES, inserted_in_source):
        assert one.target == one.sample.target
        assert one.source.replace(one.detail, "", 1) == one.sample.source
        assert any(one.detail in other.source for other in SAMPLES if other.document != one.sample.document)


def test_same_errors_when_the_seed_is_the_same() -> None:
    made = [[one.target for one in seeded(SAMPLES, ERRORS["number"], seed=seed)] for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


def test_no_error_when_there_is_no_place_for_one() -> None:
    bare = Sample("e/0", "e", "はい。", "Yes.")
    assert all(
        maker(bare, SAMPLES, random.Random(1)) is None
        for name, maker in ERRORS.items()
        if name not in ("unrelated", "addition")
    )
