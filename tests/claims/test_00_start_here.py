"""What lesson 00 says happens, over many seeds."""

import numpy as np
import pytest

from collapse_lessons import Gaussian, Mix, accumulate, generations, metrics, replace, stream, theory
from collapse_lessons.course.explorers.first_look import COPIER
from collapse_lessons.course.explorers.language import recorded
from collapse_lessons.loop import DATA
from collapse_lessons.worlds import datasets
from collapse_lessons.worlds.encyclopedia import Encyclopedia, pages

SEEDS = range(8)


@pytest.fixture(scope="module")
def flower():
    return datasets.flower(160)


def trained_on(flower, recipe, seed, last):
    pages = flower[None].repeat(2, axis=0)
    return [turn.train[-1] for turn in generations(COPIER, pages, recipe, n_generations=last + 1, seed=seed)]


def test_the_first_copy_is_hard_to_tell_and_the_twentieth_has_lost_half_its_tiles(flower):
    for seed in SEEDS:
        copies = trained_on(flower, replace, seed, 20)
        assert metrics.crops_recognised(copies[1], flower) == 1
        assert metrics.ssim(copies[1], flower) > 0.8
        assert 20 <= 48 * metrics.crops_recognised(copies[20], flower) <= 32


def test_a_dark_tile_in_three_still_finds_its_place(flower):
    """Measured in six seeds: 9 or 10 of the 30 tiles whose mean is below 0.05, and 17 or 18 of the 18 others."""
    for seed in SEEDS:
        copy = trained_on(flower, replace, seed, 20)[20]
        height, width = len(copy) // 6, copy.shape[1] // 8
        tiles = copy[: 6 * height, : 8 * width].reshape(6, height, 8, width, 3)
        dark = tiles.mean(axis=(1, 3, 4)) < 0.05
        found = metrics.crops_found(copy, flower)
        assert 25 < dark.sum() < 35
        assert 0.2 < found[dark].mean() < 0.45
        assert found[~dark].mean() > 0.8


def test_a_tenth_of_originals_keeps_most_tiles(flower):
    """Measured: 42 or 43 in five seeds."""
    pages = flower[None].repeat(10, axis=0)
    for seed in SEEDS:
        *_, last = generations(COPIER, pages, Mix(0.1), n_generations=21, seed=seed)
        assert 36 < 48 * metrics.crops_recognised(last.train[-1], flower) < 48


def test_half_originals_keep_every_tile(flower):
    for seed in SEEDS:
        copies = trained_on(flower, Mix(0.5), seed, 50)
        assert all(metrics.crops_recognised(copies[t], flower) == 1 for t in (5, 20, 50))
        # "all four look the same": it settles, where replace goes on falling
        assert abs(metrics.ssim(copies[50], flower) - metrics.ssim(copies[5], flower)) < 0.05


def test_most_creatures_go_in_the_first_edition_and_mostly_because_of_the_two_settings():
    """Real articles: the mean over 30 sets of 400, a deviation of 7 each. Recorded editions: three seeds."""
    world = Encyclopedia()
    real = [metrics.text.species_alive(world, pages(world.articles(400, np.random.default_rng(s)))) for s in range(30)]
    assert abs(np.mean(real) - 145) < 10
    favour, without = recorded()["temperature 0.7, top-p 0.9"], recorded()["replace"]
    left = [metrics.text.species_alive(world, favour.snapshots[t]["tokens"]) for t in (0, 1, 9)]
    asked = metrics.text.species_alive(world, without.snapshots[0]["tokens"])
    assert left[0] < 50 < np.mean(real) / 2  # the first step takes more than half
    assert asked - left[0] > 1.5 * (np.mean(real) - asked)  # and the settings more of it than the model
    assert left[1] < 10
    assert left[2] == 1
    by_seed = [run.rows.pivot(index="seed", columns="generation", values="species") for run in (favour, without)]
    assert (by_seed[0][0] < 0.3 * by_seed[1][0]).all()  # 1500 articles each
    assert (by_seed[0][1] < 10).all()
    assert (by_seed[0][9] == 1).all()


def median_spread(recipe, n_generations, n_chains=4000):
    """The spread of the crowd that the last generation trains on, as lesson 00 measures it, ddof 0."""
    people = stream(DATA, 0, seed=11).standard_normal((20, n_chains))
    turns = list(generations(Gaussian(), people, recipe, n_generations=n_generations, seed=11))
    return np.median(turns[-1].train.std(axis=0))


def test_a_crowd_of_twenty_loses_its_spread_in_fifty_generations():
    # exp(E ln std) tracks the median; the crowd of generation 50 has been measured 51 times. The log of the spread
    # has a standard deviation of about sqrt(51 / 2 / 20), 1.1, so over 4000 chains its median is within 6 x .022.
    median = median_spread(replace, 51)
    exact = np.sqrt(theory.typical_var(51, 20))
    assert abs(np.log(median / exact)) < 6 * 1.2533 * np.sqrt(51 / 2 / 20 / 4000)
    assert 0.05 < median < 0.15  # "about 0.1"


def test_the_divisor_and_uneven_steps_each_leave_about_a_quarter_of_the_spread():
    """As the divisor n takes its part each time exactly, so n - 1 leaves the uneven steps alone; 4000 chains."""
    steps, both = (np.sqrt(theory.typical_var(51, 20, ddof)) for ddof in (1, 0))
    assert [steps, both / steps, both] == pytest.approx([0.26, 0.27, 0.07], abs=0.006)
    assert both / steps == pytest.approx(np.sqrt(19 / 20) ** 51)
    people = stream(DATA, 0, seed=11).standard_normal((20, 4000))
    turns = list(generations(Gaussian(ddof=1), people, replace, n_generations=51, seed=11))
    median = np.median(turns[-1].train.std(axis=0, ddof=1))
    assert abs(np.log(median / steps)) < 6 * 1.2533 * np.sqrt(51 / 2 / 20 / 4000)
    # and a hundred generations of it leave what fifty leave of both
    assert np.sqrt(theory.typical_var(101, 20, 1)) == pytest.approx(both, rel=0.05)


@pytest.mark.parametrize("recipe", [Mix(0.5), accumulate], ids=["half originals", "accumulate"])
def test_real_people_in_the_pile_stop_it(recipe):
    assert median_spread(recipe, 51, n_chains=1000) > 0.8


def test_a_perfect_memory_loses_people_too():
    class Memory:
        def fit(self, X, rng):
            self.X = X
            return self

        def sample(self, n, rng):
            return rng.choice(self.X, n)

    counted = []
    for seed in SEEDS:
        left = [
            len(np.unique(turn.train)) for turn in generations(Memory(), np.arange(1000), n_generations=21, seed=seed)
        ]
        assert left[0] == 1000
        assert abs(left[1] - 632) < 6 * 10  # the number of distinct draws has a standard deviation of about 10
        counted.append(left[20])
    assert (
        1 / 13 < np.mean(counted) / 1000 < 1 / 10
    )  # "about one in eleven": 88, and the mean of eight deviates by about 2
