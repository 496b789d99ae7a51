"""Filters: what they keep, in which order, and what they say to bad detectors."""

import numpy as np
import pytest

from collapse_lessons import Fresh, Gaussian, Mix, accumulate, generations, replace, theory
from collapse_lessons.defences import filters
from collapse_lessons.defences.filters import OPENAI_2023, Candidates, Filter, Rates, any_of
from collapse_lessons.web.crawl import Web
from oracle import assert_mean


def rng(seed=0):
    return np.random.default_rng(seed)


def ones(n, rng):
    return np.ones(n)


def nothing(rows, synthetic, rng):
    return np.zeros(synthetic.shape, dtype=bool)


def everything(rows, synthetic, rng):
    return np.ones(synthetic.shape, dtype=bool)


def perfect(rows, synthetic, rng):
    return synthetic


def test_candidates_come_from_where_they_say():
    pool = [np.zeros(50), -np.arange(1.0, 5001)]
    rows, synthetic = Candidates(ones, 0.3)(pool, 5000, rng())
    assert (rows[~synthetic] == 1).all()
    assert set(rows[synthetic]) <= set(pool[-1])
    assert len(set(rows[synthetic])) == synthetic.sum(), "no sample is found twice in one crawl"
    assert_mean((~synthetic).astype(float), 0.3, wrong=[0.7])


def test_candidates_of_many_chains_are_drawn_for_each():
    pool = [np.zeros((400, 3)), np.zeros((400, 3))]
    rows, synthetic = Candidates(lambda n, rng: np.ones((n, 3)), 0.5, columns=True)(pool, 400, rng())
    assert synthetic.shape == rows.shape == (400, 3)
    assert (rows == ~synthetic).all()
    assert not (synthetic[:, 0] == synthetic[:, 1]).all()


def test_candidates_of_pictures():
    pool = [np.zeros((20, 4, 4))] * 2
    rows, synthetic = Candidates(lambda n, rng: np.ones((n, 4, 4)), 0.5)(pool, 20, rng())
    assert (rows.mean(axis=(1, 2)) == ~synthetic).all()


def test_the_first_rows_that_pass_are_kept_in_their_order():
    found = iter([np.arange(10), np.arange(10, 20)])
    odd = Filter(lambda pool, n, rng: (next(found), np.zeros(n, bool)), lambda rows, *_: rows % 2 == 0, size=7)
    assert odd([np.arange(10)], 10, rng()).tolist() == [1, 3, 5, 7, 9, 11, 13]


def test_what_passes_keeps_the_label_it_came_with():
    def crawl(pool, n, rng):
        return np.arange(n), np.arange(n) % 3 == 0

    def every_other(rows, synthetic, rng):
        return rows % 2 == 0

    rows, synthetic = Filter(crawl, every_other, 6).crawl([np.zeros(3)], 20, rng())
    assert rows.tolist() == [1, 3, 5, 7, 9, 11]
    assert synthetic.tolist() == [False, True, False, False, True, False]


def test_what_is_told_apart_in_a_recipe_is_what_it_drew():
    pool = [np.arange(100.0), np.arange(100.0, 200.0)]
    alone = Mix(0.3)(pool, 50, rng(7))
    assert sorted(Filter(Mix(0.3), nothing)(pool, 50, rng(7))) == sorted(alone)


@pytest.mark.parametrize("recipe", [Mix(0.5), accumulate, Candidates(lambda n, rng: np.full((n, 2), 7, np.int8), 0.5)])
def test_whole_numbers_and_floats_come_through_as_they_are(recipe):
    """NumPy joined the rows with their labels wrongly where the samples were of another dtype than the real data."""
    pool = [np.full((40, 2), 7, np.int8), np.full((40, 2), 1.5)]
    rows, synthetic = Filter(recipe, nothing, size=30).crawl(pool, 40, rng())
    assert (rows[synthetic] == 1.5).all()
    assert (rows[~synthetic] == 7).all()
    assert set(synthetic) == {True, False}


@pytest.mark.parametrize("recipe", [replace, Mix(0.5), accumulate])
def test_a_filter_stands_before_any_recipe_of_rows_with_fields(recipe):
    kind = [("name", "U9"), ("pair", float, (2,))]
    pool = [np.array([(name, (1, 2))] * 40, kind) for name in ("real", "made")]
    rows, synthetic = Filter(recipe, nothing, size=30).crawl(pool, 40, rng())
    assert np.array_equal(rows["name"] == "made", synthetic)
    assert (rows["pair"] == (1, 2)).all()


