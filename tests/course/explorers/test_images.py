"""Lesson 05's explorer at the extremes of its controls; the recorded chains need no torch."""

import matplotlib.pyplot as plt
import pytest

from collapse_lessons.course.explorers import images


@pytest.mark.parametrize("generation", [0, 7])
def test_draw(generation):
    for chain in images.recorded():
        for measure in images.MEASURES:
            figure, description, alt = images.draw(chain, generation, measure)
            plt.close(figure)
            assert description.startswith(f"{chain}, generation {generation}: {measure}")
            assert "five thin lines" in alt


def test_it_shows_the_record():
    figure, description, _ = images.draw("VAE, replace", 7, "coverage")
    run = images.recorded()["VAE, replace"]
    shown = figure.axes[0].images[0].get_array()
    plt.close(figure)
    assert shown.shape == (6 * 29, 10 * 29)
    assert (shown[:28, :28] * images.LEVELS == run.snapshots[7][0]).all()
    last = run.rows.loc[run.rows["generation"] == 7, "coverage"].mean()
    assert f"coverage {last:.3g} in the mean" in description


@pytest.mark.parametrize("generation", [-1, 8])
def test_bad_generation(generation):
    with pytest.raises(ValueError, match=f"generation must be .*, got {generation}"):
        images.draw(generation=generation)
