"""Wrong answers to lesson 01's exercises get the hint that fits them, right ones a reason."""

import math

import numpy as np

from collapse_lessons.course.exercises import lesson_01 as exercise


def last_two(pool, n, rng):
    X = np.concatenate(pool[-2:])
    return X[rng.choice(len(X), n, replace=False)]


def people_needed(k, kept):
    return math.ceil(1 / (1 - kept ** (1 / k)))


CASES = [
    (exercise.half_life, 500 / 2 * np.log(2), "CORRECT: about 173 generations"),
    (exercise.half_life, 173, "CORRECT"),
    (exercise.half_life, 175, "CORRECT"),
    (exercise.half_life, ..., "NOT YET"),
    (exercise.half_life, "347", "give one number"),
    (exercise.half_life, True, "give one number"),
    (exercise.half_life, 347, "for an estimate without bias"),
    (exercise.half_life, 35, "the answer for n = 100"),
    (exercise.half_life, 250, "after n/2 generations e^-1 of it is left"),
    (exercise.half_life, 500, "after n generations e^-2 of it is left"),
    (exercise.half_life, 220, "loses a share of about 2/n each generation"),
    (exercise.half_life, float("nan"), "TRY AGAIN"),
    (exercise.half_life, [347], "give one number"),
    (exercise.people_needed, people_needed, "CORRECT: 1 / (1 - the k-th root of kept), rounded up"),
    (exercise.people_needed, lambda k, kept: int(np.ceil(1 / (1 - np.exp(np.log(kept) / k)))), "CORRECT"),
    (exercise.people_needed, lambda k, kept: ..., "NOT YET"),
    (exercise.people_needed, 9492, "without brackets"),
    (exercise.people_needed, lambda k, kept: 1 / (1 - kept ** (1 / k)), "round up, with math.ceil"),
    (exercise.people_needed, lambda k, kept: int(1 / (1 - kept ** (1 / k))), "with your n it is just below"),
    (exercise.people_needed, lambda k, kept: int(1 / (1 - kept ** (1 / k))) + 1, "one person too many"),
    (exercise.people_needed, lambda k, kept: round(1 / (1 - kept ** (1 / k))), "not to the nearest"),
    (exercise.people_needed, lambda k, kept: math.ceil(-k / math.log(kept)), "one person short"),
    (exercise.people_needed, lambda k, kept: -k / math.log(kept), "close where n is large"),
    (exercise.people_needed, lambda k, kept: math.ceil(-2 * k / math.log(kept)), "for the typical chain"),
    (exercise.people_needed, lambda k, kept: 1, "your search stops at once"),
    (exercise.people_needed, lambda k, kept: kept ** (1 / k), "take the k-th root first"),
    (exercise.people_needed, lambda k: 1, "TypeError"),
    (exercise.people_needed, lambda k, kept: None, "your code returns nothing"),
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
    (exercise.last_two, lambda pool, n, rng: rng.choice(pool[-2] + pool[-1], n), "in neither set"),
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
]
