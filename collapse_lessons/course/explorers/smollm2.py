"""Lesson 08's explorer: ask a recorded generation of SmolLM2, and see how likely it found each word it wrote."""

from functools import lru_cache
from html import escape
from textwrap import shorten

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from collapse_lessons import checks, metrics
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
LAST = 9
WIDTH, LINES = 96, 8  # of the text, in characters
SHADES = plt.get_cmap("Blues")


@lru_cache
def recorded():
    """Return the chains that `scripts/record/llm.py` recorded, all seeds of each, by the label their rows carry."""
    return {
        name: records.load_seeds(datasets.data_path(f"smollm2/{folder}/seed_0/rows.csv").parents[1])
        for name, folder in FOLDERS.items()
    }


def prompts():
    """Return the number of each recorded prompt, by how it begins."""
    asked = recorded()["replace, sampling"].info["prompts"]
    return {shorten(prompt, 50, placeholder=" …"): i for i, prompt in enumerate(asked)}


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


def own_repetition(chain):
    """Return the share of runs of four tokens that came before in what each generation wrote, asked afresh.

    That is, after the prompts; a record's own `repetition` is of the blocks that are handed on, which continue those of
    the generation before, and its loops.

    Returns
    -------
    DataFrame, shape (LAST + 1, seeds)
        Without the seeds whose record keeps texts alone, and no tokens.
    """
    return pd.DataFrame({seed: shares for seed, run in _seeds(chain) if (shares := _repeated(run))})


def _seeds(chain):
    """Yield each recorded seed of a chain, and its run."""
    _chain(chain)
    for seed in recorded()[chain].info["seeds"]:
        yield seed, records.load_run(datasets.data_path(f"smollm2/{FOLDERS[chain]}/seed_{seed}/rows.csv").parent)


def _repeated(run):
    """Return, for each generation, the share of repeated runs in what it wrote after the prompts, if that was kept."""
    if "pieces" not in run.snapshots[0].dtype.names:
        return []
    written = (run.snapshots[t]["pieces"] for t in range(LAST + 1))
    return [metrics.text.repetition(np.unique(rows, return_inverse=True)[1].reshape(rows.shape)) for rows in written]


def draw(chain="replace, sampling", generation=9, prompt=2):
    """Draw how a recorded generation goes on after a prompt, each token shaded by how likely its model found it.

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
    asked = _shortened(run.info["prompts"][prompt])

    figure, ax = plt.subplots(figsize=(10, 2.5))
    figure.subplots_adjust(0.01, 0.01, 0.99, 0.86)
    ax.axis("off")
    ax.set(xlim=(0, WIDTH), ylim=(LINES, 0))
    ax.set_title(f"Generation {generation} of {chain} (seed {run.info['seeds'][0]})", fontsize=11)
    pieces, p = _pieces(run.snapshots[generation], prompt)
    end = _write(ax, [asked], [None], style="italic", color="0.35")
    _write(ax, pieces, p, start=end)

    shaded = "No probabilities were kept of this chain" if p[0] is None else "The darker, the surer was the model"
    description = f"{chain}, generation {generation}. {shaded}. (recorded)"
    how = "" if p[0] is None else ", each token shaded by its probability"
    alt = f"How generation {generation} of {chain} goes on after {asked!r}{how}: {text!r}"
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
            ax.text(x, y, word, va="baseline", fontsize=11.5, family="monospace", **(style | shade | color))
            x += len(word)
    return x, y


def _shortened(prompt, most=150):
    return prompt if len(prompt) <= most else "… " + prompt[-most:].partition(" ")[2]


def _printable(text):
    """Return text that any font can draw and no formula hides in: what the font lacks goes, lines go on."""
    text = "".join(c if c.isprintable() and ord(c) < 0x250 else " " if c.isspace() else "" for c in text)
    return text.replace("$", "\\$")
