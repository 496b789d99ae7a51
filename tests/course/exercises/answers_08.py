"""Wrong answers to lesson 08's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_08 as exercise

MINUTES = 37_000 * 64 * 5 * 10 / 40_000 / 60


def shares(first, last):
    return np.mean(last < np.median(first)), np.mean(last > np.quantile(first, 0.95))


CASES = [
    (exercise.minutes, MINUTES, "CORRECT"),
    (exercise.minutes, 49, "CORRECT"),
    (exercise.minutes, MINUTES * 60, "those are seconds"),
    (exercise.minutes, MINUTES / 5, "five times"),
    (exercise.minutes, MINUTES / 10, "there are ten"),
    (exercise.minutes, MINUTES / 64, "the card counts tokens"),
    (exercise.minutes, MINUTES / 60, "those are hours"),
    (exercise.minutes, "an hour", "one number"),
    (exercise.minutes, 7, "divide by tokens a second"),
    (exercise.moved, shares, "CORRECT"),
    (exercise.moved, lambda f, x: np.array(shares(f, x)), "CORRECT"),
    (exercise.moved, lambda f, x: ..., "NOT YET"),
    (exercise.moved, 3.0, "the function itself"),
    (exercise.moved, lambda f, x: shares(f, x)[0], "return two numbers"),
    (exercise.moved, lambda f, x: [len(x) * share for share in shares(f, x)], "those are counts"),
    (exercise.moved, lambda f, x: shares(f, x)[::-1], "the other way round"),
    (exercise.moved, lambda f, x: shares(x, x), "those of `first`"),
    (exercise.moved, lambda f, x: shares(f, f), "those of `first`"),
    (exercise.moved, lambda f, x: (1 - shares(f, x)[0], shares(f, x)[1]), "a lower perplexity"),
    (exercise.moved, lambda f, x: (shares(f, x)[0], np.mean(x > np.quantile(f, 0.05))), "wants 0.95"),
    (exercise.moved, lambda f, x: (0.1, 0.1), "np.mean(last < mark)"),
    (exercise.conclusion, "c", "CORRECT"),
    (exercise.conclusion, "a", "a cause of their own"),
    (exercise.conclusion, "b", "its share of the rise"),
    (exercise.conclusion, "d", "may do less, or more"),
    (exercise.conclusion, "beams", "one letter in quotes"),
]