def test_a_recipe_that_looks_at_the_rows_is_refused():
    def sorts(pool, n, rng):
        return np.sort(pool[-1])[:n]

    with pytest.raises(
        TypeError, match=r"candidates must be a crawl, or a recipe that picks .* took others when it coul"
    ):
        Filter(sorts, nothing)([np.zeros(9), np.arange(9.0)[::-1]], 5, rng())


def test_every_chain_is_filtered_by_itself():
    rows = np.array([[0, 9], [9, 0], [1, 1], [2, 9], [9, 2]])
    crawl = lambda pool, n, rng: (rows, np.zeros(rows.shape, bool))  # noqa: E731
    kept = Filter(crawl, lambda rows, *_: rows == 9, size=3)([rows], 5, rng())
    assert kept.tolist() == [[0, 0], [1, 1], [2, 2]]


def test_it_refills_to_its_size():
    pool = [np.zeros(100), np.zeros(100)]
    assert Filter(Candidates(ones, 0.02), perfect, size=40)(pool, 100, rng()).tolist() == [1.0] * 40
    assert len(Filter(Candidates(ones, 0.5), nothing)(pool, 100, rng())) == 100


@pytest.mark.parametrize("detector", [Rates(0.0, 0.0), OPENAI_2023, Rates(0.9, 0.3), Rates(1.0, 0.5)])
def test_what_passes_is_real_as_bayes_says(detector):
    pool = [np.zeros(10), np.zeros(40_000)]
    kept = Filter(Candidates(ones, 0.2), detector, size=4000)(pool, 40_000, rng(1))
    assert_mean(kept, theory.filtered_share(0.2, detector.true_positive, detector.false_positive))


def test_detectors_in_a_row():
    synthetic = rng().random(40_000) < 0.5
    flagged = any_of(Rates(0.5, 0), Rates(0.6, 0.1))(synthetic, synthetic, rng(1))
    assert_mean(flagged[synthetic].astype(float), 1 - 0.5 * 0.4, wrong=[0.6, 0.5])
    assert_mean(flagged[~synthetic].astype(float), 0.1, wrong=[0.0])


def test_a_filter_forgets_as_its_crawl_does():
    assert Filter(Candidates(ones, 0.5), nothing).forgets
    assert not Filter(lambda pool, n, rng: None, nothing).forgets


def test_a_web_is_a_crawl():
    web = Web(lambda n, rng: np.ones((n, 1)), n_human=200, machine=[0.5])
    turns = generations(Gaussian(), np.ones((200, 1)), Filter(web.crawl, perfect, size=50), n_generations=3, n=200)
    assert all((turn.train == 1).all() for turn in turns)


