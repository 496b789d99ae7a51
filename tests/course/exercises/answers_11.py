"""Wrong answers to lesson 11's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_11 as exercise


def follow(pool, n, rng):
    return np.repeat(pool[-1][:, :1], pool[-1].shape[1], axis=1)


CASES = [
    (exercise.same_end, 1 / 6, "CORRECT"),
    (exercise.same_end, 0.167, "CORRECT"),
    (exercise.same_end, 0.833, "end with different ones"),
    (exercise.same_end, 0.0278, "any of the six"),
    (exercise.same_end, 0.25, "not the labs"),
    (exercise.same_end, 0, "nothing forbids it"),
    (exercise.same_end, "1/6", "give one number"),
    (exercise.same_end, 0.5, "as often as with any other"),
    (exercise.two_foreign, 2 / 375, "CORRECT"),
    (exercise.two_foreign, 0.00533, "CORRECT"),
    (exercise.two_foreign, 0.533, "in per cent"),
    (exercise.two_foreign, 0.004, "the lab's own"),
    (exercise.two_foreign, 0.016, "three of the four"),
    (exercise.two_foreign, 0.003, "more has to be taken"),
    (exercise.two_foreign, 187.5, "give the share"),
    (exercise.two_foreign, [0.005], "give one number"),
    (exercise.two_foreign, 0.1, "set that to 2"),
    (exercise.follow, follow, "CORRECT"),
    (exercise.follow, lambda pool, n, rng: ..., "NOT YET"),
    (exercise.follow, lambda pool, n, rng: None, "returns nothing"),
    (exercise.follow, 3, "the function itself"),
    (exercise.follow, lambda pool, n, rng: pool[-1], "told itself"),
    (exercise.follow, lambda pool, n, rng: pool[-1][:, :1], "repeat it"),
    (exercise.follow, lambda pool, n, rng: pool[-1][:, 0], "repeat it"),
    (exercise.follow, lambda pool, n, rng: follow(pool[:1], n, rng), "take the newest"),
    (exercise.follow, lambda pool, n, rng: follow(pool, n, rng)[:, :4], "more labs than four"),
    (exercise.follow, lambda pool, n, rng: follow([pool[-1][:, 1:]], n, rng)[:, [0, 0, 0, 0, 0]], "another lab's"),
    (exercise.follow, lambda pool, n, rng: rng.choice(follow(pool, n, rng), n), "the very same rows"),
    (exercise.follow, lambda pool, n, rng: rng.choice(pool[-1][:, 0], (n, 5)), "the very same rows"),
    (exercise.follow, lambda pool, n, rng: follow(pool, n, rng)[::-1], "the very same rows"),
    (exercise.follow, lambda pool, n, rng: pool[-1][::-1], "along axis 1"),
]
