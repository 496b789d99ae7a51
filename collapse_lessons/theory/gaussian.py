"""What becomes of a refitted Gaussian: its spread, its mean, and what real data change."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln, zeta

from collapse_lessons import checks
from collapse_lessons.theory.arguments import check_fits, check_n


def expected_var(fits: ArrayLike, n: int, ddof: int = 0, spread: float = 1.0) -> np.ndarray:
    """Return the mean over chains of a Gaussian's variance under `replace`.

    ddof 0: (1 - 1/n)^fits; ddof 1: 1 for ever (derived). `spread` is the sampling bias lambda: each of the fits - 1
    samplings in between multiplies the mean by it (Alemohammad et al. 2024, eq. 2).
    """
    fits, n = check_fits(fits), check_n(n)
    spread = checks.number("spread", spread, 0, 2, "1 samples from the fitted variance itself")
    samplings = np.maximum(fits - 1.0, 0)
    return spread**samplings * (1.0 if checks.divisor(ddof) else 1 - 1 / n) ** fits


def mean_var(fits: ArrayLike, n: int, ddof: int = 0) -> np.ndarray:
    """Return the variance over chains of a Gaussian's mean under `replace`: its random walk.

    ddof 0: 1 - (1 - 1/n)^fits, so that it adds up to 1 with `expected_var`; ddof 1: fits / n (Shumailov et al. 2024).
    """
    fits, n = check_fits(fits), check_n(n)
    return fits / n if checks.divisor(ddof) else 1 - (1 - 1 / n) ** fits


def expected_std(fits: ArrayLike, n: int, ddof: int = 0) -> np.ndarray:
    """Return the mean over chains of a Gaussian's standard deviation under `replace`: c^fits (derived).

    c = sqrt(2 / (n - ddof)) Gamma(n / 2) / Gamma((n - 1) / 2), the factor known as c4(n) for ddof 1.
    """
    fits, n = check_fits(fits), check_n(n)
    return np.exp(fits * (0.5 * np.log(2 / (n - checks.divisor(ddof))) + gammaln(n / 2) - gammaln((n - 1) / 2)))


def typical_var(fits: ArrayLike, n: int, ddof: int = 0) -> np.ndarray:
    """Return exp(E ln var) under `replace`: what a typical chain's variance does, where the mean can mislead.

    E ln var = fits [digamma((n - 1)/2) - ln((n - ddof)/2)], since n var is a product of chi-squares (derived).
    """
    fits, n = check_fits(fits), check_n(n)
    return np.exp(fits * (digamma((n - 1) / 2) - np.log((n - checks.divisor(ddof)) / 2)))


def collapse_bound(eps: float, fits: ArrayLike, n: int) -> np.ndarray:
    """Return a bound on the chance that the standard deviation still exceeds `eps`: exp(-fits / 4n) / eps.

    For the unbiased estimator, hence for maximum likelihood too (Suresh et al. 2024): it takes about n generations.
    """
    eps = checks.number("eps", eps, 1e-300, 1, "a share of the real data's standard deviation")
    return np.minimum(1.0, np.exp(-check_fits(fits) / (4 * check_n(n))) / eps)


def accumulate_var(fits: ArrayLike, n: int) -> np.ndarray:
    """Return the mean variance under `accumulate`, ddof 0: the product of 1 - 1/(n i^2) for i up to fits (derived).

    The variance of the mean is 1 minus that.
    """
    fits, n = check_fits(fits), check_n(n)
    factors = np.cumprod(1 - 1 / (n * np.arange(1, fits.max() + 1.0) ** 2))
    return np.concatenate([[1.0], factors])[fits]


def accumulate_var_limit(n: int) -> float:
    """Return where `accumulate_var` ends: sin(pi / sqrt n) / (pi / sqrt n), a loss of about pi^2/6 in n (Euler)."""
    return np.sinc(1 / np.sqrt(check_n(n)))


def accumulate_drift(fits: ArrayLike, n: int) -> np.ndarray:
    """Return the variance of the mean under `accumulate` when the variance is known and only the mean refitted.

    The sum of 1/i^2 for i up to fits, over n: it ends at pi^2 / 6n (Gerstgrasser et al. 2024 for the form).
    """
    fits, n = check_fits(fits), check_n(n)
    return (zeta(2, 1) - zeta(2, fits + 1.0)) / n  # Hurwitz's zeta is what is left of the sum


def fresh_mean_var(n_real: int, n_synthetic: int, ddof: int = 0) -> float:
    """Return the limit of the mean's variance when each generation adds `n_real` fresh rows to its sample (derived).

    For ddof 0 it is N / (N^2 - n_s (n_s - 1)) with N = n_real + n_synthetic.
    """
    n_real, n_synthetic = _fresh(n_real, n_synthetic, ddof)
    total, inflation = n_real + n_synthetic, n_real / (n_real - ddof)
    return (n_real + n_synthetic * inflation) / (total**2 - n_synthetic**2 + n_synthetic * inflation)


def fresh_var(n_real: int, n_synthetic: int, ddof: int = 0) -> float:
    """Return the limit of the expected variance when each generation adds `n_real` fresh rows (derived).

    For ddof 0 it is 1 minus `fresh_mean_var`. For ddof 1 it is larger by n_r / (n_r - 1), and may exceed 1: the divisor
    N - 1 suits N independent rows, and the synthetic ones share the error of their model.
    """
    n_real, n_synthetic = _fresh(n_real, n_synthetic, ddof)
    return n_real / (n_real - ddof) * (1 - fresh_mean_var(n_real, n_synthetic, ddof))


def fresh_drift(n_real: int, n_synthetic: int, weight: float | None = None) -> float:
    """Return the limit of the mean's variance under fresh data when the variance is known and only the mean refitted.

    (w^2 / n_r + (1 - w)^2 / n_s) / (1 - (1 - w)^2), where w is the weight of the real rows' mean: by default their
    share, which gives (1/N) / (1 - (n_s/N)^2) (derived).
    """
    n_real, n_synthetic = _fresh(n_real, n_synthetic, 0)
    checks.whole("n_synthetic", n_synthetic, 1, "with real data alone there is nothing to weigh")
    share = n_real / (n_real + n_synthetic)
    w = checks.number("weight", share if weight is None else weight, 1e-9, 1, "the share of the real rows is usual")
    return (w**2 / n_real + (1 - w) ** 2 / n_synthetic) / (1 - (1 - w) ** 2)


def best_weight(n_real: int, n_synthetic: int) -> float:
    """Return the weight of the fresh real mean that makes `fresh_drift` smallest (He et al. 2025).

    (sqrt(k^2 + 4k) - k) / 2 with k = n_r / n_s: more than the real rows' share, and for k = 1 the golden ratio, 0.618.
    """
    n_real, n_synthetic = _fresh(n_real, n_synthetic, 0)
    k = n_real / checks.whole("n_synthetic", n_synthetic, 1, "with real data alone there is nothing to weigh")
    return (np.sqrt(k**2 + 4 * k) - k) / 2


def mixed_error(n_real: ArrayLike, share: ArrayLike, spread: float = 1.0, replay: bool = False) -> np.ndarray:
    """Return where a Gaussian's error, E [mean^2 + (std - 1)^2], ends up with a share of synthetic rows in training.

    Each generation has `n_real` fresh real rows, or the same ones (`replay`), and as many synthetic ones, with `spread`
    times the fitted variance, as make up the share s: V = (1 - s)/(1 - spread s) is the variance it settles at, and the
    error is (1 - sqrt V)^2 plus a part that falls as 1/n_real. To first order in that (derived). For spread 1 it is
    1.5/n_real, that of the real rows alone, times 1/(1 + s) if they are fresh and (1 + 2s)/(1 + s) if they are not.
    """
    n = checks.numbers("n_real", n_real, 2, 1e15, "a variance needs two rows")
    s = checks.numbers("share", share, 0, 1, "1 would leave no room for real rows")
    if (s == 1).any():
        raise ValueError(f"share must be from 0 to below 1, got {s}: 1 would leave no room for real rows")
    spread = checks.number("spread", spread, 0, 1, "1 samples from the fitted variance itself")
    checks.flag("replay", replay, "True keeps the same real rows in every generation")
    var, pull = (1 - s) / (1 - spread * s), spread * s  # a deviation of the variance is multiplied by pull, each time
    real, synthetic = (1 - s) ** 2, s * (1 - s)  # what a sampling error of each adds to the mean's variance, times n
    if replay:  # the real rows' error is no noise that averages out: the mean ends at theirs
        mean_error = 1 + synthetic * spread * var / (1 - s**2)
        var_error = 2 * var**2 + 2 * synthetic * (spread * var) ** 2 / (1 - pull**2)
    else:
        mean_error = (real + synthetic * spread * var) / (1 - s**2)
        var_error = 2 * (real + synthetic * (spread * var) ** 2) / (1 - pull**2)
    return (mean_error + var_error / (4 * var)) / n + (1 - np.sqrt(var)) ** 2


def _fresh(n_real, n_synthetic, ddof):
    low = 1 + checks.divisor(ddof)
    n_real = checks.whole("n_real", n_real, low, "without enough fresh data there is no limit")
    return n_real, checks.whole("n_synthetic", n_synthetic, 0, "0 is training on real data alone")
