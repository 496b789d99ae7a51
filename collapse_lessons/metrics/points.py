"""Measures of points in space: what is covered, what lies where no real point is."""

from typing import Any

import numpy as np

from collapse_lessons import checks
from collapse_lessons.metrics.distances import from_each, to_neighbour


def nearest_distance(samples: np.ndarray) -> float:
    """Return the median distance from a sample, shape (n, d), to its nearest neighbour: small when points clump."""
    samples = checks.array("samples", samples, 2, "(n, d) floats", rows=2)
    return float(np.median(to_neighbour(samples, 1)))


def coverage(samples: np.ndarray, real: np.ndarray, radius: float = 0.1) -> float:
    """Return the share of the `real` points, shape (m, d), with a sample within `radius`: what is still reached."""
    samples = checks.array("samples", samples, 2, "(n, d) floats")
    real = checks.array("real", real, 2, "(m, d) floats")
    return float(_near(real, samples, radius).mean())


def precision(samples: np.ndarray, real: np.ndarray, radius: float = 0.1) -> float:
    """Return the share of the samples, shape (n, d), with a `real` point within `radius`: what is still plausible."""
    samples = checks.array("samples", samples, 2, "(n, d) floats")
    real = checks.array("real", real, 2, "(m, d) floats")
    return float(_near(samples, real, radius).mean())


def coverage_and_precision(generation: Any, reference: np.ndarray, radius: float = 0.1) -> dict[str, float]:
    """Return both for the fitted model itself, as a dict, from as many new samples of it as `reference` has points.

    So models are compared fairly whatever the size of the samples that they train on. The generation's own samples seed
    the new ones: the same generation gets the same number, and no two chains share their noise.
    """
    reference = checks.array("reference", reference, 2, "(m, d) floats")
    if not hasattr(getattr(generation, "fitted", None), "sample"):
        raise TypeError(f"generation must be what the loop yields, got {checks.shown(generation)}: pass all of it")
    rng = np.random.default_rng(np.frombuffer(generation.samples[:32].tobytes()[:32].ljust(32, b"\0"), np.uint64))
    samples = generation.fitted.sample(len(reference), rng)
    covered, plausible = _near(reference, samples, radius), _near(samples, reference, radius)
    return {"coverage": float(covered.mean()), "precision": float(plausible.mean())}


def _near(points, others, radius):
    """Return for each point whether any of the others is near."""
    if points.shape[1] != others.shape[1]:
        raise ValueError(
            f"samples must have as many columns as the points, got shapes {others.shape} and {points.shape}: match them"
        )
    radius = checks.number("radius", radius, 1e-12, 1e12, "in the data's units")
    return from_each(points, others, lambda distances: (distances < radius).any(axis=1))
