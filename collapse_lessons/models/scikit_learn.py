"""Any scikit-learn estimator that can sample, taken into the loop."""

import inspect
import math
import warnings
from numbers import Real
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, clone
from threadpoolctl import ThreadpoolController

from collapse_lessons import checks

# The fits of the lessons are small: threads that wait for one another on a busy machine take many times longer.
THREADS = ThreadpoolController()


class SklearnModel:
    """Wrap an estimator with `fit` and `sample`, such as GaussianMixture or KernelDensity.

    It mends what would falsify an experiment: a `random_state` fixed in the estimator (every generation would draw the
    same noise) is replaced by the loop's stream, and samples that come sorted by component are shuffled.

    Parameters
    ----------
    estimator : scikit-learn estimator
        Left untouched; each fit works on a clone.
    keep : float in (0, 1]
        Share of what is drawn that `sample` keeps, the likeliest by `score_samples`; 1 samples from the fitted density
        itself, less favours the likely, as the sampling bias of Alemohammad et al. (2024) does.

    Attributes
    ----------
    estimator_ : estimator
        The fitted clone.
    """

    def __init__(self, estimator: BaseEstimator, keep: float = 1.0):
        if isinstance(estimator, type):
            raise TypeError(f"estimator must be an instance, got the class {estimator.__name__}: call it first")
        for method in ("fit", "sample"):
            if not callable(getattr(estimator, method, None)):
                raise TypeError(
                    f"estimator must have fit and sample, got {type(estimator).__name__} without {method}: "
                    "try GaussianMixture or KernelDensity"
                )
        if not callable(getattr(estimator, "get_params", None)):
            raise TypeError(
                f"estimator must be a scikit-learn estimator, got {type(estimator).__name__} without get_params: "
                "derive it from BaseEstimator, or give it fit(X, rng) and sample(n, rng) and leave out SklearnModel"
            )
        if "random_state" not in estimator.get_params() | inspect.signature(estimator.sample).parameters:
            raise TypeError(
                f"estimator must take a random_state, got {type(estimator).__name__} without: its samples could not be "
                "repeated, so let its constructor or its sample take one"
            )
        if getattr(estimator, "bandwidth", None) in ("scott", "silverman"):
            raise ValueError(
                f"bandwidth must be a number here, got {estimator.bandwidth!r}: scikit-learn's rule ignores the scale "
                "of the data, so give the width itself, for instance 0.1"
            )
        keep = checks.number("keep", keep, 1e-3, 1, "1 keeps every sample, 0.8 the likeliest four in five")
        if keep < 1 and not callable(getattr(estimator, "score_samples", None)):
            raise TypeError(
                f"estimator must have score_samples if keep is below 1, got {type(estimator).__name__} without it: "
                "keep=1 needs no scores"
            )
        self.estimator = estimator
        self.keep = keep

    def __repr__(self):
        return f"SklearnModel({self.estimator!r}" + (")" if self.keep == 1 else f", keep={self.keep})")

    def look_at(self, real: np.ndarray) -> None:
        """Warn if what the estimator adds to every variance, in the data's units, is not small beside the real data's.

        GaussianMixture adds `reg_covar` and KernelDensity the square of `bandwidth`, in every generation anew.
        """
        least = float(np.var(checks.array("real", real, 2, "(n, d) floats"), axis=0, dtype=float).min())
        for name, power, share in (("reg_covar", 1, 0.1), ("bandwidth", 2, 1)):
            value = getattr(self.estimator, name, None)
            if isinstance(value, Real) and value**power > share * least:
                warnings.warn(
                    f"{name}={value:g} is large beside real data whose smallest variance is {least:.3g}: it widens the "
                    f"samples in every generation; scale the data, or give a smaller {name}",
                    stacklevel=3,
                )

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Fit a clone to X, shape (n, d); floats in double precision, since covariances in single may be none."""
        X, rng = checks.array("X", X, 2, "(n, d) floats"), checks.generator("rng", rng)
        if X.dtype.kind == "f":
            X = X.astype(float, copy=False)
        self.estimator_ = clone(self.estimator)
        if "random_state" in self.estimator_.get_params():
            self.estimator_.set_params(random_state=_seed(rng))
        with THREADS.limit(limits=1):
            self.estimator_.fit(X)
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n rows in random order, shape (n, d)."""
        checks.fitted(self, "estimator_")
        n = checks.whole("n", n, 1, "a sample has at least one row")
        n_drawn = math.ceil(n / self.keep)
        if "random_state" in inspect.signature(self.estimator_.sample).parameters:
            samples = self.estimator_.sample(n_drawn, random_state=_seed(rng))
        else:
            samples = self.estimator_.set_params(random_state=_seed(rng)).sample(n_drawn)
        if isinstance(samples, tuple):  # a mixture returns its component labels too
            samples = samples[0]
        if self.keep < 1:
            samples = samples[np.argsort(-self.estimator_.score_samples(samples))[:n]]
        return rng.permutation(samples)


def _seed(rng):
    return int(checks.generator("rng", rng).integers(2**32))
