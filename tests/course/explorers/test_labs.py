"""Lesson 11's explorer at the extremes of its controls."""

from itertools import product

import numpy as np
import pytest

from collapse_lessons import theory
from collapse_lessons.course.explorers import labs as explorer


@pytest.mark.parametrize(("labs", "shared", "n"), [*product([2, 6], [0.0, 1.0], [10, 300])])
def test_draw(labs, shared, n):
    figure, description, alt = explorer.draw(labs, shared, n, seed=20)
    figure.canvas.draw()
    assert len(figure.axes) == min(labs, explorer.SHOWN) + 1
    assert description.startswith(f"{labs} labs of {n} tales, {shared:.0%} of them from the shelf")
    assert "nan" not in description + alt
    for line in figure.axes[-1].lines:
        assert (np.diff(line.get_ydata()) <= 1e-12).all()


def test_labs_apart_differ_for_ever():
    _, description, _ = explorer.draw(labs=4, shared=0.0)
    assert "of two labs 0.83" in description


@pytest.mark.parametrize(("labs", "shared"), [(2, 0.5), (4, 0.1)])
def test_counts_in_place_of_rows_have_the_same_likeness(labs, shared):
    """4000 webs of labs of 12 rows after 8 fits."""
    exact = float(theory.lab_likeness(8, 12, labs, shared))
    assert explorer.likeness(12, labs, shared, n_webs=4000, fits=8) == pytest.approx(exact, abs=0.02)
    assert exact != pytest.approx(float(theory.lab_likeness(12, 12, labs, shared / 2)), abs=0.05)
