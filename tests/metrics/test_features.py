"""Every measure against a case worked out by hand, and against another library where one has it."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.linalg import sqrtm
from sklearn.neighbors import NearestNeighbors

from collapse_lessons.metrics.classifier import Classifier, convolutions
from collapse_lessons.metrics.features import (
    Judge,
    classes_seen,
    coverage_density,
    frechet_distance,
    high_frequency,
    latent_spread,
    nearest,
    precision_recall,
    variance_within,
)
from collapse_lessons.worlds import datasets, garden
from collapse_lessons.worlds.images import labelled


@pytest.fixture(scope="module")
def digits():
    return datasets.digits()


@pytest.fixture(scope="module")
def classifier(digits):
    return Classifier().fit(digits[0], np.random.default_rng(0))


def test_frechet_distance_in_one_dimension_is_that_of_means_and_deviations():
    x = np.array([[-1.0], [1.0]])  # standard deviation sqrt(2) with divisor n - 1
    assert np.isclose(frechet_distance(x, 3 * x + 5), 25 + (3 - 1) ** 2 * 2)


def test_frechet_distance_agrees_with_a_general_matrix_root():
    rng = np.random.default_rng(0)
    for d in (2, 5, 20):
        first, second = (rng.standard_normal((300, d)) @ rng.standard_normal((d, d)) + rng.random(d) for _ in range(2))
        c1, c2 = np.cov(first.T), np.cov(second.T)
        gap = first.mean(axis=0) - second.mean(axis=0)
        exact = gap @ gap + np.trace(c1 + c2 - 2 * sqrtm(c1 @ c2).real)
        assert np.isclose(frechet_distance(first, second), exact, rtol=1e-6)


def test_frechet_distance_of_equals_is_zero_even_where_nothing_varies():
    X = np.random.default_rng(0).standard_normal((50, 4)) * [1, 1, 0, 0]
    assert frechet_distance(X, X) < 1e-6
    assert np.isclose(frechet_distance(np.zeros((5, 3)), np.ones((5, 3))), 3)


def test_precision_and_recall_by_hand():
    """k = 1 on a line: real points 0, 1, 2 reach 1 far, generated points .5, .6 and 9 reach .1, .1 and 8.4."""
    real, generated = np.array([[0.0], [1.0], [2.0]]), np.array([[0.5], [0.6], [9.0]])
    precision, recall = precision_recall(real, generated, k=1)
    assert precision == pytest.approx(2 / 3)  # 9 is far from everything real
    assert recall == pytest.approx(2 / 3)  # 1 and 2 lie within 8.4 of 9, 0 does not; .5 and .6 reach nobody


def test_precision_and_recall_agree_with_a_nearest_neighbour_library():
    rng = np.random.default_rng(0)
    real, generated = rng.standard_normal((200, 5)), 0.8 * rng.standard_normal((150, 5)) + 0.3

    def among(points, cloud, k):
        radius = NearestNeighbors(n_neighbors=k + 1).fit(cloud).kneighbors(cloud)[0][:, -1]
        return np.mean([(np.linalg.norm(cloud - p, axis=1) <= radius).any() for p in points])

    for k in (1, 3, 5):
        expected = among(generated, real, k), among(real, generated, k)
        assert precision_recall(real, generated, k) == pytest.approx(expected)


def test_copies_of_one_real_picture_have_precision_one_and_hardly_any_recall():
    real = np.random.default_rng(0).standard_normal((100, 3))
    assert precision_recall(real, np.repeat(real[:1], 100, axis=0)) == (1.0, 0.01)


def test_coverage_and_density_by_hand():
    """k = 1 on a line: real points 0, 1, 3 reach 1, 1 and 2 far. Near 0.5 are the first two, near 2.5 the last."""
    real = np.array([[0.0], [1.0], [3.0]])
    assert coverage_density(real, np.array([[0.5]]), k=1) == pytest.approx((2 / 3, 2))
    assert coverage_density(real, np.array([[0.5], [2.5], [9.0]]), k=1) == pytest.approx((1, 3 / 3))
    assert coverage_density(real, np.array([[9.0], [7.0]]), k=1) == (0, 0)
    assert coverage_density(real, np.array([[-0.5]]), k=2) == pytest.approx((2 / 3, 2 / 2)), "they reach 3, 2 and 3 far"


@pytest.mark.parametrize(("n", "m", "k"), [(100, 100, 5), (100, 200, 5), (60, 30, 2)])
def test_coverage_and_density_of_equal_clouds_are_what_the_paper_proves(n, m, k):
    """Naeem et al. 2020: coverage 1 - (n - 1)...(n - k) / ((n + m - 1)...(n + m - k)), density 1, in any dimension.

    The mean of 200 pairs of clouds is at most 5 of its standard errors away: a false alarm in a million.
    """
    rng = np.random.default_rng(0)
    found = np.array([coverage_density(rng.random((n, 3)), rng.random((m, 3)), k) for _ in range(200)])
    below = np.arange(1, k + 1)
    expected = 1 - np.prod((n - below) / (n + m - below)), 1
    assert (np.abs(found.mean(axis=0) - expected) < 5 * found.std(axis=0) / np.sqrt(len(found))).all()


def test_copies_of_one_real_picture_cover_hardly_anything_at_full_density():
    real = np.random.default_rng(0).standard_normal((100, 3))
    coverage, density = coverage_density(real, np.repeat(real[:1], 100, axis=0))
    assert coverage == density * 5 / 100, "a point lies in as many neighbourhoods as real points have it near"
    assert 0 < coverage < 0.2


def test_ten_strays_fool_recall_and_hardly_move_coverage():
    """990 generated points are one; each of ten strays reaches as far as to them, over much of what is real."""
    rng = np.random.default_rng(0)
    real, generated = rng.standard_normal((1000, 8)), np.zeros((1000, 8)) + 1e-6 * rng.standard_normal((1000, 8))
    strayed = np.concatenate([generated[:990], rng.standard_normal((10, 8))])
    assert precision_recall(real, generated)[1] < 0.01
    assert precision_recall(real, strayed)[1] > 0.3
    assert coverage_density(real, strayed)[0] - coverage_density(real, generated)[0] < 0.1


def test_classes_seen_counts_shares_above_the_limit():
    labels = np.repeat([0, 1, 5], [96, 2, 2])
    assert classes_seen(labels) == 1
    assert classes_seen(labels, least=0.019) == 3


def test_variance_within_classes_by_hand():
    features = np.array([[0.0, 0.0], [2.0, 0.0], [10.0, 7.0], [10.0, 7.0]])
    assert variance_within(features, np.array([1, 1, 4, 4])) == pytest.approx((0.5 + 0) / 2)


def test_high_frequency_by_hand():
    flat, board = np.full((1, 8, 8), 0.7), np.indices((8, 8)).sum(axis=0)[None] % 2 * 0.6 + 0.1
    assert high_frequency(flat) < 1e-12
    X = np.random.default_rng(0).random((5, 8, 6, 3))
    within = X.var(axis=(1, 2)).mean()  # power is variance: what is finer than 0 is all but each picture's mean
    assert high_frequency(X, above=0) == pytest.approx(within)
    assert high_frequency(board) > 0.7 * board.var()
    assert high_frequency(np.repeat(board, 4, axis=1), above=0.4) < high_frequency(board, above=0.4)
    waves = 0.5 + 0.5 * np.cos(np.pi * np.arange(5)[:, None, None] * (np.arange(16) + 0.5) / 16) * np.ones((5, 16, 1))
    fine = [high_frequency(wave[None], above=2.5 / 32) for wave in waves]  # k half cycles over 16 pixels: k/32
    assert np.allclose(fine, [0, 0, 0, 1 / 8, 1 / 8])


def test_nearest_by_hand():
    """Two pixels: (0, 1) is sqrt(1/2) from (0, 0), and (1, 1) is not nearer; a copy of an original is at 0."""
    others = np.array([[[0.0, 0.0]], [[1.0, 0.0]]])
    assert nearest(np.array([[[0.0, 1.0]], [[1.0, 0.0]]]), others) == pytest.approx([np.sqrt(0.5), 0])


def test_latent_spread_is_the_mean_deviation_of_the_codes():
    assert latent_spread(lambda images: np.array([[0.0, 5.0], [2.0, 5.0]]), np.zeros((2, 4, 4))) == 0.5


def test_the_classifier_learns_the_digits(digits, classifier):
    train, held_out = digits
    assert (classifier.predict(held_out["image"]) == held_out["label"]).mean() > 0.93
    assert np.allclose(classifier.features(train["image"]).std(axis=0), 1)
    probs = classifier.probs(held_out["image"])
    assert probs.shape == (797, 10)
    assert np.allclose(probs.sum(axis=1), 1, atol=1e-5)


def test_the_classifier_keeps_the_labels_it_was_given():
    X = garden.draw(200, np.random.default_rng(0))
    colour = garden.read(X)["colour"].to_numpy()
    X, label = (
        X[np.isin(colour, ["red", "yellow"])],
        np.where(colour == "red", 7, 3)[np.isin(colour, ["red", "yellow"])],
    )
    fitted = Classifier(convolutions, training_steps=60).fit(labelled(X, label), np.random.default_rng(1))
    assert set(fitted.predict(X)) == {3, 7}
    assert (fitted.predict(X) == label).mean() > 0.95


def test_the_judge_knows_real_pictures_from_a_collapse(digits, classifier):
    train, held_out = digits
    judge = Judge(classifier, held_out["image"])
    real = judge(SimpleNamespace(samples=train))
    zeros = train[train["label"] == 0]
    collapsed = judge(SimpleNamespace(samples=np.repeat(zeros["image"][:1], 500, axis=0)))
    noise = judge(SimpleNamespace(samples=np.random.default_rng(0).random((500, 8, 8))))
    assert real["frechet"] < 0.5 < 5 < min(collapsed["frechet"], noise["frechet"])
    assert real["precision"] > 0.85 > 0.5 > noise["precision"]
    assert real["recall"] > 0.85 > 0.05 > collapsed["recall"]
    assert real["coverage"] > 0.9 > 0.1 > collapsed["coverage"]
    assert abs(real["density"] - 1) < 0.1 < 0.5 < real["density"] - noise["density"]
    assert (real["classes"], collapsed["classes"]) == (10, 1)
    assert collapsed["within"] < 1e-9 < 0.2 < real["within"]
    assert real["agreement"] > 0.95
    assert "agreement" not in collapsed
    assert noise["detail"] > real["detail"]


def test_the_same_stream_gives_the_same_classifier(digits, classifier):
    again = Classifier().fit(digits[0], np.random.default_rng(0))
    assert np.array_equal(again.features(digits[1]["image"]), classifier.features(digits[1]["image"]))


def test_wrong_input_is_named(classifier, digits):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"X must hold pictures with labels, got none: join them by labelled"):
        Classifier().fit(digits[0]["image"], rng)
    with pytest.raises(ValueError, match=r"images must be like those of fit, \(1, 8, 8\), got \(1, 9, 9\): resize"):
        classifier.features(np.zeros((3, 9, 9)))
    with pytest.raises(ValueError, match=r"images must hold floats from 0 to 1, got float64 from 0.0 to 2.0"):
        high_frequency(np.linspace(0, 2, 16).reshape(1, 4, 4))
    with pytest.raises(ValueError, match="second must have 2 features, got 3"):
        frechet_distance(np.zeros((4, 2)), np.zeros((4, 3)))
    with pytest.raises(ValueError, match=r"generated must have 2 features, got 3"):
        precision_recall(np.zeros((4, 2)), np.zeros((4, 3)))
    with pytest.raises(ValueError, match="k must be below the number of pictures, got 3 for 3 and 9: lower k"):
        precision_recall(np.zeros((3, 2)), np.zeros((9, 2)))
    with pytest.raises(ValueError, match=r"generated must have 2 features, got 3"):
        coverage_density(np.zeros((9, 2)), np.zeros((4, 3)))
    with pytest.raises(ValueError, match="k must be below the number of pictures, got 5 for 5: lower k"):
        coverage_density(np.zeros((5, 2)), np.zeros((9, 2)))
    with pytest.raises(ValueError, match="labels must be one for each of the 4 rows, got 3"):
        variance_within(np.zeros((4, 2)), np.zeros(3, int))
    with pytest.raises(ValueError, match="training_steps must be a whole number of at least 1, got 0"):
        Classifier(training_steps=0)
    with pytest.raises(ValueError, match=r"must be fitted"):
        Classifier().features(np.zeros((3, 8, 8)))
