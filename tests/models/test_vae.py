"""The autoencoder: its likelihoods and its divergence are the textbook's, and it learns what it is shown."""

import numpy as np
import pytest
import torch
from scipy.stats import bernoulli as coin
from scipy.stats import norm

from collapse_lessons.model_check import check_model
from collapse_lessons.models.vae import VAE, bernoulli, divergence, gaussian
from collapse_lessons.worlds.datasets import digits
from collapse_lessons.worlds.images import labelled

QUICK = {"training_steps": 30, "width": 16, "latent": 2}


@pytest.fixture(scope="module")
def bars():
    """1000 pictures of a white bar on the left or, three times in ten, on the right, with a little noise."""
    rng = np.random.default_rng(0)
    right = rng.random(1000) < 0.3
    X = np.full((1000, 6, 6), 0.1)
    X[~right, :, :2] = X[right, :, 4:] = 0.9
    return (X + 0.03 * rng.standard_normal(X.shape)).clip(0, 1), right


@pytest.fixture(scope="module")
def fitted(bars):
    return VAE(training_steps=600, latent=2, width=64).fit(bars[0], np.random.default_rng(1))


def test_gaussian_is_the_normal_density_up_to_a_constant():
    logits, images = torch.randn(5, 1, 3, 3), torch.rand(5, 1, 3, 3)
    mean = torch.sigmoid(logits).numpy()
    for sigma in (0.1, 0.5):
        exact = norm.logpdf(images.numpy(), mean, sigma).sum(axis=(1, 2, 3)) + 9 * np.log(sigma * np.sqrt(2 * np.pi))
        assert np.allclose(gaussian(logits, images, sigma=sigma), exact, rtol=1e-4)


def test_bernoulli_is_the_probability_of_black_and_white():
    logits, images = torch.randn(5, 1, 3, 3), torch.randint(2, (5, 1, 3, 3)).float()
    exact = coin.logpmf(images.numpy(), torch.sigmoid(logits).numpy()).sum(axis=(1, 2, 3))
    assert np.allclose(bernoulli(logits, images), exact, rtol=1e-4)


def test_divergence_is_that_from_the_standard_normal():
    mean, log_var = torch.randn(5, 3), torch.randn(5, 3)
    cloud = torch.distributions.Normal(mean, torch.exp(0.5 * log_var))
    exact = torch.distributions.kl_divergence(cloud, torch.distributions.Normal(0.0, 1.0)).sum(1)
    assert torch.allclose(divergence(mean, log_var), exact, rtol=1e-4)


def test_it_learns_both_kinds_in_their_shares(bars, fitted):
    """Of 2000 samples about 28% are right bars: a sampling error of 1%, and ten for the model's own."""
    samples = fitted.sample(2000, np.random.default_rng(2))
    assert samples.shape == (2000, 6, 6)
    assert samples.dtype == np.float32
    left, right = samples[:, :, :2].mean(axis=(1, 2)), samples[:, :, 4:].mean(axis=(1, 2))
    assert abs((right > left).mean() - bars[1].mean()) < 0.1
    assert (abs(left - right) > 0.4).mean() > 0.6  # some fall in between, as a continuous model's must


def test_codes_give_the_pictures_back(bars, fitted):
    codes = fitted.encode(bars[0])
    assert codes.shape == (1000, 2)
    assert np.sqrt(np.square(fitted.decode(codes) - bars[0]).mean()) < 0.06  # 0.03 is the noise it need not know


def test_codes_are_about_standard_normal_together(fitted, bars):
    """The cloud of all codes, their means and their widths together, is what sample() draws from: N(0, 1)."""
    assert 0.5 < fitted.encode(bars[0]).std(axis=0).max() < 1.3


@pytest.mark.parametrize("dtype", [">f8", np.longdouble, np.float16, int])
def test_codes_may_be_of_any_kind_of_number(fitted, dtype):
    codes = np.array([[0, 1], [2, -1]])
    assert np.array_equal(fitted.decode(codes.astype(dtype)), fitted.decode(codes.astype(float)))


def test_temperature_scales_the_codes(fitted):
    fitted.temperature = 0.0
    samples = fitted.sample(3, np.random.default_rng(0))
    fitted.temperature = 1.0
    assert np.array_equal(samples, fitted.decode(np.zeros((3, 2))))


def test_it_keeps_to_the_protocol():
    report = check_model(VAE(**QUICK), digits()[0]["image"][:200])
    assert report["passed"].all(), report


def test_colour_pictures_come_back_in_colour():
    X = np.random.default_rng(0).random((20, 4, 4, 3))
    assert VAE(**QUICK).fit(X, np.random.default_rng(0)).sample(7, np.random.default_rng(0)).shape == (7, 4, 4, 3)


def test_the_global_stream_of_torch_is_left_alone():
    before = torch.random.get_rng_state()
    VAE(**QUICK).fit(np.zeros((9, 4, 4)), np.random.default_rng(0)).sample(2, np.random.default_rng(0))
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((5, 16)), r"X must have shape \(n, h, w\) or \(n, h, w, 3\), got \(5, 16\)"),
        (np.zeros((5, 4, 4, 2)), r"X must have shape"),
        (np.full((5, 4, 4), 1.5), r"X must hold floats from 0 to 1, got float64 from 1.5 to 1.5: divide bytes by 255"),
        (np.zeros((5, 4, 4), dtype=np.uint8), r"X must hold floats from 0 to 1, got uint8"),
        (np.full((5, 4, 4), np.nan), r"X must hold finite numbers"),
        (np.zeros((0, 4, 4)), r"X must have at least 1 row"),
    ],
)
def test_wrong_pictures_are_refused(X, message):
    with pytest.raises(ValueError, match=message):
        VAE(**QUICK).fit(X, np.random.default_rng(0))


def test_labelled_pictures_are_refused():
    with pytest.raises(TypeError, match="X must be an array of shape"):
        VAE(**QUICK).fit(labelled(np.zeros((5, 4, 4)), np.arange(5)), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("name", "value"),
    [("training_steps", 0), ("batch", 0), ("latent", 0), ("width", 0), ("beta", -1.0), ("beta", np.inf),
     ("learning_rate", 0.0), ("temperature", -0.1), ("device", "quantum")],
)  # fmt: skip
def test_wrong_settings_are_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .* got {value!r}".replace("'", "['\"]")):
        VAE(**{name: value})


def test_a_likelihood_by_name_is_refused():
    with pytest.raises(TypeError, match=r"^likelihood must be a function likelihood.* got .gaussian.: try gaussian"):
        VAE(likelihood="gaussian")


def test_using_it_wrongly_says_how_to_do_it_right(fitted):
    with pytest.raises(ValueError, match="must be fitted"):
        VAE().sample(3, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"X must be like the pictures of fit, \(1, 6, 6\), got \(1, 8, 8\)"):
        fitted.encode(np.zeros((2, 8, 8)))
    with pytest.raises(ValueError, match="codes must have 2 columns"):
        fitted.decode(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="codes must be numbers from -1e"):
        fitted.decode(np.full((2, 2), 1e308))
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, got 0"):
        fitted.sample(0, np.random.default_rng(0))
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, got 0"):
        fitted.sample(1, 0)
