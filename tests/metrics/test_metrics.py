"""Measures of a generation, each on a case whose value is known."""

import numpy as np
import pytest
from skimage.metrics import structural_similarity
from skimage.registration import phase_cross_correlation

from collapse_lessons import metrics
from collapse_lessons.loop import Generation
from collapse_lessons.models.categorical import CategoricalBatches
from collapse_lessons.worlds import datasets

FLOWER = datasets.flower(96)


def of_samples(samples):
    return Generation(0, samples, None, np.asarray(samples, dtype=float))


def of_shares(probs):
    model = CategoricalBatches(10)
    model.probs_ = np.asarray(probs)
    return Generation(0, None, model, None)


def test_mean_std_and_var_are_averaged_over_columns():
    samples = [[0, 10], [2, 16]]
    assert metrics.mean(of_samples(samples)) == 7
    assert metrics.std(of_samples(samples)) == (1 + 3) / 2
    assert metrics.var(of_samples(samples), reference="not used") == (1 + 9) / 2


def test_categories():
    probs = [[0.5, 0.5, 0, 0], [0.25] * 4]
    assert np.array_equal(metrics.alive(probs), [2, 4])
    assert np.allclose(metrics.differ(probs), [0.5, 0.75])
    assert metrics.survivors(of_shares(probs)) == 3
    assert metrics.heterozygosity(of_shares(probs)) == 0.625
    assert metrics.top_share(of_shares(probs)) == 0.375


def test_differ_is_the_chance_that_two_samples_differ():
    probs = np.array([0.5, 0.3, 0.2])
    first, second = np.random.default_rng(0).choice(3, size=(2, 100_000), p=probs)
    exact = metrics.differ(probs)
    assert abs((first != second).mean() - exact) < 6 * np.sqrt(exact * (1 - exact) / 100_000)


def test_nearest_distance():
    assert metrics.nearest_distance(np.arange(10.0)[:, None] * 3) == 3
    clumped = np.repeat(np.arange(5.0), 2)[:, None]
    assert metrics.nearest_distance(clumped) == 0


def test_coverage_is_of_the_real_points_and_precision_of_the_samples():
    real = np.array([[0.0, 0], [1, 0], [2, 0], [3, 0]])
    samples = np.array([[0.05, 0], [9, 9]])
    assert metrics.coverage(samples, real) == 0.25
    assert metrics.precision(samples, real) == 0.5
    assert metrics.coverage(real, real) == metrics.precision(real, real) == 1


def test_ssim_is_one_for_the_same_picture_and_less_for_a_worse_one():
    noisy = (FLOWER + 0.1 * np.random.default_rng(0).standard_normal(FLOWER.shape)).clip(0, 1).astype(np.float32)
    assert np.isclose(metrics.ssim(FLOWER, FLOWER), 1)
    assert metrics.ssim(noisy, FLOWER) < 0.8


def test_ssim_of_flat_pictures_compares_their_brightness_alone():
    """Wang et al. 2004, equation 6: (2 x y + c) / (x^2 + y^2 + c) with c = 0.01^2."""
    for x, y in ((0.2, 0.8), (0.0, 1.0), (0.5, 0.5)):
        exact = (2 * x * y + 1e-4) / (x**2 + y**2 + 1e-4)
        assert np.isclose(metrics.ssim(np.full((9, 8, 3), x), np.full((9, 8, 3), y)), exact)


def test_ssim_of_a_single_window_is_the_formula():
    """Wang et al. 2004, equation 13, from the means, variances and covariance of 49 pixels, averaged over colours."""
    one, other = np.random.default_rng(0).random((2, 7, 7, 3))
    colours = []
    for x, y in zip(one.reshape(49, 3).T, other.reshape(49, 3).T, strict=True):
        (var_x, both), (_, var_y) = np.cov(x, y)
        alike = (2 * x.mean() * y.mean() + 1e-4) / (x.mean() ** 2 + y.mean() ** 2 + 1e-4)
        colours.append(alike * (2 * both + 9e-4) / (var_x + var_y + 9e-4))
    assert np.isclose(metrics.ssim(one, other), np.mean(colours))
    assert metrics.ssim(one, 1 - one) < 0  # its negative


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ssim_is_that_of_scikit_image(dtype):
    worse = (FLOWER + 0.2 * np.random.default_rng(0).standard_normal(FLOWER.shape)).clip(0, 1).astype(dtype)
    theirs = structural_similarity(worse, FLOWER.astype(dtype), channel_axis=-1, data_range=1.0)
    assert np.isclose(metrics.ssim(worse, FLOWER.astype(dtype)), theirs, rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble, ">f4"])
