"""Filters: recipes that look at what was found before training on it, and throw some of it away.

A crawl is a function `crawl(pool, n, rng) -> (rows, synthetic)`: n rows that were found, and for each whether a model
made it. A detector is a function `detector(rows, synthetic, rng) -> flagged`: which of them to throw away. One
that stands for a measured one (`Rates`) may look at `synthetic`, the truth; those of `detectors.py` must find out.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from collapse_lessons import checks
from collapse_lessons.recipes import drawn, pick
from collapse_lessons.tables import alike, joined

MOST = 200  # batches: a detector that lets next to nothing pass must not search for ever


@dataclass(frozen=True)
class Candidates:
    """The simplest crawl: a share `real_fraction` of what is found is new and real, the rest are the newest samples.

    Parameters
    ----------
    draw : function
        `draw(n, rng)` returns n new real rows.
    real_fraction : float in [0, 1]
    columns : bool
        Whether each column of (n, d) floats is a chain of its own, as in `Gaussian`; `synthetic` then has their shape.
    """

    draw: Callable[[int, np.random.Generator], np.ndarray]
    real_fraction: float
    columns: bool = False
    forgets: ClassVar[bool] = True

    def __post_init__(self):
        checks.number("real_fraction", self.real_fraction, 0, 1, "give the share of real rows, such as 0.1")
        checks.function("draw", self.draw, "draw(n, rng) -> (n, ...) array", "pass one that returns n real rows", 2)
        checks.flag("columns", self.columns, "True where each column is a chain of its own")
        checks.own_numbers(self)

    def __call__(self, pool, n, rng):
        made = pick(checks.pool(pool)[-1], checks.whole("n", n, 1, "rows to find"), rng)
        made, real = alike([made, drawn(self.draw, n, made, rng)])
        synthetic = rng.random(made.shape if self.columns else n) >= self.real_fraction
        shape = synthetic.shape + (1,) * (made.ndim - synthetic.ndim)
        return np.where(synthetic.reshape(shape), made, real), synthetic


@dataclass(frozen=True)
class Filter:
    """Train on the first `size` rows that a detector lets pass, however many have to be found for that.

    Parameters
    ----------
    candidates : function
        A crawl `crawl(pool, n, rng) -> (rows, synthetic)`, such as `Candidates(draw, 0.1)`; or a recipe, such as
        `Mix(0.1)`: one with a method `crawl`, or one that picks rows of the pool and does not look at what is in them.
        It is asked for n rows at a time, n being what the loop samples: let that be several times `size`, or the same
        samples are found again.
    detector : function
        `detector(rows, synthetic, rng) -> flagged`, a bool for each row; or for each entry of (n, d) floats whose
        columns are chains, and then every column is filtered by itself.
    size : int, optional
        Rows to train on, by default n.
    """

    candidates: Callable
    detector: Callable
    size: int | None = None

    def __post_init__(self):
        call = "crawl(pool, n, rng) -> (rows, synthetic), or a recipe"
        checks.function("candidates", self.candidates, call, "try Candidates(draw, 0.1), or Mix(0.1)", 3)
        _check_detector("detector", self.detector)
        if self.size is not None:
            checks.whole("size", self.size, 1, "rows to train on")
        checks.own_numbers(self)

    @property
    def forgets(self) -> bool:
        """Whether the candidates come from the real data and the newest samples only."""
        return getattr(self.candidates, "forgets", False)

    def __call__(self, pool, n, rng):
        return self.crawl(pool, n, rng)[0]

    def crawl(self, pool: list, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows that pass, and which of them are synthetic: so a filter can stand behind another."""
        n = checks.whole("n", n, 1, "rows that are found at a time")
        size = self.size or n
        checks.pool(pool)
        checks.generator("rng", rng)
        found, truth, flagged, passed = [], [], [], 0
        while np.min(passed) < size:
            if len(found) == MOST:
                raise ValueError(
                    f"detector must let {size} rows pass, got {np.min(passed)} of {MOST * n} found: make it less strict"
                )
            rows, synthetic = _found(self.candidates, pool, n, rng)
            found.append(rows)
            truth.append(synthetic)
            flagged.append(check_flags(self.detector(rows, synthetic, rng), rows))
            passed = passed + (~flagged[-1]).sum(axis=0)
        rows, synthetic, flagged = joined(found), np.concatenate(truth), np.concatenate(flagged)
        if flagged.ndim == 1:
            return rows[~flagged][:size], synthetic[~flagged][:size]
        if synthetic.ndim == 1:
            synthetic = np.broadcast_to(synthetic[:, None], rows.shape)
        first = np.argsort(flagged, axis=0, kind="stable")[:size]
        return np.take_along_axis(rows, first, axis=0), np.take_along_axis(synthetic, first, axis=0)


