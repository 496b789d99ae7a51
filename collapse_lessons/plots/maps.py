"""Maps of what is better and what is worse."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from collapse_lessons import checks
from collapse_lessons.plots.arguments import axes_or_new


def ratios(table: pd.DataFrame, error: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a table of ratios, the number in each cell: violet below 1, orange above, white where equal.

    Bold are those that lie below 1 by more than two of their standard errors, `error`. Good for a small map whose
    numbers are worth reading; its rows go upwards.
    """
    checks.instance("table", table, pd.DataFrame, "divide one table of errors by another")
    cells = checks.array("table", table, 2, "(rows, columns) ratios")
    if (cells <= 0).any():
        raise ValueError(f"table must hold ratios above 0, got {cells.min():g}: divide errors")
    checks.instance("error", error, pd.DataFrame, "give the standard error of every ratio")
    off = checks.array("error", error, 2, "(rows, columns) standard errors")
    if off.shape != cells.shape:
        raise ValueError(f"error must have table's shape {cells.shape}, got {off.shape}: one for each ratio")
    if not (error.index.equals(table.index) and error.columns.equals(table.columns)):
        raise ValueError(
            "error must have table's rows and columns in table's order, got others: use reindex_like(table)"
        )
    if (off < 0).any():
        raise ValueError(f"error must be at least 0, got {off.min():g}: give standard errors")
    ax = axes_or_new(ax)
    ax.imshow(np.log2(table), cmap="PuOr_r", vmin=-1.4, vmax=1.4, aspect="auto", origin="lower")
    for (i, j), ratio in np.ndenumerate(table.to_numpy()):
        pale = abs(np.log2(ratio)) < 0.9
        weight = "bold" if ratio + 2 * off[i, j] < 1 else "normal"
        ax.text(
            j, i, f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}", ha="center", va="center", fontsize=9.5,
            color="black" if pale else "white", fontweight=weight,
        )  # fmt: skip
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.set(xlabel=table.columns.name, ylabel=table.index.name)
    return ax
