"""Good values for what is public in models/."""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from sklearn.neighbors import KernelDensity

from collapse_lessons.defences import watermark
from collapse_lessons.models import checkpoints
from collapse_lessons.models.categorical import Categorical, CategoricalBatches
from collapse_lessons.models.decoding import Beams, Sampling
from collapse_lessons.models.diffusion import Flow
from collapse_lessons.models.eigenpictures import Eigenpictures
from collapse_lessons.models.gaussian import Gaussian, GaussianBatches
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.ngram import NGram
from collapse_lessons.models.photocopier import Photocopier
from collapse_lessons.models.prompts import Given, Own, nothing
from collapse_lessons.models.regression import Regression
from collapse_lessons.models.scikit_learn import SklearnModel
from collapse_lessons.models.vae import VAE

from .common import (
    DECODED,
    DECODER,
    DIGITS,
    DRAW,
    GREY,
    LABELS,
    PAGES,
    SMALL,
    P,
    X,
    decoded,
    files,
    fitted,
    language,
    network,
    prompts,
    rng,
    turn,
)
from .kinds import Anything, Either, Ours


@cache
def auto():
    return VAE(latent=2, training_steps=2).fit(GREY, rng())


WRITTEN = {"prompts": np.zeros((2, 3), dtype=int), "length": 2, "rng": rng(), "decoder": DECODER}


