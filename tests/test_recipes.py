"""Recipes: which rows a generation trains on."""

import numpy as np
import pytest

from collapse_lessons import Fresh, Gaussian, Mix, accumulate, accumulate_subsample, generations, replace, run
from collapse_lessons.recipes import pick
from collapse_lessons.web.crawl import Web

POOL = [np.arange(100 * t, 100 * t + 50)[:, None] for t in range(4)]  # rows say where they come from


def rng(seed=0):
    return np.random.default_rng(seed)


def origin(rows):
    """Return how many rows come from each set of the pool."""
    return list(np.bincount(np.ravel(rows) // 100, minlength=4))


def test_replace_is_the_newest_set():
    assert replace(POOL, 50, rng()) is POOL[-1]


def test_accumulate_is_everything():
    assert origin(accumulate(POOL, 50, rng())) == [50] * 4


def test_accumulate_subsample_is_n_different_rows_of_everything():
    rows = accumulate_subsample(POOL, 60, rng())
    assert rows.shape == (60, 1)
    assert len(np.unique(rows)) == 60
    many = np.array([origin(accumulate_subsample(POOL, 60, rng(seed))) for seed in range(500)])
    error = many.std(axis=0) / np.sqrt(500)
    assert (np.abs(many.mean(axis=0) - 15) < 6 * error).all()  # every set in proportion, the oldest too


@pytest.mark.parametrize(("fraction", "real"), [(0, 0), (0.1, 5), (0.5, 25), (1, 50)])
def test_mix_keeps_a_share_of_real_rows(fraction, real):
    rows = Mix(fraction)(POOL, 50, rng())
    assert origin(rows) == [real, 0, 0, 50 - real]
    assert len(np.unique(rows)) == 50


def test_mix_replays_the_same_finite_set_and_picks_anew_each_time():
    first, second = (np.ravel(Mix(0.1)(POOL, 50, rng(seed)))[:5] for seed in (0, 1))
    assert np.isin([first, second], POOL[0]).all()
    assert set(first) != set(second)


@pytest.mark.parametrize(("fraction", "fresh"), [(0, 0), (0.1, 5), (1, 50)])
def test_fresh_adds_rows_that_nobody_has_seen(fraction, fresh):
    asked = []

    def draw(n, rng):
        asked.append(n)
        return -1 - rng.integers(1000, size=(n, 1))

    rows = np.ravel(Fresh(draw, fraction)(POOL, 50, rng()))
    assert (rows < 0).sum() == fresh
    assert np.isin(rows[rows >= 0], POOL[-1]).all()
    assert asked == [fresh] * (fresh > 0)


def test_fresh_draws_from_the_stream_of_the_recipe():
    seen = []

    def draw(n, rng):
        seen.append(rng.standard_normal((n, 1)))
        return seen[-1]

    for _ in range(2):
        list(generations(Gaussian(), np.zeros((10, 1)), Fresh(draw, 0.5), n_generations=4))
    assert all(np.array_equal(first, second) for first, second in zip(seen[:3], seen[3:], strict=True))
    assert len(np.unique(seen)) == 15  # new rows every generation


@pytest.mark.parametrize("recipe", [Mix(0.5), Fresh(lambda n, rng: np.zeros((n, 1)), 0.5), accumulate_subsample])
def test_synthetic_rows_are_picked_at_random_since_a_model_may_sample_in_order(recipe):
    pool = [np.zeros((50, 1)), np.arange(1, 51)[:, None]]
    means = []
    for seed in range(400):
        rows = recipe(pool, 50, rng(seed))
        means.append(rows[rows > 0].mean())
    assert abs(np.mean(means) - 25.5) < 6 * np.std(means) / np.sqrt(400)  # X[:25] would give 13


def test_pick():
    assert sorted(np.ravel(pick(POOL[0], 50, rng()))) == list(range(50))
    assert pick(POOL[0], 0, rng()).shape == (0, 1)


def test_recipes_that_forget_look_at_the_ends_of_the_pool_alone():
    for recipe in (replace, Mix(0.3), Fresh(lambda n, rng: np.full((n, 1), -1), 0.3)):
        assert recipe.forgets
        assert np.array_equal(recipe(POOL, 50, rng()), recipe([POOL[0], POOL[-1]], 50, rng()))
    for recipe in (accumulate, accumulate_subsample):
        assert not getattr(recipe, "forgets", False)


def test_a_recipe_says_what_it_is():
    assert repr(Mix(0.1)) == "Mix(real_fraction=0.1)"


@pytest.mark.parametrize(("fraction", "real"), [(0.25, 2), (0.35, 4), (0.74, 7), (0.76, 8), (0.99, 10)])
def test_a_share_is_rounded_to_the_nearest_row(fraction, real):
    pool = [np.zeros(10), np.ones(10)]
    for recipe in (Mix(fraction), Fresh(lambda n, rng: np.zeros(n), fraction)):
        assert (recipe(pool, 10, rng()) == 0).sum() == real


def test_fresh_says_which_rows_are_synthetic():
    rows, synthetic = Fresh(lambda n, rng: np.full((n, 1), -1), 0.3).crawl(POOL, 50, rng())
    assert np.array_equal(synthetic, rows[:, 0] >= 0)
    assert (~synthetic).sum() == 15


def test_a_recipe_is_called_the_same_in_every_session():
    """It was <function draw at 0x7f...>, another in every session."""

    def draw(n, rng):
        return np.zeros((n, 1))

    recipe = Fresh(draw, 0.3)
    label = run(Gaussian(), np.ones((10, 1)), recipe, metrics={}, n_generations=1).rows["recipe"][0]
    assert "0x" not in label
    assert "draw" in label


def pictures(value, dtype):
    """Ten pictures with labels."""
    rows = np.zeros(10, [("image", dtype, (2, 2)), ("label", int)])
    rows["image"] = value
    return rows


JOINING = {
    "accumulate": accumulate,
    "subsample": accumulate_subsample,
    "mix": Mix(0.5),
    "fresh": Fresh(lambda n, rng: pictures(0.5, np.float32)[:n], 0.5),
    "web": Web(lambda n, rng: pictures(0.5, np.float32)[:n], 5, [0.5]),
    "own": lambda pool, n, rng: np.concatenate(pool),
}


@pytest.mark.parametrize("name", JOINING)
def test_pictures_with_labels_of_two_kinds_of_numbers_are_joined_as_they_are(name):
    """np.concatenate fills such rows with whatever lies in memory, without a word."""

    class Doubles:
        def fit(self, X, rng):
            return self

        def sample(self, n, rng):
            return pictures(0.25, np.float64)[:n]

    _, turn = generations(Doubles(), pictures(0.5, np.float32), JOINING[name], n_generations=2)
    assert set(turn.train["image"].ravel()) == {0.25, 0.5}
    assert set(turn.train["label"]) == {0}
