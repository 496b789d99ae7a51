"""Flow matching: the sampler is exact where the answer is known, and training finds the shares it is shown."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from collapse_lessons.model_check import check_model
from collapse_lessons.models.diffusion import CHUNK, Flow, perceptron, unet
from collapse_lessons.models.training import build, to_torch, train
from collapse_lessons.worlds.datasets import digits
from collapse_lessons.worlds.garden import draw
from collapse_lessons.worlds.images import labelled
from oracle import assert_mean

QUICK = {"training_steps": 30, "network": partial(perceptron, width=16)}
MEAN, STD = 0.1, 0.3  # of pixels that are independent and normal, on the network's scale of -1 to 1


class Oracle(nn.Module):
    """What a perfect network says about such pixels: the mean of x given the blend (1 - t) z + t x."""

    def forward(self, blend, t, label):
        t = t[:, None, None, None]
        return MEAN + t * STD**2 / (t**2 * STD**2 + (1 - t) ** 2) * (blend - t * MEAN)


def perfect(**settings):
    model = Flow(**settings)
    model.network_, model.shape_, model.classes_ = Oracle(), (1, 4, 4), None
    return model


def std_after(steps, temperature=1.0):
    """Return the exact standard deviation of the sampler's pixels: each step is a linear map of the one before."""
    factor = temperature
    for k in range(steps):
        t = k / steps
        gain = t * STD**2 / (t**2 * STD**2 + (1 - t) ** 2)
        factor *= 1 + (gain - 1) / (steps - k)
    return factor


@pytest.mark.parametrize(("steps", "temperature"), [(2, 1.0), (5, 1.0), (20, 1.0), (20, 0.5)])
def test_the_sampler_does_what_the_equations_say(steps, temperature):
    """32,000 pixels: mean and variance within six standard errors of Euler's method worked out by hand."""
    samples = perfect(steps=steps, temperature=temperature).sample(2000, np.random.default_rng(steps))
    pixels = 2 * samples.ravel().astype(float) - 1
    exact = std_after(steps, temperature)
    assert_mean(pixels, MEAN, wrong=[0.0])
    assert_mean(
        np.square(pixels - MEAN), exact**2, wrong=[std_after(steps + 20, temperature) ** 2] if steps < 20 else []
    )


def test_too_few_steps_lose_spread_and_many_lose_none():
    assert std_after(2) < 0.5 * STD
    assert 0.9 * STD < std_after(20) < std_after(200) < STD
    assert abs(std_after(2000) / STD - 1) < 0.002


@pytest.fixture(scope="module")
def greys():
    """1000 pictures of 4 x 4 pixels, dark (label 3) or, one time in four, bright (label 7)."""
    rng = np.random.default_rng(0)
    bright = rng.random(1000) < 0.25
    X = np.where(bright, 0.8, 0.2)[:, None, None] + 0.03 * rng.standard_normal((1000, 4, 4))
    return labelled(X.clip(0, 1), np.where(bright, 7, 3))


def test_it_learns_both_kinds_in_their_shares(greys):
    """Of 2000 samples a quarter is bright: a sampling error of 1%, and seven for the model's own."""
    model = Flow(training_steps=400, network=partial(perceptron, width=64)).fit(
        greys["image"], np.random.default_rng(1)
    )
    level = model.sample(2000, np.random.default_rng(2)).mean(axis=(1, 2))
    assert abs((level > 0.5).mean() - 0.25) < 0.08
    assert (np.minimum(abs(level - 0.2), abs(level - 0.8)) < 0.1).mean() > 0.95


def test_labels_travel_and_decide_what_is_drawn(greys):
    model = Flow(training_steps=400, network=partial(perceptron, width=64)).fit(greys, np.random.default_rng(1))
    samples = model.sample(2000, np.random.default_rng(2))
    assert samples.dtype.names == ("image", "label")
    assert set(samples["label"]) == {3, 7}
    assert_mean(samples["label"] == 7, model.shares_[1])
    bright = samples["image"].mean(axis=(1, 2)) > 0.5
    assert (bright == (samples["label"] == 7)).mean() > 0.98


def test_guidance_exaggerates_what_the_label_changes():
    """A network that says 0 without a label and 0.1 with it, guided by g, must draw 0.1 g: 1/2 + 0.05 g in grey."""

    class Network(nn.Module):
        def forward(self, x, t, label):
            return torch.where(label == 1, 0.0, 0.1)[:, None, None, None].expand(x.shape)

    for guidance in (0.0, 0.5, 1.0, 3.0):
        model = Flow(guidance=guidance)
        model.network_, model.shape_ = Network(), (1, 2, 2)
        model.classes_, model.shares_ = np.array([5]), np.array([1.0])
        assert np.allclose(model.sample(4, np.random.default_rng(0))["image"], 0.5 + 0.05 * guidance, atol=1e-6)


def test_it_keeps_to_the_protocol():
    report = check_model(Flow(**QUICK), digits()[0]["image"][:200])
    assert report["passed"].all(), report


def test_no_picture_comes_twice():
    samples = perfect().sample(2 * CHUNK + 7, np.random.default_rng(0))
    assert len(np.unique(samples, axis=0)) == len(samples) == 2 * CHUNK + 7


def test_unet_draws_colour_pictures_with_and_without_labels():
    X = draw(12, np.random.default_rng(0))
    model = Flow(network=partial(unet, width=8), training_steps=2, batch=4, steps=2)
    for data in (X, labelled(X, np.arange(12) % 3)):
        samples = model.fit(data, np.random.default_rng(0)).sample(3, np.random.default_rng(1))
        images = samples if samples.dtype.names is None else samples["image"]
        assert images.shape == (3, 16, 16, 3)