def test_pictures_may_be_of_any_precision(dtype):
    assert np.isclose(metrics.ssim(FLOWER.astype(dtype), FLOWER.astype(dtype)), 1)
    assert np.isclose(metrics.fine_detail(FLOWER.astype(dtype), FLOWER), 1, atol=0.01)


@pytest.mark.parametrize("by", [(0, 0), (5, -3), (-47, 70), (96, 148)])
def test_a_shifted_picture_is_laid_back(by):
    noise = 0.05 * np.random.default_rng(0).standard_normal(FLOWER.shape).astype(np.float32)
    moved = (np.roll(FLOWER, by, axis=(0, 1)) + noise).clip(0, 1)
    assert np.array_equal(metrics.laid_back(np.roll(FLOWER, by, axis=(0, 1)), FLOWER), FLOWER)
    assert np.array_equal(metrics.laid_back(moved, FLOWER), np.roll(moved, (-by[0], -by[1]), axis=(0, 1)))
    offset = phase_cross_correlation(FLOWER.mean(axis=-1), moved.mean(axis=-1))[0]
    assert np.array_equal(metrics.laid_back(moved, FLOWER), np.roll(moved, offset.astype(int), axis=(0, 1)))


def test_a_flat_picture_is_laid_back_as_it_is():
    assert np.array_equal(metrics.laid_back(np.zeros((8, 9, 3)), FLOWER[:8, :9]), np.zeros((8, 9, 3)))


@pytest.mark.parametrize("period", [4, 8, 32])
def test_radial_power_finds_the_wave_of_a_picture(period):
    x = np.arange(64)
    wave = 0.5 + 0.2 * np.cos(2 * np.pi * (x + 0.5) / period)
    frequency, power = metrics.radial_power(np.broadcast_to(wave[None, :, None], (64, 64, 3)))
    assert frequency.shape == power.shape == (32,)
    power = power[1:]  # the first ring holds the mean
    assert abs(frequency[1:][np.argmax(power)] - 1 / period) <= frequency[0]
    assert power.max() > 1e6 * np.median(power)


def test_white_noise_has_the_same_power_in_every_ring():
    noise = 0.5 + 0.05 * np.random.default_rng(0).standard_normal((64, 64, 3)).clip(-5, 5)
    _, power = metrics.radial_power(noise, n_bins=8)
    rings = 3 * 64 * 64 * np.pi / 4 * np.diff(np.arange(9) ** 2) / 64
    assert (np.abs(power[1:] / 0.05**2 - 1) < 6 * np.sqrt(2 / rings[1:]) + 0.01).all()


def test_fine_detail():
    halved = 0.5 + 0.5 * (FLOWER - 0.5)
    assert np.isclose(metrics.fine_detail(FLOWER, FLOWER), 1)
    assert np.isclose(metrics.fine_detail(halved, FLOWER), 0.25)
    assert metrics.fine_detail(np.full_like(FLOWER, 0.5), FLOWER) < 1e-6


def test_crops_recognised():
    assert metrics.crops_recognised(FLOWER, FLOWER) == 1
    assert metrics.crops_recognised(0.3 + 0.2 * FLOWER, FLOWER) == 1  # brightness and contrast cost nothing
    assert metrics.crops_recognised(np.full_like(FLOWER, 0.5), FLOWER) == 0
    assert metrics.crops_recognised(FLOWER[::-1], FLOWER) < 0.3
    half = FLOWER.copy()
    half[: len(half) // 2] = 0.5
    assert metrics.crops_recognised(half, FLOWER) == 0.5
    assert (metrics.crops_found(half, FLOWER) == (np.arange(6) >= 3)[:, None]).all()


def test_coverage_is_measured_with_the_generation_s_own_noise():
    """With a fixed seed all generations would share the luck of one draw."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 2))

    class Normal:
        def sample(self, n, rng):
            return rng.normal(size=(n, 2))

    made = [Generation(t, points, Normal(), rng.normal(size=(60, 2))) for t in range(20)]
    found = [metrics.coverage_and_precision(turn, points)["coverage"] for turn in made]
    assert len(set(found)) > 5
    assert metrics.coverage_and_precision(made[0], points)["coverage"] == found[0]
