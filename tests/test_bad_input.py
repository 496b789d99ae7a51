"""Bad input is refused by a message that names the argument, its range, the value it got and the remedy.

`BAD` has a row for every public function and method that takes arguments; the guard at the end walks the package and
fails if one is missing. A module without any row here has its bad input among tests of its own. Left out are the
self-checks of exercises and the drawings of explorers, whose input comes from a reader's cell or from a slider: their
own tests show that nothing stops them.
"""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

import collapse_lessons
from collapse_lessons import checks, loop, metrics, plots, recipes, runs, theory
from collapse_lessons.course import answers, explorers, lesson, self_check
from collapse_lessons.experiments.sweeps import sweep
from collapse_lessons.loop import generations
from collapse_lessons.model_check import check_model
from collapse_lessons.models import categorical, photocopier
from collapse_lessons.models.categorical import Categorical, CategoricalBatches
from collapse_lessons.models.gaussian import Gaussian, GaussianBatches
from collapse_lessons.models.photocopier import Photocopier
from collapse_lessons.models.regression import Regression
from collapse_lessons.models.scikit_learn import SklearnModel
from collapse_lessons.recipes import replace
from collapse_lessons.runs import run
from collapse_lessons.worlds import datasets, images

X = np.random.default_rng(0).normal(size=(20, 2))
P = np.array([0.5, 0.3, 0.2])
PAGES = np.full((1, 16, 16, 3), 0.5)
FITS = "fits (or generations, copies)"
NAN = np.array([[np.nan, 1.0]])
RNG = np.random.default_rng(0)
STD = {"std": metrics.std}
TWO = {"n_generations": 2}
LOOP = {"metrics": STD, **TWO}
FITTED = Gaussian().fit(X)
GENERATION = next(generations(Gaussian(), X, n_generations=1))
GREY = PAGES[..., 0]
FLAT = np.full((16, 16, 3), 0.5)
THREE_D = GaussianMixture(1).fit(RNG.normal(size=(20, 3)))


class NoSample:
    def fit(self, X, rng):
        return self


def reward(rows):
    return rows


def wrong_shape(n, rng):
    return np.zeros((n, 5))


