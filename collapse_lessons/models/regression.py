"""Linear regression: find the weights of features, label rows for the next model."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from collapse_lessons import checks


@dataclass
class Regression:
    """Fit a label to features by least squares, and label rows with it. A row is d features and, last, the label.

    Each model is taught by the labels of the one before it, the setting in which Dohmatob, Feng & Kempe (2024) and
    Gerstgrasser et al. (2024) follow a chain; `theory.replace_risk`, `theory.accumulate_risk` and `theory.sized_risk`
    say what becomes of it. With more weights than rows the fit is the one of least norm.

    Parameters
    ----------
    noise : float
        The standard deviation of the noise on every label that it gives.
    used : int, optional
        The model's size: it sees so many features, the first ones; by default all.
    same_rows : bool
        Label the first n of the rows that it was fitted to again, instead of new standard normal features.

    Attributes
    ----------
    weights_ : array of shape (d,)
        The weight of each feature, 0 for those that it does not see.
    """

    noise: float = 1.0
    used: int | None = None
    same_rows: bool = False

    def __post_init__(self):
        checks.number("noise", self.noise, 0, 1e6, "the standard deviation of a label")
        if self.used is not None:
            checks.whole("used", self.used, 1, "what the model sees; None is all")
        checks.flag("same_rows", self.same_rows, "False draws new features")
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator | None = None) -> Self:
        """Find the weights in X, shape (n, d + 1); `rng` is not needed."""
        X = checks.array("X", X, 2, "(n, d + 1) floats, the label last").astype(float, copy=False)
        features, label = X[:, :-1], X[:, -1]
        used = self.used or max(features.shape[1], 1)
        if features.shape[1] < used:
            raise ValueError(
                f"X must have a label and at least {used} feature(s), got shape {X.shape}: add columns, or lower used"
            )
        self.weights_ = np.zeros(features.shape[1])
        self.weights_[:used] = np.linalg.lstsq(features[:, :used], label, rcond=None)[0]
        self.features_ = features.copy()
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n labelled rows, shape (n, d + 1)."""
        checks.fitted(self, "weights_")
        n, rng = checks.whole("n", n, 1, "label at least one row"), checks.generator("rng", rng)
        if self.same_rows and n > len(self.features_):
            known = f"the {len(self.features_)} rows that it was fitted to"
            raise ValueError(f"n must be at most {known}, got {n}: lower n, or same_rows=False")
        features = self.features_[:n] if self.same_rows else rng.standard_normal((n, len(self.weights_)))
        return np.column_stack([features, features @ self.weights_ + self.noise * rng.standard_normal(n)])
