"""Lesson 02's explorer: which of 120 breeds are alive in one chain, generation by generation."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import metrics, plots, theory
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.categorical import Categorical
from collapse_lessons.recipes import Fresh, accumulate, replace
from collapse_lessons.worlds import datasets

BREEDS = datasets.breeds()
LAST = 100  # the last generation


def photograph(n, rng):
    """Return n new photos of real dogs, shape (n,): the number of the breed that each shows."""
    return rng.choice(len(BREEDS), n, p=BREEDS["share"])


RECIPES = {"replace": replace, "10% fresh": Fresh(photograph, 0.1), "accumulate": accumulate}


def draw(n=1000, temperature=1.0, top_p=1.0, recipe=replace, seed=0):
    """Draw the life of every breed over 100 generations of one chain, and how many are alive.

    Parameters
    ----------
    n : int
        Photos in an album.
    temperature, top_p : float
        How the model samples, see `models.categorical.decode`.
    recipe : function
        One of `RECIPES`.

    Returns
    -------
    figure, description, alt
    """
    shares = _chain(n, temperature, top_p, recipe, seed)
    survivors = metrics.alive(shares)
    name = next(label for label, known in RECIPES.items() if known == recipe)

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), width_ratios=[3, 2])
    figure.subplots_adjust(0.25, 0.14, 0.98, 0.91, wspace=0.16)
    lives(shares, left)
    right.plot(survivors, color=plots.BLUE, ls="-", label="this chain")
    if temperature == top_p == 1 and recipe is not accumulate:
        t = np.arange(LAST + 1)
        fresh = 0 if recipe is replace else round(recipe.real_fraction * n)
        plots.theory(t, theory.survivors(t + 1, n, BREEDS["share"], fresh), right, "expected")
    right.set(xlabel="generation", xlim=(0, LAST), ylim=(0, 124))
    right.set_title("breeds alive", fontsize=11)
    right.legend(fontsize=10)
    changed = {
        name: recipe != replace,
        f"temperature {temperature:g}": temperature != 1,
        f"top-p {top_p:g}": top_p != 1,
    }
    left.set_title(", ".join([f"n = {n}", *(label for label, differs in changed.items() if differs)]), fontsize=11)

    top = BREEDS["breed"][shares[-1].argmax()]
    description = (
        f"Of {len(BREEDS)} breeds {survivors[0]} are in the first album, {survivors[20]} alive at generation 20 and "
        f"{survivors[-1]} at generation {LAST} ({name}). The commonest then is the {top}."
    )
    alt = (
        "Left, a line for every breed, the commonest at the top, that ends where the breed is lost and is darker the "
        f"larger its share. Right, the number of breeds alive goes from {survivors[0]} to {survivors[-1]}. At the end "
        f"the commonest breed is the {top}, with a share of {shares[-1].max():.2f}."
    )
    return figure, description, alt


def lives(shares, ax):
    """Draw each breed as a line for as long as it lives, darker the larger its share.

    Parameters
    ----------
    shares : array of shape (n_generations, 120)
    """
    shown = np.log10(np.where(shares > 0, shares, np.nan)).T
    ax.imshow(shown, aspect="auto", interpolation="nearest", cmap="Blues", vmin=-4.5, vmax=-0.5)
    labelled = [0, *range(19, len(BREEDS), 20)]
    ax.set_yticks(labelled, [f"{BREEDS['breed'][i]} {i + 1}" for i in labelled], fontsize=10)
    ax.set_xlabel("generation")
    return ax


@lru_cache(maxsize=64)
def _chain(n, temperature, top_p, recipe, seed):
    """Return the shares that each generation fits, shape (101, 120)."""
    real = photograph(n, stream(DATA, 0, seed))
    model = Categorical(len(BREEDS), temperature, top_p)
    turns = generations(model, real, recipe, n_generations=LAST + 1, seed=seed)
    return np.array([turn.fitted.probs_ for turn in turns])
