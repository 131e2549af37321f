"""Calibration: bins, the error, and the plot."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.calibration import Calibration, at_least, calibrate
from align.reliability import reliability_plot

OUTCOMES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


@given(OUTCOMES)
def test_every_prediction_is_in_one_bin(outcomes: list[tuple[float, bool]]) -> None:
    calibration = calibrate([p for p, _ in outcomes], [truth for _, truth in outcomes])
    assert calibration.count == len(outcomes)
    assert 0 <= calibration.error <= 1
    for one in calibration.bins:
        inside = [(p, t) for p, t in outcomes if one.low <= p < one.high or p == one.high == 1]
        assert one.count == len(inside) > 0
        assert one.predicted == pytest.approx(np.mean([p for p, _ in inside]))
        assert one.right == pytest.approx(np.mean([t for _, t in inside]))


def test_the_error_is_the_mean_distance_of_promise_and_truth() -> None:
    assert calibrate([0.75] * 4, [True, True, True, False]).error == 0
    assert calibrate([1.0, 0.0], [False, False]).error == pytest.approx(0.5)
    assert calibrate([], []).error == 0


def test_what_is_at_least_so_probable() -> None:
    assert at_least([0.99, 0.95, 0.5, 0.2], [True, False, True, False], 0.95) == (0.5, 0.5)
    assert at_least([0.1], [True], 0.95) == (0.0, 0.0)


@given(OUTCOMES, st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_the_plot_is_well_formed_whatever_it_is_called(outcomes: list[tuple[float, bool]], title: str) -> None:
    calibration = calibrate([p for p, _ in outcomes], [truth for _, truth in outcomes])
    drawn = ElementTree.fromstring(reliability_plot({title: calibration, "none": Calibration([])}, title))
    circles = list(drawn.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == len(calibration.bins)
    assert all(48 <= float(circle.attrib["cx"]) <= 408 for circle in circles)
