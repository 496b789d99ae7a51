"""Maps of how large the error ends up: over the share of synthetic rows and the number of real ones.

In every cell of a map each generation trains on `n_real` real rows and on as many synthetic ones, from its predecessor,
as make up the share: n_real / (1 - share) rows in all. Generation 0 trains on n_real real rows alone.
"""

from collections.abc import Callable, Mapping, Sequence

import joblib
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from collapse_lessons import browser, checks
from collapse_lessons.loop import DATA, SAMPLE, Model, generations, stream
from collapse_lessons.recipes import Fresh, Mix

MOST_SHARE = 0.999999  # a million synthetic rows for each real one


def synthetic_rows(n_real: ArrayLike, share: ArrayLike) -> np.ndarray:
    """Return how many synthetic rows beside `n_real` real ones make up a share: n_real share / (1 - share)."""
    n_real, share = _cells(n_real, share)
    return np.round(n_real * share / (1 - share)).astype(int)


def gaussian_map(
    n_real: Sequence[int],
    share: Sequence[float],
    *,
    n_chains: int = 100,
    n_generations: int = 50,
    spread: float = 1.0,
    replay: bool = False,
    seed: int = 0,
    n_jobs: int = 1,
) -> np.ndarray:
    """Return the mean error of the last Gaussian of many chains in each cell, shape (len(n_real), len(share)).

    The error is mean^2 + (std - 1)^2, the squared Wasserstein distance from the true normal distribution. A fit needs
    no more of the rows than the means and variances of the real and of the synthetic ones, whose laws are known
    (Cochran), so these are drawn instead: exact, and the cost of a cell does not depend on its size.

    Parameters
    ----------
    n_real : whole numbers from 2 up
        Real rows of each generation.
    share : numbers in [0, 1)
        Shares of synthetic rows.
    spread : float in [0, 2]
        Synthetic rows have `spread` times the fitted variance, see `models.gaussian.Gaussian`.
    replay : bool
        The same real rows in every generation; by default new ones.
    n_jobs : int
        Threads; the result does not depend on it.
    """
    n_real, share = map(np.atleast_1d, _cells(n_real, share))
    checks.array("n_real", n_real, 1, "(k,) whole numbers")
    checks.array("share", share, 1, "(k,) shares")
    n_chains = checks.whole("n_chains", n_chains, 1, "a mean over 100 chains is steady")
    n_generations = checks.whole("n_generations", n_generations, 1, "generation 0 alone is n_generations=1")
    spread = checks.number("spread", spread, 0, 2, "1 samples from the fitted variance itself")
    replay = checks.flag("replay", replay, "True keeps the same real rows in every generation")
    n_jobs = checks.whole("n_jobs", n_jobs, -1, "threads; -1 takes all processors", 1000)
    if not n_jobs:
        raise ValueError("n_jobs must be a number of threads or -1, got 0: -1 takes all processors")
    rows = (
        joblib.delayed(_row)(n, share, n_chains, n_generations, spread, replay, stream(SAMPLE, i, seed))
        for i, n in enumerate(n_real.tolist())
    )
    # Drawing random numbers lets go of Python's lock, so threads share the work without copying anything.
    return np.array(joblib.Parallel(browser.workers(n_jobs), prefer="threads")(rows))


def _row(n_real, share, n_chains, n_generations, spread, replay, rng):
    """Return the mean error at each share, shape (k,)."""
    # All arrays have 32 bits: they cost less, and their rounding is far below the error of any finite sample.
    shape = (len(share), n_chains)
    n_synthetic = synthetic_rows(n_real, share)[:, None].astype(np.float32)
    rows, share = np.maximum(n_synthetic, 1), n_synthetic / (n_real + n_synthetic)
    degrees = np.broadcast_to((rows - 1) / 2, shape)

    def normal():
        return rng.standard_normal(shape, dtype=np.float32)

    def real():
        """Draw the mean and the variance of the real rows; half a chi-square is a gamma variable."""
        var = rng.standard_gamma((n_real - 1) / 2, shape, dtype=np.float32)
        return normal() / n_real**0.5, var * (2 / n_real)

    real_mean, real_var = real()
    mean, var = real_mean, real_var
    for _ in range(1, n_generations):
        if not replay:
            real_mean, real_var = real()
        sampled = spread * var
        gap = mean + np.sqrt(sampled / rows) * normal() - real_mean  # between the means of real and synthetic rows
        sampled *= rng.standard_gamma(degrees, dtype=np.float32) * (2 / rows)
        var = (1 - share) * (real_var + share * gap**2) + share * sampled
        mean = real_mean + share * gap
    return (mean.astype(float) ** 2 + (np.sqrt(var) - 1.0) ** 2).mean(axis=1)


