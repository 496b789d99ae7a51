"""Measures of generated pictures, seen through a small classifier.

The usual scores compare pictures in the features of a large network (Inception) trained on a million photos. Here the
features are those of a small classifier that trains on the lesson's own real pictures in seconds: right for comparing
generations with each other, not comparable with any published FID.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import fft

from collapse_lessons import checks
from collapse_lessons.metrics.classifier import Classifier
from collapse_lessons.metrics.distances import from_each, to_neighbour
from collapse_lessons.worlds.images import check_images, split


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """Return the Frechet distance between normal clouds fitted to two sets of features, shapes (n, d) and (m, d).

    `|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^1/2)`, 0 for equal means and covariances (Heusel et al. 2017).
    """
    first = checks.array("first", first, 2, "(n, d) features", rows=2)
    second = checks.array("second", second, 2, "(m, d) features", rows=2)
    _same_features("second", second, first)
    first, second = first.astype(float), second.astype(float)
    gap = first.mean(axis=0) - second.mean(axis=0)
    c1, c2 = np.atleast_2d(np.cov(first.T)), np.atleast_2d(np.cov(second.T))
    # C1 C2 has the eigenvalues of the symmetric R C2 R with R = C1^1/2, which need no complex square root.
    values, vectors = np.linalg.eigh(c1)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    shared = np.sqrt(np.linalg.eigvalsh(root @ c2 @ root).clip(0)).sum()
    return float(max(gap @ gap + np.trace(c1) + np.trace(c2) - 2 * shared, 0))


def precision_recall(real: np.ndarray, generated: np.ndarray, k: int = 3) -> tuple[float, float]:
    """Return the share of generated features among the real ones, and of real ones among the generated.

    A point is "among" a set if it lies no further from one of its points than that point's own k-th neighbour there
    (Kynkaanniemi et al. 2019, eq. 1 and 2). Precision falls when pictures go wrong, recall when kinds are missing.

    Parameters
    ----------
    real, generated : arrays of shape (n, d) and (m, d)
    """
    real = checks.array("real", real, 2, "(n, d) features", rows=2)
    generated = checks.array("generated", generated, 2, "(m, d) features", rows=2)
    _same_features("generated", generated, real)
    k = checks.whole("k", k, 1, "the paper takes 3")
    _enough("k", k, real, generated)
    return _share_among(generated, real, k), _share_among(real, generated, k)


def coverage_density(real: np.ndarray, generated: np.ndarray, k: int = 5) -> tuple[float, float]:
    """Return the share of real features with a generated one near, and how densely real ones lie about generated ones.

    Near is within the distance to the real one's own k-th real neighbour. Density counts in how many such
    neighbourhoods a generated point lies, and divides by k: 1 for real ones in the mean, more in the thick of them
    (Naeem et al. 2020, eq. 4 and 5). The neighbourhoods are those of real points alone, so a few odd generated ones
    change neither much; `precision_recall` draws its second kind about generated points, which a stray makes wide.

    Parameters
    ----------
    real, generated : arrays of shape (n, d) and (m, d)
    """
    real = checks.array("real", real, 2, "(n, d) features", rows=2)
    generated = checks.array("generated", generated, 2, "(m, d) features", rows=1)
    _same_features("generated", generated, real)
    k = checks.whole("k", k, 1, "the paper takes 5")
    _enough("k", k, real)
    radius = to_neighbour(real, k)
    among = from_each(generated, real, lambda distances: (distances <= radius).sum(axis=1))
    covered = from_each(real, generated, lambda distances: distances.min(axis=1)) <= radius
    return float(covered.mean()), float(among.sum() / (k * len(generated)))


def _enough(name, k, *clouds):
    if k >= min(len(cloud) for cloud in clouds):
        sizes = " and ".join(str(len(cloud)) for cloud in clouds)
        raise ValueError(f"{name} must be below the number of pictures, got {k} for {sizes}: lower k")


def _same_features(name, features, others):
    if features.shape[1] != others.shape[1]:
        raise ValueError(
            f"{name} must have {others.shape[1]} features, got {features.shape[1]}: use one classifier for both"
        )


def _share_among(points, cloud, k):
    radius = to_neighbour(cloud, k)
    return float(from_each(points, cloud, lambda distances: (distances <= radius).any(axis=1)).mean())


def classes_seen(labels: np.ndarray, least: float = 0.02) -> int:
    """Return how many classes have a share above `least` among the labels, shape (n,)."""
    labels = _labels(labels)
    least = checks.number("least", least, 0, 1, "0.02 counts a class from a share of 2% up")
    return int((np.unique(labels, return_counts=True)[1] > least * len(labels)).sum())


def _labels(labels):
    return checks.tokens("labels", labels, 1, "(n,) whole numbers", checks.MOST, "number the classes")


def variance_within(features: np.ndarray, labels: np.ndarray) -> float:
    """Return the variance of the features, shape (n, d), within a class: averaged over features, then over classes."""
    features = checks.array("features", features, 2, "(n, d) features")
    labels = _labels(labels)
    if len(labels) != len(features):
        raise ValueError(f"labels must be one for each of the {len(features)} rows, got {len(labels)}: match them")
    return float(np.mean([features[labels == label].var(axis=0, dtype=float).mean() for label in np.unique(labels)]))


def high_frequency(images: np.ndarray, above: float = 0.25) -> float:
    """Return the mean power of pictures at spatial frequencies over `above` cycles per pixel: edges and fine detail.

    The power is the mean square of a pixel of what is left when all coarser cosines are taken away; halves of a cycle
    per pixel, a chessboard, are the finest a picture can hold.
    """
    images = check_images("images", images)
    above = checks.number("above", above, 0, 0.5, "0.25 is finer than two pixels light, two pixels dark")
    power = np.square(fft.dctn(images, axes=(1, 2), norm="ortho"))
    fy, fx = (np.arange(size) / (2 * size) for size in images.shape[1:3])
    fine = np.hypot(fy[:, None], fx) > above
    return float(power[:, fine].sum() / images.size)


def nearest(images: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how far each picture is from the nearest of `others`, shape (n,): the root of the mean square of pixels.

    Averaged over samples, with the training pictures as `others`, it is the generalization score of Shi et al. (2025):
    a model that hands its training pictures back scores 0.
    """
    images, others = check_images("images", images), check_images("others", others)
    if images.shape[1:] != others.shape[1:]:
        raise ValueError(f"others must be like images, {images.shape[1:]}, got {others.shape[1:]}: resize them")
    flat, others = images.reshape(len(images), -1), others.reshape(len(others), -1)
    return from_each(flat, others, lambda distances: distances.min(axis=1)) / np.sqrt(flat.shape[1])


