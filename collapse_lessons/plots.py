"""Plots of the course: data in, `ax=None`, Axes out; nothing is shown until `show`."""

import base64
import struct
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from cycler import cycler
from IPython.display import display
from matplotlib.collections import EllipseCollection

from collapse_lessons import checks

# Okabe & Ito (2008): told apart under the common forms of colour blindness. Black is kept for theory.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
PALETTE = [BLUE, ORANGE, GREEN, RED, PURPLE, SKY]
DASHES = ["", (5, 2), (5, 2, 1, 2), (2, 1), (8, 3), (8, 2, 1, 2, 1, 2)]  # dotted is kept for theory
MARKERS = ["o", "s", "^", "D", "v", "P"]


def use_style() -> None:
    """Set the course's look: a colour never stands alone, lines differ in their dashes too."""
    lines = [(0, dash or ()) if dash else "-" for dash in DASHES]
    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=lines),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 12,
            "axes.titlelocation": "left",
            "font.size": 11,
            "figure.figsize": (8, 4),
            "figure.dpi": 100,
            "savefig.dpi": 100,
            "legend.frameon": False,
            "lines.linewidth": 2,
        }
    )


def show(figure, description: str, alt: str) -> None:
    """Display a figure (or the Axes of one), a visible line on what it shows, and the picture in words.

    The words travel as the image's alt text and, since not every viewer passes that on, below it as text to unfold.
    """
    words = _in_words(description, alt)
    picture = base64.b64encode(png(figure)).decode()
    display(
        {"image/png": picture, "text/plain": f"Figure: {description}"}, metadata={"image/png": {"alt": alt}}, raw=True
    )
    display({"text/html": words, "text/plain": description}, raw=True)


def page(figure, description: str, alt: str) -> str:
    """Return what `show` displays as one piece of HTML, for sliders: not cropped, which would take a second drawing."""
    words = _in_words(description, alt)
    picture = png(figure, crop=False)
    width, height = struct.unpack(">II", picture[16:24])  # said beforehand, so that the page does not jump
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    size = f'width="{width}" height="{height}" style="max-width: 100%; height: auto"'
    return f'<img alt="{escape(alt)}" {size} src="{source}">{words}'


def _in_words(description: str, alt: str) -> str:
    """Return the words below a figure as HTML: the visible line, and the picture in words to unfold."""
    for name, words in (("description", description), ("alt", alt)):
        if not isinstance(words, str) or not words.strip():
            raise ValueError(f"{name} must be a sentence, got {words!r}: say what the figure shows")
    return (
        f"<p><em>{escape(description)}</em></p>"
        f"<details><summary>The figure in words</summary><p>{escape(alt)}</p></details>"
    )


def png(figure, crop: bool = True) -> bytes:
    """Return a figure, or that of an Axes, as PNG and close it; packed fast, not small, since a slider waits for it."""
    figure = getattr(figure, "figure", figure)
    if not isinstance(figure, mpl.figure.Figure):
        raise TypeError(f"figure must be a Figure or its Axes, got {type(figure).__name__}: see plt.subplots")
    buffer = BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight" if crop else None, pil_kwargs={"compress_level": 1})
    plt.close(figure)
    return buffer.getvalue()


def quotes(table: pd.DataFrame, description: str) -> None:
    """Display a table of short texts side by side, and a visible line on what to look for; its cells are HTML."""
    if not isinstance(table, pd.DataFrame) or table.empty:
        raise TypeError(f"table must be a DataFrame of at least one text, got {type(table).__name__}: see pd.DataFrame")
    with pd.option_context("display.max_colwidth", None):
        html = table.to_html(escape=False, justify="left", border=0)
    for cell, style in (("td", ""), ("th", "white-space: nowrap; ")):  # Jupyter would align both to the right
        html = html.replace(f"<{cell}>", f'<{cell} style="{style}text-align: left; vertical-align: top">')
    words = f"<p><em>{escape(description)}</em></p>"
    display({"text/html": html + words, "text/plain": f"Table: {description}"}, raw=True)


