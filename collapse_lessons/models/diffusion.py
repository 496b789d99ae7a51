"""A small diffusion model in its simplest form, flow matching: pictures grow out of noise along straight lines.

Between a noise picture z at time 0 and a real one x at time 1 lies (1 - t) z + t x. A network learns to see through
the noise: given that blend and t, it predicts x. To sample, start from noise and keep moving towards the prediction
(Lipman et al. 2023, Liu et al. 2023; predicting x rather than the velocity learns small pictures far better).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import nn

from collapse_lessons import checks
from collapse_lessons.models.training import build, check_training, to_numpy, to_torch, torch_generator, train
from collapse_lessons.worlds.images import labelled, split

CHUNK = 250  # pictures sampled at once: enough to be quick, few enough to fit any memory
UNLABELLED = 0.15  # share of training pictures whose label is hidden, so that guidance knows both answers


def perceptron(shape: tuple[int, ...], n_classes: int, width: int = 128) -> nn.Module:
    """Return fully connected layers for small, centred pictures of `shape` (channels, h, w): quick."""
    return Perceptron(shape, n_classes, width)


def unet(shape: tuple[int, ...], n_classes: int, width: int = 32) -> nn.Module:
    """Return a small U-Net for pictures of `shape` (channels, h, w); h, w and width are multiples of 8."""
    if shape[1] % 8 or shape[2] % 8:
        raise ValueError(f"X must hold pictures of a size divisible by 8 for unet, got {shape[1:]}: crop them")
    width = checks.whole("width", width, 8, "32 is small")
    if width % 8:
        raise ValueError(f"width must be a multiple of 8 for unet, got {width}: take 32")
    return UNet(shape, n_classes, width)


@dataclass
class Flow:
    """Learn to see a picture through noise; sample by walking out of the noise. Labelled pictures are learned by class.

    Parameters
    ----------
    network : function
        `network(shape, n_classes) -> torch module`, called as `module(blend, t, label)`: `perceptron`, `unet`, a
        `functools.partial` of one, or your own.
    training_steps, batch, learning_rate : int, int, float
        How it is trained.
    steps : int
        Steps from noise to picture (Euler's method): fewer is quicker and cruder.
    temperature : float in [0, 10]
        Factor on the noise it starts from; below 1 favours the likely.
    guidance : float in [0, 20]
        For labelled pictures: exaggerate what the label changes in the prediction (Ho & Salimans 2022). 1 is faithful,
        more gives clearer pictures of fewer kinds.
    device : str
        "cpu", or "cuda" for a graphics card.

    Attributes
    ----------
    network_ : torch module
        Trained.
    classes_, shares_ : arrays of shape (n_classes,)
        The labels seen and how often, or None: `sample` draws labels with these shares.
    """

    network: Callable = perceptron
    training_steps: int = 1000
    batch: int = 64
    learning_rate: float = 4e-3
    steps: int = 20
    temperature: float = 1.0
    guidance: float = 1.0
    device: str = "cpu"

    def __post_init__(self):
        check_training(self)
        checks.whole("steps", self.steps, 1, "20 are plenty")
        checks.number("guidance", self.guidance, 0, 20, "1 is faithful, 2 is strong")
        checks.function("network", self.network, "network(shape, n_classes) -> torch module", "try unet", 2)
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Train on pictures, shape (n, h, w) or (n, h, w, 3) in [0, 1], or on what `labelled(images, labels)` made."""
        images, labels = split("X", X)
        if labels is None and self.guidance != 1:
            raise ValueError(f"guidance must be 1 for pictures without labels, got {self.guidance}: fit labelled(...)")
        x = 2 * to_torch(images, self.device) - 1
        if labels is None:
            self.classes_ = self.shares_ = codes = None
        else:
            self.classes_, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
            self.shares_ = counts / counts.sum()
            codes = torch.as_tensor(codes, device=self.device)
        hidden = n_classes = 0 if labels is None else len(self.classes_)  # one past the last class stands for "hidden"
        network = build(lambda: self.network(tuple(x.shape[1:]), n_classes), rng, self.device)
        generator = torch_generator(rng, self.device)

        def uniform(k):
            return torch.rand(k, generator=generator, device=self.device)

        def loss(network, rows):
            target, t = x[rows], uniform(len(rows))
            noise = torch.randn(target.shape, generator=generator, device=self.device)
            label = None
            if codes is not None:
                label = torch.where(uniform(len(rows)) < UNLABELLED, hidden, codes[rows])
            blend = torch.lerp(noise, target, t[:, None, None, None])
            return nn.functional.mse_loss(network(blend, t, label), target)

        self.shape_ = tuple(x.shape[1:])
        self.network_ = train(
            network,
            loss,
            len(x),
            steps=self.training_steps,
            batch=self.batch,
            learning_rate=self.learning_rate,
            generator=generator,
        )
        return self

    @torch.no_grad()
    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n new pictures like those of X, labelled if X was."""
        n = checks.whole("n", n, 1, "a sample has at least one picture")
        checks.fitted(self, "network_")
        codes = None
        if self.classes_ is not None:
            codes = checks.generator("rng", rng).choice(len(self.classes_), n, p=self.shares_)
        generator = torch_generator(rng, self.device)
        chunks = [
            self._walk(min(CHUNK, n - i), None if codes is None else codes[i : i + CHUNK], generator)
            for i in range(0, n, CHUNK)
        ]
        images = to_numpy((1 + torch.cat(chunks)) / 2)
        return images if codes is None else labelled(images, self.classes_[codes])

    def _walk(self, n, codes, generator):
        label = None if codes is None else torch.as_tensor(codes, device=self.device)
        x = self.temperature * torch.randn((n, *self.shape_), generator=generator, device=self.device)
        for step in range(self.steps):
            t = torch.full((n,), step / self.steps, device=self.device)
            # The straight line to the prediction has 1 - t still to go; one step is 1/steps of time.
            x = torch.lerp(x, self._predict(x, t, label), 1 / (self.steps - step))
        return x

    def _predict(self, x, t, label):
        if self.guidance == 1:
            return self.network_(x, t, label)
        without = self.network_(x, t, torch.full_like(label, len(self.classes_)))
        return torch.lerp(without, self.network_(x, t, label), self.guidance)


class Condition(nn.Module):
    """Turn the time, and the label if there is one, into a vector of numbers."""

    def __init__(self, n_classes, width):
        super().__init__()
        self.register_buffer("frequency", torch.pi * 2 ** torch.arange(4))
        self.time = nn.Linear(8, width)
        self.label = nn.Embedding(n_classes + 1, width) if n_classes else None

    def forward(self, t: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        angle = t[:, None] * self.frequency
        condition = self.time(torch.cat([angle.sin(), angle.cos()], dim=1))
        return condition if label is None else condition + self.label(label)


class Perceptron(nn.Module):
    """Two residual blocks over the pixels as one long vector, each told the time and the label."""

    def __init__(self, shape, n_classes, width):
        super().__init__()
        pixels = int(np.prod(shape))
        self.condition = Condition(n_classes, width)
        self.enter = nn.Linear(pixels, width)
        self.blocks = nn.ModuleList(DenseBlock(width) for _ in range(2))
        self.leave = nn.Sequential(nn.LayerNorm(width), nn.SiLU(), nn.Linear(width, pixels))

    def forward(self, x: torch.Tensor, t: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        condition = self.condition(t, label)
        h = self.enter(x.flatten(1)) + condition
        for block in self.blocks:
            h = block(h, condition)
        return self.leave(h).view(x.shape)


class DenseBlock(nn.Module):
    """Two fully connected layers with a shortcut around them."""

    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.condition = nn.Linear(width, width)
        self.layer_in = nn.Linear(width, width)
        self.layer_out = nn.Linear(width, width)

    def forward(self, h: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        scaled = self.norm(h) * (1 + self.condition(nn.functional.silu(condition)))
        return h + self.layer_out(nn.functional.silu(self.layer_in(nn.functional.silu(scaled))))


class UNet(nn.Module):
    """Down to an eighth of the resolution and up again, handing fine detail across (Ronneberger et al. 2015).

    Squares of 2 x 2 pixels come in as one with four times the channels: a quarter of the work.
    """

    def __init__(self, shape, n_classes, width):
        super().__init__()
        pixels, wide = 4 * shape[0], 4 * width
        self.condition = Condition(n_classes, wide)
        self.enter = nn.Conv2d(pixels, width, 3, padding=1)
        self.fine_in = Block(width, width, wide)
        self.coarse_in = Block(width, 2 * width, wide)
        self.middle_in = Block(2 * width, 4 * width, wide)
        self.middle_out = Block(4 * width, 2 * width, wide)
        self.coarse_out = Block(4 * width, 2 * width, wide)
        self.fine_out = Block(3 * width, width, wide)
        self.look_in, self.look, self.look_out = Attention(2 * width), Attention(4 * width), Attention(2 * width)
        self.leave = nn.Conv2d(width, pixels, 3, padding=1)

    def forward(self, x: torch.Tensor, t: torch.Tensor, label: torch.Tensor) -> torch.Tensor:  # for 32 x 32 pixels:
        condition = self.condition(t, label)
        fine = self.fine_in(self.enter(nn.functional.pixel_unshuffle(x, 2)), condition)  # (n, width, 16, 16)
        coarse = self.look_in(self.coarse_in(nn.functional.avg_pool2d(fine, 2), condition))  # (n, 2 width, 8, 8)
        h = self.look(self.middle_in(nn.functional.avg_pool2d(coarse, 2), condition))  # (n, 4 width, 4, 4)
        h = self.middle_out(h, condition)
        h = self.look_out(self.coarse_out(torch.cat([larger(h), coarse], dim=1), condition))
        h = self.fine_out(torch.cat([larger(h), fine], dim=1), condition)
        return nn.functional.pixel_shuffle(self.leave(nn.functional.silu(h)), 2)


class Block(nn.Module):
    """Two convolutions with a shortcut around them, told the time and the label in between."""

    def __init__(self, channels_in, channels_out, wide):
        super().__init__()
        self.norm_in = nn.GroupNorm(8, channels_in)
        self.conv_in = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.condition = nn.Linear(wide, 2 * channels_out)
        self.norm_out = nn.GroupNorm(8, channels_out)
        self.conv_out = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        h = self.conv_in(nn.functional.silu(self.norm_in(x)))
        scale, shift = self.condition(nn.functional.silu(condition))[:, :, None, None].chunk(2, dim=1)
        h = self.norm_out(h) * (1 + scale) + shift
        return self.shortcut(x) + self.conv_out(nn.functional.silu(h))


class Attention(nn.Module):
    """Let every place look at every other, with four heads: what makes one flower of many petals."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.ask = nn.Conv2d(channels, 3 * channels, 1)
        self.answer = nn.Conv2d(channels, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n, channels, h, w = x.shape
        query, key, value = self.ask(self.norm(x)).view(n, 3, 4, channels // 4, h * w).transpose(3, 4).unbind(1)
        seen = nn.functional.scaled_dot_product_attention(query, key, value)  # (n, 4, h w, channels / 4)
        return x + self.answer(seen.transpose(2, 3).reshape(x.shape))


def larger(x: torch.Tensor) -> torch.Tensor:
    """Return feature maps at twice the size."""
    return nn.functional.interpolate(x, scale_factor=2)
