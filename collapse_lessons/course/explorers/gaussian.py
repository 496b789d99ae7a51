"""Lesson 01's explorer: many Gaussian chains over generations."""

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import plots, theory
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.gaussian import GaussianBatches
from collapse_lessons.recipes import accumulate, replace

N_CHAINS = 100


def draw(n=100, n_generations=300, ddof=0, recipe=replace, seed=0):
    """Draw the variance of 100 chains, drawn from their sufficient statistics, with the exact mean on top.

    Returns
    -------
    figure, description, alt
    """
    model = GaussianBatches(n, ddof=ddof)
    real = model.summarise(stream(DATA, 0, seed).standard_normal((n, N_CHAINS)))
    turns = generations(model, real, recipe, n_generations=n_generations, seed=seed)
    variances = np.array([turn.fitted.var_ for turn in turns])

    figure, ax = plt.subplots(figsize=(8, 3.6))
    figure.subplots_adjust(0.08, 0.24, 0.98, 0.91)
    plots.fan(variances, ax)
    if recipe is replace:
        fits = np.arange(1, n_generations + 1)
        plots.theory(fits - 1, theory.expected_var(fits, n, ddof), ax, "exact mean")
    ax.set(ylabel="variance", ylim=(0, 2))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4, fontsize=10)  # below: the chains are everywhere
    name = "accumulate" if recipe is accumulate else "replace"
    ax.set_title(f"n = {n}, {name}, {'unbiased' if ddof else 'maximum likelihood'} estimator")
    last = np.median(variances[-1])
    description = f"After {n_generations} generations of {n} samples each ({name}) the median variance is {last:.3f}."
    low, high = np.quantile(variances[-1], [0.25, 0.75])
    alt = (
        f"Thirty grey lines, one a chain, start near 1 at generation 0. Their median ends at {last:.3f} and the middle "
        f"half of {N_CHAINS} chains between {low:.3f} and {high:.3f}."
    )
    return figure, description, alt
