"""What lesson 11 says happens to several labs on one web, against its exact curves."""

from functools import lru_cache

import numpy as np
import pytest

from collapse_lessons import Categorical, generations, theory
from collapse_lessons.course.explorers import labs as explorer
from collapse_lessons.loop import DATA, stream
from collapse_lessons.web.labs import Labs, Shared
from oracle import assert_mean

PLOTS, LABS, TALES, LAST = 6, 4, 30, 60
PEOPLE = np.full(PLOTS, 1 / PLOTS)


@lru_cache
def ends(share, n_webs=120):
    """Return what every lab's model believes at generation 60, shape (n_webs, LABS, PLOTS), by the lesson's loop."""
    model, recipe = Labs(Categorical(PLOTS), LABS), Shared(share, TALES)
    found = []
    for seed in range(1000, 1000 + n_webs):
        real = stream(DATA, 0, seed).integers(PLOTS, size=(TALES, LABS))
        *_, last = generations(model, real, recipe, n_generations=LAST + 1, n=LABS * TALES, seed=seed)
        found.append([lab.probs_ for lab in last.fitted.fitted_])
    return np.array(found)


def differ(webs):
    """Return the chance that two tales differ, within a lab and between two labs, in each web."""
    same = np.einsum("wip,wjp->wij", webs, webs)
    within = same.trace(axis1=1, axis2=2) / LABS
    return 1 - within, 1 - (same.sum(axis=(1, 2)) - LABS * within) / (LABS * (LABS - 1))


def test_apart_each_lab_ends_with_one_plot_and_they_differ():
    told = (ends(0.0) > 0).sum(axis=-1).mean(axis=1)
    assert_mean(told, theory.exact_survivors(LAST + 1, TALES, PEOPLE), wrong=[3.0])
    assert theory.exact_survivors(401, TALES, PEOPLE) == pytest.approx(1, abs=0.001)
    assert_mean(differ(ends(0.0))[1], 5 / 6, wrong=[0.5])


def test_together_each_lasts_longer_and_all_become_alike():
    (apart, _), (within, between) = differ(ends(0.0)), differ(ends(0.2))
    laws = [theory.lab_variety(LAST + 1, TALES, LABS, share, PEOPLE) for share in (0.0, 0.2)]
    assert_mean(apart, laws[0][0], wrong=[laws[1][0]])
    assert_mean(within, laws[1][0], wrong=[laws[0][0]])
    assert_mean(between, laws[1][1], wrong=[5 / 6])
    assert laws[1][0] > 2 * laws[0][0]


def library(law, labs):
    return law[0] / labs + (1 - 1 / labs) * law[1]


def test_sharing_never_adds_to_what_the_library_has():
    fits = np.array([1, 2, 5, 20, 61, 201, 1000])
    for n in (2, 10, 30, 300):
        for labs in (2, 4, 10):
            apart = library(theory.lab_variety(fits, n, labs, 0.0, PEOPLE), labs)
            for share in (0.01, 0.05, 0.2, 0.7, 1.0):
                shelf = library(theory.lab_variety(fits, n, labs, share, PEOPLE), labs)
                assert (shelf <= apart + 1e-12).all()
    found = [library(differ(ends(share)), LABS) for share in (0.0, 0.2)]
    assert found[0].mean() > 1.1 * found[1].mean()


def test_it_is_the_number_of_foreign_tales_that_counts():
    def settled(n, foreign):
        return float(theory.lab_likeness(50_000, n, LABS, foreign / n * LABS / (LABS - 1)))

    assert [settled(n, 1) for n in (30, 300, 3000)] == pytest.approx([0.7, 0.71, 0.71], abs=0.005)
    assert settled(30, 0.1) == pytest.approx(0.17, abs=0.005)
    assert theory.lab_likeness(41, 30, LABS, 1 / 30 * LABS / (LABS - 1)) == pytest.approx(0.7, abs=0.01), "by 40"
    for n, generation in ((30, 15), (3000, 1807)):
        on_the_way = theory.lab_likeness(np.arange(1, 3000), n, LABS, 1 / n * LABS / (LABS - 1))
        assert np.argmax(on_the_way < 0.75) == generation, "a hundred times the size takes a hundred times as long"
    left = theory.lab_variety(np.array([301]), 30, LABS, 1 / 30 * LABS / (LABS - 1), PEOPLE)
    assert [float(chance[0]) for chance in left] == pytest.approx([0.09, 0.12], abs=0.005), "at generation 300"
    assert settled(3000, 100) > 0.99, "the same share makes large labs all but one"
    for foreign in (0.2, 1, 15):
        shared = foreign / TALES * LABS / (LABS - 1)
        assert explorer.likeness(TALES, LABS, shared, n_webs=4000) == pytest.approx(settled(TALES, foreign), abs=0.03)


def test_where_chance_and_foreign_tales_balance_in_large_labs():
    for labs, foreign in ((2, 1), (4, 0.1), (4, 1), (6, 2)):
        found = float(theory.lab_likeness(50_000, 3000, labs, foreign / 3000 * labs / (labs - 1)))
        balance = 2 * foreign * (1 - found) * (1 + found / (labs - 1))
        assert balance == pytest.approx(found, abs=0.002)
    assert float(theory.lab_likeness(50_000, 3000, 4, 1 / 3000 * 4 / 3)) == pytest.approx(0.71, abs=0.005)
