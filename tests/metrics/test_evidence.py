"""Pairs, intervals and power: against SciPy, against chance, and at the edges."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from collapse_lessons import Gaussian, metrics, replace, sweep
from collapse_lessons.metrics import evidence
from collapse_lessons.recipes import Mix


@pytest.fixture(scope="module")
def rows():
    recipes = {"mix": Mix(0.5), "replace": replace}
    real = lambda rng: rng.standard_normal((20, 1))  # noqa: E731
    return sweep(Gaussian(), real, recipes, seeds=range(4), metrics={"std": metrics.std}, n_generations=3)


def test_differences_are_taken_pair_by_pair(rows):
    differences = evidence.differences(rows, "std", "mix", "replace")
    assert list(differences.index) == [0, 1, 2, 3]
    at = rows[rows["generation"] == 2].set_index(["recipe", "seed"])["std"]
    assert differences[3] == at["mix", 3] - at["replace", 3]
    assert (evidence.differences(rows, "std", "mix", "replace", generation=0) == 0).all(), "both begin alike"


def test_a_seed_without_a_partner_is_left_out(rows):
    alone = rows[~((rows["recipe"] == "replace") & (rows["seed"] == 1))]
    assert list(evidence.differences(alone, "std", "mix", "replace").index) == [0, 2, 3]


def test_interval_is_student_s():
    values = np.random.default_rng(0).normal(3, 2, (5, 8))
    low, high = evidence.interval(values, 0.9)
    for i, row in enumerate(values):
        ends = stats.ttest_1samp(row, 0).confidence_interval(0.9)
        assert np.allclose((low[i], high[i]), ends)
    assert np.allclose(evidence.interval(values[0], 0.9), (low[0], high[0]))


def test_an_interval_holds_the_mean_as_often_as_it_says():
    """20,000 intervals at 95%; six standard errors of a share are 0.009."""
    low, high = evidence.interval(np.random.default_rng(1).normal(1, 1, (20_000, 4)))
    assert abs(((low < 1) & (high > 1)).mean() - 0.95) < 0.0093
    assert (high < 1).mean() == pytest.approx(0.025, abs=0.007)


def test_power_agrees_with_the_exact_one():
    """Against the noncentral t; the pilot is large, so that its own error is small."""
    rng = np.random.default_rng(2)
    pilot = rng.standard_normal(200_000) + 0.8
    k = 12
    t = stats.nct(k - 1, 0.8 * np.sqrt(k))
    edge = stats.t.ppf(0.975, k - 1)
    exact = t.sf(edge) + t.cdf(-edge)
    power = evidence.power(pilot, k, rng, at_least=0, n_studies=20_000)
    assert power == pytest.approx(exact, abs=6 * 0.0035 + 0.01)
    assert evidence.power(pilot, 40, rng, at_least=0) > exact
    assert evidence.power(pilot - pilot.mean(), k, rng, at_least=0) < 0.1
    assert evidence.power(pilot + 3, k, rng, at_least=3, n_studies=20_000) == pytest.approx(power, abs=6 * 0.005)
    assert evidence.power(-pilot, k, rng, at_most=0, n_studies=20_000) == pytest.approx(power, abs=6 * 0.005)


def test_a_claim_near_the_truth_takes_more_pairs_to_decide():
    rng = np.random.default_rng(4)
    pilot = rng.standard_normal(10_000) + 0.8
    assert [evidence.power(pilot, 30, rng, at_least=edge) > 0.9 for edge in (0, 0.6, 0.8, 1.6)] == [1, 0, 0, 1]
    assert evidence.power(pilot, 10, rng, at_least=0.6, at_most=1) < 0.1, "too few to fit into so narrow a claim"
    assert evidence.power(pilot, 1000, rng, at_least=0.6, at_most=1) > 0.99


def test_a_verdict_has_three_values():
    low, high = np.array([0.6, 0.1, 0.4, 2.6, 2.4]), np.array([0.9, 0.4, 0.6, 2.9, 2.6])
    confirmed, refuted, undecided = "confirmed", "refuted", "undecided"
    assert [*evidence.verdict(low, high, at_least=0.5)] == [confirmed, refuted, undecided, confirmed, confirmed]
    assert [*evidence.verdict(low, high, at_most=2.5)] == [confirmed, confirmed, confirmed, refuted, undecided]
    both = evidence.verdict(low, high, at_least=0.5, at_most=2.5)
    assert [*both] == [confirmed, refuted, undecided, refuted, undecided]
    assert evidence.verdict(0.4, 3, at_least=0.5, at_most=2.5) == undecided, "wider than the claim"
    assert evidence.verdict(0.0, 0.0, at_least=0) == undecided, "a placebo shows nothing"
    assert evidence.verdict([[1], [2]], [[1], [2]], at_least=0).shape == (2, 1)


def test_a_claim_at_the_very_edge_is_hardly_ever_decided():
    """If the mean is exactly what is claimed at least, 1 study in 20 decides; six standard errors of 5000 are 0.019."""
    pilot = np.random.default_rng(5).standard_normal(100_000)
    pilot += 0.5 - pilot.mean()
    decided = evidence.power(pilot, 20, np.random.default_rng(6), at_least=0.5, n_studies=5000)
    assert decided == pytest.approx(0.05, abs=0.019)


def test_the_same_generator_gives_the_same_power():
    pilot = np.random.default_rng(3).normal(0.3, 1, 10)
    assert len({evidence.power(pilot, 9, np.random.default_rng(0), at_least=0) for _ in range(2)}) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rows: evidence.differences([1], "std", "mix", "replace"), "rows must be a DataFrame, got"),
        (lambda rows: evidence.differences(rows, "var", "mix", "replace"), r"rows must have .* got no var: see"),
        (lambda rows: evidence.differences(rows, "std", "mine", "replace"), "treatment must be .* got 'mine': "),
        (lambda rows: evidence.differences(rows, "std", "mix", "mine"), "control must be .* got 'mine': "),
        (
            lambda rows: evidence.differences(rows, "std", "mix", "replace", 9),
            "generation must be one that rows hold, got 9",
        ),
        (
            lambda rows: evidence.differences(
                rows[(rows["recipe"] == "mix") != (rows["seed"] < 2)], "std", "mix", "replace"
            ),
            "rows must have a seed with both mix and replace, got none: run both",
        ),
        (lambda rows: evidence.interval([1.0]), "values must be at least 2 along the last axis, got 1: one run"),
        (lambda rows: evidence.interval([1.0, np.nan]), "values must hold finite numbers"),
        (lambda rows: evidence.interval([1.0, 2.0], 1), "level must be a number"),
        (lambda rows: evidence.power([1.0], 5, np.random.default_rng(0)), "pilot must have at least 2 row"),
        (lambda rows: evidence.power([1.0, 2.0], 1, np.random.default_rng(0)), "n_seeds must be .* at least 2, got 1"),
        (lambda rows: evidence.power([1.0, 2.0], 5, 0), "rng must be a numpy.random.Generator, got 0"),
        (
            lambda rows: evidence.power([1.0, 2.0], 5, np.random.default_rng(0), at_least=0, n_studies=0),
            "n_studies must be .* got 0",
        ),
        (
            lambda rows: evidence.power([1.0, 2.0], 5, np.random.default_rng(0)),
            "at_least must be below at_most and one of them given, got -inf and inf: a claim that any",
        ),
        (
            lambda rows: evidence.verdict(1, 2, at_least=3, at_most=3),
            "at_least must be below at_most .* got 3.0 and 3.0",
        ),
        (lambda rows: evidence.verdict(1, 2, at_least=np.nan), "at_least must be a number .* got nan"),
        (lambda rows: evidence.verdict(2, 1, at_least=0), "low must not be above high, got 2.* and 1.*: pass them as"),
        (lambda rows: evidence.verdict(np.nan, 1, at_least=0), "low must be numbers .* got nan"),
    ],
)
def test_bad_input_is_refused(call, message, rows):
    with pytest.raises((ValueError, TypeError), match=message):
        call(rows)


def test_a_table_of_one_recipe_is_refused_not_misread():
    table = pd.DataFrame({"recipe": ["a"], "seed": [0], "generation": [0], "std": [1.0]})
    with pytest.raises(ValueError, match="control must be one of a, got 'b': the recipes of generation 0"):
        evidence.differences(table, "std", "a", "b")


def test_a_run_that_broke_down_does_not_drop_out_in_silence():
    for lost in ([1.0, 2.0, 3.0, np.nan], [1.0, 2.0, np.inf, np.inf]):  # the difference of two infinities is none
        table = pd.DataFrame({"recipe": ["a", "b"] * 2, "seed": [0, 0, 1, 1], "generation": 0, "std": lost})
        with pytest.raises(ValueError, match=r"std must be a number in every run, got none for the seeds \[1"):
            evidence.differences(table, "std", "a", "b")


def test_differences_of_bytes_do_not_wrap_around():
    table = pd.DataFrame({"recipe": ["a", "b"], "seed": 0, "generation": 0, "std": np.array([1, 3], np.uint8)})
    assert evidence.differences(table, "std", "a", "b").tolist() == [-2.0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"seed": 0}, "rows must hold each run once, got a with seed 0 again: drop one"),
        ({"seed": [0, 0, None, None]}, "rows must have a seed in every run, got some without"),
        ({"std": "1.0"}, "std must be a column of numbers, got"),
        ({"std": 1j}, "std must be a column of numbers, got complex128"),
    ],
)
def test_rows_that_cannot_be_paired_are_refused(wrong, message):
    table = pd.DataFrame({"recipe": ["a", "b"] * 2, "seed": [0, 0, 1, 1], "generation": 0, "std": 1.0})
    with pytest.raises((TypeError, ValueError), match=message):
        evidence.differences(table.assign(**wrong), "std", "a", "b")
