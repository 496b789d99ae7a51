"""Lesson 01's explorer at the extremes of its controls."""

from itertools import product

import numpy as np
import pytest

from collapse_lessons import theory
from collapse_lessons.course.explorers import explore, gaussian
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.gaussian import GaussianBatches
from collapse_lessons.recipes import accumulate, replace

EXTREMES = list(product([10, 1000], [10, 500], [0, 1], [replace, accumulate]))


def labelled(ax):
    return {line.get_label(): line.get_ydata() for line in ax.get_lines()}


@pytest.mark.parametrize("seed", [0, 20])
@pytest.mark.parametrize(("n", "n_generations", "ddof", "recipe"), EXTREMES)
def test_draw(n, n_generations, ddof, recipe, seed):
    figure, description, alt = gaussian.draw(n, n_generations, ddof, recipe, seed)
    (ax,) = figure.axes
    lines = labelled(ax)
    assert f"After {n_generations} generations of {n} samples each ({recipe.__name__})" in description
    assert description.endswith(f"{lines['median'][-1]:.3f}.")
    assert len(alt) > 60
    assert ("exact mean" in lines) == (recipe is replace)
    if recipe is replace:
        assert np.allclose(lines["exact mean"], theory.expected_var(np.arange(1, n_generations + 1), n, ddof))
    assert all(len(values) == n_generations for label, values in lines.items() if label != "one chain")
    assert ("unbiased" in ax.get_title()) == (ddof == 1)
    assert np.isfinite(lines["median"]).all()


def test_the_chains_are_those_of_the_loop():
    figure, _, _ = gaussian.draw(n=30, n_generations=20, ddof=1, recipe=replace, seed=3)
    model = GaussianBatches(30, ddof=1)
    real = model.summarise(stream(DATA, 0, 3).standard_normal((30, gaussian.N_CHAINS)))
    variances = [turn.fitted.var_ for turn in generations(model, real, n_generations=20, seed=3)]
    assert np.allclose(labelled(figure.axes[0])["median"], np.median(variances, axis=1))


def test_the_panel_opens_at_the_defaults_and_names_its_controls_plainly():
    recipes = {"replace": replace, "accumulate": accumulate}
    panel = explore(gaussian.draw, n=[10, 100], n_generations=(10, 500, 10), recipe=recipes, seed=(0, 20))
    assert {control.description: control.value for control in panel.children[:-1]} == {
        "n": 100,
        "n generations": 300,
        "recipe": "replace",
        "seed": 0,
    }
