"""Exercises on lesson 07 whose numbers are drawn."""

import numpy as np

from collapse_lessons import accumulate

from .exercise import Exercise, in_words, pick


def as_unsure_as(rng):
    probs = rng.choice([0.9, 0.8, 0.5, 0.4, 0.25, 0.2, 0.1, 0.05], 4, replace=False)
    return Exercise(
        "A model gave the four words that really came next the probabilities {probs}. What is its perplexity on them?",
        {"probs": in_words(probs)},
        np.exp(-np.log(probs).mean()).item(),
        "e to the mean of -ln p",
    )


def real_rows(rng):
    n, t = pick(rng, 600, 1200, 1500, 2400), rng.integers(3, 12).item()
    pot = accumulate([np.zeros(n), *np.ones((t, n))], n, rng)  # the real articles are the zeros
    return Exercise(
        "*Accumulate-subsample* with {n} articles a generation. How many of the articles that generation {t} trains on "
        "are real, on average?",
        {"n": n, "t": t},
        n * (pot == 0).mean().item(),
        "the pot holds the real articles and those of all generations before: one part in t + 1",
    )


EXERCISES = (as_unsure_as, real_rows)
