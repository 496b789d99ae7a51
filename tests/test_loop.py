"""The loop: what each generation trains on, where its randomness comes from, and what a run returns."""

import tracemalloc
from dataclasses import dataclass
from itertools import pairwise

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from collapse_lessons import Fresh, Gaussian, Mix, accumulate, accumulate_subsample, generations, metrics, replace
from collapse_lessons.experiments.sweeps import sweep
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


# --- run -----------------------------------------------------------------------------------------------------------


def test_run_returns_tidy_rows_snapshots_and_how_it_was_made():
    def both(generation, reference):
        return {"low": generation.samples.min(), "high": generation.samples.max()}

    measures = {"std": metrics.std, "range": both}
    result = run(Gaussian(), REAL, Mix(0.3), metrics=measures, n_generations=4, n=10, seed=2, keep=[0, 3])
    assert list(result.rows) == ["recipe", "seed", "generation", "std", "low", "high"]
    assert list(result.rows["generation"]) == [0, 1, 2, 3]
    assert set(result.rows["recipe"]) == {"Mix(real_fraction=0.3)"}
    assert list(result.snapshots) == [0, 3]
    made = turns(Mix(0.3), n_generations=4, n=10, seed=2)
    assert np.array_equal(result.snapshots[3], made[3].samples)
    assert list(result.rows["std"]) == [turn.samples.std(axis=0).mean() for turn in made]
    info = result.info
    assert (info["seed"], info["n"], info["n_generations"], info["interrupted"]) == (2, 10, 4, False)
    assert (info["model"], info["recipe"]) == ("Gaussian(ddof=0, spread=1.0)", "Mix(real_fraction=0.3)")
    assert info["seconds"] >= 0


def test_run_compares_with_the_real_data_unless_told_otherwise():
    seen = []

    def metric(generation, reference):
        seen.append(reference)
        return 0.0

    run(Gaussian(), REAL, metrics={"m": metric}, n_generations=1)
    run(Gaussian(), REAL, metrics={"m": metric}, n_generations=1, reference="a forecast")
    assert np.array_equal(seen[0], REAL)
    assert seen[1] == "a forecast"


def test_run_takes_a_label_and_a_progress_bar():
    def progress(iterator):
        for generation in iterator:
            ticks.append(generation.index)
            yield generation

    ticks = []
    rows = run(Gaussian(), REAL, metrics={}, n_generations=3, label="mine", progress=progress).rows
    assert set(rows["recipe"]) == {"mine"}
    assert ticks == [0, 1, 2]
    assert set(run(Gaussian(), REAL, metrics={}, n_generations=1).rows["recipe"]) == {"replace"}


@pytest.mark.parametrize("where", ["metric", "fit"])
def test_an_interrupted_run_keeps_what_is_finished(where, capsys):
    @dataclass
    class Slow(Gaussian):
        def fit(self, X, rng):
            fits.append(1)
            if where == "fit" and len(fits) == 4:
                raise KeyboardInterrupt
            return super().fit(X, rng)

    def metric(generation, reference):
        if where == "metric" and generation.index == 3:
            raise KeyboardInterrupt
        return generation.samples.mean()

    fits = []
    result = run(Slow(), REAL, metrics={"mean": metric}, n_generations=100, keep=[1, 50])
    assert list(result.rows["generation"]) == [0, 1, 2]
    assert list(result.snapshots) == [1]
    assert result.info["interrupted"]
    assert capsys.readouterr().out == "Interrupted: 3 of 100 generations are kept.\n"
    assert list(result.rows["mean"]) == [turn.samples.mean() for turn in turns(n_generations=3)]


@pytest.mark.parametrize(
    ("measures", "message"),
    [
        ({"std": lambda g, r: g.samples.std(axis=0)}, "metrics must return numbers, got array.* from 'std': "),
        ({"std": lambda g, r: None}, "metrics must return numbers, got None from 'std': "),
        ({"seed": metrics.std}, "metrics must fill each column once, got 'seed' again from 'seed': "),
        (
            {"a": metrics.std, "b": lambda g, r: {"a": 1.0}},
            "metrics must fill each column once, got 'a' again from 'b': ",
        ),
    ],
)
def test_metrics_return_numbers_each_in_a_column_of_its_own(measures, message):
    with pytest.raises((TypeError, ValueError), match=message):
        run(Gaussian(), REAL, metrics=measures, n_generations=2)