# by module: a name, a call with bad input, the argument that the message names, its range, what it got
BAD = {
    "loop": [
        ("stream", lambda: loop.stream(-1, 0, 0), "stage", "at least 0", "-1"),
        ("stream", lambda: loop.stream(0, 1.5, 0), "generation", "at least 0", "1.5"),
        ("stream", lambda: loop.stream(0, 0, -3), "seed", "at least 0", "-3"),
        ("generations", lambda: generations(NoSample(), X, **TWO), "model", "sample(n, rng)", "NoSample without"),
        ("generations", lambda: generations(Gaussian, X, **TWO), "model", "an instance", "the class Gaussian"),
        ("generations", lambda: generations(None, X, **TWO), "model", "fit(X, rng)", "NoneType without fit"),
        ("generations", lambda: generations(Gaussian(), [], **TWO), "real", "at least 1 row", "shape (0,)"),
        ("generations", lambda: generations(Gaussian(), NAN, **TWO), "real", "finite", "1 NaN"),
        ("generations", lambda: generations(Gaussian(), ["a"], **TWO), "real", "(n, ...)", "dtype <U1"),
        ("generations", lambda: generations(Gaussian(), X, "replace", **TWO), "recipe", "(pool, n, rng)", "'replace'"),
        ("generations", lambda: generations(Gaussian(), X, n_generations=0), "n_generations", "from 1 to", "0"),
        ("generations", lambda: generations(Gaussian(), X, n_generations=-5), "n_generations", "from 1 to", "-5"),
        ("generations", lambda: generations(Gaussian(), X, n_generations=2.0), "n_generations", "from 1 to", "2.0"),
        ("generations", lambda: generations(Gaussian(), X, n=0, **TWO), "n", "at least 1", "0"),
        ("generations", lambda: generations(Gaussian(), X, seed=-1, **TWO), "seed", "at least 0", "-1"),
        ("generations", lambda: generations(Gaussian(), X, seed=None, **TWO), "seed", "at least 0", "None"),
        ("generations", lambda: generations(Gaussian(), X, start=-1, **TWO), "start", "at least 0", "-1"),
        ("generations", lambda: generations(Gaussian(), X, start=1, **TWO), "past", "1 earlier", "0"),
        ("generations", lambda: next(generations(Gaussian(), X[:, 0], **TWO)), "X", "(n, d)", "shape (20,)"),
    ],
    "runs": [
        ("run", lambda: run(Gaussian(), X, metrics=[metrics.std], **TWO), "metrics", "a dict", "[<function"),
        ("run", lambda: run(Gaussian(), X, metrics={"std": 1}, **TWO), "metrics", "a dict of functions", "{'std': 1}"),
        ("run", lambda: run(Gaussian(), NAN, **LOOP), "real", "finite", "1 NaN"),
        ("run", lambda: run(Gaussian(), X, metrics=STD, n_generations=0), "n_generations", "from 1 to", "0"),
        ("run", lambda: run(Gaussian(), X, label=X[0], **LOOP), "label", "a string", "array("),
        ("run", lambda: run(Gaussian(), X, keep=3, **LOOP), "keep", "a list", "3"),
        ("run", lambda: run(Gaussian(), X, keep=[2], **LOOP), "keep", "from 0 to 1", "2"),
        ("check_metrics", lambda: runs.check_metrics([metrics.std]), "metrics", "a dict of functions", "[<function"),
        ("seen", lambda: runs.seen(lambda generation: [RNG], GENERATION), "view", "numbers or text", "array("),
        ("check_view", lambda: runs.check_view("last"), "view", "view(generation) -> array", "'last'"),
        ("check_keep", lambda: runs.check_keep([3], 3), "keep", "from 0 to 2", "3"),
    ],
    "experiments.sweeps": [
        ("sweep", lambda: sweep(Gaussian(), X, {}, seeds=[0], **LOOP), "recipes", "at least one", "{}"),
        ("sweep", lambda: sweep(Gaussian(), X, [recipes.replace], seeds=[0], **LOOP), "recipes", "a dict", "[<func"),
        ("sweep", lambda: sweep(Gaussian(), X, {"r": recipes.replace}, seeds=(), **LOOP), "seeds", "a list", "()"),
        ("sweep", lambda: sweep(Gaussian(), X, {"r": recipes.replace}, seeds=5, **LOOP), "seeds", "a list", "5"),
    ],
    "recipes": [
        ("replace", lambda: recipes.replace([], 1, RNG), "pool", "at least the real data", "an empty list"),
        ("replace", lambda: recipes.replace(X, 1, RNG), "pool", "a list of arrays", "ndarray"),
        ("accumulate", lambda: recipes.accumulate([], 1, RNG), "pool", "at least the real data", "an empty list"),
        ("accumulate_subsample", lambda: recipes.accumulate_subsample([], 1, RNG), "pool", "at least", "an empty"),
        ("accumulate_subsample", lambda: recipes.accumulate_subsample([X], 21, RNG), "n", "at most the 20", "21"),
        ("accumulate_subsample", lambda: recipes.accumulate_subsample([X], 2, 0), "rng", "Generator", "0"),
        ("Mix", lambda: recipes.Mix(1.1), "real_fraction", "from 0 to 1", "1.1"),
        ("Mix", lambda: recipes.Mix(-0.1), "real_fraction", "from 0 to 1", "-0.1"),
        ("Mix", lambda: recipes.Mix("10%"), "real_fraction", "from 0 to 1", "'10%'"),
        ("Mix", lambda: recipes.Mix(0.5)([], 10, RNG), "pool", "at least", "an empty"),
        ("Mix", lambda: recipes.Mix(0.5)([X], 0, RNG), "n", "at least 1", "0"),
        ("Mix", lambda: recipes.Mix(0.5)([X], 50, RNG), "n", "at most the 20 rows", "25"),
        ("Mix", lambda: recipes.Mix(0.01)([X], 10, RNG), "real_fraction", "at least one of the 10 rows", "0.01"),
        ("drawn", lambda: recipes.drawn(wrong_shape, 3, X, RNG), "draw(n, rng)", "have shape (3, 2)", "(3, 5)"),
        ("Fresh.crawl", lambda: recipes.Fresh(wrong_shape, 0.5).crawl([], 10, RNG), "pool", "at least", "an empty"),
        ("Fresh", lambda: recipes.Fresh(wrong_shape, 2), "real_fraction", "from 0 to 1", "2"),
        ("Fresh", lambda: recipes.Fresh(X, 0.1), "draw", "draw(n, rng)", "array("),
        ("Fresh", lambda: recipes.Fresh(wrong_shape, 0.5)([], 10, RNG), "pool", "at least", "an empty"),
        ("Fresh", lambda: recipes.Fresh(wrong_shape, 0.5)([X], 10, RNG), "draw(n, rng)", "(5, 2)", "(5, 5)"),
        ("Fresh", lambda: recipes.Fresh(lambda n, rng: NAN, 0.5)([X], 10, RNG), "draw(n, rng)", "finite", "1 NaN"),
        ("pick", lambda: recipes.pick(X, 21, RNG), "n", "at most the 20", "21"),
        ("pick", lambda: recipes.pick(X, -1, RNG), "k", "at least 0", "-1"),
        ("pick", lambda: recipes.pick(X, 2, None), "rng", "Generator", "None"),
    ],
    "models.gaussian": [
        ("Gaussian", lambda: Gaussian(ddof=2), "ddof", "0 or 1", "2"),
        ("Gaussian", lambda: Gaussian(spread=-1), "spread", "from 0 to 2", "-1"),
        ("Gaussian", lambda: Gaussian(spread=float("nan")), "spread", "from 0 to 2", "nan"),
        ("Gaussian.fit", lambda: Gaussian().fit(X[:, 0]), "X", "(n, d)", "shape (20,)"),
        ("Gaussian.fit", lambda: Gaussian().fit(NAN), "X", "finite", "1 NaN"),
        ("Gaussian.fit", lambda: Gaussian().fit(np.empty((0, 2))), "X", "at least 1 row", "shape (0, 2)"),
        ("Gaussian.fit", lambda: Gaussian(ddof=1).fit(X[:1]), "X", "at least 2 row", "shape (1, 2)"),
        ("Gaussian.sample", lambda: FITTED.sample(0, RNG), "n", "at least 1", "0"),
        ("Gaussian.sample", lambda: FITTED.sample(2, 0), "rng", "Generator", "0"),
        ("Gaussian.sample", lambda: Gaussian().sample(2, RNG), "model", "fitted", "Gaussian without mean_"),
        ("GaussianBatches", lambda: GaussianBatches(1), "batch", "at least 2", "1"),
        ("GaussianBatches", lambda: GaussianBatches(5, ddof=-1), "ddof", "0 or 1", "-1"),
        ("GaussianBatches.fit", lambda: GaussianBatches(5).fit(X), "X", "(k, 2, d)", "shape (20, 2)"),
        ("GaussianBatches.fit", lambda: GaussianBatches(5).fit(NAN[None]), "X", "finite", "1 NaN"),
        ("GaussianBatches.sample", lambda: GaussianBatches(5).sample(1, RNG), "model", "fitted", "Gauss"),
        ("GaussianBatches.summarise", lambda: GaussianBatches(6).summarise(X), "X", "multiple of 6", "20"),
    ],
    "models.categorical": [
        ("Categorical", lambda: Categorical(0), "n_categories", "at least 1", "0"),
        ("Categorical", lambda: Categorical(3, temperature=-1), "temperature", "from 0 to 10", "-1"),
        ("Categorical", lambda: Categorical(3, top_p=0), "top_p", "to 1", "0"),
        ("Categorical.fit", lambda: Categorical(3).fit([0, 3]), "X", "from 0 to 2", "0 to 3"),
        ("Categorical.fit", lambda: Categorical(3).fit([0.0, 1]), "X", "integer", "dtype float64"),
        ("Categorical.fit", lambda: Categorical(3).fit([]), "X", "at least 1 row", "shape (0,)"),
        ("Categorical.sample", lambda: Categorical(3).sample(2, RNG), "model", "fitted", "Categorical"),
        ("Categorical.sample", lambda: Categorical(3).fit([0]).sample(-2, RNG), "n", "at least 1", "-2"),
        ("CategoricalBatches", lambda: CategoricalBatches(0), "batch", "at least 1", "0"),
        ("CategoricalBatches.fit", lambda: CategoricalBatches(5).fit([[1, 2]]), "X", "(k, d,", "shape (1, 2)"),
        ("CategoricalBatches.fit", lambda: CategoricalBatches(5).fit([[[-1, 2]]]), "X", "at least 0", "a least count"),
        ("CategoricalBatches.fit", lambda: CategoricalBatches(5).fit([[[0, 0]]]), "X", "one above 0", "a least count"),
        ("CategoricalBatches.sample", lambda: CategoricalBatches(5).sample(1, RNG), "model", "fitted", "Cat"),
        ("decode", lambda: categorical.decode([0.5, 0.6]), "probs", "sum to 1", "a sum of 1.1"),
        ("decode", lambda: categorical.decode([1.5, -0.5]), "probs", "from 0 to 1", "-0.5"),
        ("check_decoder", lambda: categorical.check_decoder(1, 0), "top_p", "to 1", "0"),
        ("decode", lambda: categorical.decode(P, temperature=11), "temperature", "from 0 to 10", "11"),
        ("decode", lambda: categorical.decode(P, top_p=1.5), "top_p", "to 1", "1.5"),
    ],
    "models.photocopier": [
        ("Photocopier", lambda: Photocopier(blur=-1), "blur", "from 0 to 20", "-1"),
        ("Photocopier", lambda: Photocopier(halftone=1), "halftone", "0 or at least 2", "1"),
        ("Photocopier", lambda: Photocopier(halftone=2.5), "halftone", "at least 0", "2.5"),
        ("Photocopier", lambda: Photocopier(tone=0), "tone", "from 0.2 to 5", "0"),
        ("Photocopier", lambda: Photocopier(shift=-1), "shift", "at least 0", "-1"),
        ("Photocopier", lambda: Photocopier(noise=2), "noise", "from 0 to 1", "2"),
        ("Photocopier", lambda: Photocopier(sharpen=6), "sharpen", "from 0 to 5", "6"),
        ("Photocopier", lambda: Photocopier(jpeg=96), "jpeg", "from 1 to 95", "96"),
        ("Photocopier", lambda: Photocopier(jpeg=0), "jpeg", "at least 1", "0"),
        ("Photocopier.fit", lambda: Photocopier().fit(PAGES[0], RNG), "X", "(n, h, w, 3)", "shape (16, 16, 3)"),
        ("Photocopier.fit", lambda: Photocopier().fit(PAGES[..., :1], RNG), "X", "3 colours", "shape (1, 16"),
        ("Photocopier.fit", lambda: Photocopier().fit(2 * PAGES + 1, RNG), "X", "from 0 to 1", "2.0"),
        ("Photocopier.fit", lambda: Photocopier().fit(PAGES, 0), "rng", "Generator", "0"),
        ("Photocopier.sample", lambda: Photocopier().sample(1, RNG), "model", "fitted", "Photocopier"),
        ("Photocopier.sample", lambda: Photocopier().fit(PAGES, RNG).sample(0, RNG), "n", "at least 1", "0"),
        ("blur_response", lambda: photocopier.blur_response((4, 4), -1), "sigma", "from 0", "-1"),
        ("sharpen_response", lambda: photocopier.sharpen_response((4, 4), 6), "amount", "from 0 to 5", "6"),
        ("linear_filter", lambda: photocopier.linear_filter(FLAT, np.ones((2, 2))), "response", "(16, 16)", "(2, 2)"),
        ("halftone", lambda: photocopier.halftone(FLAT, 1), "levels", "at least 2", "1"),
        ("jpeg", lambda: photocopier.jpeg(FLAT, 0), "quality", "from 1 to 95", "0"),
        ("check_pictures", lambda: photocopier.check_pictures("X", PAGES * 255), "X", "from 0 to 1", "127.5"),
    ],
    "models.regression": [
        ("Regression", lambda: Regression(noise=-1), "noise", "from 0", "-1"),
        ("Regression", lambda: Regression(used=0), "used", "at least 1", "0"),
        ("Regression.fit", lambda: Regression(used=2).fit(X), "X", "at least 2 feature", "shape (20, 2)"),
        ("Regression.fit", lambda: Regression().fit(X[:, :1]), "X", "at least 1 feature", "shape (20, 1)"),
        ("Regression.sample", lambda: Regression().sample(3, RNG), "model", "fitted", "Regression without"),
        ("Regression.sample", lambda: Regression().fit(X).sample(3, 0), "rng", "Generator", "0"),
    ],
    "models.scikit_learn": [
        ("SklearnModel", lambda: SklearnModel(3), "estimator", "fit and sample", "int without fit"),
        ("SklearnModel", lambda: SklearnModel(GaussianMixture), "estimator", "an instance", "the class"),
        ("SklearnModel", lambda: SklearnModel(KernelDensity(bandwidth="scott")), "bandwidth", "a number", "'scott'"),
        ("SklearnModel", lambda: SklearnModel(KernelDensity(), keep=0), "keep", "to 1", "0"),
        ("SklearnModel.look_at", lambda: SklearnModel(KernelDensity()).look_at([]), "real", "(n, d)", "shape (0,)"),
        ("SklearnModel.fit", lambda: SklearnModel(KernelDensity()).fit(NAN, RNG), "X", "finite", "1 NaN"),
        ("SklearnModel.fit", lambda: SklearnModel(GaussianMixture()).fit(X, 0), "rng", "Generator", "0"),
        ("SklearnModel.sample", lambda: SklearnModel(KernelDensity()).sample(1, RNG), "model", "fitted", "Skl"),
    ],
    "theory.gaussian": [
        ("expected_var", lambda: theory.expected_var(-1, 10), FITS, "from 0", "-1"),
        ("expected_var", lambda: theory.expected_var(1.5, 10), FITS, "whole numbers", "1.5"),
        ("expected_var", lambda: theory.expected_var([], 10), FITS, "whole numbers", "[]"),
        ("expected_var", lambda: theory.expected_var(1, 1), "n", "at least 2", "1"),
        ("expected_var", lambda: theory.expected_var(1, 10, ddof=2), "ddof", "0 or 1", "2"),
        ("expected_var", lambda: theory.expected_var(1, 10, spread=3), "spread", "from 0 to 2", "3"),
        ("mean_var", lambda: theory.mean_var(1, 0), "n", "at least 2", "0"),
        ("expected_std", lambda: theory.expected_std(1, 10, ddof="1"), "ddof", "0 or 1", "'1'"),
        ("typical_var", lambda: theory.typical_var(1, 2.5), "n", "at least 2", "2.5"),
        ("collapse_bound", lambda: theory.collapse_bound(0, 1, 10), "eps", "to 1", "0"),
        ("accumulate_var", lambda: theory.accumulate_var(-1, 10), FITS, "from 0", "-1"),
        ("accumulate_var_limit", lambda: theory.accumulate_var_limit(1), "n", "at least 2", "1"),
        ("accumulate_drift", lambda: theory.accumulate_drift(1.0, 10), FITS, "whole numbers", "1.0"),
        ("fresh_mean_var", lambda: theory.fresh_mean_var(0, 10), "n_real", "at least 1", "0"),
        ("fresh_mean_var", lambda: theory.fresh_mean_var(1, 10, ddof=1), "n_real", "at least 2", "1"),
        ("fresh_var", lambda: theory.fresh_var(10, -1), "n_synthetic", "at least 0", "-1"),
        ("fresh_drift", lambda: theory.fresh_drift(10, 10, weight=0), "weight", "to 1", "0"),
        ("best_weight", lambda: theory.best_weight(10, 0), "n_synthetic", "at least 1", "0"),
        ("mixed_error", lambda: theory.mixed_error(1, 0.5), "n_real", "from 2", "1"),
        ("mixed_error", lambda: theory.mixed_error([10], [1.0]), "share", "below 1", "[1.]"),
        ("mixed_error", lambda: theory.mixed_error(10, 0.5, spread=1.5), "spread", "from 0 to 1", "1.5"),
    ],
    "theory.counts": [
        ("heterozygosity", lambda: theory.heterozygosity(1, 10, [0.5, 0.6]), "p", "sum to 1", "a sum of 1.1"),
        ("missed", lambda: theory.missed([0.5, 1.5], 10), "p", "from 0 to 1", "1.5"),
        ("survivors", lambda: theory.survivors(1, 10, [[1.0]]), "p", "(k,) probabilities", "shape (1, 1)"),
        ("count_law", lambda: theory.count_law(1, 20, 21), "count", "at most n = 20", "21"),
        ("count_law", lambda: theory.count_law(1, 20, -1), "count", "at least 0", "-1"),
        ("memory_heterozygosity", lambda: theory.memory_heterozygosity(1, 10, 0), "memory", "at least 1", "0"),
        ("alive", lambda: theory.alive(1, 10, [0.5, 0.6]), "p", "sum to 1", "a sum of 1.1"),
        ("alive", lambda: theory.alive(1, 10, [1.0], n_fresh=11), "n_fresh", "at most n = 10", "11"),
        ("chain_mean", lambda: theory.chain_mean(np.ones(3), 1, 50, P), "values", "n + 1 = 51 entries", "shape (3,)"),
        ("chain_mean", lambda: theory.chain_mean(np.ones(51), 0, 50, P), "fits", "from 1", "0"),
        ("chain_mean", lambda: theory.chain_mean(np.ones(51), [1, 2], 50, P), "fits", "whole number", "[1, 2]"),
        ("exact_survivors", lambda: theory.exact_survivors(1, 5001, P), "n", "to 5000", "5001"),
        ("exact_survivors", lambda: theory.exact_survivors(1, 50, [0.5, 0.6]), "p", "sum to 1", "a sum of 1.1"),
        ("different", lambda: theory.different(1, 1), "n", "from 2", "1"),
        ("expected_entropy", lambda: theory.expected_entropy(1, 2.5, P), "n", "whole number", "2.5"),
    ],
    "theory.mixtures": [
        ("kernel_var", lambda: theory.kernel_var(1, 10, -0.1), "bandwidth", "from 0", "-0.1"),
        ("kept_var", lambda: theory.kept_var(0, 2), "keep", "to 1", "0"),
        ("kept_var", lambda: theory.kept_var(0.5, 0), "d", "at least 1", "0"),
    ],
    "theory.copies": [
        ("copied_response", lambda: theory.copied_response([np.nan], 1), "response", "from 0", "nan"),
        ("copied_noise", lambda: theory.copied_noise(0.5, 1, -1), "noise", "from 0", "-1"),
        ("mixed_response", lambda: theory.mixed_response(0.5, 1, 2), "original", "from 0 to 1", "2"),
        ("blur_width", lambda: theory.blur_width(-1, 2), "sigma", "from 0", "-1"),
        ("accumulated_response", lambda: theory.accumulated_response(0.5, -1), FITS, "from 0", "-1"),
        ("mixed_pull", lambda: theory.mixed_pull(0.5, 1.5), "original", "from 0 to 1", "1.5"),
        ("mixed_pull", lambda: theory.mixed_pull("a", 0.5), "response", "numbers", "'a'"),
        ("least_original", lambda: theory.least_original([1.1, np.inf]), "response", "to 100", "inf"),
    ],
    "theory.selection": [
        ("filtered_share", lambda: theory.filtered_share(1.1, 0, 0), "real_fraction", "from 0 to 1", "1.1"),
        ("filtered_share", lambda: theory.filtered_share(0, 1, 0), "true_positive", "let something pass", "1.0"),
        ("filtered_mean_var", lambda: theory.filtered_mean_var(1, 10, -0.5), "real_fraction", "from 0 to 1", "-0.5"),
        ("green_z", lambda: theory.green_z(3, 2), "green", "at most all tokens", "3.0 of 2.0"),
        ("curated", lambda: theory.curated(P, [1.0], 1), "reward", "one for each of the 3", "1"),
        ("selected_var", lambda: theory.selected_var(0), "keep", "to 1", "0"),
        ("verified_mean", lambda: theory.verified_mean(0, 1, 0), "radius", "from", "0"),
        ("verified_mean", lambda: theory.verified_mean(99, 1, 2), "centre", "within radius + 30", "1"),
        ("preferred", lambda: theory.preferred(P, [1.0, 2.0], 0.1), "reward", "one for each of the 3", "2"),
        ("preferred", lambda: theory.preferred(P, [1.0, 2.0, 3.0], 0.0), "real_fraction", "from 1e-06 to 1", "0.0"),
    ],
    "theory.definitions": [
        ("steps_law", lambda: theory.steps_law(1, "discard"), "recipe", "replace, accumulate, fresh", "'discard'"),
        ("steps_law", lambda: theory.steps_law(-1, "replace"), "generation", "from 0 to 5000", "-1"),
        ("variety_law", lambda: theory.variety_law(1, 1, "replace"), "n", "at least 2", "1"),
        ("variety_law", lambda: theory.variety_law(1, 9, "fresh", 1.5), "real_fraction", "from 0 to 1", "1.5"),
        ("World", lambda: theory.World([0.5, 0.6]), "p", "sum to 1", "a sum of 1.1"),
        ("World", lambda: theory.World(P, gap=1.0), "gap", "from 2.1", "1.0"),
        ("World", lambda: theory.World(P, bandwidth=0), "bandwidth", "from 0.001", "0"),
        ("World.risk", lambda: theory.World(P).risk([0.5]), "law", "sum to 1", "a sum of 0.5"),
        ("World.valley", lambda: theory.World(P).valley(None), "law", "(k,) probabilities", "None"),
        ("World.astray", lambda: theory.World(P).astray([-1.0, 2.0]), "law", "from 0 to 1", "-1"),
        ("verdicts", lambda: theory.verdicts(P, 1, 9, "replace"), "world", "a World", "array"),
        ("verdicts", lambda: theory.verdicts(theory.World(P), 1, 5001, "replace"), "n", "to 5000", "5001"),
        ("verdicts", lambda: theory.verdicts(theory.World(P), 1, 9, replace), "recipe", "one of", "<function"),
    ],
    "theory.labs": [
        ("lab_variety", lambda: theory.lab_variety(-1, 30, 4, 0.2, P), FITS, "from 0", "-1"),
        ("lab_variety", lambda: theory.lab_variety(1, 30, 4, 0.2, [[1.0]]), "p", "(k,) probabilities", "shape (1, 1)"),
        ("lab_likeness", lambda: theory.lab_likeness(1, 30, 1, 0.2), "labs", "at least 2", "1"),
        ("lab_keeps", lambda: theory.lab_keeps(30, 4, 1.2), "share", "from 0 to 1", "1.2"),
        ("lab_keeps", lambda: theory.lab_keeps(1, 4, 0.2), "n", "at least 2", "1"),
    ],
    "theory.people": [
        ("imitated_share", lambda: theory.imitated_share(1.2, 0), "synthetic", "from 0 to 1", "1.2"),
        ("imitated_share", lambda: theory.imitated_share(0, [-1]), "imitating", "from 0 to 1", "-1"),
        ("pass_at", lambda: theory.pass_at(0, [0.5]), "tries", "from 1", "0"),
        ("pass_at", lambda: theory.pass_at(1, [1.5]), "right", "from 0 to 1", "1.5"),
        ("pass_at", lambda: theory.pass_at(1, 0.5), "right", "(problems,) chances", "shape ()"),
        ("sharpened", lambda: theory.sharpened(0.5, 0), "power", "from 0.001", "0"),
        ("sharpened", lambda: theory.sharpened("a", 1), "right", "from 0 to 1", "'a'"),
    ],
    "theory.regression": [
        ("fit_risk", lambda: theory.fit_risk(7, 6), "rows", "at least 8", "7"),
        ("fit_risk", lambda: theory.fit_risk(30, 6, -1), "noise", "from 0", "-1"),
        ("replace_risk", lambda: theory.replace_risk(-1, 30, 6), FITS, "from 0", "-1"),
        ("accumulate_risk", lambda: theory.accumulate_risk(1, 30, 0), "features", "at least 1", "0"),
        ("sized_risk", lambda: theory.sized_risk(0, 30, 10, 40), FITS, "from 1", "0"),
        ("sized_risk", lambda: theory.sized_risk(1, 30, 31, 40), "used", "the 30 rows by two", "31"),
        ("sized_risk", lambda: theory.sized_risk(1, 30, 41, 40), "used", "at most the 40 features", "41"),
        ("sized_risk", lambda: theory.sized_risk(1, 30, 10, 40, signal=-1), "signal", "from 0", "-1"),
    ],
    "theory.scaling": [
        ("unseen", lambda: theory.unseen(-1, 50, P), "rows", "from 0", "-1"),
        ("unseen", lambda: theory.unseen(5, 50, P, fresh=-2), "fresh", "from 0", "-2"),
        ("unseen", lambda: theory.unseen([1, 2], 50, P, fresh=[1, 2, 3]), "fresh", "rows of shape (2,)", "shape (3,)"),
        ("unseen_floor", lambda: theory.unseen_floor(50, P, 0), "generations", "at least 1", "0"),
        ("unseen_slope", lambda: theory.unseen_slope(10, 50, P, real_fraction=2), "real_fraction", "from 0 to 1", "2"),
        ("unseen_slope", lambda: theory.unseen_slope(10**6, 50, P, 0), "rows", "leave something", "up to 1000000"),
    ],
    "metrics.numbers": [
        ("mean", lambda: metrics.mean(X), "generation", "what the loop yields", "array("),
        ("std", lambda: metrics.std(None), "generation", "what the loop yields", "None"),
        ("var", lambda: metrics.var([1.0]), "generation", "what the loop yields", "[1.0]"),
        ("alive", lambda: metrics.alive("abc"), "probs", "(..., k)", "dtype <U3"),
        ("differ", lambda: metrics.differ([np.nan]), "probs", "finite", "1 NaN"),
        ("survivors", lambda: metrics.survivors(GENERATION), "generation", "categories", "Generation("),
        ("heterozygosity", lambda: metrics.heterozygosity(P), "generation", "categories", "array("),
        ("top_share", lambda: metrics.top_share(None), "generation", "categories", "None"),
    ],
    "metrics.diversity": [
        ("of_text", lambda: metrics.diversity.of_text(None, [[1, 2]]), "world", "Encyclopedia", "None"),
        ("of_author", lambda: metrics.diversity.of_author(3), "world", "Encyclopedia", "3"),
    ],
    "metrics.points": [
        ("nearest_distance", lambda: metrics.nearest_distance(X[:1]), "samples", "at least 2", "shape (1, 2)"),
        ("coverage", lambda: metrics.coverage(X, NAN), "real", "finite", "1 NaN"),
        ("coverage", lambda: metrics.coverage(X, X[:, :1]), "samples", "as many columns", "shapes (20, 2)"),
        ("precision", lambda: metrics.precision(NAN, X), "samples", "finite", "1 NaN"),
        ("coverage_and_precision", lambda: metrics.coverage_and_precision(GENERATION, NAN), "reference", "finite", "1"),
    ],
    "metrics.pictures": [
        ("ssim", lambda: metrics.ssim(FLAT, FLAT[:8]), "picture", "shape (8, 16, 3)", "(16, 16, 3)"),
        ("laid_back", lambda: metrics.laid_back(FLAT, FLAT[:8]), "picture", "shape (8, 16, 3)", "(16, 16, 3)"),
        ("radial_power", lambda: metrics.radial_power(FLAT * 3), "picture", "from 0 to 1", "1.5"),
        ("radial_power", lambda: metrics.radial_power(FLAT, 0), "n_bins", "from 1", "0"),
        ("fine_detail", lambda: metrics.fine_detail(FLAT, FLAT), "original", "detail above 0.125", "none"),
        ("fine_detail", lambda: metrics.fine_detail(FLAT, FLAT, above=0.6), "above", "from 0 to 0.48", "0.6"),
        ("crops_recognised", lambda: metrics.crops_recognised(FLAT, FLAT, rows=17), "rows and columns", "fit", "17"),
        ("crops_found", lambda: metrics.crops_found(FLAT, FLAT, rows=17), "rows and columns", "fit", "17"),
    ],
    "course.lesson": [
        ("compare", lambda: lesson.compare("01.1", 3, 10**400), "result", "a number", "1000"),
        ("compare", lambda: lesson.compare("01.1", 3, [[1.0]]), "result", "(n,) floats", "shape (1, 1)"),
        ("compare", lambda: lesson.compare("01.1", 3, None), "result", "a number or a string", "None"),
        ("compare", lambda: lesson.compare("01.1", 3, 9, most=X), "most", "a number", "array("),
    ],
    "course.self_check": [
        ("check", lambda: self_check.check(3, len, hints=X, otherwise="a", because="b"), "hints", "pairs", "array("),
        ("check_choice", lambda: self_check.check_choice(3, "a", hints={}, because=""), "hints", "a hint for", "none"),
    ],
    "course.answers": [
        ("alike", lambda: answers.alike(1j, 1), "answer", "real numbers", "1j"),
        ("real_numbers", lambda: answers.real_numbers(["a"]), "answer", "real numbers", "['a']"),
    ],
    "plots.pages": [
        ("show", lambda: plots.show(X, "a", "b"), "figure", "a Figure", "array("),
        ("show", lambda: plots.show(plt.figure(), "", "b"), "description", "a sentence", "''"),
        ("show", lambda: plots.show(plt.figure(), "a", None), "alt", "a string", "None"),
        ("page", lambda: plots.page(X, "a", "b"), "figure", "a Figure", "array("),
        ("page", lambda: plots.page(plt.figure(), "", "b"), "description", "a sentence", "''"),
        ("png", lambda: plots.png("figure"), "figure", "a Figure", "'figure'"),
        ("quotes", lambda: plots.quotes(["a"], "a"), "table", "a DataFrame", "['a']"),
    ],
    "plots.lines": [
        ("fan", lambda: plots.fan(X[0]), "chains", "(n_generations, n_chains)", "shape (2,)"),
        ("curves", lambda: plots.curves({}), "lines", "at least one", "{}"),
        ("curves", lambda: plots.curves(X), "lines", "a dict", "array("),
        ("theory", lambda: plots.theory(X[:, 0], X[:5, 0], None), "y", "shape (20,)", "(5,)"),
        ("bands", lambda: plots.bands(pd.DataFrame({"std": [1]}), "std"), "rows", "columns generation", "no gen"),
        ("bands", lambda: plots.bands(X, "std"), "rows", "a DataFrame", "array("),
    ],
    "plots.style": [
        ("looks", lambda: plots.looks(37), "n", "from 1 to 36", "37"),
    ],
    "plots.pictures": [
        ("strip", lambda: plots.strip([FLAT], []), "titles", "at least one", "an empty list"),
        ("sheet", lambda: plots.sheet([GREY], ["a", "b"]), "titles", "one for each of 1", "2"),
        ("sheet", lambda: plots.sheet([GREY], ["a"]), "n_shown", "at most 1", "6"),
        ("wall", lambda: plots.wall(["a", "b"], [0], [{}]), "group", "one for each of the 2", "1"),
    ],
    "plots.points": [
        ("clouds", lambda: plots.clouds([X, X], ["one"]), "titles", "one for each of 2", "1"),
        ("ellipses", lambda: plots.ellipses(THREE_D, plt.subplots()[1]), "mixture", "in 2 dimensions", "'full' in 3"),
    ],
    "plots.maps": [
        ("ratios", lambda: plots.ratios(X, X), "table", "a DataFrame", "array("),
        ("ratios", lambda: plots.ratios(pd.DataFrame([[1.0]]), 0.1), "error", "a DataFrame", "0.1"),
    ],
    "worlds.datasets": [
        ("flower", lambda: datasets.flower(8), "height", "from 16", "8"),
        ("flower", lambda: datasets.flower(1000), "height", "to 416", "1000"),
        ("moons", lambda: datasets.moons(1, RNG), "n", "at least 2", "1"),
        ("moons", lambda: datasets.moons(10, 0), "rng", "Generator", "0"),
        ("data_path", lambda: datasets.data_path("../secret"), "name", "a file of the course's data", "'../secret'"),
    ],
    "worlds.images": [
        ("labelled", lambda: images.labelled(GREY, [0.5]), "labels", "from 0", "dtype float64"),
        ("labelled", lambda: images.labelled(GREY, [0, 1]), "labels", "one for each of the 1", "2"),
        ("split", lambda: images.split("X", np.zeros(1, [("a", int)])), "X", "image and label", "('a',)"),
        ("check_images", lambda: images.check_images("X", GREY[0]), "X", "(n, h, w)", "(16, 16)"),
        ("check_images", lambda: images.check_images("X", 255 * GREY), "X", "from 0 to 1", "float64 from 127.5"),
    ],
    "model_check": [
        ("check_model", lambda: check_model(Gaussian(), NAN), "X", "(n, ...)|at least 2", "shape (1, 2)"),
        ("check_model", lambda: check_model(Gaussian(), X * np.nan), "X", "finite", "40 NaN"),
    ],
    "course.explorers": [
        ("explore", lambda: explorers.explore(None, n=(1, 2)), "draw", "(figure, description, alt)", "None"),
        ("explore", lambda: explorers.explore(reward), "draw", "a default for each", "none for ['rows']"),
    ],
    "checks": [
        ("whole", lambda: checks.whole("n", 0, 1, "one"), "n", "at least 1", "0"),
        ("number", lambda: checks.number("p", 2, 0, 1, "one"), "p", "from 0 to 1", "2"),
        ("array", lambda: checks.array("X", [], 1, "(n,)"), "X", "at least 1", "shape (0,)"),
        ("as_array", lambda: checks.as_array("X", [[1], [1, 2]]), "X", "array of shape (n, ...)", "[[1], [1, 2]]"),
        ("samples", lambda: checks.samples("X", []), "X", "at least 1", "shape (0,)"),
        ("shares", lambda: checks.shares("p", [2.0]), "p", "sum to 1", "a sum of 2"),
        ("divisor", lambda: checks.divisor(-1), "ddof", "0 or 1", "-1"),
        ("listed", lambda: checks.listed("years", 3, "write [3]"), "years", "a list", "3"),
        ("watched", lambda: checks.watched(3, []), "progress", "wrap an iterator", "3"),
        ("function", lambda: checks.function("f", len, "f(a, b)", "two", 2), "f", "f(a, b)", "<built-in function len>"),
        ("model", lambda: checks.model(NoSample()), "model", "sample(n, rng)", "NoSample without"),
        ("copied", lambda: checks.copied(n for n in ()), "model", "deepcopy", "<generator"),
        ("fitted_model", lambda: checks.fitted_model(None), "model.fit", "the fitted model", "None"),
        ("pool", lambda: checks.pool([]), "pool", "at least the real data", "an empty list"),
        ("fitted", lambda: checks.fitted(Gaussian(), "mean_"), "model", "fitted", "Gaussian without"),
        ("generator", lambda: checks.generator("rng", 1), "rng", "Generator", "1"),
        ("seed", lambda: checks.seed(None), "seed", "at least 0", "None"),
        ("flag", lambda: checks.flag("thinned", "no", "one"), "thinned", "True or False", "'no'"),
        ("text", lambda: checks.text("label", 3, "one"), "label", "a string", "3"),
        ("one_of", lambda: checks.one_of("size", 3, "ab", "one"), "size", "a, b", "3"),
        ("instance", lambda: checks.instance("world", 3, dict, "one"), "world", "a dict", "3"),
        ("path", lambda: checks.path("folder", "", "one"), "folder", "a path", "''"),
        ("numbers", lambda: checks.numbers("p", [2], 0, 1, "one"), "p", "from 0 to 1", "2"),
        ("bools", lambda: checks.bools("flags", [1], [(1,)], "one"), "flags", "bools of shape (1,)", "int64"),
        ("table", lambda: checks.table("rows", pd.DataFrame({"a": [1]}), ["b"], "one"), "rows", "columns b", "no b"),
        ("wholes", lambda: checks.wholes("p", [2], 0, 1, "one"), "p", "from 0 to 1", "2"),
        ("tokens", lambda: checks.tokens("rows", [9], 1, "(n,)", 9, "one"), "rows", "from 0 to 8", "9 to 9"),
    ],
}  # fmt: skip
ROWS = [(f"{module}.{name}", *row) for module, rows in BAD.items() for name, *row in rows]


