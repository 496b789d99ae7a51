"""Good values for what is public in metrics/."""

from functools import cache, partial
from types import SimpleNamespace

import numpy as np

from collapse_lessons import metrics
from collapse_lessons.metrics.classifier import Classifier, perceptron
from collapse_lessons.models.ngram import NGram
from collapse_lessons.worlds import encyclopedia

from .common import DIGITS, GREY, LABELS, NUMBER, PAGES, ROWS, SCORED, WORLD, P, X, fitted, language, rng, turn
from .kinds import Anything, Either, Ours, Shaped


@cache
def classifier():
    return Classifier(training_steps=2).fit(DIGITS, rng())


def teller():
    """Return a generation of a model that can be asked: one that always says the first words."""
    return SimpleNamespace(fitted=SimpleNamespace(write=_first_words, surprise=np.ones_like), samples=ROWS)


def _first_words(prompts, length, rng, decoder=None):
    return np.ones((len(prompts), length), dtype=int)


def _of_turn(model):
    return {"generation": turn(model), "reference": Anything()}


INPUTS = {
    "metrics.distances.from_each": lambda: {"points": X, "others": X[:3], "ask": lambda near: near.min(axis=1)},
    "metrics.distances.to_neighbour": lambda: {"cloud": X, "k": 1},
    "metrics.diversity.of_author": lambda: {"world": WORLD},
    "metrics.diversity.of_text": lambda: {"world": WORLD, "rows": ROWS},
    "metrics.evidence.differences": lambda: {
        "rows": SCORED, "y": "std", "treatment": "a", "control": "b", "generation": 1,
    },
    "metrics.evidence.interval": lambda: {"values": Either(X, Shaped(X), X > 0)},
    "metrics.evidence.power": lambda: {"pilot": X[:, 0], "n_seeds": 3, "rng": rng(), "at_least": 0.0, "n_studies": 9},
    "metrics.evidence.verdict": lambda: {"low": NUMBER, "high": NUMBER, "at_least": 0.0},
    "metrics.classifier.Classifier": lambda: {"network": perceptron},
    "metrics.classifier.Classifier.features": lambda: (classifier().features, {"images": GREY}),
    "metrics.classifier.Classifier.fit": lambda: (
        Classifier(training_steps=2).fit, {"X": DIGITS, "rng": rng()},
    ),
    "metrics.classifier.Classifier.predict": lambda: (classifier().predict, {"images": GREY}),
    "metrics.classifier.Classifier.probs": lambda: (classifier().probs, {"images": GREY}),
    "metrics.features.Judge": lambda: {"classifier": classifier(), "real": GREY},
    "metrics.features.Judge.__call__": lambda: (
        metrics.features.Judge(classifier(), GREY), {"generation": turn("flow"), "reference": Anything()},
    ),
    "metrics.features.classes_seen": lambda: {"labels": LABELS},
    "metrics.features.coverage_density": lambda: {"real": X, "generated": X + 1},
    "metrics.features.frechet_distance": lambda: {"first": X, "second": X + 1},
    "metrics.features.high_frequency": lambda: {"images": GREY},
    "metrics.features.latent_spread": lambda: {"encode": classifier().features, "images": GREY},
    "metrics.features.nearest": lambda: {"images": GREY, "others": GREY},
    "metrics.features.precision_recall": lambda: {"real": X, "generated": X + 1},
    "metrics.features.variance_within": lambda: {"features": X, "labels": np.arange(20) % 3},
    "metrics.language.Judged": lambda: {"judge": language()},
    "metrics.language.Judged.__call__": lambda: (
        metrics.language.Judged(fitted(NGram(len(encyclopedia.VOCABULARY)), ROWS)),
        {"generation": turn("ngram"), "reference": Anything()},
    ),
    "metrics.language.Knowledge": lambda: {"world": WORLD},
    "metrics.language.Knowledge.__call__": lambda: (
        metrics.language.Knowledge(WORLD), {"generation": teller(), "reference": Anything()},
    ),
    "metrics.language.answers": lambda: {"model": teller().fitted, "world": WORLD},
    "metrics.language.knowledge": lambda: {"model": teller().fitted, "world": WORLD},
    "metrics.numbers.alive": lambda: {"probs": Either(P, Shaped(P), X > 0)},
    "metrics.numbers.differ": lambda: {"probs": Either(P, Shaped(P), X > 0)},
    "metrics.pictures.crops_found": lambda: {"picture": PAGES[0], "original": PAGES[1], "columns": 4},
    "metrics.pictures.crops_recognised": lambda: {"picture": PAGES[0], "original": PAGES[1], "columns": 4},
    "metrics.pictures.fine_detail": lambda: {"picture": PAGES[0], "original": PAGES[1]},
    "metrics.pictures.laid_back": lambda: {"picture": PAGES[0], "original": PAGES[1]},
    "metrics.pictures.radial_power": lambda: {"picture": PAGES[0]},
    "metrics.pictures.ssim": lambda: {"picture": PAGES[0], "original": PAGES[1]},
    "metrics.points.coverage": lambda: {"samples": X, "real": X},
    "metrics.points.coverage_and_precision": lambda: {"generation": turn(), "reference": X},
    "metrics.points.nearest_distance": lambda: {"samples": X},
    "metrics.points.precision": lambda: {"samples": X, "real": X},
    "metrics.text.Scores": lambda: {"world": WORLD},
    "metrics.text.Scores.__call__": lambda: (
        metrics.text.Scores(WORLD), {"generation": turn("ngram"), "reference": ROWS},
    ),
    "metrics.text.check_generation": lambda: {"generation": turn(), "needed": Ours(("samples",))},
    "metrics.text.distinct": lambda: {"rows": ROWS, "end": 0},
    "metrics.text.facts": lambda: {"world": WORLD, "rows": ROWS},
    "metrics.text.perplexities": lambda: {"model": turn("ngram").fitted, "rows": ROWS, "end": 0},
    "metrics.text.perplexity": lambda: {"model": turn("ngram").fitted, "rows": ROWS, "end": 0},
    "metrics.text.repetition": lambda: {"rows": ROWS, "end": 0},
    "metrics.text.species_alive": lambda: {"world": WORLD, "rows": ROWS},
    "metrics.text.species_kl": lambda: {"world": WORLD, "rows": ROWS},
    "metrics.text.top_share": lambda: {"world": WORLD, "rows": ROWS},
    "metrics.text.words_alive": lambda: {"rows": ROWS},
} | {f"metrics.numbers.{name}": partial(_of_turn, model) for name, model in {
    "mean": "gaussian", "std": "gaussian", "var": "gaussian", "survivors": "categorical",
    "heterozygosity": "categorical", "top_share": "categorical",
}.items()}  # fmt: skip