# --- sweep ---------------------------------------------------------------------------------------------------------

SWEEP = {
    "recipes": {"replace": replace, "a third": Mix(0.3)},
    "seeds": range(3),
    "metrics": {"std": metrics.std},
    "n_generations": 3,
}


def test_sweep_is_every_recipe_with_every_seed_paired_at_generation_0():
    rows = sweep(Gaussian(), REAL, **SWEEP)
    assert len(rows) == 2 * 3 * 3
    assert list(rows.index) == list(range(18))
    wide = rows.pivot(index=["generation", "seed"], columns="recipe", values="std")
    assert (wide.loc[0]["replace"] == wide.loc[0]["a third"]).all()
    assert (wide.loc[1]["replace"] != wide.loc[1]["a third"]).all()
    assert wide.loc[0]["replace"].nunique() == 3
    one = run(Gaussian(), REAL, Mix(0.3), metrics=SWEEP["metrics"], n_generations=3, seed=1).rows
    assert list(rows[(rows["recipe"] == "a third") & (rows["seed"] == 1)]["std"]) == list(one["std"])


def test_a_sweep_shows_each_finished_run():
    seen = []

    def progress(runs):
        for finished in runs:
            seen.append(finished.info["seed"])
            yield finished

    rows = sweep(Gaussian(), REAL, **SWEEP, progress=progress)
    assert seen == [0, 1, 2, 0, 1, 2]
    pd.testing.assert_frame_equal(rows, sweep(Gaussian(), REAL, **SWEEP))


def test_sweep_draws_the_real_data_anew_for_every_seed_and_alike_for_every_recipe():
    seen = []

    def real(rng):
        seen.append(rng.standard_normal((20, 3)))
        return seen[-1]

    sweep(Gaussian(), real, **SWEEP)
    assert len(seen) == 6
    assert all(np.array_equal(first, second) for first, second in zip(seen[:3], seen[3:], strict=True))
    assert not np.isin(seen[0], seen[1]).any()


def test_two_jobs_give_the_rows_of_one():
    pd.testing.assert_frame_equal(sweep(Gaussian(), REAL, **SWEEP, n_jobs=2), sweep(Gaussian(), REAL, **SWEEP))


# --- what must not go wrong in silence --------------------------------------------------------------------------------


class Fragile(Gaussian):
    """A model that breaks down in generation 3."""

    fits = 0

    def fit(self, X, rng):
        self.fits += 1
        if self.fits > 3:
            raise RuntimeError("the spread is zero")
        return super().fit(X, rng)


def test_an_error_says_where_and_keeps_what_was_finished():
    with pytest.raises(RuntimeError, match="the spread is zero") as caught:
        run(Fragile(), REAL, metrics={"std": metrics.std}, n_generations=10, seed=7, warm_start=True, label="mine")
    notes = " ".join(caught.value.__notes__)
    assert "generation 3 of the run with seed 7" in notes
    assert "recipe was mine" in notes
    assert list(caught.value.rows["generation"]) == [0, 1, 2]


def test_a_bare_estimator_is_told_to_be_wrapped():
    with pytest.raises(TypeError, match=r"^model.sample must be a function sample\(n, rng\), got .* in SklearnModel$"):
        generations(GaussianMixture(2), REAL, n_generations=1)


@pytest.mark.parametrize(
    ("measures", "error", "message"),
    [
        ({"generation": metrics.std}, ValueError, "fill each column once, got 'generation' again"),
        ({"seed": metrics.std}, ValueError, "fill each column once, got 'seed' again"),
        ({"a": lambda g, r: {"x": 1}, "b": lambda g, r: {"x": 2}}, ValueError, "got 'x' again from 'b'"),
        ({"a": lambda g, r: g.samples.std(axis=0)}, TypeError, "must return numbers, got array"),
        ({"a": lambda g, r: None}, TypeError, "must return numbers, got None from 'a'"),
    ],
)
def test_metrics_fill_columns_of_their_own_with_numbers(measures, error, message):
    with pytest.raises(error, match=message):
        run(Gaussian(), REAL, metrics=measures, n_generations=2)


