"""Wrong answers to lesson 00's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_00 as exercise


def memory(fit=None, sample=None):
    def keep(self, X, rng):
        self.X = X
        return self

    return type("Memory", (), {"fit": fit or keep, "sample": sample or (lambda self, n, rng: rng.choice(self.X, n))})


def forget_self(self, X, rng):
    self.X = X


CASES = [
    (exercise.prints, 21, "CORRECT"),
    (exercise.prints, 20, "copy 20 is what generation 20 reads"),
    (exercise.prints, 22, "the next generation prints that one"),
    (exercise.prints, "many", "whole number"),
    (exercise.prints, 7, "Count on from there"),
    (exercise.memory, memory(), "CORRECT"),
    (exercise.memory, memory(lambda self, X, rng: ...), "NOT YET"),
    (exercise.memory, memory()(), "the class itself"),
    (exercise.memory, memory(sample=lambda self, n, rng: self.X[:n]), "came back exactly once"),
    (exercise.memory, memory(sample=lambda self, n, rng: rng.permutation(self.X)[:n]), "came back exactly once"),
    (
        exercise.memory,
        memory(sample=lambda self, n, rng: np.random.default_rng(0).choice(self.X, n)),
        "draw from the rng passed to sample",
    ),
    (
        exercise.memory,
        memory(sample=lambda self, n, rng: np.random.choice(self.X, n)),  # noqa: NPY002
        "draw with the one handed in",
    ),
    (exercise.memory, memory(fit=forget_self), "end fit with `return self`"),
    (exercise.memory, memory(sample=lambda self, n, rng: self.Y), "fit keeps X"),
    (exercise.still_there, 0.632, "CORRECT"),
    (exercise.still_there, 63.2, "as a percentage"),
    (exercise.still_there, 0.37, "who are missing"),
    (exercise.still_there, 1.0, "hit some people twice"),
    (exercise.still_there, None, "give a share"),
    (exercise.still_there, 0.5, "How likely"),
]
