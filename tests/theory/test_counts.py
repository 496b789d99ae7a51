"""The laws of counted things against the simulator, over chains that each draw real data of their own."""

from itertools import combinations, product

import numpy as np
import pytest
from scipy.special import xlogy

from collapse_lessons import Fresh, metrics, theory
from collapse_lessons.loop import DATA, stream
from collapse_lessons.models.categorical import CategoricalBatches
from oracle import assert_mean, last

P = np.array([0.5, 0.3, 0.15, 0.05])
ZIPF = 1 / np.arange(1, 61.0) ** 1.5
ZIPF /= ZIPF.sum()


def categories(p, n, fits, *, n_chains, seed):
    """Return the shares that each of many chains fits the last time, shape (n_chains, k)."""
    real = stream(DATA, 0, seed).multinomial(n, p, size=(1, n_chains))
    return last(CategoricalBatches(n), real, fits=fits, seed=seed).fitted.probs_


@pytest.mark.parametrize("fits", [1, 4])
def test_heterozygosity(fits):
    """E (1 - sum p^2) over 50,000 chains of n = 10; off by one fit fails."""
    probs = categories(P, 10, fits, n_chains=50_000, seed=fits)
    wrong = [theory.heterozygosity(fits - 1, 10, P), theory.heterozygosity(fits + 1, 10, P)]
    assert_mean(metrics.differ(probs), theory.heterozygosity(fits, 10, P), wrong=wrong)


def test_the_last_survivor_is_drawn_by_its_share():
    """P(category i is the last one) = p_i over 20,000 chains of n = 5, of which 2e-6 are undecided after 60 fits."""
    probs = categories(P, 5, 60, n_chains=20_000, seed=12)
    assert (metrics.alive(probs) == 1).mean() > 0.999
    for i, share in enumerate(P):
        assert_mean(probs[:, i] == 1, share, wrong=[share**2 / np.square(P).sum(), 0.25 + 1e-9])


@pytest.mark.parametrize("i", range(4))
def test_missed(i):
    """P(category i is missing from one sample) over 100,000 samples of n = 10."""
    probs = categories(P, 10, 1, n_chains=100_000, seed=13)
    wrong = [theory.missed(P[i], 9), theory.missed(P[i], 11)] if i else []
    wrong += [np.exp(-10 * P[i])] if i == 1 else []  # Poisson's approximation is off for a common category
    assert_mean(probs[:, i] == 0, theory.missed(P, 10)[i], wrong=wrong)


@pytest.mark.parametrize(("fits", "about"), [(1, 111.7), (10, 59.6)])
def test_survivors(fits, about):
    """Mean survivors of 120 breeds over 2000 chains of n = 1000; the formula is an approximation good to 0.1."""
    zipf = 1 / np.arange(1, 121)
    zipf /= zipf.sum()
    alive = metrics.alive(categories(zipf, 1000, fits, n_chains=2000, seed=fits))
    wrong = [theory.survivors(fits - 1, 1000, zipf), theory.survivors(fits + 1, 1000, zipf)]
    assert_mean(alive, theory.survivors(fits, 1000, zipf), wrong=wrong, approximate=0.1)
    assert abs(theory.survivors(fits, 1000, zipf) - about) < 0.1


@pytest.mark.parametrize("fits", [2, 20])
def test_survivors_with_fresh_samples(fits):
    """Mean survivors of 120 breeds over 600 chains of n = 1000, of which 100 are new at every fit after the first.

    The formula is an approximation, good to 0.3.
    """
    zipf = 1 / np.arange(1, 121)
    zipf /= zipf.sum()

    def draw(n, rng):
        return rng.multinomial(100, zipf, size=(n, 600))

    real = draw(10, stream(DATA, 0, 20))
    probs = last(CategoricalBatches(100), real, Fresh(draw, 0.1), fits=fits, seed=20).fitted.probs_
    exact = theory.survivors(fits, 1000, zipf, n_fresh=100)
    wrong = [theory.survivors(fits, 1000, zipf), theory.survivors(fits + 5, 1000, zipf, n_fresh=100)]
    assert_mean(metrics.alive(probs), exact, wrong=wrong[: 1 if fits > 2 else 2], approximate=0.3)
    assert np.isclose(theory.alive(fits, 1000, zipf, n_fresh=100).sum(), exact)


