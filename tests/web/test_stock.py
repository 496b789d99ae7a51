"""A finite stock: when it is reached, and what a year's model trains on."""

import numpy as np
import pytest

from collapse_lessons.web.stock import Stock, run_out

HUMAN = np.arange(100)
NEWEST = 1000 + np.arange(400)


def rng():
    return np.random.default_rng(0)


def pool(year):
    return [HUMAN[:10]] + [NEWEST] * year


def test_run_out():
    assert run_out(300, 15, 2) == pytest.approx(np.log2(20))
    assert run_out(300, 15, 2, 0.5) == pytest.approx(np.log2(20) - 1)  # half of it lasts a doubling less
    assert np.array_equal(run_out(300, [300, 600], 2), [0, 0])
    demand = 15 * 3.0 ** run_out(300, 15, 3, 0.25)
    assert demand == pytest.approx(225)


def test_a_year_trains_on_people_as_far_as_they_go():
    stock = Stock(HUMAN, [10, 80, 160, 320], [1.0, 1.0, 1.0, 0.5])
    assert [stock.rows(year) for year in range(6)] == [(10, 0), (80, 0), (100, 60), (50, 270), (50, 270), (50, 270)]
    for year in range(1, 5):
        human, synthetic = stock.rows(year)
        rows = stock(pool(year), 400, rng())
        assert np.array_equal(rows[rows < 1000], HUMAN[:human])
        assert (rows >= 1000).sum() == len(np.unique(rows[rows >= 1000])) == synthetic


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run_out(0, 1, 2), "stock must be numbers from 1e-30 .* got 0"),
        (lambda: run_out(1, -1, 2), "demand must be numbers from 1e-30 .* got -1"),
        (lambda: run_out(1, 1, 1), "growth must be numbers from 1 .* got 1: 2 doubles"),
        (lambda: run_out(1, 1, 2, 1), "withdrawn must be numbers from 0 to 0.999999, got 1"),
        (lambda: Stock([], [1]), "human must have at least 1 row"),
        (lambda: Stock(HUMAN, []), "demand must hold at least one entry"),
        (lambda: Stock(HUMAN, 100), "demand must be a list, got 100"),
        (lambda: Stock(HUMAN, [0]), "demand must be a whole number of at least 1, got 0"),
        (lambda: Stock(HUMAN, [1], []), "usable must hold at least one entry"),
        (lambda: Stock(HUMAN, [1], [2]), "usable must be a number from 0 to 1, got 2"),
        (lambda: Stock(HUMAN, [1]).rows(-1), "year must be a whole number of at least 0, got -1"),
        (lambda: Stock(HUMAN, [1])([], 1, rng()), "pool must hold at least the real data"),
        (lambda: Stock(HUMAN, [1000])(pool(1), 400, rng()), "n must be at most the 400 rows to pick from, got 900"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
