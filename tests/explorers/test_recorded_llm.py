"""Lesson 08's explorer at the extremes of its controls; the recorded chains need no torch."""

from itertools import product

import matplotlib.pyplot as plt
import pytest

from collapse_lessons.explorers import recorded_llm


@pytest.mark.parametrize(("generation", "prompt"), list(product([0, 9], [0, 11])))
def test_draw(generation, prompt):
    for chain in recorded_llm.recorded():
        figure, description, alt = recorded_llm.draw(chain, generation, prompt)
        figure.canvas.draw()
        plt.close(figure)
        assert description.startswith(chain)
        assert f"generation {generation}" in alt


def test_bad_prompt():
    with pytest.raises(ValueError, match="prompt must be from 0 to 11, got 12: there are no more"):
        recorded_llm.draw(prompt=12)
