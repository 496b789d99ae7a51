"""Exercises on lesson 14 whose numbers are drawn."""

import numpy as np

from collapse_lessons.metrics import evidence

from .exercise import Exercise, in_words, pick


def pairs_needed(rng):
    std, error = pick(rng, 0.3, 0.5, 0.8, 1.2), pick(rng, 0.03, 0.05, 0.08, 0.1)
    k = 1
    while std / np.sqrt(k) > error + 1e-12:
        k += 1
    return Exercise(
        "In a pilot the differences between pairs have a standard deviation of {std}. How many pairs does it take "
        "until the standard error of their mean is at most {error}?",
        {"std": std, "error": error},
        k,
        "(standard deviation / standard error)^2, rounded up",
        within=0,
    )


def width_of_the_interval(rng):
    differences = rng.normal(0.3, 0.3, 6).round(2)
    low, high = evidence.interval(differences)
    return Exercise(
        "Six pairs of runs differ by {differences}. How wide is the 95% confidence interval for the mean difference? "
        "(`evidence.interval` may be used.)",
        {"differences": in_words(differences)},
        (high - low).item(),
        "twice 2.571, Student's quantile for six values, times their standard deviation (ddof 1) over the root of six",
    )


EXERCISES = (pairs_needed, width_of_the_interval)