@pytest.mark.parametrize(("name", "call", "argument", "allowed", "got"), ROWS, ids=[f"{r[0]}-{r[2]}" for r in ROWS])
def test_bad_input(name, call, argument, allowed, got):
    refused = FileNotFoundError if name == "worlds.datasets.data_path" else (ValueError, TypeError)
    allowed = "|".join(map(re.escape, allowed.split("|")))
    with pytest.raises(refused, match=rf"(?s)^{re.escape(argument)} must .*({allowed}).* got {re.escape(got)}.*: \w"):
        call()


# --- the guard -----------------------------------------------------------------------------------------------------

NEVER_RAISES = {
    "checks.plain": "returns what is no number as it is",
    "checks.own_numbers": "turns the numbers that a constructor has checked",
    "plots.style.line_style": "dashes as Matplotlib takes them",
    "course.lesson.start": "prints its title",
    "course.answers.close": "whether, of anything",
    "course.answers.is_number": "whether, of anything",
    "course.answers.is_finite": "whether, of anything",
    "course.answers.is_choice": "whether, of anything",
    "checks.shown": "says what anything is",
    "recipes.forgets": "whether, of anything",
    "runs.measure": "calls metrics that check their own input",
    "loop.Generation": "a record, made by the loop",
    "runs.Run": "a record, made by the loop",
    "loop.Model": "a protocol, and what it asks for is checked",
    "loop.Model.fit": "a protocol",
    "loop.Model.sample": "a protocol",
}
MODULES = [
    module.name.removeprefix("collapse_lessons.")
    for module in pkgutil.walk_packages(collapse_lessons.__path__, "collapse_lessons.")
    if not module.ispkg
    and not module.name.startswith(("collapse_lessons.course.exercises", "collapse_lessons.course.explorers"))
]
HERE = [module for module in MODULES if module in BAD]


