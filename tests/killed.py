"""Runs for a process of their own, which is killed: it imports no more than they need."""

import os
import signal
import sys
import tempfile
import time

import numpy as np

from collapse_lessons import Gaussian, metrics
from collapse_lessons.experiments.resume import resume_run

REAL = np.random.default_rng(0).normal(size=(500, 20))
METRICS = {"std": metrics.std, "mean": metrics.mean}


def cold(folder, n_generations):
    return resume_run(folder, Gaussian(), REAL, metrics=METRICS, n_generations=n_generations)


def language(folder, n_generations):
    from collapse_lessons.metrics.text import perplexity
    from collapse_lessons.models.language import CausalLM
    from collapse_lessons.models.training import Training

    model = CausalLM(
        12, context=12, width=16, heads=2, layers=1, end=0, dropout=0.1, first=Training(2), training=Training(1)
    )
    X = np.random.default_rng(0).integers(12, size=(200, 12))
    score = {"perplexity": lambda generation, reference: perplexity(generation.fitted, reference)}
    return resume_run(folder, model, X, metrics=score, n_generations=n_generations, warm_start=True)


def kill_often(folder, times):
    """Start a run, kill it a moment later, and start it again: a new set of moments every time."""
    delay = np.random.default_rng()
    with tempfile.TemporaryDirectory() as elsewhere:
        cold(elsewhere + "/run", 1)  # what is loaded once need not be loaded again by every child
    for _ in range(times):
        child = os.fork()
        if child == 0:
            cold(folder, 100_000)
        time.sleep(delay.uniform(0, 0.2))
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, "it ended by itself"


if __name__ == "__main__":
    kill_often(sys.argv[1], int(sys.argv[2]))
