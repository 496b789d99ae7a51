"""Every closed form against the simulator it describes.

Each test says which expectation it checks and over how many independent chains; the real data are drawn anew for every
chain, and `assert_mean` allows six standard errors. Checks of means stay within a few generations: a variance is a
heavy-tailed product, whose mean no simulation finds after some 3 n generations.
"""

import warnings

import numpy as np
import pytest
from scipy import fft
from scipy.special import gammaln
from scipy.stats import norm
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from collapse_lessons import Fresh, Mix, Photocopier, SklearnModel, accumulate, generations, metrics, replace, theory
from collapse_lessons.loop import DATA, stream
from collapse_lessons.models.categorical import CategoricalBatches
from collapse_lessons.models.gaussian import Gaussian, GaussianBatches
from collapse_lessons.models.photocopier import blur_response
from oracle import assert_mean


def last(model, real, recipe=replace, *, fits, n=None, seed=0):
    """Return the generation that has been fitted `fits` times."""
    return list(generations(model, real, recipe, n_generations=fits, n=n, seed=seed))[-1]


def normal(n, n_chains, seed):
    return stream(DATA, 0, seed).standard_normal((n, n_chains))


def gaussian(n, fits, *, n_chains, seed, recipe=replace, ddof=0, spread=1.0):
    """Return the mean and the variance that each of many chains fits the last time."""
    model = GaussianBatches(n, ddof=ddof, spread=spread)
    fitted = last(model, model.summarise(normal(n, n_chains, seed)), recipe, fits=fits, seed=seed).fitted
    return fitted.mean_, fitted.var_


# --- one Gaussian, replace -----------------------------------------------------------------------------------------


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


# --- one Gaussian, other recipes -----------------------------------------------------------------------------------


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


# --- categories ----------------------------------------------------------------------------------------------------

P = np.array([0.5, 0.3, 0.15, 0.05])


def categories(p, n, fits, *, n_chains, seed):
    """Return the shares that each of many chains fits the last time, shape (n_chains, k)."""
    real = stream(DATA, 0, seed).multinomial(n, p, size=(1, n_chains))
    return last(CategoricalBatches(n), real, fits=fits, seed=seed).fitted.probs_


@pytest.mark.parametrize("fits", [1, 4])
def test_heterozygosity(fits):
    """E (1 - sum p^2) over 50,000 chains of n = 10; off by one fit fails."""
    probs = categories(P, 10, fits, n_chains=50_000, seed=fits)
    wrong = [theory.heterozygosity(fits - 1, 10, P), theory.heterozygosity(fits + 1, 10, P)]
    assert_mean(metrics.differ(probs), theory.heterozygosity(fits, 10, P), wrong=wrong)


def test_the_last_survivor_is_drawn_by_its_share():
    """P(category i is the last one) = p_i over 20,000 chains of n = 5, of which 2e-6 are undecided after 60 fits."""
    probs = categories(P, 5, 60, n_chains=20_000, seed=12)
    assert (metrics.alive(probs) == 1).mean() > 0.999
    for i, share in enumerate(P):
        assert_mean(probs[:, i] == 1, share, wrong=[share**2 / np.square(P).sum(), 0.25 + 1e-9])


@pytest.mark.parametrize("i", range(4))
def test_missed(i):
    """P(category i is missing from one sample) over 100,000 samples of n = 10."""
    probs = categories(P, 10, 1, n_chains=100_000, seed=13)
    wrong = [theory.missed(P[i], 9), theory.missed(P[i], 11)] if i else []
    wrong += [np.exp(-10 * P[i])] if i == 1 else []  # Poisson's approximation is off for a common category
    assert_mean(probs[:, i] == 0, theory.missed(P, 10)[i], wrong=wrong)


@pytest.mark.parametrize(("fits", "about"), [(1, 111.7), (10, 59.6)])
def test_survivors(fits, about):
    """Mean survivors of 120 breeds over 2000 chains of n = 1000; the formula is an approximation good to 0.1."""
    zipf = 1 / np.arange(1, 121)
    zipf /= zipf.sum()
    alive = metrics.alive(categories(zipf, 1000, fits, n_chains=2000, seed=fits))
    wrong = [theory.survivors(fits - 1, 1000, zipf), theory.survivors(fits + 1, 1000, zipf)]
    assert_mean(alive, theory.survivors(fits, 1000, zipf), wrong=wrong, approximate=0.1)
    assert abs(theory.survivors(fits, 1000, zipf) - about) < 0.1


