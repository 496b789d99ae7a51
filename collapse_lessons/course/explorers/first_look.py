"""Lesson 00's explorer: a photo and a crowd going round the same loop."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import metrics, plots
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.gaussian import Gaussian
from collapse_lessons.models.photocopier import Photocopier
from collapse_lessons.recipes import Mix
from collapse_lessons.worlds import datasets

COPIER = Photocopier(blur=0.8, tone=1.06, noise=0.02)
N_PEOPLE = 20
N_GENERATIONS = 51
BINS = np.arange(-3, 3.1, 0.25)
SEED = 24  # a crowd whose spread falls about as fast as the median chain's does


@lru_cache
def chains(share):
    """Return what each generation trained on when a share of it is real: 51 photos and 51 crowds of 20 people.

    Of the photos the last one, a copy unless all are real.
    """
    recipe = Mix(share)
    photo = datasets.flower(160)[None]
    people = stream(DATA, 0, SEED).standard_normal((N_PEOPLE, 1))
    pages = round(1 / min(share, 1 - share)) if 0 < share < 1 else 1  # enough pages for at least one of each
    copies = generations(COPIER, photo.repeat(pages, axis=0), recipe, n_generations=N_GENERATIONS, seed=SEED)
    crowds = generations(Gaussian(), people, recipe, n_generations=N_GENERATIONS, seed=SEED)
    return [turn.train[-1].copy() for turn in copies], [turn.train[:, 0] for turn in crowds]  # a page without its pile


def draw(generation=20, share=0.0):
    """Draw what generation `generation` of the copier and of the Gaussian trains on.

    Parameters
    ----------
    generation : int from 0 to 50
    share : float in [0, 1]
        How much of every training set is real.

    Returns
    -------
    figure, description, alt
    """
    photos, crowds = chains(share)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    left.imshow(photos[generation])
    left.axis("off")
    crowd, real = crowds[generation], np.isin(crowds[generation], crowds[0])
    histogram(right, crowd)
    if 0 < share < 1 and generation:
        right.hist(crowd[real], bins=BINS, color=plots.ORANGE, label="real people")
        right.legend()
    right.set(xlabel="height, in units of the real crowd's spread", ylabel="people")
    figure.suptitle(f"generation {generation}, {share:.0%} of every training set is real")
    description = (
        f"The same loop round a photocopier and round a bell curve, generation {generation}. Left, the newest copy; "
        "right, all twenty people."
    )
    alt = (
        f"Left, the photo of a dahlia as generation {generation} sees it. Right, the heights of {N_PEOPLE} people on "
        f"an axis from -3 to 3, with a standard deviation of {crowd.std():.2f}; {real.sum()} of them are real. "
        f"That of the twenty real people is {crowds[0].std():.2f}."
    )
    return figure, description, alt


def histogram(ax, people):
    """Draw the heights of a crowd as bars on the axis all generations share."""
    ax.hist(people, bins=BINS, color=plots.BLUE)
    ax.set(xlim=(-3, 3), ylim=(0, N_PEOPLE + 1))
    return ax


def tiles(ax, copy, original, name):
    """Draw a copy cut into tiles, those framed that still look most like the tile of the original they came from."""
    found = metrics.crops_found(copy, original)
    height, width = (size // n for size, n in zip(copy.shape, found.shape, strict=False))
    plots.strip([copy], [f"{name}: {found.sum()} of {found.size} tiles"], [ax])
    for row, column in np.argwhere(found):
        corner = (column * width + 0.5, row * height + 0.5)
        ax.add_patch(plt.Rectangle(corner, width - 2, height - 2, fill=False, color="white", lw=1.3))
    return ax
