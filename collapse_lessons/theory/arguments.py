"""The arguments that several families of laws share, and their checks."""

from typing import Any

import numpy as np

from collapse_lessons import checks

MOST_FITS = 10**6  # what is added up fit by fit takes a second
MOST_TABLE = 5000  # the longest side of a table that is worked out entry by entry


def check_fits(fits: Any, most: int = MOST_FITS, low: int = 0) -> np.ndarray:
    """Return `fits`, how often a model has been fitted, as whole numbers from `low` to `most`."""
    return checks.wholes("fits (or generations, copies)", fits, low, most, f"count from {low}")


def check_n(n: Any, most: int = 2**53) -> int:
    """Return `n`, the number of samples that a fit sees, as a whole number from 2 to `most`."""
    return checks.whole("n", n, 2, "a variance needs two samples", most)


def check_share(name: str, x: Any) -> np.ndarray:
    """Return shares or chances, a number or an array of any shape, as floats from 0 to 1."""
    return checks.numbers(name, x, 0, 1, "give a share")


def check_rewards(p: Any, reward: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of categories and what each is liked, both of shape (k,)."""
    p, reward = checks.shares("p", p), checks.array("reward", reward, 1, "(k,) rewards, one a category").astype(float)
    if reward.shape != p.shape:
        raise ValueError(f"reward must be one for each of the {len(p)} categories, got {len(reward)}: match them")
    return p, reward
