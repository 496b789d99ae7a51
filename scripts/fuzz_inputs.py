"""Good values for every argument of everything public, so that `fuzz.py` can spoil one of them at a time.

A name that is missing here fails a test: new code does not escape. What has a default needs no value, unless the
default is None or says too little. `Either` lists several kinds of good values, the first of which is used; `Anything`
marks an argument that takes whatever there is.
"""

import gzip
import tarfile
import tempfile
from copy import deepcopy
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from collapse_lessons import Run, generations, metrics, recipes, tables, theory
from collapse_lessons.course import progress
from collapse_lessons.defences import curation, detectors, filters, verify, watermark
from collapse_lessons.defences.watermarked import Watermarked
from collapse_lessons.experiments import protocol, records
from collapse_lessons.models import checkpoints
from collapse_lessons.models.categorical import Categorical, CategoricalBatches
from collapse_lessons.models.decoding import Beams, Sampling
from collapse_lessons.models.diffusion import Flow
from collapse_lessons.models.eigenpictures import Eigenpictures
from collapse_lessons.models.gaussian import Gaussian, GaussianBatches
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.ngram import NGram
from collapse_lessons.models.photocopier import Photocopier
from collapse_lessons.models.prompts import Given, Own
from collapse_lessons.models.scikit_learn import SklearnModel
from collapse_lessons.models.training import Training
from collapse_lessons.models.vae import VAE
from collapse_lessons.web import labs, stock
from collapse_lessons.web.crawl import Web
from collapse_lessons.worlds import corpora, downloads, encyclopedia, garden, images


class Either:
    """Several kinds of good values; the first one is used."""

    def __init__(self, *values):
        self.values, self.value = values, values[0]


class Anything:
    """A good value where any other may be one too."""

    def __init__(self, value=None):
        self.value = value


class Ours(Anything):
    """A value that the course's own code writes there, and no user: it is not tried."""


class Shaped:
    """A number, or an array of them of any shape; whole ones only if this one is."""

    def __init__(self, value):
        self.value = value


def rng():
    return np.random.default_rng(0)


X = rng().normal(size=(20, 2))
P = np.array([0.5, 0.3, 0.2])
FITS, SHARE, NUMBER = Shaped(2), Shaped(0.1), Shaped(3.0)
WORLD = encyclopedia.Encyclopedia(n_species=20)
ARTICLES = WORLD.articles(6, rng())
ROWS = encyclopedia.pages(ARTICLES)
SMALL = rng().integers(0, 9, (8, 12))  # rows of tokens for models of nine words
PAGES = rng().random((2, 16, 16, 3))
GREY = rng().random((24, 8, 8))
LABELS = np.arange(24) % 3
DIGITS = images.labelled(GREY, LABELS)
SCORED = pd.DataFrame(
    {"recipe": list("aabb") * 2, "seed": [0, 1] * 4, "generation": [0] * 4 + [1] * 4, "std": np.arange(8.0)}
)
KEPT = pd.DataFrame({"question": ["01.1"], "prediction": [1.0], "result": [1.0], "hit": [True], "sure": [0.8]})
FRAME = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "x"]})
RATIOS = pd.DataFrame({"a": [1.0, 2.0]})
SOURCE = {"name": "a", "revision": "1", "licence": "CC0"}
RESPONSE = Shaped(0.5)


def draw(n, rng):
    return rng.normal(size=(n, 2))


def write(n, rng):
    return encyclopedia.pages(WORLD.articles(n, rng))


def reward(rows):
    return np.reshape(rows, (len(rows), -1))[:, 0]


def truth(rows):
    return np.reshape(rows, (len(rows), -1))[:, 0] > 0


def flags(rows, synthetic, rng):
    return synthetic


def crawl(pool, n, rng):
    return pool[-1][:n], np.ones(n, dtype=bool)


def score(generation, seed):
    return {"std": 1.0}


def tokenizer(lines, add_special_tokens=False):
    return {"input_ids": [[ord(letter) for letter in line] for line in lines]}


def ax():
    return plt.figure().add_subplot()


def drawing():
    return plt.figure(), "a", "a"


@cache
def _turn(model):
    return next(generations(MODELS[model](), DATA[model], n_generations=1))


def turn(model="gaussian"):
    """Return generation 0 of a small model, fitted once and copied."""
    return deepcopy(_turn(model))


@cache
def _language():
    return CausalLM(9, context=12, width=8, layers=1, heads=2, first=Training(1), end=0).fit(SMALL, rng())


def language():
    return deepcopy(_language())


@cache
def classifier():
    return metrics.features.Classifier(training_steps=2).fit(DIGITS, rng())


@cache
def detector():
    return detectors.TextDetector().fit(ROWS[:2], ROWS[2:4], ROWS[4:])


def setting():
    return protocol.Setting(language(), SMALL, SMALL, encyclopedia.encode, encyclopedia.decode, {"data": [SOURCE]})


def pocket_protocol():
    return protocol.Protocol(training=Training(1), block=4, n_generations=1)


def network():
    return language().network_


def prompts():
    return torch.zeros((2, 3), dtype=torch.long)


def stream():
    return torch.Generator().manual_seed(0)


MODELS = {
    "gaussian": Gaussian,
    "categorical": lambda: Categorical(3),
    "ngram": lambda: NGram(len(encyclopedia.VOCABULARY)),
    "flow": lambda: Flow(training_steps=2, steps=2),
}
DATA = {"gaussian": X, "categorical": np.array([0, 1, 2, 0]), "ngram": ROWS, "flow": DIGITS}
REAL = Either(X, Shaped(X), X[:, 0] > 0, DIGITS, FRAME)
LOOP = {
    "model": Gaussian(), "real": REAL, "recipe": recipes.replace, "metrics": {"std": metrics.std}, "n_generations": 2,
    "n": 20, "reference": Anything(), "keep": [0], "view": metrics.std, "label": "a",
}  # fmt: skip


@cache
def mixture():
    return GaussianMixture(2, random_state=0).fit(X)


@cache
def auto():
    return VAE(latent=2, training_steps=2).fit(GREY, rng())


def teller():
    """Return a generation of a model that can be asked: one that always says the first words."""
    return SimpleNamespace(fitted=SimpleNamespace(write=_first_words, surprise=np.ones_like), samples=ROWS)


def _first_words(prompts, length, rng, decoder=None):
    return np.ones((len(prompts), length), dtype=int)


def a_run():
    return Run(SCORED, {0: X}, {"seed": 0, "seconds": 1.0})


