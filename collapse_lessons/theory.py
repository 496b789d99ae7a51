"""Closed-form predictions: drawn over the figures of the lessons and checked by the tests.

`fits` counts how often a model has been fitted: generation t of the loop has been fitted t + 1 times. `n` is the number
of samples each fit sees. Variances are in units of the real data's variance. "Derived" means worked out for this course
and checked by simulation in `tests/test_theory.py`. Every function takes arrays for `fits`.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln
from scipy.stats import binom, chi2, norm

from collapse_lessons import checks

MOST_FITS = 10**6  # what is added up fit by fit takes a second
MOST_TABLE = 5000  # the longest side of a table that is worked out entry by entry
MOST_RESPONSE = 100


def expected_var(fits: ArrayLike, n: int, ddof: int = 0, spread: float = 1.0) -> np.ndarray:
    """Return the mean over chains of a Gaussian's variance under `replace`.

    ddof 0: (1 - 1/n)^fits; ddof 1: 1 for ever (derived). `spread` is the sampling bias lambda: each of the fits - 1
    samplings in between multiplies the mean by it (Alemohammad et al. 2024, eq. 2).
    """
    fits, n = _fits(fits), _n(n)
    spread = checks.number("spread", spread, 0, 2, "1 samples from the fitted variance itself")
    samplings = np.maximum(fits - 1.0, 0)
    return spread**samplings * (1.0 if checks.divisor(ddof) else 1 - 1 / n) ** fits


def mean_var(fits: ArrayLike, n: int, ddof: int = 0) -> np.ndarray:
    """Return the variance over chains of a Gaussian's mean under `replace`: its random walk.

    ddof 0: 1 - (1 - 1/n)^fits, so that it adds up to 1 with `expected_var`; ddof 1: fits / n (Shumailov et al. 2024).
    """
    fits, n = _fits(fits), _n(n)
    return fits / n if checks.divisor(ddof) else 1 - (1 - 1 / n) ** fits


def expected_std(fits: ArrayLike, n: int, ddof: int = 0) -> np.ndarray:
    """Return the mean over chains of a Gaussian's standard deviation under `replace`: c^fits (derived).

    c = sqrt(2 / (n - ddof)) Gamma(n / 2) / Gamma((n - 1) / 2), the factor known as c4(n) for ddof 1.
    """
    fits, n = _fits(fits), _n(n)
    return np.exp(fits * (0.5 * np.log(2 / (n - checks.divisor(ddof))) + gammaln(n / 2) - gammaln((n - 1) / 2)))


def typical_var(fits: ArrayLike, n: int, ddof: int = 0) -> np.ndarray:
    """Return exp(E ln var) under `replace`: what a typical chain's variance does, where the mean can mislead.

    E ln var = fits [digamma((n - 1)/2) - ln((n - ddof)/2)], since n var is a product of chi-squares (derived).
    """
    fits, n = _fits(fits), _n(n)
    return np.exp(fits * (digamma((n - 1) / 2) - np.log((n - checks.divisor(ddof)) / 2)))


def collapse_bound(eps: float, fits: ArrayLike, n: int) -> np.ndarray:
    """Return a bound on the chance that the standard deviation still exceeds `eps`: exp(-fits / 4n) / eps.

    For the unbiased estimator, hence for maximum likelihood too (Suresh et al. 2024): it takes about n generations.
    """
    eps = checks.number("eps", eps, 1e-300, 1, "a share of the real data's standard deviation")
    return np.minimum(1.0, np.exp(-_fits(fits) / (4 * _n(n))) / eps)


def accumulate_var(fits: ArrayLike, n: int) -> np.ndarray:
    """Return the mean variance under `accumulate`, ddof 0: the product of 1 - 1/(n i^2) for i up to fits (derived).

    The variance of the mean is 1 minus that.
    """
    fits, n = _fits(fits), _n(n)
    factors = np.cumprod(1 - 1 / (n * np.arange(1, fits.max() + 1.0) ** 2))
    return np.concatenate([[1.0], factors])[fits]


def accumulate_var_limit(n: int) -> float:
    """Return where `accumulate_var` ends: sin(pi / sqrt n) / (pi / sqrt n), a loss of about pi^2/6 in n (Euler)."""
    return np.sinc(1 / np.sqrt(_n(n)))


def accumulate_drift(fits: ArrayLike, n: int) -> np.ndarray:
    """Return the variance of the mean under `accumulate` when the variance is known and only the mean refitted.

    The sum of 1/i^2 for i up to fits, over n: it ends at pi^2 / 6n (Gerstgrasser et al. 2024 for the form).
    """
    fits, n = _fits(fits), _n(n)
    return np.concatenate([[0.0], np.cumsum(1 / np.arange(1, fits.max() + 1.0) ** 2)])[fits] / n


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


def heterozygosity(fits: ArrayLike, n: int, p: ArrayLike) -> np.ndarray:
    """Return the chance that two samples differ in category, 1 - sum p^2, under `replace`: it falls as (1 - 1/n)^fits.

    Population genetics calls the process Wright-Fisher drift.
    """
    return (1 - np.sum(checks.shares("p", p) ** 2)) * (1 - 1 / _n(n)) ** _fits(fits)


def memory_heterozygosity(fits: ArrayLike, n: int, memory: int, thinned: bool = False) -> np.ndarray:
    """Return the mean chance that two samples differ if models learn from the last `memory` generations (derived).

    Each generation makes n samples; the n real ones are all different. A model trains on all rows of the last `memory`
    generations or, if `thinned`, on n of them at random. Exact: two samples differ if their sources do; these belong to
    two generations, or to one, and are then one row with a chance of 1/n. For large n, training on all rows lasts
    ((memory + 1)/2)^2 times as long as `replace`, an effect known from seed banks (Kaj et al. 2001).
    """
    fits, n, memory = _fits(fits, MOST_TABLE), _n(n), checks.whole("memory", memory, 1, "1 is replace")
    checks.flag("thinned", thinned, "True trains on n rows of the last generations, False on all of them")
    last = fits.max()
    pair = np.zeros((last + 1, last + 1))  # the chance that random rows of two batches differ, the same row allowed
    pair[0, 0] = 1 - 1 / n
    for t in range(1, last + 1):
        past = np.arange(max(0, t - memory), t)
        pair[t, :t] = pair[:t, t] = pair[past, :t].mean(axis=0)
        within = pair[np.ix_(past, past)]
        differ = within.mean()
        if thinned and len(past) > 1:
            same = (n - 1) / (len(past) * n - 1)  # two different rows of the pool are of one batch
            apart = (within.sum() - np.trace(within)) / (within.size - len(past))
            differ = (1 - 1 / n) * (1 - same) * apart + same * np.trace(within) / len(past)
        pair[t, t] = (1 - 1 / n) * differ
    diagonal = np.diag(pair) * n / (n - 1)
    return np.where(fits > 0, diagonal[fits], 1.0)


def missed(p: ArrayLike, n: int) -> np.ndarray:
    """Return the chance that a category of share `p` is missing from n samples: (1 - p)^n."""
    return (1 - checks.numbers("p", p, 0, 1, "divide counts by their sum")) ** _n(n)


def alive(fits: ArrayLike, n: int, p: ArrayLike, n_fresh: int = 0) -> np.ndarray:
    """Return the chance that each category still has a share above 0, shape (..., k) for `fits` of shape (...).

    `n_fresh` of the n samples are new real ones at every fit after the first; 0 is `replace`. A sample's line of
    descendants is a branching process: it lasts one fit more with chance g = 1, then g <- 1 - exp(-(1 - n_fresh/n) g).
    A category is lost when all its lines are: those of the n first samples and of all fresh ones since. A close
    approximation for n of some hundreds and more, not a bound (after Suresh et al. 2024; fresh samples derived).
    """
    fits, n, p = _fits(fits), _n(n), checks.shares("p", p)
    n_fresh = checks.whole("n_fresh", n_fresh, 0, "0 trains on the newest samples alone")
    if n_fresh > n:
        raise ValueError(f"n_fresh must be at most n = {n}, got {n_fresh}: each fit sees n samples in all")
    g = [1.0]
    while len(g) < fits.max():
        g.append(-np.expm1(-(1 - n_fresh / n) * g[-1]))
    first = n * np.array([np.inf, *g])[fits]  # before any fit every category is alive
    later = n_fresh * np.cumsum([0, 0, *g])[fits]
    with np.errstate(invalid="ignore"):
        return np.where(p > 0, -np.expm1(-p * (first + later)[..., None]), 0)


def survivors(fits: ArrayLike, n: int, p: ArrayLike, n_fresh: int = 0) -> np.ndarray:
    """Return how many categories are expected to be alive: the sum of `alive` over them."""
    return alive(fits, n, p, n_fresh).sum(axis=-1)


def count_law(fits: ArrayLike, n: int, count: int) -> np.ndarray:
    """Return the exact law of one category's count under `replace`: the chances of 0 to n, shape (..., n + 1).

    It starts at `count` of n, and a fit sees n draws, each of the category with the share it had in the n before
    (Wright 1931). For small n, where `alive` is not close; (n + 1)^2 chances are worked out.
    """
    fits, n = _fits(fits), _n(n, MOST_TABLE)
    count = checks.whole("count", count, 0, "how many of the n are of the category")
    if count > n:
        raise ValueError(f"count must be at most n = {n}, got {count}: it is a part of the n")
    counts = np.arange(n + 1)
    step = binom.pmf(counts, n, counts[:, None] / n)
    laws = [np.eye(n + 1)[count]]
    while len(laws) <= fits.max():
        laws.append(laws[-1] @ step)
    return np.array(laws)[fits]


def kernel_var(generation: ArrayLike, n: int, bandwidth: float, var: float = 1.0) -> np.ndarray:
    """Return the mean variance (ddof 0) of the samples of a Gaussian kernel estimate under `replace`, per axis.

    Each generation adds bandwidth^2 and each finite sample takes a share of 1/n: v <- (1 - 1/n)(v + bandwidth^2), from
    the real sample's own variance `var` (derived). With bandwidth^2 replaced by `reg_covar` it holds for a mixture
    fitted by EM too, whose total covariance is the data's plus that floor.
    """
    generation, n = _fits(generation), _n(n)
    bandwidth = checks.number("bandwidth", bandwidth, 0, 1e100, "the width of the kernel, in the data's units")
    var = checks.number("var", var, 0, 1e200, "the real sample's own variance, ddof 0")
    shrink, fixed = 1 - 1 / n, (n - 1) * bandwidth**2
    return fixed + shrink ** (generation + 1.0) * (var - fixed)


def kept_var(keep: float, d: int) -> float:
    """Return what is left of a Gaussian's variance, per axis, if only the likeliest share `keep` of samples stays.

    In d dimensions the likeliest lie within a radius whose square is the chi-square quantile c of `keep`; the share is
    P(chi2_{d+2} < c) / keep, for many samples (derived). Each generation multiplies by it again.
    """
    keep = checks.number("keep", keep, 1e-6, 1, "1 keeps every sample")
    d = checks.whole("d", d, 1, "the number of columns")
    return chi2.cdf(chi2.ppf(keep, d), d + 2) / keep


def refit_l2(fits: ArrayLike, n: int, weights: ArrayLike, stds: ArrayLike) -> np.ndarray:
    """Return the root mean square of the L2 distance between a 1-d Gaussian mixture and refits of it, under `replace`.

    sqrt(fits / (n sqrt(pi)) sum_j (w_j / s_j) (7/16 + (1 - w_j)/2)), to first order in fits/n and for components that
    do not overlap: each fit moves mean, width and weight by a random step whose variance falls as 1/n (derived).
    """
    weights, stds = checks.shares("weights", weights), checks.array("stds", stds, 1, "(k,) widths of the components")
    if stds.shape != weights.shape or (stds <= 0).any():
        raise ValueError(f"stds must be {len(weights)} widths above 0, one a weight, got {stds}: match them")
    step = np.sum(weights / stds * (7 / 16 + (1 - weights) / 2)) / np.sqrt(np.pi)
    return np.sqrt(_fits(fits) * step / _n(n))


def copied_response(response: ArrayLike, copies: ArrayLike) -> np.ndarray:
    """Return what is left of each frequency's amplitude after a number of copies: response^copies (linear systems)."""
    return _response(response) ** _fits(copies)


