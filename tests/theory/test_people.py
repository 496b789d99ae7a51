"""The laws of people who imitate and try again, against loops and draws."""

import numpy as np
import pytest

from collapse_lessons import theory
from oracle import assert_mean


def test_people_who_write_as_the_model_does_are_synthetic_rows():
    """20,000 chains of n = 20: 0.5 of the rows are the model's, and 0.4 of the people repeat it; after 12 fits."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((20_000, 20))
    for _ in range(11):
        mean, std = rows.mean(axis=1, keepdims=True), rows.std(axis=1, keepdims=True)
        machine, repeats = rng.random(rows.shape) < 0.5, rng.random(rows.shape) < 0.4
        rows = rng.standard_normal(rows.shape)
        rows = np.where(machine | repeats, mean + std * rows, rows)
    share = theory.imitated_share(0.5, 0.4)
    assert share == pytest.approx(0.7)
    wrong = [theory.filtered_mean_var(12, 20, 0.5)]
    assert_mean(rows.mean(axis=1) ** 2, theory.filtered_mean_var(12, 20, 1 - share), wrong=wrong)


@pytest.mark.parametrize("tries", [1, 3, 10])
def test_one_of_so_many_tries(tries):
    """20,000 sets of tries at five problems."""
    right = np.array([0.0, 0.1, 0.3, 0.8, 1.0])
    rng = np.random.default_rng(tries)
    solved = (rng.random((20_000, 5, tries)) < right[:, None]).any(axis=2).mean(axis=1)
    assert_mean(solved, theory.pass_at(tries, right), wrong=[theory.pass_at(tries + 1, right)])


def test_sharper_is_better_at_the_first_try_and_worse_at_the_hundredth():
    right, tries = np.concatenate([np.full(60, 0.7), np.full(40, 0.2)]), np.array([1, 100])
    first, hundredth = theory.pass_at(tries, theory.sharpened(right, 4)) - theory.pass_at(tries, right)
    assert first > 0.05
    assert hundredth < -0.1


def test_sharpened_is_the_odds_to_a_power():
    assert theory.sharpened([0, 0.3, 0.5, 1], 2) == pytest.approx([0, 0.09 / 0.58, 0.5, 1])
    assert theory.sharpened([0, 0.3, 1], 1) == pytest.approx([0, 0.3, 1])
