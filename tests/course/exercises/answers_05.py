"""Wrong answers to lesson 05's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_05 as exercise


def sideways(images):
    return images[:, :, 1:] - images[:, :, :-1]


CASES = [
    (exercise.one_picture, "b", "CORRECT"),
    (exercise.one_picture, " B ", "CORRECT"),
    (exercise.one_picture, "a", "whether it could be real"),
    (exercise.one_picture, "c", "hardly one has that luck"),
    (exercise.one_picture, "d", "swapped"),
    (exercise.one_picture, 1, "one letter in quotes"),
    (exercise.roughness, lambda X: (sideways(X) ** 2).mean(), "CORRECT"),
    (exercise.roughness, lambda X: np.mean(np.diff(X) ** 2), "CORRECT"),
    (exercise.roughness, lambda X: ..., "NOT YET"),
    (exercise.roughness, lambda X: None, "returns nothing"),
    (exercise.roughness, 0.1, "the function itself"),
    (exercise.roughness, lambda X: (sideways(X) ** 2).mean(axis=(1, 2)), "return one number"),
    (exercise.roughness, lambda X: (np.diff(X, axis=1) ** 2).mean(), "above each other"),
    (exercise.roughness, lambda X: (np.diff(X, axis=0) ** 2).mean(), "different pictures"),
    (exercise.roughness, lambda X: (sideways(X) ** 2).sum(), "that is the sum"),
    (exercise.roughness, lambda X: sideways(X).mean(), "square the differences first"),
    (exercise.roughness, lambda X: sideways(X).mean() ** 2, "before the mean"),
    (exercise.roughness, lambda X: np.abs(sideways(X)).mean(), "square instead"),
    (exercise.roughness, lambda X: np.sqrt((sideways(X) ** 2).mean()), "leave out the root"),
    (exercise.roughness, lambda X: X.var(), "subtract images"),
    (exercise.roughness, lambda X: 1 / 0, "ZeroDivisionError"),
    (exercise.enough_fresh, 99, "CORRECT"),
    (exercise.enough_fresh, 98, "round up"),
    (exercise.enough_fresh, np.log(0.05) / np.log(0.97), "round up"),
    (exercise.enough_fresh, 33.3, "one case of three none"),
    (exercise.enough_fresh, 2, "of none is 0.05"),
    (exercise.enough_fresh, 31.7, "do not add up"),
    (exercise.enough_fresh, 100, "the smallest number"),
    (exercise.enough_fresh, 500, "to the power m"),
    (exercise.enough_fresh, "many", "give one number"),
]
