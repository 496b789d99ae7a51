"""Lesson 00's explorer at the extremes of its controls."""

from itertools import product

import matplotlib.pyplot as plt
import pytest

from collapse_lessons.course.explorers import first_look
from collapse_lessons.worlds import datasets


@pytest.mark.parametrize(("generation", "share"), list(product([0, 50], [0.0, 0.1, 0.5])))
def test_draw(generation, share):
    figure, description, alt = first_look.draw(generation, share)
    plt.close(figure)
    assert str(generation) in description
    real = {0.0: 0, 0.1: 2, 0.5: 10}[share] if generation else 20
    assert f"{real} of them are real" in alt


def test_real_people_keep_the_spread():
    gone, kept = (first_look.chains(share)[1][50].std() for share in (0.0, 0.5))
    assert gone < 0.5 < kept


def test_a_page_does_not_hold_on_to_its_pile():
    """Views of the last page would keep all fifty piles, a quarter of a gigabyte."""
    photos, _ = first_look.chains(0.1)
    assert all(photo.base is None for photo in photos)


def test_a_frame_for_each_tile_that_finds_its_place():
    flower = datasets.flower(160)
    gone = flower.copy()
    gone[: len(gone) // 2] = 0.5
    for picture, frames in ((flower, 48), (gone, 24)):
        ax = first_look.tiles(plt.figure().add_subplot(), picture, flower, "copy")
        assert (len(ax.patches), ax.get_title()) == (frames, f"copy: {frames} of 48 tiles")
        plt.close(ax.figure)
