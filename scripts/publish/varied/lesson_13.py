"""Exercises on lesson 13 whose numbers are drawn."""

import numpy as np

from collapse_lessons import theory

from .exercise import Exercise, pick


def accepted(rng):
    right, percent, times = pick(rng, 5, 10, 15, 20), pick(rng, 60, 70, 85, 90), pick(rng, 1, 2, 3)
    odds = right / (100 - right) * (percent / (100 - percent)) ** times
    return Exercise(
        "{right}% of all articles are right. A checker who is right in {percent}% of all cases looks at them, and "
        "another such checker at what was accepted, {times} checkers in all. What share of what is left is right?",
        {"right": right, "percent": percent, "times": times},
        odds / (1 + odds),
        "each multiplies the odds by accuracy / (1 - accuracy)",
        see="section 1",
    )


def keep_the_largest(rng):
    percent, t = pick(rng, 50, 60, 75, 80, 90), pick(rng, 2, 3, 4, 5)
    return Exercise(
        "A jury keeps the tallest {percent}% in every generation, of very many. What share of the standard deviation "
        "is left after {t} generations? (`theory.selected_var` may be used.)",
        {"percent": percent, "t": t},
        np.sqrt(theory.selected_var(percent / 100)).item() ** t,
        "the square root of theory.selected_var(share), to the power of the generations",
    )


EXERCISES = (accepted, keep_the_largest)
