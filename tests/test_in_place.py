"""Whoever works in place changes nobody else's data: not the caller's, not those of a later generation.

NumPy's flag against writing stops `X -= 1`, but not torch.from_numpy, ctypes or Cython; here `ctypes` stands for them.
"""

import ctypes

import numpy as np
import pytest

from collapse_lessons import Gaussian, Mix, accumulate, generations, metrics, replace, resume_run, run, sweep

REAL = np.random.default_rng(0).normal(100, 3, size=(20, 3))
STD = {"std": metrics.std, "mean": metrics.mean}
SETTINGS = {"metrics": STD, "n_generations": 4}


def overwrite(X, value=0):
    """Fill an array with a byte, whatever its flags say."""
    assert X.flags.c_contiguous
    ctypes.memset(X.ctypes.data, value, X.nbytes)


class InPlace(Gaussian):
    """A model that standardises its data where they lie, as `T.sub_(m).div_(s)` does."""

    def fit(self, X, rng):
        super().fit(X, rng)
        overwrite(X)
        return self


def each_way(model, recipe, folder):
    """Return the rows of the same run made in each of the ways there are."""
    real = REAL.copy()
    yield run(model, real, recipe, **SETTINGS).rows
    yield sweep(model, real, {"": recipe}, seeds=[0], **SETTINGS).assign(recipe=run.__name__)
    yield resume_run(folder, model, real, recipe, **SETTINGS).rows
    assert np.array_equal(real, REAL)


@pytest.mark.parametrize("recipe", [replace, accumulate, Mix(0.5)], ids=["replace", "accumulate", "mix"])
def test_a_model_that_works_in_place_destroys_nothing(recipe, tmp_path):
    expected = run(Gaussian(), REAL, recipe, **SETTINGS).rows
    for rows in each_way(InPlace(), recipe, tmp_path):
        assert rows[["std", "mean"]].equals(expected[["std", "mean"]])


def test_four_runs_of_a_sweep_learn_from_the_same_data():
    """It was mean 100.7 in the first run and near 0 in the others."""
    real = REAL.copy()
    rows = sweep(InPlace(), real, {"a": replace, "b": accumulate}, seeds=range(2), **SETTINGS)
    first = rows[rows["generation"] == 0]
    assert (abs(first["mean"] - 100) < 5).all()
    assert np.array_equal(real, REAL)


def test_torch_may_work_in_place():
    torch = pytest.importorskip("torch")

    class Standardising(Gaussian):
        def fit(self, X, rng):
            super().fit(X, rng)
            T = torch.from_numpy(X)
            T.sub_(T.mean(0)).div_(T.std(0))
            return self

    real = REAL.copy()
    rows = run(Standardising(), real, **SETTINGS).rows
    assert rows["std"].equals(run(Gaussian(), REAL, **SETTINGS).rows["std"])
    assert np.array_equal(real, REAL)


@pytest.mark.parametrize("forgets", [True, False])
def test_a_recipe_that_works_in_place_destroys_nothing(forgets, tmp_path):
    def tidy(pool, n, rng):
        return np.concatenate(pool)

    def greedy(pool, n, rng):
        everything = np.concatenate(pool)
        for X in pool:
            overwrite(X)
        pool.clear()
        return everything

    tidy.forgets = greedy.forgets = forgets
    greedy.__name__ = "tidy"
    expected = run(Gaussian(), REAL, tidy, **SETTINGS).rows
    for rows in each_way(Gaussian(), greedy, tmp_path):
        assert rows["std"].equals(expected["std"])


def test_a_recipe_may_shuffle_its_pool():
    def shuffles(pool, n, rng):
        expected.append(pool[-1].copy())
        pool.reverse()
        return pool[0]

    expected = []
    for generation in generations(Gaussian(), REAL, shuffles, n_generations=5):
        if generation.index:
            assert np.array_equal(generation.train, expected[-1])
    assert np.array_equal(shuffles([REAL, REAL + 1], 20, None), REAL + 1)


