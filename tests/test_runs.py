"""Runs and sweeps: what they return, what they keep when they are stopped, and what they refuse."""

import weakref
from dataclasses import dataclass

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.mixture import GaussianMixture
from tqdm import tqdm

from collapse_lessons import Gaussian, Mix, generations, metrics, replace
from collapse_lessons.experiments.resume import resume_run
from collapse_lessons.experiments.sweeps import sweep
from collapse_lessons.loop import DATA, stream
from collapse_lessons.runs import run

REAL = stream(DATA, 0, 0).standard_normal((20, 3))


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
    made = list(generations(Gaussian(), REAL, Mix(0.3), n_generations=4, n=10, seed=2))
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
        for index in iterator:
            ticks.append(index)
            yield index

    ticks = []
    rows = run(Gaussian(), REAL, metrics={}, n_generations=3, label="mine", progress=progress).rows
    assert set(rows["recipe"]) == {"mine"}
    assert ticks == [0, 1, 2]
    assert set(run(Gaussian(), REAL, metrics={}, n_generations=1).rows["recipe"]) == {"replace"}


@pytest.mark.parametrize("real", [REAL, pd.DataFrame(REAL, columns=["x", "y", "z"])], ids=["array", "table"])
@pytest.mark.parametrize("how", [run, resume_run])
def test_a_model_is_let_go_before_the_next_one_is_fitted(how, real, tmp_path):
    class Weights:  # what takes the memory
        pass

    class Large:
        def fit(self, X, rng):
            seen.append(len(alive))
            self.X, self.weights = X, Weights()
            alive.add(self.weights)
            return self

        def sample(self, n, rng):
            return self.X[:n]

    seen, alive = [], weakref.WeakSet()
    folder = (tmp_path,) if how is resume_run else ()
    how(*folder, Large(), real, metrics={}, n_generations=4, keep=[1, 2], progress=tqdm)
    assert seen == [0, 0, 0, 0]


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
    assert list(result.rows["mean"]) == [
        turn.samples.mean() for turn in generations(Gaussian(), REAL, replace, n_generations=3)
    ]


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
    for seed, drawn in zip(SWEEP["seeds"], seen[:3], strict=True):  # from a stream that no model draws from
        assert np.array_equal(drawn, stream(DATA, 0, seed).standard_normal((20, 3)))


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
