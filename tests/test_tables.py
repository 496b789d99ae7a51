"""DataFrames of numbers and categories go round the loop: models and metrics see them, files hold arrays."""

import numpy as np
import pandas as pd
import pytest

from collapse_lessons import (
    Filter,
    Fresh,
    Gaussian,
    Mix,
    accumulate,
    check_model,
    generations,
    metrics,
    replace,
    resume_run,
    run,
    sweep,
    tables,
)
from collapse_lessons.defences.filters import Candidates, Rates


def people(n, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.integers(18, 90, n),
            "income": rng.lognormal(10, 1, n),
            "job": pd.Categorical(
                rng.choice(["baker", "nurse", "smith"], n), ["smith", "nurse", "baker"], ordered=True
            ),
            "town": rng.choice(["Aa", "Overton", "Ö"], n),
            "member": rng.random(n) < 0.3,
            7: pd.Categorical(rng.integers(3, size=n)),
        }
    )


REAL = people(40)
STD = {"age": lambda generation, reference: generation.samples["age"].mean()}


class Bootstrap:
    """A plain model of DataFrames: fit(df), sample -> df."""

    def fit(self, X, rng):
        assert isinstance(X, pd.DataFrame)
        self.X = X
        return self

    def sample(self, n, rng):
        return self.X.sample(n, replace=True, random_state=rng)


def assert_like_the_real(frame):
    assert list(frame.columns) == list(REAL.columns)
    assert frame.dtypes.equals(REAL.dtypes)
    assert frame["job"].cat.ordered


RECIPES = [replace, accumulate, Mix(0.5), Fresh(lambda n, rng: people(n, 5), 0.5)]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda r: getattr(r, "__name__", type(r).__name__))
def test_a_table_goes_round_and_a_row_stays_a_row(recipe):
    before = REAL.copy()
    known = set(map(tuple, pd.concat([REAL, people(20, 5)]).to_numpy().tolist()))
    for turn in generations(Bootstrap(), REAL, recipe, n_generations=4):
        for frame in (turn.train, turn.samples):
            assert_like_the_real(frame)
            assert set(map(tuple, frame.to_numpy().tolist())) <= known
        assert isinstance(turn.fitted, Bootstrap)
    pd.testing.assert_frame_equal(REAL, before)


def test_metrics_see_what_the_model_made_and_the_real_table():
    seen = {}

    def metric(generation, reference):
        seen["samples"], seen["reference"] = generation.samples, reference
        return len(set(generation.samples["job"]))

    made = run(Bootstrap(), REAL, metrics={"jobs": metric}, n_generations=3, keep=[1])
    assert_like_the_real(seen["samples"])
    pd.testing.assert_frame_equal(seen["reference"], REAL)
    assert_like_the_real(made.snapshots[1])
    assert list(made.rows["jobs"]) == [3, 3, 3]


def test_a_sweep_of_tables_draws_them_anew():
    def drawn(rng):
        return people(30, int(rng.integers(1000)))

    rows = sweep(Bootstrap(), drawn, {"replace": replace, "mix": Mix(0.5)}, seeds=[0, 1], metrics=STD, n_generations=3)
    assert len(rows) == 12
    assert rows[rows["generation"] == 0]["age"].nunique() == 2


def test_generations_go_on_from_tables():
    whole = [turn.samples for turn in generations(Bootstrap(), REAL, accumulate, n_generations=4)]
    rest = generations(Bootstrap(), REAL, accumulate, n_generations=4, start=2, past=whole[:2])
    for expected, turn in zip(whole[2:], rest, strict=True):
        pd.testing.assert_frame_equal(turn.samples, expected)


def test_a_model_of_arrays_takes_a_table_of_numbers():
    numbers = REAL[["income"]].assign(height=np.arange(40.0))
    for turn in generations(Gaussian(), numbers, n_generations=3):
        assert list(turn.samples.columns) == ["income", "height"]
    array = run(Gaussian(), numbers.to_numpy(), metrics={"std": metrics.std}, n_generations=3).rows
    assert np.allclose(
        run(Gaussian(), numbers, metrics={"std": metrics.std}, n_generations=3).rows["std"], array["std"]
    )


def test_columns_may_come_in_another_order_and_categories_as_strings():
    class Plain(Bootstrap):
        def sample(self, n, rng):
            return super().sample(n, rng).astype({"job": object})[REAL.columns[::-1]]

    for turn in generations(Plain(), REAL, n_generations=3):
        assert_like_the_real(turn.samples)


def test_a_filter_takes_tables():
    recipe = Filter(Candidates(lambda n, rng: people(n, 3), 0.5), Rates(0.5, 0.1), size=20)
    for turn in generations(Bootstrap(), REAL, recipe, n_generations=3, n=80):
        assert_like_the_real(turn.train)


