"""What lesson 02 says about 120 breeds, over many chains; real albums are drawn anew for every chain."""

import numpy as np
import pytest
from scipy.stats import binom

from collapse_lessons import (
    Categorical,
    CategoricalBatches,
    Fresh,
    accumulate,
    generations,
    metrics,
    replace,
    stream,
    sweep,
    theory,
)
from collapse_lessons.loop import DATA, SAMPLE
from collapse_lessons.models.categorical import decode
from collapse_lessons.worlds import datasets
from oracle import assert_mean

SHARE = datasets.breeds()["share"].to_numpy()
SWEETS = np.array([6, 4, 3, 2, 2, 1, 1, 1]) / 20


def photograph(n, rng):
    return rng.choice(len(SHARE), n, p=SHARE)


def albums(n, n_generations, n_chains, seed, p=SHARE, **decoding):
    """Yield the shares that each generation fits, shape (n_chains, k)."""
    real = stream(DATA, 0, seed).multinomial(n, p, size=(1, n_chains))
    for turn in generations(CategoricalBatches(n, **decoding), real, n_generations=n_generations, seed=seed):
        yield turn.fitted.probs_


@pytest.fixture(scope="module")
def drift():
    """500 chains of n = 1000, shape (101, 500, 120)."""
    return np.array(list(albums(1000, 101, 500, seed=1)))


@pytest.fixture(scope="module")
def cold():
    return np.array(list(albums(1000, 101, 200, seed=2, temperature=0.9)))


# --- early collapse ------------------------------------------------------------------------------------------------


def test_the_population_is_what_the_lesson_says():
    breeds = datasets.breeds()
    assert len(breeds) == breeds["breed"].nunique() == 120
    assert breeds["breed"].iloc[-1] == "Petit Basset Griffon Vendéen"
    assert np.allclose(SHARE * np.arange(1, 121), SHARE[0])  # Zipf
    assert 5 < 1 / SHARE[0] < 6
    assert 640 < 1 / SHARE[-1] < 650
    assert 1.5 < 1000 * SHARE[-1] < 1.6
    assert abs(1 - np.sum(SHARE**2) - 0.94) < 0.005
    assert abs(SHARE[20:].sum() - 1 / 3) < 0.005


@pytest.mark.parametrize("t", [0, 5, 20, 100])
def test_survivors_lie_on_the_forecast(drift, t):
    """Mean over 500 chains; the forecast is good to half a breed. At half of n it is off by ten breeds and more."""
    forecast = theory.survivors(t + 1, 1000, SHARE)
    wrong = [theory.survivors(t + 1, 500, SHARE), theory.survivors(t + 1, 2000, SHARE)]
    assert_mean(metrics.alive(drift[t]), forecast, wrong=wrong, approximate=0.5)


def test_each_breed_is_missed_by_its_own_chance(drift):
    """(1 - p)^n for all 120 breeds: two-sided binomial tails over 500 chains, false alarms 120 x 1e-9."""
    gone = (drift[0] == 0).sum(axis=0)
    exact = theory.missed(SHARE, 1000)
    tail = np.minimum(binom.cdf(gone, 500, exact), binom.sf(gone - 1, 500, exact))
    assert (tail > 5e-10).all()
    assert abs(exact[-1] - 0.21) < 0.005  # "one chance in five"
    assert abs(theory.missed(0.001, 1000) - 0.37) < 0.005  # one photo in the album before


@pytest.mark.parametrize("t", [5, 20, 100])
def test_the_rarer_the_sooner(drift, t):
    """For every breed, within six standard errors of the forecast, itself good to 0.02."""
    gone, forecast = (drift[t] == 0).mean(axis=0), 1 - theory.alive(t + 1, 1000, SHARE)
    assert (abs(gone - forecast) < 0.02 + 6 * np.sqrt(forecast * (1 - forecast) / 500)).all()
    assert (np.diff(forecast) > 0).all()


def test_most_breeds_vanish_while_the_average_hardly_moves(drift):
    assert 0.87 < 1 - metrics.alive(drift[100]).mean() / 120 < 0.90
    start = 1 - np.sum(SHARE**2)
    wrong = [start, theory.heterozygosity(101, 500, SHARE)]
    assert_mean(metrics.differ(drift[100]), theory.heterozygosity(101, 1000, SHARE), wrong=wrong)
    assert abs(theory.heterozygosity(101, 1000, SHARE) / start - 0.90) < 0.005
    orphans = (SHARE * (drift[100] == 0)).sum(axis=1)  # real dogs of a lost breed
    assert 0.525 < orphans.mean() < 0.575  # "55%": 0.55, with a standard error of 0.003


