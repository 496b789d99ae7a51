"""Lesson 13's explorer at the extremes of its controls."""

from itertools import product

import numpy as np
import pytest

from collapse_lessons import theory
from collapse_lessons.course.explorers import likes as explorer


@pytest.mark.parametrize(("real", "taste", "imitating"), [*product([0.0, 0.5], [0.0, 1.0], [0.0, 0.9])])
def test_draw(real, taste, imitating):
    figure, description, alt = explorer.draw(real, taste, imitating, seed=20)
    figure.canvas.draw()
    assert description.startswith(f"{real:.0%} of 1000 photos are real, {imitating:.0%} of these by imitators")
    assert "nan" not in description + alt


def test_its_limit_is_the_one_of_the_theory():
    reward = explorer.rewards(0.5)
    assert reward[9] == pytest.approx(1.66, abs=0.005)
    assert explorer.exact(reward, 0.0)[12] == pytest.approx(theory.curated(explorer.SHARE, reward, 12))
    assert explorer.exact(reward, 0.3)[-1] == pytest.approx(theory.preferred(explorer.SHARE, reward, 0.3), abs=2e-4)


def test_without_a_taste_a_share_of_real_photos_holds_the_breeds():
    shares = explorer._chain(0.5, 0.0, 0.0, 3)
    assert np.count_nonzero(shares[-1]) > 95
    assert np.abs(shares[-1] - explorer.SHARE).max() < 0.06
