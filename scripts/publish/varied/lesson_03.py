"""Exercises on lesson 03 whose numbers are drawn."""

import numpy as np

from collapse_lessons import metrics, theory

from .exercise import Exercise, in_words, pick


def balance(rng):
    n, var = pick(rng, 100, 150, 200, 400, 500), pick(rng, 0.25, 0.4, 0.8, 1.2, 2.0)
    floor = theory.kernel_var(100 * n, n, bandwidth=1.0)  # in units of the squared bandwidth
    return Exercise(
        "A kernel estimate with n = {n} samples a generation shall keep the variance of each axis at {var}. Which "
        "bandwidth does it take?",
        {"n": n, "var": var},
        np.sqrt(var / floor).item(),
        "v = (n - 1) h^2 at balance",
        see="section 1",
    )


def floor_of_variance(rng):
    n, reg_covar = pick(rng, 20, 30, 50, 80), pick(rng, 1e-2, 2e-3, 5e-3, 1e-3, 5e-4)
    return Exercise(
        "`GaussianMixture(1, reg_covar={reg_covar:g})` goes round the loop with n = {n}, replace. Where does the mean "
        "variance stop?",
        {"n": n, "reg_covar": reg_covar},
        theory.kernel_var(100 * n, n, bandwidth=reg_covar**0.5).item(),
        "at (n - 1) reg_covar",
        see="section 5",
    )


def reached(rng):
    real = np.sort(rng.choice(np.arange(0, 100, 5), 8, replace=False)) / 10
    samples = np.sort((rng.choice(real, 3, replace=False) + rng.choice([-0.1, 0.1, 0.2, 0.7], 3)).round(1))
    return Exercise(
        "Real points on a line: {real}. Samples: {samples}. What is the coverage, with a distance of less than 0.25?",
        {"real": in_words(real), "samples": in_words(samples)},
        metrics.coverage(samples[:, None], real[:, None], radius=0.25),
        "the share of the real points that have a sample nearer than that",
    )


EXERCISES = (balance, floor_of_variance, reached)
