"""Many runs: every recipe with every seed, on as many cores as there are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import joblib
import numpy as np
import pandas as pd

from collapse_lessons.loop import DATA, Model, stream
from collapse_lessons.runs import run


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
