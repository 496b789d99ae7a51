"""The laws of kernels and mixtures against the simulator, over chains that each draw real data of their own."""

import warnings

import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from collapse_lessons import SklearnModel, theory
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