def test_unet_trains():
    """The loss of a small U-Net on one fixed batch falls to less than a third."""
    x = torch.as_tensor(2 * draw(16, np.random.default_rng(0)).transpose(0, 3, 1, 2) - 1)
    network = build(lambda: unet((3, 16, 16), 0, width=16), np.random.default_rng(0))
    losses = []

    def loss(network, rows):
        losses.append(nn.functional.mse_loss(network(x, torch.ones(16), None), x))
        return losses[-1]

    generator = torch.Generator().manual_seed(0)
    train(network, loss, 16, steps=40, batch=1, learning_rate=3e-3, generator=generator)
    assert losses[-1] < losses[0] / 3


def test_the_global_stream_of_torch_is_left_alone():
    before = torch.random.get_rng_state()
    Flow(**QUICK).fit(np.zeros((9, 4, 4)), np.random.default_rng(0)).sample(2, np.random.default_rng(0))
    assert torch.equal(before, torch.random.get_rng_state())


def test_averaged_weights_follow_the_steps():
    """With learning rate 0 the averaged weights are the first ones; the average is an exponential one."""
    network = build(lambda: nn.Linear(2, 1), np.random.default_rng(0))
    first = network.weight.detach().clone()
    seen = []

    def loss(network, rows):
        seen.append(network.weight.detach().clone())
        return network.weight.sum()

    generator = torch.Generator().manual_seed(0)
    averaged = train(network, loss, 5, steps=3, batch=2, learning_rate=0.1, generator=generator, decay=0.5)
    after = [*seen[1:], network.weight.detach()]
    assert torch.equal(seen[0], first)
    exact = after[0]  # torch's average starts with the weights after the first step
    for weight in after[1:]:
        exact = 0.5 * exact + 0.5 * weight
    assert torch.allclose(averaged.weight, exact)


@pytest.mark.parametrize("laid", [lambda X: X.astype(">f4"), lambda X: X[::-1].copy()[::-1], np.asfortranarray])
def test_pictures_may_lie_in_memory_in_any_way(laid):
    X = np.random.default_rng(0).random((3, 4, 4, 3), dtype=np.float32)
    assert torch.equal(to_torch(laid(X), "cpu"), to_torch(X, "cpu"))


def test_a_training_that_blows_up_says_so():
    network = nn.Linear(1, 1)
    with pytest.raises(ValueError, match=r"learning_rate must be low enough to converge, got 0.1: the loss became nan"):
        train(network, lambda net, rows: net.weight.sum() * torch.nan, 5, steps=1, batch=2, learning_rate=0.1,
              generator=torch.Generator().manual_seed(0))  # fmt: skip


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((5, 16)), r"X must have shape \(n, h, w\) or \(n, h, w, 3\), got \(5, 16\)"),
        (np.full((5, 4, 4), -0.1), r"X must hold floats from 0 to 1, got float64 from -0.1"),
        (np.zeros((5, 4, 4), dtype=int), r"X must hold floats from 0 to 1, got int64"),
        (np.zeros(3, [("photo", float, (4, 4)), ("label", int)]), r"X must have the fields image and label"),
    ],
)
def test_wrong_pictures_are_refused(X, message):
    with pytest.raises(ValueError, match=message):
        Flow(**QUICK).fit(X, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        (np.arange(4), ValueError, "labels must be one for each of the 5 images, got 4: match them"),
        (np.linspace(0, 1, 5), TypeError, "labels must hold integers from 0 .*, got dtype float64"),
        (np.arange(5) - 1, ValueError, "labels must hold integers from 0 .*, got -1 to 3"),
        (np.zeros((5, 10), int), ValueError, r"labels must be an array of shape \(n,\) whole numbers, got shape"),
        (list("abcde"), TypeError, "labels must be an array of shape .* convert it to numbers first"),
    ],
)
def test_labels_that_do_not_match_are_refused(labels, error, message):
    with pytest.raises(error, match=message):
        labelled(np.zeros((5, 4, 4)), labels)


@pytest.mark.parametrize(
    ("name", "value"),
    [("training_steps", 0), ("batch", 0), ("steps", 0), ("guidance", -1.0), ("guidance", np.nan),
     ("learning_rate", 0.0), ("temperature", 11), ("device", "quantum")],
)  # fmt: skip
def test_wrong_settings_are_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .* got {value!r}".replace("'", "['\"]")):
        Flow(**{name: value})


def test_using_it_wrongly_says_how_to_do_it_right():
    with pytest.raises(ValueError, match=r"guidance must be 1 for pictures without labels, got 2.0: fit labelled"):
        Flow(guidance=2.0, **QUICK).fit(np.zeros((5, 4, 4)), np.random.default_rng(0))
    with pytest.raises(TypeError, match=r"network must be a function .* got 'unet': try unet"):
        Flow(network="unet")
    with pytest.raises(ValueError, match="must be fitted"):
        Flow().sample(3, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"X must hold pictures of a size divisible by 8 for unet, got \(6, 8\): crop"):
        Flow(network=unet).fit(np.zeros((5, 6, 8)), np.random.default_rng(0))
    with pytest.raises(ValueError, match="width must be a multiple of 8 for unet, got 12"):
        Flow(network=partial(unet, width=12)).fit(np.zeros((5, 8, 8)), np.random.default_rng(0))
