"""Shares of categories: counting, decoding, and drift."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from collapse_lessons import generations, metrics, theory
from collapse_lessons.loop import DATA, stream
from collapse_lessons.model_check import check_model
from collapse_lessons.models.categorical import Categorical, CategoricalBatches, decode
from oracle import assert_mean, assert_same_mean

P = np.array([0.5, 0.3, 0.15, 0.05])


# --- counting ------------------------------------------------------------------------------------------------------


def test_fit_counts():
    X = np.array([0, 0, 2, 3, 0])
    model = Categorical(5)
    assert model.fit(X) is model
    assert np.allclose(model.probs_, [0.6, 0, 0.2, 0.2, 0])


def test_batches_add_up_their_counts():
    counts = np.array([[[1, 3]], [[0, 4]]])  # two batches of 4 in one chain
    assert np.allclose(CategoricalBatches(4).fit(counts).probs_, [[1 / 8, 7 / 8]])
    assert CategoricalBatches(4).fit(counts).sample(3, np.random.default_rng(0)).sum(axis=-1).tolist() == [[4]] * 3


def test_samples_follow_the_shares():
    """Shares of 100,000 samples, one at a time and as one batch."""
    model = Categorical(4)
    model.probs_ = P
    samples = model.sample(100_000, np.random.default_rng(1))
    batches = CategoricalBatches(100)
    batches.probs_ = P[None]
    counts = batches.sample(1000, np.random.default_rng(2))[:, 0]
    for i, share in enumerate(P):
        assert_mean(samples == i, share, wrong=[0.8 * share, 1.2 * share])
        assert_mean(counts[:, i] / 100, share, wrong=[0.8 * share, 1.2 * share])


def test_counts_alone_have_the_law_of_the_samples():
    """1500 chains of n = 20 either way after 4 fits: the share of each category, and how many are alive."""
    n, n_chains, fits = 20, 1500, 4
    sampled = np.empty((n_chains, 4))
    for seed in range(n_chains):
        real = stream(DATA, 0, seed).choice(4, n, p=P)
        *_, last = generations(Categorical(4), real, n_generations=fits, seed=seed)
        sampled[seed] = last.fitted.probs_
    real = stream(DATA, 0, n_chains).multinomial(n, P, size=(1, n_chains))
    *_, last = generations(CategoricalBatches(n), real, n_generations=fits, seed=n_chains)
    counted = last.fitted.probs_
    for i in range(4):
        assert ks_2samp(sampled[:, i], counted[:, i]).pvalue > 1e-9
    assert_same_mean(metrics.alive(sampled), metrics.alive(counted))
    assert_mean(metrics.differ(sampled), theory.heterozygosity(fits, n, P))


def test_passes_the_course_s_own_check():
    X = np.random.default_rng(3).choice(4, 200, p=P)
    assert check_model(Categorical(4), X)["passed"].all()
    counts = np.random.default_rng(4).multinomial(20, P, size=(30, 5))
    assert check_model(CategoricalBatches(20), counts)["passed"].all()


# --- decoding ------------------------------------------------------------------------------------------------------


def test_decode_by_default_changes_nothing():
    assert np.array_equal(decode(P), P)


def test_a_temperature_is_an_exponent():
    for temperature in (0.1, 0.5, 2.0, 10.0):
        expected = P ** (1 / temperature)
        assert np.allclose(decode(P, temperature), expected / expected.sum())


def test_temperature_0_keeps_the_likeliest_and_ties_share():
    assert np.array_equal(decode(P, 0), [1, 0, 0, 0])
    assert np.array_equal(decode(np.array([0.4, 0.2, 0.4]), 0), [0.5, 0, 0.5])
    assert np.allclose(decode(P, 0.001), [1, 0, 0, 0])  # no 0/0 on the way there


@pytest.mark.parametrize(("top_p", "kept"), [(0.01, 1), (0.5, 1), (0.51, 2), (0.8, 2), (0.9, 3), (0.95, 3), (0.96, 4)])
def test_top_p_keeps_the_fewest_likeliest_categories_that_hold_it(top_p, kept):
    expected = np.where(np.arange(4) < kept, P, 0) / P[:kept].sum()
    assert np.allclose(decode(P, top_p=top_p), expected)
    shuffled = [2, 0, 3, 1]
    assert np.allclose(decode(P[shuffled], top_p=top_p), expected[shuffled])


@pytest.mark.parametrize("kept", range(1, 11))
def test_top_p_is_not_moved_by_rounding(kept):
    assert np.count_nonzero(decode(np.full(10, 0.1), top_p=kept / 10)) == kept


@pytest.mark.parametrize(("top_k", "kept"), [(1, [1, 0, 0, 0]), (2, [0.625, 0.375, 0, 0]), (4, P), (9, P), (None, P)])
def test_top_k_keeps_the_k_likeliest(top_k, kept):
    assert np.allclose(decode(P, top_k=top_k), kept)
    assert np.allclose(decode(P[::-1], top_k=top_k), kept[::-1])


def test_top_p_is_of_what_top_k_keeps():
    assert np.allclose(decode(P, top_k=2, top_p=0.6), [1, 0, 0, 0])  # 0.625 of what is left
    assert np.allclose(decode(P, top_k=3, top_p=0.6), [0.625, 0.375, 0, 0])


def test_decode_works_on_rows_sums_to_one_and_leaves_its_input_alone():
    probs = np.random.default_rng(5).dirichlet(np.ones(6), size=(3, 4))
    before = probs.copy()
    for temperature in (0, 0.5, 1, 2):
        for top_p in (0.3, 0.9, 1):
            decoded = decode(probs, temperature, top_p)
            assert np.allclose(decoded.sum(axis=-1), 1)
            assert np.allclose(decoded[1, 2], decode(probs[1, 2], temperature, top_p))
    assert np.array_equal(probs, before)
    assert (decode(np.array([0.5, 0.5, 0]), 5) > 0).tolist() == [True, True, False]  # what is gone stays gone


# --- drift, decoder and averages -----------------------------------------------------------------------------------


def test_pure_drift_keeps_every_expected_share():
    """E share after 6 fits over 20,000 chains of n = 20 is the real one; a decoder moves it."""
    real = stream(DATA, 0, 1).multinomial(20, P, size=(1, 20_000))
    ends = {}
    for temperature in (1.0, 0.8):
        *_, last = generations(CategoricalBatches(20, temperature=temperature), real, n_generations=6, seed=1)
        ends[temperature] = last.fitted.probs_
    for i, share in enumerate(P):
        assert_mean(ends[1.0][:, i], share, wrong=[ends[0.8][:, i].mean()])


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint64])
def test_categories_of_any_integer_type_are_counted(kind):
    model = Categorical(3).fit(np.array([0, 0, 2, 1], dtype=kind))
    assert model.probs_.tolist() == [0.5, 0.25, 0.25]
