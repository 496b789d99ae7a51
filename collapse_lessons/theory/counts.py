"""What becomes of counted things: who is left, who was missed, and how alike two draws are."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy
from scipy.stats import binom

from collapse_lessons import checks
from collapse_lessons.theory.arguments import MOST_TABLE, check_fits, check_n

CHUNK = 500  # categories worked out at once: (n + 1) times as many chances fit any memory


def heterozygosity(fits: ArrayLike, n: int, p: ArrayLike) -> np.ndarray:
    """Return the chance that two samples differ in category, 1 - sum p^2, under `replace`: it falls as (1 - 1/n)^fits.

    Population genetics calls the process Wright-Fisher drift.
    """
    return (1 - np.sum(checks.shares("p", p) ** 2)) * (1 - 1 / check_n(n)) ** check_fits(fits)


def memory_heterozygosity(fits: ArrayLike, n: int, memory: int, thinned: bool = False) -> np.ndarray:
    """Return the mean chance that two samples differ if models learn from the last `memory` generations (derived).

    Each generation makes n samples; the n real ones are all different. A model trains on all rows of the last `memory`
    generations or, if `thinned`, on n of them at random. Exact: two samples differ if their sources do; these belong to
    two generations, or to one, and are then one row with a chance of 1/n. For large n, training on all rows lasts
    ((memory + 1)/2)^2 times as long as `replace`, an effect known from seed banks (Kaj et al. 2001).
    """
    fits, n, memory = check_fits(fits, MOST_TABLE), check_n(n), checks.whole("memory", memory, 1, "1 is replace")
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
    return (1 - checks.numbers("p", p, 0, 1, "divide counts by their sum")) ** check_n(n)


def alive(fits: ArrayLike, n: int, p: ArrayLike, n_fresh: int = 0) -> np.ndarray:
    """Return the chance that each category still has a share above 0, shape (..., k) for `fits` of shape (...).

    `n_fresh` of the n samples are new real ones at every fit after the first; 0 is `replace`. A sample's line of
    descendants is a branching process: it lasts one fit more with chance g = 1, then g <- 1 - exp(-(1 - n_fresh/n) g).
    A category is lost when all its lines are: those of the n first samples and of all fresh ones since. A close
    approximation for n of some hundreds and more, not a bound (after Suresh et al. 2024; fresh samples derived).
    """
    fits, n, p = check_fits(fits), check_n(n), checks.shares("p", p)
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
    """Return how many categories are expected to be alive: the sum of `alive` over them, a close approximation.

    It is quick for any number of samples and takes fresh ones. Where a curve is called a law, `exact_survivors` is it.
    """
    return alive(fits, n, p, n_fresh).sum(axis=-1)


def count_law(fits: ArrayLike, n: int, count: int) -> np.ndarray:
    """Return the exact law of one category's count under `replace`: the chances of 0 to n, shape (..., n + 1).

    It starts at `count` of n, and a fit sees n draws, each of the category with the share it had in the n before
    (Wright 1931). For small n, where `alive` is not close; (n + 1)^2 chances are worked out.
    """
    fits, n = check_fits(fits), check_n(n, MOST_TABLE)
    count = checks.whole("count", count, 0, "how many of the n are of the category")
    if count > n:
        raise ValueError(f"count must be at most n = {n}, got {count}: it is a part of the n")
    step = _step(n)
    laws = [np.eye(n + 1)[count]]
    while len(laws) <= fits.max():
        laws.append(laws[-1] @ step)
    return np.array(laws)[fits]


def chain_mean(values: ArrayLike, fits: int, n: int, p: ArrayLike) -> np.ndarray:
    """Return the mean of `values[C]` over chains, C the count of a category under `replace`, shape (..., k) (exact).

    Each of `fits` models counts n draws from the one before, the first from the truth. It is worked out backwards:
    values <- P values for every fit but the first, P the chances from one count to the next. The first takes the mean
    over Binomial(n, p) (Wright 1931). The first fit costs n k steps, every further one n^2.

    Parameters
    ----------
    values : (..., n + 1) array
        One value for each count from 0 to n, such as `counts > 0`.
    fits : int, at least 1
    n : int
        Up to 5000.
    p : (k,) array
        The true shares.
    """
    fits = checks.whole("fits", fits, 1, "before the first fit there are no counts", MOST_TABLE)
    n, p = check_n(n, MOST_TABLE), checks.shares("p", p)
    values = checks.array("values", values, None, "(..., n + 1) numbers").astype(float)
    if values.shape[-1] != n + 1:
        raise ValueError(f"values must have n + 1 = {n + 1} entries, got shape {values.shape}: one for each count")
    if fits > 1:
        step = _step(n)
        for _ in range(fits - 1):
            values = values @ step.T
    counts = np.arange(n + 1)[:, None]
    parts = np.array_split(p, -(-len(p) // CHUNK))
    return np.concatenate([values @ binom.pmf(counts, n, part) for part in parts], axis=-1)


def exact_survivors(fits: int, n: int, p: ArrayLike) -> float:
    """Return how many categories are alive after so many fits under `replace`, in the mean (exact).

    `survivors` is close and quick. Here (n + 1)^2 chances are worked out, for n up to 5000.
    """
    return float(chain_mean(np.arange(check_n(n, MOST_TABLE) + 1) > 0, fits, n, p).sum())


def different(fits: int, n: int) -> float:
    """Return how many different ones of n pictures a chain of perfect memories still makes after so many fits (exact).

    Each model hands on n draws from the n pictures that it has learned by heart: n (1 - (1 - 1/n)^n), some 63%, after
    the first, about 2n/fits later, and one in the end (Wright-Fisher drift).
    """
    return exact_survivors(fits, n, np.full(check_n(n, MOST_TABLE), 1 / n))


def expected_entropy(fits: int, n: int, p: ArrayLike) -> float:
    """Return the mean entropy of a model's shares after so many fits under `replace`, in nats (exact, derived).

    The sum over categories of E -C/n ln C/n. It falls by chance alone, for wordings as for species: first by what the
    rare contribute, about (k - 1)/2n a fit for k categories that are all common (to first order).
    """
    share = np.arange(check_n(n, MOST_TABLE) + 1) / n
    return float(chain_mean(-xlogy(share, share), fits, n, p).sum())


def _step(n):
    """Return the chances from each count of 0 to n (rows) to the next fit's (columns), shape (n + 1, n + 1)."""
    counts = np.arange(n + 1)
    return binom.pmf(counts, n, counts[:, None] / n)