def test_a_third_of_the_dogs_hardly_counts_in_the_sum_of_squares(drift):
    """The rarest hundred: about six are left at generation 100, and their squares have grown by about 0.03."""
    assert 0.28 < SHARE[20:].sum() < 0.38
    late = drift[100][:, 20:]
    assert 5.2 < (late > 0).sum(axis=1).mean() < 7.2
    assert 0.02 < (late**2).sum(axis=1).mean() - np.sum(SHARE[20:] ** 2) < 0.045
    common = (drift[100][:, :20] ** 2).sum(axis=1).mean() - np.sum(SHARE[:20] ** 2)
    assert 0.05 < common < 0.08  # "another 0.06"


def test_early_collapse_spares_the_common_and_nobody_returns(drift):
    """At generation 20 two thirds of the breeds are gone; the five commonest are all there in 94 chains of 100."""
    assert 0.6 < (drift[20] == 0).mean() < 0.7
    assert (drift[20][:, :5] > 0).all(axis=1).mean() > 0.87
    assert not ((drift[1:] > 0) & (drift[:-1] == 0)).any()


# --- late collapse -------------------------------------------------------------------------------------------------


def test_late_collapse_takes_about_n_generations():
    """The middle one of 300 chains of n = 100 has one breed left after n to 2.5 n generations (1.6 n, error 0.06 n)."""
    alive = np.array([metrics.alive(probs) for probs in albums(100, 501, 300, seed=3)])
    assert 1 < np.median(np.argmax(alive == 1, axis=0)) / 100 < 2.5


def test_chance_leaves_a_breed_with_a_probability_equal_to_its_share(drift):
    """Winners of 3000 chains of n = 20, one in a thousand of them undecided; and the mean share, which says so."""
    *_, last = albums(20, 201, 3000, seed=4)
    assert (metrics.alive(last) == 1).mean() > 0.99
    winner = last.argmax(axis=1)
    for first, end in [(0, 1), (1, 2), (2, 10), (10, 40), (40, 120)]:
        share = SHARE[first:end].sum()
        wrong = [] if first == 10 else [(end - first) / 120]  # 30 of 120 breeds happen to be a quarter of the dogs
        assert_mean((winner >= first) & (winner < end), share, wrong=wrong, approximate=0.002)
    for t in (1, 20, 100):
        assert_mean(drift[t][:, 0], SHARE[0], wrong=[0.0, 0.5])


# --- favouring the likely ------------------------------------------------------------------------------------------


def test_a_low_temperature_leaves_the_golden_retriever(cold):
    """200 chains: about two breeds at generation 20 (error 0.06), one and the same in nearly all of them at 100."""
    assert 1.6 < metrics.alive(cold[20]).mean() < 2.5
    assert ((metrics.alive(cold[100]) == 1) & (cold[100][:, 0] == 1)).mean() > 0.97
    assert cold[25][:, 0].mean() > 0.97


def test_twenty_generations_at_a_low_temperature_do_what_chance_does_in_a_thousand(cold):
    """Mean breeds alive, over 60 chains of pure chance: 2.15 and 2.12, with a standard error of 0.09."""
    *_, last = albums(1000, 1001, 60, seed=5)
    assert abs(metrics.alive(last).mean() - metrics.alive(cold[20]).mean()) < 0.7


def test_in_very_thin_albums_chance_has_the_larger_say():
    """The Golden Retriever wins at n = 20 and temperature 0.9 in about 27% of 1000 chains; six standard errors, 9%."""
    *_, last = albums(20, 201, 1000, seed=20, temperature=0.9)
    won = (last.argmax(axis=1) == 0).mean()
    assert abs(won - 0.27) < 0.1


def test_preferences_compound_whatever_the_size_of_the_album():
    """Sharpening t times at 0.9 is sharpening once at 0.9^t; a million photos follow it, and lose the tail as fast."""
    sharpened = SHARE
    for t in range(1, 21):
        sharpened = decode(sharpened, 0.9)
        assert np.allclose(sharpened, decode(SHARE, 0.9**t), rtol=1e-9)
    assert 8000 < sharpened[0] / sharpened[2] < 9000  # "three times as common" at first
    chains = np.array(list(albums(1_000_000, 41, 20, seed=6, temperature=0.9)))
    for t in (5, 10, 20):
        assert np.allclose(chains[t].mean(axis=0), decode(SHARE, 0.9**t), atol=0.01)
    assert (metrics.alive(chains[40]) == 1).all()


