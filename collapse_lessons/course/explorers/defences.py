"""Lesson 12's explorer: labels, a detector and people who check, one after the other, and the dog breeds they save."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import metrics, plots, theory
from collapse_lessons.defences.filters import Candidates, Filter, Rates, any_of
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.categorical import Categorical
from collapse_lessons.worlds import datasets

SHARE = datasets.breeds()["share"].to_numpy()
ALBUM = np.repeat(np.arange(len(SHARE)), np.rint(100_000 * SHARE).astype(int))  # faster to draw from than the shares
SIZE = 500  # photos that a generation trains on
POSTED = 1500  # photos that it posts
LAST = 20  # the last generation
RARE = 40  # breeds from this rank on count as unusual
SEEN_THROUGH = 0.95  # the share of synthetic photos that a person recognises; real ones are never accused
PER_HOUR, PRICE = 200, 30  # photos a person looks at in an hour, and what the hour costs: assumptions

ACCUSED = {"anybody": False, "rare breeds only": True}


def draw(real=0.1, labelled=0.3, found=0.6, false_alarms=0.09, accused=False, looked_at=0.2, seed=0):
    """Draw what is left of 1000 photos after each defence, and the breeds alive over 20 generations of one chain.

    Parameters
    ----------
    real : float
        The share of real photos among those on the web.
    labelled : float
        The share of synthetic photos whose publishers say so.
    found, false_alarms : float
        The detector's true and false positive rate.
    accused : bool
        Whether its false alarms fall on the rare breeds alone, one of `ACCUSED`.
    looked_at : float
        The share of what is left by then that people look at.

    Returns
    -------
    figure, description, alt
    """
    settings = real, labelled, found, false_alarms, accused, looked_at
    alive, unaided = _chain(*settings, seed), _chain(real, 0.0, 0.0, 0.0, False, 0.0, seed)
    humans = np.array([1, 1, 1 - false_alarms, 1 - false_alarms])
    machines = np.cumprod([1, 1 - labelled, 1 - found, 1 - looked_at * SEEN_THROUGH])
    kept = 1000 * np.array([real * humans, (1 - real) * machines])
    share = kept[0] / kept.sum(axis=0)
    crawled = SIZE / (kept[:, 3].sum() / 1000)
    hours = looked_at * crawled * kept[:, 2].sum() / 1000 / PER_HOUR

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[1, 1.15])
    figure.subplots_adjust(0.13, 0.15, 0.98, 0.88, wspace=0.18)
    steps = ["found", "no label", "not flagged", "not sorted out\nby people"]
    left.barh(steps, kept[0], color=plots.BLUE, label="real")
    left.barh(steps, kept[1], left=kept[0], color=plots.ORANGE, hatch="//", edgecolor="white", label="synthetic")
    for y, (total, part) in enumerate(zip(kept.sum(axis=0), share, strict=True)):
        left.text(min(total + 15, 1010), y, f"{part:.0%} real", va="center", fontsize=10)
    left.set(xlim=(0, 1250), xlabel="of 1000 photos", ylim=(3.6, -1.2), xticks=[0, 500, 1000])
    left.legend(loc="upper right", fontsize=10, ncols=2)
    right.plot(unaided, color="0.5", ls=(0, (5, 2)), label="no defence")
    right.plot(alive, color=plots.BLUE, ls="-", marker="o", ms=4, label="with these")
    if not accused:
        t = np.arange(LAST + 1)
        fresh = min(round(share[3] * SIZE), SIZE)
        plots.theory(t, theory.survivors(t + 1, SIZE, SHARE, fresh), right, "expected")
    right.set(xlabel="generation", ylabel="breeds alive", xlim=(-0.3, LAST + 0.3), ylim=(0, 122))
    right.set(xticks=range(0, LAST + 1, 10), yticks=range(0, 121, 40))
    right.legend(loc="lower left", fontsize=10, ncols=3, columnspacing=1)
    cost = f"{crawled:,.0f} photos found for {SIZE} kept, {hours:.1f} hours of people, {hours * PRICE:,.0f} dollars"
    figure.text(0.02, 0.93, f"A generation costs {cost}", fontsize=11)

    description = (
        f"The training set is {share[3]:.0%} real instead of {real:.0%}; generation {LAST} knows {alive[-1]} breeds "
        f"instead of {unaided[-1]}."
    )
    alt = (
        f"Left, bars of 1000 photos shrink with each defence: {', '.join(f'{k:.0f}' for k in kept.sum(axis=0))} "
        f"are left, of which {', '.join(f'{part:.0%}' for part in share)} are real. Right, breeds alive go from "
        f"{alive[0]} to {alive[-1]} over {LAST} generations, without defence to {unaided[-1]}. {cost}."
    )
    return figure, description, alt


def photograph(n, rng):
    """Return n new photos of real dogs, shape (n,): the number of the breed that each shows."""
    return ALBUM[rng.integers(len(ALBUM), size=n)]


def on_the_rare(true_positive, false_positive):
    """Return a detector whose false alarms all fall on rare breeds; as many, if there are enough of those."""
    strict = min(1.0, false_positive / SHARE[RARE:].sum())

    def detector(rows, synthetic, rng):
        return rng.random(len(rows)) < np.where(synthetic, true_positive, np.where(rows >= RARE, strict, 0.0))

    return detector


# A slider that goes back finds its chain again.
@lru_cache(maxsize=256)
def _chain(real, labelled, found, false_alarms, accused, looked_at, seed):
    """Return the breeds alive in each generation, shape (21,)."""
    detector = (on_the_rare if accused else Rates)(found, false_alarms)
    defences = any_of(Rates(labelled, 0.0), detector, Rates(looked_at * SEEN_THROUGH, 0.0))
    recipe = Filter(Candidates(photograph, real), defences, size=SIZE)
    photos = photograph(SIZE, stream(DATA, 0, seed))
    turns = generations(Categorical(len(SHARE)), photos, recipe, n_generations=LAST + 1, n=POSTED, seed=seed)
    return np.array([metrics.survivors(turn) for turn in turns], dtype=int)