@pytest.mark.parametrize("fits", [2, 20])
def test_survivors_with_fresh_samples(fits):
    """Mean survivors of 120 breeds over 600 chains of n = 1000, of which 100 are new at every fit after the first.

    The formula is an approximation, good to 0.3.
    """
    zipf = 1 / np.arange(1, 121)
    zipf /= zipf.sum()

    def draw(n, rng):
        return rng.multinomial(100, zipf, size=(n, 600))

    real = draw(10, stream(DATA, 0, 20))
    probs = last(CategoricalBatches(100), real, Fresh(draw, 0.1), fits=fits, seed=20).fitted.probs_
    exact = theory.survivors(fits, 1000, zipf, n_fresh=100)
    wrong = [theory.survivors(fits, 1000, zipf), theory.survivors(fits + 5, 1000, zipf, n_fresh=100)]
    assert_mean(metrics.alive(probs), exact, wrong=wrong[: 1 if fits > 2 else 2], approximate=0.3)
    assert np.isclose(theory.alive(fits, 1000, zipf, n_fresh=100).sum(), exact)


def test_survivors_before_the_first_fit_and_of_nothing():
    assert np.array_equal(theory.survivors([0, 0], 10, [0.5, 0.5, 0]), [2, 2])
    assert theory.survivors(10_000, 10, P) < 0.1  # each line of Poisson families dies out; a real chain keeps one


def test_count_law():
    """P(count = j) after 1 and 3 fits over 50,000 chains of n = 10 that start at 3; off by one fit fails."""
    for fits in (1, 3):
        probs = categories([0.3, 0.7], 10, fits, n_chains=50_000, seed=14)[:, 0]
        exact = theory.count_law(np.array([fits - 1, fits, fits + 1]), 10, 3)
        for j in (0, 3):
            assert_mean(np.isclose(10 * probs, j), exact[1, j], wrong=exact[[0, 2], j])
    assert np.allclose(exact.sum(axis=1), 1)
    assert np.allclose(exact @ np.arange(11), 3)  # nobody is favoured
    assert np.isclose(theory.count_law(1, 20, 5)[0], theory.missed(0.25, 20))


# --- kernels and mixtures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("generation", [0, 1])
def test_kernel_var(generation):
    """E var of the samples over 600 chains of n = 10 in 20 columns with bandwidth 0.5."""
    n, values = 10, []
    for seed in range(600):
        turn = last(SklearnModel(KernelDensity(bandwidth=0.5)), normal(n, 20, seed), fits=generation + 1, seed=seed)
        values.append(turn.samples.var(axis=0).mean())
    real = 1 - 1 / n  # what theory calls the real sample's own variance, ddof 0
    wrong = [theory.kernel_var(generation + 1, n, 0.5, real), theory.kernel_var(generation, n, 0.25, real)]
    wrong += [theory.kernel_var(generation, n, 0.5, 1.0)] if generation == 0 else []
    assert_mean(values, theory.kernel_var(generation, n, 0.5, real), wrong=wrong)


def test_kernel_var_holds_for_a_mixture_with_a_floor():
    """E var of the samples of generation 1 over 400 chains of a mixture of two, n = 10, d = 2, reg_covar 1."""
    values = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the identity holds after every step of EM
        for seed in range(400):
            model = SklearnModel(GaussianMixture(2, reg_covar=1.0, max_iter=5, init_params="random_from_data"))
            values.append(last(model, normal(10, 2, seed), fits=2, seed=seed).samples.var(axis=0).mean())
    assert_mean(values, theory.kernel_var(1, 10, 1.0, 0.9), wrong=[0.9**3, theory.kernel_var(0, 10, 1.0, 0.9)])


# --- copies --------------------------------------------------------------------------------------------------------

SIZE = (48, 64)


def spectrum(page):
    return fft.dctn(page.astype(float), axes=(0, 1), norm="ortho")


def grey_with_texture(seed):
    """Return a page far enough from black and white that nothing is clipped."""
    return (0.5 + 0.05 * np.random.default_rng(seed).standard_normal((1, *SIZE, 3))).clip(0.2, 0.8)


