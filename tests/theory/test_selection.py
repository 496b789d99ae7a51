"""The closed forms of lessons 12 and 13 against the recipes they describe; independent chains, six standard errors."""

import numpy as np
import pytest
from scipy.stats import truncnorm

from collapse_lessons import Gaussian, generations, theory
from collapse_lessons.defences.curation import Best
from collapse_lessons.defences.filters import Candidates, Filter, Rates
from collapse_lessons.loop import DATA, stream
from oracle import assert_mean


def normal(n_chains):
    return lambda n, rng: rng.standard_normal((n, n_chains))


def filtered(detector, real_fraction, *, n, fits, n_chains, seed, found=None):
    """Return mean and variance that each chain fits the last time, under a filter."""
    draw = normal(n_chains)
    recipe = Filter(Candidates(draw, real_fraction, columns=True), detector, size=n)
    turns = generations(
        Gaussian(), draw(n, stream(DATA, 0, seed)), recipe, n_generations=fits, n=found or 12 * n, seed=seed
    )
    fitted = list(turns)[-1].fitted
    return fitted.mean_, fitted.var_


@pytest.mark.parametrize(
    ("detector", "fits"), [(Rates(0, 0), 1), (Rates(0, 0), 4), (Rates(0.5, 0.2), 4), (Rates(0.9, 0.3), 3)]
)
def test_filtered_gaussian(detector, fits):
    """E mean^2 and E var over 20,000 chains of n = 10 from a web with 20% real; off by one fit or by the filter fails.

    60 to 120 are found at a time, all different, so that the ten kept are as good as independent.
    """
    n, share = 10, 0.2
    f = theory.filtered_share(share, detector.true_positive, detector.false_positive)
    means, variances = filtered(detector, share, n=n, fits=fits, n_chains=20_000, seed=fits)
    exact = theory.filtered_mean_var(fits, n, f)
    wrong = [theory.filtered_mean_var(fits - 1, n, f), theory.filtered_mean_var(fits, n, 0.0 if f < 0.9 else 1.0)]
    wrong = wrong[: 1 if fits == 1 or detector.true_positive > 0.8 else 2]
    wrong = [w for w in wrong if abs(w - exact) > 0.02]
    assert_mean(means**2, exact, wrong=wrong, approximate=0.002)
    assert_mean(variances, 1 - exact, wrong=[1 - w for w in wrong], approximate=0.002)


def test_filtered_mean_var_by_recursion():
    n, f = 7, 0.3
    var, s = 0.0, 0.7
    for fits in range(1, 6):
        var = 1 / n + s**2 * (1 - 1 / n) * var
        assert theory.filtered_mean_var(fits, n, f) == pytest.approx(var)
    assert theory.filtered_mean_var(4, n, 0.0) == pytest.approx(theory.mean_var(4, n))
    assert theory.filtered_mean_var([1, 9], n, 1.0) == pytest.approx([1 / n, 1 / n])


def test_the_whole_error_is_one_and_a_half_times_that_of_the_mean():
    """To first order in 1/n, as the lesson draws it: within a tenth at n = 100, over 300 chains and 20 generations."""
    n, n_chains = 100, 300
    draw = normal(n_chains)
    for detector in (Rates(0, 0), Rates(0.9, 0.09)):
        recipe = Filter(Candidates(draw, 0.1, columns=True), detector, size=n)
        turns = generations(Gaussian(), draw(n, stream(DATA, 0, 9)), recipe, n_generations=41, n=300, seed=9)
        errors = [turn.fitted.mean_**2 + (np.sqrt(turn.fitted.var_) - 1) ** 2 for turn in turns]
        per_chain = np.mean(errors[20:], axis=0)
        f = theory.filtered_share(0.1, detector.true_positive, detector.false_positive)
        expected = 1.5 * theory.filtered_mean_var(40, n, f)
        assert_mean(per_chain, expected, approximate=0.1 * expected)


