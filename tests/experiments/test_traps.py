"""Eight traps that turn a demonstration of collapse false; each test would catch its trap."""

import inspect
import pkgutil
from importlib import import_module

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

import lessons
from collapse_lessons import (
    Fresh,
    Gaussian,
    Mix,
    SklearnModel,
    accumulate,
    accumulate_subsample,
    generations,
    metrics,
    replace,
    theory,
)
from collapse_lessons.course import explorers
from collapse_lessons.course.explorers import gaussian as explorer
from collapse_lessons.loop import DATA, stream
from collapse_lessons.models.categorical import CategoricalBatches, decode
from collapse_lessons.models.gaussian import GaussianBatches
from collapse_lessons.worlds import datasets  # fmt: skip
from oracle import assert_mean

BLOBS = np.concatenate([np.random.default_rng(i).normal(10 * i, 0.5, size=(40, 2)) for i in range(3)])

# --- 1: a seed fixed inside the model --------------------------------------------------------------------------------


class Naive:
    """What a first attempt looks like: the estimator keeps whatever seed it was given."""

    def __init__(self, estimator):
        self.estimator = estimator

    def fit(self, X, rng):
        self.estimator.fit(X)
        return self

    def sample(self, n, rng):
        return self.estimator.sample(n)[0]


def stds(wrap, n_chains, n_generations=6):
    """Return the standard deviation each generation trains on, shape (n_chains, n_generations)."""
    mixture = GaussianMixture(1, random_state=0, init_params="random_from_data")
    chains = []
    for seed in range(n_chains):
        real = stream(DATA, 0, seed).standard_normal((10, 1))
        turns = generations(wrap(mixture), real, n_generations=n_generations, seed=seed)
        chains.append([turn.train.std() for turn in turns])
    return np.array(chains)


def test_a_fixed_seed_would_draw_the_same_noise_every_generation():
    """E std of the 6th fit over 200 chains of n = 10, against theory.

    Left with its own seed, the estimator multiplies every chain by the same factor at every generation: up or down,
    as luck has it, and for ever.
    """
    naive = stds(Naive, 3)
    factors = naive[:, 1:] / naive[:, :-1]
    assert np.allclose(factors, factors[0, 0], rtol=1e-3)
    ours = stds(SklearnModel, 200)
    assert (ours[:, 1:] / ours[:, :-1]).std() > 0.1
    assert_mean(ours[:, 5], theory.expected_std(6, 10), wrong=[1])


def test_no_two_generations_share_their_noise():
    made = list(generations(SklearnModel(GaussianMixture(1, random_state=0)), BLOBS[:40], n_generations=5))
    scaled = [np.sort(((t.samples - t.samples.mean(axis=0)) / t.samples.std(axis=0))[:, 0]) for t in made]
    assert all(not np.allclose(a, b) for i, a in enumerate(scaled) for b in scaled[:i])


# --- 2: samples that come in order -----------------------------------------------------------------------------------


def test_a_mixture_s_samples_come_sorted_and_are_shuffled():
    """The first half of a mixture's own samples lacks a blob; of ours it has all three."""
    raw, labels = GaussianMixture(3, random_state=0).fit(BLOBS).sample(90)
    assert (np.diff(labels) >= 0).all()
    assert len(np.unique(np.round(raw[:30, 0] / 10))) < 3
    model = SklearnModel(GaussianMixture(3)).fit(BLOBS, np.random.default_rng(0))
    samples = model.sample(90, np.random.default_rng(1))
    assert samples.shape == (90, 2)
    assert set(np.round(samples[:30, 0] / 10)) == {0, 1, 2}


# --- 3: a bandwidth that ignores the scale of the data ---------------------------------------------------------------


@pytest.mark.parametrize("rule", ["scott", "silverman"])
def test_a_rule_that_ignores_the_scale_of_the_data_is_refused(rule):
    """Scikit-learn's rules give a hundredfold wider data set the same bandwidth."""
    wide, narrow = (KernelDensity(bandwidth=rule).fit(scale * BLOBS).bandwidth_ for scale in (100, 1))
    assert wide == narrow
    with pytest.raises(ValueError, match=f"bandwidth must be a number here, got '{rule}': .* for instance 0.1"):
        SklearnModel(KernelDensity(bandwidth=rule))


# --- 4: a variance taken for a standard deviation --------------------------------------------------------------------


def test_a_variance_fed_back_as_a_standard_deviation_would_collapse_at_once():
    """After eight generations of n = 100 our chains have most of their spread; the mistake has lost it."""

    class Mistaken(Gaussian):
        def sample(self, n, rng):
            return self.mean_ + self.var_ * rng.standard_normal((n, len(self.mean_)))

    real = stream(DATA, 0, 1).standard_normal((100, 2000))
    *_, ours = generations(Gaussian(), real, n_generations=9, seed=1)
    *_, mistaken = generations(Mistaken(), real, n_generations=9, seed=1)
    assert 0.8 < np.median(np.sqrt(ours.fitted.var_)) < 1
    assert np.median(np.sqrt(mistaken.fitted.var_)) < 0.1


# --- 5: a decay written into the figure ------------------------------------------------------------------------------

