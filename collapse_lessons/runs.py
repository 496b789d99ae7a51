"""A run: one model, one recipe and one seed go round the loop, and every generation is measured."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from collapse_lessons import checks
from collapse_lessons.describe import printed
from collapse_lessons.loop import Generation, Model, generations
from collapse_lessons.recipes import name_of, replace


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
        "model": printed(model),
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
