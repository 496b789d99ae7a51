"""A small classifier of a lesson's own real pictures, for its features and its judgement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import nn

from collapse_lessons import checks
from collapse_lessons.models.training import build, check_device, to_torch, torch_generator, train
from collapse_lessons.worlds.images import check_images, split


def perceptron(shape: tuple[int, int, int], n_features: int) -> nn.Module:
    """Return layers from pictures of `shape` (channels, h, w) to features: good for small, centred pictures."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(int(np.prod(shape)), 128), nn.SiLU(), nn.Linear(128, n_features), nn.SiLU()
    )


def convolutions(shape: tuple[int, int, int], n_features: int) -> nn.Module:
    """Return convolutions from pictures of `shape` (channels, h, w) to features: good for photos."""
    layers, channels = [], shape[0]
    for wider in (32, 64, n_features):
        layers += [nn.Conv2d(channels, wider, 3, stride=2, padding=1), nn.GroupNorm(8, wider), nn.SiLU()]
        channels = wider
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


@dataclass
class Classifier:
    """A small network that tells the classes of real pictures apart, for its features and its judgement.

    Parameters
    ----------
    network : function
        `network(shape, n_features) -> torch module`: `perceptron` or `convolutions`.
    n_features : int
        Numbers a picture is described by.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        The labels.
    """

    network: Callable = perceptron
    n_features: int = 32
    training_steps: int = 600
    batch: int = 128
    learning_rate: float = 2e-3
    device: str = "cpu"

    def __post_init__(self):
        checks.function("network", self.network, "network(shape, n_features) -> torch module", "try convolutions", 2)
        checks.whole("n_features", self.n_features, 1, "32 suit ten classes", 10**5)
        checks.whole("training_steps", self.training_steps, 1, "600 suit small pictures")
        checks.whole("batch", self.batch, 1, "128 learn fast")
        checks.number("learning_rate", self.learning_rate, 1e-7, 1, "0.002 is a good start")
        check_device(self.device)
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Train on what `labelled(images, labels)` made; the features are scaled to variance 1 on these pictures."""
        images, labels = split("X", X)
        checks.generator("rng", rng)
        if labels is None:
            raise ValueError("X must hold pictures with labels, got none: join them by labelled(images, labels)")
        x = to_torch(images, self.device)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        codes = torch.as_tensor(codes, device=self.device)
        self.shape_ = tuple(x.shape[1:])

        def make():
            features = self.network(self.shape_, self.n_features)
            return nn.ModuleDict({"features": features, "head": nn.Linear(self.n_features, len(self.classes_))})

        def loss(network, rows):
            logits = network["head"](network["features"](x[rows]))
            return nn.functional.cross_entropy(logits, codes[rows], label_smoothing=0.05)

        self.network_ = train(
            build(make, rng, self.device),
            loss,
            len(x),
            steps=self.training_steps,
            batch=self.batch,
            learning_rate=self.learning_rate,
            generator=torch_generator(rng, self.device),
        )
        self.scale_ = self._features(images).std(axis=0).clip(1e-6)
        return self

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return what describes each picture, shape (n, n_features)."""
        return self._features(images) / self.scale_

    @torch.no_grad()
    def probs(self, images: np.ndarray) -> np.ndarray:
        """Return the probability of each class, shape (n, n_classes)."""
        raw = torch.as_tensor(self._features(images), dtype=torch.float32, device=self.device)
        return self.network_["head"](raw).softmax(1).cpu().numpy().astype(float)

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Return the likeliest label of each picture, shape (n,)."""
        return self.classes_[self.probs(images).argmax(axis=1)]

    @torch.no_grad()
    def _features(self, images):
        checks.fitted(self, "network_")
        x = to_torch(check_images("images", images), self.device)
        if x.shape[1:] != self.shape_:
            raise ValueError(f"images must be like those of fit, {self.shape_}, got {tuple(x.shape[1:])}: resize them")
        return self.network_["features"](x).cpu().numpy().astype(float)
