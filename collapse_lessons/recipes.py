"""Recipes: what a generation trains on.

A recipe is a function `recipe(pool, n, rng) -> training set`. `pool[0]` is the real data and `pool[-1]` the newest
samples. `n` is how many each generation samples; a recipe may return more or fewer rows. Write your own as a plain
function.

In between, `pool[t]` is what generation t - 1 sampled, unless the recipe has `forgets = True`: such a one looks at the
real data and the newest samples only, and the pool holds these two, however many generations run. The pool is a copy,
yours to do with as you like; for a table its sets are structured arrays, `X["age"]`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from collapse_lessons import checks
from collapse_lessons.tables import joined, rows_like


def replace(pool: list, n: int, rng: np.random.Generator) -> np.ndarray:
    """Train on the newest samples alone: each generation sees only its predecessor (Shumailov et al. 2024)."""
    return checks.pool(pool)[-1]


replace.forgets = True


def accumulate(pool: list, n: int, rng: np.random.Generator) -> np.ndarray:
    """Train on everything: the real data and all samples so far, a set that grows (Gerstgrasser et al. 2024)."""
    return joined(checks.pool(pool))


def accumulate_subsample(pool: list, n: int, rng: np.random.Generator) -> np.ndarray:
    """Train on `n` rows drawn without replacement from everything so far (Kazdan et al. 2025)."""
    return pick(joined(checks.pool(pool)), n, rng)


@dataclass(frozen=True)
class Mix:
    """Keep a share of the real data: `real_fraction` of the `n` rows come from `pool[0]`, the rest are the newest.

    The real rows are drawn anew each generation, without replacement, from the same finite real set: replayed data,
    as in the 10% runs of Shumailov et al. (2024). For real data never seen before use `Fresh`.
    """

    real_fraction: float
    forgets: ClassVar[bool] = True

    def __post_init__(self):
        checks.number("real_fraction", self.real_fraction, 0, 1, "give the share of real rows, such as 0.1")
        checks.own_numbers(self)

    def __call__(self, pool: list, n: int, rng: np.random.Generator) -> np.ndarray:
        n_real = _count_of(self.real_fraction, n)
        checks.pool(pool)
        return joined([pick(pool[0], n_real, rng), pick(pool[-1], n - n_real, rng)])


@dataclass(frozen=True)
class Fresh:
    """Add new real data: `real_fraction` of the `n` rows come from `draw(n_real, rng)`, the rest are the newest.

    The fresh-data loop of Alemohammad et al. (2024). Unlike `Mix`, it uses no real row twice, if `draw` repeats none.
    """

    draw: Callable[[int, np.random.Generator], np.ndarray]
    real_fraction: float
    forgets: ClassVar[bool] = True

    def __post_init__(self):
        checks.number("real_fraction", self.real_fraction, 0, 1, "give the share of real rows, such as 0.1")
        checks.function("draw", self.draw, "draw(n, rng) -> (n, ...) array", "pass one that returns n real rows", 2)
        checks.own_numbers(self)

    def __call__(self, pool: list, n: int, rng: np.random.Generator) -> np.ndarray:
        return self.crawl(pool, n, rng)[0]

    def crawl(self, pool: list, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows, and which of them a model made, as a `Filter` wants to know it."""
        n_real = _count_of(self.real_fraction, n)
        rows = pick(checks.pool(pool)[-1], n - n_real, rng)
        if n_real:
            rows = joined([drawn(self.draw, n_real, pool[0], rng), rows])
        return rows, np.arange(n) >= n_real


def _count_of(fraction, n):
    """Return how many of `n` rows a fraction is; a fraction above 0 that gives no row at all is an error."""
    rows = round(fraction * checks.whole("n", n, 1, "rows of the training set"))
    if fraction > 0 and rows == 0:
        raise ValueError(f"real_fraction must give at least one of the {n} rows, got {fraction}: raise it, or n")
    return rows


def drawn(draw: Callable, n: int, like: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return n new real rows, `draw(n, rng)`, if they are rows like those of the array `like`."""
    checks.function("draw", draw, "draw(n, rng) -> (n, ...) array", "pass one that returns n real rows", 2)
    n, rng = checks.whole("n", n, 1, "draw at least one row"), checks.generator("rng", rng)
    return rows_like(like, "draw(n, rng)", draw(n, rng), n, "draw rows like the real")


def pick(X: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """Return `k` different rows of `X` at random; never `X[:k]`, since a model may sample in sorted order."""
    X = checks.samples("X", X)
    k = checks.whole("k", k, 0, "how many rows to pick")
    if k > len(X):
        raise ValueError(f"n must be at most the {len(X)} rows to pick from, got {k}: lower n or give more real data")
    return X[checks.generator("rng", rng).choice(len(X), k, replace=False)]


def forgets(recipe: Callable) -> bool:
    """Whether a recipe looks at nothing but the real data and the newest samples."""
    return getattr(recipe, "forgets", False)
