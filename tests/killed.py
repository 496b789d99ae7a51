"""Runs for a process of their own, which is killed: it imports no more than they need."""

import numpy as np

from collapse_lessons import Gaussian, metrics
from collapse_lessons.resume import resume_run

REAL = np.random.default_rng(0).normal(size=(500, 20))
METRICS = {"std": metrics.std, "mean": metrics.mean}


def cold(folder, n_generations):
    return resume_run(folder, Gaussian(), REAL, metrics=METRICS, n_generations=n_generations)


def language(folder, n_generations):
    from collapse_lessons.models.language import CausalLM, Training
    from collapse_lessons.text_metrics import perplexity

    model = CausalLM(
        12, context=12, width=16, heads=2, layers=1, end=0, dropout=0.1, first=Training(2), training=Training(1)
    )
    X = np.random.default_rng(0).integers(12, size=(200, 12))
    score = {"perplexity": lambda generation, reference: perplexity(generation.fitted, reference)}
    return resume_run(folder, model, X, metrics=score, n_generations=n_generations, warm_start=True)
