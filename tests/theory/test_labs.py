"""The laws of several labs on one web, against labs that count and draw."""

import numpy as np
import pytest

from collapse_lessons import theory
from oracle import assert_mean

P = np.full(8, 1 / 8)


def webs(n, labs, shared, fits, *, n_webs, seed):
    """Return every lab's shares after its last fit, shape (n_webs, labs, k): rows are drawn one source each."""
    rng = np.random.default_rng(seed)
    shares = rng.multinomial(n, P, size=(n_webs, labs)) / n
    for _ in range(fits - 1):
        mixed = (1 - shared) * shares + shared * shares.mean(axis=1, keepdims=True)
        shares = rng.multinomial(n, mixed) / n
    return shares


@pytest.mark.parametrize(("labs", "shared"), [(2, 0.3), (4, 0.2), (4, 1.0), (4, 0.0)])
@pytest.mark.parametrize("fits", [1, 8])
def test_within_a_lab_and_between_two(labs, shared, fits):
    """5000 webs of labs of 12 rows."""
    shares = webs(12, labs, shared, fits, n_webs=5000, seed=labs + fits)
    within, between = theory.lab_variety(fits, 12, labs, shared, P)
    other = theory.lab_variety(fits + 3, 12, labs, shared, P)
    assert_mean(1 - (shares[:, 0] ** 2).sum(axis=-1), within, wrong=[other[0]])
    assert_mean(1 - (shares[:, 0] * shares[:, 1]).sum(axis=-1), between)


def test_apart_each_dies_and_they_differ_together_they_last_and_are_alike():
    fits = np.array([0, 1, 200, 2000])
    apart_within, apart_between = theory.lab_variety(fits, 30, 4, 0.0, P)
    assert apart_within == pytest.approx(theory.heterozygosity(fits, 30, P))
    assert apart_between == pytest.approx(1 - 1 / 8)
    together_within, together_between = theory.lab_variety(fits, 30, 4, 0.2, P)
    assert together_within[2] > 100 * apart_within[2]
    likeness = theory.lab_likeness(fits, 30, 4, 0.2)
    assert likeness == pytest.approx(together_within / together_between)
    assert likeness[[0, -1]] == pytest.approx([1, 0.911], abs=0.001)
    assert theory.lab_likeness(fits, 30, 4, 0.0)[-1] < 1e-9


def test_likeness_outlasts_what_is_alike():
    """The varieties themselves are no numbers to divide by then."""
    assert theory.lab_variety(20_000, 2, 2, 0.5, P)[1] < 1e-300
    assert theory.lab_likeness(20_000, 2, 2, 0.5) == pytest.approx(theory.lab_likeness(100, 2, 2, 0.5))


@pytest.mark.parametrize("shared", [0.05, 0.2, 1.0])
def test_together_labs_last_as_long_as_one_with_all_their_rows_or_longer(shared):
    late = theory.lab_variety(np.array([400, 401]), 30, 4, shared, P)[1]
    keeps = theory.lab_keeps(30, 4, shared)
    assert late[1] / late[0] == pytest.approx(keeps, rel=1e-9)
    assert 1 - 1 / 120 <= keeps + 1e-12 < 1


def test_what_divides_labs_apart_stays():
    assert theory.lab_keeps(30, 4, 0.0) == pytest.approx(1)
