"""The laws of a refitted Gaussian against the simulator that they describe.

Each test says which expectation it checks and over how many independent chains; the real data are drawn anew for every
chain, and `assert_mean` allows six standard errors. Checks of means stay within a few generations: a variance is a
heavy-tailed product, whose mean no simulation finds after some 3 n generations.
"""

import numpy as np
import pytest
from scipy.special import gammaln

from collapse_lessons import Fresh, accumulate, replace, theory
from collapse_lessons.models.gaussian import Gaussian, GaussianBatches
from oracle import assert_mean, last, normal


def gaussian(n, fits, *, n_chains, seed, recipe=replace, ddof=0, spread=1.0):
    """Return the mean and the variance that each of many chains fits the last time."""
    model = GaussianBatches(n, ddof=ddof, spread=spread)
    fitted = last(model, model.summarise(normal(n, n_chains, seed)), recipe, fits=fits, seed=seed).fitted
    return fitted.mean_, fitted.var_


# --- one Gaussian, replace --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("fits", [1, 4])
def test_gaussian_replace(fits, ddof):
    """E var, E mean^2, E std and E ln var over 100,000 chains of n = 10; off by one fit or the other divisor fails."""
    n = 10
    means, variances = gaussian(n, fits, n_chains=100_000, seed=fits, ddof=ddof)
    for values, formula in (
        (variances, theory.expected_var),
        (np.square(means), theory.mean_var),
        (np.sqrt(variances), theory.expected_std),
        (np.log(variances), lambda *args: np.log(theory.typical_var(*args))),
    ):
        exact = formula(fits, n, ddof)
        candidates = [formula(fits - 1, n, ddof), formula(fits + 1, n, ddof), formula(fits, n, 1 - ddof)]
        wrong = [value for value in candidates if not np.isclose(value, exact)]  # E var of ddof 1 is always 1
        assert len(wrong) >= 1
        assert_mean(values, exact, wrong=wrong)
    if ddof == 0:
        assert_mean(variances + np.square(means), 1)


def test_what_theory_says_before_the_first_fit():
    for ddof in (0, 1):
        assert theory.expected_var(0, 10, ddof, spread=0.5) == theory.expected_std(0, 10, ddof) == 1
        assert theory.typical_var(0, 10, ddof) == 1
        assert theory.mean_var(0, 10, ddof) == 0
    assert theory.accumulate_var(0, 10) == 1
    assert theory.accumulate_drift(0, 10) == 0


@pytest.mark.parametrize("ddof", [0, 1])
def test_typical_var_is_the_median(ddof):
    """The median of 20,000 chains of n = 10 after 50 fits; the skew of a logarithm of chi-squares leaves about 4%."""
    _, variances = gaussian(10, 50, n_chains=20_000, seed=3, ddof=ddof)
    error = np.log(np.median(variances) / theory.typical_var(50, 10, ddof))
    spread = 1.2533 * np.log(variances).std() / np.sqrt(20_000)  # standard error of a median
    assert abs(error) < 0.04 + 6 * spread < 0.3 < abs(np.log(theory.expected_var(50, 10, ddof) / np.median(variances)))


def test_every_unbiased_chain_dies():
    """Of 5000 unbiased chains of n = 10 fewer than 1 in 100 has a standard deviation above 0.01 after 400 fits.

    ln std has mean -23.1 and standard deviation 5.0 by then, so the share is about 1e-4: 50 chains are out of reach.
    """
    _, variances = gaussian(10, 400, n_chains=5000, seed=4, ddof=1)
    assert (np.sqrt(variances) > 0.01).mean() < 0.01


