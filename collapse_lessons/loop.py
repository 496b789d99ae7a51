"""The one idea of the course: refit a model to what its predecessor sampled, again and again.

Anything with `fit(X, rng)` and `sample(n, rng)` goes round this loop, from a Gaussian to a language model.
"""

import copy
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
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
    train: np.ndarray = field(repr=False)
    fitted: Model
    samples: np.ndarray = field(repr=False)


@dataclass
class Run:
    """What `run` returns.

    Attributes
    ----------
    rows : DataFrame
        One row a generation: recipe, seed, generation, and a column for each metric.
    snapshots : dict
        The samples, or the view of them, of the generations that were asked for, by generation.
    info : dict
        How the run was made: model, recipe, seed, sizes, seconds, and whether it was interrupted.
    """

    rows: pd.DataFrame
    snapshots: dict[int, np.ndarray] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)


def stream(stage: int, generation: int, seed: int) -> np.random.Generator:
    """Return the random stream of one stage of one generation: generation t needs none of the earlier ones."""
    stage = checks.whole("stage", stage, 0, "one of DATA, RECIPE, FIT and SAMPLE")
    generation = checks.whole("generation", generation, 0, "generations count from 0")
    seed = checks.seed(seed)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(stage, generation)))


def generations(
    model: Model,
    real: np.ndarray,
    recipe: Callable = replace,
    *,
    n_generations: int,
    n: int | None = None,
    seed: int = 0,
    warm_start: bool = False,
    start: int = 0,
    past: Sequence[np.ndarray] = (),
) -> Iterator[Generation]:
    """Yield one `Generation` after another; generation 0 trains on the real data, whatever the recipe.

    Parameters
    ----------
    model : Model
        Left as it is: each generation fits a fresh copy of it. An unfitted one means from scratch.
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
    warm_start : bool
        Let each generation fit a copy of its predecessor instead, for models whose `fit` goes on from where they are.
    start, past : int and list of arrays
        To go on at generation `start`, give what generations 0 to start - 1 sampled. A recipe that forgets, such as
        `replace`, needs the last of them only. With `warm_start`, `model` is then the last fitted one.
    """
    check_protocol(model)
    real = checks.samples("real", real)
    n_generations = checks.whole("n_generations", n_generations, 1, "generation 0 alone is n_generations=1")
    n = len(real) if n is None else checks.whole("n", n, 1, "each generation samples n rows")
    seed = checks.seed(seed)
    start = checks.whole("start", start, 0, "start=0 begins with the real data")
    checks.function("recipe", recipe, "recipe(pool, n, rng) -> training set", "try replace, or Mix(0.1)", 3)
    needed = min(start, 1) if forgets(recipe) else start
    if len(past) < needed:
        raise ValueError(
            f"past must hold the samples of {needed} earlier generation(s) to start at {start}, got {len(past)}: "
            "collect `generation.samples` as you go"
        )
    return _loop(model, [_read_only(X) for X in (real, *past)], recipe, n_generations, n, seed, warm_start, start)


def _loop(model, pool, recipe, n_generations, n, seed, warm_start, start):
    shape = (n, *pool[0].shape[1:])
    for t in range(start, n_generations):
        try:
            train = pool[0] if t == 0 else recipe(pool, n, stream(RECIPE, t, seed))
            train = checks.samples(f"the training set of generation {t}", train)
            fitted = copy.deepcopy(model).fit(train, stream(FIT, t, seed))
            if not callable(getattr(fitted, "sample", None)):
                raise TypeError(
                    f"model.fit must return the fitted model, got {fitted!r:.40}: end fit with `return self`"
                )
            samples = checks.samples(f"the samples of generation {t}", fitted.sample(n, stream(SAMPLE, t, seed)))
            if samples.shape != shape:
                raise ValueError(
                    f"the samples of generation {t} must have shape {shape}, n rows like the real ones, got "
                    f"{samples.shape}: mend sample(n, rng)"
                )
        except Exception as error:
            error.add_note(f"This happened in generation {t} of the run with seed {seed}.")
            if "read-only" in str(error):
                error.add_note("What the loop hands out belongs to all: change a copy of it, X = X.copy().")
            raise
        samples = _read_only(samples)
        yield Generation(t, train, fitted, samples)
        model = fitted if warm_start else model
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
    view: Callable[[Generation], np.ndarray] | None = None,
    label: str | None = None,
    warm_start: bool = False,
    progress: Callable = iter,
) -> Run:
    """Go round the loop and measure every generation.

    Interrupting it (the stop button, Ctrl-C) loses nothing: the generations finished so far are returned. An error that
    the model raises carries them as its attribute `rows`.

    Parameters
    ----------
    metrics : dict of functions
        `metric(generation, reference) -> number`; one that returns a dict of numbers fills several columns.
    reference : any, optional
        What the metrics compare with, by default the real data.
    keep : list of int
        Generations that `Run.snapshots` holds.
    view : function, optional
        `view(generation) -> array` kept there instead of the samples, such as what it says to some questions.
    label : str, optional
        What the column `recipe` says, by default the recipe's own name.
    progress : function
        Wraps the iterator, for instance `tqdm.auto.tqdm`.

    The other parameters are those of `generations`.
    """
    check_metrics(metrics)
    turns = generations(model, real, recipe, n_generations=n_generations, n=n, seed=seed, warm_start=warm_start)
    label = label or name_of(recipe)
    keep = check_keep(keep, n_generations)
    reference = real if reference is None else reference
    rows, snapshots, interrupted, began = [], {}, False, time.perf_counter()
    try:
        for generation in progress(turns):
            rows.append({"recipe": label, "seed": seed} | measure(generation, metrics, reference))
            if generation.index in keep:
                snapshots[generation.index] = view(generation) if view else generation.samples
    except KeyboardInterrupt:
        interrupted = True
        print(f"Interrupted: {len(rows)} of {n_generations} generations are kept.")
    except Exception as error:
        error.rows = pd.DataFrame(rows)
        error.add_note(f"The recipe was {label}. The {len(rows)} generations before it are in the error's `rows`.")
        raise
    info = {
        "model": repr(model),
        "recipe": name_of(recipe),
        "seed": seed,
        "n": n or len(real),
        "n_generations": n_generations,
        "seconds": round(time.perf_counter() - began, 3),
        "interrupted": interrupted,
    }
    return Run(pd.DataFrame(rows), snapshots, info)


