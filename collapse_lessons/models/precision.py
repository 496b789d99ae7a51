"""The precision that a machine is fast in, found out by trying: a processor's name does not tell."""

import time

import torch
from torch import nn

from collapse_lessons.models.training import check_device

WIDTH, WIDER, LAYERS = 576, 1536, 6  # as in a language model of 135 M weights
WRITTEN, TRAINED = 16, 256  # tokens at once
CLEARLY = 0.75  # half precision has a price in digits: it must save a quarter of the time


def fast_training(device: str) -> torch.dtype:
    """Return what a device trains fastest in, mixed with single precision (autocast)."""
    return _on_card(device) or _tried(device, _train)


def fast_writing(device: str) -> torch.dtype:
    """Return what a device writes fastest with, the weights themselves being in it."""
    return _on_card(device) or _tried(device, _write)


def _on_card(device):
    """Return what the circuits of a graphics card are made for; None for another device."""
    if not check_device(device).startswith("cuda"):
        return None
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16


def _tried(device, work):
    try:
        half = work(device, torch.bfloat16)
    except (RuntimeError, TypeError):  # not every device computes in it
        return torch.float32
    return torch.bfloat16 if half < CLEARLY * work(device, torch.float32) else torch.float32


def _layers(device):
    layers = (nn.Sequential(nn.Linear(WIDTH, WIDER), nn.Linear(WIDER, WIDTH)) for _ in range(LAYERS))
    with torch.random.fork_rng(devices=[]):
        return nn.Sequential(*layers).to(device)


def _train(device, dtype):
    layers, X = _layers(device), torch.ones(TRAINED, WIDTH, device=device)

    def step():
        with torch.autocast(torch.device(device).type, dtype, enabled=dtype != torch.float32):
            loss = layers(X).sum()
        loss.backward()
        return loss

    return _seconds(step)


@torch.inference_mode()
def _write(device, dtype):
    layers, X = _layers(device).to(dtype), torch.ones(WRITTEN, WIDTH, device=device, dtype=dtype)
    return _seconds(lambda: layers(X).sum())


def _seconds(step):
    """Return the best of three: whatever else the machine does comes and goes."""
    step().item()  # the first of anything is slow
    times = []
    for _ in range(3):
        began = time.perf_counter()
        step().item()
        times.append(time.perf_counter() - began)
    return min(times)