def somewhere():
    """Return a path where nothing is yet."""
    return Path(tempfile.mkdtemp()) / "new"


@cache
def files():
    """Return a folder with a file of each kind that the course reads."""
    folder = Path(tempfile.mkdtemp())
    (folder / "idx.gz").write_bytes(gzip.compress(b"\0\0\x08\x01\0\0\0\x02ab"))
    plt.imsave(folder / "photo.jpg", PAGES[0])
    with tarfile.open(folder / "photos.tgz", "w:gz") as archive:
        archive.add(folder / "photo.jpg", "photo.jpg")
    for place in ("record", "seeds/seed_0"):
        records.save_run(folder / place, a_run(), provenance={})
    words = corpora.train_tokenizer("a b a b", 260)
    words.save_pretrained(folder / "model")
    CausalLM(260, context=12, width=8, layers=1, heads=2, first=Training(1)).fit(SMALL, rng()).save(folder / "model")
    return folder


def _decoded():
    return {"network": Anything(network()), "prompts": Anything(prompts()), "length": Anything(2),
            "generator": Anything(stream()), "end": Anything()}  # fmt: skip


def _of_turn(model):
    return {"generation": turn(model), "reference": Anything()}


def loop(*names):
    return {name: LOOP[name] for name in names}


def fitted(model, X):
    return model.fit(X, rng())


OURS = Ours("a")
SHAPE = Anything((1, 8, 8))
DRAW = {"n": 5, "rng": rng()}
POOL = {"pool": [X, X + 1], "n": 10, "rng": rng()}
TEXTS = {"pool": [ROWS, ROWS], "n": 4, "rng": rng()}
FLAGGED = {"rows": X, "synthetic": X[:, 0] > 0, "rng": rng()}
WRITTEN = {"prompts": np.zeros((2, 3), dtype=int), "length": 2, "rng": rng(), "decoder": Sampling()}
DECODED = {"network": OURS, "prompts": OURS, "length": OURS, "generator": OURS, "end": OURS}