def test_check_model_takes_a_table():
    report = check_model(Bootstrap(), REAL)
    assert report["passed"].all(), report

    class Loses(Bootstrap):
        def sample(self, n, rng):
            return super().sample(n, rng).drop(columns="job")

    report = check_model(Loses(), REAL)
    assert "convert them" in " ".join(report["remedy"])


class Spoiling(Bootstrap):
    def __init__(self, spoil):
        self.spoil = spoil

    def sample(self, n, rng):
        return self.spoil(super().sample(n, rng).reset_index(drop=True))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda X: X.drop(columns="age"), r"samples of generation 0 must have the columns .* got .*: name them alike"),
        (lambda X: X.assign(more=1), r"samples of generation 0 must have the columns .* got .*: name them alike"),
        (lambda X: X.assign(job="thief"), r"samples\['job'\] must hold categories of the real data, got 'thief': mend"),
        (
            lambda X: X.assign(income=np.nan),
            r"generation 0\['income'\] must have no missing values, got 40: ",
        ),
        (
            lambda X: X.assign(income=np.inf),
            r"generation 0\['income'\] must hold finite numbers, got 40 NaN",
        ),
        (lambda X: X[:3], r"samples of generation 0 must have shape \(40,\) here, got \(3,\): mend sample"),
        (lambda X: None, "samples of generation 0 must be rows like the real ones, got None: end the function with"),
        (lambda X: X.to_numpy(), "samples must be an array of shape .* got dtype object: "),
    ],
)
def test_samples_that_are_no_such_table_are_refused_at_once(spoil, message):
    with pytest.raises((ValueError, TypeError), match=message):
        list(generations(Spoiling(spoil), REAL, n_generations=2))


@pytest.mark.parametrize(
    ("real", "message"),
    [
        (REAL.assign(job=None), r"real\['job'\] must have no missing values, got 40: fill them in, or make them a cat"),
        (
            REAL.assign(age=pd.Timestamp("2026-01-01")),
            r"real\['age'\] must be a column of numbers, categories",
        ),
        (
            REAL.assign(age=[1, "a"] * 20),
            r"real\['age'\] must be a column of numbers, .* got object",
        ),
        (REAL.assign(age=[[1]] * 40), r"real\['age'\] must be .* got object"),
        (REAL.assign(age=pd.array([1, None] * 20, "Int64")), r"real\['age'\] must have no missing values, got 20"),
        (REAL[:0], "real must have at least 1 row"),
        (REAL.assign(job=["ends in\0", "ends in"] * 20), r"real\['job'\] must hold strings that end in no zero byte"),
        (REAL.rename(columns={"job": ""}), "real must have columns of different names, got .*''"),
        (pd.DataFrame(index=range(3)), "real must have columns of different names"),
        (pd.concat([REAL, REAL], axis=1), "real must have columns of different names, got .*: rename them"),
    ],
)
def test_a_table_that_cannot_go_round_says_so_at_once(real, message):
    with pytest.raises((ValueError, TypeError), match=message):
        generations(Bootstrap(), real, n_generations=2)
    with pytest.raises((ValueError, TypeError), match=message.replace("real", "X", 1)):
        check_model(Bootstrap(), real)


@pytest.mark.parametrize("kind", ["Int64", "Float64", "boolean", "string", "float32", "int8"])
def test_every_kind_of_column_comes_back(kind):
    real = pd.DataFrame({"x": pd.array([0, 1, 1, 0], "Int64").astype(kind)})
    table = tables.Table(real)
    back = table.frame("real", table.rows)
    assert back["x"].tolist() == real["x"].tolist()


@pytest.mark.parametrize("recipe", [replace, accumulate])
def test_a_stopped_run_of_tables_goes_on(recipe, tmp_path):
    whole = run(Bootstrap(), REAL, recipe, metrics=STD, n_generations=5, keep=[1, 4])
    resume_run(tmp_path, Bootstrap(), REAL, recipe, metrics=STD, n_generations=2)
    resumed = resume_run(tmp_path, Bootstrap(), REAL, recipe, metrics=STD, n_generations=5, keep=[1, 4])
    pd.testing.assert_frame_equal(resumed.rows, whole.rows)
    for t in (1, 4):
        pd.testing.assert_frame_equal(resumed.snapshots[t], whole.snapshots[t])
    plain = np.load(tmp_path / "generation_001" / "samples.npy", allow_pickle=False)
    assert plain.dtype.names == ("age", "income", "job", "town", "member", "7")
    with pytest.raises(ValueError, match="real must be that of the run"):
        resume_run(
            tmp_path,
            Bootstrap(),
            REAL.assign(town=REAL["town"].iloc[::-1].to_numpy()),
            recipe,
            metrics=STD,
            n_generations=5,
        )
