"""Wrong answers to lesson 01's exercises get the hint that fits them, right ones a reason."""

import numpy as np

from collapse_lessons.course.exercises import lesson_01 as exercise


def last_two(pool, n, rng):
    X = np.concatenate(pool[-2:])
    return X[rng.choice(len(X), n, replace=False)]


CASES = [
    (exercise.half_life, 500 * np.log(2), "CORRECT: about 346 generations"),
    (exercise.half_life, 346, "CORRECT"),
    (exercise.half_life, 350, "CORRECT"),
    (exercise.half_life, ..., "NOT YET"),
    (exercise.half_life, "347", "give one number"),
    (exercise.half_life, True, "give one number"),
    (exercise.half_life, 173, "when the variance has halved"),
    (exercise.half_life, 69, "the answer for n = 100"),
    (exercise.half_life, 460, "you used the mean over chains"),
    (exercise.half_life, 500, "after n generations e^-1 of it is left"),
    (exercise.half_life, 250, "loses a share of about 1/n each generation"),
    (exercise.half_life, float("nan"), "TRY AGAIN"),
    (exercise.half_life, [347], "give one number"),
    (exercise.expected_var, lambda t, n: (1 - 1 / n) ** (t + 1), "CORRECT: (1 - 1/n) to the power t + 1"),
    (exercise.expected_var, lambda t, n: ((n - 1) / n) ** t * (n - 1) / n, "CORRECT"),
    (exercise.expected_var, lambda t, n: ..., "NOT YET"),
    (exercise.expected_var, 0.9, "without brackets"),
    (exercise.expected_var, lambda t, n: (1 - 1 / n) ** t, "generation 0 has been fitted once already"),
    (exercise.expected_var, lambda t, n: (1 - 1 / n) ** ((t + 1) / 2), "that is its square root"),
    (exercise.expected_var, lambda t, n: np.exp(-(t + 1) / n), "each fit multiplies the mean variance"),
    (exercise.expected_var, lambda t, n: 1 - (1 - 1 / n) ** (t + 1), "each fit multiplies the mean variance"),
    (exercise.expected_var, lambda t, n: 1, "each fit multiplies the mean variance"),
    (exercise.expected_var, lambda t: 1, "TypeError"),
    (exercise.expected_var, lambda t, n: None, "your code returns nothing"),
    (  # half of either set is right too
        exercise.last_two,
        lambda pool, n, rng: np.concatenate(
            [rng.permutation(pool[-2])[: n // 2], rng.permutation(pool[-1])[: n - n // 2]]
        ),
        "CORRECT",
    ),
    (
        exercise.last_two,
        lambda pool, n, rng: np.concatenate([pool[-2][: n // 2], pool[-1][: n - n // 2]]),
        "the same rows every time",
    ),
    (
        exercise.last_two,
        lambda pool, n, rng: np.random.default_rng(0).permutation(np.concatenate(pool[-2:]))[:n],
        "the same rows every time",
    ),
    (exercise.last_two, last_two, "CORRECT: n random rows"),
    (exercise.last_two, lambda pool, n, rng: rng.permutation(np.concatenate(pool[-2:]))[:n], "CORRECT"),
    (exercise.last_two, lambda pool, n, rng: ..., "NOT YET"),
    (exercise.last_two, [2, 3], "without brackets"),
    (exercise.last_two, lambda pool, n, rng: rng.choice(np.concatenate(pool[-2:]), n), "some rows come twice"),
    (exercise.last_two, lambda pool, n, rng: np.concatenate(pool[-2:]), "that is all 100 rows"),
    (exercise.last_two, lambda pool, n, rng: rng.choice(pool[-2:], n), "you drew n whole data sets"),
    (exercise.last_two, lambda pool, n, rng: np.concatenate(pool[-2:])[:n], "one of the two sets is missing"),
    (exercise.last_two, lambda pool, n, rng: pool[-1], "one of the two sets is missing"),
    (
        exercise.last_two,
        lambda pool, n, rng: np.concatenate([pool[2], pool[3]])[rng.choice(100, n, replace=False)],
        "does it work when the pool has just two entries?",
    ),
    (
        exercise.last_two,
        lambda pool, n, rng: rng.permutation(np.concatenate(pool))[:n],
        "join pool[-2] and pool[-1] with np.concatenate",
    ),
    (exercise.last_two, lambda pool, n: pool[-1], "TypeError"),
    (exercise.which_number, "b", "CORRECT: the median chain dies"),
    (exercise.which_number, "B ", "CORRECT"),
    (exercise.which_number, ..., "NOT YET"),
    (exercise.which_number, "a", "the number that hides the collapse"),
    (exercise.which_number, "c", "wanders about 0 on both sides"),
    (exercise.which_number, "d", "one of a, b, c"),
    (exercise.which_number, 2, "one of a, b, c"),
]
