"""Lesson 08's explorer: what recorded chains wrote after a dozen prompts, and how likely the first model finds it."""

from functools import lru_cache
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, datasets, plots, records
from collapse_lessons.explorers.language import histogram

CHAINS = (
    "replace_sampling",
    "10_percent_real_sampling",
    "accumulate_subsample_sampling",
    "replace_beams",
    "10_percent_real_beams",
    "replace_beams_and_penalty",
)
TICKS = (1, 3, 10, 30, 100, 300, 1000)
LAST = 9
WIDTH = 62


@lru_cache
def recorded():
    """Return the chains that `scripts/record_llm.py` recorded, by the label their rows carry."""
    runs = [records.load_run(datasets.data_path(f"llm/{chain}/rows.csv").parent) for chain in CHAINS]
    return {run.rows["recipe"].iloc[0]: run for run in runs}


def draw(chain="replace, beams and penalty", generation=LAST, prompt=0):
    """Draw how likely the first model finds what a generation wrote, and how it goes on after a prompt.

    Parameters
    ----------
    chain : str
        A key of `recorded()`.
    generation : int from 0 to 9
    prompt : int from 0 to 11
        Which of the recorded prompts; 0 is the Nature paper's.

    Returns
    -------
    figure, description, alt
    """
    run = recorded()[chain]
    prompts = run.info["prompts"]
    if checks.whole("prompt", prompt, 0, "0 is the Nature paper's") >= len(prompts):
        raise ValueError(f"prompt must be from 0 to {len(prompts) - 1}, got {prompt}: there are no more")
    texts = {t: run.snapshots[t]["text"][prompt] for t in sorted({0, generation})}

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), width_ratios=[3, 4])
    figure.subplots_adjust(0.07, 0.15, 0.99, 0.9, wspace=0.06)
    for t, color in ((0, "0.7"), (generation, plots.BLUE)):
        values = run.snapshots[t]["perplexity"].astype(float)
        weights = np.full(len(values), 1 / len(values))
        histogram(values, left, color=color, label=f"generation {t}", fill=t == 0, weights=weights, ticks=TICKS)
    left.set(ylabel="share of rows")
    left.set_title(chain, fontsize=11)
    left.legend(fontsize=9)
    right.axis("off")
    y = 1.0
    for words, style in ((_shortened(prompts[prompt]), {"style": "italic", "color": "0.35"}), *_said(texts)):
        wrapped = fill(_printable(words), WIDTH)
        right.text(0, y, wrapped, va="top", fontsize=9, **style)
        y -= 0.068 * (wrapped.count("\n") + 1.6)

    shown = [np.median(run.snapshots[t]["perplexity"].astype(float)) for t in (0, generation)]
    description = (
        f"{chain}: the first model gives the middle row of generation {generation} a perplexity of {shown[1]:.0f}, "
        f"that of generation 0 one of {shown[0]:.0f}."
    )
    alt = (
        "Left, on a logarithmic axis from 1 to 1000, histograms of the perplexity that generation 0's model gives to "
        f"the rows of generation 0 and of generation {generation}. Right, the prompt {prompts[prompt][-40:]!r} and how "
        f"they go on; generation {generation}: {texts[generation][:60]!r}"
    )
    return figure, description, alt


def _said(texts):
    for t, text in texts.items():
        yield f"Generation {t}:", {"weight": "bold"}
        yield text, {}


def _shortened(prompt, most=160):
    return prompt if len(prompt) <= most else "… " + prompt[-most:].partition(" ")[2]


def _printable(text):
    """Return text that any font can draw and no formula hides in: halves of a character and line breaks go."""
    return " ".join(text.replace("\ufffd", "").replace("$", "\\$").split())
