"""Measures of numbers and of counted things: `metric(generation, reference) -> float`."""

from typing import Any

import numpy as np

from collapse_lessons import checks


def mean(generation: Any, reference: Any = None) -> float:
    """Return the mean of the samples, over all axes."""
    return float(_samples(generation).mean(dtype=float))


def std(generation: Any, reference: Any = None) -> float:
    """Return the standard deviation of the samples (ddof 0), averaged over columns."""
    return float(_samples(generation).std(axis=0, dtype=float).mean())


def var(generation: Any, reference: Any = None) -> float:
    """Return the variance of the samples (ddof 0), averaged over columns."""
    return float(_samples(generation).var(axis=0, dtype=float).mean())


def alive(probs: np.ndarray) -> np.ndarray:
    """Return how many categories have a share above 0, along the last axis of `probs`."""
    return np.count_nonzero(_shares(probs), axis=-1)


def differ(probs: np.ndarray) -> np.ndarray:
    """Return the chance that two samples differ in category, 1 - sum p^2 (heterozygosity), along the last axis."""
    return 1 - np.square(_shares(probs)).sum(axis=-1)


def _shares(probs):
    probs = checks.array("probs", probs, None, "(..., k) shares").astype(float)
    if probs.min() < 0 or probs.max() > 1:
        raise ValueError(f"probs must be shares from 0 to 1, got {probs.min():g} to {probs.max():g}: divide by the sum")
    return probs


def survivors(generation: Any, reference: Any = None) -> float:
    """Return how many categories the fitted model still knows, averaged over chains."""
    return float(alive(_probs(generation)).mean())


def heterozygosity(generation: Any, reference: Any = None) -> float:
    """Return the chance that two samples differ in category, averaged over chains."""
    return float(differ(_probs(generation)).mean())


def top_share(generation: Any, reference: Any = None) -> float:
    """Return the share of the most common category, averaged over chains."""
    return float(_probs(generation).max(axis=-1).mean())


def _samples(generation):
    if isinstance(generation, type) or not hasattr(generation, "samples"):
        raise TypeError(f"generation must be what the loop yields, got {checks.shown(generation)}: pass all of it")
    return checks.array("the samples of generation", generation.samples, None, "(n, ...) numbers")


def _probs(generation):
    if not hasattr(getattr(generation, "fitted", None), "probs_"):
        shown = checks.shown(generation)
        raise TypeError(f"generation must be of a model of categories, got {shown}: only those have shares, probs_")
    return generation.fitted.probs_
