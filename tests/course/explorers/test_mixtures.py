"""Lesson 03's explorer at the extremes of its controls."""

from itertools import product

import numpy as np
import pytest

from collapse_lessons import metrics
from collapse_lessons.course.explorers import explore, mixtures
from collapse_lessons.recipes import replace

EXTREMES = list(product([1, 12], [50, 300], [True, False], [0.5, 1.0], mixtures.RECIPES))


@pytest.mark.parametrize(("components", "n", "finished", "keep", "name"), EXTREMES)
def test_draw(components, n, finished, keep, name):
    figure, description, alt = mixtures.draw(components, n, finished, keep, mixtures.RECIPES[name], 10, seed=20)
    assert f"generation 10 ({name})" in description
    assert f"{n} samples and the ellipses of {components} components" in alt
    points, path = figure.axes
    real, samples = points.collections[0], points.collections[2]
    assert len(real.get_offsets()) == 300
    assert len(samples.get_offsets()) == n
    assert len(points.collections[1].get_offsets()) == components
    assert len(path.lines[0].get_xdata()) == 11


def test_generation_0():
    figure, description, _ = mixtures.draw(generation=0)
    assert "At generation 0" in description
    assert len(figure.axes[1].lines[0].get_xdata()) == 1


def test_the_path_is_the_one_described():
    figure, description, _ = mixtures.draw()
    turn = mixtures._turn(10, 12, 100, True, 1.0, replace, 0)
    found = metrics.coverage_and_precision(turn, mixtures.MOONS)
    coverage, precision = (line[-1] for line in figure.axes[1].lines[0].get_data())
    assert (coverage, precision) == (found["coverage"], found["precision"])
    assert f"{coverage:.0%} of the real moons, and {precision:.0%}" in description


def test_a_generation_is_the_same_however_one_gets_to_it():
    settings = (4, 50, True, 1.0, replace, 3)
    straight = mixtures._turn(5, *settings).samples
    mixtures._turn.cache_clear()
    for t in range(6):
        again = mixtures._turn(t, *settings).samples
    assert np.array_equal(straight, again)


def test_the_panel_opens_at_the_defaults():
    panel = explore(
        mixtures.draw,
        components=[1, 4, 8, 12],
        n=[50, 100, 300],
        finished={"until it converges": True, "one step from random points": False},
        keep={"all samples": 1.0, "the likeliest 80%": 0.8, "the likeliest half": 0.5},
        recipe=mixtures.RECIPES,
        generation=(0, 10),
        seed=(0, 20),
    )
    assert {w.description: w.value for w in panel.children[:-1]} == {
        "components": 12,
        "n": 100,
        "finished": "until it converges",
        "keep": "all samples",
        "recipe": "replace",
        "generation": 10,
        "seed": 0,
    }


def at_generation_10(**settings):
    """Return coverage and precision, averaged over six seeds."""
    defaults = {"components": 12, "n": 300, "finished": True, "keep": 1.0, "recipe": replace}
    settings = list((defaults | settings).values())
    return np.mean([mixtures._judge(10, *settings, seed) for seed in range(6)], axis=0)


def test_two_faults_are_worse_than_either():
    few, choosy, both = at_generation_10(n=100), at_generation_10(keep=0.8), at_generation_10(n=100, keep=0.8)
    assert both[0] < min(few[0], choosy[0]) - 0.03


def test_real_data_mend_few_samples_and_not_a_poor_family():
    mixed = mixtures.RECIPES["10% real"]
    assert at_generation_10(n=100, recipe=mixed)[0] > at_generation_10(n=100)[0] + 0.15
    assert at_generation_10(components=1, recipe=mixed)[1] < 0.5