def _check_detector(name, detector):
    checks.function(name, detector, "detector(rows, synthetic, rng) -> flagged", "try Rates(0.9, 0.1)", 3)


def _found(source, pool, n, rng):
    """Return what a crawl or a recipe finds, and which of it is synthetic."""
    before = copy.deepcopy(rng)
    found = getattr(source, "crawl", source)(pool, n, rng)
    if not isinstance(found, tuple):
        found = _traced(source, pool, n, before, found)
    elif len(found) != 2:
        raise TypeError(
            f"candidates must return (rows, synthetic), got {len(found)} things: say of each row who made it"
        )
    elif not hasattr(source, "crawl"):
        rows = checks.samples("the rows of candidates", found[0])
        shapes = (rows.shape[:1], rows.shape)
        return rows, checks.bools("synthetic of candidates", found[1], shapes, "say of each row who made it")
    order = rng.permutation(len(found[0]))  # a recipe puts the real rows first, and the first that pass are taken
    return found[0][order], found[1][order]


def _traced(recipe, pool, n, rng, found):
    """Return what a recipe takes from the pool, and which of it is synthetic: it is handed numbers in place of rows.

    With them it must take the rows that it took before: one that looks at what is in them would take others.
    """
    ends = np.cumsum([len(X) for X in pool])
    numbered = np.arange(ends[-1]).astype([("row", int)])  # a field, so that nobody takes them for data
    try:
        taken = recipe(np.split(numbered, ends[:-1]), n, rng)["row"]
        rows = joined(pool)[taken]
        if not np.array_equal(rows, found):
            raise ValueError("it took others when it could not look at them")
        return rows, taken >= len(pool[0])
    except Exception as error:
        raise TypeError(
            f"candidates must be a crawl, or a recipe that picks rows of the pool whatever is in them, got "
            f"{checks.shown(recipe)}: let it return (rows, synthetic) ({error})"
        ) from error


def check_flags(flagged: np.ndarray, rows: np.ndarray, name: str = "detector") -> np.ndarray:
    """Return what a function of that name said, if it is a bool for each row, or for each entry."""
    shape = checks.samples("rows", rows).shape
    return checks.bools(f"{name}(...)", flagged, (shape[:1], shape), "compare scores with a threshold")


@dataclass(frozen=True)
class Rates:
    """A detector of which nothing is known but how often it is right: it flags at random, whatever the row.

    Labels that publishers put on what their models made are one too: `Rates(share_labelled, 0)`.

    Parameters
    ----------
    true_positive : float in [0, 1]
        The share of synthetic rows that are flagged.
    false_positive : float in [0, 1]
        The share of real rows that are flagged: false alarms.
    """

    true_positive: float
    false_positive: float

    def __post_init__(self):
        checks.number("true_positive", self.true_positive, 0, 1, "0.9 finds nine synthetic rows in ten")
        checks.number("false_positive", self.false_positive, 0, 1, "0.1 accuses one real row in ten")
        checks.own_numbers(self)

    def __call__(self, rows, synthetic, rng):
        synthetic = checks.bools("synthetic", synthetic, (), "say of each row whether a model made it")
        return checks.generator("rng", rng).random(synthetic.shape) < np.where(
            synthetic, self.true_positive, self.false_positive
        )


# OpenAI's classifier for text of January 2023, as OpenAI measured it; withdrawn in July 2023 for its low accuracy.
OPENAI_2023 = Rates(0.26, 0.09)


def any_of(*detectors: Callable) -> Callable:
    """Return the detector that flags what any of these does."""
    if not detectors:
        raise ValueError("detectors must be at least one function, got none: any_of(labels, classifier)")
    for detector in detectors:
        _check_detector("detectors", detector)

    def flags(rows, synthetic, rng):
        return np.logical_or.reduce([detector(rows, synthetic, rng) for detector in detectors])

    return flags
