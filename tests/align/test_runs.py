"""Runs of sentences: where they lie in the tables, and what is reckoned of them from their sentences."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from align.runs import Runs


@given(st.integers(1, 12), st.integers(1, 6))
def test_all_runs_are_there_once_in_order(count: int, longest: int) -> None:
    runs = Runs.of(count, longest)
    expected = [(size, start) for size in range(1, min(longest, count) + 1) for start in range(count - size + 1)]
    assert list(zip(runs.sizes.tolist(), runs.starts.tolist(), strict=True)) == expected
    for size in range(1, runs.longest + 1):
        assert [expected[row] for row in range(*runs.block(size).indices(len(expected)))] == [
            one for one in expected if one[0] == size
        ]
        assert (runs.over(size) == (runs.sizes > size)).all()


@given(st.integers(1, 12), st.integers(1, 6))
def test_without_an_outer_sentence_a_run_is_the_shorter_one(count: int, longest: int) -> None:
    runs = Runs.of(count, longest)
    for row, (size, start) in enumerate(zip(runs.sizes, runs.starts, strict=True)):
        if size == 1:
            assert runs.without_first[row] == runs.without_last[row] == row
            continue
        for shorter, first in ((runs.without_first[row], start + 1), (runs.without_last[row], start)):
            assert (runs.sizes[shorter], runs.starts[shorter]) == (size - 1, first)


@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 99))
def test_reduced_is_the_operation_over_each_runs_sentences(count: int, longest: int, seed: int) -> None:
    runs = Runs.of(count, longest)
    values = np.random.default_rng(seed).normal(size=(3, count)).astype(np.float32)
    for operation in (np.add, np.maximum, np.minimum):
        expected = [
            operation.reduce(values[:, start : start + size], axis=1)
            for size, start in zip(runs.sizes, runs.starts, strict=True)
        ]
        np.testing.assert_allclose(runs.reduced(operation, values), np.stack(expected, axis=1), rtol=1e-5, atol=1e-5)
