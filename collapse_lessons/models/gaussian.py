"""The normal distribution, refitted column by column: every column is a chain of its own."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from collapse_lessons import checks


@dataclass
class Gaussian:
    """A mean and a variance for each column; 10,000 columns are 10,000 independent chains in one array.

    Parameters
    ----------
    ddof : {0, 1}
        The variance's divisor is n - ddof: 0 for maximum likelihood, 1 for the unbiased estimator.
    spread : float in [0, 2]
        Samples have `spread` times the fitted variance: the sampling bias lambda of Alemohammad et al. (2024), eq. 2.

    Attributes
    ----------
    mean_, var_ : arrays of shape (d,)
        What `fit` found.
    """

    ddof: int = 0
    spread: float = 1.0

    def __post_init__(self):
        _check(self)
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator | None = None) -> Self:
        """Estimate mean and variance of each column of X, shape (n, d); `rng` is not needed."""
        X = checks.array("X", X, 2, "(n, d) floats; one chain is X[:, None]", rows=1 + self.ddof)
        self.mean_ = X.mean(axis=0, dtype=float)  # a sum of single precision would lose digits
        deviation = X - self.mean_
        self.var_ = np.einsum("ij,ij->j", deviation, deviation) / (len(X) - self.ddof)  # one pass, no second array
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n rows, shape (n, d)."""
        checks.fitted(self, "mean_")
        n = checks.whole("n", n, 1, "a sample has at least one row")
        samples = checks.generator("rng", rng).standard_normal((n, len(self.mean_)))
        samples *= np.sqrt(self.spread * self.var_)
        samples += self.mean_
        return samples


@dataclass
class GaussianBatches:
    """The same chains without drawing the samples: one row stands for a whole batch of `batch` of them.

    Refitting needs no more of a batch than its mean and its scatter (the sum of squared deviations from that mean),
    and their distributions are known: mean ~ N(mu, var/batch), scatter ~ var * chi2 with batch - 1 degrees of freedom
    (Cochran). Drawing the two is exact and about `batch` times cheaper.

    Parameters
    ----------
    batch : int
        Samples a row stands for, at least 2.
    ddof, spread :
        As in `Gaussian`.

    Attributes
    ----------
    mean_, var_ : arrays of shape (d,)
        What `fit` found.
    """

    batch: int
    ddof: int = 0
    spread: float = 1.0

    def __post_init__(self):
        checks.whole("batch", self.batch, 2, "a variance needs two samples")
        _check(self)
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator | None = None) -> Self:
        """Pool the batches of X, shape (k, 2, d): their means in X[:, 0] and their scatters in X[:, 1]."""
        X = checks.array("X", X, 3, "(k, 2, d): mean and scatter of k batches; see summarise").astype(float, copy=False)
        means, scatters = X[:, 0], X[:, 1]
        self.mean_ = means.mean(axis=0)
        scatter = scatters.sum(axis=0) + self.batch * np.square(means - self.mean_).sum(axis=0)
        self.var_ = scatter / (len(X) * self.batch - self.ddof)
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n batches, shape (n, 2, d)."""
        checks.fitted(self, "mean_")
        n = checks.whole("n", n, 1, "a sample has at least one batch")
        var = self.spread * self.var_
        shape = (n, len(var))
        mean = self.mean_ + np.sqrt(var / self.batch) * checks.generator("rng", rng).standard_normal(shape)
        return np.stack([mean, var * rng.chisquare(self.batch - 1, shape)], axis=1)

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Turn samples of shape (k * batch, d) into k batches, shape (k, 2, d)."""
        X = checks.array("X", X, 2, "(k * batch, d) floats", rows=self.batch)
        if len(X) % self.batch:
            surplus = len(X) % self.batch
            raise ValueError(f"X must hold a multiple of {self.batch} rows, got {len(X)}: drop the last {surplus}")
        batches = X.reshape(-1, self.batch, X.shape[1])
        return np.stack([batches.mean(axis=1, dtype=float), self.batch * batches.var(axis=1, dtype=float)], axis=1)


def _check(model):
    checks.divisor(model.ddof)
    checks.number("spread", model.spread, 0, 2, "1 samples from the fitted variance itself")