# A function of a module: its arguments. A method: the method of an object, and its arguments.
INPUTS = {
    "model_check.check_model": lambda: {"model": Anything(Gaussian()), "X": Either(X, Shaped(X), DIGITS)},
    "checks.array": lambda: {
        "name": Ours("X"), "X": X, "ndim": Ours(2), "shape": OURS, "rows": Ours(1), "gaps": Ours(False),
    },
    "checks.bools": lambda: {
        "name": Ours("X"), "X": X[:, 0] > 0, "shapes": Ours(((20,), (20, 2))), "remedy": OURS,
    },
    "checks.copied": lambda: {"model": Anything(Gaussian())},
    "checks.model": lambda: {"model": Gaussian()},
    "checks.divisor": lambda: {"ddof": 1},
    "checks.fitted": lambda: {"model": fitted(Gaussian(), X), "attribute": Ours("mean_")},
    "checks.flag": lambda: {"name": Ours("value"), "value": True, "remedy": OURS},
    "checks.function": lambda: {"name": Ours("f"), "f": draw, "call": OURS, "remedy": OURS, "takes": Ours(2)},
    "checks.generator": lambda: {"name": Ours("rng"), "rng": rng()},
    "checks.instance": lambda: {"name": Ours("value"), "value": Gaussian(), "kind": Ours(Gaussian), "remedy": OURS},
    "checks.listed": lambda: {"name": Ours("values"), "values": Either([1], range(3), [Ours()]), "remedy": OURS},
    "checks.number": lambda: {"name": Ours("value"), "value": 0.5, "low": Ours(0), "high": Ours(1), "remedy": OURS},
    "checks.numbers": lambda: {"name": Ours("x"), "x": NUMBER, "low": Ours(0), "high": Ours(9), "remedy": OURS},
    "checks.one_of": lambda: {"name": Ours("value"), "value": "a", "choices": Ours(["a", "b"]), "remedy": OURS},
    "checks.fitted_model": lambda: {"fitted": fitted(Gaussian(), X)},
    "checks.own_numbers": lambda: {"of": Ours(recipes.Mix(0.1))},
    "checks.plain": lambda: {"value": Anything(0.5)},
    "checks.watched": lambda: {"progress": Either(iter, list), "iterator": Ours(range(3))},
    "checks.path": lambda: {"name": Ours("value"), "value": Path("a"), "remedy": OURS},
    "checks.pool": lambda: {"pool": [X, X]},
    "checks.samples": lambda: {"name": Ours("X"), "X": Either(X, Shaped(X), DIGITS), "rows": Ours(1)},
    "checks.seed": lambda: {"seed": 3},
    "checks.shares": lambda: {"name": Ours("p"), "p": P, "ndim": Ours(1)},
    "checks.shown": lambda: {"value": Anything()},
    "checks.text": lambda: {"name": Ours("value"), "value": "a", "remedy": OURS},
    "checks.table": lambda: {"name": Ours("value"), "value": SCORED, "columns": Ours(["std"]), "remedy": OURS},
    "checks.wholes": lambda: {"name": Ours("x"), "x": FITS, "low": Ours(0), "high": Ours(9), "remedy": OURS},
    "checks.tokens": lambda: {
        "name": Ours("X"), "X": SMALL, "ndim": Ours(2), "shape": OURS, "vocabulary": Ours(9), "remedy": OURS,
    },
    "checks.whole": lambda: {"name": Ours("value"), "value": 3, "low": Ours(1), "remedy": OURS, "high": Ours(9)},
    "worlds.corpora.Corpus": lambda: {"train": "a b", "validation": "a b", "test": "a b", "source": SOURCE},
    "worlds.corpora.blocks": lambda: {"ids": np.arange(8), "block": 4},
    "worlds.corpora.as_written": lambda: {"corpus": corpora.Corpus("A dog .", "A dog .", "A dog .", SOURCE)},
    "worlds.corpora.read_corpus": lambda: {"path": Path(corpora.__file__)},
    "worlds.corpora.tokens": lambda: {"text": "a b", "tokenizer": tokenizer},
    "worlds.corpora.train_tokenizer": lambda: {"text": "a b a b", "vocabulary": 260},
    "defences.curation.Best": lambda: {"reward": reward},
    "defences.curation.Best.__call__": lambda: (curation.Best(reward), POOL | {"n": Anything(3)}),
    "defences.curation.Curated": lambda: {"reward": reward},
    "defences.curation.Curated.__call__": lambda: (curation.Curated(reward), POOL),
    "worlds.datasets.data_path": lambda: {"name": "breeds.csv"},
    "worlds.datasets.flower": lambda: {"height": 20},
    "worlds.datasets.moons": lambda: DRAW,
    "worlds.datasets.ring": lambda: DRAW,
    "defences.detectors.Retrained": lambda: {"draw": write, "n": 3},
    "defences.detectors.Retrained.__call__": lambda: (
        detectors.Retrained(write, 3), {"rows": ROWS, "synthetic": np.arange(6) % 2 == 0, "rng": rng()},
    ),
    "defences.detectors.TextDetector": dict,
    "defences.detectors.TextDetector.__call__": lambda: (
        detector(), {"rows": ROWS, "synthetic": Anything(np.arange(6) < 3), "rng": Anything(rng())},
    ),
    "defences.detectors.TextDetector.fit": lambda: (
        detectors.TextDetector().fit, {"human": ROWS[:2], "machine": ROWS[2:4], "held_out": ROWS[4:]},
    ),
    "defences.detectors.TextDetector.score": lambda: (detector().score, {"rows": ROWS}),
    "worlds.downloads.fetch": lambda: {"url": downloads.FLOWERS + "imagelabels.mat"},
    "worlds.downloads.oxford_flowers": dict,
    "worlds.downloads.read_idx": lambda: {"path": files() / "idx.gz"},
    "worlds.downloads.read_photos": lambda: {"path": files() / "photos.tgz", "size": 8},
    "worlds.encyclopedia.world.Encyclopedia": dict,
    "worlds.encyclopedia.world.Encyclopedia.articles": lambda: (WORLD.articles, DRAW),
    "worlds.encyclopedia.world.Encyclopedia.log_prob": lambda: (WORLD.log_prob, {"article": ARTICLES[0]}),
    "worlds.encyclopedia.world.Encyclopedia.marked": lambda: (WORLD.marked, {"article": ARTICLES[0]}),
    "worlds.encyclopedia.world.Encyclopedia.mentions": lambda: (WORLD.mentions, {"rows": ROWS}),
    "worlds.encyclopedia.world.Encyclopedia.read": lambda: (WORLD.read, {"articles": ARTICLES}),
    "worlds.encyclopedia.world.Encyclopedia.subjects": lambda: (WORLD.subjects, {"rows": ROWS}),
    "worlds.encyclopedia.tokens.blocks": lambda: {"ids": np.arange(8), "block": 4},
    "worlds.encyclopedia.tokens.check_tokens": lambda: {"name": Ours("ids"), "ids": ROWS, "ndim": Ours(2)},
    "worlds.encyclopedia.tokens.decode": lambda: {"ids": np.arange(8)},
    "worlds.encyclopedia.tokens.encode": lambda: {"text": ARTICLES[0]},
    "worlds.encyclopedia.tokens.pages": lambda: {"articles": ARTICLES},
    "worlds.encyclopedia.reader.parse": lambda: {"sentence": ARTICLES[0]},
    "worlds.encyclopedia.reader.sentences": lambda: {"article": ARTICLES[0]},
    "worlds.encyclopedia.tokens.stream": lambda: {"articles": ARTICLES},
    "worlds.encyclopedia.tokens.texts": lambda: {"rows": ROWS},
    "metrics.evidence.differences": lambda: {
        "rows": SCORED, "y": "std", "treatment": "a", "control": "b", "generation": 1,
    },
    "metrics.evidence.interval": lambda: {"values": Either(X, Shaped(X), X > 0)},
    "metrics.evidence.power": lambda: {"pilot": X[:, 0], "n_seeds": 3, "rng": rng(), "at_least": 0.0, "n_studies": 9},
    "metrics.evidence.verdict": lambda: {"low": NUMBER, "high": NUMBER, "at_least": 0.0},
    "course.explorers.explore": lambda: {"draw": drawing},
    "defences.filters.Candidates": lambda: {"draw": draw, "real_fraction": 0.5},
    "defences.filters.Candidates.__call__": lambda: (filters.Candidates(draw, 0.5), POOL),
    "defences.filters.Filter": lambda: {"candidates": crawl, "detector": flags, "size": 3},
    "defences.filters.Filter.__call__": lambda: (filters.Filter(filters.Candidates(draw, 0.5), flags, 3), POOL),
    "defences.filters.Filter.crawl": lambda: (filters.Filter(filters.Candidates(draw, 0.5), flags, 3).crawl, POOL),
    "defences.filters.Rates": lambda: {"true_positive": 0.5, "false_positive": 0.5},
    "defences.filters.Rates.__call__": lambda: (
        filters.OPENAI_2023, FLAGGED | {"rows": Anything(X), "synthetic": Either(X[:, 0] > 0, X > 0)},
    ),
    "defences.filters.any_of": lambda: {"detectors": flags},
    "defences.filters.check_flags": lambda: {"flagged": X[:, 0] > 0, "rows": Ours(X), "name": Ours("flagged")},
    "experiments.forecast.forecast": lambda: {
        "model": language(), "real": SMALL, "n_generations": 1, "n": 8, "folder": Path("a"),
    },
    "worlds.garden.draw": lambda: DRAW,
    "worlds.garden.paint": lambda: {"flowers": garden.plant(3, rng())},
    "worlds.garden.plant": lambda: DRAW,
    "worlds.garden.read": lambda: {"pictures": PAGES},
    "worlds.garden.shares": lambda: {"pictures": PAGES},
    "metrics.features.Classifier": lambda: {"network": metrics.features.perceptron},
    "metrics.features.Classifier.features": lambda: (classifier().features, {"images": GREY}),
    "metrics.features.Classifier.fit": lambda: (
        metrics.features.Classifier(training_steps=2).fit, {"X": DIGITS, "rng": rng()},
    ),
    "metrics.features.Classifier.predict": lambda: (classifier().predict, {"images": GREY}),
    "metrics.features.Classifier.probs": lambda: (classifier().probs, {"images": GREY}),
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
    "worlds.images.check_images": lambda: {"name": Ours("X"), "X": Either(GREY, PAGES)},
    "worlds.images.labelled": lambda: {"images": Either(GREY, PAGES), "labels": LABELS},
    "worlds.images.split": lambda: {"name": Ours("X"), "X": Either(DIGITS, GREY, PAGES)},
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
    "recipes.forgets": lambda: {"recipe": Anything(recipes.replace)},
    "loop.generations": lambda: loop("model", "real", "recipe", "n_generations", "n") | {"start": 1, "past": [X]},
    "runs.run": lambda: LOOP,
    "runs.check_keep": lambda: {"keep": Either([0], {0}), "n_generations": Ours(3)},
    "runs.check_metrics": lambda: {"metrics": {"std": metrics.std}},
    "runs.measure": lambda: {"generation": turn(), "metrics": {"std": metrics.std}, "reference": Anything(X)},
    "runs.check_view": lambda: {"view": Either(metrics.std, None)},
    "tables.protected": lambda: {"reference": Anything(X)},
    "recipes.drawn": lambda: {"draw": draw, "n": 3, "like": Ours(X), "rng": rng()},
    "tables.Table": lambda: {"real": FRAME, "name": Ours("real")},
    "tables.Table.frame": lambda: (tables.Table(FRAME).frame, {"name": Ours("rows"), "rows": tables.Table(FRAME).rows}),
    "tables.Table.model": lambda: (tables.Table(FRAME).model, {"model": Gaussian()}),
    "tables.to_rows": lambda: {"name": Ours("frame"), "frame": FRAME, "order": Ours(())},
    "describe.identity": lambda: {"name": Ours("value"), "value": Anything(X)},
    "describe.printed": lambda: {"value": Anything(X)},
    "describe.sha256": lambda: {"content": b"abc"},
    "course.lesson.alike": lambda: {"answer": Ours(P), "value": Either(P, NUMBER), "rtol": 0.1, "atol": 0.1},
    "course.lesson.check": lambda: {
        "answer": Anything(3), "correct": reward, "hints": [(reward, "a")], "otherwise": "a",
        "because": "a", "trial": reward,
    },
    "course.lesson.check_choice": lambda: {"answer": Anything("a"), "right": "a", "hints": {"b": "a"}, "because": "a"},
    "course.lesson.close": lambda: {"answer": Anything(1.0), "value": 1.0, "within": 0.1},
    "course.lesson.compare": lambda: {
        "question": "01.1", "prediction": Anything(0.5), "result": Either(0.5, "a", X, X[:, 0]), "within": 0.25,
        "sure": Anything(0.8), "share": False, "signed": False,
    },
    "course.lesson.is_choice": lambda: {"answer": Anything("a"), "letters": "abc"},
    "course.lesson.is_number": lambda: {"answer": Anything(1.0)},
    "course.lesson.real_numbers": lambda: {"answer": Anything(X)},
    "course.lesson.start": lambda: {"title": "a"},
    "experiments.forecast.Forecast": lambda: {
        "seconds": 1.0, "memory": 1.0, "disk": 1.0, "memory_free": 1.0, "disk_free": 1.0, "device": "cpu",
    },
    "models.checkpoints.memory_argument": lambda: {"network": network()},
    "models.checkpoints.read_config": lambda: {"folder": files() / "model", "revision": "a"},
    "models.checkpoints.read_network": lambda: {
        "folder": files() / "model", "config": checkpoints.read_config(files() / "model"),
        "revision": "a", "device": Ours("cpu"),
    },
    "models.checkpoints.set_dropout": lambda: {"config": network().config, "share": 0.1},
    "models.checkpoints.shape": lambda: {"config": network().config},
    "models.decoding.draw_from": lambda: {"probs": torch.full((2, 3), 1 / 3), "draws": torch.rand(2, 1)},
    "models.decoding.penalise": lambda: {"scores": torch.rand(2, 3), "text": prompts()[:, :1], "penalty": 2.0},
    "loop.stream": lambda: {"stage": 0, "generation": 0, "seed": 0},
    "experiments.sweeps.sweep": lambda: loop("model", "metrics", "n_generations", "n", "reference")
    | {"real": Either(X, Shaped(X), X[:, 0] > 0, DIGITS, FRAME, lambda rng: X), "recipes": {"a": recipes.replace}}
    | {"seeds": Either([0], iter([0])), "keep": [0], "view": metrics.std, "folder": somewhere()}
    | {"each": lambda run: None},
    "browser.workers": lambda: {"n_jobs": Anything(2)},
    "metrics.numbers.alive": lambda: {"probs": Either(P, Shaped(P), X > 0)},
    "metrics.points.coverage": lambda: {"samples": X, "real": X},
    "metrics.points.coverage_and_precision": lambda: {"generation": turn(), "reference": X},
    "metrics.pictures.crops_recognised": lambda: {"picture": PAGES[0], "original": PAGES[1], "columns": 4},
    "metrics.numbers.differ": lambda: {"probs": Either(P, Shaped(P), X > 0)},
    "metrics.pictures.fine_detail": lambda: {"picture": PAGES[0], "original": PAGES[1]},
    "metrics.pictures.laid_back": lambda: {"picture": PAGES[0], "original": PAGES[1]},
    "metrics.points.mixture_l2": lambda: {"first": mixture(), "second": mixture()},
    "metrics.points.modes_alive": lambda: {"samples": X, "centres": X[:3]},
    "metrics.points.nearest_distance": lambda: {"samples": X},
    "metrics.points.precision": lambda: {"samples": X, "real": X},
    "metrics.pictures.radial_power": lambda: {"picture": PAGES[0]},
    "metrics.pictures.ssim": lambda: {"picture": PAGES[0], "original": PAGES[1]},
    "models.categorical.Categorical": lambda: {"n_categories": 3},
    "models.categorical.Categorical.fit": lambda: (Categorical(3).fit, {"X": LABELS, "rng": Anything()}),
    "models.categorical.Categorical.sample": lambda: (turn("categorical").fitted.sample, DRAW),
    "models.categorical.CategoricalBatches": lambda: {"batch": 5},
    "models.categorical.CategoricalBatches.fit": lambda: (
        CategoricalBatches(5).fit, {"X": np.array([[[1, 2]]]), "rng": Anything()},
    ),
    "models.categorical.CategoricalBatches.sample": lambda: (
        fitted(CategoricalBatches(5), np.array([[[1, 2]]])).sample, DRAW,
    ),
    "models.categorical.check_decoder": lambda: {"temperature": 1.0, "top_p": 1.0, "top_k": 3},
    "models.categorical.decode": lambda: {"probs": Either(P, P[None]), "top_k": 2},
    "models.decoding.Beams": dict,
    "models.decoding.Beams.__call__": lambda: (Beams(2), DECODED | _decoded()),
    "models.decoding.Sampling": lambda: {"top_k": 3},
    "models.decoding.Sampling.__call__": lambda: (Sampling(), DECODED | _decoded()),
    "models.diffusion.Flow": dict,
    "models.diffusion.Flow.fit": lambda: (
        Flow(training_steps=2, steps=2).fit, {"X": Either(DIGITS, GREY, PAGES), "rng": rng()},
    ),
    "models.diffusion.Flow.sample": lambda: (turn("flow").fitted.sample, DRAW),
    "models.eigenpictures.Eigenpictures": dict,
    "models.eigenpictures.Eigenpictures.fit": lambda: (
        Eigenpictures(3, 2).fit, {"X": Either(GREY, PAGES), "rng": rng()},
    ),
    "models.eigenpictures.Eigenpictures.sample": lambda: (fitted(Eigenpictures(3, 2), GREY).sample, DRAW),
    "models.gaussian.Gaussian": dict,
    "models.gaussian.Gaussian.fit": lambda: (Gaussian().fit, {"X": X, "rng": Anything()}),
    "models.gaussian.Gaussian.sample": lambda: (turn().fitted.sample, DRAW),
    "models.gaussian.GaussianBatches": lambda: {"batch": 5},
    "models.gaussian.GaussianBatches.fit": lambda: (
        GaussianBatches(5).fit, {"X": np.ones((1, 2, 3)), "rng": Anything()},
    ),
    "models.gaussian.GaussianBatches.sample": lambda: (fitted(GaussianBatches(5), np.ones((1, 2, 3))).sample, DRAW),
    "models.gaussian.GaussianBatches.summarise": lambda: (GaussianBatches(5).summarise, {"X": X}),
    "models.language.CausalLM": lambda: {
        "vocabulary": 9, "prompt": Own(3), "end": 0, "validation": SMALL, "precision": torch.float32,
    },
    "models.language.CausalLM.fit": lambda: (language().fit, {"X": SMALL, "rng": rng()}),
    "models.language.CausalLM.load": lambda: (
        CausalLM(260, context=12, width=8, layers=1, heads=2).load,
        {"folder": files() / "model", "revision": "a"},
    ),
    "models.language.CausalLM.sample": lambda: (language().sample, DRAW),
    "models.language.CausalLM.save": lambda: (language().save, {"folder": Path("a")}),
    "models.language.CausalLM.surprise": lambda: (language().surprise, {"X": SMALL}),
    "models.language.CausalLM.write": lambda: (language().write, WRITTEN),
    "models.prompts.Given": lambda: {"rows": SMALL, "length": 3},
    "models.prompts.Given.__call__": lambda: (Given(SMALL, 3), {"train": Anything(SMALL), "n": 2, "rng": rng()}),
    "models.prompts.Own": lambda: {"length": 3},
    "models.prompts.Own.__call__": lambda: (Own(3), {"train": SMALL, "n": 2, "rng": rng()}),
    "models.training.Training": dict,
    "models.prompts.nothing": lambda: {"train": Anything(SMALL), "n": 2, "rng": Anything(rng())},
    "models.ngram.NGram": lambda: {"vocabulary": 9, "top_k": 3, "favour": watermark.GreenList(9).favour},
    "models.ngram.NGram.fit": lambda: (NGram(9).fit, {"X": SMALL, "rng": Anything()}),
    "models.ngram.NGram.sample": lambda: (
        fitted(NGram(9), SMALL).sample, DRAW | {"prompt": Either(SMALL[0, :3], SMALL[:5, :3])},
    ),
    "models.ngram.NGram.surprise": lambda: (fitted(NGram(9), SMALL).surprise, {"X": SMALL}),
    "models.photocopier.Photocopier": lambda: {"jpeg": 50},
    "models.photocopier.Photocopier.fit": lambda: (Photocopier().fit, {"X": PAGES, "rng": rng()}),
    "models.photocopier.Photocopier.sample": lambda: (fitted(Photocopier(), PAGES).sample, DRAW),
    "models.photocopier.blur_response": lambda: {"shape": Anything((8, 8)), "sigma": 1.0},
    "models.photocopier.check_pictures": lambda: {"name": Ours("X"), "X": PAGES},
    "models.photocopier.halftone": lambda: {"page": Anything(PAGES[0]), "levels": 3},
    "models.photocopier.jpeg": lambda: {"page": Anything(PAGES[0]), "quality": 50},
    "models.photocopier.linear_filter": lambda: {"page": PAGES[0], "response": np.ones((16, 16))},
    "models.photocopier.sharpen_response": lambda: {"shape": Anything((8, 8)), "amount": 1.0},
    "models.scikit_learn.SklearnModel": lambda: {"estimator": KernelDensity()},
    "models.scikit_learn.SklearnModel.fit": lambda: (SklearnModel(KernelDensity()).fit, {"X": X, "rng": rng()}),
    "models.scikit_learn.SklearnModel.look_at": lambda: (SklearnModel(KernelDensity()).look_at, {"real": Ours(X)}),
    "models.scikit_learn.SklearnModel.sample": lambda: (fitted(SklearnModel(KernelDensity()), X).sample, DRAW),
    "models.training.build": lambda: {"make": lambda: torch.nn.Linear(2, 2), "rng": rng()},
    "models.training.check_device": lambda: {"device": "cpu"},
    "models.precision.fast_training": lambda: {"device": "cpu"},
    "models.precision.fast_writing": lambda: {"device": "cpu"},
    "models.training.torch_generator": lambda: {"rng": rng()},
    "models.vae.VAE": dict,
    "models.vae.VAE.decode": lambda: (auto().decode, {"codes": np.zeros((3, 2))}),
    "models.vae.VAE.encode": lambda: (auto().encode, {"X": GREY}),
    "models.vae.VAE.fit": lambda: (VAE(training_steps=2).fit, {"X": Either(GREY, PAGES), "rng": rng()}),
    "models.vae.VAE.sample": lambda: (auto().sample, DRAW),
    "defences.watermarked.Watermarked": lambda: {"decoder": Sampling(), "mark": watermark.GreenList(9)},
    "defences.watermarked.Watermarked.__call__": lambda: (
        Watermarked(Sampling(), watermark.GreenList(9)), DECODED | _decoded(),
    ),
    "web.maps.gaussian_map": lambda: {
        "n_real": Either([5, 6], FITS), "share": Either([0.0, 0.5], SHARE), "n_chains": 3, "n_generations": 2,
    },
    "web.maps.measured_map": lambda: {
        "model": Gaussian(), "draw": draw, "score": score, "n_real": [5, 6], "share": [0.0, 0.5], "n_generations": 2,
        "n_scored": 1, "seeds": [0],
    },
    "web.maps.replayed": lambda: {"draw": Anything(draw), "real_fraction": 0.5},
    "web.maps.synthetic_rows": lambda: {"n_real": FITS, "share": SHARE},
    "plots.curves.bands": lambda: {"rows": SCORED, "y": "std", "ax": ax()},
    "plots.points.clouds": lambda: {"samples": [X, X], "titles": ["a", "b"], "axes": [ax(), ax()]},
    "plots.curves.curves": lambda: {"lines": {"a": X[:, 0]}, "ax": ax(), "x": X[:, 1]},
    "plots.points.ellipses": lambda: {"mixture": mixture(), "ax": ax()},
    "plots.curves.fan": lambda: {"chains": X, "ax": ax()},
    "plots.style.looks": lambda: {"n": 6},
    "plots.pages.page": lambda: {"figure": ax(), "description": "a", "alt": "a"},
    "plots.pages.png": lambda: {"figure": ax()},
    "plots.pages.quotes": lambda: {"table": pd.DataFrame({"a": ["b"]}), "description": "a"},
    "plots.maps.ratios": lambda: {"table": RATIOS, "error": RATIOS, "ax": ax()},
    "plots.pictures.sheet": lambda: {"samples": [GREY, GREY], "titles": ["a", "b"], "ax": ax()},
    "plots.pages.show": lambda: {"figure": ax(), "description": "a", "alt": "a"},
    "plots.pictures.strip": lambda: {"pictures": [PAGES[0], PAGES[1]], "titles": ["a", "b"], "axes": [ax(), ax()]},
    "plots.curves.theory": lambda: {"x": X[:, 0], "y": X[:, 1], "ax": ax()},
    "plots.pictures.wall": lambda: {"words": ["a", "b"], "group": [0, 0], "looks": [{"color": "black"}], "ax": ax()},
    "course.progress.calibration": lambda: {"kept": KEPT},
    "course.progress.draw": lambda: {"kept": KEPT},
    "course.progress.page": lambda: {"kept": KEPT, "lessons": progress.lessons_table()},
    "course.progress.report": lambda: {"path": Path("a.html")},
    "course.progress.statement": lambda: {"kept": KEPT},
    "experiments.protocol.Protocol": lambda: {"training": Training(), "decoder": Sampling()},
    "experiments.protocol.Setting": lambda: {
        "model": language(), "real": SMALL, "held_out": SMALL, "encode": encyclopedia.encode,
        "decode": encyclopedia.decode, "sources": {"data": [SOURCE]},
    },
    "experiments.protocol.View": lambda: {"setting": setting(), "first": language(), "prompts": ["a"], "length": 3},
    "experiments.protocol.View.__call__": lambda: (
        protocol.View(setting(), language(), ["."], 3),
        {"generation": SimpleNamespace(fitted=language(), samples=SMALL)},
    ),
    "experiments.protocol.follow": lambda: {
        "protocol": pocket_protocol(), "model": language(), "real": SMALL, "validation": SMALL,
    },
    "experiments.protocol.measures": lambda: {"setting": setting(), "first": language()},
    "experiments.protocol.pocket": lambda: {"protocol": pocket_protocol(), "n": 20},
    "experiments.protocol.pretrained": lambda: {
        "protocol": pocket_protocol(), "model": str(files() / "model"),
        "corpus": corpora.Corpus(*["a b a b a b a b"] * 3, SOURCE),
    },
    "experiments.protocol.share_of": lambda: {"rows": SMALL, "share": 0.5},
    "recipes.Fresh": lambda: {"draw": draw, "real_fraction": 0.5},
    "recipes.Fresh.__call__": lambda: (recipes.Fresh(draw, 0.5), POOL),
    "recipes.Fresh.crawl": lambda: (recipes.Fresh(draw, 0.5).crawl, POOL),
    "recipes.Mix": lambda: {"real_fraction": 0.5},
    "recipes.Mix.__call__": lambda: (recipes.Mix(0.5), POOL),
    "recipes.accumulate": lambda: POOL | {"n": Anything(3), "rng": Anything(rng())},
    "recipes.accumulate_subsample": lambda: POOL,
    "recipes.pick": lambda: {"X": Either(X, Shaped(X), X[:, 0] > 0, DIGITS), "k": 3, "rng": rng()},
    "recipes.replace": lambda: POOL | {"n": Anything(3), "rng": Anything(rng())},
    "experiments.records.folder_name": lambda: {"label": "a"},
    "experiments.records.join_seeds": lambda: {"runs": [a_run(), a_run()]},
    "experiments.records.load_run": lambda: {"folder": files() / "record"},
    "experiments.records.load_seeds": lambda: {"folder": files() / "seeds"},
    "experiments.records.plain": lambda: {"value": Anything()},
    "experiments.records.provenance": lambda: {
        "command": "a", "device": "a", "seconds": 1.0, "data": [SOURCE], "checkpoints": [SOURCE],
    },
    "experiments.records.save_run": lambda: {"folder": somewhere(), "run": a_run(), "provenance": {"a": Anything()}},
    "experiments.resume.resume_run": lambda: LOOP | {"folder": somewhere()},
    "web.labs.Labs": lambda: {"model": Categorical(9), "n_labs": 2},
    "web.labs.Labs.fit": lambda: (labs.Labs(Gaussian(), 2).fit, {"X": Either(X[:, :, None], X), "rng": rng()}),
    "web.labs.Labs.sample": lambda: (labs.Labs(Gaussian(), 2).fit(X[:, :, None], rng()).sample, {"n": 3, "rng": rng()}),
    "web.labs.Shared": lambda: {"share": 0.5, "size": 3},
    "web.labs.Shared.__call__": lambda: (labs.Shared(0.5, 3), POOL | {"n": Anything(3)}),
    "web.stock.Stock": lambda: {"human": Either(X, X[:, 0] > 0, DIGITS), "demand": [3, 4], "usable": [1.0, 0.5]},
    "web.stock.Stock.__call__": lambda: (stock.Stock(X, [3, 4]), POOL | {"n": Anything(3)}),
    "web.stock.Stock.rows": lambda: (stock.Stock(X, [3, 4]).rows, {"year": 1}),
    "web.stock.run_out": lambda: {"stock": NUMBER, "demand": NUMBER, "growth": NUMBER, "withdrawn": SHARE},
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
    "theory.arguments.check_fits": lambda: {"fits": FITS, "most": Ours(10), "low": Ours(0)},
    "theory.arguments.check_n": lambda: {"n": 9, "most": Ours(100)},
    "theory.arguments.check_rewards": lambda: {"p": P, "reward": np.array([1.0, 2.0, 3.0])},
    "theory.arguments.check_share": lambda: {"name": Ours("x"), "x": SHARE},
    "theory.copies.accumulated_response": lambda: {"response": RESPONSE, "copies": FITS},
    "theory.copies.blur_width": lambda: {"sigma": 1.0, "copies": FITS},
    "theory.copies.copied_noise": lambda: {"response": RESPONSE, "copies": FITS, "noise": 0.1},
    "theory.copies.copied_response": lambda: {"response": RESPONSE, "copies": FITS},
    "theory.copies.least_original": lambda: {"response": RESPONSE},
    "theory.copies.mixed_pull": lambda: {"response": RESPONSE, "original": 0.1},
    "theory.copies.mixed_response": lambda: {"response": RESPONSE, "copies": FITS, "original": 0.1},
    "theory.counts.alive": lambda: {"fits": FITS, "n": 9, "p": P},
    "theory.counts.chain_mean": lambda: {"values": np.ones(10), "fits": 2, "n": 9, "p": P},
    "theory.counts.count_law": lambda: {"fits": FITS, "n": 9, "count": 3},
    "theory.counts.different": lambda: {"fits": 2, "n": 9},
    "theory.counts.exact_survivors": lambda: {"fits": 2, "n": 9, "p": P},
    "theory.counts.expected_entropy": lambda: {"fits": 2, "n": 9, "p": P},
    "theory.counts.heterozygosity": lambda: {"fits": FITS, "n": 9, "p": P},
    "theory.counts.memory_heterozygosity": lambda: {"fits": FITS, "n": 9, "memory": 2},
    "theory.counts.missed": lambda: {"p": SHARE, "n": 9},
    "theory.counts.survivors": lambda: {"fits": FITS, "n": 9, "p": P},
    "theory.definitions.World": lambda: {"p": P},
    "theory.definitions.World.astray": lambda: (theory.World(P).astray, {"law": P}),
    "theory.definitions.World.risk": lambda: (theory.World(P).risk, {"law": P}),
    "theory.definitions.World.valley": lambda: (theory.World(P).valley, {"law": P}),
    "theory.definitions.steps_law": lambda: {"generation": 2, "recipe": "fresh"},
    "theory.definitions.variety_law": lambda: {"generation": 2, "n": 9, "recipe": "fresh"},
    "theory.definitions.verdicts": lambda: {"world": theory.World(P), "generation": 2, "n": 9, "recipe": "fresh"},
    "theory.denoising.denoised": lambda: {"blends": X, "t": 0.5, "points": X},
    "theory.gaussian.accumulate_drift": lambda: {"fits": FITS, "n": 9},
    "theory.gaussian.accumulate_var": lambda: {"fits": FITS, "n": 9},
    "theory.gaussian.accumulate_var_limit": lambda: {"n": 9},
    "theory.gaussian.best_weight": lambda: {"n_real": 5, "n_synthetic": 5},
    "theory.gaussian.collapse_bound": lambda: {"eps": 0.1, "fits": FITS, "n": 9},
    "theory.gaussian.expected_std": lambda: {"fits": FITS, "n": 9},
    "theory.gaussian.expected_var": lambda: {"fits": FITS, "n": 9},
    "theory.gaussian.fresh_drift": lambda: {"n_real": 5, "n_synthetic": 5, "weight": 0.5},
    "theory.gaussian.fresh_mean_var": lambda: {"n_real": 5, "n_synthetic": 5},
    "theory.gaussian.fresh_var": lambda: {"n_real": 5, "n_synthetic": 5},
    "theory.gaussian.mean_var": lambda: {"fits": FITS, "n": 9},
    "theory.gaussian.mixed_error": lambda: {"n_real": Shaped(5.0), "share": SHARE},
    "theory.gaussian.typical_var": lambda: {"fits": FITS, "n": 9},
    "theory.labs.lab_keeps": lambda: {"n": 9, "labs": 3, "shared": 0.2},
    "theory.labs.lab_likeness": lambda: {"fits": FITS, "n": 9, "labs": 3, "shared": 0.2},
    "theory.labs.lab_variety": lambda: {"fits": FITS, "n": 9, "labs": 3, "shared": 0.2, "p": P},
    "theory.mixtures.kept_var": lambda: {"keep": 0.5, "d": 2},
    "theory.mixtures.kernel_var": lambda: {"generation": FITS, "n": 9, "bandwidth": 0.1},
    "theory.mixtures.refit_l2": lambda: {"fits": FITS, "n": 9, "weights": P, "stds": np.array([1.0, 2.0, 3.0])},
    "theory.people.imitated_share": lambda: {"synthetic": SHARE, "imitating": SHARE},
    "theory.people.pass_at": lambda: {"tries": FITS, "right": P},
    "theory.people.sharpened": lambda: {"right": SHARE, "power": 2.0},
    "theory.regression.accumulate_risk": lambda: {"fits": FITS, "rows": 30, "features": 6},
    "theory.regression.fit_risk": lambda: {"rows": 30, "features": 6},
    "theory.regression.replace_risk": lambda: {"fits": FITS, "rows": 30, "features": 6},
    "theory.regression.sized_risk": lambda: {"fits": FITS, "rows": 30, "used": 10, "features": 40},
    "theory.scaling.unseen": lambda: {"rows": FITS, "n": 9, "p": P, "fresh": FITS},
    "theory.scaling.unseen_floor": lambda: {"n": 9, "p": P},
    "theory.scaling.unseen_slope": lambda: {"rows": FITS, "n": 9, "p": P},
    "theory.selection.curated": lambda: {"p": P, "reward": np.array([1.0, 2.0, 3.0]), "generation": FITS},
    "theory.selection.filtered_mean_var": lambda: {"fits": FITS, "n": 9, "real_fraction": SHARE},
    "theory.selection.filtered_share": lambda: {
        "real_fraction": SHARE, "true_positive": SHARE, "false_positive": SHARE,
    },
    "theory.selection.green_z": lambda: {"green": NUMBER, "tokens": Shaped(9.0)},
    "theory.selection.preferred": lambda: {"p": P, "reward": np.array([1.0, 2.0, 3.0]), "real_share": 0.1},
    "theory.selection.selected_var": lambda: {"keep": 0.5},
    "theory.selection.verified_mean": lambda: {"mean": NUMBER, "centre": 1.0, "radius": 2.0},
    "defences.verify.Checker": lambda: {"truth": truth, "accuracy": 0.5},
    "defences.verify.Checker.__call__": lambda: (verify.Checker(truth, 0.5), {"rows": REAL, "rng": rng()}),
    "defences.verify.Checker.hours": lambda: (verify.Checker(truth, 0.5).hours, {"checked": 3.0}),
    "defences.verify.Checker.money": lambda: (verify.Checker(truth, 0.5).money, {"checked": 3.0}),
    "defences.verify.Verified": lambda: {"checker": Either(verify.Checker(truth, 0.5), truth), "budget": 3, "size": 5},
    "defences.verify.Verified.__call__": lambda: (
        verify.Verified(verify.Checker(truth, 0.5), 3, 5), POOL | {"n": Anything(3)},
    ),
    "defences.verify.right_articles": lambda: {"world": WORLD, "rows": ROWS},
    "defences.watermark.GreenList": lambda: {"vocabulary": 9, "end": 0},
    "defences.watermark.GreenList.favour": lambda: (
        watermark.GreenList(9).favour, {"previous": SMALL[0], "word": SMALL[0]},
    ),
    "defences.watermark.GreenList.z": lambda: (watermark.GreenList(9).z, {"rows": SMALL}),
    "defences.watermark.MarkDetector": lambda: {"mark": watermark.GreenList(9)},
    "defences.watermark.MarkDetector.__call__": lambda: (
        watermark.MarkDetector(watermark.GreenList(9)),
        {"rows": SMALL, "synthetic": Anything(), "rng": Anything()},
    ),
    "web.crawl.Web": lambda: {"draw": draw, "n_human": 3, "machine": [0.1, 0.5], "newest": 1},
    "web.crawl.Web.__call__": lambda: (Web(draw, 5, [0.1]), POOL | {"n": 3}),
    "web.crawl.Web.crawl": lambda: (Web(draw, 5, [0.1]).crawl, POOL | {"n": 3}),
    "web.crawl.Web.pages": lambda: (Web(draw, 5, [0.1]).pages, {"pool": [X, X]}),
    "web.crawl.machine_share": lambda: {"year": Shaped(2024.0)},
} | {f"metrics.numbers.{name}": partial(_of_turn, model) for name, model in {
    "mean": "gaussian", "std": "gaussian", "var": "gaussian", "survivors": "categorical",
    "heterozygosity": "categorical", "top_share": "categorical",
}.items()}  # fmt: skip