@pytest.mark.parametrize("n", [100, 1000])
def test_rules_of_thumb(n):
    fits = np.arange(3 * n)
    assert np.allclose(theory.expected_std(fits, n, ddof=1), np.exp(-fits / (4 * n)), rtol=0.02)
    assert np.allclose(theory.expected_std(fits, n, ddof=0), np.exp(-3 * fits / (4 * n)), rtol=0.02)
    assert np.allclose(np.log(theory.typical_var(fits, n, ddof=1)), -fits / (n - 1), rtol=0.02)


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("model", [Gaussian, GaussianBatches])
def test_spread(model, ddof):
    """E var after 4 fits over 40,000 chains of n = 10 whose samples have 0.8 times the variance."""
    n, fits, spread = 10, 4, 0.8
    if model is Gaussian:
        real = normal(n, 40_000, seed=5)
        variances = last(Gaussian(ddof=ddof, spread=spread), real, fits=fits, seed=5).fitted.var_
    else:
        _, variances = gaussian(n, fits, n_chains=40_000, seed=6, ddof=ddof, spread=spread)
    exact = theory.expected_var(fits, n, ddof, spread)
    shrink = theory.expected_var(fits, n, ddof)
    assert_mean(variances, exact, wrong=[spread**fits * shrink, spread ** (2 * (fits - 1)) * shrink, shrink])


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize(("fits", "eps"), [(10, 0.5), (40, 0.1), (200, 0.1)])
def test_collapse_bound(fits, eps, ddof):
    """The share of 20,000 chains of n = 10 above eps, less six standard errors, is below the bound."""
    _, variances = gaussian(10, fits, n_chains=20_000, seed=7, ddof=ddof)
    share = (np.sqrt(variances) > eps).mean()
    error = np.sqrt(max(share * (1 - share), 1e-4) / 20_000)
    assert share - 6 * error <= theory.collapse_bound(eps, fits, 10)
    if (fits, ddof) == (200, 1):  # half the time is not enough: the bound has teeth
        assert share - 6 * error > theory.collapse_bound(eps, 2 * fits, 10)


def test_collapse_bound_is_markov_s_with_the_exact_rate():
    """E s / sigma = sqrt(2 / (n-1)) Gamma(n/2) / Gamma((n-1)/2) a fit; for large n 1 - 1/(4n)."""
    for n in (5, 50, 5000):
        rate = -(0.5 * np.log(2 / (n - 1)) + gammaln(n / 2) - gammaln((n - 1) / 2))
        given = -np.log(theory.collapse_bound(1.0, n, n)) / n
        assert given <= rate
        assert given == pytest.approx(rate, rel=1.5 / n + 1e-9)


# --- one Gaussian, other recipes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fits", "n_chains"), [(1, 200_000), (2, 200_000), (30, 20_000)])
def test_accumulate(fits, n_chains):
    """E var and E mean^2 over chains of n = 3 that keep everything."""
    n = 3
    means, variances = gaussian(n, fits, n_chains=n_chains, seed=fits, recipe=accumulate)
    wrong = [theory.expected_var(fits, n)] if fits > 1 else []
    wrong += [theory.accumulate_var(fits - 1, n), theory.accumulate_var(fits + 1, n)] if fits < 3 else []
    assert_mean(variances, theory.accumulate_var(fits, n), wrong=wrong)
    assert_mean(np.square(means), 1 - theory.accumulate_var(fits, n), wrong=[1 - other for other in wrong])


@pytest.mark.parametrize("n", [2, 10, 1000])
def test_accumulate_limit(n):
    assert np.isclose(theory.accumulate_var(100_000, n), theory.accumulate_var_limit(n), rtol=1e-5)
    assert np.isclose(theory.accumulate_drift(100_000, n), np.pi**2 / (6 * n), rtol=1e-4)
    if n > 100:
        assert np.isclose(1 - theory.accumulate_var_limit(n), np.pi**2 / (6 * n), rtol=0.01)


class KnownVariance:
    """A normal distribution that refits its mean alone; the first `n_real` rows weigh `weight` together."""

    def __init__(self, weight=None, n_real=0):
        self.weight, self.n_real = weight, n_real

    def fit(self, X, rng):
        self.mean_ = X.mean(axis=0)
        if self.weight is not None and len(X) > self.n_real:
            real, synthetic = X[: self.n_real].mean(axis=0), X[self.n_real :].mean(axis=0)
            self.mean_ = self.weight * real + (1 - self.weight) * synthetic
        return self

    def sample(self, n, rng):
        return self.mean_ + rng.standard_normal((n, len(self.mean_)))


