"""Lesson 06's explorer at the extremes of its controls."""

from itertools import product

import matplotlib.pyplot as plt
import pytest

from collapse_lessons.course.explorers import ngram


@pytest.mark.parametrize(
    ("order", "temperature", "top_p", "recipe", "generation"),
    [
        *product([1, 8], [0.0, 1.2], [0.8, 1.0], ngram.RECIPES.values(), [0]),
        (1, 0.0, 0.8, ngram.RECIPES["replace"], 10),
        (8, 1.2, 1.0, ngram.RECIPES["10% fresh"], 10),
        (6, 1.0, 1.0, ngram.RECIPES["replace"], 10),
    ],
)
def test_draw(order, temperature, top_p, recipe, generation):
    figure, description, alt = ngram.draw(order, temperature, top_p, recipe, generation, seed=20)
    figure.canvas.draw()
    plt.close(figure)
    assert f"Generation {generation}" in description
    assert "nan" not in description
    assert "squares" in alt or "a square" in alt


def test_the_slider_for_the_generation_goes_back_and_forth_along_one_chain():
    before = [ngram.draw(generation=t)[1] for t in (3, 1, 3)]
    plt.close("all")
    assert before[0] == before[2] != before[1]


def test_fewer_species_in_later_generations():
    early, late = (ngram.draw(temperature=0.7, generation=t)[1] for t in (0, 10))
    plt.close("all")
    assert int(early.split("about ")[1].split()[0]) > 50
    assert int(late.split("about ")[1].split()[0]) < 10


def test_a_generation_past_the_last_is_refused():
    with pytest.raises(ValueError, match="generation must be a whole number from 0 to 10, got 11"):
        ngram.draw(generation=11)
