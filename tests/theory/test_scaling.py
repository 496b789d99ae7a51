"""The mass that a student has not met, against teachers and students who draw."""

import numpy as np
import pytest

from collapse_lessons import theory
from oracle import assert_mean

ZIPF = 1 / np.arange(1, 61.0) ** 1.5
ZIPF /= ZIPF.sum()


def taught(n, fits, n_chains, seed):
    """Return the shares of the last of `fits` teachers, each of n draws, shape (n_chains, k)."""
    rng = np.random.default_rng(seed)
    shares = np.broadcast_to(ZIPF, (n_chains, len(ZIPF)))
    for _ in range(fits):
        shares = rng.multinomial(n, shares) / n
    return shares


@pytest.mark.parametrize("generations", [0, 1, 3])
@pytest.mark.parametrize("fresh", [0, 7])
def test_what_a_student_has_not_met(generations, fresh):
    """5000 chains of teachers of 50 draws; a student of 40 rows and `fresh` real ones, its own draws simulated."""
    rng = np.random.default_rng(10 * generations + fresh)
    shares = taught(50, generations, 5000, seed=generations)
    met = (rng.multinomial(40, shares) + rng.multinomial(fresh, ZIPF, size=len(shares))) > 0
    exact = theory.unseen(40, 50, ZIPF, generations, fresh)
    wrong = [theory.unseen(40, 50, ZIPF, generations + 2, fresh), theory.unseen(40, 50, ZIPF, generations, fresh + 14)]
    assert_mean((~met) @ ZIPF, exact, wrong=wrong)


@pytest.mark.parametrize("generations", [1, 4])
def test_the_plateau_is_what_the_teacher_has_lost(generations):
    """10,000 chains; a student of any number of rows comes down to the floor and no lower."""
    floor = theory.unseen_floor(50, ZIPF, generations)
    lost = taught(50, generations, 10_000, seed=5) == 0
    assert_mean(lost @ ZIPF, floor, wrong=[theory.unseen_floor(50, ZIPF, generations + 1)])
    assert theory.unseen(10**6, 50, ZIPF, generations) == pytest.approx(floor, rel=1e-9)


def test_the_floor_of_one_teacher_is_what_a_sample_misses():
    assert theory.unseen_floor(50, ZIPF) == pytest.approx(np.sum(ZIPF * theory.missed(ZIPF, 50)), rel=1e-12)


def test_the_gain_from_rows_stops_and_comes_back():
    """Shares as i^-1.5 fall with a slope of 1/1.5 - 1; a teacher of 200 ends it, one real row in 20 helps."""
    p = 1 / np.arange(1, 20_001.0) ** 1.5
    p /= p.sum()
    rows = np.array([100, 1000, 100_000])
    truth, taught, mixed = (theory.unseen_slope(rows, 200, p, *more) for more in ((0,), (1,), (1, 0.05)))
    assert truth[:2] == pytest.approx(1 / 1.5 - 1, abs=0.06)
    assert abs(taught[1:]).max() < 0.01
    assert abs(mixed[1]) < 0.5 * abs(truth[1])
    assert mixed[2] == pytest.approx(truth[1], abs=0.1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: theory.unseen([1, 2], 50, ZIPF, fresh=[1, 2, 3]), r"fresh must go with rows .* got shape \(3,\)"),
        (lambda: theory.unseen_slope(10**6, 50, [0.5, 0.5], 0), "rows must leave something unseen, got up to 1000000"),
    ],
)
def test_rows_that_do_not_go(call, says):
    with pytest.raises(ValueError, match=says):
        call()