# What is tried with nothing, and why.
LEFT_OUT = {
    r"course\.drawing\..*": "axes that a lesson puts up; what is drawn on them stops none: its tests try odd curves",
    r"course\.exercises\..*": "an answer may be anything, and tests/course/exercises sees that none stops a lesson",
    r"course\.explorers\.\w+\..*": "drawings that sliders call, each with values of its range; their tests move each",
    r"runs\.seen": "part of run and resume_run, which have checked the view",
    r"loop\.(Model|Generation)\b.*|runs\.Run": "a protocol, and records that the loop makes",
    r"worlds\.encyclopedia\.reader\.Form|models\.ngram\.Grams": "records that the course makes",
    r"models\.(diffusion|vae)\.(?!Flow|VAE).*": "parts of networks: they get tensors from the models around them",
    r"models\.training\.(train|to_torch|to_numpy|check_training)": "parts of training, behind their models",
    r"metrics\.features\.(perceptron|convolutions)": "makers of networks: the classifier asks with what it has checked",
    r"models\.decoding\.check_call": "the check of calls itself: Sampling and Beams are tried",
    r"experiments\.folders\..*": "parts of save_run and resume_run, with paths that these have checked and named",
    r"experiments\.(resume\.finished_run|records\.this_session)": "parts of load_run and save_run",
    r"tables\.(Table\.turn|TableModel.*|rows_like|turns|read_only)": "parts of the loop, with rows that it has checked",
    r"models\.checkpoints\.write_network": "part of CausalLM.save",
    r"models\.smollm2\..*": "where a large file lies, which not everybody has; its tests try the folders",
    r".*\.(Flow\.network|Classifier\.network|VAE\.likelihood)": "a function that the class was given as a default",
    r"plots\.arguments\..*|plots\.style\.line_style|worlds\.encyclopedia\.tokens\.listed": "parts of their rooms",
    r"defences\.filters\.OPENAI_2023": "a Rates",
}

