"""The one idea of the course: refit a model to what its predecessor sampled, again and again.

Anything with `fit(X, rng)` and `sample(n, rng)` goes round this loop, from a Gaussian to a language model.
"""

import copy
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import joblib
import numpy as np
import pandas as pd

from collapse_lessons import checks
from collapse_lessons.recipes import replace

DATA, RECIPE, FIT, SAMPLE = range(4)  # the stages of a generation that draw random numbers


class Model(Protocol):
    """What the loop asks of a model. X's first axis counts samples: (n, d) floats, (n, h, w, 3) pictures, ..."""

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Learn from `X`, leave it untouched, and return self."""

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return `n` new samples, shaped like the rows of X."""


@dataclass(frozen=True)
class Generation:
    """One turn of the loop: what it trained on, the fitted model, and what that model sampled."""

    index: int
    train: np.ndarray
    fitted: Model
    samples: np.ndarray


@dataclass
class Run:
    """What `run` returns.

    Attributes
    ----------
    rows : DataFrame
        One row a generation: recipe, seed, generation, and a column for each metric.
    snapshots : dict
        The samples of the generations that were asked for, by generation.
    info : dict
        How the run was made: model, recipe, seed, sizes, seconds, and whether it was interrupted.
    """

    rows: pd.DataFrame
    snapshots: dict[int, np.ndarray] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)


