"""The one idea of the course: refit a model to what its predecessor sampled, again and again::

    pool = [real]
    for t in range(n_generations):
        train = recipe(pool, n, rng) if t > 0 else real
        samples = copy(model).fit(train, rng).sample(n, rng)
        pool.append(samples)

Anything with `fit` and `sample` goes round, from a Gaussian to a language model. The rest copies, checks and draws.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd

from collapse_lessons import checks, tables
from collapse_lessons.recipes import forgets, replace

DATA, RECIPE, FIT, SAMPLE = range(4)  # the stages that draw random numbers; DATA is for whoever draws the real data
LONGEST = 1_000_000  # generations: more is a slip of the keyboard, and would never end


class Model(Protocol):
    """What the loop asks of a model. X's first axis counts samples: (n, d) floats, (n, h, w, 3) pictures, ..."""

    def fit(self, X: Any, rng: np.random.Generator) -> Self:
        """Learn from `X`, a copy that is the model's own, and return self."""

    def sample(self, n: int, rng: np.random.Generator) -> Any:
        """Return `n` new samples, shaped like the rows of X."""


@dataclass(frozen=True)
class Generation:
    """One turn of the loop: what it trained on, the fitted model, and what that model sampled."""

    index: int
    train: Any = field(repr=False)
    fitted: Any
    samples: Any = field(repr=False)


def stream(stage: int, generation: int, seed: int) -> np.random.Generator:
    """Return the random stream of one stage of one generation, whatever was drawn before and by whichever recipe."""
    stage = checks.whole("stage", stage, 0, "one of DATA, RECIPE, FIT and SAMPLE")
    generation = checks.whole("generation", generation, 0, "generations count from 0")
    return np.random.default_rng(np.random.SeedSequence(checks.seed(seed), spawn_key=(stage, generation)))


def generations(
    model: Model,
    real: np.ndarray | pd.DataFrame,
    recipe: Callable = replace,
    *,
    n_generations: int,
    n: int | None = None,
    seed: int = 0,
    warm_start: bool = False,
    start: int = 0,
    past: Sequence = (),
) -> Iterator[Generation]:
    """Yield one `Generation` after another; generation 0 trains on the real data, whatever the recipe.

    Parameters
    ----------
    model : Model
        Left as it is: each generation fits a fresh copy of it. An unfitted one means from scratch.
    real : array of shape (n_real, ...), or DataFrame of numbers and categories
        The real data. They are copied first, so that nothing changes yours.
    recipe : function
        `recipe(pool, n, rng) -> training set`, see `collapse_lessons.recipes`.
    n_generations : int
        How many to make in all: generations 0 to n_generations - 1.
    n : int, optional
        Samples each generation makes, and the size that recipes are asked for; by default that of the real data.
    seed : int
        The same arguments give the same generations.
    warm_start : bool
        Let each generation fit a copy of its predecessor instead, for models whose `fit` goes on from where they are.
    start, past : int, and list of arrays or DataFrames
        To go on at generation `start`, give what generations 0 to start - 1 sampled. A recipe that forgets, such as
        `replace`, needs the last of them only. With `warm_start`, `model` is then the last fitted one.
    """
    checks.model(model)
    checks.function("recipe", recipe, "recipe(pool, n, rng) -> training set", "try replace, or Mix(0.1)", 3)
    n_generations = checks.whole("n_generations", n_generations, 1, "generation 0 alone is n_generations=1", LONGEST)
    seed = checks.seed(seed)
    checks.flag("warm_start", warm_start, "False fits each generation from scratch")
    if isinstance(real, pd.DataFrame):
        settings = {"n": n, "seed": seed, "warm_start": warm_start, "start": start, "past": past}
        return tables.turns(generations, model, real, recipe, n_generations=n_generations, **settings)
    real = checks.samples("real", real)
    n = len(real) if n is None else checks.whole("n", n, 1, "each generation samples n rows")
    start = checks.whole("start", start, 0, "start=0 begins with the real data")
    remedy = "collect `generation.samples` as you go"
    past = checks.instance("past", past, Sequence, remedy)
    last_is_enough = forgets(recipe) and start > 0 and len(past) == 1
    if len(past) != start and not last_is_enough:
        raise ValueError(f"past must hold the samples of {start} earlier generation(s), got {len(past)}: {remedy}")
    pool = [real, *(tables.rows_like(real, f"past[{t}]", X, None, remedy) for t, X in enumerate(past))]
    if start == 0 and hasattr(model, "look_at"):
        model.look_at(real)  # a model that has this method may warn of real data that do not suit it
    return _loop(model, [np.array(X, order="C") for X in pool], recipe, n_generations, n, seed, warm_start, start)


def _loop(model, pool, recipe, n_generations, n, seed, warm_start, start):
    # All that goes out is a copy, and so is what is kept of what comes back: whoever works in place would change the
    # data of all after it. NumPy's flag against writing turns a slip into an error; it stops neither torch nor ctypes.
    for t in range(start, n_generations):
        try:
            draws = stream(RECIPE, t, seed)
            train = recipe(tables.alike([np.array(X) for X in pool]), n, draws) if t > 0 else np.array(pool[0])
            train = tables.rows_like(pool[0], f"the training set of generation {t}", train, None, "mend the recipe")
            fitted = checks.fitted_model(checks.copied(model).fit(np.array(train), stream(FIT, t, seed)))
            if warm_start and t == start:
                checks.copied(fitted)  # a model that can't go on says so now, and not a generation later
            samples = fitted.sample(n, stream(SAMPLE, t, seed))
            samples = tables.rows_like(pool[0], f"the samples of generation {t}", samples, n, "mend sample(n, rng)")
            samples = np.array(samples, order="C")  # as np.load gives them back: a resumed run sums in the same order
        except Exception as error:
            error.add_note(f"This happened in generation {t} of the run with seed {seed}.")
            raise
        yield Generation(t, tables.read_only(train), fitted, tables.read_only(samples.copy()))
        pool = [pool[0], samples] if forgets(recipe) else [*pool, samples]
        model = fitted if warm_start else model
        del fitted  # once its user has let go of it, too, its memory is free for the next
