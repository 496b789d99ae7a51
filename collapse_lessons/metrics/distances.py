"""Distances between many points and many others, a part at a time: all at once would fill the memory."""

from collections.abc import Callable

import numpy as np
from scipy.spatial.distance import cdist

from collapse_lessons import checks

AT_ONCE = 10**7  # distances, 80 MB


def from_each(points: np.ndarray, others: np.ndarray, ask: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return what `ask` says of each point's distances to all others, shape (n, ...).

    Parameters
    ----------
    points, others : arrays of shape (n, d) and (m, d)
    ask : function
        From distances of shape (some, m) to an array of shape (some, ...).
    """
    points, others = (
        checks.array("points", points, 2, "(n, d) floats"),
        checks.array("others", others, 2, "(m, d) floats"),
    )
    if points.shape[1] != others.shape[1]:
        got = f"{points.shape} and {others.shape}"
        raise ValueError(f"points and others must have as many columns, got shapes {got}: match them")
    checks.function("ask", ask, "ask(distances) -> array", "such as lambda distances: distances.min(axis=1)", 1)
    some = max(AT_ONCE // len(others), 1)
    parts = [np.asarray(ask(cdist(points[i : i + some], others))) for i in range(0, len(points), some)]
    if any(part.shape[:1] != (min(some, len(points) - i * some),) for i, part in enumerate(parts)):
        raise ValueError(f"ask must return a row a point, got shape {parts[0].shape}: keep the first axis of distances")
    return np.concatenate(parts)


def to_neighbour(cloud: np.ndarray, k: int) -> np.ndarray:
    """Return how far each point's k-th neighbour in its own cloud is, shape (n,); the point itself is the 0-th."""
    cloud = checks.array("cloud", cloud, 2, "(n, d) floats")
    k = checks.whole("k", k, 0, "1 is the nearest other point")
    if k >= len(cloud):
        raise ValueError(f"k must be below the number of points, {len(cloud)}, got {k}: lower k")
    return from_each(cloud, cloud, lambda distances: np.partition(distances, k, axis=1)[:, k])
