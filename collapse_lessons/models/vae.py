"""A variational autoencoder: squeeze pictures into a few numbers and draw them again (Kingma & Welling 2014)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import nn

from collapse_lessons import checks
from collapse_lessons.models.training import build, check_training, to_numpy, to_torch, torch_generator, train
from collapse_lessons.worlds.images import check_images


def gaussian(logits: torch.Tensor, images: torch.Tensor, sigma: float = 0.5) -> torch.Tensor:
    """Return the log-likelihood of each picture, shape (n,), up to a constant: normal noise about the drawn one.

    `sigma` is that noise's standard deviation in pixel values: how exact a drawing has to be. The common squared error
    is sigma = 0.7. Of few pixels ask more: under it the codes of an 8 x 8 picture carry next to nothing. Of many ask
    less, or the codes no longer look normal together.
    """
    return -0.5 * torch.square((images - torch.sigmoid(logits)) / sigma).flatten(1).sum(1)


def bernoulli(logits: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """Return the log-likelihood of each picture, shape (n,): every pixel a coin that falls white or black.

    Common, and false for grey pixels: it takes grey for noise.
    """
    return -nn.functional.binary_cross_entropy_with_logits(logits, images, reduction="none").flatten(1).sum(1)


def divergence(mean: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    """Return the Kullback-Leibler divergence from N(0, 1) of each picture's cloud of codes, shape (n,), in nats."""
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(1)


@dataclass
class VAE:
    """Encode pictures as points of a normal cloud, decode points of the cloud as pictures.

    Parameters
    ----------
    likelihood : function
        `likelihood(logits, images) -> log-likelihood of each picture`: `gaussian`, `bernoulli`, or
        `functools.partial(gaussian, sigma=0.3)`.
    latent, width : int
        Numbers a picture is squeezed into, and units of each of the two hidden layers.
    beta : float in [0, 100]
        Weight of keeping the codes normal; 1 is the evidence lower bound itself (Higgins et al. 2017).
    training_steps, batch, learning_rate : int, int, float
        How it is trained.
    temperature : float in [0, 10]
        Factor on the codes' standard deviation in sampling; below 1 favours the likely.
    device : str
        "cpu", or "cuda" for a graphics card.

    Attributes
    ----------
    encoder_, decoder_ : torch modules
        Trained.
    """

    likelihood: Callable = gaussian
    latent: int = 8
    width: int = 128
    beta: float = 1.0
    training_steps: int = 1000
    batch: int = 64
    learning_rate: float = 4e-3
    temperature: float = 1.0
    device: str = "cpu"

    def __post_init__(self):
        check_training(self)
        checks.whole("latent", self.latent, 1, "8 suit small pictures")
        checks.whole("width", self.width, 1, "128 suit small pictures")
        checks.number("beta", self.beta, 0, 100, "1 is the evidence lower bound itself")
        checks.function("likelihood", self.likelihood, "likelihood(logits, images)", "try gaussian", 2)
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Train on pictures, shape (n, h, w) or (n, h, w, 3) in [0, 1]."""
        x = to_torch(check_images("X", X), self.device)
        self.shape_ = tuple(x.shape[1:])
        network = build(self._network, rng, self.device)
        generator = torch_generator(rng, self.device)

        def loss(network, rows):
            images = x[rows]
            mean, log_var = network["encoder"](images.flatten(1)).chunk(2, dim=1)
            noise = torch.randn(mean.shape, generator=generator, device=self.device)
            logits = network["decoder"](mean + torch.exp(0.5 * log_var) * noise).view(images.shape)
            return (self.beta * divergence(mean, log_var) - self.likelihood(logits, images)).mean()

        network = train(
            network,
            loss,
            len(x),
            steps=self.training_steps,
            batch=self.batch,
            learning_rate=self.learning_rate,
            generator=generator,
        )
        self.encoder_, self.decoder_ = network["encoder"], network["decoder"]
        return self

    @torch.no_grad()
    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n new pictures, the decoder's mean for n random codes."""
        n = checks.whole("n", n, 1, "a sample has at least one picture")
        checks.fitted(self, "decoder_")
        generator = torch_generator(rng, self.device)
        codes = self.temperature * torch.randn((n, self.latent), generator=generator, device=self.device)
        return self.decode(codes.cpu().numpy())

    @torch.no_grad()
    def encode(self, X: np.ndarray) -> np.ndarray:
        """Return the mean code of each picture, shape (n, latent)."""
        checks.fitted(self, "encoder_")
        x = to_torch(check_images("X", X), self.device)
        if x.shape[1:] != self.shape_:
            raise ValueError(
                f"X must be like the pictures of fit, {self.shape_}, got {tuple(x.shape[1:])}: resize them"
            )
        return self.encoder_(x.flatten(1))[:, : self.latent].cpu().numpy()

    @torch.no_grad()
    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Return the picture of each code; codes have shape (n, latent)."""
        checks.fitted(self, "decoder_")
        codes = checks.array("codes", codes, 2, f"(n, {self.latent})")
        if codes.shape[1] != self.latent:
            raise ValueError(f"codes must have {self.latent} columns, got {codes.shape[1]}: one number a latent")
        codes = checks.numbers("codes", codes, -1e6, 1e6, "most are between -3 and 3")
        logits = self.decoder_(torch.tensor(codes, dtype=torch.float32, device=self.device))
        return to_numpy(torch.sigmoid(logits).view(-1, *self.shape_))

    def _network(self):
        pixels = int(np.prod(self.shape_))
        return nn.ModuleDict(
            {
                "encoder": _layers(pixels, self.width, 2 * self.latent),
                "decoder": _layers(self.latent, self.width, pixels),
            }
        )


def _layers(n_in, width, n_out):
    return nn.Sequential(nn.Linear(n_in, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, n_out))
