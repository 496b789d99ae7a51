"""Wrong answers to lesson 14's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_14 as exercise


def scale_kept(model, rng):
    X = 10 * rng.standard_normal((1000, 1))
    return model.fit(X, rng).sample(1000, rng).std() / X.std()


def at_scale(scale, measure):
    def f(model, rng):
        X = scale * rng.standard_normal((1000, 1))
        return measure(model.fit(X, rng).sample(1000, rng), X)

    return f


CASES = [
    (exercise.pairs_needed, 64, "CORRECT"),
    (exercise.pairs_needed, (0.2 / 0.025) ** 2, "CORRECT"),
    (exercise.pairs_needed, "64", "give one whole number"),
    (exercise.pairs_needed, 8, "that is the root of it"),
    (exercise.pairs_needed, 4, "as large as the mean"),
    (exercise.pairs_needed, 16, "half of the mean"),
    (exercise.pairs_needed, 2, "the deviation over the mean"),
    (exercise.pairs_needed, 100, "solve for k"),
    (exercise.which_control, "c", "CORRECT"),
    (exercise.which_control, "a", "differs in two things"),
    (exercise.which_control, "b", "10% fewer rows"),
    (exercise.which_control, "d", "more of the same"),
    (exercise.which_control, "e", "one letter"),
    (exercise.scale_kept, scale_kept, "CORRECT"),
    (exercise.scale_kept, lambda model, rng: ..., "NOT YET"),
    (exercise.scale_kept, lambda model, rng: None, "your code returns nothing"),
    (exercise.scale_kept, 10, "without brackets"),
    (exercise.scale_kept, at_scale(10, lambda samples, X: samples), "one number"),
    (exercise.scale_kept, lambda model, rng: 1.0, "it says 1 of every model"),
    (exercise.scale_kept, at_scale(1, lambda samples, X: samples.std() / X.std()), "multiply them by 10"),
    (exercise.scale_kept, at_scale(10, lambda samples, X: samples.std()), "divide it by that of the data"),
    (exercise.scale_kept, at_scale(10, lambda samples, X: X.std() / samples.std()), "the other way round"),
    (exercise.scale_kept, at_scale(10, lambda samples, X: samples.var() / X.var()), "those are variances"),
    (exercise.scale_kept, at_scale(10, lambda samples, X: np.mean(samples)), "divide the two std()"),
    (exercise.scale_kept, lambda model, rng: model.sample(1000, rng).std(), "ValueError"),
]
