"""Lesson 05's explorer: what the recorded chains of models of clothes drew, and how each measure fared meanwhile."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, plots
from collapse_lessons.experiments import records
from collapse_lessons.worlds import datasets

CHAINS = (
    "VAE_replace",
    "VAE_10_percent_real",
    "VAE_accumulate",
    "flow_replace",
    "labelled_flow_replace",
    "guided_flow_replace",
)
MEASURES = {  # in words: the column
    "coverage": "coverage",
    "density": "density",
    "Fréchet distance": "frechet",
    "recall": "recall",
    "kinds drawn": "classes",
    "variance within a kind": "within",
    "fine detail": "detail",
}
GENERATIONS = 8
LEVELS = 32  # white, in the grey levels of the record


@lru_cache
def recorded():
    """Return the chains that `scripts/record/clothes.py` recorded, by the label their rows carry."""
    runs = [records.load_run(datasets.data_path(f"clothes/{chain}/rows.csv").parent) for chain in CHAINS]
    return {run.rows["recipe"].iloc[0]: run for run in runs}


def draw(chain="guided flow, replace", generation=7, measure="coverage"):
    """Draw sixty pictures of a generation, and a measure over all generations and seeds.

    Parameters
    ----------
    chain : str
        A key of `recorded()`.
    generation : int from 0 to 7
    measure : str
        A key of `MEASURES`.

    Returns
    -------
    figure, description, alt
    """
    run = recorded()[chain]
    generation = checks.whole("generation", generation, 0, "the record begins with generation 0")
    if generation >= GENERATIONS:
        raise ValueError(f"generation must be at most {GENERATIONS - 1}, got {generation}: no more are recorded")
    column = MEASURES[measure]
    seeds = run.rows.pivot(index="generation", columns="seed", values=column)
    real, mean = run.info["real"][column], seeds.mean(axis=1)

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), width_ratios=[4, 3])
    figure.subplots_adjust(0.01, 0.15, 0.98, 0.82, wspace=0.12)
    by_kind = chain.startswith(("labelled", "guided"))  # six of each kind are recorded, else sixty as they came
    plots.sheet(np.split(run.snapshots[generation] / LEVELS, 10), [""] * 10, left)
    left.set_title(f"{chain}: generation {generation}, seed 0", fontsize=11)
    lines = np.vstack([seeds, np.full((1, len(seeds.columns)), np.nan)])  # NaN lifts the pen: one artist draws faster
    right.plot(np.tile([*mean.index, np.nan], len(seeds.columns)), lines.T.ravel(), color="0.65", lw=1, ls="-")
    right.plot(mean, color=plots.BLUE, ls="-", marker="o", markevery=[generation], ms=9, label="mean of five seeds")
    plots.theory(mean.index, [real] * len(mean), right, "real pictures")
    right.set(xlabel="generation", xlim=(0, GENERATIONS - 1), ylim=(0, 1.1 * max(real, seeds.max(axis=None))))
    right.set_title(measure, fontsize=11)
    right.legend(fontsize=10)

    description = (
        f"{chain}, generation {generation}: {measure} {mean[generation]:.3g} in the mean of five seeds, after "
        f"{mean[0]:.3g} at generation 0; real pictures have {real:.3g}."
    )
    order = "one for each kind that was asked for" if by_kind else "as they came"
    alt = (
        f"Left, sixty pictures of generation {generation} in ten columns, {order}. Right, {measure} over generations 0 "
        f"to 7: five thin lines, one a seed, and their mean, which goes from {mean[0]:.3g} to {mean[7]:.3g}; a "
        f"dotted line marks {real:.3g}, the value of real pictures."
    )
    return figure, description, alt