def stream(stage: int, generation: int, seed: int) -> np.random.Generator:
    """Return the random stream of one stage of one generation: generation t needs none of the earlier ones."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(stage, generation)))


def generations(
    model: Model,
    real: np.ndarray,
    recipe: Callable = replace,
    *,
    n_generations: int,
    n: int | None = None,
    seed: int = 0,
    start: int = 0,
    past: Sequence[np.ndarray] = (),
) -> Iterator[Generation]:
    """Yield one `Generation` after another; generation 0 trains on the real data, whatever the recipe.

    Parameters
    ----------
    model : Model
        Left unfitted: each generation fits a fresh copy of it, from scratch.
    real : array of shape (n_real, ...)
        The real data.
    recipe : function
        `recipe(pool, n, rng) -> training set`, see `collapse_lessons.recipes`.
    n_generations : int
        How many to make in all: generations 0 to n_generations - 1.
    n : int, optional
        Samples each generation makes, by default as many as there are real ones.
    seed : int
        The same arguments give the same generations.
    start, past : int and list of arrays
        To go on at generation `start`, give what generations 0 to start - 1 sampled. A recipe that forgets, such as
        `replace`, needs the last of them only.
    """
    check_protocol(model)
    real = checks.array("real", real, None, "(n, ...)")
    n_generations = checks.whole("n_generations", n_generations, 1, "generation 0 alone is n_generations=1")
    n = len(real) if n is None else checks.whole("n", n, 1, "each generation samples n rows")
    seed = checks.whole("seed", seed, 0, "any whole number will do")
    start = checks.whole("start", start, 0, "start=0 begins with the real data")
    if not callable(recipe):
        raise TypeError(f"recipe must be a function recipe(pool, n, rng), got {recipe!r}: try recipes.replace")
    needed = min(start, 1) if forgets(recipe) else start
    if len(past) < needed:
        raise ValueError(
            f"past must hold the samples of {needed} earlier generation(s) to start at {start}, got {len(past)}: "
            "collect `generation.samples` as you go"
        )
    return _loop(model, [real, *past], recipe, n_generations, n, seed, start)


def _loop(model, pool, recipe, n_generations, n, seed, start):
    for t in range(start, n_generations):
        train = pool[0] if t == 0 else recipe(pool, n, stream(RECIPE, t, seed))
        fitted = copy.deepcopy(model).fit(train, stream(FIT, t, seed))
        if fitted is None:
            raise TypeError("model.fit must return the fitted model, got None: end fit with `return self`")
        samples = check_samples(fitted.sample(n, stream(SAMPLE, t, seed)), n, t)
        yield Generation(t, train, fitted, samples)
        pool = [pool[0], samples] if forgets(recipe) else [*pool, samples]


def run(
    model: Model,
    real: np.ndarray,
    recipe: Callable = replace,
    *,
    metrics: Mapping[str, Callable],
    n_generations: int,
    n: int | None = None,
    seed: int = 0,
    reference: Any = None,
    keep: Sequence[int] = (),
    label: str | None = None,
    progress: Callable = iter,
) -> Run:
    """Go round the loop and measure every generation.

    Interrupting it (the stop button, Ctrl-C) loses nothing: the generations finished so far are returned.

    Parameters
    ----------
    metrics : dict of functions
        `metric(generation, reference) -> float`; one that returns a dict of floats fills several columns.
    reference : any, optional
        What the metrics compare with, by default the real data.
    keep : list of int
        Generations whose samples are kept in `Run.snapshots`.
    label : str, optional
        What the column `recipe` says, by default the recipe's own name.
    progress : function
        Wraps the iterator, for instance `tqdm.auto.tqdm`.

    The other parameters are those of `generations`.
    """
    label = label or getattr(recipe, "__name__", repr(recipe))
    turns = generations(model, real, recipe, n_generations=n_generations, n=n, seed=seed)
    reference = real if reference is None else reference
    rows, snapshots, interrupted, began = [], {}, False, time.perf_counter()
    try:
        for generation in progress(turns):
            row = {"recipe": label, "seed": seed, "generation": generation.index}
            for name, metric in metrics.items():
                value = metric(generation, reference)
                row |= value if isinstance(value, Mapping) else {name: value}
            rows.append(row)
            if generation.index in keep:
                snapshots[generation.index] = generation.samples
    except KeyboardInterrupt:
        interrupted = True
        print(f"Interrupted: {len(rows)} of {n_generations} generations are kept.")
    info = {
        "model": repr(model),
        "recipe": repr(recipe) if label != getattr(recipe, "__name__", "") else label,
        "seed": seed,
        "n": n or len(real),
        "n_generations": n_generations,
        "seconds": round(time.perf_counter() - began, 3),
        "interrupted": interrupted,
    }
    return Run(pd.DataFrame(rows), snapshots, info)


def sweep(
    model: Model,
    real: np.ndarray | Callable[[np.random.Generator], np.ndarray],
    recipes: Mapping[str, Callable],
    *,
    seeds: Sequence[int],
    metrics: Mapping[str, Callable],
    n_generations: int,
    n: int | None = None,
    reference: Any = None,
    n_jobs: int = 1,
) -> pd.DataFrame:
    """Run every recipe with every seed and return all rows; the same seed pairs the recipes exactly.

    Parameters
    ----------
    real : array or function
        The real data, or `real(rng)`, which draws them anew for each seed.
    recipes : dict of functions
        Recipes by the label their rows carry.
    n_jobs : int
        Parallel runs, by joblib: inside `joblib.parallel_config(backend=...)` its dask or ray backend goes past one
        machine.
    """
    if not recipes:
        raise ValueError("recipes must hold at least one recipe, got none: pass {'replace': replace}")
    if not len(seeds):
        raise ValueError("seeds must hold at least one seed, got none: pass range(5)")
    jobs = (
        joblib.delayed(run)(
            model,
            real(stream(DATA, 0, seed)) if callable(real) else real,
            recipe,
            metrics=metrics,
            n_generations=n_generations,
            n=n,
            seed=seed,
            reference=reference,
            label=label,
        )
        for label, recipe in recipes.items()
        for seed in seeds
    )
    return pd.concat([r.rows for r in joblib.Parallel(n_jobs=n_jobs)(jobs)], ignore_index=True)


def forgets(recipe):
    """Whether a recipe looks at nothing but the real data and the newest samples."""
    return getattr(recipe, "forgets", False)


def check_protocol(model):
    """Raise a TypeError that names what `model` lacks of `fit(X, rng)` and `sample(n, rng)`."""
    if isinstance(model, type):
        raise TypeError(f"model must be an instance, got the class {model.__name__}: write {model.__name__}(...)")
    for method in ("fit", "sample"):
        if not callable(getattr(model, method, None)):
            raise TypeError(
                f"model must have fit(X, rng) and sample(n, rng), got {type(model).__name__} without {method}: "
                "add it, or wrap a scikit-learn estimator in SklearnModel"
            )


def check_samples(samples, n, t):
    """Return the samples of generation `t` as an array of `n` finite rows, or say what is wrong with them."""
    samples = checks.array(f"the samples of generation {t}", samples, None, "(n, ...)")
    if len(samples) != n:
        raise ValueError(
            f"the samples of generation {t} must be n = {n} rows, got {len(samples)}: let sample(n, rng) return n"
        )
    return samples
