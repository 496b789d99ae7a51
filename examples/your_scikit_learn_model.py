"""Your scikit-learn model in the loop: an estimator that samples, alone and behind a scaler."""

import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

from collapse_lessons import Mix, SklearnModel, check_model, metrics, replace, sweep
from collapse_lessons.worlds import datasets


class Scaled:
    """A pipeline: `fit` goes through the scaler and back goes `sample`, which a Pipeline of scikit-learn lacks."""

    def fit(self, X, rng):
        self.scaler = StandardScaler().fit(X)
        self.mixture = SklearnModel(GaussianMixture(5)).fit(self.scaler.transform(X), rng)
        return self

    def sample(self, n, rng):
        return self.scaler.inverse_transform(self.mixture.sample(n, rng))


real = datasets.moons(200, np.random.default_rng(0)) * [1, 1000]  # in metres and in millimetres
report = check_model(Scaled(), real)
rows = sweep(
    Scaled(),
    real,
    {"replace": replace, "10% real": Mix(0.1)},
    seeds=range(3),
    metrics={"std": metrics.std},
    n_generations=5,
)
if __name__ == "__main__":
    print(report)
    print(rows.groupby(["recipe", "generation"])["std"].median().unstack("recipe"))
