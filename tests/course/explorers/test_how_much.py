"""Lesson 09's explorer at the extremes of its controls."""

from itertools import product

import pytest

from collapse_lessons.course.explorers import how_much as explorer


@pytest.mark.parametrize(
    ("n_real", "share", "less_variance", "replayed"), [*product([10, 10_000], [0.05, 0.95], [0.0, 0.2], [False, True])]
)
def test_draw(n_real, share, less_variance, replayed):
    figure, description, alt = explorer.draw(n_real, share, less_variance, replayed)
    figure.canvas.draw()
    assert f"with {n_real} real rows" in description
    assert ("the same real rows again" in description) == replayed
    assert "nan" not in description + alt


def test_it_says_what_the_lesson_says():
    assert "0.67 times" in explorer.draw(300, 0.5, 0.0)[1]
    assert "1.33 times" in explorer.draw(300, 0.5, 0.0, replayed=True)[1]


def test_more_variance_is_refused():
    with pytest.raises(ValueError, match=r"less_variance must be a number from 0 to 0.5, got -1"):
        explorer.draw(less_variance=-1)