def test_survivors_before_the_first_fit_and_of_nothing():
    assert np.array_equal(theory.survivors([0, 0], 10, [0.5, 0.5, 0]), [2, 2])
    assert theory.survivors(10_000, 10, P) < 0.1  # each line of Poisson families dies out; a real chain keeps one


def test_count_law():
    """P(count = j) after 1 and 3 fits over 50,000 chains of n = 10 that start at 3; off by one fit fails."""
    for fits in (1, 3):
        probs = categories([0.3, 0.7], 10, fits, n_chains=50_000, seed=14)[:, 0]
        exact = theory.count_law(np.array([fits - 1, fits, fits + 1]), 10, 3)
        for j in (0, 3):
            assert_mean(np.isclose(10 * probs, j), exact[1, j], wrong=exact[[0, 2], j])
    assert np.allclose(exact.sum(axis=1), 1)
    assert np.allclose(exact @ np.arange(11), 3)  # nobody is favoured
    assert np.isclose(theory.count_law(1, 20, 5)[0], theory.missed(0.25, 20))


@pytest.mark.parametrize("fits", [1, 4])
def test_the_mean_of_anything_counted(fits):
    """Survivors and the entropy of the shares over 10,000 chains of n = 50; off by one fit fails."""
    probs = categories(ZIPF, 50, fits, n_chains=10_000, seed=fits)
    survivors = theory.exact_survivors(fits, 50, ZIPF)
    assert_mean(metrics.alive(probs), survivors, wrong=[theory.exact_survivors(fits + 1, 50, ZIPF)])
    entropies = -xlogy(probs, probs).sum(axis=1)
    assert_mean(entropies, theory.expected_entropy(fits, 50, ZIPF), wrong=[theory.expected_entropy(fits + 1, 50, ZIPF)])


def test_chain_mean_agrees_with_the_law_of_counts():
    """The chance to be lost after four fits is that after three, averaged over the first count."""
    share, counts = np.array([0.25, 0.75]), np.arange(41)
    lost = theory.chain_mean(counts == 0, 4, 40, share)[0]
    before = [theory.chain_mean(counts == j, 1, 40, share)[0] * theory.count_law(3, 40, j)[0] for j in counts]
    assert lost == pytest.approx(sum(before))
    assert theory.chain_mean(np.ones(41), 7, 40, share) == pytest.approx(1)
    assert theory.chain_mean(counts / 40, 7, 40, share) == pytest.approx(share)  # nobody is favoured


def test_survivors_are_close_to_the_exact_ones():
    assert theory.survivors(5, 1000, ZIPF) == pytest.approx(theory.exact_survivors(5, 1000, ZIPF), rel=0.01)


def test_many_categories_are_worked_out_in_parts():
    p = np.full(1201, 1 / 1201)
    assert theory.exact_survivors(2, 30, p) == pytest.approx(1201 * theory.chain_mean(np.arange(31) > 0, 2, 30, p)[0])


@pytest.mark.parametrize("fits", [1, 5])
def test_how_many_pictures_learned_by_heart_are_left(fits):
    """Different ones over 20,000 chains of 30 pictures, each handed on by its number."""
    pictures, rng = np.tile(np.arange(30), (20_000, 1)), stream(DATA, 0, fits)
    for _ in range(fits):
        pictures = np.take_along_axis(pictures, rng.integers(30, size=pictures.shape), 1)
    left = 1 + (np.diff(np.sort(pictures, axis=1), axis=1) > 0).sum(axis=1)
    assert_mean(left, theory.different(fits, 30), wrong=[theory.different(fits + 1, 30)])
    assert theory.different(1, 30) == pytest.approx(30 * (1 - (1 - 1 / 30) ** 30))


@pytest.mark.parametrize("thinned", [False, True])
def test_memory_heterozygosity_of_two_rows_by_going_through_all_that_can_happen(thinned):
    """Batch 0 holds two different rows; two generations are remembered."""
    n, differ = 2, np.zeros(3)
    for first in product([0, 1], repeat=n):  # what generation 0 samples
        differ[1] += np.mean([a != b for a, b in product([0, 1], repeat=2)]) / 4
        learned = list(combinations([0, 1, *first], n)) if thinned else [(0, 1, *first)]
        for rows in learned:
            differ[2] += np.mean([a != b for a, b in product(rows, repeat=2)]) / 4 / len(learned)
    exact = theory.memory_heterozygosity(np.arange(3), n, 2, thinned)
    assert np.allclose(exact, [1, *differ[1:]], rtol=1e-12)
