"""Lesson 04's explorer at the extremes of its controls."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest

from collapse_lessons import Photocopier, generations, metrics
from collapse_lessons.course.explorers import explore, photocopier

EXTREMES = [
    *product([0, 1, 40], [0.0, 1.5], [0.9, 1.2], [0.0], [0.0], [0], [None]),
    *product([40], [0.8], [1.0], [0.1], [0.0, 1.5], [0, 2], [None, 20]),
]


@pytest.mark.parametrize(("copies", "blur", "tone", "noise", "sharpen", "shift", "jpeg"), EXTREMES)
def test_draw(copies, blur, tone, noise, sharpen, shift, jpeg):
    figure, description, alt = photocopier.draw(copies, blur, tone, noise, sharpen, shift, jpeg)
    plt.close(figure)
    assert description.startswith(f"After {copies} copies: SSIM ")
    assert len(alt) > 60
    assert len(figure.axes) == 3
    assert figure.axes[2].get_title() in (f"copy {copies}: {alt.split('The last has ')[1][:-1]}",)


def test_the_pages_are_those_of_the_loop():
    figure, _, _ = photocopier.draw(copies=6, blur=0.5, tone=1.05, noise=0.02, jpeg=90)
    plt.close(figure)
    copier = Photocopier(blur=0.5, tone=1.05, noise=0.02, jpeg=90)
    turns = list(generations(copier, photocopier.original()[None], n_generations=6))
    shown = [ax.images[0].get_array() for ax in figure.axes]
    assert np.allclose(shown[0], photocopier.original())
    assert np.allclose(shown[1], turns[2].samples[0])
    assert np.allclose(shown[2], turns[5].samples[0])
    assert f"SSIM {metrics.ssim(turns[5].samples[0], photocopier.original()):.2f}" in figure.axes[2].get_title()


@pytest.mark.parametrize("copies", [-1, 41])
def test_more_copies_than_are_kept(copies):
    with pytest.raises(ValueError, match="copies must be a whole number"):
        photocopier.draw(copies)


def test_the_panel_opens_at_the_defaults():
    panel = explore(
        photocopier.draw,
        copies=(0, photocopier.MOST, 1),
        blur=(0.0, 1.5, 0.1),
        tone=(0.9, 1.2, 0.01),
        noise=(0.0, 0.1, 0.01),
        sharpen=(0.0, 1.5, 0.1),
        shift=[0, 1, 2],
        jpeg={"none": None, "90": 90, "50": 50, "20": 20},
    )
    assert {control.description: control.value for control in panel.children[:-1]} == {
        "copies": 20,
        "blur": 0.5,
        "tone": 1.05,
        "noise": 0.02,
        "sharpen": 0.0,
        "shift": 0,
        "jpeg": "none",
    }