# Faults that are none, as `name(argument=value): outcome`, and why.
EXCEPTIONS = {
    r"models\.ngram\.NGram\.sample\(prompt=\(\)\): accepted": "the default: begin from nothing",
    r"course\.lesson\.compare\(result=.*\): accepted": "what a reader's settings led to, NaN too, stops no lesson",
    r"defences\.watermark\.GreenList\(key=10.*\): accepted": "a key may have any number of bits, as a seed may",
    r"defences\.verify\.Checker\.__call__\(rows=records\): deep": "what is true of a row is the caller's function",
    r"experiments\.records\.provenance\((data|checkpoints)=(\[\]|\(\))\): accepted": "a run may need no data, no model",
    r"experiments\.records\.save_run\(provenance=\{\}\): accepted": "a run on the way has no provenance yet",
    r"checks\.fitted_model\(fitted=.*\): accepted": "a table has a method sample too: the loop refuses what it draws",
    r"course\.lesson\.check\(hints=\[\]\): accepted": "an exercise may have one hint, the last",
    r"experiments\.sweeps\.sweep\(each=.*\): (deep|wrong)": "a function that gets a run raises what it likes",
    r".*\(keep=(\[\]|\(\)|set\(\)|range\(0\)|no entries)\): accepted": "a run may keep nothing",
    r".*\(metrics=\{\}\): accepted": "a run may measure nothing, and keep its snapshots",
    r".*\(view=(len|int|a function .*)\): (deep|wrong)": "a view raises what it likes",
    r"worlds\.corpora\.blocks\(ids=no entries\): deep": "an empty text is told to be too short for a block",
    r".*\(seeds?=\[?10\*\*(400|5000)\]?\): accepted": "a seed may have any number of bits, as NumPy's may",
    r"metrics\.evidence\.\w+\((at_least|at_most)=-?inf\): accepted": "a claim may have no edge on one side",
    r"web\.maps\.measured_map\(make_recipe=.*\): deep": "a function that makes a recipe raises what it likes",
}
