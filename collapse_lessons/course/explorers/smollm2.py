"""Lesson 08's explorer: ask a recorded generation of SmolLM2, and see how likely it found each word it wrote."""

from functools import lru_cache
from html import escape
from textwrap import shorten

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.font_manager import FontProperties, findfont, get_font

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
WIDTH, LINES = 96, 7.5  # of each text, in characters
LACKING = "\N{WHITE SQUARE}"  # stands for a letter that the font cannot draw, or a token that is a part of one
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


def loops(chain, generation=LAST):
    """Return the text that repeats itself most, of each seed's after the prompts, for `plots.quotes`.

    The blocks that are handed on were not kept.
    """
    texts = {}
    for seed, run in _seeds(chain):
        shares = [_shares(row[None]) for row in run.snapshots[generation]["pieces"]]
        most = int(np.argmax(shares))
        written = escape(str(run.snapshots[generation]["text"][most])).replace("\n", "<br>")
        texts[f"seed {seed}: {shares[most]:.0%}"] = f"<i>{escape(run.info['prompts'][most])}</i>{written}"
    return pd.DataFrame({"runs of four that came before": texts})


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
    return [_shares(run.snapshots[t]["pieces"]) for t in range(LAST + 1)]


def _shares(rows):
    return metrics.text.repetition(np.unique(rows, return_inverse=True)[1].reshape(rows.shape))


def draw(chain="replace, sampling", generation=9, prompt=2, beside=1):
    """Draw how a recorded generation goes on after a prompt, each token shaded by how likely its model found it.

    Parameters
    ----------
    chain : str
        A key of `recorded()`.
    generation : int from 0 to 9
    prompt : int from 0 to 11
        Which of the recorded prompts; 0 is the Nature paper's.
    beside : int from 0 to 9
        Another generation, to compare with: the earlier one is drawn above.

    Returns
    -------
    figure, description, alt
    """
    shown = sorted({beside, generation})
    texts = {t: said(chain, t, prompt) for t in shown}
    run = _chain(chain)
    asked = _shortened(run.info["prompts"][prompt])

    figure, axes = plt.subplots(2, 1, figsize=(10, 4.2))
    figure.subplots_adjust(0.01, 0.01, 0.99, 0.92, hspace=0.2)
    for ax in axes:
        ax.axis("off")
        ax.set(xlim=(0, WIDTH), ylim=(LINES, 0))
    for ax, t in zip(axes, shown, strict=False):
        ax.set_title(f"Generation {t} of {chain} (seed {run.info['seeds'][0]})", fontsize=11)
        pieces, p = _pieces(run.snapshots[t], prompt)
        end = _write(ax, [asked], [None], style="italic", color="0.35")
        _write(ax, pieces, p, start=end)

    shaded = "No probabilities were kept of this chain" if p[0] is None else "The darker, the surer was the model"
    lacks = any(LACKING in text.get_text() for ax in figure.axes for text in ax.texts)
    lacking = f" {LACKING}: a piece of a letter that this font lacks." if lacks else ""
    named = " and ".join(map(str, texts))
    description = f"{chain}, generation{'s' * (len(texts) > 1)} {named}. {shaded}.{lacking} (recorded)"
    how = "" if p[0] is None else ", each token shaded by its probability"
    goes_on = "; ".join(f"generation {t} of {chain} goes on after {asked!r}{how}: {texts[t]!r}" for t in texts)
    return figure, description, f"How {goes_on}"


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


def _shortened(prompt, most=90):
    return prompt if len(prompt) <= most else "… " + prompt[-most:].partition(" ")[2]


def _printable(text):
    """Return text in which no formula hides and lines go on; a box stands for whatever the font lacks."""
    text = "".join(
        " " if c.isspace() else "" if not c.isprintable() else c if ord(c) in _letters() else LACKING for c in text
    )
    return text.replace("$", "\\$")


@lru_cache
def _letters():
    """Return the code points that the font of the texts can draw, without the mark for a part of a letter."""
    font = get_font(findfont(FontProperties(family="monospace")))
    return set(font.get_charmap()) - {ord("\N{REPLACEMENT CHARACTER}")}