def test_top_p_cuts_the_tail_and_does_not_choose_among_the_common():
    """200 chains: a handful of breeds by generation 20; the Golden Retriever leads in about 3 chains of 5 at 100."""
    chains = np.array(list(albums(1000, 101, 200, seed=7, top_p=0.95)))
    assert 5 < metrics.alive(chains[20]).mean() < 9
    assert 3 < metrics.alive(chains[100]).mean() < 5
    assert 0.4 < (chains[100].argmax(axis=1) == 0).mean() < 0.85
    assert 0.25 < chains[100][:, 0].mean() < 0.55


# --- recipes -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def at_100():
    """Breeds alive at generations 0 and 100 by recipe, a column for each of 40 seeds."""
    recipes = {
        "1% fresh": Fresh(photograph, 0.01),
        "10% fresh": Fresh(photograph, 0.1),
        "accumulate": accumulate,
        "with the original": lambda pool, n, rng: np.concatenate([pool[0], pool[-1]]),
    }
    rows = sweep(
        Categorical(len(SHARE)),
        lambda rng: photograph(1000, rng),
        recipes,
        seeds=range(40),
        metrics={"alive": metrics.survivors},
        n_generations=101,
    )
    return rows.pivot(index=["recipe", "generation"], columns="seed", values="alive")


@pytest.mark.parametrize(("recipe", "n_fresh", "about"), [("1% fresh", 10, 39), ("10% fresh", 100, 88)])
def test_fresh_photos_hold_a_tail(at_100, recipe, n_fresh, about):
    """Mean over 40 chains; the forecast is good to one breed."""
    for t in (10, 100):
        forecast = theory.survivors(t + 1, 1000, SHARE, n_fresh)
        assert_mean(at_100.loc[recipe, t], forecast, wrong=[theory.survivors(t + 1, 1000, SHARE, 300)], approximate=1)
    assert abs(forecast - about) < 0.5
    assert abs(theory.survivors(101, 1000, SHARE) - 14) < 0.5  # and without


@pytest.mark.parametrize("recipe", ["accumulate", "with the original"])
def test_who_keeps_the_real_album_never_loses_a_breed_and_never_finds_one(at_100, recipe):
    assert (at_100.loc[recipe] == at_100.loc[recipe, 0]).all(axis=None)
    assert_mean(at_100.loc[recipe, 0], theory.survivors(1, 1000, SHARE), wrong=[120], approximate=0.1)


def test_fresh_photos_find_lost_breeds_again():
    turns = generations(
        Categorical(len(SHARE)), photograph(1000, stream(DATA, 0, 8)), Fresh(photograph, 0.1), n_generations=30
    )
    alive = np.array([turn.fitted.probs_ > 0 for turn in turns])
    assert (alive[1:] & ~alive[:-1]).any()
    assert abs(1 / (1 - theory.missed(SHARE[-1], 100)) - 7) < 0.1  # "once in seven generations"


# --- the bag of sweets ---------------------------------------------------------------------------------------------


def test_the_bag_of_sweets():
    """Twenty sweets of eight colours, 20,000 groups; round k fills the bag anew, which is fit k."""
    rounds = list(albums(20, 5, 20_000, seed=9, p=SWEETS))
    assert 5.5 < metrics.alive(rounds[1]).mean() < 6  # "five or six colours after two rounds"
    assert 3.9 < metrics.alive(rounds[4]).mean() < 4.4  # "about four after five"
    assert 0.68 < (rounds[4][:, 5:] == 0).mean() < 0.75  # "nearly three in four" of the colours with one sweet
    assert 0.05 < (rounds[4].argmax(axis=1) >= 5).mean() < 0.2  # "now and then one of them leads"


def test_replace_is_the_recipe_by_hand():
    """The loop the lesson writes out gives the same shares as the package's."""
    album = photograph(1000, stream(DATA, 0, 3))
    for turn in generations(Categorical(len(SHARE)), album, replace, n_generations=5, seed=3):
        fitted = np.bincount(album, minlength=len(SHARE)) / len(album)
        assert np.array_equal(turn.fitted.probs_, fitted)
        album = stream(SAMPLE, turn.index, 3).choice(len(SHARE), len(album), p=fitted)
