"""Linear regression in the loop: what one fit finds, and what it hands on."""

import numpy as np
import pytest

from collapse_lessons import accumulate, check_model, generations, replace, stream, theory
from collapse_lessons.loop import DATA
from collapse_lessons.models.regression import Regression
from oracle import assert_mean


def rows(n, weights, noise, seed):
    rng = stream(DATA, 0, seed)
    features = rng.standard_normal((n, len(weights)))
    return np.column_stack([features, features @ weights + noise * rng.standard_normal(n)])


def errors(model, recipe, n, weights, fits, seeds):
    """Return the squared error of the weights after the last fit, for each seed."""
    last = []
    for seed in seeds:
        *_, turn = generations(model, rows(n, weights, model.noise, seed), recipe, n_generations=fits, seed=seed)
        last.append(((turn.fitted.weights_ - weights) ** 2).sum())
    return last


def test_it_finds_the_weights_of_labels_without_noise_and_sees_the_first_features_alone():
    weights = np.array([2.0, -1.0, 0.5])
    assert np.allclose(Regression().fit(rows(20, weights, 0, 0)).weights_, weights)
    assert np.allclose(Regression().fit(rows(20, weights, 0, 0).astype(np.float16)).weights_, weights, atol=0.1)
    X = rows(20, weights, 1, 0)
    small = Regression(used=2).fit(X).weights_
    assert np.allclose(small, [*np.linalg.lstsq(X[:, :2], X[:, 3], rcond=None)[0], 0])


def test_with_more_weights_than_rows_it_takes_the_least_norm():
    X = rows(5, np.ones(9), 1, 0)
    found = Regression().fit(X).weights_
    assert np.allclose(X[:, :-1] @ found, X[:, -1])
    assert np.allclose(found, np.linalg.pinv(X[:, :-1]) @ X[:, -1])


def test_labels_are_features_times_weights_plus_noise():
    model = Regression(noise=0.5).fit(rows(50, np.array([1.0, 2.0]), 0.5, 0))
    sampled = model.sample(20_000, np.random.default_rng(0))
    rest = sampled[:, 2] - sampled[:, :2] @ model.weights_
    assert rest.std() == pytest.approx(0.5, rel=0.05)
    assert np.allclose(sampled[:, :2].std(axis=0), 1, rtol=0.05)


def test_the_same_rows_are_labelled_again_and_no_more_of_them():
    X = rows(10, np.ones(2), 1, 0)
    again = Regression(same_rows=True).fit(X).sample(10, np.random.default_rng(0))
    assert np.array_equal(again[:, :2], X[:, :2])
    assert not np.array_equal(again[:, 2], X[:, 2])
    with pytest.raises(ValueError, match=r"^n must be at most the 10 rows .* got 11: lower n"):
        Regression(same_rows=True).fit(X).sample(11, np.random.default_rng(0))


def test_it_keeps_nothing_of_yours_and_goes_round():
    X = rows(12, np.ones(3), 1, 0)
    model = Regression(same_rows=True).fit(X)
    X[:] = 0
    assert (model.features_ != 0).all()
    assert check_model(Regression(), rows(12, np.ones(3), 1, 0))["passed"].all()


@pytest.mark.parametrize(
    ("same_rows", "recipe", "law"), [(False, replace, "replace"), (True, accumulate, "accumulate")]
)
def test_chains_lie_on_their_laws(same_rows, recipe, law):
    """300 chains of 30 rows and 6 features, four fits; replace has new rows, accumulate the same ones."""
    found = errors(Regression(same_rows=same_rows), recipe, 30, np.ones(6), 4, range(300))
    exact = {"replace": theory.replace_risk(4, 30, 6), "accumulate": theory.accumulate_risk(4, 30, 6)}
    assert_mean(found, exact[law], wrong=[exact["replace" if law == "accumulate" else "accumulate"]])


@pytest.mark.parametrize("used", [4, 24])
def test_a_model_that_sees_some_features_lies_on_its_law(used):
    """400 chains of 16 rows and 30 features, three fits."""
    found = errors(Regression(used=used), replace, 16, np.full(30, np.sqrt(1 / 30)), 3, range(400))
    assert_mean(found, theory.sized_risk(3, 16, used, 30), wrong=[theory.sized_risk(1, 16, used, 30)])
