"""Any scikit-learn estimator that can sample, taken into the loop."""

import inspect
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, clone

from collapse_lessons import checks


class SklearnModel:
    """Wrap an estimator with `fit` and `sample`, such as GaussianMixture or KernelDensity.

    It mends what would falsify an experiment: a `random_state` fixed in the estimator (every generation would draw the
    same noise) is replaced by the loop's stream, and samples that come sorted by component are shuffled.

    Parameters
    ----------
    estimator : scikit-learn estimator
        Left untouched; each fit works on a clone.

    Attributes
    ----------
    estimator_ : estimator
        The fitted clone.
    """

    def __init__(self, estimator: BaseEstimator):
        for method in ("fit", "sample"):
            if not callable(getattr(estimator, method, None)):
                raise TypeError(
                    f"estimator must have fit and sample, got {type(estimator).__name__} without {method}: "
                    "try GaussianMixture or KernelDensity"
                )
        if getattr(estimator, "bandwidth", None) in ("scott", "silverman"):
            raise ValueError(
                f"bandwidth must be a number here, got {estimator.bandwidth!r}: scikit-learn's rule ignores the scale "
                "of the data, so give the width itself, for instance 0.1"
            )
        self.estimator = estimator

    def __repr__(self):
        return f"SklearnModel({self.estimator!r})"

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Fit a clone to X, shape (n, d)."""
        X = checks.array("X", X, 2, "(n, d) floats")
        self.estimator_ = clone(self.estimator)
        if "random_state" in self.estimator_.get_params():
            self.estimator_.set_params(random_state=_seed(rng))
        self.estimator_.fit(X)
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n rows in random order, shape (n, d)."""
        n = checks.whole("n", n, 1, "a sample has at least one row")
        if "random_state" in inspect.signature(self.estimator_.sample).parameters:
            samples = self.estimator_.sample(n, random_state=_seed(rng))
        else:
            samples = self.estimator_.set_params(random_state=_seed(rng)).sample(n)
        if isinstance(samples, tuple):  # a mixture returns its component labels too
            samples = samples[0]
        return rng.permutation(samples)


def _seed(rng):
    return int(checks.generator("rng", rng).integers(2**32))