def test_filtered_share_by_counting():
    assert theory.filtered_share(0.1, 0.26, 0.09) == pytest.approx(0.091 / (0.091 + 0.666))
    assert theory.filtered_share([0.0, 1.0], 0.99, 0.01) == pytest.approx([0, 1])
    odds = 0.2 / 0.8 * (1 - 0.3) / (1 - 0.6)
    assert theory.filtered_share(0.2, 0.6, 0.3) == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9])
def test_selected_var(keep):
    """Keeping the largest share of 1000 numbers three times, 400 chains: E var over generations 1 to 3."""
    draw = normal(400)
    turns = generations(
        Gaussian(), draw(1000, stream(DATA, 0, 5)), Best(lambda rows: rows, keep), n_generations=4, n=1000, seed=5
    )
    for turn in turns:
        exact = theory.selected_var(keep) ** turn.index
        other = theory.selected_var(keep) ** (turn.index + 1)
        assert_mean(turn.fitted.var_, exact, wrong=[other], approximate=0.006 * exact)
    assert theory.selected_var(0.5) == pytest.approx(1 - 2 / np.pi)
    assert theory.selected_var(1) == 1


def test_verified_mean():
    """The truncated normal's mean, against scipy and against 100,000 samples."""
    means = np.array([-8.0, -1, 0, 0.5, 3, 12])
    assert theory.verified_mean(means, 0.5, 2) == pytest.approx(means + truncnorm.mean(-1.5 - means, 2.5 - means))
    x = np.random.default_rng(0).normal(0.3, 1, 200_000)
    assert_mean(x[np.abs(x - 1) <= 2], theory.verified_mean(0.3, 1, 2), wrong=[0.3, 1.0])
    mean = 0.0
    for _ in range(60):
        mean = theory.verified_mean(mean, 0.5, 2)
    assert mean == pytest.approx(0.5, abs=1e-5)


def test_curated():
    p, reward = np.array([0.7, 0.3, 0.0]), np.array([0.0, 1.0, 5.0])
    assert theory.curated(p, reward, 0) == pytest.approx(p)
    twice = theory.curated(theory.curated(p, reward, 1), reward, 1)
    assert theory.curated(p, reward, 2) == pytest.approx(twice)
    assert theory.curated(p, reward, [0, 500])[1] == pytest.approx([0, 1, 0])
    assert theory.curated(p, reward, 3)[1] / theory.curated(p, reward, 3)[0] == pytest.approx(0.3 / 0.7 * np.exp(3))


P, REWARD = np.array([0.4, 0.3, 0.2, 0.1, 0.0]), np.array([0.0, 0.5, -0.5, 1.5, 9.0])


@pytest.mark.parametrize("real", [0.05, 0.3, 1.0])
def test_where_preferences_come_to_rest(real):
    """400 rounds of 20 albums of 20,000 photos, each photo chosen from an endless pool."""
    rng = np.random.default_rng(1)
    rest = theory.preferred(P, REWARD, real)
    shares = np.tile(P, (20, 1))
    for _ in range(400):
        liked = shares * np.exp(REWARD)
        mixed = (1 - real) * liked / liked.sum(axis=1, keepdims=True) + real * P
        shares = rng.multinomial(20_000, mixed) / 20_000
    for i in range(4):
        assert_mean(shares[:, i], rest[i], approximate=0.002)
    step = rest * np.exp(REWARD)
    assert (1 - real) * step / step.sum() + real * P == pytest.approx(rest, abs=1e-12)  # it rests
    assert rest.sum() == pytest.approx(1)
    assert np.all(rest >= real * P)


def test_the_best_liked_of_those_that_exist_takes_over_as_real_rows_go():
    assert theory.preferred(P, REWARD, 1e-5)[3] > 0.99
    assert theory.preferred(P, REWARD, 1.0) == pytest.approx(P)
    assert theory.preferred(P, np.zeros(5), 0.2) == pytest.approx(P)
    assert theory.preferred([0.0, 1.0], [5.0, 0.0], 0.2) == pytest.approx([0, 1])