INPUTS = {
    "models.categorical.Categorical": lambda: {"n_categories": 3},
    "models.categorical.Categorical.fit": lambda: (Categorical(3).fit, {"X": LABELS, "rng": Anything()}),
    "models.categorical.Categorical.sample": lambda: (turn("categorical").fitted.sample, DRAW),
    "models.categorical.CategoricalBatches": lambda: {"batch": 5},
    "models.categorical.CategoricalBatches.fit": lambda: (
        CategoricalBatches(5).fit,
        {"X": np.array([[[1, 2]]]), "rng": Anything()},
    ),
    "models.categorical.CategoricalBatches.sample": lambda: (
        fitted(CategoricalBatches(5), np.array([[[1, 2]]])).sample,
        DRAW,
    ),
    "models.categorical.check_decoder": lambda: {"temperature": 1.0, "top_p": 1.0, "top_k": 3},
    "models.categorical.decode": lambda: {"probs": Either(P, P[None]), "top_k": 2},
    "models.checkpoints.memory_argument": lambda: {"network": network()},
    "models.memory.ran_out": lambda: {"error": Either(MemoryError(), ValueError(), OSError())},
    "models.checkpoints.read_config": lambda: {"folder": files() / "model", "revision": "a"},
    "models.checkpoints.read_network": lambda: {
        "folder": files() / "model",
        "config": checkpoints.read_config(files() / "model"),
        "revision": "a",
        "device": Ours("cpu"),
    },
    "models.checkpoints.set_dropout": lambda: {"config": network().config, "share": 0.1},
    "models.checkpoints.shape": lambda: {"config": network().config},
    "models.cross_entropy.cross_entropy": lambda: {"logits": torch.rand(2, 3), "targets": torch.tensor([0, 2])},
    "models.decoding.Beams": dict,
    "models.decoding.Beams.__call__": lambda: (Beams(2), DECODED | decoded()),
    "models.decoding.Sampling": lambda: {"top_k": 3},
    "models.decoding.Sampling.__call__": lambda: (Sampling(), DECODED | decoded()),
    "models.decoding.draw_from": lambda: {"probs": torch.full((2, 3), 1 / 3), "draws": torch.rand(2, 1)},
    "models.decoding.penalise": lambda: {"scores": torch.rand(2, 3), "text": prompts()[:, :1], "penalty": 2.0},
    "models.diffusion.Flow": dict,
    "models.diffusion.Flow.fit": lambda: (
        Flow(training_steps=2, steps=2).fit,
        {"X": Either(DIGITS, GREY, PAGES), "rng": rng()},
    ),
    "models.diffusion.Flow.sample": lambda: (turn("flow").fitted.sample, DRAW),
    "models.eigenpictures.Eigenpictures": dict,
    "models.eigenpictures.Eigenpictures.fit": lambda: (
        Eigenpictures(3, 2).fit,
        {"X": Either(GREY, PAGES), "rng": rng()},
    ),
    "models.eigenpictures.Eigenpictures.sample": lambda: (fitted(Eigenpictures(3, 2), GREY).sample, DRAW),
    "models.gaussian.Gaussian": dict,
    "models.gaussian.Gaussian.fit": lambda: (Gaussian().fit, {"X": X, "rng": Anything()}),
    "models.gaussian.Gaussian.sample": lambda: (turn().fitted.sample, DRAW),
    "models.gaussian.GaussianBatches": lambda: {"batch": 5},
    "models.gaussian.GaussianBatches.fit": lambda: (
        GaussianBatches(5).fit,
        {"X": np.ones((1, 2, 3)), "rng": Anything()},
    ),
    "models.gaussian.GaussianBatches.sample": lambda: (fitted(GaussianBatches(5), np.ones((1, 2, 3))).sample, DRAW),
    "models.gaussian.GaussianBatches.summarise": lambda: (GaussianBatches(5).summarise, {"X": X}),
    "models.language.CausalLM": lambda: {
        "vocabulary": 9,
        "prompt": Either(Own(3), nothing, None),
        "decoder": DECODER,
        "dropout": Either(0.1, None),
        "end": 0,
        "validation": SMALL,
        "precision": torch.float32,
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
    "models.ngram.NGram": lambda: {"vocabulary": 9, "top_k": 3, "favour": watermark.GreenList(9).favour},
    "models.ngram.NGram.fit": lambda: (NGram(9).fit, {"X": SMALL, "rng": Anything()}),
    "models.ngram.NGram.sample": lambda: (
        fitted(NGram(9), SMALL).sample,
        DRAW | {"prompt": Either(SMALL[0, :3], SMALL[:5, :3])},
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
    "models.precision.fast_training": lambda: {"device": "cpu"},
    "models.precision.fast_writing": lambda: {"device": "cpu"},
    "models.prompts.Given": lambda: {"rows": SMALL, "length": 3},
    "models.prompts.Given.__call__": lambda: (Given(SMALL, 3), {"train": Anything(SMALL), "n": 2, "rng": rng()}),
    "models.prompts.Own": lambda: {"length": 3},
    "models.prompts.Own.__call__": lambda: (Own(3), {"train": SMALL, "n": 2, "rng": rng()}),
    "models.prompts.nothing": lambda: {"train": Anything(SMALL), "n": 2, "rng": Anything(rng())},
    "models.regression.Regression": lambda: {"used": Either(1, None)},
    "models.regression.Regression.fit": lambda: (Regression().fit, {"X": X, "rng": Anything()}),
    "models.regression.Regression.sample": lambda: (fitted(Regression(), X).sample, DRAW),
    "models.scikit_learn.SklearnModel": lambda: {"estimator": KernelDensity()},
    "models.scikit_learn.SklearnModel.fit": lambda: (SklearnModel(KernelDensity()).fit, {"X": X, "rng": rng()}),
    "models.scikit_learn.SklearnModel.look_at": lambda: (SklearnModel(KernelDensity()).look_at, {"real": Ours(X)}),
    "models.scikit_learn.SklearnModel.sample": lambda: (fitted(SklearnModel(KernelDensity()), X).sample, DRAW),
    "models.training.Training": dict,
    "models.training.build": lambda: {"make": lambda: torch.nn.Linear(2, 2), "rng": rng()},
    "models.training.check_device": lambda: {"device": "cpu"},
    "models.training.torch_generator": lambda: {"rng": rng()},
    "models.vae.VAE": dict,
    "models.vae.VAE.decode": lambda: (auto().decode, {"codes": np.zeros((3, 2))}),
    "models.vae.VAE.encode": lambda: (auto().encode, {"X": GREY}),
    "models.vae.VAE.fit": lambda: (VAE(training_steps=2).fit, {"X": Either(GREY, PAGES), "rng": rng()}),
    "models.vae.VAE.sample": lambda: (auto().sample, DRAW),
}
