"""The one idea of the course: refit a model to what its predecessor sampled, again and again.

Anything with `fit(X, rng)` and `sample(n, rng)` goes round this loop, from a Gaussian to a language model.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

import numpy as np

from collapse_lessons import checks
from collapse_lessons.recipes import forgets, replace

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


def _read_only(X):
    """Return a view of `X` that can't be written to: what a model or recipe changed would change for all after it."""
    view = X.view()
    view.flags.writeable = False
    return view
