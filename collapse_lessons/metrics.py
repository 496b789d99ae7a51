"""Measures of a generation: `metric(generation, reference) -> float`.

`generation` is what the loop yields and `reference` what to compare it with: the real data, unless a lesson says
otherwise. Averages hide the beginning of a collapse, so every lesson pairs one with a measure of the tail.
"""

from typing import Any

import numpy as np
from scipy import fft
from scipy.ndimage import uniform_filter
from scipy.spatial.distance import cdist
from sklearn.mixture import GaussianMixture

from collapse_lessons import checks
from collapse_lessons.models.photocopier import check_pictures

WINDOW = 7  # pixels a side, in which `ssim` compares


def mean(generation: Any, reference: Any = None) -> float:
    """Return the mean of the samples, over all axes."""
    return float(_samples(generation).mean())


def std(generation: Any, reference: Any = None) -> float:
    """Return the standard deviation of the samples (ddof 0), averaged over columns."""
    return float(_samples(generation).std(axis=0).mean())


def var(generation: Any, reference: Any = None) -> float:
    """Return the variance of the samples (ddof 0), averaged over columns."""
    return float(_samples(generation).var(axis=0).mean())


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
    samples = checks.array("the samples of generation", generation.samples, None, "(n, ...) numbers")
    return samples if samples.dtype.itemsize > 2 and samples.dtype.kind == "f" else samples.astype(float)


def _probs(generation):
    if not hasattr(getattr(generation, "fitted", None), "probs_"):
        shown = checks.shown(generation)
        raise TypeError(f"generation must be of a model of categories, got {shown}: only those have shares, probs_")
    return generation.fitted.probs_


def modes_alive(samples: np.ndarray, centres: np.ndarray, radius: float = 0.6, least: float = 0.005) -> int:
    """Return how many of the true `centres`, shape (k, d), have at least a share `least` of the samples near them."""
    samples = checks.array("samples", samples, 2, "(n, d) floats")
    centres = checks.array("centres", centres, 2, "(k, d) floats")
    least = checks.number("least", least, 0, 1, "the share from which a mode counts as alive")
    return int((_near(centres, samples, radius).mean(axis=1) >= least).sum())


def nearest_distance(samples: np.ndarray) -> float:
    """Return the median distance from a sample, shape (n, d), to its nearest neighbour: small when points clump."""
    samples = checks.array("samples", samples, 2, "(n, d) floats", rows=2)
    distance = cdist(samples, samples)
    np.fill_diagonal(distance, np.inf)
    return float(np.median(distance.min(axis=1)))


def coverage(samples: np.ndarray, real: np.ndarray, radius: float = 0.1) -> float:
    """Return the share of the `real` points, shape (m, d), with a sample within `radius`: what is still reached."""
    samples = checks.array("samples", samples, 2, "(n, d) floats")
    real = checks.array("real", real, 2, "(m, d) floats")
    return float(_near(real, samples, radius).any(axis=1).mean())


def precision(samples: np.ndarray, real: np.ndarray, radius: float = 0.1) -> float:
    """Return the share of the samples, shape (n, d), with a `real` point within `radius`: what is still plausible."""
    samples = checks.array("samples", samples, 2, "(n, d) floats")
    real = checks.array("real", real, 2, "(m, d) floats")
    return float(_near(samples, real, radius).any(axis=1).mean())


def coverage_and_precision(generation: Any, reference: np.ndarray, radius: float = 0.1) -> dict[str, float]:
    """Return both for the fitted model itself, as a dict, from as many new samples of it as `reference` has points.

    So models are compared fairly whatever the size of the samples that they train on. The generation's own samples seed
    the new ones: the same generation gets the same number, and no two chains share their noise.
    """
    reference = checks.array("reference", reference, 2, "(m, d) floats")
    if not hasattr(getattr(generation, "fitted", None), "sample"):
        raise TypeError(f"generation must be what the loop yields, got {checks.shown(generation)}: pass all of it")
    rng = np.random.default_rng(np.frombuffer(generation.samples[:32].tobytes()[:32].ljust(32, b"\0"), np.uint64))
    near = _near(generation.fitted.sample(len(reference), rng), reference, radius)
    return {"coverage": float(near.any(axis=0).mean()), "precision": float(near.any(axis=1).mean())}


