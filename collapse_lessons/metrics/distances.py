"""Distances between many points and many others, a part at a time: all at once would fill the memory."""

from collections.abc import Callable

import numpy as np
from scipy.spatial.distance import cdist

AT_ONCE = 10**7  # distances, 80 MB


def from_each(points: np.ndarray, others: np.ndarray, ask: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return what `ask` says of each point's distances to all others, shape (n, ...).

    Parameters
    ----------
    points, others : arrays of shape (n, d) and (m, d)
    ask : function
        From distances of shape (some, m) to an array of shape (some, ...).
    """
    some = max(AT_ONCE // len(others), 1)
    return np.concatenate([ask(cdist(points[i : i + some], others)) for i in range(0, len(points), some)])


def to_neighbour(cloud: np.ndarray, k: int) -> np.ndarray:
    """Return how far each point's k-th neighbour in its own cloud is, shape (n,); the point itself is the 0-th."""
    return from_each(cloud, cloud, lambda distances: np.partition(distances, k, axis=1)[:, k])
