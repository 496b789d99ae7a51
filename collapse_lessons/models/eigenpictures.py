"""Pictures without a neural network: a few numbers describe each (PCA), a mixture of normal clouds describes those."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

from collapse_lessons import checks
from collapse_lessons.models.scikit_learn import THREADS
from collapse_lessons.worlds.images import check_images


@dataclass
class Eigenpictures:
    """Write a picture as a sum of principal components and model their weights by a Gaussian mixture.

    With about as many clouds as kinds of pictures it draws clean ones and fits in a blink, which makes many generations
    and many seeds affordable (the components are the "eigenfaces" of Turk & Pentland 1991).

    Parameters
    ----------
    n_components, n_clouds : int
        Components kept and clouds in the mixture; both at most the number of pictures.

    Attributes
    ----------
    components_, mixture_ : PCA and GaussianMixture
        Fitted.
    """

    n_components: int = 40
    n_clouds: int = 30

    def __post_init__(self):
        checks.whole("n_components", self.n_components, 1, "40 suit small pictures")
        checks.whole("n_clouds", self.n_clouds, 1, "30 suit a garden")
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Fit pictures, shape (n, h, w) or (n, h, w, 3) in [0, 1]."""
        X = check_images("X", X)
        seed = int(checks.generator("rng", rng).integers(2**32))
        needed = max(self.n_components, self.n_clouds)
        if len(X) < needed:
            raise ValueError(f"X must hold at least {needed} pictures, got {len(X)}: lower n_components and n_clouds")
        self.shape_ = X.shape[1:]
        if self.n_components > X[0].size:
            raise ValueError(
                f"n_components must be at most the {X[0].size} pixels of a picture, got {self.n_components}: lower it"
            )
        with THREADS.limit(limits=1):
            self.components_ = PCA(self.n_components, random_state=seed)
            weights = self.components_.fit_transform(X.reshape(len(X), -1).astype(float))
            self.mixture_ = GaussianMixture(self.n_clouds, random_state=seed).fit(weights)
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n new pictures in random order, shape (n, h, w) or (n, h, w, 3) in [0, 1]."""
        n = checks.whole("n", n, 1, "a sample has at least one picture")
        checks.fitted(self, "mixture_")
        seed = int(checks.generator("rng", rng).integers(2**32))
        with THREADS.limit(limits=1):
            weights = self.mixture_.set_params(random_state=seed).sample(n)[0]
            shuffled = rng.permutation(weights)  # they come sorted by cloud
            pictures = self.components_.inverse_transform(shuffled).clip(0, 1)
        return pictures.astype(np.float32).reshape(n, *self.shape_)
