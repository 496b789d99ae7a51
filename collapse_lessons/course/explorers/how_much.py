"""Lesson 09's explorer: the map of where synthetic rows help, with one point of it marked."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, plots, theory

N_REAL = np.geomspace(10, 10_000, 40).round().astype(int)
SHARE = np.linspace(0, 0.95, 39)


def draw(n_real=300, share=0.5, less_variance=0.05, replayed=False):
    """Draw the map of the bell curve as exact curves, and a cut through it at `n_real`.

    Parameters
    ----------
    n_real : int
        Real rows a generation.
    share : float in [0, 0.95]
        The synthetic share of all rows.
    less_variance : float in [0, 0.5]
        By how much a model samples more narrowly than it has learned.
    replayed : bool
        Whether the real rows are the same in every generation.

    Returns
    -------
    figure, description, alt
    """
    spread = 1 - checks.number("less_variance", less_variance, 0, 0.5, "0.05 samples with 5% less variance")
    here = ratio(n_real, np.array([share]), spread, replayed)[0]
    line = ratio(n_real, SHARE, spread, replayed)

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    figure.subplots_adjust(0.07, 0.14, 0.99, 0.9, wspace=0.17)
    shown = left.pcolormesh(SHARE, N_REAL, np.log2(table(spread, replayed)), cmap="PuOr_r", vmin=-1, vmax=1)
    left.plot(share, n_real, "o", ms=12, mfc="none", mec="black", mew=2)
    left.set(yscale="log", xlabel="synthetic share", ylabel="real rows a generation")
    left.set_yticks([10, 100, 1000, 10_000], ["10", "100", "1000", "10,000"], minor=False)
    left.minorticks_off()
    left.set_title("violet helps, orange hurts", fontsize=11)
    bar = figure.colorbar(shown, ax=left, ticks=[-1, 0, 1], extend="both")
    bar.ax.set_yticklabels(["half", "same", "double"])
    right.plot(SHARE, line, color=plots.BLUE, ls="-")
    right.axhline(1, color="0.6", lw=1, ls="-")
    right.plot(share, here, "o", ms=12, mfc="none", mec="black", mew=2)
    right.set(ylim=(0, max(2.5, 1.1 * here)), xlim=(0, 0.96), xlabel="synthetic share")
    right.set_title(f"error against {n_real} real rows alone", fontsize=11)

    source = "the same real rows again" if replayed else "new real rows every time"
    description = (
        f"Exact: with {n_real} real rows, {source}, {share:.0%} of all rows synthetic and {less_variance:.1%} less "
        f"variance the error is {here:.2f} times that of the real rows alone."
    )
    alt = (
        "Left, the map of synthetic share across and real rows upwards, violet where synthetic rows help and orange "
        f"where they hurt, with a ring at {share:.0%} and {n_real}. Right, a cut through it: the error against the "
        f"share, at {here:.2f} in the ring, above a grey line at 1 where it hurts."
    )
    return figure, description, alt


def ratio(n_real, share, spread, replayed):
    """Return the error with a synthetic share over that of the real rows alone, to first order in 1/n."""
    return theory.mixed_error(n_real, share, spread, replay=replayed) / theory.mixed_error(n_real, 0.0)


@lru_cache(maxsize=64)
def table(spread, replayed):
    """Return `ratio` for the whole map, shape (rows, shares)."""
    return ratio(N_REAL[:, None], SHARE, spread, replayed)
