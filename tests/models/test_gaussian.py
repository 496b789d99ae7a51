"""The Gaussian chains, sampled row by row or from their sufficient statistics: the same law."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import ks_2samp

from collapse_lessons import Fresh, accumulate, generations, metrics, replace
from collapse_lessons.loop import DATA, stream
from collapse_lessons.model_check import check_model
from collapse_lessons.models.gaussian import Gaussian, GaussianBatches
from oracle import assert_mean, assert_same_mean

X = stream(DATA, 0, 0).standard_normal((30, 4)) * [1, 2, 3, 4] + 5


@pytest.mark.parametrize("ddof", [0, 1])
def test_fit_is_the_mean_and_the_variance_of_each_column(ddof):
    before = X.copy()
    model = Gaussian(ddof=ddof)
    assert model.fit(X) is model
    assert np.allclose(model.mean_, X.mean(axis=0))
    assert np.allclose(model.var_, X.var(axis=0, ddof=ddof))
    assert np.array_equal(X, before)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_digits_are_not_lost_in_single_precision(dtype):
    """NumPy adds up the rows one by one: in single precision the mean was off by more than its standard error."""
    rows = (1000 + stream(DATA, 0, 1).standard_normal((100_000, 2))).astype(dtype)
    turn = SimpleNamespace(samples=rows)
    for found, exact in (
        (Gaussian().fit(rows).mean_, rows.astype(float).mean(axis=0)),
        (Gaussian().fit(rows).var_, rows.astype(float).var(axis=0)),
        (metrics.mean(turn), rows.astype(float).mean()),
        (metrics.std(turn), rows.astype(float).std(axis=0).mean()),
        (metrics.var(turn), rows.astype(float).var(axis=0).mean()),
    ):
        assert np.allclose(found, exact, rtol=1e-9)


def test_samples_have_the_fitted_mean_and_variance_and_not_its_square():
    """Mean and variance of 100,000 samples a column; a variance taken for a standard deviation would be far off."""
    model = Gaussian().fit(X)
    samples = model.sample(100_000, np.random.default_rng(0))
    for column, mean, var in zip(samples.T, model.mean_, model.var_, strict=True):
        assert_mean(column, mean)
        assert_mean(np.square(column - mean), var, wrong=[var**2, np.sqrt(var)] if abs(var - 1) > 0.3 else [])


@pytest.mark.parametrize("spread", [0, 0.5, 1.5])
def test_spread_multiplies_the_variance_of_the_samples(spread):
    model = Gaussian(spread=spread).fit(X)
    narrow, faithful = (m.sample(1000, np.random.default_rng(1)) for m in (model, Gaussian().fit(X)))
    assert np.allclose(narrow - model.mean_, np.sqrt(spread) * (faithful - model.mean_))


def test_batches_keep_all_that_a_fit_needs():
    batches = GaussianBatches(10, ddof=1)
    summary = batches.summarise(X)
    assert summary.shape == (3, 2, 4)
    assert np.allclose(batches.fit(summary).mean_, Gaussian(ddof=1).fit(X).mean_)
    assert np.allclose(batches.var_, Gaussian(ddof=1).fit(X).var_)
    assert GaussianBatches(10).fit(summary).sample(7, np.random.default_rng(0)).shape == (7, 2, 4)


def test_batches_of_batches_have_the_right_scatter():
    """E of the mean of a batch, of its square and of its scatter over 100,000 batches of 5."""
    model = GaussianBatches(5, spread=0.5)
    model.mean_, model.var_ = np.array([2.0]), np.array([4.0])
    mean, scatter = model.sample(100_000, np.random.default_rng(2))[:, :, 0].T
    assert_mean(mean, 2)
    assert_mean(np.square(mean - 2), 0.5 * 4 / 5, wrong=[0.5 * 4, 4 / 5])
    assert_mean(scatter, 4 * 0.5 * 4, wrong=[5 * 0.5 * 4, 3 * 0.5 * 4])


def draw(n, rng):
    return rng.standard_normal((n, 4000))


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("recipe", [replace, accumulate])
def test_statistics_alone_have_the_law_of_the_samples(recipe, ddof):
    """4000 chains of n = 10 either way: the two samples of means and of variances, by Kolmogorov and Smirnov.

    Each of 24 p-values is below 1e-9 by chance once in 1e9; ddof swapped or one generation more is told apart.
    """
    n, n_generations = 10, 6
    sampled = generations(Gaussian(ddof=ddof), draw(n, stream(DATA, 0, 1)), recipe, n_generations=n_generations, seed=1)
    batches = GaussianBatches(n, ddof=ddof)
    real = batches.summarise(draw(n, stream(DATA, 0, 2)))
    summed = generations(batches, real, recipe, n_generations=n_generations, seed=2)
    for first, second in zip(sampled, summed, strict=True):
        if first.index in (0, 2, 5):
            assert ks_2samp(first.fitted.mean_, second.fitted.mean_).pvalue > 1e-9
            assert ks_2samp(first.fitted.var_, second.fitted.var_).pvalue > 1e-9
            assert_same_mean(first.fitted.var_, second.fitted.var_)
            other = first.fitted.var_ * ((n - ddof) / (n - (1 - ddof))) ** (first.index + 1)
            if recipe is replace and first.index == 5:
                assert ks_2samp(other, second.fitted.var_).pvalue < 1e-9


def test_columns_are_independent_chains():
    """The correlation of neighbouring columns' variances over 5000 pairs is 0, and so is that of mean and variance."""
    *_, last = generations(Gaussian(), draw(10, stream(DATA, 0, 3)), Fresh(draw, 0.2), n_generations=5, seed=3)
    mean, logs = last.fitted.mean_, np.log(last.fitted.var_)
    for a, b in ((logs[::2], logs[1::2]), (mean[::2], mean[1::2]), (mean, logs)):
        assert abs(np.corrcoef(a, b)[0, 1]) < 6 / np.sqrt(len(a))


def test_a_column_does_not_depend_on_the_others():
    alone = Gaussian().fit(X[:, :1])
    assert np.allclose(alone.var_, Gaussian().fit(X).var_[:1], rtol=1e-12)


@pytest.mark.parametrize("model", [Gaussian(), Gaussian(ddof=1, spread=0.5)])
def test_passes_the_course_s_own_check(model):
    assert check_model(model, X)["passed"].all()


def test_batches_pass_it_too():
    assert check_model(GaussianBatches(5), GaussianBatches(5).summarise(X))["passed"].all()
