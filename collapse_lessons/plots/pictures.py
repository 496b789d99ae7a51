"""Pictures side by side: one over generations, many of one generation."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from collapse_lessons import checks
from collapse_lessons.plots.arguments import (
    axes_or_new,
    check_label,
    check_picture,
    check_titles,
    check_width,
    listed,
    row_of_axes,
)


def strip(
    pictures: Sequence[np.ndarray], titles: Sequence[str], axes: Sequence[Axes] | None = None, *, width: float = 10.0
) -> Sequence[Axes]:
    """Show pictures side by side in one row, each under its title; returns the array of Axes."""
    pictures = [check_picture("pictures", picture) for picture in listed("pictures", pictures)]
    titles = check_titles(titles, len(pictures))
    axes, width = row_of_axes(axes, len(pictures)), check_width(width)
    if axes is None:
        h, w = pictures[0].shape[:2]
        axes = plt.subplots(1, len(pictures), figsize=(width, width / len(pictures) * h / w + 0.3), squeeze=False)[1][0]
        axes[0].figure.subplots_adjust(0.01, 0.01, 0.99, 0.85, wspace=0.04)
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        ax.imshow(np.clip(picture, 0, 1), interpolation="antialiased")
        ax.set_title(title, fontsize=10, loc="center")
        ax.axis("off")
    return axes


def sheet(
    samples: Sequence[np.ndarray], titles: Sequence[str], ax: Axes | None = None, *, n_shown: int = 6, gap: int = 1
) -> Axes:
    """Show the first pictures of each set below each other, one column a set: the strip of generations.

    Pixels stay sharp squares, so that small pictures can be told apart. Draw them at least 30 screen pixels wide.

    Parameters
    ----------
    samples : list of arrays of shape (n, h, w) or (n, h, w, 3), in [0, 1] or bytes
    gap : int
        White pixels between pictures.
    """
    samples = [checks.array("samples", some, None, "(n, h, w[, 3])") for some in listed("samples", samples)]
    n_shown = checks.whole("n_shown", n_shown, 1, "6 rows fit a page")
    gap = checks.whole("gap", gap, 0, "white pixels", 1000)
    for some in samples:
        if some.shape[1:] != samples[0].shape[1:] or not (some.ndim == 3 or (some.ndim == 4 and some.shape[3] == 3)):
            raise ValueError(f"samples must be pictures (n, h, w) or (n, h, w, 3), all alike, got {some.shape}: match")
        if some.dtype.kind != samples[0].dtype.kind or (some.dtype.kind != "f" and some.dtype != np.uint8):
            raise ValueError(f"samples must be floats or bytes, all alike, got {some.dtype}: divide bytes by 255")
    titles = check_titles(titles, len(samples))
    if n_shown > (fewest := min(map(len, samples))):
        raise ValueError(f"n_shown must be at most {fewest} pictures a set, got {n_shown}: show fewer")
    ax = None if ax is None else axes_or_new(ax)
    white = 255 if samples[0].dtype.kind == "u" else 1.0
    frame = [(0, gap), (0, gap), (0, 0)][: samples[0].ndim - 1]
    columns = [
        np.concatenate([np.pad(picture, frame, constant_values=white) for picture in some[:n_shown]])
        for some in samples
    ]
    whole = np.concatenate(columns, axis=1)
    ax = ax or plt.subplots(figsize=(len(samples), n_shown * samples[0].shape[1] / samples[0].shape[2] + 0.3))[1]
    ax.imshow(whole, interpolation="nearest", cmap="gray", vmin=0, vmax=white)
    width = samples[0].shape[2] + gap
    ax.set_xticks(width * np.arange(len(samples)) + (width - gap - 1) / 2, titles, fontsize=10)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    return ax


def wall(
    words: Sequence[str], group: Sequence[int], looks: Sequence[Mapping], ax: Axes | None = None, *, columns: int = 4
) -> Axes:
    """Write words in columns, each in the look of its group: a crowd by name, in which one sees who is missing.

    Good for up to some 150 words; bad for reading off numbers.

    Parameters
    ----------
    group : int for each word
        The index of its look.
    looks : list of dict
        Text properties such as color and fontweight; let groups differ in weight or style too, colour is not enough.
    """
    words = [check_label("words", word) for word in listed("words", words)]
    for look in listed("looks", looks):
        checks.instance("looks", look, Mapping, "give Text properties, such as {'color': 'black'}")
    group = checks.tokens("group", group, 1, "(n,) whole numbers", len(looks), "the index of each word's look")
    if len(words) != len(group):
        raise ValueError(f"group must be one for each of the {len(words)} words, got {len(group)}: match them")
    columns = checks.whole("columns", columns, 1, "4 fit a page", 1000)
    ax = plt.figure(figsize=(9.2, 5)).add_axes((0, 0, 1, 1)) if ax is None else axes_or_new(ax)
    ax.axis("off")
    rows = -(-len(words) // columns)
    for i, (word, g) in enumerate(zip(words, group, strict=True)):
        try:
            ax.text(i // rows / columns, 1 - (i % rows) / rows, word, va="top", fontsize=8.5, **looks[g])
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"looks must be properties of text, got {checks.shown(looks[g])}: {error}") from None
    return ax
