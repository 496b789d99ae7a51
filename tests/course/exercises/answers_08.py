"""Wrong answers to lesson 08's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_08 as exercise


def runs(words, length=4, step=1):
    return [tuple(words[i : i + length]) for i in range(0, len(words) - length + 1, step)]


def before(words, length=4, step=1):
    return 1 - len(set(runs(words, length, step))) / len(runs(words, length, step))


def twice(words):
    return [run for run in runs(words) if runs(words).count(run) > 1]


def shares(first, last):
    return np.mean(last < np.quantile(first, 0.1)), np.mean(last > np.quantile(first, 0.9))


CASES = [
    (exercise.repeated, before, "CORRECT"),
    (exercise.repeated, lambda words: np.float32(before(words)), "CORRECT"),
    (exercise.repeated, lambda words: ..., "NOT YET"),
    (exercise.repeated, 0.2, "the function itself"),
    (exercise.repeated, lambda words: None, "returns nothing"),
    (exercise.repeated, runs, "one number"),
    (exercise.repeated, lambda words: 1 - before(words), "the share that is new"),
    (exercise.repeated, lambda words: len(runs(words)) - len(set(runs(words))), "that is a count"),
    (exercise.repeated, lambda words: len(twice(words)) / len(runs(words)), "it has not come before"),
    (exercise.repeated, lambda words: len(set(twice(words))) / len(set(runs(words))), "it has not come before"),
    (
        exercise.repeated,
        lambda words: (len(runs(words)) - len(set(runs(words)))) / len(words),
        "there are fewer runs than words",
    ),
    (exercise.repeated, lambda words: 1 - len(set(runs(words))) / len(words), "there are fewer runs than words"),
    (exercise.repeated, lambda words: 1 - len(set(runs(words[:-1]))) / len(words), "there are fewer runs than words"),
    (exercise.repeated, lambda words: before(words, 1), "single words"),
    (exercise.repeated, lambda words: before(words, step=4), "begins at every word"),
    (exercise.repeated, lambda words: before(words, 3), "another length"),
    (exercise.repeated, lambda words: before(words, 5), "another length"),
    (exercise.repeated, lambda words: before(words[:-1]), "the last run is missing"),
    (exercise.repeated, lambda words: 0.5, "how many differ"),
    (exercise.moved, shares, "CORRECT"),
    (exercise.moved, lambda f, x: np.array(shares(f, x)), "CORRECT"),
    (exercise.moved, lambda f, x: ..., "NOT YET"),
    (exercise.moved, 3.0, "the function itself"),
    (exercise.moved, lambda f, x: shares(f, x)[0], "return two numbers"),
    (exercise.moved, lambda f, x: (np.mean(x < np.median(f)), shares(f, x)[1]), "half of `first`"),
    (exercise.moved, lambda f, x: [len(x) * share for share in shares(f, x)], "you have a count"),
    (exercise.moved, lambda f, x: (np.sum(x < np.quantile(f, 0.1)), shares(f, x)[1]), "you have a count"),
    (exercise.moved, lambda f, x: (shares(f, x)[0], np.mean(x > np.percentile(f, 0.9))), "10 and 90 here"),
    (
        exercise.moved,
        lambda f, x: (np.sum(x < np.percentile(f, 0.1)), np.sum(x > np.percentile(f, 0.9))),
        "you have a count",
    ),
    (exercise.moved, lambda f, x: (shares(f, x)[0], np.mean(x > np.quantile(f, 90))), "0.9 here, 90 there"),
    (exercise.moved, lambda f, x: shares(f, x)[::-1], "the other way round"),
    (exercise.moved, lambda f, x: shares(x, x), "those of `first`"),
    (exercise.moved, lambda f, x: shares(f, f), "those of `first`"),
    (exercise.moved, lambda f, x: (1 - shares(f, x)[0], shares(f, x)[1]), "is a lower perplexity"),
    (exercise.moved, lambda f, x: (shares(f, x)[0], np.mean(x > np.quantile(f, 0.1))), "wants 0.9"),
    (exercise.moved, lambda f, x: (0.15, 0.15), "np.mean(last < mark)"),
    (exercise.conclusion, "c", "CORRECT"),
    (exercise.conclusion, "a", "a cause of their own"),
    (exercise.conclusion, "b", "its share of the rise"),
    (exercise.conclusion, "d", "may do less, or more"),
    (exercise.conclusion, "beams", "one letter in quotes"),
]
