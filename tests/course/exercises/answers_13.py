"""Wrong answers to lesson 13's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_13 as exercise


def partly_liked(choose, draw, real_share):
    def recipe(pool, n, rng):
        n_real = round(real_share * n)
        return np.concatenate([choose(pool, n - n_real, rng), draw(n_real, rng)])

    return recipe


def returns(what):
    """Return an answer whose recipe returns `what(choose, draw, n_real, pool, n, rng)`."""
    return lambda choose, draw, share: lambda pool, n, rng: what(choose, draw, round(share * n), pool, n, rng)


CASES = [
    (exercise.half_right, 0.9, "CORRECT"),
    (exercise.half_right, 0.902, "CORRECT"),
    (exercise.half_right, 90, "in per cent"),
    (exercise.half_right, 9, "divided by the rest"),
    (exercise.half_right, 0.1, "how often it errs"),
    (exercise.half_right, 8 / 9, "divided by the rest"),
    (exercise.half_right, 0.5, "a coin"),
    (exercise.half_right, 0.8, "180 of the other"),
    (exercise.half_right, 0.95, "more than half"),
    (exercise.half_right, "0.9", "give one number"),
    (exercise.half_right, 0.7, "count what is accepted"),
    (exercise.imitators, 0.875, "CORRECT"),
    (exercise.imitators, 87.5, "in per cent"),
    (exercise.imitators, 0.125, "still write for themselves"),
    (exercise.imitators, 0.7, "only four fifths of these"),
    (exercise.imitators, 0.8, "84%"),
    (exercise.imitators, 0.9, "92%"),
    (exercise.imitators, None, "give one number"),
    (exercise.imitators, 0.55, "an eighth of these"),
    (exercise.partly_liked, partly_liked, "CORRECT"),
    (exercise.partly_liked, returns(lambda *_: ...), "NOT YET"),
    (exercise.partly_liked, returns(lambda *_: None), "returns nothing"),
    (exercise.partly_liked, 3, "the function itself"),
    (exercise.partly_liked, lambda choose, draw, share: np.ones(3), "must return the function recipe"),
    (
        exercise.partly_liked,
        returns(lambda c, d, k, pool, n, rng: np.append(c(pool, k, rng), d(n - k, rng))),
        "the other way round",
    ),
    (
        exercise.partly_liked,
        returns(lambda c, d, k, pool, n, rng: np.append(c(pool, n, rng), d(k, rng))),
        "more than n rows",
    ),
    (exercise.partly_liked, returns(lambda c, d, k, pool, n, rng: c(pool, n, rng)), "nothing real"),
    (exercise.partly_liked, returns(lambda c, d, k, pool, n, rng: c(pool, n - k, rng) + d(k, rng)), "+ adds numbers"),
    (
        exercise.partly_liked,
        lambda choose, draw, share: (
            lambda pool, n, rng: np.append(choose(pool, n - share * n, rng), draw(share * n, rng))
        ),
        "round the number",
    ),
    (
        exercise.partly_liked,
        returns(lambda c, d, k, pool, n, rng: np.append(c(pool[:1], n - k, rng), d(k, rng))),
        "hand pool and rng on",
    ),
    (exercise.partly_liked, returns(lambda c, d, k, pool, n, rng: np.full(n, 3)), "put choose(pool, n - n_real, rng)"),
]
