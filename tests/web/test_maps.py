"""The maps: sufficient statistics against the loop that draws every row, and both against the law."""

import numpy as np
import pytest

from collapse_lessons import Fresh, Gaussian, Mix, generations, theory
from collapse_lessons.loop import DATA, stream
from collapse_lessons.web.maps import gaussian_map, measured_map, replayed, synthetic_rows
from oracle import assert_mean, assert_same_mean


def error(fitted):
    return fitted.mean_**2 + (np.sqrt(fitted.var_) - 1) ** 2


def map_chains(n_real, share, seeds, **options):
    """Return the map's mean error for each of many seeds, which are independent."""
    return np.array([gaussian_map([n_real], [share], n_chains=500, seed=s, **options)[0, 0] for s in seeds])


def loop_chains(n_real, share, seeds, n_generations, spread=1.0, replay=False):
    """Return the loop's mean error for each of many seeds, drawing every row."""
    n_chains, total = 500, n_real + int(synthetic_rows(n_real, share))

    def draw(n, rng):
        return rng.standard_normal((n, n_chains))

    def last(seed):
        recipe = Mix(n_real / total) if replay else Fresh(draw, n_real / total)
        real = draw(n_real, stream(DATA, 0, seed))
        turns = generations(Gaussian(spread=spread), real, recipe, n_generations=n_generations, n=total, seed=seed)
        return error(list(turns)[-1].fitted).mean()

    return np.array([last(seed) for seed in seeds])


@pytest.mark.parametrize("replay", [False, True])
@pytest.mark.parametrize(("n_real", "share", "spread"), [(2, 0.5, 1.0), (5, 0.75, 0.8), (10, 0.9, 1.0)])
def test_statistics_are_the_loop_with_fewer_numbers(n_real, share, spread, replay):
    """Mean error over 30 times 500 chains of 8 generations, against as many that draw every row."""
    options = {"n_generations": 8, "spread": spread, "replay": replay}
    fast, slow = (chains(n_real, share, range(30), **options) for chains in (map_chains, loop_chains))
    assert_same_mean(fast, slow)
    assert np.std(fast) / np.sqrt(30) < 0.02 * fast.mean()  # sharp enough to mean something
    assert abs(fast.mean() - map_chains(n_real, share, range(30), n_generations=1).mean()) > 12 * np.std(fast) / 30**0.5


@pytest.mark.parametrize("replay", [False, True])
@pytest.mark.parametrize(("share", "spread"), [(0.0, 1.0), (0.5, 1.0), (0.9, 1.0), (0.25, 0.9), (0.75, 0.8)])
def test_the_law(share, spread, replay):
    """Mean error at n_real = 400 and generation 60, over 40 times 500 chains; the law is of first order in 1/n_real."""
    n_real = 400
    errors = map_chains(n_real, share, range(40), n_generations=61, spread=spread, replay=replay)
    exact = theory.mixed_error(n_real, share, spread, replay)
    wrong = [
        1.5 / n_real,
        theory.mixed_error(n_real, share, spread, not replay),
        theory.mixed_error(200, share, spread),
    ]
    wrong = [value for value in wrong if abs(value / exact - 1) > 0.1]
    assert_mean(errors, exact, wrong=wrong, approximate=0.01 * exact)


def test_the_law_in_short():
    s = np.array([0, 0.25, 0.5, 0.9])
    assert np.allclose(theory.mixed_error(100, s), 1.5 / 100 / (1 + s))
    assert np.allclose(theory.mixed_error(100, s, replay=True), 1.5 / 100 * (1 + 2 * s) / (1 + s))
    total = 100 / (1 - s)
    assert np.allclose(theory.mixed_error(100, s), 1.5 / total / (1 - s**2))  # the fixed total of section 1
    assert theory.mixed_error(10**9, 0.5, 0.9) == pytest.approx((1 - np.sqrt(0.5 / 0.55)) ** 2, rel=1e-3)


def test_the_map_does_not_depend_on_threads_and_is_the_same_again():
    first, second, third = (
        gaussian_map([10, 100], [0, 0.5], n_chains=20, n_generations=5, seed=seed, n_jobs=jobs)
        for seed, jobs in ((3, 1), (3, 2), (4, 1))
    )
    assert np.array_equal(first, second)
    assert not np.array_equal(first, third)
    assert first.shape == (2, 2)