DRAWINGS = [
    module.name
    for module in pkgutil.iter_modules(explorers.__path__, "collapse_lessons.course.explorers.")
    if (draw := getattr(import_module(module.name), "draw", None)) and "seed" in inspect.signature(draw).parameters
]


def drawn(figure):
    """Return every number that a figure draws as a line, a picture, a cloud of points or a band."""
    lines = [line.get_ydata() for ax in figure.axes for line in ax.get_lines()]
    pictures = [image.get_array() for ax in figure.axes for image in ax.images]
    clouds = [points.get_offsets() for ax in figure.axes for points in ax.collections]
    bands = [path.vertices for ax in figure.axes for band in ax.collections for path in band.get_paths()]
    parts = lines + pictures + clouds + bands
    return np.concatenate([np.ma.filled(np.ma.asarray(part, float), -1).ravel() for part in parts])


@pytest.mark.parametrize("module", DRAWINGS)
def test_figures_change_with_the_seed(module):
    draw = import_module(module).draw
    first, again, other = (drawn(draw(seed=seed)[0]) for seed in (0, 0, 1))
    assert np.array_equal(first, again, equal_nan=True)
    assert not np.array_equal(first, other, equal_nan=True)


def test_without_sampling_error_there_is_nothing_to_see(monkeypatch):
    """A model whose batches are perfect keeps its spread for ever, and the explorer draws just that."""

    def perfect(self, n, rng):
        scatter = (self.batch - self.ddof) * self.var_
        return np.broadcast_to(np.stack([self.mean_, scatter]), (n, 2, len(self.mean_)))

    monkeypatch.setattr(GaussianBatches, "sample", perfect)
    figure, _, _ = explorer.draw(n=10, n_generations=50)
    median = next(line for line in figure.axes[0].get_lines() if line.get_label() == "median").get_ydata()
    assert np.allclose(median, median[0])


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_every_lesson_goes_round_the_loop_for_its_figures(path):
    code = [cell.source for cell in lessons.read(path).cells if cell.cell_type == "code"]
    assert any(f"{loop}(" in source for source in code for loop in ("generations", "run", "sweep", "load_run"))
    assert not any(name in source for source in code for name in ("np.linspace(1, 0", "max(1 -", "decay ="))


# --- 6: recipes that differ from the first generation on -------------------------------------------------------------

RECIPES = [replace, accumulate, accumulate_subsample, Mix(0.3), Fresh(lambda n, rng: rng.normal(size=(n, 2)), 0.3)]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: getattr(recipe, "__name__", type(recipe).__name__))
def test_generation_0_trains_on_the_real_data_whatever_the_recipe(recipe):
    first = next(generations(Gaussian(), BLOBS, recipe, n_generations=1, seed=3))
    paired = next(generations(Gaussian(), BLOBS, replace, n_generations=1, seed=3))
    assert np.array_equal(first.train, BLOBS)
    assert np.array_equal(first.samples, paired.samples)


# --- 7: averages that hide early collapse ----------------------------------------------------------------------------


def breeds(n_generations, *, n_chains=200, seed=0, **decoder):
    """Return every generation of chains of 1000 photos, each chain with photos of its own."""
    share = datasets.breeds()["share"].to_numpy()
    real = stream(DATA, 0, seed).multinomial(1000, share, size=(1, n_chains))
    return list(generations(CategoricalBatches(1000, **decoder), real, n_generations=n_generations, seed=seed))


def test_averages_hide_early_collapse():
    """After 100 generations 88% of 120 breeds are gone and the chance that two photos differ is down by 10%."""
    last = breeds(101)[-1]
    survivors, differ = metrics.survivors(last), metrics.heterozygosity(last)
    real = metrics.differ(datasets.breeds()["share"].to_numpy())
    assert 12 < survivors < 16
    assert 0.86 < differ / real < 0.95
    assert_mean(metrics.differ(last.fitted.probs_) / real, (1 - 1 / 1000) ** 101, wrong=[0.5])


# --- 8: a decoder blamed on the recursion ----------------------------------------------------------------------------


def test_the_decoder_is_switched_apart_from_the_recursion():
    """Sharpened sampling loses breeds in generation 0's own samples, before any recursion; its fit does not."""
    plain, sharp = breeds(11), breeds(11, temperature=0.9)
    assert np.array_equal(plain[0].fitted.probs_, sharp[0].fitted.probs_)
    share = datasets.breeds()["share"].to_numpy()
    fitted = plain[0].fitted.probs_
    for turn, probs in ((plain[0], fitted), (sharp[0], decode(fitted, 0.9))):
        expected = (1 - theory.missed(probs, 1000)).sum(axis=1)  # of each chain, given what it has fitted
        assert_mean(metrics.alive(turn.samples[0] / 1000) - expected, 0, wrong=[-3, 3])
    decoder_alone = np.mean(metrics.alive(plain[0].samples[0] / 1000)) - np.mean(
        metrics.alive(sharp[0].samples[0] / 1000)
    )
    recursion_alone = len(share) - np.mean(metrics.alive(plain[10].fitted.probs_))
    both = len(share) - np.mean(metrics.alive(sharp[10].fitted.probs_))
    assert decoder_alone > 3  # lost in one step, without any recursion
    assert recursion_alone > 50
    assert both > recursion_alone + 30
