"""Whatever the model and its settings, a run that is stopped goes on from its files as if it had not been."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from collapse_lessons import Gaussian, Photocopier, SklearnModel, accumulate, replace
from collapse_lessons.experiments.resume import resume_run
from collapse_lessons.models.categorical import Categorical, CategoricalBatches
from collapse_lessons.models.eigenpictures import Eigenpictures
from collapse_lessons.models.gaussian import GaussianBatches
from collapse_lessons.models.ngram import NGram
from collapse_lessons.worlds import datasets
from resumed import check_goes_on

N = 12


def rng():
    return np.random.default_rng(0)


X = rng().normal(size=(N, 2))
WORDS = rng().integers(9, size=(N, 10))
PAGE = datasets.flower(height=32)[None]
MODELS = {
    "Gaussian": (Gaussian(), X),
    "Gaussian, divisor and spread": (Gaussian(ddof=0, spread=0.9), X),
    "GaussianBatches": (GaussianBatches(5), np.ones((4, 2, 3))),
    "Categorical": (Categorical(9), WORDS[:, 0]),
    "Categorical, decoded": (Categorical(9, temperature=0.9, top_p=0.95), WORDS[:, 0]),
    "CategoricalBatches": (CategoricalBatches(5), rng().integers(1, 9, (4, 2, 3))),
    "NGram": (NGram(9), WORDS),
    "NGram, decoded, narrow tokens": (NGram(9, order=3, temperature=0.9, top_p=0.9, top_k=8), WORDS.astype(np.uint8)),
    "scikit-learn": (SklearnModel(GaussianMixture(2, random_state=1)), X),
    "scikit-learn, the likeliest kept": (SklearnModel(KernelDensity(bandwidth=0.3), keep=0.8), X.astype(np.float32)),
    "Photocopier": (Photocopier(noise=0.05, shift=2, blur=0.5, jpeg=80), PAGE),
    "Eigenpictures": (Eigenpictures(3, 2), rng().random((N, 8, 8))),
}


@pytest.mark.parametrize("recipe", [replace, accumulate])
@pytest.mark.parametrize("name", MODELS)
def test_every_model_goes_on_as_if_it_had_not_been_stopped(name, recipe, tmp_path):
    check_goes_on(tmp_path, *MODELS[name], recipe)


class Turned:
    """A model whose samples lie in memory in an order of their own, as a library's may."""

    def fit(self, X, rng):
        self.mean, self.std = X.mean(axis=0), X.std(axis=0)  # sums, in the order of memory
        return self

    def sample(self, n, rng):
        rows = self.mean + self.std * rng.normal(size=(n, *self.mean.shape))
        return np.ascontiguousarray(rows.transpose(1, 2, 0)).transpose(2, 0, 1)


def backwards(pool, n, rng):
    return pool[-1][::-1]


@pytest.mark.parametrize("recipe", [replace, accumulate, backwards])
def test_samples_in_an_order_of_their_own_in_memory_go_on_alike(recipe, tmp_path):
    check_goes_on(tmp_path, Turned(), rng().normal(size=(300, 5, 4)), recipe)


def test_first_weights_that_are_drawn_anew_in_each_process_are_told_with_the_remedy(tmp_path):
    torch = pytest.importorskip("torch")

    class Network(torch.nn.Linear):
        def fit(self, X, rng):
            return self

        def sample(self, n, rng):
            return rng.normal(size=(n, 2))

    how = {"metrics": {"n": lambda generation, reference: 1}, "n_generations": 1}
    resume_run(tmp_path / "run", Network(2, 2), np.ones((4, 2)), **how)
    with pytest.raises(ValueError, match=r"or another folder to start anew; first weights are others in every process"):
        resume_run(tmp_path / "run", Network(2, 2), np.ones((4, 2)), **how)
