"""Clouds of points, and the ellipses that a mixture fits to them."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from sklearn.mixture import GaussianMixture

from collapse_lessons import checks
from collapse_lessons.plots.arguments import check_colour, check_titles, check_width, listed, row_of_axes
from collapse_lessons.plots.style import BLUE, RED


def clouds(
    samples: Sequence[np.ndarray],
    titles: Sequence[str],
    axes: Sequence[Axes] | None = None,
    *,
    width: float = 10.0,
    color: str = BLUE,
) -> Sequence[Axes]:
    """Scatter sets of points, shape (n, 2), side by side on the axes of the first; returns the array of Axes.

    Points that leave the frame are counted in its corner, so that a blow-up is not mistaken for a loss.
    """
    samples = [checks.array("samples", X, 2, "(n, 2) points").astype(float) for X in listed("samples", samples)]
    for X in samples:
        if X.shape[1] != 2:
            raise ValueError(f"samples must be points of shape (n, 2), got {X.shape}: choose two columns")
    titles, color = check_titles(titles, len(samples)), check_colour(color)
    axes, width = row_of_axes(axes, len(samples)), check_width(width)
    if axes is None:
        axes = plt.subplots(1, len(samples), figsize=(width, width / len(samples) + 0.3), squeeze=False)[1][0]
        axes[0].figure.subplots_adjust(0.01, 0.01, 0.99, 0.86, wspace=0.06)
    low, high = np.min(samples[0], axis=0), np.max(samples[0], axis=0)
    margin = np.where(high > low, 0.15 * (high - low), 0.5)  # a column of one value has a width too
    low, high = low - margin, high + margin
    for ax, X, title in zip(axes, samples, titles, strict=True):
        ax.scatter(*np.transpose(X), s=5, color=color, linewidths=0)
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xticks=[], yticks=[])
        ax.set_title(title, fontsize=10, loc="center")
        ax.spines[:].set_visible(True)
        outside = int(((low > X) | (high < X)).any(axis=1).sum())
        if outside:
            ax.text(
                0.97,
                0.04,
                f"{outside} outside",
                transform=ax.transAxes,
                ha="right",
                fontsize=10,
                bbox={"color": "white", "alpha": 0.8, "pad": 1},
            )
    return axes


def ellipses(mixture: GaussianMixture, ax: Axes, *, color: str = RED) -> Axes:
    """Draw the components of a fitted scikit-learn GaussianMixture in two dimensions, each out to two deviations.

    Good for seeing what a mixture believes; it leaves out the weights.
    """
    checks.instance("mixture", mixture, GaussianMixture, "fit one of scikit-learn's")
    checks.fitted(mixture, "covariances_")
    checks.instance("ax", ax, Axes, "draw the points first")
    color = check_colour(color)
    if mixture.covariance_type != "full" or mixture.means_.shape[1] != 2:
        raise ValueError(
            f"mixture must have full covariances in 2 dimensions, got {mixture.covariance_type!r} in "
            f"{mixture.means_.shape[1]}: fit GaussianMixture with its default to (n, 2) points"
        )
    variances, directions = np.linalg.eigh(mixture.covariances_)  # (k, 2) ascending, (k, 2, 2) axes in columns
    minor, major = 4 * np.sqrt(variances).T
    angles = np.degrees(np.arctan2(directions[:, 1, 1], directions[:, 0, 1]))
    ax.add_collection(
        EllipseCollection(
            major, minor, angles, units="xy", offsets=mixture.means_, offset_transform=ax.transData,
            facecolors=color, edgecolors=color, linewidths=2, alpha=0.45,
        )
    )  # fmt: skip
    return ax
