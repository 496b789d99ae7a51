"""What the neural models share: seeds, devices, a plan of training, and one training loop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from collapse_lessons import checks


@dataclass(frozen=True)
class Training:
    """How long and how fast to train: AdamW, the learning rate falling to 0 along a cosine (Loshchilov & Hutter 2019).

    Parameters
    ----------
    epochs : int
        How often each row is seen.
    learning_rate : float
        At the start.
    batch : int
        Rows a step.
    """

    epochs: int = 5
    learning_rate: float = 2e-3
    batch: int = 32

    def __post_init__(self):
        checks.whole("epochs", self.epochs, 1, "5 are the Nature paper's")
        checks.number("learning_rate", self.learning_rate, 1e-8, 1, "0.002 suits small models, 0.00002 OPT-125M")
        checks.whole("batch", self.batch, 1, "32 learn fast on a CPU")
        checks.own_numbers(self)


def torch_generator(rng: np.random.Generator, device: str = "cpu") -> torch.Generator:
    """Return a torch stream seeded by `rng`; torch's global one is left alone."""
    return torch.Generator(check_device(device)).manual_seed(int(checks.generator("rng", rng).integers(2**63)))


def build(make: Callable[[], nn.Module], rng: np.random.Generator, device: str = "cpu") -> nn.Module:
    """Return `make()` on `device`, its first weights drawn from `rng`."""
    checks.function("make", make, "make()", "let it return a network", 0)
    device, seed = check_device(device), int(checks.generator("rng", rng).integers(2**63))
    with torch.random.fork_rng(devices=[]):  # layers draw their weights from the global stream: lend it, give it back
        torch.default_generator.manual_seed(seed)
        return checks.instance("what make() returns", make(), nn.Module, "let it return the network").to(device)


def train(
    network: nn.Module,
    loss: Callable[[nn.Module, torch.Tensor], torch.Tensor],
    n: int,
    *,
    steps: int,
    batch: int,
    learning_rate: float,
    generator: torch.Generator,
    decay: float = 0.99,
) -> nn.Module:
    """Minimise `loss(network, rows)` over random batches of rows; returns a network with averaged weights.

    Adam with a cosine schedule down to 0. The weights that are returned are an exponential moving average over steps
    (`decay`), which takes the jitter of the last steps out of the samples.

    Parameters
    ----------
    loss : function
        `rows`, shape (batch,), are row numbers below `n` for it to look up.
    """
    optimiser = torch.optim.Adam(network.parameters(), lr=learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(decay))
    for _ in range(steps):
        rows = torch.randint(n, (batch,), generator=generator, device=generator.device)
        value = loss(network, rows)
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        schedule.step()
        average.update_parameters(network)
    if not torch.isfinite(value):
        raise ValueError(f"learning_rate must be low enough to converge, got {learning_rate}: the loss became {value}")
    return average.module.eval().requires_grad_(False)


def check_device(device: str) -> str:
    """Return `device` if torch can use it, or say how to choose one."""
    checks.text("device", device, 'try "cpu"')
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, ValueError) as error:  # torch raises either, by build
        raise ValueError(f'device must be one that torch finds here, got {device!r}: try "cpu" ({error})') from None
    return device


def check_training(model: Any) -> None:
    """Check the fields that every neural model has: training_steps, batch, learning_rate, temperature and device."""
    checks.whole("training_steps", model.training_steps, 1, "a model that is not trained has nothing to show")
    checks.whole("batch", model.batch, 1, "64 or 128 learn fast")
    checks.number("learning_rate", model.learning_rate, 1e-7, 1, "0.002 is a good start")
    checks.number("temperature", model.temperature, 0, 10, "1 samples what was learned, less favours the likely")
    check_device(model.device)


def to_torch(images: np.ndarray, device: str) -> torch.Tensor:
    """Return pictures as a tensor of shape (n, channels, h, w)."""
    grey = images.ndim == 3
    channels_first = images[:, None] if grey else images.transpose(0, 3, 1, 2)
    # First an array of the kind that torch can read: in this machine's order of bytes, and not backwards.
    return torch.tensor(np.ascontiguousarray(channels_first, dtype=np.float32), device=device)


def to_numpy(tensor: torch.Tensor) -> np.ndarray:
    """Return a tensor of shape (n, channels, h, w) as pictures: (n, h, w) for one channel, else (n, h, w, channels)."""
    images = tensor.clamp(0, 1).cpu().numpy()
    return images[:, 0] if images.shape[1] == 1 else np.ascontiguousarray(images.transpose(0, 2, 3, 1))
