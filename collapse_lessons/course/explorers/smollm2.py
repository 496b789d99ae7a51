"""Lesson 08's explorer: ask a recorded generation of SmolLM2, and see how likely it found each word it wrote."""

from functools import lru_cache
from html import escape

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from collapse_lessons import checks, metrics, plots
from collapse_lessons.course.explorers.language import histogram
from collapse_lessons.experiments import records
from collapse_lessons.worlds import datasets

FOLDERS = {  # of each chain, by the label that its rows carry
    "replace, sampling": "replace_sampling",
    "replace, temperature 0.9": "replace_temperature_0_9",
    "10% real, sampling": "10_percent_real_sampling",
    "accumulate-subsample, sampling": "accumulate_subsample_sampling",
    "replace, beams": "replace_beams",
    "10% real, beams": "10_percent_real_beams",
    "replace, beams and penalty": "replace_beams_and_penalty",
}
TICKS = (1, 3, 10, 30, 100, 300, 1000)
LAST = 9
WIDTH, LINES = 71, 17  # of the text, in characters
SHADES = plt.get_cmap("Blues")


@lru_cache
def recorded():
    """Return the chains that `scripts/record/llm.py` recorded, all seeds of each, by the label their rows carry."""
    return {
        name: records.load_seeds(datasets.data_path(f"smollm2/{folder}/seed_0/rows.csv").parents[1])
        for name, folder in FOLDERS.items()
    }


def side_by_side(chains, generations=(0, 1, 4, LAST), prompt=1):
    """Return a table of how generations go on after a prompt, a row each, for `plots.quotes`."""
    columns = {
        chain: [escape(said(chain, t, prompt)).replace("\n", "<br>") for t in generations]
        for chain in checks.listed("chains", chains, "name")
    }
    return pd.DataFrame(columns, index=pd.Index([f"generation {t}" for t in generations]))


def said(chain, generation, prompt):
    """Return what a generation of a recorded chain wrote after one of the prompts."""
    run = _chain(chain)
    prompt = checks.whole("prompt", prompt, 0, "0 is the Nature paper's", len(run.info["prompts"]) - 1)
    generation = checks.whole("generation", generation, 0, "0 learned from real text", LAST)
    return str(run.snapshots[generation]["text"][prompt])


def own_probability(chain):
    """Return the mean probability that each generation gave to the tokens it wrote, shape (LAST + 1,).

    Over all prompts, of the first recorded seed; NaN where a record does not have it.
    """
    return np.array([np.exp(-tokens["surprise"].astype(float)).mean() for tokens in _tokens(chain)])


def own_repetition(chain):
    """Return the share of runs of four tokens that came before in what each generation wrote, shape (LAST + 1,).

    After the prompts, of the first recorded seed; NaN where a record does not have it. A record's own `repetition` is
    of the blocks that are handed on: they continue those of the generation before, and its loops.
    """
    numbered = (np.unique(tokens["pieces"], return_inverse=True)[1] for tokens in _tokens(chain))
    return np.array([metrics.text.repetition(rows) if rows.ndim > 1 else np.nan for rows in numbered])


def _tokens(chain):
    """Return, for each generation, the tokens written after the prompts and the surprise at each; NaN if not kept."""
    unknown = {"pieces": np.full(1, np.nan), "surprise": np.full(1, np.nan)}
    snapshots = (_chain(chain).snapshots[t] for t in range(LAST + 1))
    return [s if "pieces" in s.dtype.names else unknown for s in snapshots]


def draw(chain="replace, sampling", generation=4, prompt=4):
    """Draw how a recorded generation goes on after a prompt, and how likely the first model finds all that it wrote.

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
    text = said(chain, generation, prompt)
    run = _chain(chain)
    asked = run.info["prompts"][prompt]

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), width_ratios=[3, 5])
    figure.subplots_adjust(0.07, 0.15, 0.99, 0.9, wspace=0.06)
    for t, color in ((0, "0.7"), (generation, plots.BLUE)):
        values = run.snapshots[t]["perplexity"].astype(float)
        weights = np.full(len(values), 1 / len(values))
        histogram(values, left, color=color, label=f"generation {t}", fill=t == 0, weights=weights, ticks=TICKS)
    left.set(ylabel="share of blocks")
    left.set_title(f"{chain} (seed {run.info['seeds'][0]})", fontsize=11)
    left.legend(fontsize=9.5)
    right.axis("off")
    right.set(xlim=(0, WIDTH), ylim=(LINES, 0))
    right.set_title(f"Generation {generation} goes on", fontsize=11)
    pieces, p = _pieces(run.snapshots[generation], prompt)
    end = _write(right, [_shortened(asked)], [None], style="italic", color="0.35")
    _write(right, pieces, p, start=end)

    shown = [np.median(run.snapshots[t]["perplexity"].astype(float)) for t in (0, generation)]
    description = (
        f"{chain}: the first model gives the middle block of generation {generation} a perplexity of {shown[1]:.0f}, "
        f"that of generation 0 one of {shown[0]:.0f}. "
        "Where tokens are shaded: the darker, the surer was the model that wrote them."
    )
    alt = (
        "Left, on a logarithmic axis from 1 to 1000, histograms of the perplexity that generation 0's model gives to "
        f"the blocks of generation 0 and of generation {generation}. Right, how generation {generation} goes on after "
        f"{_shortened(asked)!r}, each token shaded by its probability: {text!r}"
    )
    return figure, description, alt


def _chain(name):
    return recorded()[checks.one_of("chain", name, recorded(), "recorded() has them")]


def _pieces(snapshot, prompt):
    """Return what was written, token by token, and the probability of each where it was kept."""
    if "surprise" not in snapshot.dtype.names:
        return [str(snapshot["text"][prompt])], [None]
    return list(snapshot["pieces"][prompt]), np.exp(-snapshot["surprise"][prompt].astype(float))


def _write(ax, pieces, probabilities, start=(0, 1), **style):
    """Write pieces of text one after another, a character a unit of x, each on a shade of its probability."""
    x, y = start
    for piece, p in zip(pieces, probabilities, strict=True):
        for word in _printable(piece).replace(" ", "\0 ").split("\0"):  # lines break before spaces
            if x + len(word) > WIDTH:
                x, y, word = 0, y + 1, word.lstrip()
            if not word:
                continue
            shade = {} if p is None else {"bbox": {"facecolor": SHADES(0.75 * p), "edgecolor": "none", "pad": 0.8}}
            color = {"color": "white"} if p is not None and p > 0.8 else {}
            ax.text(x, y, word, va="baseline", fontsize=9.3, family="monospace", **(style | shade | color))
            x += len(word)
    return x, y


def _shortened(prompt, most=150):
    return prompt if len(prompt) <= most else "… " + prompt[-most:].partition(" ")[2]


def _printable(text):
    """Return text that any font can draw and no formula hides in: what the font lacks goes, lines go on."""
    text = "".join(c if c.isprintable() and ord(c) < 0x250 else " " if c.isspace() else "" for c in text)
    return text.replace("$", "\\$")
