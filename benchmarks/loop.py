"""10,000 Gaussian chains over 1000 generations at n = 100, by the course's loop and by the loops people write first.

The slow ones are timed on a part and extrapolated, which their lines say.
"""

import gc
import random
import statistics
import time
import tracemalloc

import numpy as np

from collapse_lessons import Gaussian, GaussianBatches, generations, stream
from collapse_lessons.loop import DATA

CHAINS, GENERATIONS, N = 10_000, 1000, 100


def seconds(function, *args):
    """Return the best of three, in seconds."""
    times = []
    for _ in range(3):
        gc.collect()
        began = time.perf_counter()
        function(*args)
        times.append(time.perf_counter() - began)
    return min(times)


def pure_python(chains, n_generations):
    for chain in range(chains):
        rng = random.Random(chain)
        X = [rng.gauss(0, 1) for _ in range(N)]
        for _ in range(n_generations):
            mean, std = statistics.fmean(X), statistics.pstdev(X)
            X = [rng.gauss(mean, std) for _ in range(N)]


def python_lists(chains, n_generations):
    """As `pure_python`, with the sums written out: the statistics module is exact and slow."""
    for chain in range(chains):
        rng = random.Random(chain)
        X = [rng.gauss(0, 1) for _ in range(N)]
        for _ in range(n_generations):
            mean = sum(X) / N
            std = (sum((x - mean) ** 2 for x in X) / N) ** 0.5
            X = [rng.gauss(mean, std) for _ in range(N)]


def numpy_loop(chains, n_generations):
    for chain in range(chains):
        rng = np.random.default_rng(chain)
        X = rng.standard_normal(N)
        for _ in range(n_generations):
            X = rng.normal(X.mean(), X.std(), N)


def sampled(chains, n_generations):
    real = stream(DATA, 0, 0).standard_normal((N, chains))
    for _ in generations(Gaussian(), real, n_generations=n_generations):
        pass


def statistics_only(chains, n_generations):
    model = GaussianBatches(N)
    real = model.summarise(stream(DATA, 0, 0).standard_normal((N, chains)))
    for _ in generations(model, real, n_generations=n_generations):
        pass


def bare_generator(chains, n_generations):
    rng = np.random.default_rng(0)
    for _ in range(n_generations):
        rng.standard_normal((N, chains))


def peak_memory(n_generations):
    """Return the peak of the sampled path, in MB."""
    tracemalloc.start()
    sampled(1000, n_generations)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def main():
    fast = seconds(statistics_only, CHAINS, GENERATIONS)
    parts = {
        "pure Python, statistics module": (pure_python, 5, 100),
        "pure Python, sums written out": (python_lists, 10, 200),
        "NumPy, one chain at a time": (numpy_loop, 20, 1000),
        "sampled path, Gaussian": (sampled, CHAINS, 50),
        "bare random number generator": (bare_generator, CHAINS, 50),
    }
    print(f"{'statistics only, GaussianBatches':34} {fast:8.2f} s")
    for name, (function, chains, n_generations) in parts.items():
        share = chains * n_generations / (CHAINS * GENERATIONS)
        whole = seconds(function, chains, n_generations) / share
        print(f"{name:34} {whole:8.1f} s  {whole / fast:7.0f} x  (extrapolated from 1/{1 / share:.0f})")
    print(
        "peak memory under replace: " + ", ".join(f"{t} generations {peak_memory(t):.1f} MB" for t in (10, 100, 1000))
    )
