"""Exercises on lesson 01 whose numbers are drawn."""

import numpy as np

from collapse_lessons import theory

from .exercise import Exercise, pick


def spread_left(rng):
    n, percent = pick(rng, 60, 80, 150, 250, 400, 800), pick(rng, 10, 20, 25, 30, 40)
    typical = theory.typical_var(np.arange(1, 4 * n), n)  # by generation: generation 0 has been fitted once
    return Exercise(
        "A Gaussian is refitted by maximum likelihood to n = {n} samples, again and again (replace). After about how "
        "many generations is the *typical* variance {percent}% of the real one?",
        {"n": n, "percent": percent},
        int(np.argmax(typical < percent / 100)),
        "it is multiplied by about 1 - 2/n each time, so after n/2 times ln(100 / per cent)",
        within=0.05,
        see="section 2",
    )


def mean_variance(rng):
    n, k = pick(rng, 20, 25, 40, 50, 80), rng.integers(10, 60).item()
    return Exercise(
        "Maximum likelihood, replace, n = {n}, real variance 1. What is the exact *mean* variance after {k} fits?",
        {"n": n, "k": k},
        theory.expected_var(k, n).item(),
        "(1 - 1/n)^k",
        within=0.01,
        see="section 2",
    )


def kept_variance(rng):
    n = pick(rng, 4, 6, 9, 12, 16, 25)
    return Exercise(
        "Maximum likelihood, *accumulate*, n = {n}, real variance 1. At which mean variance does it end?",
        {"n": n},
        theory.accumulate_var_limit(n).item(),
        "sin(pi/sqrt n) / (pi/sqrt n)",
        see="section 3, *For the curious*",
    )


EXERCISES = (spread_left, mean_variance, kept_variance)