def copied_noise(response: ArrayLike, copies: ArrayLike, noise: float) -> np.ndarray:
    """Return the noise power at each frequency after a number of copies, fresh white noise in every scan.

    `noise^2 |H|^2 (1 - |H|^(2 copies)) / (1 - |H|^2)`: a scan's noise goes through its own print and all later ones
    (linear systems). A response above 1 amplifies it, until the paper's black and white set a limit.
    """
    power, copies = _response(response) ** 2, _fits(copies)
    noise = checks.number("noise", noise, 0, 1e100, "the standard deviation of one scan's noise")
    changes = power != 1  # where a copy changes nothing, the noise of every scan stays as it is
    ratio = np.where(changes, (1 - power**copies) / np.where(changes, 1 - power, 1), copies)
    return noise**2 * power * ratio


def mixed_response(response: ArrayLike, copies: ArrayLike, original: float) -> np.ndarray:
    """Return what is left of each frequency's amplitude if a share `original` of every pile is the original (derived).

    For responses up to 1: a <- H (w + (1 - w) a) from a = 1 settles at w H / (1 - (1 - w) H), where copies of copies
    alone go to 0.
    """
    w = checks.number("original", original, 0, 1, "give the share of original pages, such as 0.1")
    response = _response(response)
    pull = (1 - w) * response  # what a deviation from the limit is multiplied by, each copy
    limit = np.divide(w * response, 1 - pull, out=np.ones_like(response), where=pull != 1)
    return limit + pull ** _fits(copies) * (1 - limit)