def _near(points, others, radius):
    if points.shape[1] != others.shape[1]:
        raise ValueError(
            f"samples must have as many columns as the points, got shapes {others.shape} and {points.shape}: match them"
        )
    return cdist(points, others) < checks.number("radius", radius, 1e-12, 1e12, "in the data's units")


def mixture_l2(first: GaussianMixture, second: GaussianMixture) -> float:
    """Return the L2 distance between the densities of two fitted scikit-learn Gaussian mixtures, in closed form.

    The integral of (f - g)^2, whose terms are normal densities: the integral of N(a, A) N(b, B) is N(a - b; 0, A + B).
    The square root is taken. Shumailov et al. (2024) follow their mixtures by this distance.
    """

    _check_mixture("first", first)
    _check_mixture("second", second)
    if first.means_.shape[1] != second.means_.shape[1]:
        shapes = f"{second.means_.shape[1]} columns where first has {first.means_.shape[1]}"
        raise ValueError(f"second must have as many columns as first, got {shapes}: fit both to the same data")

    def overlap(p, q):
        total, covariances = 0.0, q.covariances_
        for cov, weight, centre in zip(p.covariances_, p.weights_, p.means_, strict=True):
            joint = cov + covariances
            gap = centre - q.means_
            exponent = np.einsum("ki,ki->k", gap, np.linalg.solve(joint, gap[..., None])[..., 0])
            density = np.exp(-0.5 * exponent) / np.sqrt(np.linalg.det(2 * np.pi * joint))
            total += weight * float(q.weights_ @ density)
        return total

    squared = overlap(first, first) - 2 * overlap(first, second) + overlap(second, second)
    return float(np.sqrt(max(squared, 0.0)))  # rounding can leave -1e-17 for equal mixtures


def _check_mixture(name, mixture):
    checks.instance(name, mixture, GaussianMixture, "fit one of scikit-learn's")
    checks.fitted(mixture, "covariances_")
    if mixture.covariance_type != "full":
        raise ValueError(
            f"covariance_type must be 'full', got {mixture.covariance_type!r}: fit GaussianMixture with its default"
        )


