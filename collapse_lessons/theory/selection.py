"""What detectors, watermarks, preferences and checkers let pass, and what that leaves."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import norm

from collapse_lessons import checks
from collapse_lessons.theory.arguments import check_fits, check_n, check_rewards, check_share


def filtered_share(real_fraction: ArrayLike, true_positive: ArrayLike, false_positive: ArrayLike) -> np.ndarray:
    """Return the real share of what a detector lets pass, where `real_fraction` of all that is found is real (Bayes).

    The odds of real against synthetic are multiplied by (1 - false_positive) / (1 - true_positive), and that one number
    is all that a detector is worth. Takes arrays.
    """
    f, tpr = check_share("real_fraction", real_fraction), check_share("true_positive", true_positive)
    fpr = check_share("false_positive", false_positive)
    real, synthetic = f * (1 - fpr), (1 - f) * (1 - tpr)
    if (real + synthetic == 0).any():
        raise ValueError(f"true_positive must let something pass, got {tpr} where nothing real is left: lower it")
    return real / (real + synthetic)


def filtered_mean_var(fits: ArrayLike, n: int, real_fraction: ArrayLike) -> np.ndarray:
    """Return the variance of a Gaussian's mean if each row it trains on is new and real with a chance `real_fraction`.

    (1 - r^fits) / (n (1 - r)) with r = s^2 (1 - 1/n), s = 1 - real_fraction, for ddof 0 and n real rows at first.
    The expected variance is 1 minus that (derived). Unlike `fresh_mean_var`, the number of real rows is left to chance.
    Takes arrays for `real_fraction` too.
    """
    fits, n = check_fits(fits), check_n(n)
    f = checks.numbers("real_fraction", real_fraction, 0, 1, "0 trains on the newest samples alone")
    r = (1 - f) ** 2 * (1 - 1 / n)
    return (1 - r**fits) / (n * (1 - r))


def green_z(green: ArrayLike, tokens: ArrayLike, share: float = 0.5) -> np.ndarray:
    """Return by how many standard deviations `green` of `tokens` exceed a chance share (Kirchenbauer et al. 2023).

    (G - gamma T) / sqrt(T gamma (1 - gamma)). Takes arrays.
    """
    tokens = checks.numbers("tokens", tokens, 1, 1e15, "a text has some")
    green = checks.numbers("green", green, 0, 1e15, "count those on the list")
    share = checks.number("share", share, 1e-6, 1 - 1e-6, "0.5 makes half of the words green")
    if (green > tokens).any():
        raise ValueError(f"green must be at most all tokens, got {green} of {tokens}: count again")
    return (green - share * tokens) / np.sqrt(tokens * share * (1 - share))


def curated(p: ArrayLike, reward: ArrayLike, generation: ArrayLike) -> np.ndarray:
    """Return the shares of categories after curation: p_0 exp(t reward), rescaled (Ferbach et al. 2024).

    The limit for many samples, each chosen among many candidates with odds exp(reward): shape (..., k) for `generation`
    of shape (...).
    """
    p, reward = check_rewards(p, reward)
    with np.errstate(divide="ignore"):
        logs = np.log(p) + check_fits(generation)[..., None] * reward
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def preferred(p: ArrayLike, reward: ArrayLike, real_fraction: float) -> np.ndarray:
    """Return the shares at which curation comes to rest while a share of every training set is real, shape (k,).

    The fixed point q = (1 - l) q e^r / Z + l p with Z = E_q e^r, for large pools of candidates chosen with odds e^r. It
    is q_i = l p_i / (1 - (1 - l) e^r_i / Z), with the one Z for which they sum to 1 (derived; the loop is that of
    Ferbach et al. 2024). Without real data all goes to the best liked, as `curated` says. A share l of real data keeps
    l p_i of each at least.

    Parameters
    ----------
    p, reward : (k,) arrays
        The true shares, and what each category is liked.
    real_fraction : float in (0, 1]
    """
    p, reward = check_rewards(p, reward)
    share = checks.number("real_fraction", real_fraction, 1e-6, 1, "without real data `curated` says where it goes")
    odds = np.zeros(len(p))
    odds[p > 0] = np.exp(reward[p > 0] - reward[p > 0].max())

    def shares(gap):  # gap = 1 - (1 - l) e^max(r) / Z, from the share of the best liked to 1
        return share * p / (1 - odds + gap * odds)

    best = share * p[odds == 1].sum()
    return shares(brentq(lambda gap: shares(gap).sum() - 1, best * (1 - 1e-12), 1, xtol=1e-300, rtol=1e-14))


def selected_var(keep: float) -> float:
    """Return what is left of a Gaussian's variance if only the largest share `keep` of its samples stays.

    1 + a m - m^2 with a = the quantile they exceed and m = phi(a) / keep, their mean (the truncated normal). For the
    larger half it is 1 - 2/pi = 0.36. Each generation multiplies by it again.
    """
    keep = checks.number("keep", keep, 1e-6, 1, "1 keeps every sample")
    cut = norm.isf(keep)
    mean = norm.pdf(cut) / keep
    return 1 + (cut * mean if mean else 0) - mean**2


def verified_mean(mean: ArrayLike, centre: float, radius: float) -> np.ndarray:
    """Return the mean of samples of N(mean, 1) that a verifier accepts: those within `radius` of its `centre`.

    The mean of the truncated normal. Repeated, it ends at the centre, whatever the truth is (after Yi et al. 2025).
    """
    mean = checks.numbers("mean", mean, -1e6, 1e6, "of what the model samples")
    centre = checks.number("centre", centre, -1e6, 1e6, "where the verifier looks")
    radius = checks.number("radius", radius, 1e-6, 1e6, "2 accepts most of what is near")
    if not (np.abs(mean - centre) <= radius + 30).all():
        raise ValueError(f"centre must be within radius + 30 of every mean, got {centre}: nothing would be accepted")
    low, high = centre - radius - mean, centre + radius - mean
    accepted = np.where(low > 0, norm.sf(low) - norm.sf(high), norm.cdf(high) - norm.cdf(low))  # exact in either tail
    return mean + (norm.pdf(low) - norm.pdf(high)) / accepted
