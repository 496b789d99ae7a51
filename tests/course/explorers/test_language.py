"""Lesson 07's explorer at the extremes of its controls; the recorded chains need no torch."""

from itertools import product

import matplotlib.pyplot as plt
import pytest

from collapse_lessons.course.explorers import language


@pytest.mark.parametrize(("generation", "page"), list(product(language.GENERATIONS, [0, 40])))
def test_draw(generation, page):
    for chain in language.recorded():
        figure, description, alt = language.draw(chain, generation, page)
        plt.close(figure)
        assert f"Generation {generation}, {chain}" in description
        assert "three articles" in alt


def test_one_favours_itself_to_death():
    description = language.draw("temperature 0.7, top-p 0.9", 9, 0)[1]
    assert "one in a hundred above 1." in description


def test_bad_page():
    with pytest.raises(ValueError, match="page must be a whole number of at least 0, got -1"):
        language.draw(page=-1)
