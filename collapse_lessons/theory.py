"""Closed-form predictions: drawn over the figures of the lessons and checked by the tests.

`fits` counts how often a model has been fitted: generation t of the loop has been fitted t + 1 times. `n` is the number
of samples each fit sees. Variances are in units of the real data's variance. "Derived" means worked out for this course
and checked by simulation in `tests/test_theory.py`. Every function takes arrays for `fits`.
"""

import numpy as np
from scipy.special import digamma, gammaln

from collapse_lessons import checks


def expected_var(fits, n, ddof=0, spread=1.0):
    """Return the mean over chains of a Gaussian's variance under `replace`.

    ddof 0: (1 - 1/n)^fits; ddof 1: 1 for ever (derived). `spread` is the sampling bias lambda: each of the fits - 1
    samplings in between multiplies the mean by it (Alemohammad et al. 2024, eq. 2).
    """
    fits, n = _fits(fits), _n(n)
    return spread ** (fits - 1.0) * (1 - 1 / n if ddof == 0 else 1.0) ** fits


def mean_var(fits, n, ddof=0):
    """Return the variance over chains of a Gaussian's mean under `replace`: its random walk.

    ddof 0: 1 - (1 - 1/n)^fits, so that it adds up to 1 with `expected_var`; ddof 1: fits / n (Shumailov et al. 2024).
    """
    fits, n = _fits(fits), _n(n)
    return 1 - (1 - 1 / n) ** fits if ddof == 0 else fits / n


def expected_std(fits, n, ddof=0):
    """Return the mean over chains of a Gaussian's standard deviation under `replace`: c^fits (derived).

    c = sqrt(2 / (n - ddof)) Gamma(n / 2) / Gamma((n - 1) / 2), the factor known as c4(n) for ddof 1.
    """
    fits, n = _fits(fits), _n(n)
    return np.exp(fits * (0.5 * np.log(2 / (n - ddof)) + gammaln(n / 2) - gammaln((n - 1) / 2)))


def typical_var(fits, n, ddof=0):
    """Return exp(E ln var) under `replace`: what a typical chain's variance does, where the mean can mislead.

    E ln var = fits [digamma((n - 1)/2) - ln((n - ddof)/2)], since n var is a product of chi-squares (derived).
    """
    fits, n = _fits(fits), _n(n)
    return np.exp(fits * (digamma((n - 1) / 2) - np.log((n - ddof) / 2)))


def collapse_bound(eps, fits, n):
    """Return a bound on the chance that the standard deviation still exceeds `eps`: exp(-fits / 4n) / eps.

    For the unbiased estimator, hence for maximum likelihood too (Suresh et al. 2024): it takes about n generations.
    """
    eps = checks.number("eps", eps, 1e-300, 1, "a share of the real data's standard deviation")
    return np.minimum(1.0, np.exp(-_fits(fits) / (4 * _n(n))) / eps)


def accumulate_var(fits, n):
    """Return the mean variance under `accumulate`, ddof 0: the product of 1 - 1/(n i^2) for i up to fits (derived).

    The variance of the mean is 1 minus that.
    """
    fits, n = _fits(fits), _n(n)
    factors = np.cumprod(1 - 1 / (n * np.arange(1, fits.max() + 1.0) ** 2))
    return np.concatenate([[1.0], factors])[fits]


def accumulate_var_limit(n):
    """Return where `accumulate_var` ends: sin(pi / sqrt n) / (pi / sqrt n), a loss of about pi^2/6 in n (Euler)."""
    return np.sinc(1 / np.sqrt(_n(n)))


def fresh_mean_var(n_real, n_synthetic):
    """Return the limit of the mean's variance when each generation adds `n_real` fresh rows, ddof 0 (derived).

    N / (N^2 - n_s (n_s - 1)) with N = n_real + n_synthetic; the expected variance ends at 1 minus that.
    """
    n_real = checks.whole("n_real", n_real, 1, "without fresh data there is no limit but collapse")
    n_synthetic = checks.whole("n_synthetic", n_synthetic, 0, "0 is training on real data alone")
    total = n_real + n_synthetic
    return total / (total**2 - n_synthetic * (n_synthetic - 1))


def heterozygosity(fits, n, p):
    """Return the chance that two samples differ in category, 1 - sum p^2, under `replace`: it falls as (1 - 1/n)^fits.

    Population genetics calls the process Wright-Fisher drift.
    """
    return (1 - np.sum(checks.shares("p", p) ** 2)) * (1 - 1 / _n(n)) ** _fits(fits)


def missed(p, n):
    """Return the chance that a category of share `p` is missing from n samples: (1 - p)^n."""
    return (1 - np.asarray(p, dtype=float)) ** _n(n)


def survivors(fits, n, p):
    """Return how many categories are still alive under `replace`: the sum of 1 - exp(-n p g), one g a fit.

    g = 1 at the first fit, then g <- 1 - exp(-g): the chance that a line of Poisson families has not died out. A close
    approximation, not a bound (after Suresh et al. 2024).
    """
    fits, n, p = _fits(fits), _n(n), checks.shares("p", p)
    g = [np.inf, 1.0]  # before any fit every category is alive
    while len(g) <= fits.max():
        g.append(1 - np.exp(-g[-1]))
    with np.errstate(invalid="ignore"):
        alive = np.where(p[:, None] > 0, 1 - np.exp(-n * p[:, None] * np.array(g)), 0)
    return alive.sum(axis=0)[fits]


def kernel_var(generation, n, bandwidth, var=1.0):
    """Return the mean variance (ddof 0) of the samples of a Gaussian kernel estimate under `replace`, per axis.

    Each generation adds bandwidth^2 and each finite sample takes a share of 1/n: v <- (1 - 1/n)(v + bandwidth^2), from
    the real sample's own variance `var` (derived). With bandwidth^2 replaced by `reg_covar` it holds for a mixture
    fitted by EM too, whose total covariance is the data's plus that floor.
    """
    generation, n = _fits(generation), _n(n)
    shrink, fixed = 1 - 1 / n, (n - 1) * bandwidth**2
    return fixed + shrink ** (generation + 1.0) * (var - fixed)


def copied_response(response, copies):
    """Return what is left of each frequency's amplitude after a number of copies: response^copies (linear systems)."""
    return np.asarray(response, dtype=float) ** _fits(copies)


def copied_noise(response, copies, noise):
    """Return the noise power at each frequency after a number of copies, fresh white noise in every scan.

    noise^2 |H|^2 (1 - |H|^(2 copies)) / (1 - |H|^2): each scan's noise is blurred by all the prints after it.
    """
    power = np.asarray(response, dtype=float) ** 2
    copies = _fits(copies)
    ratio = np.where(power < 1, (1 - power**copies) / np.where(power < 1, 1 - power, 1), copies)
    return noise**2 * power * ratio


def blur_width(sigma, copies):
    """Return the width of a Gaussian blur repeated: sigma sqrt(copies), since variances add."""
    return sigma * np.sqrt(_fits(copies))


def _fits(fits):
    fits = np.asarray(fits)
    if fits.dtype.kind not in "iu" or fits.size == 0 or fits.min() < 0:
        raise ValueError(f"fits (or generations, copies) must be whole numbers of at least 0, got {fits}: count from 0")
    return fits


def _n(n):
    return checks.whole("n", n, 2, "a variance needs two samples")
