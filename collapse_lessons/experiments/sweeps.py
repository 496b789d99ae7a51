"""Many runs: every recipe with every seed, on as many cores as there are."""

import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from numbers import Integral
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

from collapse_lessons import browser, checks
from collapse_lessons.experiments.records import folder_name
from collapse_lessons.experiments.resume import resume_run
from collapse_lessons.loop import DATA, LONGEST, Generation, Model, stream
from collapse_lessons.runs import Run, check_keep, check_metrics, check_view, run


def sweep(
    model: Model,
    real: np.ndarray | pd.DataFrame | Callable[[np.random.Generator], Any],
    recipes: Mapping[str, Callable],
    *,
    seeds: Sequence[int],
    metrics: Mapping[str, Callable],
    n_generations: int,
    n: int | None = None,
    reference: Any = None,
    keep: Sequence[int] = (),
    view: Callable[[Generation], Any] | None = None,
    warm_start: bool = False,
    folder: str | Path | None = None,
    each: Callable[[Run], Any] | None = None,
    n_jobs: int = 1,
    progress: Callable = iter,
) -> pd.DataFrame:
    """Run every recipe with every seed and return all rows; the same seed pairs the recipes exactly.

    The first error ends the sweep: no further run is begun, those at work are finished, and the error is raised with
    all rows as its attribute `rows`. An interruption ends it too, and returns them.

    Parameters
    ----------
    real : array, DataFrame or function
        The real data, or `real(rng)`, which draws them anew for each seed.
    recipes : dict of functions
        Recipes by the label their rows carry.
    folder : path, optional
        Where each run has a folder of its own, `RECIPE_SEED`, with a folder a generation in it, as `resume_run` makes
        them: stopped, the same call goes on. The rows of the sweep itself are returned, and nowhere kept.
    each : function, optional
        `each(run)` is called with every finished `Run`, in order: `each=runs.append` collects them with the snapshots
        that `keep` and `view` ask for.
    n_jobs : int
        Parallel runs, by joblib: inside `joblib.parallel_config(backend=...)` its dask or ray backend goes past one
        machine. In a browser they run one after another.
    progress : function
        Wraps the iterator over finished runs, for instance `tqdm.auto.tqdm`.

    The other parameters are those of `run`.
    """
    if not isinstance(recipes, Mapping) or not recipes:
        got = checks.shown(recipes)
        raise ValueError(f"recipes must be a dict of at least one recipe, got {got}: pass {{'replace': replace}}")
    for label, recipe in recipes.items():
        checks.text("recipes", label, "its keys say what the column recipe shall hold")
        checks.function(f"recipes[{label!r}]", recipe, "recipe(pool, n, rng) -> training set", "try replace", 3)
    got, no_list = checks.shown(seeds), str | bytes | bytearray | memoryview | Mapping
    try:
        seeds = [] if isinstance(seeds, no_list) else list(islice(seeds, LONGEST + 1))
    except Exception:  # it can't be counted off
        seeds = []
    if not seeds:
        raise ValueError(f"seeds must be a list of at least one seed, got {got}: pass range(5)")
    if len(seeds) > LONGEST:
        raise ValueError(f"seeds must be at most {LONGEST} different ones, got more: each is a run of its own")
    seeds = [checks.seed(seed, "seeds") for seed in seeds]
    if len(set(seeds)) < len(seeds):
        got = checks.shown(seeds)
        raise ValueError(f"seeds must be different, got {got}: pass range({len(seeds)})")
    if isinstance(n_jobs, checks.NO_NUMBERS) or not isinstance(n_jobs, Integral) or not 0 < abs(n_jobs) <= 1000:
        raise ValueError(f"n_jobs must be a whole number other than 0, got {checks.shown(n_jobs)}: -1 uses all cores")
    if callable(real):
        checks.function("real", real, "real(rng) -> data", "or give the data themselves", 1)
    if each is not None:
        checks.function("each", each, "each(run)", "each=runs.append collects them", 1)
    checks.model(model)
    check_metrics(metrics)
    n_generations = checks.whole("n_generations", n_generations, 1, "generation 0 alone is n_generations=1", LONGEST)
    check_keep(keep, n_generations)
    check_view(view)
    settings = {"metrics": metrics, "n_generations": n_generations, "n": n, "reference": reference}
    settings |= {"keep": keep, "view": view, "warm_start": warm_start}
    folders = {label: _folder(folder, label, recipes) for label in recipes}
    rows, failed, interrupted = [], [], False

    def jobs():
        for label, recipe in recipes.items():
            for seed in seeds:
                if failed or interrupted:
                    return
                yield joblib.delayed(_attempt)(
                    folders[label] and folders[label].with_name(f"{folders[label].name}_{seed}"),
                    model,
                    real,
                    recipe,
                    seed,
                    label=label,
                    **settings,
                )

    backend, _ = joblib.parallel.get_active_backend()  # ray's hands everything back at once
    return_as = "generator" if backend.supports_return_generator else "list"
    results = joblib.Parallel(n_jobs=browser.workers(n_jobs), return_as=return_as)(jobs())
    try:
        for done in checks.watched(progress, results):
            rows.append(done.rows)
            if isinstance(done, _Failed):
                failed.append(done)
                continue
            interrupted |= done.info["interrupted"]  # one Ctrl-C is meant for all of them
            if each is not None:
                each(done)
    except KeyboardInterrupt:
        if not rows:
            raise
        interrupted = True
    except Exception as error:  # of `each`, or of the progress bar
        error.rows = pd.concat([pd.DataFrame(), *rows], ignore_index=True)
        raise
    finally:
        with warnings.catch_warnings(action="ignore"):  # joblib's, of runs that are dropped
            getattr(results, "close", bool)()
    if failed:
        raise failed[0].with_rows(rows, len(rows) - len(failed))
    if interrupted:
        print(f"The sweep ends here: {len(rows)} of {len(recipes) * len(seeds)} runs.")
    return pd.concat(rows, ignore_index=True)