def ssim(picture: np.ndarray, original: np.ndarray) -> float:
    """Return the structural similarity of two pictures, shape (h, w, 3) in [0, 1]: 1 if equal (Wang et al. 2004).

    Equation 13 with the paper's constants, in windows of 7 by 7 pixels inside the picture and averaged over windows and
    colours; all pixels of a window count alike, and variances are those of samples (ddof 1), as in scikit-image.
    """
    picture, original = _pair(picture, original)
    if min(picture.shape[:2]) < 7:
        raise ValueError(f"picture must have at least 7 pixels a side, got {picture.shape}: it is compared in windows")

    def mean(values):
        return uniform_filter(values, WINDOW, axes=(0, 1))[inside, inside]

    inside, ddof, c1, c2 = slice(WINDOW // 2, -(WINDOW // 2)), WINDOW**2 / (WINDOW**2 - 1), 0.01**2, 0.03**2
    x, y = mean(picture), mean(original)
    variances = ddof * (mean(picture**2) - x**2 + mean(original**2) - y**2)
    covariance = ddof * (mean(picture * original) - x * y)
    similar = (2 * x * y + c1) * (2 * covariance + c2) / ((x**2 + y**2 + c1) * (variances + c2))
    return float(similar.mean(dtype=float))


def laid_back(picture: np.ndarray, original: np.ndarray) -> np.ndarray:
    """Return the picture, shape (h, w, 3) in [0, 1], rolled to where it fits the original best, by whole pixels.

    By phase correlation (Kuglin & Hines 1975): a shift turns every wave's phase and leaves its amplitude, so the
    transform of the phases alone has its peak at the shift.
    """
    picture, original = _pair(picture, original)
    waves = fft.fft2(original.mean(axis=-1)) * fft.fft2(picture.mean(axis=-1)).conj()
    peak = np.abs(fft.ifft2(waves / np.maximum(np.abs(waves), 1e-12)))
    return np.roll(picture, np.unravel_index(np.argmax(peak), peak.shape), axis=(0, 1))


def radial_power(picture: np.ndarray, n_bins: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Return the power of a picture, shape (h, w, 3), by spatial frequency.

    Returns
    -------
    frequency : array of shape (n_bins,), in cycles per pixel, up to 0.5
    power : array of shape (n_bins,), the mean square of the cosine coefficients in each ring
    """
    picture = _picture("picture", picture)
    n_bins = checks.whole("n_bins", n_bins, 1, "rings of frequencies", 10**6)
    power = np.square(fft.dctn(picture, axes=(0, 1), norm="ortho")).mean(axis=-1)
    fy, fx = (np.arange(size) / (2 * size) for size in power.shape)
    radius = np.hypot(fy[:, None], fx)
    edges = np.linspace(0, 0.5, n_bins + 1)
    ring = np.digitize(radius, edges) - 1
    inside = ring < n_bins
    count = np.bincount(ring[inside], minlength=n_bins)
    total = np.bincount(ring[inside], weights=power[inside], minlength=n_bins)
    return (edges[:-1] + edges[1:]) / 2, total / np.maximum(count, 1)


def fine_detail(picture: np.ndarray, original: np.ndarray, above: float = 0.125) -> float:
    """Return the power of a picture at frequencies above `above` cycles per pixel, as a share of the original's."""
    picture, original = _pair(picture, original)
    frequency, power = radial_power(picture)
    fine = frequency > checks.number("above", above, 0, 0.48, "in cycles per pixel, 0.125 is a wave 8 pixels long")
    before = radial_power(original)[1][fine].sum()
    if before < 1e-12:
        raise ValueError(f"original must have detail above {above} cycles per pixel, got none: take another picture")
    return float(power[fine].sum() / before)


def crops_recognised(picture: np.ndarray, original: np.ndarray, rows: int = 6, columns: int = 8) -> float:
    """Return the share of `rows` x `columns` crops that still look most like the crop they came from.

    Crops are compared by the correlation of their pixels, so a change of brightness or contrast alone costs nothing;
    a crop gone flat is lost.
    """
    picture, original = _pair(picture, original)
    rows = checks.whole("rows", rows, 1, "of crops")
    columns = checks.whole("columns", columns, 1, "of crops")
    if rows > len(original) or columns > original.shape[1]:
        raise ValueError(f"rows and columns must fit {original.shape}, got {rows} and {columns}: ask for fewer crops")
    copies, originals = _crops(picture, rows, columns), _crops(original, rows, columns)
    found = np.argmax(copies @ originals.T, axis=1) == np.arange(len(copies))
    return float((found & (np.square(copies).sum(axis=1) > 0)).mean())


def _crops(picture, rows, columns):
    h, w = picture.shape[0] // rows, picture.shape[1] // columns
    blocks = picture[: h * rows, : w * columns].reshape(rows, h, columns, w, 3).swapaxes(1, 2)
    crops = blocks.reshape(rows * columns, -1).astype(float)
    crops -= crops.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(crops, axis=1, keepdims=True)
    return np.divide(crops, norm, out=np.zeros_like(crops), where=norm > 1e-6)


def _pair(picture, original):
    picture, original = _picture("picture", picture), _picture("original", original)
    if picture.shape != original.shape:
        raise ValueError(f"picture must have the original's shape {original.shape}, got {picture.shape}: resize one")
    return picture, original


def _picture(name, picture):
    return check_pictures(name, checks.array(name, picture, 3, "(h, w, 3) in [0, 1]")[None])[0]