def measure(generation: Generation, metrics: Mapping[str, Callable], reference: Any) -> dict[str, float]:
    """Return one row: the generation's number and a column for each metric."""
    row = {"generation": generation.index}
    for name, metric in metrics.items():
        value = metric(generation, reference)
        for column, number in (value if isinstance(value, Mapping) else {name: value}).items():
            if column in row or column in ("recipe", "seed"):
                raise ValueError(f"metrics must fill each column once, got {column!r} again from {name!r}: rename it")
            if np.ndim(number) or not isinstance(number, Real | np.generic):
                raise TypeError(
                    f"metrics must return numbers, got {number!r:.60} from {name!r}: average it, or return a dict"
                )
            row[column] = number
    return row


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
    progress: Callable = iter,
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
    progress : function
        Wraps the iterator over finished runs, for instance `tqdm.auto.tqdm`.
    """
    if not isinstance(recipes, Mapping) or not recipes:
        raise ValueError(f"recipes must be a dict of at least one recipe, got {recipes!r}: pass {{'replace': replace}}")
    if not np.iterable(seeds) or not (seeds := list(seeds)):
        raise ValueError(f"seeds must be a list of at least one seed, got {seeds!r}: pass range(5)")
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds must be different, got {seeds}: pass range({len(seeds)})")
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
    finished = []
    backend, _ = joblib.parallel.get_active_backend()  # ray's hands everything back at once
    return_as = "generator" if backend.supports_return_generator else "list"
    try:
        for done in progress(joblib.Parallel(n_jobs=n_jobs, return_as=return_as)(jobs)):
            finished.append(done.rows)
            if done.info["interrupted"]:  # one Ctrl-C is meant for all of them
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        if not finished:
            raise
        print(f"The sweep ends here: {len(finished)} of {len(recipes) * len(seeds)} runs.")
    return pd.concat(finished, ignore_index=True)


def name_of(recipe):
    """Return what a recipe is called: a function's name, else what it prints as."""
    return getattr(recipe, "__name__", repr(recipe))


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
    remedy = "let it take an rng to draw from, or wrap a scikit-learn estimator in SklearnModel"
    checks.function("model.sample", model.sample, "sample(n, rng)", remedy, 2)


def check_metrics(metrics):
    """Raise a TypeError if `metrics` is not a dict of functions."""
    if not isinstance(metrics, Mapping) or not all(callable(metric) for metric in metrics.values()):
        raise TypeError(
            f"metrics must be a dict of functions metric(generation, reference), got {metrics!r}: "
            "try {'std': metrics.std}"
        )


def check_keep(keep, n_generations):
    """Return `keep` as a set of generations, all of them in range."""
    if not np.iterable(keep):
        raise TypeError(f"keep must be a list of generations, got {keep!r}: write [{keep!r}]")
    for t in keep:
        if checks.whole("keep", t, 0, "generations count from 0") >= n_generations:
            raise ValueError(f"keep must hold generations from 0 to {n_generations - 1}, got {t}: there are no more")
    return set(keep)


def _read_only(X):
    """Return a view of `X` that can't be written to: what a model or recipe changed would change for all after it."""
    view = X.view()
    view.flags.writeable = False
    return view
