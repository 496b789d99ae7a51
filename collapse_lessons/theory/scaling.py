"""What a student of rare things still learns from a teacher that has counted n of them: cut tails and scaling laws.

A teacher counts n real draws. A student counts draws from the teacher. What the student has not met it gets wrong, so
its error is the *unseen mass*: the chance that the next real draw is of a category that it has never met.
"""

import numpy as np
from numpy.typing import ArrayLike

from collapse_lessons import checks
from collapse_lessons.theory.arguments import MOST_TABLE, check_n
from collapse_lessons.theory.counts import chain_mean

MOST_ROWS = 10**15  # a float still counts them one by one


def unseen(rows: ArrayLike, n: int, p: ArrayLike, generations: int = 1, fresh: ArrayLike = 0) -> np.ndarray:
    """Return the share of the truth that a student has not met after `rows` draws from a teacher (exact).

    sum_i p_i (1 - p_i)^fresh E (1 - C_i/n)^rows, C_i the count of the i-th category among the teacher's n draws. For
    one generation C_i is from Binomial(n, p_i). Each further teacher draws n from the one before (derived, for the
    question of Dohmatob et al. 2024, *A Tale of Tails*).

    Parameters
    ----------
    rows, fresh : whole number or array of them, at least 0
        Rows from the teacher, and real rows that the student learns from beside; their shapes must go together.
    n : int
        Draws that every teacher has counted, up to 5000.
    p : (k,) array
        The true shares.
    generations : int
        Teachers between the truth and the student; 0 is a student of the truth itself.

    Returns
    -------
    array of the shape of `rows` and `fresh`, between 0 and 1
    """
    rows, fresh = _check_rows("rows", rows), _check_rows("fresh", fresh)
    n, p = check_n(n, MOST_TABLE), checks.shares("p", p)
    generations = checks.whole("generations", generations, 0, "1 is a teacher that has counted real draws")
    try:
        np.broadcast_shapes(rows.shape, fresh.shape)
    except ValueError:
        raise ValueError(
            f"fresh must go with rows of shape {rows.shape}, got shape {fresh.shape}: match them"
        ) from None
    if generations == 0:
        return np.sum(p * (1 - p) ** (rows + fresh)[..., None], axis=-1)
    unmet = chain_mean((1 - np.arange(n + 1) / n) ** rows[..., None], generations, n, p)
    return np.sum(p * (1 - p) ** fresh[..., None] * unmet, axis=-1)


def unseen_floor(n: int, p: ArrayLike, generations: int = 1) -> float:
    """Return the unseen mass that no number of a teacher's rows takes away: what the teacher itself has lost (exact).

    sum_i p_i P(C_i = 0), which is sum_i p_i (1 - p_i)^n for one generation (derived).
    """
    p = checks.shares("p", p)
    generations = checks.whole("generations", generations, 1, "a student of the truth has no floor")
    return float(p @ chain_mean(np.arange(check_n(n, MOST_TABLE) + 1) == 0, generations, n, p))


def unseen_slope(rows: ArrayLike, n: int, p: ArrayLike, generations: int = 1, real_fraction: float = 0.0) -> np.ndarray:
    """Return the slope of the unseen mass on logarithmic axes, from `rows` to ten times as many, shape of `rows`.

    A share `real_fraction` of the rows is real. For true shares that fall as i^-b a student of the truth has a slope of
    about 1/b - 1. A teacher flattens it to 0: more rows no longer help. With real rows among them it comes back, once
    these are more than the teacher's n (scaling lost, and regained with human data: Dohmatob et al. 2024; derived).
    """
    rows = _check_rows("rows", rows, MOST_ROWS // 10)
    share = checks.number("real_fraction", real_fraction, 0, 1, "give the share of real rows, such as 0.05")
    left = []
    for total in (rows, 10 * rows):
        fresh = np.rint(share * total).astype(np.int64)
        left.append(unseen(total - fresh, n, p, generations, fresh))
    if not np.all(left[1] > 0):
        raise ValueError(f"rows must leave something unseen, got up to {rows.max()}: give fewer, or rarer categories")
    return np.log10(left[1] / left[0])


def _check_rows(name, rows, most=MOST_ROWS):
    return checks.wholes(name, rows, 0, most, "count rows")
