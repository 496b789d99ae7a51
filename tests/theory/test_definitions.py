"""What the eight definitions look at, against the loop itself: rows that carry their kind and the steps behind them."""

import numpy as np
import pytest

from collapse_lessons import theory
from collapse_lessons.theory.definitions import RECIPES
from oracle import assert_mean

N, T, FRESH = 20, 6, 0.25
P = np.array([0.4, 0.3, 0.2, 0.1])


def loop(recipe, *, n_chains, seed):
    """Return kind and number of steps of every sample of generation T, shapes (n_chains, N)."""
    rng = np.random.default_rng(seed)

    def real(n):
        return rng.choice(4, (n_chains, n), p=P), np.zeros((n_chains, n), dtype=int)

    def model(kind, steps):
        at = rng.integers(kind.shape[1], size=(n_chains, N))
        return np.take_along_axis(kind, at, 1), np.take_along_axis(steps, at, 1) + 1

    pile = [real(N)]
    pile.append(model(*pile[0]))
    for _ in range(T):
        if recipe == "replace":
            rows = pile[-1]
        elif recipe == "accumulate":
            rows = tuple(np.concatenate(part, axis=1) for part in zip(*pile, strict=True))
        else:
            new, n_real = real(round(FRESH * N)), round(FRESH * N)
            rows = tuple(np.concatenate([a, b[:, n_real:]], axis=1) for a, b in zip(new, pile[-1], strict=True))
        pile.append(model(*rows))
    return pile[-1]


@pytest.mark.parametrize("recipe", RECIPES)
def test_steps_variety_and_what_they_do_to_bumps(recipe):
    """30,000 chains of 20 rows, seven models; one sample of each chain is looked at, and all for variety."""
    n_chains = 30_000
    kind, steps = loop(recipe, n_chains=n_chains, seed=RECIPES.index(recipe))
    law = theory.steps_law(T, recipe, FRESH)
    assert law.sum() == pytest.approx(1)
    for count in range(1, T + 2):
        assert abs((steps[:, 0] == count).mean() - law[count]) < 6 * np.sqrt(0.25 / n_chains)
    assert_mean(steps[:, 0], law @ np.arange(T + 2))
    shares = np.stack([(kind == k).mean(axis=1) for k in range(4)], axis=1)
    differ = (1 - (shares**2).sum(axis=1)) * N / (N - 1)  # two samples are two draws from what the model has learned
    exact = theory.variety_law(T, N, recipe, FRESH) * (1 - np.sum(P**2))
    assert_mean(differ, exact, wrong=[0.97 * exact])
    world = theory.World(P, gap=4.0, bandwidth=0.5)
    real, walk = np.random.default_rng(9).standard_normal((2, n_chains))
    walk *= 0.5 * np.sqrt(steps[:, 0])
    assert_mean(walk**2, world.risk(law))
    assert_mean(np.abs(real + walk) > 2.0, world.astray(law))


def test_steps_as_the_docstring_says():
    assert theory.steps_law(4, "replace") @ np.arange(6) == pytest.approx(5)
    assert theory.steps_law(4, "accumulate") @ np.arange(6) == pytest.approx(1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5)
    assert theory.steps_law(200, "fresh", 0.1) @ np.arange(202) == pytest.approx(10, rel=1e-6)
    for recipe in RECIPES:
        assert theory.steps_law(0, recipe) == pytest.approx([0, 1])


def test_variety_without_fresh_rows_and_with_nothing_else():
    assert theory.variety_law(6, 20, "fresh", 0.0) == pytest.approx(theory.variety_law(6, 20, "replace"))
    assert theory.variety_law(6, 20, "replace") == pytest.approx(theory.expected_var(7, 20))
    assert theory.variety_law(6, 20, "fresh", 1.0) == pytest.approx(theory.expected_var(1, 20))
    assert theory.variety_law(500, 20, "fresh", 0.25) == pytest.approx(theory.fresh_var(5, 15))


def test_the_same_loop_is_collapsed_by_some_and_not_by_others():
    p = 1 / np.arange(1, 121.0)
    table = {r: theory.verdicts(theory.World(p / p.sum()), 30, 200, r)["collapsed"] for r in RECIPES}
    assert list(table["replace"].index) == list(theory.VERDICTS)
    assert len(theory.VERDICTS) == 8
    for recipe in RECIPES:
        assert 0 < table[recipe].sum() < 8
    assert table["replace"].sum() > table["accumulate"].sum()
    diverging = "asymptotically diverging population risk"
    tail = "disappearance of real tail data"
    assert [table[r][diverging] for r in RECIPES] == [True, True, False]
    assert [table[r][tail] for r in RECIPES] == [True, False, False]


def test_two_bumps_are_one_from_a_gap_of_twice_their_width():
    world = theory.World(P, gap=4.0, bandwidth=1.0)
    law = np.eye(5)
    assert world.valley(law[2]) < 1  # width sqrt 3
    assert world.valley(law[3]) == world.valley(law[4]) == 1  # width 2 and more
