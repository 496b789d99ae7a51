"""A web that fills: what is on it, who wrote it, and that last year's pages stay as they were."""

import numpy as np
import pytest

from collapse_lessons import Categorical, generations
from collapse_lessons.web.crawl import MEASURED, Web, machine_share

OLD = np.zeros(50, dtype=int)


def write(n, rng):
    """People write numbers below 1000; machines, in these tests, 1000 times the year and above."""
    return rng.integers(1, 1000, n)


def pool(years, n=100):
    return [OLD, *(1000 * year + np.arange(n) for year in range(1, years + 1))]


def web(**options):
    return Web(**({"draw": write, "n_human": 20, "machine": [0.2, 0.5]} | options))


def rng(seed=0):
    return np.random.default_rng(seed)


def test_what_is_on_the_web():
    pages, synthetic = web().pages(pool(3))
    assert np.array_equal(synthetic, pages >= 1000)
    assert list(np.bincount(pages // 1000)) == [50 + 3 * 20, 5, 20, 20]  # the last share holds for all later years
    assert len(web().pages([OLD])[0]) == 50


def test_last_years_web_is_the_same_this_year():
    before, after = (set(web().pages(pool(years))[0]) for years in (2, 4))
    assert before < after
    assert web(seed=1).pages(pool(2))[0].tolist() != web().pages(pool(2))[0].tolist()
    fresh = web()
    assert np.array_equal(fresh.pages(pool(4))[0], fresh.pages(pool(4))[0])


def test_the_newest_years_alone():
    pages, synthetic = web(newest=2).pages(pool(4))
    assert set(pages[synthetic] // 1000) == {3, 4}
    assert (~synthetic).sum() == 40
    assert np.array_equal(web(newest=9).pages(pool(2))[0], web().pages(pool(2))[0])


def test_a_crawl_is_a_random_part_of_the_web_and_says_who_wrote_it():
    pages, synthetic = web().crawl(pool(3), 60, rng())
    assert np.array_equal(synthetic, pages >= 1000)
    assert np.array_equal(web()(pool(3), 60, rng()), pages)
    shares = [web().crawl(pool(3), 60, rng(seed))[1].mean() for seed in range(300)]
    exact = 45 / 155
    assert abs(np.mean(shares) - exact) < 6 * np.std(shares) / np.sqrt(300)
    everything, _ = web().crawl(pool(3), 155, rng())
    assert sorted(everything) == sorted(web().pages(pool(3))[0])


def test_in_the_loop():
    recipe = Web(lambda n, rng: rng.integers(0, 5, n), 20, [0.5])
    turns = list(generations(Categorical(5), np.arange(40) % 5, recipe, n_generations=6, n=40))
    assert all(len(turn.train) == 40 for turn in turns)
    again = list(generations(Categorical(5), np.arange(40) % 5, recipe, n_generations=6, n=40))
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(turns, again, strict=True))


def test_machine_share_is_what_was_measured_and_then_flat():
    assert np.allclose(machine_share(list(MEASURED)), list(MEASURED.values()))
    assert machine_share(2040) == machine_share(2025) == 0.52
    assert machine_share(2021) == 0
    assert np.allclose(machine_share([2023, 2030], plateau=0.26), [0.195, 0.26])
    assert np.array_equal(machine_share([2022, 2030], plateau=0), [0, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: web(draw=3), r"draw must be a function draw\(n, rng\)"),
        (lambda: web(n_human=1), "n_human must be a whole number of at least 2, got 1"),
        (lambda: web(machine=[]), "machine must hold at least one entry, got an empty list"),
        (lambda: web(machine=0.5), "machine must be a list, got 0.5"),
        (lambda: web(machine=[1.0]), "machine must be a number from 0 to 0.99, got 1.0"),
        (lambda: web(newest=0), "newest must be a whole number of at least 1, got 0"),
        (lambda: web()(pool(2, n=10), 5, rng()), "n must be at least 20 for a machine share of 0.50, got 10"),
        (lambda: web().crawl([], 5, rng()), "pool must hold at least the real data"),
        (lambda: web().crawl(pool(1), 1000, rng()), "n must be at most the 75 rows"),
        (lambda: web().pages(OLD), "pool must be a list of arrays"),
        (lambda: web(draw=lambda n, rng: []).pages(pool(1)), r"draw\(n, rng\) must have at least 1 row"),
        (lambda: machine_share(2030, plateau=1), "plateau must be a number from 0 to 0.99, got 1"),
        (lambda: machine_share("next year"), "year must be numbers from -1e\\+06 to 1e\\+06"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