def newest_half(pool, n, rng):
    return pool[-1][: n // 2]


@pytest.mark.parametrize(
    ("recipe", "real"),
    [
        (replace, 0),
        (Mix(0.2), 0.2),
        (Fresh(ones, 0.2), 0.2),
        (accumulate, 0.5),
        (newest_half, 0),
        (Filter(Candidates(ones, 0.2), nothing), 0.2),
        (Web(ones, 300, [0.25]), 0.9),
    ],
    ids=["replace", "mix", "fresh", "accumulate", "own", "filter", "web"],
)
def test_a_filter_stands_before_any_recipe(recipe, real):
    """`Filter(Mix(.1), d)` and `Filter(replace, d)` raised TypeError."""
    pool = [np.ones(400), np.zeros(400)]  # what is real is 1
    seen = []

    def detector(rows, synthetic, rng):
        assert np.array_equal(synthetic, rows == 0)
        seen.append(synthetic)
        return np.zeros(len(rows), bool)

    kept = Filter(recipe, detector, size=100)(pool, 400, rng())
    share = 1 - np.concatenate(seen).mean()
    assert share == pytest.approx(real, abs=0.1)
    assert kept.mean() == pytest.approx(share, abs=0.2), "the first that pass are not the real ones"
    if real:
        assert (Filter(recipe, perfect, size=100)(pool, 400, rng()) == 1).all()
    again = Filter(recipe, detector, size=100)(pool, 400, rng())
    assert np.array_equal(kept, again)


def test_a_filter_behind_a_filter_is_not_left_out():
    first = Filter(Candidates(ones, 0.5), lambda rows, synthetic, rng: synthetic)
    both = Filter(first, lambda rows, synthetic, rng: rows == 1, size=5)
    with pytest.raises(ValueError, match="detector must let 5 rows pass, got 0"):
        both([np.zeros(50), np.zeros(50)], 50, rng())


def test_a_filter_before_a_recipe_goes_round_the_loop():
    real = rng(1).normal(size=(200, 1))
    far = lambda rows, synthetic, rng: np.abs(rows[:, 0]) > 1  # noqa: E731
    for turn in generations(Gaussian(), real, Filter(Mix(0.5), far, size=50), n_generations=4):
        if turn.index:
            assert len(turn.train) == 50
            assert (np.abs(turn.train) <= 1).all()


def test_the_columns_are_filled_up_to_the_emptiest():
    """A filter that stops at the fullest column trains the others on what it should have thrown away."""
    found = iter(np.arange(1000).reshape(100, 5, 2))

    def crawl(pool, n, rng):
        rows = next(found)
        return rows, np.zeros(rows.shape, bool)

    flagged = lambda rows, *_: np.stack([np.zeros(5, bool), rows[:, 1] % 5 != 0], axis=1)  # noqa: E731
    kept = Filter(crawl, flagged, size=4)([np.zeros((5, 2))], 5, rng())
    assert kept[:, 0].tolist() == [0, 2, 4, 6]
    assert kept[:, 1].tolist() == [5, 15, 25, 35]


def test_many_rows_stay_in_the_order_in_which_they_were_found():
    """An unstable sort keeps the order of a few rows by chance, and not of thousands."""
    rows = np.stack([np.arange(4000), np.arange(4000)], axis=1)
    crawl = lambda pool, n, rng: (rows, np.zeros(rows.shape, bool))  # noqa: E731
    kept = Filter(crawl, lambda rows, *_: rows % 3 == 0, size=2000)([rows], 4000, rng())
    assert (np.diff(kept, axis=0) > 0).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Candidates(ones, 1.5), "real_fraction must be a number from 0 to 1, got 1.5: give"),
        (lambda: Candidates(np.ones(3), 0.5), r"draw must be a function draw\(n, rng\) .* got array"),
        (
            lambda: Candidates(lambda n, rng: np.ones((n, 2)), 0.5)([np.ones(5)], 5, rng()),
            r"draw\(n, rng\) must have shape \(5,\) here, got \(5, 2\): draw rows like the real",
        ),
        (lambda: Candidates(ones, 0.5)([np.ones(5)], 6, rng()), "n must be at most the 5 rows .* got 6"),
        (lambda: Filter(0.1, nothing), r"candidates must be a function crawl\(pool, n, rng\).* got 0.1: try"),
        (lambda: Filter(Candidates(ones, 0.5), Rates), r"detector must be a function detector\(rows, .* got <class"),
        (lambda: Filter(Candidates(ones, 0.5), nothing, size=0), "size must be a whole number of at least 1, got 0"),
        (
            lambda: Filter(Candidates(ones, 0.5), everything)([np.ones(2)], 2, rng()),
            "detector must let 2 rows pass, got 0 of 400 found: make it less strict",
        ),
        (
            lambda: Filter(Candidates(ones, 0.5), lambda rows, *_: rows)([np.ones(2)], 2, rng()),
            "detector.* must be bools of shape .2,., got float64 of shape .*: compare",
        ),
        (lambda: Filter(ones, lambda rows: rows > 0), r"candidates must be a function crawl\(pool, n, rng\)"),
        (lambda: Filter(lambda *_: ones, lambda rows: rows > 0), r"detector must be a function detector\(rows, synth"),
        (
            lambda: Filter(lambda pool, n, rng: np.ones(n), nothing)([np.ones(2)], 2, rng()),
            "candidates must be a crawl, or a recipe that picks rows of the pool whatever is in them, got <",
        ),
        (
            lambda: any_of(nothing, 0.5),
            r"detectors must be a function detector\(rows, .* got 0.5: try",
        ),
        (lambda: Rates(1.2, 0), "true_positive must be a number from 0 to 1, got 1.2: 0.9"),
        (lambda: Rates(0.5, -1), "false_positive must be a number from 0 to 1, got -1: 0.1"),
        (lambda: any_of(), "detectors must be at least one function, got none: any_of"),
        (lambda: filters.check_flags([True], np.ones(2)), "detector.* must be bools of shape .2,., got shape"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()
