"""Lesson 11's explorer: several labs that read each other, what becomes of each and of what sets them apart."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, plots, theory
from collapse_lessons.loop import SAMPLE, stream

PLOTS = 6  # of fairy tales, told equally often by people
LAST = 60  # the last generation
SHOWN = 4  # labs drawn one by one
PEOPLE = np.full(PLOTS, 1 / PLOTS)
COLOURS = [*plots.PALETTE[:5], "0.35"]  # a grey in place of the second blue


def draw(labs=4, shared=0.05, n=30, seed=0):
    """Draw one web of labs as bands of colour, and the exact variety within a lab and between two.

    Parameters
    ----------
    labs : int
        How many there are; the first four are drawn.
    shared : float in [0, 1]
        The share of a lab's tales that is from the common shelf.
    n : int
        Tales that a lab reads in a generation.

    Returns
    -------
    figure, description, alt
    """
    beliefs, t = _web(labs, shared, n, seed), np.arange(LAST + 1)
    within, between = theory.lab_variety(t + 1, n, labs, shared, PEOPLE)
    library = within / labs + (1 - 1 / labs) * between
    shown = min(labs, SHOWN)

    figure, axes = plt.subplots(1, shown + 1, figsize=(10, 3.2), width_ratios=[1] * shown + [1.8])
    figure.subplots_adjust(0.03, 0.17, 0.99, 0.88, wspace=0.25)
    for lab, ax in enumerate(axes[:-1]):
        # One artist a plot, and no outlines: a slider waits for it.
        ax.stackplot(t, beliefs[:, lab].T, colors=COLOURS, linewidth=0)
        ax.set(xlim=(0, LAST), ylim=(0, 1), xticks=[0, 30, 60], yticks=[0, 1] if lab == 0 else [])
        ax.set_title(f"lab {'ABCD'[lab]}: {np.count_nonzero(beliefs[-1, lab])} left", fontsize=10)
    right = axes[-1]
    lines = {"one lab's": (within, plots.BLUE, "-"), "two labs'": (between, plots.RED, (0, (5, 2)))}
    for label, (line, color, dash) in (lines | {"the library's": (library, plots.GREEN, (0, (2, 1)))}).items():
        right.plot(t, line, color=color, ls=dash, label=label)
    right.set(xlim=(0, LAST), ylim=(0, 0.9), xticks=[0, 30, 60], xlabel="generation")
    right.set_title("exact: two tales differ", fontsize=10)
    right.legend(loc="lower left", fontsize=10)

    description = (
        f"{labs} labs of {n} tales, {shared:.0%} of them from the shelf: at generation {LAST} two tales of one lab "
        f"differ with a chance of {within[-1]:.2f}, of two labs {between[-1]:.2f}, of the library {library[-1]:.2f} "
        "(exact means). A colour is a plot."
    )
    alt = (
        f"Coloured bands for {shown} labs over {LAST} generations, a colour a plot: of six each has "
        f"{', '.join(str(np.count_nonzero(beliefs[-1, lab])) for lab in range(shown))} left. Right, three falling "
        f"exact curves: one lab's {within[-1]:.2f} in the end, two labs' {between[-1]:.2f}, the library's "
        f"{library[-1]:.2f}."
    )
    return figure, description, alt


def likeness(n, labs, shared, n_webs, seed=0, fits=201):
    """Return the variety within a lab over that between two in simulated webs, after so many fits."""
    shares = _webs(checks.whole("n", n, 1, "tales a lab reads"), labs, shared, n_webs, seed, fits)[-1]
    alike = np.einsum("wip,wjp->ij", shares, shares) / n_webs
    within = np.trace(alike) / labs
    between = (alike.sum() - np.trace(alike)) / (labs * (labs - 1))
    return float((1 - within) / (1 - between))


def _webs(n, labs, shared, n_webs, seed, fits):
    """Return what labs believe in many webs, (fits, n_webs, labs, PLOTS): counts in place of rows, the same law."""
    rng = stream(SAMPLE, 0, seed)
    shares, history = np.broadcast_to(PEOPLE, (n_webs, labs, PLOTS)), []
    for _ in range(fits):
        read = (1 - shared) * shares + shared * shares.mean(axis=1, keepdims=True)
        shares = rng.multinomial(n, read / read.sum(axis=-1, keepdims=True)) / n
        history.append(shares)
    return history


@lru_cache(maxsize=256)
def _web(labs, shared, n, seed):
    """Return one web's beliefs, shape (LAST + 1, labs, PLOTS)."""
    return np.array(_webs(n, labs, shared, 1, seed, LAST + 1))[:, 0]
