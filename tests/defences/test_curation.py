"""Curation against its exact laws: a choice among k candidates, the limit of many, and keeping the best."""

import numpy as np
import pytest

from collapse_lessons import Categorical, generations, theory
from collapse_lessons.defences.curation import Best, Curated
from collapse_lessons.loop import DATA, stream

P = np.array([0.4, 0.3, 0.2, 0.1])
REWARD = np.array([0.0, 0.5, 1.0, 2.0])


def rng(seed=0):
    return np.random.default_rng(seed)


def reward(rows):
    return REWARD[rows]


def test_a_choice_between_two_is_bradley_and_terrys():
    """One choice among two candidates gives category i a share of p_i 2 sum_j p_j e^r_i / (e^r_i + e^r_j), exactly."""
    n = 200_000
    newest = np.repeat(np.arange(4), (n * P).astype(int))
    won = np.bincount(Curated(reward, k=2)([newest], n, rng()), minlength=4) / n
    odds = np.exp(REWARD)
    exact = P * 2 * (P * odds[:, None] / (odds[:, None] + odds)).sum(axis=1)
    assert exact.sum() == pytest.approx(1)
    assert (np.abs(won - exact) < 6 * np.sqrt(exact / n)).all()
    assert (np.abs(won - theory.curated(P, REWARD, 1)) > 12 * np.sqrt(exact / n)).any(), "two are not many"


@pytest.mark.parametrize("k", [1, 3])
def test_one_candidate_or_equal_rewards_are_no_choice(k):
    n = 40_000
    newest = np.repeat(np.arange(4), (n * P).astype(int))
    flat = Curated((lambda rows: np.zeros(len(rows))) if k > 1 else reward, k)
    won = np.bincount(flat([newest], n, rng()), minlength=4) / n
    assert (np.abs(won - P) < 6 * np.sqrt(P / n)).all()


@pytest.mark.parametrize("seed", range(3))
def test_many_candidates_follow_the_exact_limit(seed):
    """p_t proportional to p_0 exp(t r): four generations of 20,000 rows, 200 candidates each.

    Sampling and choosing each add 1/(n p) to the variance of ln p in every generation, and what they add stays. The
    finite number of candidates moves ln p by 1/k or so a generation: 0.01 is allowed. Shares below 1 in 100 are left
    out, since for these the noise is no longer small.
    """
    n, last = 20_000, 4
    real = stream(DATA, 0, seed).choice(4, n, p=P)
    variance = np.zeros(4)
    for turn in generations(Categorical(4), real, Curated(reward, k=200), n_generations=last + 1, seed=seed):
        exact = theory.curated(P, REWARD, turn.index)
        variance = variance + 2 / (n * exact)
        seen = np.flatnonzero(exact[:3] > 0.01)
        odds, expected = (np.log(p[seen] / p[3]) for p in (turn.fitted.probs_, exact))
        allowed = 6 * np.sqrt(variance[seen] + variance[3]) + 0.01 * turn.index
        assert (np.abs(odds - expected) < allowed).all()
        assert (allowed < 1).all(), "a generation more or less changes the log-odds by 1 to 2"


def test_the_best_are_kept_whatever_their_order():
    rows = rng().permutation(100)
    assert sorted(Best(lambda rows: rows, 0.1)([rows], 100, rng())) == [*range(90, 100)]
    chains = np.stack([rows, -rows], axis=1)
    kept = Best(lambda rows: rows, 0.05)([chains], 100, rng())
    assert sorted(kept[:, 0]) == [95, 96, 97, 98, 99]
    assert sorted(kept[:, 1]) == [-4, -3, -2, -1, 0]
    assert len(Best(lambda rows: rows, 0.001)([rows], 100, rng())) == 1


def test_ties_are_broken_by_chance():
    rows = np.arange(100)
    kept = Best(lambda rows: np.zeros(len(rows)), 0.5)([rows], 100, rng())
    assert 20 < (kept >= 50).sum() < 45


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Curated(REWARD), r"reward must be a function reward\(rows\) .* got array"),
        (lambda: Curated(reward, 0), "k must be a whole number of at least 1, got 0: 4"),
        (lambda: Best(None), r"reward must be a function reward\(rows\) .* got None: pass"),
        (lambda: Best(reward, 0), "keep must be a number from .* got 0: 0.5"),
        (lambda: Best(reward, 1.1), "keep must be a number from .* got 1.1: 0.5"),
        (
            lambda: Curated(lambda rows: np.ones(3))([np.arange(4)], 4, rng()),
            r"reward\(rows\) must be a number for each of 4 rows, got shape \(3,\)",
        ),
        (lambda: Best(lambda rows: np.full(4, np.nan))([np.arange(4)], 4, rng()), r"reward\(rows\) must hold finite"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()
