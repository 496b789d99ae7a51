"""scikit-learn estimators in the loop, and the traps that the adapter keeps them out of."""

import re

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from collapse_lessons import generations, theory
from collapse_lessons.model_check import check_model
from collapse_lessons.models.scikit_learn import SklearnModel
from oracle import assert_mean

BLOBS = np.concatenate([np.random.default_rng(i).normal(10 * i, 0.5, size=(40, 2)) for i in range(3)])

ESTIMATORS = [
    GaussianMixture(3),
    GaussianMixture(3, random_state=0),
    KernelDensity(bandwidth=0.1),
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_an_estimator_goes_round_the_loop_reproducibly_and_stays_untouched(estimator):
    before = estimator.get_params()
    made = [list(generations(SklearnModel(estimator), BLOBS, n_generations=3, seed=1)) for _ in range(2)]
    for first, second in zip(*made, strict=True):
        assert first.samples.shape == (120, 2)
        assert np.array_equal(first.samples, second.samples)
    assert estimator.get_params() == before
    assert not hasattr(estimator, "means_")


def test_samples_follow_the_data():
    model = SklearnModel(KernelDensity(bandwidth=0.1)).fit(BLOBS, np.random.default_rng(0))
    samples = model.sample(3000, np.random.default_rng(1))
    assert_mean(samples[:, 0], BLOBS[:, 0].mean(), wrong=[0, 20])


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_passes_the_course_s_own_check(estimator):
    assert check_model(SklearnModel(estimator), BLOBS)["passed"].all()


def test_keep_returns_the_likeliest_in_random_order():
    """E square of the likeliest half of 40,000 normal samples."""
    model = SklearnModel(GaussianMixture(1), keep=0.5).fit(BLOBS[:40], np.random.default_rng(0))
    samples = model.sample(20_000, np.random.default_rng(1))
    root = np.linalg.cholesky(model.estimator_.covariances_[0])
    whitened = np.linalg.solve(root, (samples - model.estimator_.means_).T)
    exact = theory.kept_var(0.5, 2)
    assert samples.shape == (20_000, 2)
    assert_mean(np.square(whitened).mean(axis=0), exact, wrong=[1, exact / 2], approximate=0.01)
    scores = model.estimator_.score_samples(samples)
    assert abs(np.corrcoef(scores, np.arange(20_000))[0, 1]) < 6 / np.sqrt(20_000)


def test_keep_needs_an_estimator_that_scores():
    class Silent(KernelDensity):
        score_samples = None

    with pytest.raises(TypeError, match="estimator must have score_samples if keep is below 1, got Silent without"):
        SklearnModel(Silent(), keep=0.5)


def test_an_estimator_that_cannot_sample_is_refused():
    with pytest.raises(TypeError, match="estimator must have fit and sample, got KMeans without sample: try"):
        SklearnModel(KMeans())
    with pytest.raises(TypeError, match="estimator must be an instance, got the class GaussianMixture"):
        SklearnModel(GaussianMixture)


def test_repr_says_what_is_inside():
    assert repr(SklearnModel(KernelDensity(bandwidth=0.1))) == "SklearnModel(KernelDensity(bandwidth=0.1))"


def test_an_estimator_whose_samples_could_not_be_repeated_is_refused():
    class Unrepeatable(BaseEstimator):
        def fit(self, X, y=None):
            return self

        def sample(self, n=1):
            return np.zeros((n, 2))

    class Foreign:
        fit = sample = Unrepeatable.sample

    with pytest.raises(TypeError, match="estimator must take a random_state, got Unrepeatable"):
        SklearnModel(Unrepeatable())
    with pytest.raises(TypeError, match="estimator must be a scikit-learn estimator, got Foreign"):
        SklearnModel(Foreign())


def test_each_fit_works_on_a_clone_of_its_own():
    """An estimator that remembers its fits, as one with its own warm start does, begins each time afresh."""

    class Counting(KernelDensity):
        def fit(self, X, y=None, sample_weight=None):
            self.fits_ = getattr(self, "fits_", 0) + 1
            return super().fit(X)

    model = SklearnModel(Counting(bandwidth=0.1))
    first = model.fit(BLOBS, np.random.default_rng(0)).estimator_
    second = model.fit(BLOBS, np.random.default_rng(0)).estimator_
    assert first is not second
    assert second.fits_ == 1
    assert not hasattr(model.estimator, "fits_")


@pytest.mark.parametrize(
    ("estimator", "name"), [(GaussianMixture(3), "reg_covar=1e-06"), (KernelDensity(bandwidth=0.1), "bandwidth=0.1")]
)
def test_small_units_are_warned_of(estimator, name):
    """On data times 1e-4 every check passed, and the spread grew tenfold and more."""
    message = f"{name} is large beside real data whose smallest variance is .*: it widens the samples"
    generations(SklearnModel(estimator), BLOBS, n_generations=2)  # warns of nothing
    with pytest.warns(UserWarning, match=message):
        generations(SklearnModel(estimator), BLOBS * 1e-4, n_generations=2)
    remedy = check_model(SklearnModel(estimator), BLOBS * 1e-4).set_index("check")["remedy"]["suits X"]
    assert re.match(message, remedy)


def test_a_column_that_hardly_varies_is_warned_of():
    with pytest.warns(UserWarning, match="reg_covar"):
        generations(SklearnModel(GaussianMixture(1)), BLOBS * [1, 1e-5], n_generations=2)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("estimator", [GaussianMixture(2), KernelDensity(bandwidth=50)])
def test_data_in_narrow_floats_go_round_without_a_warning(estimator, dtype):
    """Sums of 300 numbers near 1000 are beyond half precision, and a covariance in single precision may be none."""
    real = (BLOBS * 200 + 1000).astype(dtype)
    narrow, wide = (
        list(generations(SklearnModel(estimator), data, n_generations=4))[-1].samples
        for data in (real, real.astype(float))
    )
    assert narrow == pytest.approx(wide)


def test_a_pipeline_says_what_to_do():
    pipeline = make_pipeline(StandardScaler(), GaussianMixture(2))
    with pytest.raises(TypeError, match="estimator must have fit and sample, got Pipeline without sample: try"):
        SklearnModel(pipeline)
    with pytest.raises(TypeError, match=r"model must have fit\(X, rng\) and sample\(n, rng\), got Pipeline without"):
        generations(pipeline, BLOBS, n_generations=1)
