"""What users have and what their models return goes round, or says at once what to give instead."""

import numpy as np
import pandas as pd
import pytest
from sklearn.mixture import GaussianMixture

from collapse_lessons import Gaussian, Run, SklearnModel, accumulate, generations, metrics, resume_run, run, sweep
from collapse_lessons.metrics import coverage

X = np.random.default_rng(0).normal(100, 15, size=(30, 2))


class Bootstrap:
    def fit(self, X, rng):
        self.X = X
        return self

    def sample(self, n, rng):
        return self.X[rng.integers(len(self.X), size=n)]


def mapped(tmp_path):
    np.save(tmp_path / "X.npy", X)
    return np.load(tmp_path / "X.npy", mmap_mode="r")


KINDS = {
    "integers": lambda _: X.astype(int),
    "bytes": lambda _: X.astype(np.uint8),
    "booleans": lambda _: X > 100,
    "float32": lambda _: X.astype(np.float32),
    "float16": lambda _: X.astype(np.float16),
    "big-endian": lambda _: X.astype(">f8"),
    "list": lambda _: X.tolist(),
    "columns first": lambda _: np.asfortranarray(X),
    "every other row": lambda _: np.repeat(X, 2, axis=0)[::2],
    "backwards": lambda _: X[::-1],
    "memory-mapped": mapped,
    "read-only": lambda _: np.broadcast_to(X[0], (30, 2)),
    "masked, nothing hidden": lambda _: np.ma.array(X),
    "DataFrame": lambda _: pd.DataFrame(X, columns=["a", "b"]),
    "Series": lambda _: pd.Series(X[:, 0]),
    "numbers as objects": lambda _: pd.DataFrame({"a": X[:, 0].astype(object)}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_any_kind_of_numbers_goes_round(kind, tmp_path):
    real = KINDS[kind](tmp_path)
    measures = {"std": lambda generation, reference: float(np.std(np.asarray(generation.samples, dtype=float)))}
    model = Gaussian() if isinstance(real, pd.DataFrame) else Bootstrap()
    made = run(model, real, accumulate, metrics=measures, n_generations=3)
    again = resume_run(tmp_path / "run", model, real, accumulate, metrics=measures, n_generations=3)
    assert again.rows.equals(made.rows)
    assert np.isfinite(made.rows["std"]).all()


@pytest.mark.parametrize(
    ("real", "message"),
    [
        (np.ma.array(X, mask=X > 110), "real must have no masked entries"),
        (
            np.array(["fox", "hen"]),
            r"real must be an array of shape \(n, \.\.\.\), got dtype <U3: number them",
        ),
        (np.array(["fox", "hen"], dtype=object), "real must be .* got dtype object: number them by np.unique"),
        (np.array([1, "hen"], dtype=object), "real must be .* got dtype object: "),
        (X.astype(complex), "real must be .* got dtype complex128"),
        (np.array(["2026-01-01"], dtype="M8[D]"), r"real must be .* got dtype datetime64\[D\]"),
        ([[1.0], [1.0, 2.0]], "real must be an array of shape"),
        (None, "real must be an array of shape"),
        (3.0, "real must be an array of shape"),
        ({"a": [1.0]}, "real must be an array of shape"),
        (iter([1.0]), r"real must be an array of shape .*, got <list_iterator.*: make an array of its rows first"),
        ({1.0, 2.0}, r"real must be an array of shape .*, got \{1.0, 2.0\}: make an array of its rows first"),
    ],
)
def test_what_cannot_go_round_says_what_to_give_instead(real, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        generations(Bootstrap(), real, n_generations=9)


def test_a_structured_array_may_hold_strings():
    real = np.array([("fox", 1.0), ("hen", 2.0), ("gnu", 3.0)], dtype=[("animal", "U3"), ("weight", float)])
    for turn in generations(Bootstrap(), real, accumulate, n_generations=3):
        assert set(turn.samples["animal"]) <= {"fox", "hen", "gnu"}


class Returning(Gaussian):
    def __init__(self, convert):
        super().__init__()
        self.convert = convert

    def sample(self, n, rng):
        return self.convert(super().sample(n, rng))


@pytest.mark.parametrize("convert", [list, np.ndarray.tolist, pd.DataFrame, np.asfortranarray, np.ma.array])
def test_samples_may_be_lists_and_dataframes(convert):
    made, plain = (
        run(model, X, metrics={"std": metrics.std}, n_generations=3).rows for model in (Returning(convert), Gaussian())
    )
    assert np.allclose(made["std"], plain["std"])


def test_samples_may_be_tensors_without_a_graph():
    torch = pytest.importorskip("torch")
    made = run(Returning(torch.tensor), X, metrics={"std": metrics.std}, n_generations=3).rows
    assert len(made) == 3
    with pytest.raises(TypeError, match=r"the samples of generation 0 must be .*detach") as caught:
        run(Returning(lambda X: torch.tensor(X, requires_grad=True)), X, metrics={}, n_generations=3)
    assert "generation 0" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("convert", "message"),
    [
        (
            lambda X: None,
            "the samples of generation 0 must be rows like the real ones, got None: end the function with",
        ),
        (lambda X: [*X.tolist(), None], "the samples of generation 0 must be an array"),
        (lambda X: (X, 3), "the samples of generation 0 must be an array"),
        (lambda X: np.ma.array(X, mask=X > 0), "the samples of generation 0 must have no masked entries"),
        (lambda X: X[0], r"the samples of generation 0 must have shape \(30, 2\) here, got \(2,\)"),
    ],
)
def test_samples_that_cannot_go_round_are_refused_in_generation_0(convert, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        run(Returning(convert), X, metrics={}, n_generations=3)


def test_a_recipe_that_returns_nothing_is_told_to_return():
    def forgetful(pool, n, rng):
        pool[-1].copy()

    with pytest.raises(
        TypeError, match=r"training set of generation 1 must be rows .*, got None: end the function with"
    ):
        run(Gaussian(), X, forgetful, metrics={}, n_generations=3)


def test_sklearn_takes_a_table_of_numbers():
    table = pd.DataFrame(X, columns=["height", "weight"])
    kept = run(SklearnModel(GaussianMixture(1)), table, metrics={}, n_generations=2, keep=[1]).snapshots[1]
    assert list(kept.columns) == ["height", "weight"]


# --- metrics ---------------------------------------------------------------------------------------------------------


def test_a_float32_metric_is_the_same_from_run_and_resume_run(tmp_path):
    measures = {
        "float32": lambda generation, reference: generation.samples.astype(np.float32).mean(),
        "whole": lambda generation, reference: np.int32(generation.index),
        "flag": lambda generation, reference: np.bool_(generation.index > 0),
    }
    made = run(Gaussian(), X, metrics=measures, n_generations=3).rows
    resume_run(tmp_path, Gaussian(), X, metrics=measures, n_generations=2)
    resumed = resume_run(tmp_path, Gaussian(), X, metrics=measures, n_generations=3).rows
    pd.testing.assert_frame_equal(made, resumed)
    assert [made[name].dtype.kind for name in measures] == ["f", "i", "b"]


def test_a_metric_may_return_a_tensor_or_an_array_of_one_number():
    torch = pytest.importorskip("torch")
    for one in (np.array(0.5), torch.tensor(0.5), torch.tensor(0.5, requires_grad=True)):
        rows = run(Gaussian(), X, metrics={"m": lambda generation, reference, one=one: one}, n_generations=1).rows
        assert rows["m"].tolist() == [0.5]
        assert rows["m"].dtype == float


def test_a_metric_without_a_name_is_refused_before_anything_is_fitted():
    with pytest.raises(ValueError, match="metrics must have names, got ''"):
        run(None, X, metrics={"": metrics.std}, n_generations=1)
    with pytest.raises(ValueError, match="a metric's column must have a name, got '' from 'a'"):
        run(Gaussian(), X, metrics={"a": lambda generation, reference: {"": 1.0}}, n_generations=1)


@pytest.mark.parametrize(
    "number", [np.ma.masked, 1j, np.datetime64("2026-01-01"), np.timedelta64(3, "D"), "3", None, [1.0]]
)
def test_a_metric_that_returns_no_number_fails_in_run_as_in_resume_run(number, tmp_path):
    measures = {"m": lambda generation, reference: number}
    for call in (run, lambda *a, **b: resume_run(tmp_path, *a, **b)):
        with pytest.raises(TypeError, match=r"metrics must return numbers, got .* from 'm': average it"):
            call(Gaussian(), X, metrics=measures, n_generations=2)


@pytest.mark.parametrize("metric", [coverage, lambda generation: 0.0, lambda: 0.0, "std", metrics.ssim])
def test_a_function_that_is_no_metric_is_refused_before_anything_is_fitted(metric):
    class Never(Gaussian):
        def fit(self, X, rng):
            raise AssertionError("it was fitted")

    for call in (run, lambda *a, **b: sweep(*a, {"": accumulate}, seeds=[0], **b)):
        with pytest.raises(TypeError, match=r"^metrics.* must be .*metric\(generation, reference\), got"):
            call(Never(), X, metrics={"c": metric}, n_generations=3)


def test_coverage_is_told_how_it_becomes_a_metric():
    with pytest.raises(TypeError, match=r"write lambda generation, reference: coverage\(generation\.samples, ref"):
        run(Gaussian(), X, metrics={"c": coverage}, n_generations=1)


def test_a_metric_that_no_module_has_made_is_one_like_any():
    made = eval("lambda generation, reference: 1.0", {})
    assert made.__module__ is None
    assert run(Gaussian(), X, metrics={"one": made}, n_generations=1).rows["one"].tolist() == [1.0]


def test_an_error_in_a_metric_names_metric_and_generation():
    def odd(generation, reference):
        return 1 / (1 - generation.index)

    with pytest.raises(ZeroDivisionError) as caught:
        run(Gaussian(), X, metrics={"std": metrics.std, "odd": odd}, n_generations=3)
    assert "This happened in the metric 'odd', in generation 1." in caught.value.__notes__


# --- what a run prints -----------------------------------------------------------------------------------------------


def test_a_run_prints_its_rows_and_not_its_snapshots():
    made = run(Gaussian(), np.ones((1000, 50)), metrics={"std": metrics.std}, n_generations=3, keep=[0, 2])
    assert isinstance(made, Run)
    assert "snapshots of generations [0, 2]" in repr(made)
    assert len(repr(made)) < 1000
    assert "array(" not in repr(made)
    assert "std" in repr(made)


def test_a_million_generations_are_enough():
    for call in (generations, lambda *a, **b: run(*a, metrics={}, **b)):
        with pytest.raises(ValueError, match="n_generations must be a whole number from 1 to 1000000, got 1000000000"):
            call(Gaussian(), X, n_generations=10**30)
