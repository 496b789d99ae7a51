"""The arguments that most plots share, and their checks."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like

from collapse_lessons import checks
from collapse_lessons.plots.style import MOST_LINES, looks

LONGEST = 500  # letters of a label: beyond, no picture is wide enough


def axes_or_new(ax):
    """Return `ax`, or new Axes for None."""
    return plt.subplots()[1] if ax is None else checks.instance("ax", ax, Axes, "see plt.subplots, or leave it out")


def row_of_axes(axes, n):
    """Return a row of n Axes, or None for None."""
    if axes is None:
        return None
    row = [checks.instance("axes", ax, Axes, "see plt.subplots, or leave them out") for ax in listed("axes", axes)]
    if len(row) != n:
        raise ValueError(f"axes must be one for each of {n}, got {len(row)}: see plt.subplots, or leave them out")
    return axes


def listed(name, values):
    return checks.listed(name, values, "give at least one, in a list")


def check_label(name, value):
    if len(checks.text(name, value, "say what is drawn")) > LONGEST:
        raise ValueError(f"{name} must have at most {LONGEST} letters, got {checks.shown(value)}: say it shorter")
    return value


def check_in_legend(name, value):
    """Return a label that a legend shows: Matplotlib leaves out, without a word, what begins with an underscore."""
    if check_label(name, value).startswith("_"):
        raise ValueError(
            f"{name} must begin with no underscore, got {checks.shown(value)}: a legend leaves such out, so rename it"
        )
    return value


def check_titles(titles, n):
    titles = [check_label("titles", title) for title in listed("titles", titles)]
    if len(titles) != n:
        raise ValueError(f"titles must be one for each of {n}, got {len(titles)}: match them")
    return titles


def looks_for(name, n):
    if n > MOST_LINES:
        raise ValueError(f"{name} must be at most {MOST_LINES} lines, got {n}: nobody can tell more apart")
    return looks(n)


def check_width(width):
    return checks.number("width", width, 0.1, 100, "inches; 10 fill a page")


def check_colour(color):
    if not isinstance(color, str | tuple | list) or not is_color_like(color):
        raise ValueError(f"color must be one that Matplotlib knows, got {checks.shown(color)}: try plots.BLUE")
    return color


def check_picture(name, picture):
    picture = checks.array(name, picture, None, "(h, w) or (h, w, 3) in [0, 1]")
    if not (picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 3)):
        raise ValueError(f"{name} must have shape (h, w) or (h, w, 3), got {picture.shape}: reshape it")
    if picture.dtype.kind != "f":
        raise TypeError(f"{name} must be floats from 0 to 1, got {picture.dtype}: divide bytes by 255")
    return picture
