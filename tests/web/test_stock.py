"""A finite stock: when it is reached."""

import numpy as np
import pytest

from collapse_lessons.web.stock import run_out


def test_run_out():
    assert run_out(300, 15, 2) == pytest.approx(np.log2(20))
    assert run_out(300, 15, 2, 0.5) == pytest.approx(np.log2(20) - 1)  # half of it lasts a doubling less
    assert np.array_equal(run_out(300, [300, 600], 2), [0, 0])
    demand = 15 * 3.0 ** run_out(300, 15, 3, 0.25)
    assert demand == pytest.approx(225)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run_out(0, 1, 2), "stock must be numbers from 1e-30 .* got 0"),
        (lambda: run_out(1, -1, 2), "demand must be numbers from 1e-30 .* got -1"),
        (lambda: run_out(1, 1, 1), "growth must be numbers from 1 .* got 1: 2 doubles"),
        (lambda: run_out(1, 1, 2, 1), "withdrawn must be numbers from 0 to 0.999999, got 1"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
