"""Lesson 14's explorer: how often a study of a remedy comes to the wrong conclusion, with and without a control."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import plots
from collapse_lessons.loop import DATA, SAMPLE, generations, stream
from collapse_lessons.metrics import evidence
from collapse_lessons.models.gaussian import GaussianBatches

N_RUNS = 3000  # of each arm
LAST = 20  # the generation at which a study looks
N_SHOWN = 30  # studies drawn one by one
DESIGNS = ("no control", "control, other seeds", "control, same seeds")
LOOKS = {"right": (plots.BLUE, "-", ""), "undecided": ("0.6", "-", ".."), "wrong": (plots.RED, (0, (2, 1)), "//")}


def draw(effect=0.02, n=30, seeds=10, seed=0):
    """Draw what studies of a remedy conclude: the sampler is given `effect` more variance than was fitted.

    A study has `seeds` runs and looks at the 95% interval for the mean change of ln(spread): without a control, from
    generation 0 to 20 of the treated runs; with one, at generation 20 between treated runs and others.

    Parameters
    ----------
    effect : float
        0.02 adds 2% of the variance at every sampling, -0.02 takes 2% away; 0 is a placebo.
    n : int
        Samples a generation: the fewer, the more noise.
    seeds : int
        Runs of each arm in a study.

    Returns
    -------
    figure, description, alt
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), width_ratios=[3, 2])
    figure.subplots_adjust(0.17, 0.13, 0.98, 0.9, wspace=0.08)
    truth = 0.5 * LAST * np.log1p(effect)
    words, shares = [], {}
    for row, design in enumerate(DESIGNS):
        low, high = studies(design, effect, n, seeds, seed)
        verdict = verdicts(low, high, effect)
        shares[design] = {look: float((verdict == look).mean()) for look in LOOKS}
        shown = -(row + 0.5) + np.linspace(0.4, -0.4, N_SHOWN)
        begun = 0.0
        for look, (color, dash, hatch) in LOOKS.items():
            at = np.flatnonzero(verdict[:N_SHOWN] == look)
            ends = np.column_stack([low[at], high[at], np.full(len(at), np.nan)])  # NaN lifts the pen: one artist
            left.plot(ends.ravel(), np.repeat(shown[at], 3), color=color, ls=dash, lw=1.6)
            share = shares[design][look]
            label = look if row == 0 else "_"
            right.barh(-(row + 0.5), share, 0.8, begun, color=color, hatch=hatch, edgecolor="white", label=label)
            if share > 0.08:
                right.text(begun + share / 2, -(row + 0.5), f"{share:.0%}", ha="center", va="center", fontsize=11,
                           bbox={"color": "white", "alpha": 0.8, "pad": 1.5})  # fmt: skip
            begun += share
        words.append(f"{design}: {shares[design]['right']:.0%} right, {shares[design]['wrong']:.0%} wrong")
    left.axvline(0, color="0.4", lw=1)
    left.axvline(truth, color="black", lw=1.3, ls=(0, (1.5, 1.5)))
    left.set_yticks(-np.arange(3) - 0.5, DESIGNS)
    left.set(ylim=(-3, 0), xlabel=f"change of ln(spread); dotted: the truth, {truth:+.2f}")
    left.set_title(f"{N_SHOWN} studies: effect {effect:+.0%}, n = {n}, {seeds} seeds", fontsize=11)
    right.set(ylim=(-3, 0), xlim=(0, 1), xlabel="share of all studies", yticks=[])
    right.legend(ncols=3, fontsize=10, loc="lower right", bbox_to_anchor=(1.02, 0.99), columnspacing=1)
    description = f"Of {N_RUNS // seeds} studies with {seeds} seeds each: {'; '.join(words)}."
    alt = (
        f"Left, the intervals of {N_SHOWN} studies for each of three designs, with a line at 0 and a dotted one at "
        f"the true effect. Right, bars of how many conclude right, undecided and wrong. {'; '.join(words)}."
    )
    return figure, description, alt


def studies(design, effect, n, seeds, seed=0):
    """Return the interval of every study of a design, as arrays of its ends, from `N_RUNS` runs of each arm."""
    before, after = measured(effect, n, seed)
    _, untreated = measured(0, n, seed, arm=1)
    change = {
        "no control": after - before,
        "control, same seeds": after - untreated,
        "control, other seeds": after - np.roll(untreated, seeds),
    }[design]
    return evidence.interval(change[: N_RUNS // seeds * seeds].reshape(-1, seeds))


def verdicts(low, high, effect):
    """Return "right", "undecided" or "wrong" for each interval, given the true effect; for a placebo 0 is right."""
    sign = np.where(low > 0, 1, np.where(high < 0, -1, 0))
    if effect == 0:
        return np.where(sign == 0, "right", "wrong")
    return np.where(sign == 0, "undecided", np.where(sign == np.sign(effect), "right", "wrong"))


@lru_cache(maxsize=64)
def measured(effect, n, seed, arm=0):
    """Return ln(spread) of n samples of generations 0 and 20, each of shape (N_RUNS,).

    Arms share the real data and the streams of the loop, not the luck of what is sampled to measure them.
    """
    model = GaussianBatches(n, spread=1 + effect)
    real = model.summarise(stream(DATA, 0, seed).standard_normal((n, N_RUNS)))
    turns = list(generations(model, real, n_generations=LAST + 1, seed=seed))
    fresh = [turns[t].fitted.sample(1, stream(SAMPLE, 1000 + 10 * arm + t, seed)) for t in (0, LAST)]
    return tuple(0.5 * np.log(batch[0, 1] / n) for batch in fresh)
