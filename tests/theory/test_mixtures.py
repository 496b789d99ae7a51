"""The laws of kernels and mixtures against the simulator, over chains that each draw real data of their own."""

import warnings

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from collapse_lessons import SklearnModel, generations, metrics, stream, theory
from collapse_lessons.loop import DATA
from oracle import assert_mean, last, normal


@pytest.mark.filterwarnings("ignore:bandwidth=.* is large")  # it is, so that what it adds can be seen
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


@pytest.mark.filterwarnings("ignore:reg_covar=.* is large")
def test_kernel_var_holds_for_a_mixture_with_a_floor():
    """E var of the samples of generation 1 over 400 chains of a mixture of two, n = 10, d = 2, reg_covar 1."""
    values = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the identity holds after every step of EM
        for seed in range(400):
            model = SklearnModel(GaussianMixture(2, reg_covar=1.0, max_iter=5, init_params="random_from_data"))
            values.append(last(model, normal(10, 2, seed), fits=2, seed=seed).samples.var(axis=0).mean())
    assert_mean(values, theory.kernel_var(1, 10, 1.0, 0.9), wrong=[0.9**3, theory.kernel_var(0, 10, 1.0, 0.9)])


def test_refit_l2_follows_from_the_normal_density():
    """One component: mean and deviation err by s^2/n and s^2/2n, and move the density by its own derivatives."""
    s, h = 2.0, 1e-4
    x = np.linspace(-12 * s, 12 * s, 200_001)
    by_mean = (norm.pdf(x, h, s) - norm.pdf(x, -h, s)) / (2 * h)
    by_deviation = (norm.pdf(x, 0, s + h) - norm.pdf(x, 0, s - h)) / (2 * h)
    step = s**2 * np.trapezoid(by_mean**2, x) + s**2 / 2 * np.trapezoid(by_deviation**2, x)
    assert theory.refit_l2([1, 4], 100, [1.0], [s]) == pytest.approx(np.sqrt(np.array([1, 4]) / 100 * step), rel=1e-5)


def test_the_distance_from_the_truth_goes_as_the_root_of_fits_over_n():
    """The root mean square distance over 40 chains of a mixture of two, up to 5 fits; four times the rows halve it."""
    true = GaussianMixture(2)
    true.weights_, true.means_ = np.array([0.6, 0.4]), np.array([[-2.0], [2.0]])
    true.covariances_ = np.full((2, 1, 1), 0.5**2)
    typical = {}
    for n in (100, 400):
        squares = []
        for seed in range(40):
            rng = stream(DATA, 0, seed)
            real = true.means_[rng.choice(2, n, p=true.weights_)] + 0.5 * rng.standard_normal((n, 1))
            turns = generations(SklearnModel(GaussianMixture(2)), real, n_generations=5, seed=seed)
            squares.append([metrics.mixture_l2(turn.fitted.estimator_, true) ** 2 for turn in turns])
        typical[n] = np.sqrt(np.mean(squares))
        law = np.sqrt(np.mean(theory.refit_l2(np.arange(1, 6), n, true.weights_, np.array([0.5, 0.5])) ** 2))
        assert typical[n] == pytest.approx(law, rel=0.25)
    assert 1.5 < typical[100] / typical[400] < 2.8
