"""What becomes of a copy of a copy, frequency by frequency, under a linear copier."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from collapse_lessons import checks
from collapse_lessons.theory.arguments import check_fits

MOST_RESPONSE = 100


def copied_response(response: ArrayLike, copies: ArrayLike) -> np.ndarray:
    """Return what is left of each frequency's amplitude after a number of copies: response^copies (linear systems)."""
    return _response(response) ** check_fits(copies)


def copied_noise(response: ArrayLike, copies: ArrayLike, noise: float) -> np.ndarray:
    """Return the noise power at each frequency after a number of copies, fresh white noise in every scan.

    `noise^2 |H|^2 (1 - |H|^(2 copies)) / (1 - |H|^2)`: a scan's noise goes through its own print and all later ones
    (linear systems). A response above 1 amplifies it, until the paper's black and white set a limit.
    """
    power, copies = _response(response) ** 2, check_fits(copies)
    noise = checks.number("noise", noise, 0, 1e100, "the standard deviation of one scan's noise")
    changes = power != 1  # where a copy changes nothing, the noise of every scan stays as it is
    ratio = np.where(changes, (1 - power**copies) / np.where(changes, 1 - power, 1), copies)
    return noise**2 * power * ratio


def mixed_response(response: ArrayLike, copies: ArrayLike, original: float) -> np.ndarray:
    """Return what is left of each frequency's amplitude if a share `original` of every pile is the original (derived).

    For responses up to 1: a <- H (w + (1 - w) a) from a = 1 settles at w H / (1 - (1 - w) H), where copies of copies
    alone go to 0.
    """
    w = checks.number("original", original, 0, 1, "give the share of original pages, such as 0.1")
    response = _response(response)
    pull = (1 - w) * response  # what a deviation from the limit is multiplied by, each copy
    limit = np.divide(w * response, 1 - pull, out=np.ones_like(response), where=pull != 1)
    return limit + pull ** check_fits(copies) * (1 - limit)


def mixed_pull(response: ArrayLike, original: float) -> np.ndarray:
    """Return what a small deviation is multiplied by at every copy if a share `original` of the pile is the original.

    (1 - original) times the size of the response, what the machine alone multiplies it by, shape of `response`. Below 1
    the chain is stable and settles where `mixed_response` says. At 1 and above it does not settle, whatever it began
    with (derived). It takes a good enough machine and enough originals, as Bertrand et al. (2024) prove for retraining
    on a mix.
    """
    return (1 - checks.number("original", original, 0, 1, "give the share of original rows")) * _size(response)


def least_original(response: ArrayLike) -> float:
    """Return the share of originals above which no wave grows: 1 - 1/(the largest response), at least 0 (derived).

    Responses count by their size. The labyrinth of a sharpening copier has one above 1.
    """
    return max(0.0, 1 - 1 / max(1.0, float(_size(response).max())))


def accumulated_response(response: ArrayLike, copies: ArrayLike) -> np.ndarray:
    """Return what is left of each frequency's amplitude if the original and every copy stay in the pile (derived).

    The pile's mean is multiplied by (t + H) / (t + 1) at copy t, so that Gamma(T + H) / (Gamma(H) Gamma(T + 1)) is left
    after T copies: about T^(H - 1) / Gamma(H). A copier's error is the same each time, so it is slowed and not bounded.
    """
    response, copies = _response(response), check_fits(copies)
    return np.exp(gammaln(copies + response) - gammaln(response) - gammaln(copies + 1.0))


def blur_width(sigma: float, copies: ArrayLike) -> np.ndarray:
    """Return the width of a Gaussian blur repeated: sigma sqrt(copies), since variances add."""
    return checks.number("sigma", sigma, 0, 1e100, "the width of one blur, in pixels") * np.sqrt(check_fits(copies))


def _response(response):
    return checks.numbers("response", response, 0, MOST_RESPONSE, "what is left of the amplitude of each frequency")


def _size(response):
    limits = -MOST_RESPONSE, MOST_RESPONSE
    return np.abs(checks.numbers("response", response, *limits, "what each frequency is multiplied by"))