def latent_spread(encode: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> float:
    """Return the standard deviation of the codes of pictures, averaged over latents.

    `encode` is that of the first generation's VAE, so that all generations are measured by one ruler, as in the
    supplement of Shumailov et al. (2024).
    """
    checks.function("encode", encode, "encode(images) -> (n, latent) codes", "see VAE.encode", 1)
    return float(
        checks.array("codes", encode(check_images("images", images)), 2, "(n, latent)").std(axis=0, dtype=float).mean()
    )


@dataclass
class Judge:
    """A metric for `run`: looks at a generation through a classifier and compares with real pictures held out.

    Parameters
    ----------
    classifier : Classifier
        Fitted.
    real : array of shape (n, h, w) or (n, h, w, 3)
        Real pictures that no model trained on.

    Returns, when called, the columns frechet, coverage, density, precision, recall, classes (seen, above 2%), within
    (variance within the classes the classifier sees), confidence (its mean probability of the likeliest class) and
    detail (high-frequency power); for labelled samples also agreement, the share whose label the classifier agrees
    with.
    """

    classifier: Classifier
    real: np.ndarray

    def __post_init__(self):
        checks.instance("classifier", self.classifier, Classifier, "fit one")
        self.real_features = self.classifier.features(check_images("real", self.real))

    def __call__(self, generation: Any, reference: Any = None) -> dict[str, float]:
        if not hasattr(generation, "samples"):
            raise TypeError(f"generation must be what the loop yields, got {checks.shown(generation)}: pass all of it")
        images, labels = split("the samples of generation", generation.samples)
        features, probs = self.classifier.features(images), self.classifier.probs(images)
        seen = self.classifier.classes_[probs.argmax(axis=1)]
        coverage, density = coverage_density(self.real_features, features)
        precision, recall = precision_recall(self.real_features, features)
        row = {
            "frechet": frechet_distance(self.real_features, features),
            "coverage": coverage,
            "density": density,
            "precision": precision,
            "recall": recall,
            "classes": classes_seen(seen),
            "within": variance_within(features, seen),
            "confidence": float(probs.max(axis=1).mean()),
            "detail": high_frequency(images),
        }
        return row if labels is None else row | {"agreement": float((seen == labels).mean())}
