"""Is a difference between two recipes real? Pairs of runs by seed, an interval for their mean, and how many to run."""

import numpy as np
import pandas as pd
from pandas.api.types import is_complex_dtype, is_numeric_dtype
from scipy.stats import t as student

from collapse_lessons import checks


def differences(rows: pd.DataFrame, y: str, treatment: str, control: str, generation: int | None = None) -> pd.Series:
    """Return column `y` of the recipe `treatment` minus that of `control`, pair by pair, indexed by seed.

    Parameters
    ----------
    rows : DataFrame
        What `sweep` returns: recipe, seed, generation, and a column for each metric. The same seed gives all recipes
        the same real data and the same streams, so that most of the luck cancels in the difference.
    generation : int, optional
        By default the last one.
    """
    y = checks.text("y", y, "the name of a column, such as 'std'")
    checks.table("rows", rows, ("recipe", "seed", "generation", y), "see sweep")
    if generation is None:
        generation = rows["generation"].max()
    else:
        checks.whole("generation", generation, 0, "None is the last one")
    if not is_numeric_dtype(rows[y]) or is_complex_dtype(rows[y]):
        raise TypeError(f"{y} must be a column of numbers, got {rows[y].dtype}: convert it")
    rows = rows[rows["generation"] == generation]
    if rows.empty:
        raise ValueError(f"generation must be one that rows hold, got {generation}: leave it out for the last one")
    rows = rows.assign(**{y: rows[y].to_numpy(float, na_value=np.nan)})  # a difference of bytes would wrap around
    lost = rows.loc[~np.isfinite(rows[y]), "seed"].tolist()
    if lost:  # a chain that broke down must not drop out of the count in silence
        raise ValueError(f"{y} must be a number in every run, got none for the seeds {lost}: choose another measure")
    if rows["seed"].isna().any():
        raise ValueError("rows must have a seed in every run, got some without: take the rows that sweep returns")
    if (again := rows.duplicated(["recipe", "seed"])).any():
        run = " with seed ".join(map(str, rows[again].iloc[0][["recipe", "seed"]]))
        raise ValueError(f"rows must hold each run once, got {run} again: drop one, or give it another label")
    table = rows.pivot(index="seed", columns="recipe", values=y)
    for name, recipe in (("treatment", treatment), ("control", control)):
        checks.one_of(name, recipe, table, f"the recipes of generation {generation}")
    paired = (table[treatment] - table[control]).dropna()
    if paired.empty:
        raise ValueError(f"rows must have a seed with both {treatment} and {control}, got none: run both with each")
    return paired.rename(f"{treatment} - {control}")


def interval(values: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of Student's confidence interval for the mean of `values`, along the last axis.

    If what makes the values differ is chance of about a normal law, `level` of such intervals hold the true mean. One
    that leaves out 0 shows a difference. With values of shape (..., k) both ends have shape (...).
    """
    values = checks.array("values", values, None, "(..., k) differences").astype(float)
    level = checks.number("level", level, 1e-6, 1 - 1e-6, "0.95 is usual")
    k = values.shape[-1]
    if k < 2:
        raise ValueError(f"values must be at least 2 along the last axis, got {k}: one run shows no scatter, run more")
    half = student.ppf((1 + level) / 2, k - 1) * values.std(axis=-1, ddof=1) / np.sqrt(k)
    return values.mean(axis=-1) - half, values.mean(axis=-1) + half


def verdict(low: np.ndarray, high: np.ndarray, *, at_least: float = -np.inf, at_most: float = np.inf) -> np.ndarray:
    """Return what the interval from `low` to `high` says of a claim: "confirmed", "refuted" or "undecided".

    The claim is that the mean is `at_least` so much, `at_most` so much, or both. It is confirmed if all of the interval
    lies where the claim is true, and refuted if all of it lies where the claim is false. An interval that holds an edge
    of the claim leaves it undecided. Ends of shape (...) give an array of that shape.
    """
    low, high = (
        checks.numbers(name, ends, -np.inf, np.inf, "an end of each interval")
        for name, ends in (("low", low), ("high", high))
    )
    if low.shape != high.shape:
        raise ValueError(f"high must have low's shape {low.shape}, got {high.shape}: match them")
    if (low > high).any():
        raise ValueError(f"low must not be above high, got {low} and {high}: pass them as interval returns them")
    at_least, at_most = _edge("at_least", at_least), _edge("at_most", at_most)
    if not at_least < at_most or (at_least, at_most) == (-np.inf, np.inf):
        raise ValueError(
            f"at_least must be below at_most and one of them given, got {at_least} and {at_most}: a claim that any "
            "number fits can't be refuted"
        )
    true, false = (low > at_least) & (high < at_most), (high < at_least) | (low > at_most)
    return np.select([true, false], ["confirmed", "refuted"], "undecided")[()]


def power(
    pilot: np.ndarray,
    n_seeds: int,
    rng: np.random.Generator,
    *,
    at_least: float = -np.inf,
    at_most: float = np.inf,
    n_studies: int = 2000,
) -> float:
    """Return the share of studies of `n_seeds` pairs that confirm or refute a claim, by simulation; see `verdict`.

    Each study draws its differences with replacement from those of a `pilot`, shape (k,): if the truth is like the
    pilot, so often would the 95% interval of a study of this size decide. `at_least=0` asks only which arm is ahead. A
    pilot of a few pairs gives a rough answer.
    """
    pilot = checks.array("pilot", pilot, 1, "(k,) differences", rows=2)
    n_seeds = checks.whole("n_seeds", n_seeds, 2, "one run shows no scatter")
    n_studies = checks.whole("n_studies", n_studies, 1, "2000 give the share to about 0.01")
    low, high = interval(checks.generator("rng", rng).choice(pilot, (n_studies, n_seeds)))
    return float((verdict(low, high, at_least=at_least, at_most=at_most) != "undecided").mean())


def _edge(name, value):
    """Return the edge of a claim: a number, or an infinity where the claim has none."""
    infinite = isinstance(value, float) and np.isinf(value)
    return value if infinite else checks.number(name, value, -np.inf, np.inf, "leave it out if the claim has none")
