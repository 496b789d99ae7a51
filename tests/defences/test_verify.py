"""Checkers and their budget: how often they err, what they cost, what they leave."""

import numpy as np
import pytest

from collapse_lessons.defences.verify import Checker, Verified, right_articles
from collapse_lessons.worlds.encyclopedia import Encyclopedia, pages
from oracle import assert_mean


def rng(seed=0):
    return np.random.default_rng(seed)


def even(rows):
    return rows % 2 == 0


@pytest.mark.parametrize("accuracy", [0.0, 0.3, 0.8, 1.0])
def test_a_checker_errs_as_often_as_it_says_both_ways(accuracy):
    rows = np.arange(20_000)
    accepted = Checker(even, accuracy)(rows, rng())
    assert_mean(accepted[even(rows)].astype(float), accuracy)
    assert_mean(accepted[~even(rows)].astype(float), 1 - accuracy)


def test_what_it_costs():
    checker = Checker(even, 0.9, per_hour=20, price=30)
    assert checker.hours(100) == 5
    assert checker.money(100) == 150


def test_accepted_rows_come_first_and_unchecked_ones_fill_up():
    samples = np.arange(100)
    for budget, size in ((0, 30), (40, 30), (100, 40)):
        train = Verified(Checker(even, 1.0), budget, size)([samples, samples], 100, rng())
        assert len(train) == len(set(train)) == size
        wrong = (~even(train)).sum()
        assert (wrong == 0) if budget == 100 else wrong > 0
    few, many = (even(Verified(Checker(even, 1.0), b, 50)([np.arange(1000)], 1000, rng())).mean() for b in (20, 80))
    assert many > few


def test_an_article_is_right_if_all_it_says_is():
    world = Encyclopedia(20)
    rows = pages(world.articles(50, rng()))
    assert right_articles(world, rows).all()
    other = pages(Encyclopedia(20, seed=1).articles(50, rng()))
    assert not right_articles(world, other).any()
    both = np.concatenate([rows[:3], other[:3]])
    assert right_articles(world, both).tolist() == [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Checker(even, 1.1), "accuracy must be a number from 0 to 1, got 1.1: 0.5"),
        (lambda: Checker(even, 0.9, per_hour=0), "per_hour must be a number from .* got 0: rows"),
        (lambda: Checker(even, 0.9, price=-1), "price must be a number from 0 .* got -1: money"),
        (lambda: Checker(even, 0.9).hours(-1), "checked must be a number from 0 .* got -1: the"),
        (lambda: Checker(0.5, 0.9), r"truth must be a function truth\(rows\) .* got 0.5: see"),
        (lambda: Verified(0.9, 1, 1), r"checker must be a function checker\(rows, rng\) .* got 0.9: see"),
        (lambda: Verified(Checker(even, 1), -1, 1), "budget must be a whole number of at least 0, got -1: 0"),
        (lambda: Verified(Checker(even, 1), 1, 0), "size must be a whole number of at least 1, got 0: rows"),
        (
            lambda: Verified(Checker(even, 1), 11, 1)([np.arange(10)], 10, rng()),
            "budget must be at most the 10 samples, got 11: sample more",
        ),
        (
            lambda: Verified(Checker(even, 1), 10, 8)([np.arange(10)], 10, rng()),
            "size must be at most the 5 rows that are left, got 8: let",
        ),
        (
            lambda: Verified(lambda rows, rng: (rows % 2 == 0).astype(int), 10, 5)([np.arange(10)], 10, rng()),
            "checker.* must be bools of shape .10,., got int64",
        ),
        (
            lambda: Checker(lambda rows: np.ones(len(rows)), 1)(np.arange(10), rng()),
            "truth.* must be bools of shape .10,., got float64",
        ),
        (lambda: right_articles(Encyclopedia(5), np.arange(5)), r"rows must be an array of shape \(n, block\)"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()