def public():
    """Return the names of what is public and takes an argument: functions, classes and methods."""
    names = set()
    for module in [*HERE, "course.explorers"]:
        contents = vars(importlib.import_module(f"collapse_lessons.{module}"))
        for name, thing in contents.items():
            if name.startswith("_") or getattr(thing, "__module__", "") != contents["__name__"] or not callable(thing):
                continue
            methods = {
                f"{name}.{method}": function
                for method, function in (vars(thing).items() if inspect.isclass(thing) else ())
                if inspect.isfunction(function) and not method.startswith("_")
            }
            for full, function in {name: thing, **methods}.items():
                if set(inspect.signature(function).parameters) - {"self"}:
                    names.add(f"{module}.{full}")
    return names


def test_every_public_function_has_a_row():
    covered = {row[0] for row in ROWS} | set(NEVER_RAISES)
    assert public() - covered == set(), "public functions without a row of bad input"
    assert covered - public() == set(), "rows of what is no longer there"


def has_functions(module):
    return any(
        inspect.isfunction(thing) for thing in vars(importlib.import_module(f"collapse_lessons.{module}")).values()
    )


@pytest.mark.parametrize("module", [module for module in MODULES if module not in HERE and has_functions(module)])
def test_every_other_module_has_its_bad_input_in_tests_of_its_own(module):
    texts = [path.read_text("utf8") for path in Path(__file__).parent.rglob("test_*.py") if path != Path(__file__)]
    names = module.split(".")[1:] or [module]  # a module of protocol/ is called by the name of its folder
    named = re.compile(rf"\b({'|'.join(names)})\b")
    assert any("pytest.raises(" in text and named.search(text) for text in texts)
