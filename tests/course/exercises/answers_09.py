"""Wrong answers to lesson 09's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_09 as exercise


def people_only(crawl):
    def recipe(pool, n, rng):
        rows, synthetic = crawl(pool, n, rng)
        return rows[~synthetic]

    return recipe


def returns(what):
    """Return an answer whose recipe returns `what(rows, synthetic)`."""
    return lambda crawl: lambda pool, n, rng: what(*crawl(pool, n, rng))


def other_size(crawl):
    def recipe(pool, n, rng):
        rows, synthetic = crawl(pool, 100, rng)
        return rows[~synthetic]

    return recipe


CASES = [
    (exercise.factor, 1 / (1 - 0.75**2), "CORRECT"),
    (exercise.factor, 2.3, "CORRECT"),
    (exercise.factor, 0.000343, "the error itself"),
    (exercise.factor, 0.4375, "its inverse"),
    (exercise.factor, 1.067, "not of the real ones"),
    (exercise.factor, 4, "remember something"),
    (exercise.factor, 0.571, "the total is fixed"),
    (exercise.factor, 2.5, "these are fresh"),
    (exercise.factor, "2.3", "give one number"),
    (exercise.factor, 7, "put it into"),
    (exercise.worth, lambda r, s: r * (1 + s), "CORRECT"),
    (exercise.worth, lambda r, s: ..., "NOT YET"),
    (exercise.worth, lambda r, s: None, "returns nothing"),
    (exercise.worth, 150, "the function itself"),
    (exercise.worth, lambda r, s: r / (1 + s), "the other way round"),
    (exercise.worth, lambda r, s: r / (1 - s), "as if the synthetic ones were real"),
    (exercise.worth, lambda r, s: r / (1 - s**2), "here r is fixed"),
    (exercise.worth, lambda r, s: 1.5 / (r * (1 + s)), "which number of real rows"),
    (exercise.worth, lambda r, s: 1 + s, "how many rows"),
    (exercise.worth, lambda r, s: r * (1 + s) / (1 + 2 * s), "here they are fresh"),
    (exercise.worth, lambda r, s: r + s, "nearly 2 r"),
    (exercise.people_only, people_only, "CORRECT"),
    (exercise.people_only, returns(lambda rows, synthetic: ...), "NOT YET"),
    (exercise.people_only, returns(lambda rows, synthetic: None), "returns nothing"),
    (exercise.people_only, 3, "the function itself"),
    (exercise.people_only, lambda crawl: np.zeros(3), "must return the function recipe"),
    (exercise.people_only, returns(lambda rows, synthetic: (rows, synthetic)), "rows alone"),
    (exercise.people_only, returns(lambda rows, synthetic: rows[synthetic]), "turn it round"),
    (exercise.people_only, returns(lambda rows, synthetic: rows), "that is everything"),
    (exercise.people_only, other_size, "hand pool, n and rng on"),
    (exercise.people_only, returns(lambda rows, synthetic: rows[:3]), "return rows[~synthetic]"),
    (exercise.sooner, np.log(4) / np.log(3), "CORRECT"),
    (exercise.sooner, 1.26, "CORRECT"),
    (exercise.sooner, 1.3, "CORRECT"),
    (exercise.sooner, -1.26, "above 0"),
    (exercise.sooner, 2, "it trebles"),
    (exercise.sooner, 0.262, "one quarter is left"),
    (exercise.sooner, 1.3333, "use logarithms"),
    (exercise.sooner, 0.75, "that is the share"),
    (exercise.sooner, [1.26], "give one number"),
    (exercise.sooner, 9, "3 to which power is 4"),
]
