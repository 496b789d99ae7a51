"""The image models on photos of clothes: batches against one picture at a time, and what a generation costs by n.

One thread. The picture-by-picture loops are timed on a part and scaled up.
"""

import time
from dataclasses import replace

import numpy as np
import torch

from collapse_lessons.loop import generations
from collapse_lessons.metrics.classifier import Classifier
from collapse_lessons.metrics.features import Judge
from collapse_lessons.models.diffusion import Flow
from collapse_lessons.models.vae import VAE
from collapse_lessons.worlds.datasets import clothes

SIZES = (250, 1000, 4000)
FEW_STEPS, FEW_SAMPLES = 300, 50


def seconds(function):
    """Return the best of three, in seconds."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return min(times)


def batches(name, model, X):
    """Print what batches gain: as many pictures trained on, and as many sampled, at once and one by one."""
    rng = np.random.default_rng(0)
    whole = seconds(lambda: replace(model, training_steps=FEW_STEPS).fit(X, rng)) / (FEW_STEPS * model.batch)
    single = seconds(lambda: replace(model, training_steps=FEW_STEPS, batch=1).fit(X, rng)) / FEW_STEPS
    fitted = replace(model, training_steps=1).fit(X, rng)
    at_once = 1000 / seconds(lambda: fitted.sample(1000, rng))
    one_by_one = FEW_SAMPLES / seconds(lambda: [fitted.sample(1, rng) for _ in range(FEW_SAMPLES)])
    print(f"{name:14} {1 / whole:9,.0f} {1 / single:9,.0f} {single / whole:6.0f}x   "
          f"{at_once:9,.0f} {one_by_one:9,.0f} {at_once / one_by_one:6.0f}x")  # fmt: skip


def growth(name, model, X):
    """Print the seconds of one generation, its fit and its sample, when it trains on and makes n pictures."""
    rng = np.random.default_rng(0)
    times = [
        seconds(lambda n=n: next(generations(model, X[rng.integers(len(X), size=n)], n_generations=1))) for n in SIZES
    ]
    print(f"{name:14}" + "".join(f"{t:10.2f}" for t in times))


def main():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    train, held_out = clothes()
    models = {
        "VAE": (VAE(), train["image"]),
        "flow": (Flow(), train["image"]),
        "flow, guided": (Flow(guidance=1.5), train),
    }
    print("                trained on, pictures a second    sampled, pictures a second")
    print("               in batches  one by one   gain     at once  one by one   gain")
    for name, (model, X) in models.items():
        batches(name, model, X)
    print("\nseconds a generation" + "".join(f"  n = {n:<4}" for n in SIZES))
    for name, (model, X) in models.items():
        growth(name, model, X)
    judge = Judge(Classifier(training_steps=100).fit(train, np.random.default_rng(0)), held_out["image"])
    rng = np.random.default_rng(0)
    turns = [next(generations(_Copies(), train["image"], n=n, n_generations=1)) for n in SIZES]
    print(f"{'all metrics':14}" + "".join(f"{seconds(lambda t=t: judge(t)):10.2f}" for t in turns))
    print(f"classifier for the metrics: {seconds(lambda: Classifier().fit(train, rng)):.2f} s, once")
    torch.set_num_threads(threads)


class _Copies:
    """A model that hands back what it saw: it costs nothing, so that only the metrics are timed."""

    def fit(self, X, rng):
        self.X = X
        return self

    def sample(self, n, rng):
        return self.X[rng.integers(len(self.X), size=n)]