def test_synthetic_rows():
    assert list(synthetic_rows(100, [0, 0.5, 0.9])) == [0, 100, 900]
    assert synthetic_rows(3, 0.25) == 1


def test_a_measured_map_runs_the_loop_in_each_cell():
    seen = []

    def draw(n, rng):
        return rng.standard_normal((n, 1))

    def score(generation, seed):
        seen.append((generation.index, len(generation.train)))
        return {"var": float(generation.fitted.var_[0])}

    table = measured_map(Gaussian(), draw, score, [10, 20], [0, 0.5], n_generations=4, n_scored=2, seeds=[0, 1])
    assert list(table.columns) == ["n_real", "share", "seed", "var"]
    assert len(table) == 8
    assert seen[:4] == [(2, 10), (3, 10), (2, 20), (3, 20)]
    again = measured_map(Gaussian(), draw, score, [20], [0.5], n_generations=4, n_scored=2, seeds=[1])
    assert again["var"][0] == table["var"].iloc[-1]
    same = measured_map(Gaussian(), draw, score, [20], [0.0], make_recipe=replayed, n_generations=4, seeds=[1])
    fitted = draw(20, stream(DATA, 0, 1)).var()
    assert same["var"][0] == pytest.approx(fitted)  # the same real rows and nothing else, every generation


def test_a_generation_without_a_score_does_not_drop_out_of_a_cell_in_silence():
    def score(generation, seed):
        return {"var": 1.0 if generation.index else np.nan}

    table = measured_map(Gaussian(), draw, score, [10], [0.5], n_generations=2, n_scored=2)
    assert table["var"].isna().all()


def draw(n, rng):
    return rng.standard_normal((n, 1))


def score(generation, seed):
    return {"var": 1.0}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: measured_map(Gaussian(), None, score, [10], [0.5]), "draw must be a function"),
        (lambda: measured_map(Gaussian(), draw, None, [10], [0.5]), "score must be a function"),
        (lambda: synthetic_rows(1, 0.5), "n_real must be whole numbers from 2 .* got 1"),
        (lambda: synthetic_rows(10.0, 0.5), "n_real must be whole numbers"),
        (lambda: gaussian_map([10], [1.0]), "share must be .*from 0 to .*, got"),
        (lambda: gaussian_map([], [0.5]), "n_real must be whole numbers"),
        (lambda: gaussian_map([[10]], [0.5]), r"n_real must be an array of shape \(k,\)"),
        (lambda: gaussian_map([10], [0.5], spread=3), "spread must be a number from 0 to 2, got 3"),
        (lambda: gaussian_map([10], [0.5], n_chains=0), "n_chains must be a whole number of at least 1, got 0"),
        (lambda: gaussian_map([10], [0.5], n_generations=0), "n_generations must be a whole number of at least 1"),
        (lambda: measured_map(Gaussian(), draw, score, [10], [0.5], n_scored=0), "n_scored must be a whole number"),
        (lambda: measured_map(Gaussian(), draw, score, 10, [0.5]), "n_real must be a list, got 10: give rows"),
        (lambda: measured_map(Gaussian(), draw, score, [10], 0.5), "share must be a list, got 0.5: give a share"),
        (lambda: measured_map(Gaussian(), draw, score, [10], [1.0]), "share must be .*from 0 to .*, got"),
        (lambda: measured_map(Gaussian(), draw, score, [10], [0.5], seeds=3), r"seeds must be a list, got 3: \[0\]"),
        (
            lambda: measured_map(Gaussian(), draw, score, [10], [0.5], seeds=[1, 1]),
            r"seeds must be different, got \[1, 1",
        ),
        (
            lambda: measured_map(Gaussian(), draw, lambda *_: 1.0, [10], [0.5]),
            r"score\(generation, seed\) must be a Mapping, got 1.0: return",
        ),
        (
            lambda: measured_map(Gaussian(), draw, lambda *_: {"var": "1"}, [10], [0.5]),
            r"score\(generation, seed\) must return numbers, got '1' as 'var'",
        ),
        (lambda: replayed(None, 2), "real_fraction must be a number from 0 to 1, got 2"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
