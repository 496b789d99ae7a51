"""The laws of copied copies against the photocopier that they describe."""

import numpy as np
import pytest
from scipy import fft

from collapse_lessons import Mix, Photocopier, accumulate, theory
from collapse_lessons.models.photocopier import blur_response
from oracle import assert_mean, last

SIZE = (48, 64)


def spectrum(page):
    return fft.dctn(page.astype(float), axes=(0, 1), norm="ortho")


def grey_with_texture(seed):
    """Return a page far enough from black and white that nothing is clipped."""
    return (0.5 + 0.05 * np.random.default_rng(seed).standard_normal((1, *SIZE, 3))).clip(0.2, 0.8)


def test_copied_response():
    """Every amplitude of a page copied 3 times is multiplied by response^3, to the rounding of 32 bits."""
    real = grey_with_texture(0)
    copy = last(Photocopier(blur=1.0), real, fits=3).samples[0]
    left = theory.copied_response(blur_response(SIZE, 1.0), 3)[..., None]
    assert np.allclose(spectrum(copy), left * spectrum(real[0]), atol=1e-4)
    assert not np.allclose(spectrum(copy), left ** (4 / 3) * spectrum(real[0]), atol=1e-2)


@pytest.mark.parametrize("copies", [1, 3])
def test_copied_noise(copies):
    """E power of the noise, relative to theory, over some 10,000 amplitudes of slow waves in 30 grey pages."""
    grey, response = np.full((1, *SIZE, 3), 0.5), blur_response(SIZE, 1.0)
    slow = response > 0.8
    exact = theory.copied_noise(response, copies, noise=0.02)
    copied = [last(Photocopier(blur=1.0, noise=0.02), grey, fits=copies, seed=seed).samples[0] for seed in range(30)]
    power = [np.square(spectrum(page - 0.5))[slow] / exact[slow][:, None] for page in copied]
    wrong = theory.copied_noise(response, [copies + 1], noise=0.02) / exact
    assert_mean(np.ravel(power), 1, wrong=[wrong[slow].mean(), response[slow].mean() ** -2, 2, 0.5])


def test_copied_noise_where_nothing_is_lost_and_where_it_is_amplified():
    assert np.allclose(theory.copied_noise([1.0, 0.0], 5, noise=0.1), [5 * 0.01, 0])
    assert np.isclose(theory.copied_noise(1.2, 3, noise=1.0), 1.44 + 1.44**2 + 1.44**3)


def test_mixed_response():
    """Amplitudes after 4 copies of a pile of ten in which one page is the original."""
    real = grey_with_texture(1).repeat(10, axis=0)
    copy = last(Photocopier(blur=1.0), real, Mix(0.1), fits=5).samples[0]
    left = theory.mixed_response(blur_response(SIZE, 1.0).astype(float), 5, 0.1)
    response = blur_response(SIZE, 1.0).astype(float)
    by_hand = np.ones(SIZE)
    for copies in range(5):  # the first pile is all originals
        by_hand = response * (by_hand if copies == 0 else 0.1 + 0.9 * by_hand)
    assert np.allclose(spectrum(copy), by_hand[..., None] * spectrum(real[0]), atol=1e-4)
    assert np.allclose(left, by_hand, atol=1e-9)


def test_accumulated_response():
    """Amplitudes of the 4th copy in a pile that keeps the original and every copy."""
    real = grey_with_texture(2)
    copy = last(Photocopier(blur=1.0), real, accumulate, fits=4).samples[0]
    left = theory.accumulated_response(blur_response(SIZE, 1.0).astype(float), 4)
    assert np.allclose(spectrum(copy), left[..., None] * spectrum(real[0]), atol=1e-4)


def test_blur_width():
    """A blur of width sigma, repeated 4 times, is a blur of width 2 sigma."""
    assert theory.blur_width(1.5, 4) == 3
    assert np.allclose(blur_response(SIZE, 1.5) ** 4, blur_response(SIZE, 3.0), atol=1e-6)


@pytest.mark.parametrize("response", [0.6, 1.25, -1.25])
def test_a_share_of_originals_above_the_least_holds_and_below_does_not(response):
    """A deviation of 1 after 200 copies of a <- response ((1 - w) a + w original), the original at 0."""
    least = theory.least_original(response)
    assert least == pytest.approx(max(0, 1 - 1 / abs(response)))
    for share in (least + 0.05, max(least - 0.05, 0)):
        a = 1.0
        for _ in range(200):
            a = response * (1 - share) * a
        pull = theory.mixed_pull(response, share)
        assert abs(a) == pytest.approx(pull**200)
        assert (abs(a) < 0.01) == (pull < 1)


def test_the_widest_response_decides_and_the_rest_settles():
    H = np.array([0.3, 0.9, 1.1])
    assert theory.least_original(H) == pytest.approx(1 - 1 / 1.1)
    assert theory.mixed_response(H, 2000, 0.2) == pytest.approx(0.2 * H / (1 - theory.mixed_pull(H, 0.2)))
