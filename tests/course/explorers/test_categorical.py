"""Lesson 02's explorer at the extremes of its controls."""

from itertools import product

import pytest

from collapse_lessons import metrics
from collapse_lessons.course.explorers import categorical, explore
from collapse_lessons.recipes import replace

EXTREMES = list(product([100, 3000], [0.7, 1.0, 1.1], [0.8, 1.0], categorical.RECIPES))


@pytest.mark.parametrize(("n", "temperature", "top_p", "name"), EXTREMES)
def test_draw(n, temperature, top_p, name):
    figure, description, alt = categorical.draw(n, temperature, top_p, categorical.RECIPES[name], seed=20)
    assert name in description
    assert "120 breeds" in description
    assert "commonest breed" in alt
    lines, curves = figure.axes
    assert lines.images[0].get_array().shape == (120, 101)
    has_forecast = temperature == top_p == 1 and name != "accumulate"
    assert len(curves.lines) == 1 + has_forecast


def test_the_chain_is_the_one_described():
    _, description, _ = categorical.draw(n=1000, recipe=replace, seed=0)
    survivors = metrics.alive(categorical._chain(1000, 1.0, 1.0, replace, 0))
    assert f"{survivors[0]} are in the first album, {survivors[20]} alive at generation 20" in description
    assert f"{survivors[-1]} at generation 100" in description


def test_a_lost_breed_is_drawn_white_until_it_is_found_again():
    figure, *_ = categorical.draw(n=1000, recipe=categorical.RECIPES["10% fresh"], seed=0)
    shown = figure.axes[0].images[0].get_array()
    shares = categorical._chain(1000, 1.0, 1.0, categorical.RECIPES["10% fresh"], 0)
    assert (shown.mask == (shares.T == 0)).all()


def test_the_panel_opens_at_the_defaults():
    choices = {"n": [100, 1000], "top_p": [0.8, 0.95, 1.0], "recipe": categorical.RECIPES, "seed": (0, 20)}
    panel = explore(categorical.draw, **choices)
    assert panel.children[-2].max == 20
    assert {w.description: w.value for w in panel.children[:-1]} == {
        "n": 1000,
        "top p": 1.0,
        "recipe": "replace",
        "seed": 0,
    }
