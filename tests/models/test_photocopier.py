"""The photocopier: every defect alone does what it says, and none of them when all are off."""

import numpy as np
import pytest
from scipy import fft

from collapse_lessons import generations
from collapse_lessons.model_check import check_model
from collapse_lessons.models.photocopier import Photocopier, blur_response, halftone, jpeg, linear_filter
from collapse_lessons.worlds import datasets
from oracle import assert_mean

FLOWER = datasets.flower(64)
GREY = np.full((1, 40, 60, 3), 0.5)


def copied(copier, pages=FLOWER[None], seed=0):
    """Return one copy of a pile of pages."""
    return copier.fit(pages, np.random.default_rng(seed)).sample(1, np.random.default_rng(0))[0]


def test_with_every_defect_off_copies_are_perfect_for_ever():
    *_, last = generations(Photocopier(), FLOWER[None], n_generations=20)
    assert np.array_equal(last.samples[0], FLOWER)


def test_a_pile_is_averaged():
    pile = np.stack([np.full((8, 8, 3), 0.2), np.full((8, 8, 3), 0.4)])
    assert np.allclose(copied(Photocopier(), pile), 0.3)


def test_copies_of_one_pile_are_alike_and_pages_stay_in_range():
    rough = Photocopier(blur=1, halftone=4, tone=1.5, shift=1, noise=0.1, sharpen=1, jpeg=50)
    before = FLOWER.copy()
    rough.fit(FLOWER[None], np.random.default_rng(0))
    copies = rough.sample(3, np.random.default_rng(1))
    assert copies.shape == (3, *FLOWER.shape)
    assert copies.dtype == np.float32
    assert 0 <= copies.min() <= copies.max() <= 1
    assert np.array_equal(copies[0], copies[2])
    assert np.array_equal(FLOWER, before)


def test_blur_keeps_the_mean_and_multiplies_the_cosine_spectrum():
    page = 0.5 + 0.2 * (FLOWER - 0.5)  # far from black and white, where the paper would clip it
    copy = copied(Photocopier(blur=2), page[None])
    assert np.allclose(copy.mean(axis=(0, 1)), page.mean(axis=(0, 1)), atol=1e-4)
    response = blur_response(page.shape[:2], 2)
    before, after = (fft.dctn(p.astype(float), axes=(0, 1), norm="ortho") for p in (page, copy))
    assert np.allclose(after, response[..., None] * before, atol=1e-3)


def test_blur_response_is_that_of_a_gaussian():
    """A wave of 16 pixels keeps exp(-2 pi^2 sigma^2 / 256) of its amplitude: a textbook value, and a numeric one."""
    x = np.arange(200)
    wave = np.cos(2 * np.pi * x / 16)
    kernel = np.exp(-0.5 * (np.arange(-20, 21) / 2) ** 2)
    left = np.convolve(wave, kernel / kernel.sum(), "same")[96] / wave[96]
    response = blur_response((1, 200), 2)[0, 25]  # 25 half waves in 200 pixels
    assert np.isclose(response, np.exp(-2 * np.pi**2 * 4 / 256))
    assert np.isclose(left, response, atol=1e-4)


def test_noise_has_its_standard_deviation_is_fresh_every_scan_and_averages_out():
    """E square of the noise over 7200 pixels."""
    noisy = Photocopier(noise=0.05)
    first, second = copied(noisy, GREY, seed=1) - 0.5, copied(noisy, GREY, seed=2) - 0.5
    assert_mean(np.square(first).ravel(), 0.05**2, wrong=[0.05, 0.04**2])
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 6 / np.sqrt(first.size)
    pile = copied(noisy, GREY.repeat(4, axis=0), seed=3) - 0.5
    assert_mean(np.square(pile).ravel(), 0.05**2 / 4, wrong=[0.05**2, 0.05**2 / 16])


def test_tone_is_a_slope_about_mid_grey():
    page = np.full((1, 4, 4, 3), 0.6)
    assert np.allclose(copied(Photocopier(tone=2), page), 0.7)
    assert np.allclose(copied(Photocopier(tone=5), page * 1.2), 1)
    assert np.allclose(copied(Photocopier(tone=5), GREY), 0.5)


def test_shift_moves_the_whole_page_by_no_more_than_it_says():
    moved = {tuple(np.argwhere(copied(Photocopier(shift=2), spot(), seed) == 1)[0][:2]) for seed in range(300)}
    assert moved == {(5 + dy, 5 + dx) for dy in range(-2, 3) for dx in range(-2, 3)}


def spot():
    page = np.zeros((1, 12, 12, 3))
    page[0, 5, 5] = 1
    return page


def test_halftone_uses_its_levels_alone_and_keeps_the_grey():
    for levels in (2, 4):
        page = halftone(np.full((64, 64, 3), 0.3, dtype=np.float32), levels)
        assert set(np.unique(np.round(page * (levels - 1), 5))) <= set(range(levels))
        assert abs(page.mean() - 0.3) < 1 / 16 / (levels - 1)  # a 4 x 4 screen has 16 greys between two levels
    assert np.array_equal(halftone(np.ones((4, 4, 3)), 2), np.ones((4, 4, 3)))
    assert np.array_equal(halftone(np.zeros((4, 4, 3)), 2), np.zeros((4, 4, 3)))


def test_sharpening_adds_fine_detail_and_keeps_the_mean():
    page = 0.5 + 0.2 * (FLOWER - 0.5)
    copy = copied(Photocopier(sharpen=1), page[None])
    assert np.allclose(copy.mean(), page.mean(), atol=1e-4)
    assert np.square(np.diff(copy, axis=0)).sum() > 1.5 * np.square(np.diff(page, axis=0)).sum()


def test_jpeg_loses_at_once_and_then_hardly_at_all():
    once = jpeg(FLOWER, 50)
    twice = jpeg(once, 50)
    assert once.shape == FLOWER.shape
    assert once.dtype == FLOWER.dtype
    assert np.abs(twice - once).mean() < 0.5 * np.abs(once - FLOWER).mean()
    assert np.abs(jpeg(FLOWER, 95) - FLOWER).mean() < np.abs(jpeg(FLOWER, 10) - FLOWER).mean()


def test_linear_filter_with_a_response_of_1_is_the_identity():
    assert np.allclose(linear_filter(FLOWER, np.ones(FLOWER.shape[:2], dtype=np.float32)), FLOWER, atol=1e-5)


@pytest.mark.parametrize("copier", [Photocopier(noise=0.05), Photocopier(blur=1, noise=0.1, jpeg=80)])
def test_passes_the_course_s_own_check(copier):
    report = check_model(copier, np.stack([FLOWER] * 4))
    assert report["passed"].all(), report
