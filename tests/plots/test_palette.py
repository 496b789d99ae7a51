"""The palette: seen against white, and told apart with any common kind of colour vision."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from skimage.color import deltaE_ciede2000, rgb2lab

from collapse_lessons import plots

# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, IEEE Transactions on Visualization and Computer Graphics 15(6),
# 2009: what is seen of linear RGB where one kind of cone is missing altogether (severity 1.0 of their tables).
SEEN = {
    "all cones": np.eye(3),
    "no red cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    """Return linear RGB of an sRGB colour (IEC 61966-2-1)."""
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def seen(colour, vision):
    """Return the CIELAB colour that a reader with this vision sees."""
    rgb = np.clip(np.asarray(SEEN[vision]) @ linear(colour), 0, 1)
    return rgb2lab(np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055))


def contrast(colour):
    """Return the contrast against white, from 1 to 21 (WCAG 2.2)."""
    return 1.05 / (linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05)


def test_a_grey_stays_as_it_is_for_every_vision():
    for vision in SEEN:
        assert np.allclose(seen("0.5", vision), seen("0.5", "all cones"), atol=0.1)
    assert contrast("black") == pytest.approx(21)
    assert contrast("white") == pytest.approx(1)


@pytest.mark.parametrize("vision", SEEN)
def test_every_pair_is_told_apart(vision):
    colours = np.array([seen(colour, vision) for colour in [*plots.PALETTE, "black", "white"]])
    apart = deltaE_ciede2000(colours[:, None], colours[None]) + 99 * np.eye(len(colours))
    assert apart.min() > 10, "a difference of 10 is seen at a glance"


def test_every_colour_is_seen_on_white():
    assert all(contrast(colour) > 2 for colour in plots.PALETTE)


def test_words_are_written_in_colours_that_can_be_read():
    assert contrast(plots.BLUE) > 4.5


def test_a_dark_style_is_undone():
    """VS Code draws in one if its theme is dark, and so may a reader's own settings; words of a figure say "black"."""
    mpl.style.use("dark_background")
    plots.use_style()
    assert to_rgb(mpl.rcParams["figure.facecolor"]) == to_rgb(mpl.rcParams["axes.facecolor"]) == (1, 1, 1)
    assert to_rgb(mpl.rcParams["text.color"]) == to_rgb(mpl.rcParams["axes.labelcolor"]) == (0, 0, 0)