def test_a_model_may_sample_into_the_same_memory_again_and_again():
    shared = np.empty((20, 3))

    class Buffered(Gaussian):
        def sample(self, n, rng):
            shared[:] = super().sample(n, rng)
            return shared

    def asks_again(generation, reference):
        generation.fitted.sample(20, np.random.default_rng(0))
        return generation.samples.mean()

    measures = {"first": asks_again, "mean": metrics.mean}
    made = run(Buffered(), REAL, accumulate, metrics=measures, n_generations=4, keep=range(4))
    expected = run(Gaussian(), REAL, accumulate, metrics=measures, n_generations=4, keep=range(4))
    assert made.rows.equals(expected.rows)
    assert all(np.array_equal(made.snapshots[t], expected.snapshots[t]) for t in range(4))


def test_whoever_holds_a_generation_cannot_change_the_next():
    expected = [turn.samples for turn in generations(Gaussian(), REAL, accumulate, n_generations=4)]
    real = REAL.copy()
    for t, turn in enumerate(generations(Gaussian(), real, accumulate, n_generations=4)):
        assert np.array_equal(turn.samples, expected[t])
        overwrite(turn.samples)
        overwrite(turn.train)
    assert np.array_equal(real, REAL)


def test_samples_and_training_sets_are_handed_out_read_only():
    for turn in generations(Gaussian(), REAL, n_generations=2):
        for X in (turn.train, turn.samples):
            with pytest.raises(ValueError, match="read-only"):
                X -= 1


@pytest.mark.parametrize("guilty", ["samples", "reference"])
def test_a_metric_that_works_in_place_is_told_so(guilty, tmp_path):
    def standardises(generation, reference):
        overwrite(generation.samples if guilty == "samples" else reference)
        return 0.0

    real = REAL.copy()
    message = "metrics must leave samples and reference as they are, got others in generation 0 after wild, std: let "
    settings = SETTINGS | {"metrics": {"wild": standardises, "std": metrics.std}}
    for call in (run, lambda *a, **b: resume_run(tmp_path, *a, **b)):
        with pytest.raises(ValueError, match=message):
            call(Gaussian(), real, **settings)
    assert np.array_equal(real, REAL)


def test_a_metric_that_spoils_a_part_of_many_rows_is_told_so():
    """Not every entry of a large set is looked at, but they are from all over it."""

    def spoils(generation, reference):
        overwrite(generation.samples[2000:])
        return 0.0

    with pytest.raises(ValueError, match="metrics must leave samples and reference as they are"):
        run(Gaussian(), np.resize(REAL, (4000, 1)), metrics={"wild": spoils}, n_generations=1)


def test_a_metric_that_writes_the_usual_way_is_told_so():
    def shifts(generation, reference):
        X = generation.samples
        X -= 1
        return X.mean()

    with pytest.raises(ValueError, match="read-only") as caught:
        run(Gaussian(), REAL, metrics={"shifts": shifts}, n_generations=1)
    notes = " ".join(caught.value.__notes__)
    assert "the metric 'shifts', in generation 0" in notes
    assert "X = X.copy()" in notes


@pytest.mark.parametrize("recipe", [replace, accumulate], ids=["replace", "accumulate"])
def test_a_generation_says_what_it_was_trained_on_whatever_the_model_does_to_it(recipe):
    expected = list(generations(Gaussian(), REAL, recipe, n_generations=3))
    for turn, other in zip(generations(InPlace(), REAL, recipe, n_generations=3), expected, strict=True):
        assert np.array_equal(turn.train, other.train)


def test_what_a_recipe_brings_of_its_own_stays_as_it_is():
    brought = REAL.copy()
    list(generations(InPlace(), REAL, lambda pool, n, rng: brought, n_generations=3))
    assert np.array_equal(brought, REAL)
    assert brought.flags.writeable
