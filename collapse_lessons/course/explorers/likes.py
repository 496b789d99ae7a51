"""Lesson 13's explorer: people keep what they like among pictures of dogs, and some real ones come in."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, plots, theory
from collapse_lessons.defences.curation import Curated
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.categorical import Categorical
from collapse_lessons.worlds import datasets

SHARE = datasets.breeds()["share"].to_numpy()
LAST = 20  # the last generation
SIZE = 1000  # photos that a generation trains on
CHOICE = 30  # photos that somebody chooses from
SHOWN = 12  # breeds drawn as bars


def draw(real=0.1, taste=0.5, imitating=0.0, seed=0):
    """Draw who is left after twenty generations of choosing, and the best liked and the number of breeds on the way.

    Parameters
    ----------
    real : float in [0, 1]
        The share of every training set that people photographed.
    taste : float
        How far likes differ: the standard deviation of the reward.
    imitating : float in [0, 1]
        The share of those people who photograph what the last model would have shown.

    Returns
    -------
    figure, description, alt
    """
    shares, reward = _chain(real, taste, imitating, seed), rewards(taste)
    best, alive = reward.argmax(), np.count_nonzero(shares, axis=1)
    fresh = 1 - float(theory.imitated_share(1 - real, imitating))
    law = exact(reward, fresh)

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[1.15, 1])
    figure.subplots_adjust(0.06, 0.14, 0.93, 0.9, wspace=0.2)
    shown = np.arange(SHOWN)
    colors = np.where(shown == best, plots.ORANGE, plots.BLUE)
    left.bar(shown - 0.2, SHARE[:SHOWN], 0.38, color="0.75")
    left.bar(shown + 0.2, shares[-1, :SHOWN], 0.38, color=colors)
    left.set(xticks=shown, xticklabels=shown + 1, xlabel="breed, by its true rank", ylabel="share", ylim=(0, 1))
    left.set_title(f"grey: in truth; colour: generation {LAST}", fontsize=11)
    right.plot(shares[:, best], color=plots.ORANGE, ls="-", label="share of the best liked")
    plots.theory(np.arange(LAST + 1), law[:, best], right, "for endless photos")
    right.set(ylim=(0, 1.03), xlabel="generation", xticks=range(0, LAST + 1, 5))
    other = right.twinx()
    other.plot(alive, color=plots.GREEN, ls=(0, (5, 2)))
    right.plot([], color=plots.GREEN, ls=(0, (5, 2)), label="breeds alive, right axis")
    other.set(ylim=(0, 123))
    other.spines["right"].set_visible(True)
    other.set_ylabel("breeds alive", color=plots.GREEN)
    right.legend(fontsize=10, loc="upper right", bbox_to_anchor=(1, 0.78))

    description = (
        f"{real:.0%} of {SIZE} photos are real, {imitating:.0%} of these by imitators: at generation {LAST} the best "
        f"liked has {shares[-1, best]:.0%} of all photos ({law[-1, best]:.0%} for endless photos), and {alive[-1]} of "
        f"{len(SHARE)} breeds are alive."
    )
    alt = (
        f"Left, bars of the {SHOWN} commonest breeds in truth and at generation {LAST}. Right, the share of the best "
        f"liked goes from {shares[0, best]:.0%} to {shares[-1, best]:.0%} near its dotted limit, and the breeds alive "
        f"from {alive[0]} to {alive[-1]}."
    )
    return figure, description, alt


def rewards(taste):
    """Return what each breed is liked: lesson 13's rewards, scaled."""
    taste = checks.number("taste", taste, 0, 2, "0 likes all alike, 0.5 is the lesson's")
    return np.random.default_rng(3).normal(0, 1, len(SHARE)) * taste


def exact(reward, fresh):
    """Return the shares by generation for very many photos and candidates, shape (LAST + 1, k)."""
    shares = [SHARE]
    for _ in range(LAST):
        chosen = shares[-1] * np.exp(reward)
        shares.append((1 - fresh) * chosen / chosen.sum() + fresh * SHARE)
    return np.array(shares)


# A slider that goes back finds its chain again.
@lru_cache(maxsize=256)
def _chain(real, taste, imitating, seed):
    """Return the breeds' shares in each generation, shape (LAST + 1, k)."""
    reward = rewards(taste)
    choose = Curated(lambda breed: reward[breed], k=CHOICE)

    def recipe(pool, n, rng):
        # An imitator shows what is liked as well, so that its photo is one more of the chosen.
        n_real = rng.binomial(n, real * (1 - imitating))
        photos = rng.choice(len(SHARE), n_real, p=SHARE)
        return np.concatenate([choose(pool, n - n_real, rng), photos]) if n_real < n else photos

    photos = stream(DATA, 0, seed).choice(len(SHARE), SIZE, p=SHARE)
    turns = generations(Categorical(len(SHARE)), photos, recipe, n_generations=LAST + 1, n=SIZE, seed=seed)
    return np.array([turn.fitted.probs_ for turn in turns])
