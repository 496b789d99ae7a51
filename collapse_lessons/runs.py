"""A run: one model, one recipe and one seed go round the loop, and every generation is measured."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd

from collapse_lessons import checks, tables
from collapse_lessons.describe import printed
from collapse_lessons.loop import Generation, Model, generations
from collapse_lessons.recipes import replace


@dataclass(repr=False)
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
    snapshots: dict[int, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        checks.instance("rows", self.rows, pd.DataFrame, "make a run with run(...)")
        for name, kept in (("snapshots", self.snapshots), ("info", self.info)):
            checks.instance(name, kept, Mapping, "leave it out for none")

    def __repr__(self) -> str:
        return f"{self.rows}\n\nsnapshots of generations {sorted(self.snapshots)}\n{self.info}"


def run(
    model: Model,
    real: np.ndarray | pd.DataFrame,
    recipe: Callable = replace,
    *,
    metrics: Mapping[str, Callable],
    n_generations: int,
    n: int | None = None,
    seed: int = 0,
    reference: Any = None,
    keep: Sequence[int] = (),
    view: Callable[[Generation], Any] | None = None,
    label: str | None = None,
    warm_start: bool = False,
    progress: Callable = iter,
) -> Run:
    """Go round the loop and measure every generation.

    Interrupting it (the stop button, Ctrl-C) loses nothing: the generations finished so far are returned. An error that
    the model raises carries them as its attribute `rows`.

    Parameters
    ----------
    model, real, recipe, n_generations, n, seed, warm_start
        As for `generations`.
    metrics : dict of functions
        `metric(generation, reference) -> number`; one that returns a dict of numbers fills several columns.
    reference : any, optional
        What the metrics compare with, by default the real data. An array or a DataFrame is copied first.
    keep : list of int
        Generations that `Run.snapshots` holds.
    view : function, optional
        `view(generation) -> array` kept there instead of the samples, such as what it says to some questions.
    label : str, optional
        What the column `recipe` says, by default the recipe's own name.
    progress : function
        Wraps the numbers of the generations, for instance `tqdm.auto.tqdm`.
    """
    check_metrics(metrics)
    turns = generations(model, real, recipe, n_generations=n_generations, n=n, seed=seed, warm_start=warm_start)
    label = checks.text("label", printed(recipe) if label is None else label, "say what the column recipe shall hold")
    to_come, seed = checks.watched(progress, range(n_generations)), checks.seed(seed)
    keep, view = check_keep(keep, n_generations), check_view(view)
    reference = tables.protected(real if reference is None else reference)
    rows, snapshots, interrupted, began = [], {}, False, time.perf_counter()
    try:
        for _ in to_come:
            generation = next(turns)
            rows.append({"recipe": label, "seed": seed} | measure(generation, metrics, reference))
            if generation.index in keep:
                snapshots[generation.index] = generation.samples if view is None else seen(view, generation)
            del generation  # its model may take memory that the next one needs
    except KeyboardInterrupt:
        interrupted = True
        print(f"Interrupted: {len(rows)} of {n_generations} generations are kept.")
    except Exception as error:
        error.rows = pd.DataFrame(rows)
        error.add_note(f"The recipe was {label}. The {len(rows)} generations before it are in the error's `rows`.")
        raise
    info = {
        "model": printed(model),
        "recipe": printed(recipe),
        "seed": seed,
        "n": int(n or len(real)),
        "n_generations": n_generations,
        "seconds": round(time.perf_counter() - began, 3),
        "interrupted": interrupted,
    }
    return Run(pd.DataFrame(rows), snapshots, info)


def measure(generation: Generation, metrics: Mapping[str, Callable], reference: Any) -> dict[str, bool | int | float]:
    """Return one row: the generation's number and a column for each metric, in Python's own numbers."""
    checks.instance("generation", generation, Generation, "generations(...) yields them")
    check_metrics(metrics)
    row = {"generation": generation.index}
    before = _glance(generation.samples), _glance(reference)
    for name, metric in metrics.items():
        try:
            value = metric(generation, reference)
        except Exception as error:
            error.add_note(f"This happened in the metric {name!r}, in generation {generation.index}.")
            if "read-only" in str(error):
                error.add_note("What a metric is given belongs to all of them: let it change a copy, X = X.copy().")
            raise
        for column, number in (value if isinstance(value, Mapping) else {name: value}).items():
            if column in row or column in ("recipe", "seed"):
                raise ValueError(f"metrics must fill each column once, got {column!r} again from {name!r}: rename it")
            if not checks.text("a metric's column", column, f"mend the metric {name!r}"):
                raise ValueError(f"a metric's column must have a name, got '' from {name!r}: say what is measured")
            row[column] = _plain(name, number)
    if before != (_glance(generation.samples), _glance(reference)):
        raise ValueError(
            f"metrics must leave samples and reference as they are, got others in generation {generation.index} after "
            f"{', '.join(metrics)}: let them work on a copy, X = X.copy()"
        )
    return row


def _plain(name, number):
    """Return what a metric said as Python's own bool, int or float, so that a file holds it as it is."""
    if getattr(number, "shape", None) == () and not isinstance(number, np.generic | np.ma.MaskedArray):
        number = number.item()  # of a tensor, or of an array without axes
    plain = checks.plain(number)
    if isinstance(plain, bool | int | float):
        return plain
    raise TypeError(
        f"metrics must return numbers, got {checks.shown(number)} from {name!r}: average it, or return a dict"
    )


