"""Lesson 12's explorer at the extremes of its controls."""

import re
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest

from collapse_lessons.course.explorers import defences


def numbers(description):
    """Return the real share in per cent and the breeds at the end, each with the defences and without."""
    return [
        int(n) for n in re.findall(r"(\d+)% real instead of (\d+)%.* (\d+) breeds instead of (\d+)", description)[0]
    ]


@pytest.mark.parametrize(
    ("real", "labelled", "found", "false_alarms", "accused", "looked_at"),
    [
        *product([0.01, 0.3], [0.0, 0.9], [0.0, 0.95], [0.2], [False, True], [0.0, 1.0]),
        (0.1, 0.0, 0.0, 0.0, False, 0.0),
    ],
)
def test_draw(real, labelled, found, false_alarms, accused, looked_at):
    figure, description, alt = defences.draw(real, labelled, found, false_alarms, accused, looked_at, seed=20)
    figure.canvas.draw()
    plt.close(figure)
    assert "nan" not in description + alt
    assert "inf" not in description + alt
    assert f"instead of {real:.0%}" in description
    assert "Left, bars" in alt


def test_defences_raise_the_real_share_and_hold_breeds():
    without, few = (numbers(defences.draw(0.03, labelled, 0.0, 0.0, looked_at=0.0)[1]) for labelled in (0.0, 0.9))
    assert without[:2] == [3, 3]
    assert without[2] == without[3], "no defence at all is the chain without any"
    assert few[:2] == [24, 3]
    assert few[2] > few[3]


@pytest.mark.parametrize("seed", range(3))
def test_false_alarms_on_the_rare_cost_breeds(seed):
    anybody, rare = (defences._chain(0.3, 0.9, 0.9, 0.2, accused, 0.0, seed)[10:].mean() for accused in (False, True))
    assert rare < 0.7 * anybody


def test_false_alarms_are_as_many_whoever_is_accused():
    photos = defences.photograph(200_000, np.random.default_rng(0))
    flagged = defences.on_the_rare(0.5, 0.09)(photos, np.zeros(len(photos), bool), np.random.default_rng(1))
    assert flagged.mean() == pytest.approx(0.09, abs=6 * np.sqrt(0.09 / len(photos)))
    assert (photos[flagged] >= defences.RARE).all()
