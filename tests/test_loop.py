"""The loop: what each generation trains on, and where its randomness comes from."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import KernelDensity

from collapse_lessons import Fresh, Gaussian, Mix, accumulate, accumulate_subsample, generations, metrics, replace
from collapse_lessons.loop import DATA, FIT, RECIPE, SAMPLE, stream
from collapse_lessons.models.scikit_learn import SklearnModel
from collapse_lessons.runs import run

REAL = stream(DATA, 0, 0).standard_normal((20, 3))


def draw(n, rng):
    return rng.standard_normal((n, 3))


RECIPES = [replace, accumulate, accumulate_subsample, Mix(0.3), Fresh(draw, 0.3)]
EVERY_RECIPE = pytest.mark.parametrize("recipe", RECIPES, ids=lambda r: getattr(r, "__name__", type(r).__name__))


def turns(recipe=replace, n_generations=6, **options):
    return list(generations(Gaussian(), REAL, recipe, n_generations=n_generations, **options))


def assert_same(first, second):
    assert first.index == second.index
    assert np.array_equal(first.train, second.train)
    assert np.array_equal(first.samples, second.samples)
    assert np.array_equal(first.fitted.mean_, second.fitted.mean_)


# --- one turn after another ----------------------------------------------------------------------------------------


def test_a_generation_trains_on_what_the_last_one_sampled():
    made = turns()
    assert [turn.index for turn in made] == [0, 1, 2, 3, 4, 5]
    for before, after in pairwise(made):
        assert np.array_equal(after.train, before.samples)
        assert np.array_equal(after.fitted.mean_, before.samples.mean(axis=0))


def test_n_samples_a_generation():
    assert [len(turn.samples) for turn in turns()] == [20] * 6
    assert [len(turn.train) for turn in turns(n=7)] == [20] + [7] * 5


def test_the_model_passed_in_is_left_unfitted_and_every_generation_has_its_own():
    model = Gaussian()
    made = list(generations(model, REAL, n_generations=3))
    assert not hasattr(model, "mean_")
    assert len({id(turn.fitted) for turn in made}) == 3


def test_real_data_are_left_untouched():
    real = REAL.copy()
    list(generations(Gaussian(), real, accumulate, n_generations=4))
    assert np.array_equal(real, REAL)


def test_generations_are_made_one_at_a_time():
    counted = []

    class Counting(Gaussian):
        def fit(self, X, rng):
            counted.append(len(X))
            return super().fit(X, rng)

    loop = generations(Counting(), REAL, n_generations=100)
    assert not counted
    next(loop)
    next(loop)
    assert len(counted) == 2


@pytest.mark.parametrize("warm_start", [False, True])
def test_from_scratch_or_from_the_weights_of_the_last_generation(warm_start):
    class Experienced(Gaussian):
        fits = 0

        def fit(self, X, rng):
            self.fits += 1
            return super().fit(X, rng)

    model = Experienced()
    made = list(generations(model, REAL, n_generations=4, warm_start=warm_start))
    assert [turn.fitted.fits for turn in made] == ([1, 2, 3, 4] if warm_start else [1, 1, 1, 1])
    assert model.fits == 0
    past = [turn.samples for turn in made[:2]]
    rest = generations(made[1].fitted, REAL, n_generations=4, warm_start=warm_start, start=2, past=past)
    for first, second in zip(made[2:], rest, strict=True):
        assert_same(first, second)


@EVERY_RECIPE
def test_labels_stay_with_their_rows_whatever_the_recipe(recipe):
    """A structured array goes round the loop like any other."""

    class Bootstrap:
        def fit(self, X, rng):
            self.X = X
            return self

        def sample(self, n, rng):
            return self.X[rng.integers(len(self.X), size=n)]

    kind = [("point", float, 2), ("label", int)]
    real = np.array([((i, -i), i) for i in range(20)], dtype=kind)
    fresh = Fresh(lambda n, rng: real[:n], 0.3) if isinstance(recipe, Fresh) else recipe
    for turn in generations(Bootstrap(), real, fresh, n_generations=4):
        for rows in (turn.train, turn.samples):
            assert np.array_equal(rows["point"][:, 0], rows["label"])
            assert rows.dtype == kind


@pytest.mark.parametrize("forgets", [True, False])
def test_the_pool_holds_the_real_data_and_what_each_generation_sampled(forgets):
    pools = []

    def recipe(pool, n, rng):
        pools.append(list(pool))
        return pool[-1]

    recipe.forgets = forgets
    made = turns(recipe)
    for t, pool in enumerate(pools, start=1):
        samples = [turn.samples for turn in made[:t]]
        expected = [REAL, *(samples[-1:] if forgets else samples)]
        assert all(np.array_equal(mine, theirs) for mine, theirs in zip(pool, expected, strict=True))


def test_memory_is_flat_under_replace_and_grows_under_accumulate():
    real = np.zeros((10_000, 5))  # 0.4 MB

    def peak(recipe, n_generations):
        tracemalloc.start()
        for _ in generations(Gaussian(), real, recipe, n_generations=n_generations):
            pass
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(replace, 30) < 1.1 * peak(replace, 4) < 8 * real.nbytes
    assert peak(accumulate, 30) > 4 * peak(accumulate, 4)


def test_an_error_says_in_which_generation_of_which_run_it_happened():
    class Fragile(Gaussian):
        def fit(self, X, rng):
            if len(X) == 7:
                raise ZeroDivisionError
            return super().fit(X, rng)

    with pytest.raises(ZeroDivisionError) as caught:
        list(generations(Fragile(), REAL, n_generations=5, n=7, seed=3))
    assert "generation 1 of the run with seed 3" in caught.value.__notes__[0]
    with pytest.raises(ZeroDivisionError) as caught:
        run(Fragile(), REAL, metrics={"std": metrics.std}, n_generations=5, n=7)
    assert list(caught.value.rows["generation"]) == [0]


def test_a_model_that_forgets_to_return_itself_is_told_so():
    class Silent(Gaussian):
        def fit(self, X, rng):
            super().fit(X, rng)

    with pytest.raises(TypeError, match=r"model\.fit must return the fitted model, got None: end fit with"):
        next(generations(Silent(), REAL, n_generations=1))


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (lambda n: np.zeros((n - 1, 3)), r"samples .*must have shape \(20, 3\).* got \(19, 3\): "),
        (lambda n: np.zeros((n, 2)), r"samples .*must have shape \(20, 3\).* got \(20, 2\): "),
        (lambda n: np.full((n, 3), np.nan), "samples .*must hold finite numbers, got 60 NaN .*: "),
        (lambda n: np.full(n, "a"), "samples .*must be an array .*, got dtype <U1: "),
    ],
)
def test_bad_samples_are_refused_where_they_arise(samples, message):
    class Broken(Gaussian):
        def sample(self, n, rng):
            return samples(n)

    with pytest.raises((TypeError, ValueError), match=message):
        next(generations(Broken(), REAL, n_generations=1))


def test_a_bad_training_set_is_refused_where_it_arises():
    with pytest.raises(ValueError, match="the training set of generation 1 must hold finite numbers, got 1 NaN"):
        list(generations(Gaussian(), REAL, lambda pool, n, rng: [[np.nan, 1.0]], n_generations=2))


# --- randomness ----------------------------------------------------------------------------------------------------


@EVERY_RECIPE
def test_same_call_same_rows_and_another_seed_other_rows(recipe):
    made = turns(recipe, seed=3)
    for first, second in zip(made, turns(recipe, seed=3), strict=True):
        assert_same(first, second)
    for first, second in zip(made, turns(recipe, seed=4), strict=True):
        assert not np.isin(first.samples, second.samples).any()


@EVERY_RECIPE
@pytest.mark.parametrize("start", [1, 2, 4])
def test_a_restart_equals_the_uninterrupted_run(recipe, start):
    whole = turns(recipe, seed=5)
    past = [turn.samples for turn in whole[:start]]
    rest = turns(recipe, seed=5, start=start, past=past)
    for first, second in zip(whole[start:], rest, strict=True):
        assert_same(first, second)
    if getattr(recipe, "forgets", False):
        for first, second in zip(whole[start:], turns(recipe, seed=5, start=start, past=past[-1:]), strict=True):
            assert_same(first, second)


def test_every_stage_generation_and_seed_has_a_stream_of_its_own():
    keys = [(s, g, seed) for s in (DATA, RECIPE, FIT, SAMPLE) for g in range(8) for seed in range(8)]
    first = [stream(*key).random() for key in keys]
    assert len(set(first)) == len(keys) == 256
    assert first == [stream(*key).random() for key in keys]


def test_recipe_fit_and_sample_draw_from_different_streams():
    drawn = {}

    class Curious(Gaussian):
        def fit(self, X, rng):
            drawn[FIT, len(drawn) // 3] = rng.random()
            return super().fit(X, rng)

        def sample(self, n, rng):
            drawn[SAMPLE, len(drawn) // 3] = rng.random()
            return super().sample(n, rng)

    def curious(pool, n, rng):
        drawn[RECIPE, len(drawn) // 3] = rng.random()
        return pool[-1]

    drawn[RECIPE, 0] = stream(RECIPE, 0, 4).random()  # generation 0 asks no recipe
    list(generations(Curious(), REAL, curious, n_generations=3, seed=4))
    assert drawn == {key: stream(*key, 4).random() for key in drawn}
    assert len(set(drawn.values())) == 9


def test_no_two_generations_draw_the_same_noise():
    noise = [(turn.samples - turn.fitted.mean_) / np.sqrt(turn.fitted.var_) for turn in turns(n_generations=20)]
    pairs = np.corrcoef([np.ravel(z) for z in noise])[np.triu_indices(20, k=1)]
    assert np.abs(pairs).max() < 6 / np.sqrt(noise[0].size)  # 1 for a seed fixed inside a model


def test_randomness_used_in_fit_does_not_shift_the_samples():
    class Restless(Gaussian):
        def fit(self, X, rng):
            rng.random(1000)
            return super().fit(X, rng)

    restless = list(generations(Restless(), REAL, n_generations=4))
    for first, second in zip(restless, turns(n_generations=4), strict=True):
        assert np.array_equal(first.samples, second.samples)


# --- one line changed, and noticed ------------------------------------------------------------------------------------


def test_what_a_model_holds_is_copied_with_it():
    """A shallow copy would share the list, and every generation would write into the model passed in."""

    class Remembers(Gaussian):
        def __init__(self):
            super().__init__()
            self.seen = []

        def fit(self, X, rng):
            self.seen.append(len(X))
            return super().fit(X, rng)

    for warm_start in (False, True):
        model = Remembers()
        made = list(generations(model, REAL, n_generations=3, warm_start=warm_start))
        assert model.seen == []
        assert [len(turn.fitted.seen) for turn in made] == ([1, 2, 3] if warm_start else [1, 1, 1])


@pytest.mark.parametrize(("recipe", "given"), [(accumulate, 1), (accumulate, 3), (replace, 0), (replace, 3)])
def test_past_holds_as_many_sets_as_there_were_generations(recipe, given):
    past = [turn.samples for turn in turns(recipe)][:given]
    with pytest.raises(ValueError, match=rf"past must hold the samples of 2 earlier .* got {given}: collect"):
        generations(Gaussian(), REAL, recipe, n_generations=6, start=2, past=past)


def test_a_run_from_the_beginning_has_no_past():
    with pytest.raises(ValueError, match=r"past must hold the samples of 0 earlier .* got 1: collect"):
        generations(Gaussian(), REAL, replace, n_generations=6, past=[REAL])


def test_past_holds_rows_like_the_real_ones():
    with pytest.raises(ValueError, match=r"past\[0\] must have shape \(20, 3\) here, got \(20, 2\): collect"):
        generations(Gaussian(), REAL, n_generations=6, start=1, past=[REAL[:, :2]])


def test_samples_cannot_be_written_to():
    made = turns(accumulate)
    assert not any(X.flags.writeable for turn in made for X in (turn.train, turn.samples))


def test_a_warm_start_from_a_later_generation_is_tried_at_once():
    class Locked(Gaussian):
        def fit(self, X, rng):
            self.lock = (x for x in ())  # a generator cannot be copied
            return super().fit(X, rng)

    list(generations(Locked(), REAL, n_generations=2))
    for start, past in ((0, []), (2, [REAL])):
        with pytest.raises(TypeError, match=r"model must be one that copy\.deepcopy can copy") as caught:
            next(generations(Locked(), REAL, n_generations=5, warm_start=True, start=start, past=past))
        assert f"generation {start}" in caught.value.__notes__[0]


def test_the_real_data_are_taken_when_the_loop_is_set_up():
    real = REAL.copy()
    loop = generations(Gaussian(), real, n_generations=2)
    real[:] = 0
    assert next(loop).fitted.mean_ == pytest.approx(REAL.mean(axis=0))


def test_a_look_at_the_real_data_is_taken_once_and_at_the_beginning_alone():
    seen = []

    class Looking(Gaussian):
        def look_at(self, real):
            seen.append(real.copy())

    list(generations(Looking(), REAL, n_generations=3))
    list(generations(Looking(), REAL, n_generations=3, start=1, past=[REAL]))
    assert len(seen) == 1
    assert np.array_equal(seen[0], REAL)


NORMAL = np.random.default_rng(0).normal(size=(30, 2))


def test_a_metric_may_leave_a_reference_with_gaps_as_it_is():
    """NaN is not NaN: such a reference seemed to have been changed."""
    rows = run(
        Gaussian(), NORMAL, metrics={"std": metrics.std}, n_generations=2, reference=np.array([1.0, np.nan])
    ).rows
    assert len(rows) == 2


def test_a_model_may_look_at_a_table_too():
    """What it warned of in an array it took in silence from a DataFrame."""
    model = SklearnModel(KernelDensity(bandwidth=5.0))
    for real in (NORMAL, pd.DataFrame(NORMAL, columns=["a", "b"])):
        with pytest.warns(UserWarning, match="bandwidth=5 is large"):
            next(generations(model, real, n_generations=1))
