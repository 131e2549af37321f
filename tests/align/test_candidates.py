"""Candidates: the search in blocks finds what comparing everything with everything finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align import candidates
from align.candidates import NEAR, Days, find_candidates
from align.vectors import Vectors, unit_rows


def by_hand(vectors: tuple[Vectors, Vectors], days: tuple[Days, Days], window: int, most: int) -> dict[int, list[int]]:
    found = {}
    for t, target in enumerate(vectors[1]):
        alike = [
            (-round(float(source @ target), 5), s)
            for s, source in enumerate(vectors[0])
            if not abs(days[0][s] - days[1][t]) > window
        ]
        best = sorted(alike)[:most]
        found[t] = [s for cosine, s in best if -cosine >= -best[0][0] - NEAR]
    return found


day = st.one_of(st.just(float("nan")), st.integers(0, 12).map(float))


@settings(deadline=None)
@given(st.lists(day, max_size=12), st.lists(day, max_size=12), st.integers(0, 5), st.integers(1, 4), st.integers(0, 99))
def test_blocks_and_windows_change_nothing(
    source_days: list[float], target_days: list[float], window: int, most: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    vectors = tuple(unit_rows(chance.normal(size=(len(n), 3)).astype(np.float32)) for n in (source_days, target_days))
    days = np.array(source_days, dtype=float), np.array(target_days, dtype=float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "ROWS", 3)
        patch.setattr(candidates, "COLUMNS", 4)
        found = list(find_candidates((vectors[0], vectors[1]), days, window_days=window, most=most))
    assert sorted(one.target for one in found) == list(range(len(target_days)))
    assert {one.target: one.sources for one in found} == by_hand((vectors[0], vectors[1]), days, window, most)
    for one in found:
        reach = sum(not abs(other - days[1][one.target]) > window for other in days[0])
        assert one.in_reach == reach


def test_targets_come_in_the_order_of_their_dates() -> None:
    vectors = unit_rows(np.ones((3, 2), dtype=np.float32))
    days = np.array([5.0, float("nan"), 1.0])
    assert [one.target for one in find_candidates((vectors, vectors), (days, days), window_days=1, most=1)] == [2, 0, 1]
