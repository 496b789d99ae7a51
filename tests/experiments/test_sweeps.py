"""A sweep loses nothing: not to an error, not to an interruption, not to a machine that is switched off."""

import numpy as np
import pandas as pd
import pytest

from collapse_lessons import Gaussian, Mix, metrics, replace, run, stream, sweep
from collapse_lessons.loop import DATA

REAL = np.random.default_rng(0).normal(size=(20, 3))
SWEEP = {
    "recipes": {"replace": replace, "a third": Mix(0.3)},
    "seeds": range(3),
    "metrics": {"std": metrics.std},
    "n_generations": 3,
}


def breaks_at(label_length):
    """Return a metric that fails in generation 1 of the run with seed 1 of the second recipe."""

    def metric(generation, reference):
        if generation.index == 1 and calls["n"] == label_length:
            raise ZeroDivisionError("nothing is left")
        calls["n"] += 1
        return 0.0

    calls = {"n": 0}
    return metric


def test_one_failing_run_does_not_discard_the_finished_ones():
    settings = SWEEP | {"metrics": {"std": metrics.std, "m": breaks_at(4 * 3 + 1)}}
    with pytest.raises(ZeroDivisionError, match="nothing is left") as caught:
        sweep(Gaussian(), REAL, **settings)
    rows = caught.value.rows
    whole = sweep(Gaussian(), REAL, **SWEEP)
    pd.testing.assert_series_equal(rows["std"], whole["std"].iloc[:13])
    assert list(rows["recipe"].unique()) == ["replace", "a third"]
    notes = " ".join(caught.value.__notes__)
    assert "the metric 'm', in generation 1" in notes
    assert "`rows` hold 4 whole runs" in notes


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_failing_run_in_another_process_neither(n_jobs):
    class Fragile(Gaussian):  # in here, so that another process gets it whole and need not find this file
        """It can't fit data that begin with a 7."""

        def fit(self, X, rng):
            if X[0, 0] == 7:
                raise ZeroDivisionError("nothing is left")
            return super().fit(X, rng)

    def seventh(rng):
        X = rng.normal(size=(20, 3))
        if X[0, 0] == stream(DATA, 0, 2).normal(size=(20, 3))[0, 0]:
            X[0, 0] = 7
        return X

    settings = SWEEP | {"recipes": {"replace": replace}, "seeds": range(4)}
    with pytest.raises(ZeroDivisionError, match="nothing is left") as caught:
        sweep(Fragile(), seventh, **settings, n_jobs=n_jobs)
    counted = caught.value.rows["seed"].value_counts()
    assert counted[0] == counted[1] == 3
    assert 2 not in counted
    assert counted.get(3, 3) == 3, "a run that was at work beside it is finished"
    assert n_jobs == 1 or "in fit" in " ".join(caught.value.__notes__), "the traceback comes along"


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("guilty", ["real", "each", "progress"])
def test_what_else_is_called_discards_no_finished_run(guilty, n_jobs):
    def real(rng):
        if guilty == "real" and rng.random() == stream(DATA, 0, 2).random():
            raise ZeroDivisionError("it broke")
        return REAL

    def each(made):
        if guilty == "each" and made.info["seed"] == 2:
            raise ZeroDivisionError("it broke")

    def progress(runs):
        for i, made in enumerate(runs):
            if guilty == "progress" and i == 2:
                raise ZeroDivisionError("it broke")
            yield made

    with pytest.raises(ZeroDivisionError, match="it broke") as caught:
        sweep(Gaussian(), real, **SWEEP, each=each, progress=progress, n_jobs=n_jobs)
    assert {0, 1} <= set(caught.value.rows["seed"])
    if guilty == "real":
        assert "while the real data of the runs with seed 2 were drawn" in " ".join(caught.value.__notes__)


def test_each_run_is_handed_over_with_its_snapshots():
    runs = []
    rows = sweep(Gaussian(), REAL, **SWEEP, keep=[0, 2], each=runs.append)
    assert len(runs) == 6
    pd.testing.assert_frame_equal(pd.concat([made.rows for made in runs], ignore_index=True), rows)
    assert all(list(made.snapshots) == [0, 2] for made in runs)
    alone = run(Gaussian(), REAL, Mix(0.3), metrics={}, n_generations=3, seed=2, keep=[2])
    assert np.array_equal(runs[-1].snapshots[2], alone.snapshots[2])


