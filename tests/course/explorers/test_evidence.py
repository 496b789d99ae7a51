"""Lesson 14's explorer at the extremes of its controls."""

from itertools import product

import numpy as np
import pytest
from scipy.special import digamma

from collapse_lessons.course.explorers import evidence as explorer
from collapse_lessons.course.explorers import explore
from oracle import assert_mean

EXTREMES = list(product([-0.04, 0.0, 0.04], [10, 300], [3, 30]))


@pytest.mark.parametrize(("effect", "n", "seeds"), EXTREMES)
def test_draw(effect, n, seeds):
    figure, description, alt = explorer.draw(effect, n, seeds, seed=20)
    left, right = figure.axes
    assert f"Of {explorer.N_RUNS // seeds} studies with {seeds} seeds each" in description
    assert all(design in alt for design in explorer.DESIGNS)
    assert [label.get_text() for label in left.get_yticklabels()] == list(explorer.DESIGNS)
    assert len(left.lines) == 3 * 3 + 2
    widths = np.array([bar.get_width() for bar in right.patches]).reshape(3, 3)
    assert np.allclose(widths.sum(axis=1), 1)
    assert f"effect {effect:+.0%}, n = {n}, {seeds} seeds" in left.get_title()


def test_the_runs_follow_the_exact_law():
    """E of the change of ln(spread) over 20 generations; what is measured, and the control, shift it by nothing."""
    n, effect = 30, 0.02
    before, after = explorer.measured(effect, n, 7)
    _, control = explorer.measured(0, n, 7, arm=1)
    lost = 10 * (digamma((n - 1) / 2) - np.log(n / 2))
    gained = 10 * np.log1p(effect)
    assert_mean(after - before, lost + gained, wrong=[0, lost - gained])
    assert_mean(after - control, gained, wrong=[0, -gained])


def test_what_counts_as_wrong():
    low, high = np.array([0.1, -0.1, -0.3]), np.array([0.3, 0.1, -0.1])
    assert list(explorer.verdicts(low, high, 0.02)) == ["right", "undecided", "wrong"]
    assert list(explorer.verdicts(low, high, -0.02)) == ["wrong", "undecided", "right"]
    assert list(explorer.verdicts(low, high, 0)) == ["wrong", "right", "wrong"]


@pytest.mark.parametrize("design", explorer.DESIGNS[1:])
def test_a_placebo_is_accused_as_often_as_an_interval_of_95_percent_allows(design):
    """1000 studies of three: 6 standard errors are 0.041."""
    assert (explorer.verdicts(*explorer.studies(design, 0.0, 30, 3), 0.0) == "wrong").mean() < 0.05 + 0.041


def test_the_panel_opens_at_the_defaults():
    panel = explore(explorer.draw, effect=[0.0, 0.02], n=[10, 30], seeds=[5, 10], seed=(0, 20))
    assert {w.description: w.value for w in panel.children[:-1]} == {"effect": 0.02, "n": 30, "seeds": 10, "seed": 0}