def fan(chains: np.ndarray, ax=None, *, n_lines: int = 30, start: int = 0, label: str = "one chain"):
    """Draw many chains over generations, their middle half and their median.

    Good for seeing one run wander and the crowd drift; bad for reading off a single chain.

    Parameters
    ----------
    chains : array of shape (n_generations, n_chains)
    n_lines : int
        How many chains are drawn as lines.
    """
    chains = checks.array("chains", chains, 2, "(n_generations, n_chains)")
    ax = ax or plt.subplots()[1]
    t = np.arange(start, start + len(chains))
    # NaN lifts the pen between two chains: one artist draws faster than many.
    lines = np.vstack([chains[:, :n_lines], np.full_like(chains[:1, :n_lines], np.nan, dtype=float)])
    ax.plot(np.tile([*t, np.nan], lines.shape[1]), lines.T.ravel(), color="0.6", lw=0.7, ls="-", label=label, zorder=1)
    ax.fill_between(t, *np.quantile(chains, [0.25, 0.75], axis=1), color=SKY, alpha=0.4, label="middle half", zorder=2)
    ax.plot(t, np.median(chains, axis=1), color=BLUE, ls="-", label="median", zorder=3)
    ax.set(xlabel="generation", xlim=(t[0], t[-1]))
    return ax


def curves(lines: Mapping[str, np.ndarray], ax=None, *, x: np.ndarray | None = None):
    """Draw one labelled line for each entry, told apart by colour and dashes; all share the x axis.

    Good for up to six lines of means or shares; use `bands` when there are several seeds.
    """
    if not isinstance(lines, Mapping) or not lines:
        raise TypeError(f"lines must be a dict of at least one line, got {lines!r:.80}: write {{'label': values}}")
    ax = ax or plt.subplots()[1]
    for i, (label, y) in enumerate(lines.items()):
        style = DASHES[i % 6]
        ax.plot(
            np.arange(len(y)) if x is None else x, y, color=PALETTE[i % 6], ls=(0, style) if style else "-", label=label
        )
    ax.set(xlabel="generation")
    return ax


def theory(x: np.ndarray, y: np.ndarray, ax, label: str = "theory"):
    """Draw an exact curve over a figure: black, thin and dotted, so that what was simulated shows beneath it."""
    if np.shape(x) != np.shape(y):
        raise ValueError(f"y must have x's shape {np.shape(x)}, got {np.shape(y)}: compute it at every x")
    ax.plot(x, y, color="black", lw=1.3, ls=(0, (1.5, 1.5)), label=label, zorder=10)
    return ax


def bands(rows: pd.DataFrame, y: str, ax=None, *, hue: str = "recipe", x: str = "generation"):
    """Draw the mean of column `y` over seeds with a band of the middle 90% for each value of `hue`.

    Good for comparing recipes over seeds; bad when a mean hides that some seeds died and some did not.
    """
    missing = {x, y, hue} - set(getattr(rows, "columns", ()))
    if missing:
        raise ValueError(f"rows must have the columns {x}, {y} and {hue}, got no {sorted(missing)}: see Run.rows")
    ax = ax or plt.subplots()[1]
    sns.lineplot(
        rows, x=x, y=y, hue=hue, style=hue, errorbar=("pi", 90), palette=PALETTE[: rows[hue].nunique()],
        dashes=DASHES[: rows[hue].nunique()], ax=ax,
    )  # fmt: skip
    ax.legend(title=None)
    return ax


def strip(pictures: Sequence[np.ndarray], titles: Sequence[str], axes=None, *, width: float = 10.0):
    """Show pictures side by side in one row, each under its title; returns the array of Axes."""
    if len(pictures) != len(titles) or not len(pictures):
        raise ValueError(f"titles must be one for each picture, got {len(titles)} for {len(pictures)}: match them")
    if axes is None:
        h, w = np.shape(pictures[0])[:2]
        axes = plt.subplots(1, len(pictures), figsize=(width, width / len(pictures) * h / w + 0.3), squeeze=False)[1][0]
        axes[0].figure.subplots_adjust(0.01, 0.01, 0.99, 0.85, wspace=0.04)
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        ax.imshow(np.clip(picture, 0, 1), interpolation="antialiased")
        ax.set_title(title, fontsize=10, loc="center")
        ax.axis("off")
    return axes


def sheet(samples: Sequence[np.ndarray], titles: Sequence[str], ax=None, *, n_shown: int = 6, gap: int = 1):
    """Show the first pictures of each set below each other, one column a set: the strip of generations.

    Pixels stay sharp squares, so that small pictures can be told apart. Draw them at least 30 screen pixels wide.

    Parameters
    ----------
    samples : list of arrays of shape (n, h, w) or (n, h, w, 3), in [0, 1] or bytes
    gap : int
        White pixels between pictures.
    """
    if len(samples) != len(titles) or not len(samples):
        raise ValueError(f"titles must be one for each set of pictures, got {len(titles)} for {len(samples)}: match")
    n_shown = checks.whole("n_shown", n_shown, 1, "6 rows fit a page")
    if min(map(len, samples)) < n_shown:
        raise ValueError(f"n_shown must be at most {min(map(len, samples))} pictures a set, got {n_shown}: show fewer")
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


