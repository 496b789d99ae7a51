"""Lesson 03's explorer: one chain of mixtures on the two moons, with a switch for every cause of its decay."""

import warnings
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from collapse_lessons import metrics, plots
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.scikit_learn import SklearnModel
from collapse_lessons.recipes import Mix, replace
from collapse_lessons.worlds import datasets

RECIPES = {"replace": replace, "10% real": Mix(0.1)}
MOONS = datasets.moons(300, stream(DATA, 1, seed=0))  # new real points: what samples are compared with


def draw(components=12, n=100, finished=True, keep=1.0, recipe=replace, generation=10, seed=0):
    """Draw what one generation samples and believes, and the path of coverage and precision that led to it.

    Parameters
    ----------
    components : int
        Of the mixture: what the family can express.
    n : int
        Samples a generation trains on.
    finished : bool
        Whether the fit goes on from k-means until it converges, or takes one step from random points.
    keep : float in (0, 1]
        Share of the samples that is kept, the likeliest.
    recipe : function
        One of `RECIPES`.

    Returns
    -------
    figure, description, alt
    """
    turns = [_turn(t, components, n, finished, keep, recipe, seed) for t in range(generation + 1)]
    path = np.array([_judge(t, components, n, finished, keep, recipe, seed) for t in range(generation + 1)])
    name = next(label for label, known in RECIPES.items() if known == recipe)

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.9), width_ratios=[3, 2])
    figure.subplots_adjust(0.01, 0.14, 0.99, 0.91, wspace=0.14)
    left.scatter(*MOONS.T, s=9, color="0.8", linewidths=0)
    plots.ellipses(turns[-1].fitted.estimator_, left)
    left.scatter(*turns[-1].samples.T, s=9, color=plots.BLUE, linewidths=0)
    left.set(xlim=(-1.6, 2.6), ylim=(-1.1, 1.6))
    left.axis("off")
    left.set_title(f"generation {generation}: real (grey), components (orange), samples (blue)", fontsize=11)
    right.plot(*path.T, color=plots.BLUE, ls="-", marker=".")
    right.plot(*path[-1], color=plots.BLUE, marker="o", ms=9)
    right.set(xlabel="coverage of the real", xlim=(0, 1.03), ylim=(0, 1.03))
    right.set_ylabel("precision: plausible of what is sampled", fontsize=10)
    right.set_title(f"from generation 0 to {generation} (large)", fontsize=11)

    coverage, precision = path[-1]
    description = (
        f"At generation {generation} ({name}) the samples reach {coverage:.0%} of the real moons, and {precision:.0%} "
        "of them are plausible."
    )
    alt = (
        f"Left, {n} samples and the ellipses of {components} components over the grey two moons. Right, coverage "
        f"against precision: the path starts at {path[0, 0]:.2f}, {path[0, 1]:.2f} and ends at {coverage:.2f}, "
        f"{precision:.2f}."
    )
    return figure, description, alt


# The loop can go on from any generation, so each is computed once and the slider for it costs nothing.
@lru_cache(maxsize=2000)
def _turn(t, components, n, finished, keep, recipe, seed):
    fit = {"tol": 0.01} if finished else {"init_params": "random_from_data", "max_iter": 1}
    past = [_turn(t - 1, components, n, finished, keep, recipe, seed).samples] if t else []
    real = datasets.moons(n, stream(DATA, 0, seed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is one of the switches
        model = SklearnModel(GaussianMixture(components, **fit), keep)
        return next(generations(model, real, recipe, n_generations=t + 1, seed=seed, start=t, past=past))


@lru_cache(maxsize=2000)
def _judge(*settings):
    return tuple(metrics.coverage_and_precision(_turn(*settings), MOONS).values())
