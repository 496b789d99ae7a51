"""Lesson 06's explorer: one chain of n-gram models on the Tiny Encyclopedia, who is left and what they write."""

import textwrap
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, plots, theory
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.metrics.text import facts, species_alive
from collapse_lessons.models.ngram import NGram
from collapse_lessons.recipes import Fresh, replace
from collapse_lessons.worlds.encyclopedia import VOCABULARY, Encyclopedia, pages, texts

WORLD = Encyclopedia()
N = 300  # articles a generation; few, so that a slider answers at once
LAST = 10  # the last generation


def write(n, rng):
    """Return n new real articles as rows of tokens, shape (n, 64)."""
    return pages(WORLD.articles(n, rng))


RECIPES = {"replace": replace, "10% fresh": Fresh(write, 0.1)}


def draw(order=6, temperature=1.0, top_p=1.0, recipe=replace, generation=5, seed=0):
    """Draw the species that a generation writes about, how many there were in each so far, and one of its articles.

    Parameters
    ----------
    order, temperature, top_p
        Of the model, see `models.ngram.NGram`.
    recipe : function
        One of `RECIPES`.
    generation : int in [0, 10]

    Returns
    -------
    figure, description, alt
    """
    generation = checks.whole("generation", generation, 0, f"at most {LAST}")
    if generation > LAST:
        raise ValueError(f"generation must be a whole number from 0 to {LAST}, got {generation}: raise LAST to go on")
    written = [_articles(t, order, temperature, top_p, recipe, seed) for t in range(generation + 1)]
    alive = [species_alive(WORLD, rows) for rows in written]
    true = np.nan_to_num(facts(WORLD, written[-1])["right"])  # where nothing is stated, nothing is right
    article = next(iter(texts(written[-1])), "(an empty page)")
    name = next(label for label, known in RECIPES.items() if known == recipe)

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), width_ratios=[1, 1.6])
    figure.subplots_adjust(0.01, 0.32, 0.98, 0.92, wspace=0.2)
    archipelago(written[-1], left)
    left.set_title(f"generation {generation}: {alive[-1]} species", fontsize=11)
    right.plot(alive, color=plots.BLUE, ls="-", marker="o", label="this chain")
    if temperature == top_p == 1 and order > 3 and recipe is replace:
        t = np.arange(LAST + 1)
        plots.theory(t, theory.survivors(t + 2, N, WORLD.species["share"]), right, "forecast")
    right.set(xlabel="generation", xlim=(-0.2, LAST + 0.2), ylim=(0, 150))
    right.set_title(f"species it writes about ({name}, {true:.0%} of its statements right)", fontsize=11)
    right.legend(fontsize=10)
    figure.text(0.01, 0.17, textwrap.fill(article, 120, max_lines=3), fontsize=10.5, va="top", style="italic")

    description = (
        f"Generation {generation} writes about {alive[-1]} species; {true:.0%} of what it states is right ({name})."
    )
    alt = (
        f"Left, a square for each of {WORLD.n_species} species, the commonest at the top, darker the more of the {N} "
        f"articles are about it. Right, the number of species written about goes from {alive[0]} to {alive[-1]}. "
        f"Below, an article: {article}"
    )
    return figure, description, alt


def archipelago(rows, ax):
    """Draw a square for each species, from the commonest, top left, row by row: darker the more rows are about it.

    Parameters
    ----------
    rows : array of shape (n, block)
        Articles as tokens, one a row; species nobody writes about are left white.
    """
    subjects = WORLD.subjects(rows)
    share = np.bincount(subjects[subjects >= 0], minlength=WORLD.n_species) / len(rows)
    shown = np.log10(np.where(share > 0, share, np.nan)).reshape(20, 20)
    ax.imshow(shown, cmap="Blues", vmin=-4, vmax=-0.5, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    return ax


# The loop can go on from any generation, so each is computed once and the slider for it costs nothing.
@lru_cache(maxsize=2000)
def _articles(t, order, temperature, top_p, recipe, seed):
    past = [_articles(t - 1, order, temperature, top_p, recipe, seed)] if t else []
    model = NGram(len(VOCABULARY), order, temperature, top_p)
    turns = generations(model, _real(seed), recipe, n_generations=t + 1, seed=seed, start=t, past=past)
    return next(turns).samples


@lru_cache(maxsize=32)
def _real(seed):
    return write(N, stream(DATA, 0, seed))