def wall(words: Sequence[str], group: Sequence[int], looks: Sequence[Mapping], ax=None, *, columns: int = 5):
    """Write words in columns, each in the look of its group: a crowd by name, in which one sees who is missing.

    Good for up to some 150 words; bad for reading off numbers.

    Parameters
    ----------
    group : int for each word
        The index of its look.
    looks : list of dict
        Text properties such as color and fontweight; let groups differ in weight or style too, colour is not enough.
    """
    if len(words) != len(group):
        raise ValueError(f"group must be one for each of the {len(words)} words, got {len(group)}: match them")
    ax = ax or plt.figure(figsize=(11, 4)).add_axes((0, 0, 1, 1))
    ax.axis("off")
    rows = -(-len(words) // columns)
    for i, (word, g) in enumerate(zip(words, group, strict=True)):
        ax.text(i // rows / columns, 1 - (i % rows) / rows, word, va="top", fontsize=8.5, **looks[g])
    return ax


def clouds(samples: Sequence[np.ndarray], titles: Sequence[str], axes=None, *, width: float = 10.0, color: str = BLUE):
    """Scatter sets of points, shape (n, 2), side by side on the axes of the first; returns the array of Axes.

    Points that leave the frame are counted in its corner, so that a blow-up is not mistaken for a loss.
    """
    if len(samples) != len(titles) or not len(samples):
        raise ValueError(f"titles must be one for each set of points, got {len(titles)} for {len(samples)}: match them")
    if axes is None:
        axes = plt.subplots(1, len(samples), figsize=(width, width / len(samples) + 0.3), squeeze=False)[1][0]
        axes[0].figure.subplots_adjust(0.01, 0.01, 0.99, 0.86, wspace=0.06)
    low, high = np.min(samples[0], axis=0), np.max(samples[0], axis=0)
    low, high = low - 0.15 * (high - low), high + 0.15 * (high - low)
    for ax, X, title in zip(axes, samples, titles, strict=True):
        ax.scatter(*np.transpose(X), s=5, color=color, linewidths=0)
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xticks=[], yticks=[])
        ax.set_title(title, fontsize=10, loc="center")
        ax.spines[:].set_visible(True)
        outside = int(((low > X) | (high < X)).any(axis=1).sum())
        if outside:
            ax.text(0.97, 0.04, f"{outside} outside", transform=ax.transAxes, ha="right", fontsize=9)
    return axes


def ellipses(mixture, ax, *, color: str = RED):
    """Draw the components of a fitted scikit-learn GaussianMixture in two dimensions, each out to two deviations.

    Good for seeing what a mixture believes; it leaves out the weights.
    """
    if mixture.covariance_type != "full" or mixture.means_.shape[1] != 2:
        raise ValueError(
            f"mixture must have full covariances in 2 dimensions, got {mixture.covariance_type!r} in "
            f"{mixture.means_.shape[1]}: fit GaussianMixture with its default to (n, 2) points"
        )
    variances, directions = np.linalg.eigh(mixture.covariances_)  # (k, 2) ascending, (k, 2, 2) axes in columns
    minor, major = 4 * np.sqrt(variances).T
    angles = np.degrees(np.arctan2(directions[:, 1, 1], directions[:, 0, 1]))
    ax.add_collection(
        EllipseCollection(
            major, minor, angles, units="xy", offsets=mixture.means_, offset_transform=ax.transData,
            facecolors=color, edgecolors=color, linewidths=2, alpha=0.45,
        )
    )  # fmt: skip
    return ax


def ratios(table: pd.DataFrame, ax=None):
    """Draw a table of ratios, the number in each cell: violet and bold below 1, orange above, white where equal.

    Good for a small map whose numbers are worth reading; its rows go upwards.
    """
    if not isinstance(table, pd.DataFrame) or table.empty or not (table.to_numpy() > 0).all():
        raise TypeError(f"table must be a DataFrame of ratios above 0, got {type(table).__name__}: divide errors")
    ax = ax or plt.subplots()[1]
    ax.imshow(np.log2(table), cmap="PuOr_r", vmin=-1.4, vmax=1.4, aspect="auto", origin="lower")
    for (i, j), ratio in np.ndenumerate(table.to_numpy()):
        pale = abs(np.log2(ratio)) < 0.9
        weight = "bold" if ratio < 1 else "normal"
        ax.text(
            j, i, f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}", ha="center", va="center", fontsize=9.5,
            color="black" if pale else "white", fontweight=weight,
        )  # fmt: skip
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.set(xlabel=table.columns.name, ylabel=table.index.name)
    return ax
