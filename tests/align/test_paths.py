"""The best path is the best of all paths, and posteriors are what counting all paths gives."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from align.paths import NEVER, Shape, best_path, posteriors
from align.scoring import AlignOptions
from corpora.records import Bead

Tables = dict[Shape, npt.NDArray[np.float32]]


@st.composite
def value_tables(draw: st.DrawFn, most: int = 5) -> tuple[Tables, int, int]:
    """Values of all beads of two short texts; whole numbers, so that ties are common and sums exact."""
    n_source, n_target = draw(st.integers(1, most)), draw(st.integers(1, most))
    shapes = [(m, n) for m, n in AlignOptions().shapes() if m <= n_source and n <= n_target]
    elements = st.integers(-4, 6).map(float)
    table = {
        (m, n): draw(arrays(np.float32, (n_source - m + 1, n_target - n + 1), elements=elements)) for m, n in shapes
    }
    return table, n_source, n_target


def greatest_total(value: Tables, n_source: int, n_target: int) -> float:
    """By trying, from every point, every next step."""

    @cache
    def rest(i: int, j: int) -> float:
        totals = [0.0]
        if i < n_source:
            totals.append(rest(i + 1, j))
        if j < n_target:
            totals.append(rest(i, j + 1))
        for (m, n), table in value.items():
            if i + m <= n_source and j + n <= n_target:
                totals.append(float(table[i, j]) + rest(i + m, j + n))
        return max(totals)

    return rest(0, 0)


@settings(max_examples=200)
@given(value_tables())
def test_best_path_has_the_greatest_total_of_all_paths(tables: tuple[Tables, int, int]) -> None:
    value, n_source, n_target = tables
    path = best_path(value, n_source, n_target)
    worth = [float(value[len(b.source), len(b.target)][b.source[0], b.target[0]]) for b in path]
    assert sum(worth) == greatest_total(value, n_source, n_target)
    assert all(earned > 0 for earned in worth)
    in_order = sorted(path, key=lambda bead: bead.source)
    for one, following in pairwise(in_order):
        assert one.source[-1] < following.source[0]
        assert one.target[-1] < following.target[0]


def all_paths(value: Tables, i: int, j: int) -> Iterator[tuple[float, list[Bead]]]:
    """Every monotone set of beads before source i and target j, with its total."""
    if i == 0 or j == 0:
        yield 0.0, []
        return
    yield 0.0, []
    for (m, n), table in value.items():
        for a in range(m, i + 1):
            for b in range(n, j + 1):
                bead = Bead(tuple(range(a - m, a)), tuple(range(b - n, b)))
                for total, beads in all_paths(value, a - m, b - n):
                    yield total + float(table[a - m, b - n]), [*beads, bead]


@settings(max_examples=40)
@given(value_tables(most=3))
def test_posteriors_are_the_shares_of_all_paths(tables: tuple[Tables, int, int]) -> None:
    value, n_source, n_target = tables
    paths = list(all_paths(value, n_source, n_target))
    whole = sum(np.exp(total) for total, _ in paths)
    log_sum, found = posteriors(value, n_source, n_target)
    assert log_sum == pytest.approx(np.log(whole))
    for (m, n), table in found.items():
        for (i, j), share in np.ndenumerate(table):
            bead = Bead(tuple(range(i, i + m)), tuple(range(j, j + n)))
            expected = sum(np.exp(total) for total, beads in paths if bead in beads) / whole
            assert share == pytest.approx(expected, abs=1e-9)


def test_posteriors_of_long_texts_stay_finite() -> None:
    value = {(1, 1): np.full((400, 300), 5.0, dtype=np.float32), (2, 1): np.full((399, 300), -5.0, dtype=np.float32)}
    log_sum, found = posteriors(value, 400, 300)
    assert np.isfinite(log_sum)
    assert all(np.isfinite(table).all() and table.max() <= 1 + 1e-9 for table in found.values())
    assert sum(table.sum() for table in found.values()) == pytest.approx(300, rel=0.05)


def test_a_bead_that_must_not_be_is_on_no_path() -> None:
    value = {(1, 1): np.full((2, 2), 3.0, dtype=np.float32)}
    value[1, 1][0, 0] = NEVER
    path = best_path(value, 2, 2)
    assert [(bead.source, bead.target) for bead in path] in ([((0,), (1,))], [((1,), (0,))], [((1,), (1,))])
    assert posteriors(value, 2, 2)[1][1, 1][0, 0] == 0


@pytest.mark.parametrize(("n", "m"), [(0, 3), (3, 0), (2, 2)])
def test_without_candidates_there_is_an_empty_path(n: int, m: int) -> None:
    assert best_path({}, n, m) == []
    assert posteriors({}, n, m)[1] == {}


def test_two_halves_that_changed_places_are_not_more_than_a_double_holds() -> None:
    value = np.full((240, 240), -20.0, dtype=np.float32)
    for i in range(240):
        value[i, (i + 120) % 240] = 15.0
    log_sum, found = posteriors({(1, 1): value}, 240, 240)
    assert np.isfinite(log_sum)
    assert np.isfinite(found[1, 1]).all()
    assert found[1, 1].max() <= 1
