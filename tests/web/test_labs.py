"""Several labs: each reads what is its own, the shelf in equal parts, and no row twice."""

import numpy as np
import pytest

from collapse_lessons import Categorical, Gaussian, generations, stream
from collapse_lessons.loop import DATA
from collapse_lessons.model_check import check_model
from collapse_lessons.web.labs import Labs, Shared


def rng(seed=0):
    return np.random.default_rng(seed)


def test_each_lab_fits_its_own_place():
    X = np.stack([np.zeros(20, int), np.ones(20, int), np.full(20, 2)], axis=1)
    labs = Labs(Categorical(3), 3).fit(X, rng())
    assert np.array_equal([lab.probs_ for lab in labs.fitted_], np.eye(3))
    assert np.array_equal(labs.sample(5, rng()), X[:5])


def test_any_model_goes_into_labs():
    X = rng().standard_normal((50, 4, 2))
    assert check_model(Labs(Gaussian(), 4), X)["passed"].all()


def tales(labs=4, size=6):
    """Return rows in which every entry says its lab and its row."""
    return np.arange(labs) + 100 * np.arange(labs * size)[:, None]


def test_apart_a_lab_reads_its_own_tales_and_no_others():
    read = Shared(0.0, 6)([tales()], 24, rng())
    assert read.shape == (6, 4)
    assert np.array_equal(read % 100, np.broadcast_to(np.arange(4), (6, 4)))


def test_the_shelf_has_all_labs_in_equal_parts():
    """2000 tales for each of four labs, one in three from the shelf: its own two thirds and a twelfth."""
    read = Shared(1 / 3, 2000)([tales(size=2000)], 8000, rng())
    source = read % 100
    own = (source == np.arange(4)).mean(axis=0)
    assert own == pytest.approx(np.full(4, 2 / 3 + 1 / 12), abs=6 * np.sqrt(0.75 * 0.25 / 2000))
    for lab in range(4):
        others = np.bincount(source[:, lab], minlength=4)[np.arange(4) != lab] / 2000
        assert others == pytest.approx(np.full(3, 1 / 12), abs=6 * np.sqrt(0.08 / 2000))


def test_no_row_is_read_twice():
    read = Shared(1.0, 50)([tales(size=50)], 200, rng())
    assert len(np.unique(read // 100)) == 200


def test_it_goes_round_the_loop_with_a_size_of_its_own():
    real = stream(DATA, 0, 0).integers(5, size=(10, 3))
    turns = list(generations(Labs(Categorical(5), 3), real, Shared(0.5, 10), n_generations=4, n=30))
    assert [turn.train.shape for turn in turns] == [(10, 3)] * 4
    assert turns[0].samples.shape == (30, 3)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Labs(Categorical(3), 1), "n_labs must be a whole number of at least 2, got 1: one lab alone needs no"),
        (lambda: Labs(3, 2), "model must"),
        (
            lambda: Labs(Categorical(3), 2).fit(np.zeros((5, 3), int), rng()),
            r"X must have shape \(n, 2, ...\), got \(5, 3\)",
        ),
        (lambda: Labs(Categorical(3), 2).sample(3, rng()), "fit"),
        (lambda: Shared(1.5, 3), "share must be a number from 0 to 1, got 1.5"),
        (lambda: Shared(0.5, 0), "size must be a whole number of at least 1, got 0"),
        (
            lambda: Shared(0.5, 3)([np.zeros(9)], 9, rng()),
            r"pool must hold rows of shape \(n, n_labs, ...\), got \(9,\)",
        ),
        (lambda: Shared(0.5, 3)([np.zeros((5, 2))], 5, rng()), "n must be at least 2 x 3 rows, got 5: sample more"),
    ],
)
def test_what_does_not_go_is_refused(call, says):
    with pytest.raises((ValueError, TypeError, RuntimeError, AttributeError), match=says):
        call()