@dataclass
class _Failed:
    """A run that ended in an error, which must not take those of other processes with it."""

    error: Exception
    rows: pd.DataFrame
    traceback: str

    def with_rows(self, rows, n_whole):
        """Return the error, with the rows of all runs and, if it comes from another process, where it was raised."""
        self.error.rows = pd.concat(rows, ignore_index=True)
        self.error.add_note(f"The error's `rows` hold {n_whole} whole runs, and the generations before it of this one.")
        if self.error.__traceback__ is None:
            self.error.add_note(self.traceback)
        return self.error


def _attempt(folder, model, real, recipe, seed, **settings):
    """Return a run, or what it failed of."""
    try:
        if callable(real):
            real = _drawn(real, seed)
        if folder is None:
            return run(model, real, recipe, seed=seed, **settings)
        return resume_run(folder, model, real, recipe, seed=seed, **settings)
    except Exception as error:
        return _Failed(error, getattr(error, "rows", pd.DataFrame()), traceback.format_exc())


def _drawn(real, seed):
    try:
        return real(stream(DATA, 0, seed))
    except Exception as error:
        error.add_note(f"This happened while the real data of the runs with seed {seed} were drawn.")
        raise


def _folder(folder, label, recipes):
    """Return the folder of a recipe's runs, but for the seed; no two recipes share one."""
    if folder is None:
        return None
    folder = checks.path("folder", folder, "name one for this sweep, such as 'sweeps/first'")
    name = folder_name(label)
    if not name:
        raise ValueError("recipes must have labels that name a folder each, got '': say what the recipe is")
    if sum(folder_name(other).casefold() == name.casefold() for other in recipes) > 1:  # on Windows and macOS all one
        raise ValueError(f"recipes must have labels that name different folders, got {label!r} and another: rename one")
    return folder / name
