"""Curves over generations: many runs, their bands, and the theory over them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from pandas.api.types import is_complex_dtype, is_numeric_dtype

from collapse_lessons import checks
from collapse_lessons.plots.arguments import axes_or_new, check_in_legend, check_label, looks_for
from collapse_lessons.plots.style import BLUE, SKY, line_style


def fan(
    chains: np.ndarray, ax: Axes | None = None, *, n_lines: int = 30, start: int = 0, label: str = "one chain"
) -> Axes:
    """Draw many chains over generations, their middle half and their median.

    Good for seeing one run wander and the crowd drift; bad for reading off a single chain.

    Parameters
    ----------
    chains : array of shape (n_generations, n_chains)
    n_lines : int
        How many chains are drawn as lines.
    """
    chains = checks.array("chains", chains, 2, "(n_generations, n_chains)").astype(float)
    n_lines = checks.whole("n_lines", n_lines, 1, "30 are told apart")
    start = checks.whole("start", start, 0, "the first generation that is drawn")
    label, ax = check_label("label", label), axes_or_new(ax)
    t = np.arange(start, start + len(chains))
    # NaN lifts the pen between two chains: one artist draws faster than many.
    lines = np.vstack([chains[:, :n_lines], np.full_like(chains[:1, :n_lines], np.nan)])
    ax.plot(np.tile([*t, np.nan], lines.shape[1]), lines.T.ravel(), color="0.6", lw=0.7, ls="-", label=label, zorder=1)
    ax.fill_between(t, *np.quantile(chains, [0.25, 0.75], axis=1), color=SKY, alpha=0.4, label="middle half", zorder=2)
    ax.plot(t, np.median(chains, axis=1), color=BLUE, ls="-", label="median", zorder=3)
    ax.set(xlabel="generation")
    if len(t) > 1:
        ax.set_xlim(t[0], t[-1])
    return ax


def curves(lines: Mapping[str, np.ndarray], ax: Axes | None = None, *, x: np.ndarray | None = None) -> Axes:
    """Draw one labelled line for each entry, told apart by colour and dashes; all share the x axis.

    Good for up to six lines of means or shares; use `bands` when there are several seeds.
    """
    if not isinstance(lines, Mapping) or not lines:
        error = ValueError if isinstance(lines, Mapping) else TypeError
        raise error(f"lines must be a dict of at least one line, got {checks.shown(lines)}: write {{'label': values}}")
    styles = looks_for("lines", len(lines))
    lines = {str(key): checks.array("lines", y, 1, "(n,) numbers, each", gaps=True) for key, y in lines.items()}
    x = None if x is None else checks.array("x", x, 1, "(n,) numbers")
    for label, y in lines.items():
        check_in_legend("lines", label)
        if x is not None and len(x) != len(y):
            raise ValueError(f"x must be one for each of the {len(y)} points of {label}, got {len(x)}: match them")
    ax = axes_or_new(ax)
    for (label, y), (colour, dash) in zip(lines.items(), styles, strict=True):
        ax.plot(np.arange(len(y)) if x is None else x, y, color=colour, ls=line_style(dash), label=label)
    ax.set(xlabel="generation")
    return ax


def theory(x: np.ndarray, y: np.ndarray, ax: Axes, label: str = "theory") -> Axes:
    """Draw an exact curve over a figure: black, thin and dotted, so that what was simulated shows beneath it."""
    x = checks.array("x", x, None, "(n,) numbers", gaps=True)
    y = checks.array("y", y, None, "(n,) numbers", gaps=True)
    if x.shape != y.shape:
        raise ValueError(f"y must have x's shape {x.shape}, got {y.shape}: compute it at every x")
    checks.instance("ax", ax, Axes, "draw what was simulated first")
    ax.plot(x, y, color="black", lw=1.3, ls=(0, (1.5, 1.5)), label=check_label("label", label), zorder=10)
    return ax


def bands(
    rows: pd.DataFrame,
    y: str,
    ax: Axes | None = None,
    *,
    hue: str = "recipe",
    x: str = "generation",
    middle: float = 0.9,
) -> Axes:
    """Draw the mean of column `y` over seeds with a band of the middle 90% for each value of `hue`.

    Good for comparing recipes over seeds; bad when a mean hides that some seeds died and some did not. With few seeds
    `middle=1` draws the band from the lowest to the highest.
    """
    middle = checks.number("middle", middle, 0, 1, "0.9 leaves out a seed in ten, 1 none")
    for name, column in (("x", x), ("y", y), ("hue", hue)):
        checks.text(name, column, "the name of a column")
    checks.table("rows", rows, (x, y, hue), "see Run.rows")
    for column in (x, y):
        if not len(rows) or not is_numeric_dtype(rows[column]) or is_complex_dtype(rows[column]):
            raise ValueError(f"rows must have numbers in {column}, got {rows[column].dtype}: convert them")
        checks.array(f"rows[{column!r}]", rows[column].to_numpy(float, na_value=np.nan), 1, "(n,)", gaps=True)
    if missing := int(rows[hue].isna().sum()):
        raise ValueError(f"rows must say in {hue} whose each row is, got {missing} without: fill them in, or drop them")
    for label in rows[hue].unique():
        check_in_legend(f"rows[{hue!r}]", str(label))
    if isinstance(rows[hue].dtype, pd.CategoricalDtype):
        rows = rows.assign(**{hue: rows[hue].cat.remove_unused_categories()})  # the others have no line
    colours, dashes = zip(*looks_for("rows", rows[hue].nunique()), strict=True)
    ax = axes_or_new(ax)
    sns.lineplot(
        rows,
        x=x,
        y=y,
        hue=hue,
        style=hue,
        errorbar=("pi", 100 * middle),
        palette=list(colours),
        dashes=list(dashes),
        ax=ax,
    )
    ax.legend(title=None)
    return ax
