"""Several labs on one web: models side by side that read what they wrote themselves and what all have published."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from collapse_lessons import checks
from collapse_lessons.loop import Model


@dataclass
class Labs:
    """The models of several labs: in rows of shape (n_labs, ...) each lab reads and writes a place of its own.

    Parameters
    ----------
    model : Model
        What every lab fits a copy of.
    n_labs : int

    Attributes
    ----------
    fitted_ : list of Model
        The labs' models, once fitted.
    """

    model: Model
    n_labs: int

    def __post_init__(self):
        checks.model(self.model)
        checks.whole("n_labs", self.n_labs, 2, "one lab alone needs no Labs")
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Fit a copy of the model to each lab's rows, X of shape (n, n_labs, ...)."""
        X, rng = checks.samples("X", X), checks.generator("rng", rng)
        if X.ndim < 2 or X.shape[1] != self.n_labs:
            raise ValueError(f"X must have shape (n, {self.n_labs}, ...), got {X.shape}: give each lab its rows")
        self.fitted_ = [checks.copied(self.model).fit(X[:, lab], rng) for lab in range(self.n_labs)]
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n rows, shape (n, n_labs, ...): each lab has written its place in each of them."""
        checks.fitted(self, "fitted_")
        n, rng = checks.whole("n", n, 1, "a sample has at least one row"), checks.generator("rng", rng)
        return np.stack([lab.sample(n, rng) for lab in self.fitted_], axis=1)


@dataclass(frozen=True)
class Shared:
    """A recipe for `Labs`: each row that a lab reads is from the common shelf with a chance, else the lab's own.

    On the shelf lie the newest rows of all labs, one's own among them. No row is read twice, so the loop has to sample
    `n_labs` times as many as each lab reads.

    Parameters
    ----------
    share : float in [0, 1]
        The chance that a row is from the shelf; 0 keeps the labs apart.
    size : int
        Rows that each lab reads.
    """

    share: float
    size: int
    forgets: ClassVar[bool] = True

    def __post_init__(self):
        checks.number("share", self.share, 0, 1, "0.2 takes one row in five from the shelf")
        checks.whole("size", self.size, 1, "rows that each lab reads")
        checks.own_numbers(self)

    def __call__(self, pool, n, rng):
        rows = checks.pool(pool)[-1]
        if rows.ndim < 2:
            raise ValueError(f"pool must hold rows of shape (n, n_labs, ...), got {rows.shape}: put the model in Labs")
        labs = rows.shape[1]
        if len(rows) < self.size * labs:
            raise ValueError(f"n must be at least {labs} x {self.size} rows, got {len(rows)}: sample more")
        shelf = checks.generator("rng", rng).random((self.size, labs)) < self.share
        source = np.where(shelf, rng.integers(labs, size=shelf.shape), np.arange(labs))
        at = np.arange(self.size * labs).reshape(labs, self.size).T  # rows of its own for every reader
        return rows[at, source]
