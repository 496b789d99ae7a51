"""What people change: some write as machines do, and some try more than once."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from collapse_lessons import checks
from collapse_lessons.theory.arguments import check_share


def imitated_share(synthetic: ArrayLike, imitating: ArrayLike) -> np.ndarray:
    """Return the share of training rows that come from the last model if some people write as it does.

    1 - (1 - synthetic)(1 - imitating), `imitating` the share of human rows that repeat the model (derived). What holds
    for a synthetic share holds for this one. Takes arrays.
    """
    return 1 - (1 - check_share("synthetic", synthetic)) * (1 - check_share("imitating", imitating))


def pass_at(tries: ArrayLike, right: ArrayLike) -> np.ndarray:
    """Return the chance that one of so many tries at a problem is right, averaged over problems, shape of `tries`.

    The mean of 1 - (1 - right)^tries, `right` of shape (problems,) the chance of a single try (pass@k, Chen et al.
    2021).
    """
    tries = checks.wholes("tries", tries, 1, 10**9, "count answers to one problem")
    right = check_share("right", checks.array("right", right, 1, "(problems,) chances"))
    return np.mean(1 - (1 - right) ** tries[..., None], axis=-1)


def sharpened(right: ArrayLike, power: float) -> np.ndarray:
    """Return the chance of the right one of two answers at a temperature of 1/power, shape of `right`.

    p^a / (p^a + (1 - p)^a) with a = power: the odds to that power. What was right more often than not becomes surer,
    and the rest goes. So it is better at the first try and worse at the hundredth (derived).
    """
    power = checks.number("power", power, 1e-3, 1e3, "1 changes nothing, more favours the likely")
    return expit(power * logit(check_share("right", right)))