def test_the_view_is_what_is_kept():
    runs = []
    view = lambda generation: generation.samples[:2]  # noqa: E731
    sweep(Gaussian(), REAL, **SWEEP, keep=[1], view=view, each=runs.append)
    assert all(made.snapshots[1].shape == (2, 3) for made in runs)
    made = run(Gaussian(), REAL, metrics={}, n_generations=2, keep=[0, 1], view=view)
    alone = run(Gaussian(), REAL, metrics={}, n_generations=2, keep=[0, 1])
    assert np.array_equal(made.snapshots[1], alone.snapshots[1][:2])


def test_n_reference_and_warm_start_reach_every_run():
    class Experienced(Gaussian):
        fits = 0

        def fit(self, X, rng):
            self.fits += 1
            return super().fit(X, rng)

    seen = {
        "n": lambda generation, reference: len(generation.samples),
        "reference": lambda generation, reference: reference,
        "fits": lambda generation, reference: generation.fitted.fits,
    }
    rows = sweep(Experienced(), REAL, **SWEEP | {"metrics": seen}, n=30, reference=5.5, warm_start=True)
    assert set(rows["n"]) == {30}
    assert set(rows["reference"]) == {5.5}
    assert list(rows["fits"]) == [1, 2, 3] * 6


def test_the_real_data_come_from_the_stream_that_is_kept_for_them():
    def real(rng):
        drawn.append(rng.random())
        return REAL

    drawn = []
    sweep(Gaussian(), real, **SWEEP)
    assert drawn == [stream(DATA, 0, seed).random() for seed in (0, 1, 2)] * 2


def test_a_stopped_sweep_goes_on_in_its_folder(tmp_path):
    fits = []

    class Counting(Gaussian):
        def fit(self, X, rng):
            fits.append(1)
            return super().fit(X, rng)

    whole = sweep(Gaussian(), REAL, **SWEEP)
    stopped = SWEEP | {"metrics": {"std": metrics.std}, "seeds": range(2)}
    sweep(Counting(), REAL, **stopped, folder=tmp_path)
    assert len(fits) == 12
    again = sweep(Counting(), REAL, **SWEEP, folder=tmp_path)
    assert len(fits) == 18, "what is finished is not made again"
    pd.testing.assert_frame_equal(again, whole)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"{label}_{seed}" for label in ("a_third", "replace") for seed in range(3)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"folder": ""}, "folder must be a path, got ''"),
        (
            {"recipes": {"a b": replace, "a/b": replace}, "folder": "x"},
            "recipes must have labels that name different folders, got 'a b'",
        ),
        (
            {"recipes": {"Mix": replace, "mix": replace}, "folder": "x"},
            "recipes must have labels that name different folders, got 'Mix'",
        ),
        ({"recipes": {"": replace}, "folder": "x"}, "recipes must have labels that name a folder each, got ''"),
        ({"recipes": {1: replace}}, "recipes must be a string, got 1"),
        ({"recipes": {"mix": Mix}}, r"recipes\['mix'\] must be a function"),
        ({"seeds": range(10**30)}, "seeds must be at most 1000000 different ones, got more"),
        ({"n_generations": 10**30}, "n_generations must be a whole number from 1 to 1000000, got"),
        ({"n_jobs": 0}, "n_jobs must be a whole number other than 0, got 0"),
        ({"n_jobs": "two"}, "n_jobs must be a whole number other than 0, got 'two'"),
        ({"keep": [7]}, "keep must be a whole number from 0 to 2, got 7"),
        (
            {"metrics": {"c": metrics.coverage}},
            r"metrics\['c'\] must be a function .* got coverage\(samples",
        ),
        ({"each": 3}, r"each must be a function each\(run\), got 3"),
    ],
)
def test_bad_input_is_refused_before_the_first_run(change, message):
    class Never(Gaussian):
        def fit(self, X, rng):
            raise AssertionError("it was fitted")

    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        sweep(Never(), REAL, **SWEEP | change)