def test_copied_response():
    """Every amplitude of a page copied 3 times is multiplied by response^3, to the rounding of 32 bits."""
    real = grey_with_texture(0)
    copy = last(Photocopier(blur=1.0), real, fits=3).samples[0]
    left = theory.copied_response(blur_response(SIZE, 1.0), 3)[..., None]
    assert np.allclose(spectrum(copy), left * spectrum(real[0]), atol=1e-4)
    assert not np.allclose(spectrum(copy), left ** (4 / 3) * spectrum(real[0]), atol=1e-2)


@pytest.mark.parametrize("copies", [1, 3])
def test_copied_noise(copies):
    """E power of the noise, relative to theory, over some 10,000 amplitudes of slow waves in 30 grey pages."""
    grey, response = np.full((1, *SIZE, 3), 0.5), blur_response(SIZE, 1.0)
    slow = response > 0.8
    exact = theory.copied_noise(response, copies, noise=0.02)
    copied = [last(Photocopier(blur=1.0, noise=0.02), grey, fits=copies, seed=seed).samples[0] for seed in range(30)]
    power = [np.square(spectrum(page - 0.5))[slow] / exact[slow][:, None] for page in copied]
    wrong = theory.copied_noise(response, [copies + 1], noise=0.02) / exact
    assert_mean(np.ravel(power), 1, wrong=[wrong[slow].mean(), response[slow].mean() ** -2, 2, 0.5])


def test_copied_noise_where_nothing_is_lost_and_where_it_is_amplified():
    assert np.allclose(theory.copied_noise([1.0, 0.0], 5, noise=0.1), [5 * 0.01, 0])
    assert np.isclose(theory.copied_noise(1.2, 3, noise=1.0), 1.44 + 1.44**2 + 1.44**3)


def test_mixed_response():
    """Amplitudes after 4 copies of a pile of ten in which one page is the original."""
    real = grey_with_texture(1).repeat(10, axis=0)
    copy = last(Photocopier(blur=1.0), real, Mix(0.1), fits=5).samples[0]
    left = theory.mixed_response(blur_response(SIZE, 1.0).astype(float), 5, 0.1)
    response = blur_response(SIZE, 1.0).astype(float)
    by_hand = np.ones(SIZE)
    for copies in range(5):  # the first pile is all originals
        by_hand = response * (by_hand if copies == 0 else 0.1 + 0.9 * by_hand)
    assert np.allclose(spectrum(copy), by_hand[..., None] * spectrum(real[0]), atol=1e-4)
    assert np.allclose(left, by_hand, atol=1e-9)


def test_accumulated_response():
    """Amplitudes of the 4th copy in a pile that keeps the original and every copy."""
    real = grey_with_texture(2)
    copy = last(Photocopier(blur=1.0), real, accumulate, fits=4).samples[0]
    left = theory.accumulated_response(blur_response(SIZE, 1.0).astype(float), 4)
    assert np.allclose(spectrum(copy), left[..., None] * spectrum(real[0]), atol=1e-4)


def test_blur_width():
    """A blur of width sigma, repeated 4 times, is a blur of width 2 sigma."""
    assert theory.blur_width(1.5, 4) == 3
    assert np.allclose(blur_response(SIZE, 1.5) ** 4, blur_response(SIZE, 3.0), atol=1e-6)


def test_collapse_bound_is_markov_s_with_the_exact_rate():
    """E s / sigma = sqrt(2 / (n-1)) Gamma(n/2) / Gamma((n-1)/2) a fit; for large n 1 - 1/(4n)."""
    for n in (5, 50, 5000):
        rate = -(0.5 * np.log(2 / (n - 1)) + gammaln(n / 2) - gammaln((n - 1) / 2))
        given = -np.log(theory.collapse_bound(1.0, n, n)) / n
        assert given <= rate
        assert given == pytest.approx(rate, rel=1.5 / n + 1e-9)


def test_refit_l2_follows_from_the_normal_density():
    """One component: mean and deviation err by s^2/n and s^2/2n, and move the density by its own derivatives."""
    s, h = 2.0, 1e-4
    x = np.linspace(-12 * s, 12 * s, 200_001)
    by_mean = (norm.pdf(x, h, s) - norm.pdf(x, -h, s)) / (2 * h)
    by_deviation = (norm.pdf(x, 0, s + h) - norm.pdf(x, 0, s - h)) / (2 * h)
    step = s**2 * np.trapezoid(by_mean**2, x) + s**2 / 2 * np.trapezoid(by_deviation**2, x)
    assert theory.refit_l2([1, 4], 100, [1.0], [s]) == pytest.approx(np.sqrt(np.array([1, 4]) / 100 * step), rel=1e-5)