def replayed(draw: Callable, real_fraction: float) -> Mix:
    """Return the recipe that mixes in the same real rows in every generation, to take the place of `Fresh`."""
    return Mix(real_fraction)


def measured_map(
    model: Model,
    draw: Callable[[int, np.random.Generator], np.ndarray],
    score: Callable,
    n_real: Sequence[int],
    share: Sequence[float],
    *,
    make_recipe: Callable = Fresh,
    n_generations: int = 15,
    n_scored: int = 3,
    seeds: Sequence[int] = (0,),
) -> pd.DataFrame:
    """Run the loop with any model in each cell, and score its last generations.

    Parameters
    ----------
    draw : function
        `draw(n, rng)` returns n real rows.
    score : function
        `score(generation, seed) -> dict of numbers`.
    make_recipe : function
        `make_recipe(draw, real_fraction)`: `Fresh` for new real rows each generation, `replayed` for the same.
    n_scored : int
        Generations whose scores are averaged, the last ones.

    Returns
    -------
    DataFrame with a row for each cell and seed: n_real, share, seed, and the scores.
    """
    n_generations = checks.whole("n_generations", n_generations, 1, "generation 0 alone is n_generations=1")
    n_scored = checks.whole("n_scored", n_scored, 1, "1 scores the last generation alone")
    checks.function("draw", draw, "draw(n, rng) -> (n, ...) array", "pass one that returns n real rows", 2)
    checks.function("score", score, "score(generation, seed) -> dict of numbers", "pass one", 2)
    if not callable(make_recipe):
        raise TypeError(
            f"make_recipe must be a function (draw, real_fraction), got {checks.shown(make_recipe)}: try Fresh"
        )
    checks.listed("n_real", n_real, "give rows for each column of the map, such as [100, 500]")
    checks.listed("share", share, "give a share for each row of the map, such as [0, 0.5]")
    cells = _cells(n_real, share)
    for name, values, some in zip(("n_real", "share"), (n_real, share), cells, strict=True):
        checks.array(name, some, 1, f"({len(values)},), a list of numbers")
    n_real, share = (some.tolist() for some in cells)
    seeds = [checks.seed(seed, "seeds") for seed in checks.listed("seeds", seeds, "[0] runs each cell once")]
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds must be different, got {checks.shown(seeds)}: pass range({len(seeds)})")
    rows = []
    for seed in seeds:
        for real, s in [(n, s) for n in n_real for s in share]:
            total = int(real + synthetic_rows(real, s))
            turns = generations(
                model,
                draw(real, stream(DATA, 0, seed)),
                make_recipe(draw, real / total),
                n_generations=n_generations,
                n=total,
                seed=seed,
            )
            scores = [_scored(score(turn, seed)) for turn in turns if turn.index >= n_generations - n_scored]
            # A generation without a number leaves the cell without one: the mean of the others would be another's.
            rows.append({"n_real": real, "share": s, "seed": seed} | pd.DataFrame(scores).mean(skipna=False).to_dict())
    return pd.DataFrame(rows)


def _scored(scores):
    """Return what a score said, if it is a dict of numbers."""
    checks.instance("score(generation, seed)", scores, Mapping, "return {'error': number}")
    for name, value in scores.items():
        if not isinstance(checks.plain(value), bool | int | float):
            raise TypeError(
                f"score(generation, seed) must return numbers, got {checks.shown(value)} as {name!r}: average"
            )
    return scores


def _cells(n_real, share):
    n_real = checks.wholes("n_real", n_real, 2, checks.MOST, "a variance needs two rows")
    share = checks.numbers("share", share, 0, 1, "1 would leave no room for real rows")
    if (share > MOST_SHARE).any():
        raise ValueError(
            f"share must be from 0 to {MOST_SHARE}, got {share.max():g}: 1 would leave no room for real rows"
        )
    return n_real, share