def test_accumulate_drift():
    """E mean^2 after 2 fits over 100,000 chains of n = 4 with a known variance; sums of 1/i fail."""
    n, fits = 4, 2
    means = last(KnownVariance(), normal(n, 100_000, seed=8), accumulate, fits=fits, seed=8).fitted.mean_
    wrong = [theory.accumulate_drift(1, n), theory.accumulate_drift(3, n), 1.5 / n, 1 - theory.accumulate_var(2, n)]
    assert_mean(np.square(means), theory.accumulate_drift(fits, n), wrong=wrong[:3])


@pytest.mark.parametrize("ddof", [0, 1])
def test_fresh(ddof):
    """E var and E mean^2 at fit 30 over 100,000 chains of 5 fresh and 5 synthetic rows: their limit to 1e-8."""
    n_chains = 100_000

    def draw(n, rng):
        return rng.standard_normal((n, n_chains))

    fitted = last(Gaussian(ddof=ddof), normal(10, n_chains, seed=9), Fresh(draw, 0.5), fits=30, seed=9).fitted
    other = 1 - ddof
    assert_mean(fitted.var_, theory.fresh_var(5, 5, ddof), wrong=[theory.fresh_var(5, 5, other), 1.0])
    assert_mean(
        np.square(fitted.mean_),
        theory.fresh_mean_var(5, 5, ddof),
        wrong=[theory.fresh_mean_var(5, 5, other), 0.1, theory.mean_var(30, 10)],
    )


def test_the_divisor_inflates_the_variance_under_fresh_data():
    """E var at fit 120 over 8000 chains of 5 fresh and 45 synthetic rows with the divisor N - 1: about 1.106, not 1."""
    n_chains = 8000

    def draw(n, rng):
        return rng.standard_normal((n, n_chains))

    fitted = last(Gaussian(ddof=1), normal(50, n_chains, seed=10), Fresh(draw, 0.1), fits=120, seed=10).fitted
    assert np.isclose(theory.fresh_var(5, 45, ddof=1), 1.106, atol=0.001)
    assert_mean(fitted.var_, theory.fresh_var(5, 45, ddof=1), wrong=[1.0, theory.fresh_var(5, 45)])


def test_fresh_limits():
    assert theory.fresh_var(10, 0, 1) == 1
    assert np.isclose(theory.fresh_var(10, 0), 0.9)
    assert np.isclose(theory.fresh_mean_var(10, 90) + theory.fresh_var(10, 90), 1)
    assert np.isclose(theory.fresh_mean_var(5, 45), 50 / (50**2 - 45 * 44))
    assert np.isclose(theory.fresh_drift(10, 90), (1 / 100) / (1 - 0.9**2))


@pytest.mark.parametrize("weight", [None, 0.3, theory.best_weight(2, 2)])
def test_fresh_drift(weight):
    """E mean^2 at fit 40 over 100,000 chains of 2 fresh and 2 synthetic rows with a known variance."""
    n_chains = 100_000

    def draw(n, rng):
        return rng.standard_normal((n, n_chains))

    model = KnownVariance(0.5 if weight is None else weight, n_real=2)
    means = last(model, normal(4, n_chains, seed=11), Fresh(draw, 0.5), fits=40, seed=11).fitted.mean_
    exact = theory.fresh_drift(2, 2, weight)
    wrong = [1 / 4, theory.fresh_mean_var(2, 2), theory.fresh_drift(2, 2, 0.8), theory.fresh_drift(2, 2, 0.4)]
    assert_mean(np.square(means), exact, wrong=[value for value in wrong if abs(value - exact) > 0.02])


@pytest.mark.parametrize(("n_real", "n_synthetic"), [(5, 5), (10, 90), (90, 10), (1, 1)])
def test_best_weight(n_real, n_synthetic):
    weights = np.linspace(0.001, 1, 1000)
    drift = [theory.fresh_drift(n_real, n_synthetic, weight) for weight in weights]
    assert abs(weights[np.argmin(drift)] - theory.best_weight(n_real, n_synthetic)) < 0.002
    if n_real == n_synthetic:
        assert np.isclose(theory.best_weight(n_real, n_synthetic), (np.sqrt(5) - 1) / 2)
