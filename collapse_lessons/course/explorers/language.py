"""Lesson 07's explorer: what the recorded chains of pocket language models wrote, and how likely the first finds it."""

from functools import lru_cache
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, plots
from collapse_lessons.experiments import records
from collapse_lessons.worlds import datasets
from collapse_lessons.worlds.encyclopedia import texts

CHAINS = (
    "replace",
    "real_again",
    "10_percent_real",
    "accumulate_subsample",
    "temperature_0_95",
    "temperature_0_9",
    "temperature_0_7_top_p_0_9",
)
GENERATIONS = (0, 1, 5, 9)
N_TEXTS = 3


@lru_cache
def recorded():
    """Return the chains that `scripts/record/pocket.py` recorded, by the label their rows carry."""
    runs = [records.load_run(datasets.data_path(f"pocket/{chain}/rows.csv").parent) for chain in CHAINS]
    return {run.rows["recipe"].iloc[0]: run for run in runs}


def draw(chain="replace", generation=9, page=0):
    """Draw how likely the first model finds what a generation wrote, and three of its articles.

    Parameters
    ----------
    chain : str
        A key of `recorded()`.
    generation : {0, 1, 5, 9}
    page : int from 0 to 99
        Which three of the recorded articles are shown.

    Returns
    -------
    figure, description, alt
    """
    shown = recorded()[chain].snapshots
    page = checks.whole("page", page, 0, "each page has three articles")
    articles = texts(shown[generation]["tokens"])[N_TEXTS * page :][:N_TEXTS]

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[3, 4])
    figure.subplots_adjust(0.07, 0.15, 0.99, 0.9, wspace=0.06)
    histogram(shown[0]["perplexity"], left, color="0.7", label="generation 0", fill=True)
    histogram(shown[generation]["perplexity"], left, color=plots.BLUE, label=f"generation {generation}")
    left.set(ylabel="articles", ylim=(0, 150))
    left.set_title(chain, fontsize=11)
    left.legend(fontsize=10)
    right.axis("off")
    right.text(0, 1, "\n\n".join(fill(article, 62) for article in articles), va="top", fontsize=10)

    median, tail = np.quantile(shown[generation]["perplexity"], [0.5, 0.99])
    description = (
        f"Generation {generation}, {chain} (one seed): half of its articles have a perplexity below {median:.1f} "
        f"under the first model, and one in a hundred above {tail:.1f}."
    )
    alt = (
        "Left, on a logarithmic axis from 1 to 30, histograms of the perplexity that generation 0's model gives to the "
        f"articles of generation 0 and of generation {generation}. Right, three articles; the first begins: "
        f"{articles[0].partition('. ')[0]}"
    )
    return figure, description, alt


def histogram(perplexity, ax, *, color, label, fill=False, weights=None, ticks=(1, 2, 5, 10, 30)):
    """Draw the histogram of perplexities on a logarithmic axis; what is off it is counted in the last bar."""
    bins = np.geomspace(ticks[0], ticks[-1], 41)
    kind = {"histtype": "stepfilled" if fill else "step", "lw": 2, "ls": "-"}
    ax.hist(np.clip(perplexity, bins[0], bins[-1]), bins, weights=weights, color=color, label=label, **kind)
    ax.set(xscale="log", xlabel="perplexity under the first model", xlim=(ticks[0], ticks[-1]))
    ax.set_xticks(ticks, [f"{tick}" for tick in ticks[:-1]] + [f"{ticks[-1]}+"])
    ax.set_xticks([], minor=True)
    return ax