@pytest.mark.parametrize(("keep", "error"), [(1, TypeError), ([-1], ValueError), ([5], ValueError), (["a"], TypeError)])
def test_snapshots_asked_for_must_exist(keep, error):
    with pytest.raises(error, match="keep must"):
        run(Gaussian(), REAL, metrics={"std": metrics.std}, n_generations=5, keep=keep)


@pytest.mark.parametrize("returned", [None, [], "rows", np.full((3, 3), np.nan)])
def test_what_a_recipe_returns_is_checked(returned):
    with pytest.raises((TypeError, ValueError), match="the training set of generation 1 must") as caught:
        list(generations(Gaussian(), REAL, lambda pool, n, rng: returned, n_generations=3))
    assert "generation 1" in caught.value.__notes__[0]


def test_a_class_is_no_recipe():
    with pytest.raises(TypeError, match=r"recipe must be a function .* Mix\(0\.1\)"):
        generations(Gaussian(), REAL, Mix, n_generations=3)


def test_one_interruption_ends_the_sweep(capsys):
    class Interrupted(Gaussian):
        fits = 0  # of all copies together

        def fit(self, X, rng):
            Interrupted.fits += 1
            if Interrupted.fits == 30:
                raise KeyboardInterrupt
            return super().fit(X, rng)

    rows = sweep(Interrupted(), REAL, {"a": replace}, seeds=range(50), metrics={"std": metrics.std}, n_generations=4)
    said = capsys.readouterr().out
    assert "The sweep ends here" in said
    assert len(rows) == 29
    assert (rows.groupby("seed").size() == 4).iloc[:-1].all(), "only the last run is in part"


def test_seeds_may_come_from_anything_that_can_be_counted_off():
    made = sweep(
        Gaussian(), REAL, {"a": replace}, seeds=(s for s in (1, 2)), metrics={"std": metrics.std}, n_generations=2
    )
    assert set(made["seed"]) == {1, 2}


def test_a_generation_is_short_to_print():
    assert len(repr(next(generations(Gaussian(), REAL, n_generations=1)))) < 300


def test_one_interruption_ends_the_whole_sweep(capsys):
    def metric(generation, reference):
        if len(seen) == 7:
            raise KeyboardInterrupt
        seen.append(generation.index)
        return 0.0

    seen = []
    rows = sweep(Gaussian(), REAL, **SWEEP | {"metrics": {"m": metric}})
    assert len(rows) == 7
    assert "The sweep ends here: 3 of 6 runs." in capsys.readouterr().out


def test_seeds_are_different():
    with pytest.raises(ValueError, match=r"seeds must be different, got \[1, 1\]: pass range\(2\)"):
        sweep(Gaussian(), REAL, **(SWEEP | {"seeds": [1, 1]}))


# --- past one machine ------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("default")  # a cluster that is closed complains in threads of its own
def test_dask_gives_the_frame_of_one_process():
    distributed = pytest.importorskip("distributed")
    cluster = {
        "protocol": "tcp://",
        "host": "127.0.0.1",
        "processes": False,
        "dashboard_address": None,
        "n_workers": 2,
        "threads_per_worker": 1,
    }
    with distributed.Client(**cluster), joblib.parallel_config(backend="dask"):
        pd.testing.assert_frame_equal(sweep(Gaussian(), REAL, **SWEEP, n_jobs=2), sweep(Gaussian(), REAL, **SWEEP))


@pytest.mark.filterwarnings("default")
def test_ray_gives_the_frame_of_one_process():
    ray = pytest.importorskip("ray", reason="ray is large; where it is installed it is tested")
    from ray.util.joblib import register_ray

    register_ray()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        with joblib.parallel_config(backend="ray"):
            pd.testing.assert_frame_equal(sweep(Gaussian(), REAL, **SWEEP, n_jobs=2), sweep(Gaussian(), REAL, **SWEEP))
    finally:
        ray.shutdown()


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
