"""Wrong answers to lesson 03's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_03 as exercise


def model(fit=None, sample=None):
    """Return a box that remembers its data's corners and fills itself evenly, with one of its methods replaced."""

    def keep(self, X, rng):
        self.low, self.high = X.min(axis=0), X.max(axis=0)
        return self

    def fill(self, n, rng):
        return rng.uniform(self.low, self.high, (n, len(self.low)))

    return type("Box", (), {"fit": fit or keep, "sample": sample or fill})


def forget_self(self, X, rng):
    self.low, self.high = X.min(axis=0), X.max(axis=0)


def square(self, X, rng):
    self.low, self.high = np.repeat(X.min(), 2), np.repeat(X.max(), 2)
    return self


def one_number(self, X, rng):
    self.low, self.high = X.min(), X.max()
    return self


def gaussian(self, X, rng):
    self.mean, self.cov = X.mean(axis=0), np.cov(X.T)
    return self


def remember(self, X, rng):
    self.rows = X.copy()
    return self


def shift(self, X, rng):
    X += 1
    self.low, self.high = X.min(axis=0), X.max(axis=0)
    return self


def seeded(self, n, rng):
    return np.random.default_rng(0).uniform(self.low, self.high, (n, 2))


def in_order(self, n, rng):
    return np.sort(rng.uniform(self.low, self.high, (n, 2)), axis=0)


CASES = [
    (exercise.balance, np.sqrt(0.5 / 299), "CORRECT"),
    (exercise.balance, 0.041, "CORRECT"),
    (exercise.balance, np.sqrt(0.5 / 300), "CORRECT"),
    (exercise.balance, 0.5 / 299, "that is the bandwidth's square"),
    (exercise.balance, np.sqrt(1 / 299), "the variance of one axis"),
    (exercise.balance, np.sqrt(0.5), "takes only 1/n"),
    (exercise.balance, "small", "give one number"),
    (exercise.balance, 0.1, "solve for h"),
    (exercise.balance, ..., "NOT YET"),
    (exercise.fault, "a", "CORRECT"),
    (exercise.fault, " A ", "CORRECT"),
    (exercise.fault, "d", "patient(keep=1.0)"),
    (exercise.fault, "b", "patient(n_components=24)"),
    (exercise.fault, "c", "patient(max_iter=500)"),
    (exercise.fault, "the sampler", "one letter"),
    (exercise.fault, ..., "NOT YET"),
    (exercise.own_model, model()(), "CORRECT"),
    (exercise.own_model, ..., "NOT YET"),
    (exercise.own_model, model(fit=lambda self, X, rng: ..., sample=lambda self, n, rng: ...)(), "NOT YET"),
    (exercise.own_model, model(sample=lambda self, n, rng: ...)(), "NOT YET"),
    (exercise.own_model, model(), "MyModel(), with brackets"),
    (exercise.own_model, model(fit=forget_self)(), "end fit with `return self`"),
    (exercise.own_model, model(fit=shift)(), "work on a copy of X"),
    (exercise.own_model, model(fit=lambda self, X: self)(), "let fit take (X, rng)"),
    (exercise.own_model, model(sample=lambda self, n: None)(), "let sample take (n, rng)"),
    (
        exercise.own_model,
        model(sample=lambda self, n, rng: rng.uniform(self.low, self.high, n))(),
        "for (n, 2) numbers",
    ),
    (exercise.own_model, model(sample=lambda self, n, rng: rng.random(n))(), "must have shape (100, 2)"),
    (exercise.own_model, model(sample=seeded)(), "a seed fixed inside the model"),
    (exercise.own_model, model(sample=lambda self, n, rng: np.random.random((n, 2)))(), "the rng passed in"),  # noqa: NPY002
    (exercise.own_model, model(sample=lambda self, n, rng: np.random.uniform(size=(n, 2)))(), "rng.uniform"),  # noqa: NPY002
    (exercise.own_model, model(fit=remember, sample=lambda self, n, rng: self.rows[:n])(), "are rows of X"),
    (exercise.own_model, model(sample=in_order)(), "rng.permutation"),
    (exercise.own_model, model(sample=lambda self, n, rng: rng.random((n, 2)))(), "the samples should follow"),
    (exercise.own_model, model(fit=square)(), "X.min(axis=0) takes one for each"),
    (
        exercise.own_model,
        model(fit=one_number, sample=lambda self, n, rng: rng.uniform(self.low, self.high, (n, 2)))(),
        "X.min(axis=0) takes one for each",
    ),
    (
        exercise.own_model,
        model(fit=gaussian, sample=lambda self, n, rng: rng.multivariate_normal(self.mean, self.cov, n))(),
        "CORRECT",
    ),
    (
        exercise.own_model,
        model(
            fit=remember,
            sample=lambda self, n, rng: self.rows[rng.integers(len(self.rows), size=n)] + rng.normal(0, 0.1, (n, 2)),
        )(),
        "CORRECT",
    ),
    (exercise.own_model, "a box", "write a method fit"),
    (exercise.greedy_gaussian, 4, "CORRECT"),
    (exercise.greedy_gaussian, 4.0, "CORRECT"),
    (exercise.greedy_gaussian, 3, "generation 0 has been sampled once"),
    (exercise.greedy_gaussian, 8, "standard deviation"),
    (exercise.greedy_gaussian, 7, "half of the points are kept"),
    (exercise.greedy_gaussian, 100, "watch var"),
    (exercise.greedy_gaussian, "four", "whole number"),
    (exercise.greedy_gaussian, ..., "NOT YET"),
]