def seen(view: Callable, generation: Generation) -> np.ndarray:
    """Return what `view` kept of a generation, as an array of numbers or text; a DataFrame as a structured one."""
    kept = view(generation)
    if isinstance(kept, pd.DataFrame):
        return tables.to_rows("view", kept)
    try:
        kept = checks.as_array("view(generation)", kept)
        fits = not kept.dtype.hasobject
    except Exception:  # rows of unequal length, masked entries, or an object that answers with errors
        fits = False
    if not fits:
        raise TypeError(f"view must return an array of numbers or text, got {checks.shown(kept)}: convert it")
    return kept


def _glance(X):
    """Return the bytes of a thousand entries of an array, evenly spread: who works in place changes nearly all."""
    return X.reshape(-1)[:: X.size // 1000 + 1].tobytes() if isinstance(X, np.ndarray) else None


def check_metrics(metrics: Mapping[str, Callable]) -> None:
    """Raise a TypeError if `metrics` is not a dict of functions metric(generation, reference).

    Some of this package's own measures take samples instead: they are known by their first argument's name.
    """
    call = "metric(generation, reference)"
    if not isinstance(metrics, Mapping) or not all(callable(metric) for metric in metrics.values()):
        raise TypeError(
            f"metrics must be a dict of functions {call}, got {checks.shown(metrics)}: try {{'std': metrics.std}}"
        )
    for name, metric in metrics.items():
        if not checks.text("metrics", name, "its keys name the columns"):
            raise ValueError("metrics must have names, got '': say what is measured")
        checks.function(f"metrics[{name!r}]", metric, call, "let it take these two", 2)
        ours = (getattr(metric, "__module__", None) or "").startswith(
            "collapse_lessons."
        )  # a function made by eval has no module
        if ours and next(iter(signature(metric).parameters)) != "generation":
            it = metric.__name__
            raise TypeError(
                f"metrics[{name!r}] must be a function {call}, got {it}{signature(metric)}: write "
                f"lambda generation, reference: {it}(generation.samples, reference), or what else it needs"
            )


def check_view(view: Callable | None) -> Callable | None:
    """Return `view` if it is a function view(generation) -> array, or None."""
    takes = ("view(generation) -> array", "None keeps the samples", 1)
    return None if view is None else checks.function("view", view, *takes)


def check_keep(keep: Sequence[int], n_generations: int) -> set[int]:
    """Return `keep` as a set of generations, all of them in range."""
    kinds, no_list = Sequence | set | np.ndarray | pd.Series | pd.Index, str | bytes | bytearray | memoryview
    if not isinstance(keep, kinds) or isinstance(keep, no_list) or (isinstance(keep, np.ndarray) and keep.ndim != 1):
        raise TypeError(f"keep must be a list of generations, got {checks.shown(keep)}: write [{checks.shown(keep)}]")
    return {
        checks.whole("keep", t, 0, "generations count from 0, and end before n_generations", n_generations - 1)
        for t in keep
    }
