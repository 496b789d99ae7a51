"""The laws of least squares along a chain of teachers, against fits by NumPy."""

import numpy as np
import pytest

from collapse_lessons import theory
from oracle import assert_mean

T, D = 14, 3


def solve(X, y):
    return np.linalg.solve(np.swapaxes(X, -1, -2) @ X, np.swapaxes(X, -1, -2) @ y)


@pytest.mark.parametrize("anew", [True, False])
def test_replace(anew):
    """10,000 chains of 14 rows and 3 features, 5 fits, rows kept or drawn anew; noise 0.7."""
    rng = np.random.default_rng(int(anew))
    X, w = rng.standard_normal((10_000, T, D)), np.ones((10_000, D, 1))
    for _ in range(5):
        if anew:
            X = rng.standard_normal(X.shape)
        w = solve(X, X @ w + 0.7 * rng.standard_normal((10_000, T, 1)))
    wrong = [theory.replace_risk(4, T, D, 0.7), theory.accumulate_risk(5, T, D, 0.7)]
    assert_mean(((w - 1) ** 2).sum(axis=(1, 2)), theory.replace_risk(5, T, D, 0.7), wrong=wrong)


def test_accumulate():
    """10,000 chains of 14 rows and 3 features, labelled by each of 5 generations; the pile has up to 70 labels."""
    rng = np.random.default_rng(2)
    X, w, labels = rng.standard_normal((10_000, T, D)), np.ones((10_000, D, 1)), 0.0
    for i in range(1, 6):
        labels = labels + X @ w + rng.standard_normal((10_000, T, 1))
        w = solve(X, labels / i)  # the same rows with i labels each: their mean
    wrong = [theory.accumulate_risk(2, T, D), theory.replace_risk(2, T, D)]
    assert_mean(((w - 1) ** 2).sum(axis=(1, 2)), theory.accumulate_risk(5, T, D), wrong=wrong)


def test_one_grows_without_end_and_the_other_does_not():
    first = theory.fit_risk(30, 6)
    assert theory.replace_risk([0, 1, 8], 30, 6) == pytest.approx([0, first, 8 * first])
    assert theory.accumulate_risk([0, 1, 2], 30, 6) == pytest.approx([0, first, 1.25 * first])
    assert theory.accumulate_risk(10**5, 30, 6) == pytest.approx(np.pi**2 / 6 * first, rel=1e-4)


@pytest.mark.parametrize("used", [6, 30])
@pytest.mark.parametrize("fits", [1, 3])
def test_the_size_of_the_model(used, fits):
    """4000 chains of 16 rows that see 6 or 30 of 40 features; new rows for every fit, noise 0.5, signal 2."""
    rng = np.random.default_rng(used + fits)
    truth = np.full((40, 1), np.sqrt(2 / 40))
    seen = np.broadcast_to(truth, (4000, 40, 1))
    for _ in range(fits):
        X = rng.standard_normal((4000, 16, 40))
        y = X @ seen + 0.5 * rng.standard_normal((4000, 16, 1))
        seen = np.concatenate([np.linalg.pinv(X[:, :, :used]) @ y, np.zeros((4000, 40 - used, 1))], axis=1)
    exact, other = theory.sized_risk(np.array([fits, 4 - fits]), 16, used, 40, 0.5, 2.0)
    assert_mean(((seen - truth) ** 2).sum(axis=(1, 2)), exact, wrong=[other])


def test_a_larger_model_amplifies_and_beyond_the_threshold_mitigates():
    """What nine more generations cost, with 100 rows: more and more up to the threshold, less and less of it beyond."""
    below, above = [5, 20, 50, 80], [120, 150, 200, 400]
    cost = {m: np.subtract(*theory.sized_risk(np.array([10, 1]), 100, m, 400)) for m in below + above}
    assert np.all(np.diff([cost[m] for m in below]) > 0)
    assert np.all(np.diff([cost[m] for m in above]) < 0)
    assert cost[400] > 0
