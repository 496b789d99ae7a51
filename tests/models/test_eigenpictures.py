"""Pictures by principal components and a mixture: exact where it can be, and fit for the loop."""

import numpy as np
import pytest

from collapse_lessons.model_check import check_model
from collapse_lessons.models.eigenpictures import Eigenpictures
from collapse_lessons.worlds import garden


@pytest.fixture(scope="module")
def real():
    return garden.draw(200, np.random.default_rng(0))


def test_it_keeps_to_the_protocol(real):
    report = check_model(Eigenpictures(10, 5), real)
    assert report["passed"].all(), report


def test_one_cloud_has_the_mean_and_the_variance_of_the_pictures():
    """Pixels far from 0 and 1 and all components kept: a normal cloud, whose moments 20,000 samples meet."""
    rng = np.random.default_rng(0)
    mixing = rng.standard_normal((4, 4))
    X = (0.5 + 0.02 * rng.standard_normal((500, 4)) @ mixing).reshape(500, 2, 2)
    samples = Eigenpictures(4, 1).fit(X, rng).sample(20_000, rng).reshape(-1, 4)
    X = X.reshape(-1, 4)
    assert np.allclose(samples.mean(axis=0), X.mean(axis=0), atol=6 * X.std(axis=0).max() / np.sqrt(20_000))
    assert np.allclose(np.cov(samples.T), np.cov(X.T), atol=0.06 * np.cov(X.T).max())


def test_flowers_it_draws_are_readable_and_of_the_right_colours(real):
    samples = Eigenpictures().fit(real, np.random.default_rng(1)).sample(2000, np.random.default_rng(2))
    seen, true = garden.shares(samples), garden.shares(real)
    assert seen["unreadable"] < 0.1
    assert all(abs(seen[colour] - true[colour]) < 0.1 for colour in garden.COLOURS)


def test_wrong_input_is_named(real):
    with pytest.raises(ValueError, match="X must hold at least 40 pictures, got 30: lower n_components and n_clouds"):
        Eigenpictures().fit(real[:30], np.random.default_rng(0))
    with pytest.raises(ValueError, match="n_components must be a whole number of at least 1, got 0"):
        Eigenpictures(0)
    with pytest.raises(ValueError, match="n_clouds must be a whole number of at least 1, got 0"):
        Eigenpictures(5, 0)
    with pytest.raises(ValueError, match="X must hold floats from 0 to 1"):
        Eigenpictures(2, 2).fit(255 * real, np.random.default_rng(0))
    with pytest.raises(ValueError, match="must be fitted"):
        Eigenpictures().sample(3, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"n_components must be at most the 4 pixels of a picture, got 5"):
        Eigenpictures(5, 1).fit(np.random.default_rng(0).random((9, 2, 2)), np.random.default_rng(0))
