"""What a perfect diffusion model of finitely many pictures would make: them."""

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import softmax

from collapse_lessons import checks


def denoised(blends: np.ndarray, t: float, points: np.ndarray) -> np.ndarray:
    """Return what the best of all denoisers sees in blends (1 - t) z + t x, where x is one of `points` (exact).

    It is the mean of x given the blend: the points with the weights softmax(-d^2 / (2 (1 - t)^2)), d = blend - t x. No
    other function errs less on these points. A flow that learned it walks from noise to one of them and makes nothing
    new, as Gu et al. (2023) say of diffusion models: its chain is one of perfect memories, see `different`.

    Parameters
    ----------
    blends : array of shape (n, d)
        Standard normal noise z on its way.
    t : float in [0, 1]
        From noise, 0, to picture, 1.
    points : array of shape (m, d)

    Returns
    -------
    array of shape (n, d)
    """
    blends = checks.array("blends", blends, 2, "(n, d) floats")
    points = checks.array("points", points, 2, "(m, d) floats")
    t = checks.number("t", t, 0, 1, "0 is noise, 1 a picture")
    if blends.shape[1] != points.shape[1]:
        raise ValueError(f"blends must have {points.shape[1]} columns, got {blends.shape[1]}: flatten both alike")
    distance = cdist(blends, t * points, "sqeuclidean")
    noise = max(1 - t, 1e-9)  # without any noise the nearest is what it is
    return softmax(-distance / (2 * noise**2), axis=1) @ points
