"""What becomes of several models on one web: labs that train on their own samples and on a pool of everybody's."""

import numpy as np
from numpy.typing import ArrayLike

from collapse_lessons import checks
from collapse_lessons.theory.arguments import check_fits, check_n

MOST_STEPS = 10**5  # steps that are taken one by one in less than a second


def lab_variety(fits: ArrayLike, n: int, labs: int, share: float, p: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance that two samples differ, within a lab and between two: two arrays of the shape of `fits`.

    Each of K `labs` fits n rows. A row comes with the chance m = `share` from the pool of all labs' newest samples,
    else from the lab's own. Two rows of one lab have one lab for their source with the chance c_w = a^2 + (K - 1) b^2,
    two rows of two labs with the chance c_b = 2 a b + (K - 2) b^2, where a = 1 - m + m/K and b = m/K. Samples of one
    lab are alike with the chance F_w, of two labs with the chance F_b: F_w <- 1/n + (1 - 1/n) (c_w F_w + (1 - c_w) F_b)
    and F_b <- c_b F_w + (1 - c_b) F_b (derived; the island model of population genetics, Wright 1931). Before the first
    fit, of n real rows each, both chances to differ are 1 - sum p^2. Exact.

    Parameters
    ----------
    fits : whole number or array of them, at least 0
    n, labs : int
        Rows that a lab fits; how many labs there are, 2 or more.
    share : float in [0, 1]
        The share of a lab's rows that comes from the common pool.
    p : (k,) array
        The true shares.
    """
    fits, n, p = check_fits(fits, MOST_STEPS), check_n(n), checks.shares("p", p)
    step = _step(n, labs, share)
    differ = [np.full(2, 1 - np.sum(p**2))]
    differ.append(differ[0] * (1 - 1 / n, 1))
    while len(differ) <= fits.max():
        differ.append(step @ differ[-1])
    both = np.array(differ)[fits]
    return both[..., 0], both[..., 1]


def lab_likeness(fits: ArrayLike, n: int, labs: int, share: float) -> np.ndarray:
    """Return how alike the labs are: the variety within one as a share of that between two, shape of `fits` (exact).

    The ratio of what `lab_variety` gives, which is one for all true shares. It is 1 at the start, when all know the
    truth. It falls to 0 where labs stay apart, for each ends with one kind and theirs differ. Where they share, it
    settles above 0: they lose together.
    """
    fits, n = check_fits(fits, MOST_STEPS), check_n(n)
    step = _step(n, labs, share)
    likeness = [1.0, 1 - 1 / n]
    while len(likeness) <= fits.max():
        within, between = step @ (likeness[-1], 1.0)
        likeness.append(within / between)
    return np.array(likeness)[fits]


def lab_keeps(n: int, labs: int, share: float) -> float:
    """Return the factor by which the variety of all labs together changes at every fit in the long run (exact).

    The larger eigenvalue of the step of `lab_variety`. It is 1 where labs stay apart, since what divides them stays.
    Otherwise it lies between that and 1 - 1/(n labs), what one lab with all rows would keep.
    """
    return float(np.linalg.eigvals(_step(check_n(n), labs, share)).real.max())


def _step(n, labs, share):
    """Return what a fit does to the two chances to differ, shape (2, 2)."""
    labs = checks.whole("labs", labs, 2, "one lab alone is `heterozygosity`")
    share = checks.number("share", share, 0, 1, "give the share of a lab's rows from the common pool, such as 0.2")
    other = share / labs
    own = 1 - share + other
    one_lab = own**2 + (labs - 1) * other**2
    one_source = 2 * own * other + (labs - 2) * other**2
    return np.array([[(1 - 1 / n) * one_lab, (1 - 1 / n) * (1 - one_lab)], [one_source, 1 - one_source]])