def accumulated_response(response: ArrayLike, copies: ArrayLike) -> np.ndarray:
    """Return what is left of each frequency's amplitude if the original and every copy stay in the pile (derived).

    The pile's mean is multiplied by (t + H) / (t + 1) at copy t, so that Gamma(T + H) / (Gamma(H) Gamma(T + 1)) is left
    after T copies: about T^(H - 1) / Gamma(H). A copier's error is the same each time, so it is slowed and not bounded.
    """
    response, copies = _response(response), _fits(copies)
    return np.exp(gammaln(copies + response) - gammaln(response) - gammaln(copies + 1.0))


def blur_width(sigma: float, copies: ArrayLike) -> np.ndarray:
    """Return the width of a Gaussian blur repeated: sigma sqrt(copies), since variances add."""
    return checks.number("sigma", sigma, 0, 1e100, "the width of one blur, in pixels") * np.sqrt(_fits(copies))


def filtered_share(real_fraction: ArrayLike, true_positive: ArrayLike, false_positive: ArrayLike) -> np.ndarray:
    """Return the real share of what a detector lets pass, where `real_fraction` of all that is found is real (Bayes).

    The odds of real against synthetic are multiplied by (1 - false_positive) / (1 - true_positive), and that one number
    is all that a detector is worth. Takes arrays.
    """
    f, tpr, fpr = (
        checks.numbers(name, x, 0, 1, "give a share")
        for name, x in (
            ("real_fraction", real_fraction),
            ("true_positive", true_positive),
            ("false_positive", false_positive),
        )
    )
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
    fits, n = _fits(fits), _n(n)
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
    p, reward = checks.shares("p", p), checks.array("reward", reward, 1, "(k,) rewards, one a category")
    if reward.shape != p.shape:
        raise ValueError(f"reward must be one for each of the {len(p)} categories, got {len(reward)}: match them")
    with np.errstate(divide="ignore"):
        logs = np.log(p) + _fits(generation)[..., None] * reward
    weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


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


def _fits(fits, most=MOST_FITS):
    return checks.wholes("fits (or generations, copies)", fits, 0, most, "count from 0")


def _fresh(n_real, n_synthetic, ddof):
    low = 1 + checks.divisor(ddof)
    n_real = checks.whole("n_real", n_real, low, "without enough fresh data there is no limit")
    return n_real, checks.whole("n_synthetic", n_synthetic, 0, "0 is training on real data alone")


def _response(response):
    return checks.numbers("response", response, 0, MOST_RESPONSE, "what is left of the amplitude of each frequency")


def _n(n, most=2**53):
    return checks.whole("n", n, 2, "a variance needs two samples", most)
