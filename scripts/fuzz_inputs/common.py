"""Good values that arguments of several rooms share."""

import gzip
import tarfile
import tempfile
from copy import deepcopy
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from sklearn.mixture import GaussianMixture

from collapse_lessons import Run, generations, metrics, recipes
from collapse_lessons.experiments import records
from collapse_lessons.models.categorical import Categorical
from collapse_lessons.models.decoding import Sampling
from collapse_lessons.models.diffusion import Flow
from collapse_lessons.models.gaussian import Gaussian
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.ngram import NGram
from collapse_lessons.models.training import Training
from collapse_lessons.worlds import corpora, encyclopedia, images

from .kinds import Anything, Either, Ours, Shaped


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
FRAME = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "x"]})
SOURCE = {"name": "a", "revision": "1", "licence": "CC0"}


def draw(n, rng):
    return rng.normal(size=(n, 2))


def reward(rows):
    return np.reshape(rows, (len(rows), -1))[:, 0]


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


def a_run(seed=0):
    rows = pd.DataFrame({"recipe": "a", "seed": seed, "generation": [0, 1], "std": [1.0, 0.5]})
    return Run(rows, {0: X}, {"seed": seed, "seconds": 1.0})


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


def decoded():
    return {"network": Anything(network()), "prompts": Anything(prompts()), "length": Anything(2),
            "generator": Anything(stream()), "end": Anything()}  # fmt: skip


def loop(*names):
    return {name: LOOP[name] for name in names}


def fitted(model, X):
    return model.fit(X, rng())


def first_word(network, prompts, length, generator, end=None):
    return torch.ones((len(prompts), length), dtype=torch.long)


OURS = Ours("a")
DECODER = Either(Sampling(), first_word)
DRAW = {"n": 5, "rng": rng()}
POOL = {"pool": [X, X + 1], "n": 10, "rng": rng()}
DECODED = {"network": OURS, "prompts": OURS, "length": OURS, "generator": OURS, "end": OURS}
