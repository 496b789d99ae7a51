"""Plots of the course: data in, `ax=None`, Axes out; nothing is shown until `show`."""

import base64
import re
import struct
from collections.abc import Mapping, Sequence
from html import escape, unescape
from io import BytesIO

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.colors import is_color_like
from pandas.api.types import is_numeric_dtype
from sklearn.mixture import GaussianMixture

from collapse_lessons import checks

# Okabe & Ito (2008): told apart under the common forms of colour blindness. Black is kept for theory.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
PALETTE = [BLUE, ORANGE, GREEN, RED, PURPLE, SKY]
DASHES = ["", (5, 2), (5, 2, 1, 2), (2, 1), (8, 3), (8, 2, 1, 2, 1, 2)]  # dotted is kept for theory
MARKERS = ["o", "s", "^", "D", "v", "P"]


MOST_LINES = 36


def looks(n: int) -> list[tuple[str, tuple]]:
    """Return n pairs of a colour and dashes, all different: after six the colours come again with other dashes."""
    n = checks.whole("n", n, 1, "draw fewer lines, or several panels", MOST_LINES)
    return [(PALETTE[i % 6], DASHES[(i + i // 6) % 6]) for i in range(n)]


def use_style() -> None:
    """Set the course's look: a colour never stands alone, lines differ in their dashes too."""
    colours, dashes = zip(*looks(MOST_LINES), strict=True)
    lines = [_line(dash) for dash in dashes]
    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=colours) + cycler(linestyle=lines),
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


def _line(dash):
    return (0, dash) if dash else "-"


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
        if not checks.text(name, words, "say what the figure shows").strip():
            raise ValueError(f"{name} must be a sentence, got {words!r}: say what the figure shows")
    return (
        f"<p><em>{escape(description)}</em></p>"
        f"<details><summary>The figure in words</summary><p>{escape(alt)}</p></details>"
    )


def png(figure, crop: bool = True) -> bytes:
    """Return a figure, or that of an Axes, as PNG and close it; packed fast, not small, since a slider waits for it."""
    figure = figure.figure if isinstance(figure, Axes) else figure
    checks.instance("figure", figure, mpl.figure.Figure, "see plt.subplots")
    box = "tight" if checks.flag("crop", crop, "False leaves the margins as they are") else None
    buffer = BytesIO()
    try:
        figure.savefig(buffer, format="png", bbox_inches=box, pil_kwargs={"compress_level": 1})
    except ValueError:  # a label with half a formula in it must not lose the figure: all are shown as they are written
        for text in figure.findobj(mpl.text.Text):
            text.set_parse_math(False)
        buffer = BytesIO()
        figure.savefig(buffer, format="png", bbox_inches=box, pil_kwargs={"compress_level": 1})
    plt.close(figure)
    return buffer.getvalue()


def quotes(table: pd.DataFrame, description: str) -> None:
    """Display a table of short texts side by side, and a visible line on what to look for.

    Whatever a cell says is shown as text: HTML in it does nothing, but for the marks of `Encyclopedia.marked`, <del>
    and <i>, and for <br>.
    """
    checks.instance("table", table, pd.DataFrame, "see pd.DataFrame")
    checks.text("description", description, "say what to look for")
    if table.empty:
        raise ValueError("table must be a DataFrame of at least one text, got an empty one: see pd.DataFrame")
    table = table.apply(lambda column: column if is_numeric_dtype(column) else column.map(_marked))
    table.index, table.columns = (
        names if is_numeric_dtype(names) else names.map(lambda name: escape(str(name)))
        for names in (table.index, table.columns)
    )
    with pd.option_context("display.max_colwidth", None):
        html = table.to_html(escape=False, justify="left", border=0)
    for cell, style in (("td", ""), ("th", "white-space: nowrap; ")):  # Jupyter would align both to the right
        html = html.replace(f"<{cell}>", f'<{cell} style="{style}text-align: left; vertical-align: top">')
    words = f"<p><em>{escape(description)}</em></p>"
    display({"text/html": html + words, "text/plain": f"Table: {description}"}, raw=True)


def _marked(cell):
    """Return a cell as HTML in which only the course's own marks mean something."""
    return re.sub(r"&lt;(/?(?:del|i)|br)&gt;", r"<\1>", escape(unescape(str(cell))))


def fan(
    chains: np.ndarray, ax: Axes | None = None, *, n_lines: int = 30, start: int = 0, label: str = "one chain"
) -> Axes:
    """Draw many chains over generations, their middle half and their median.

    Good for seeing one run wander and the crowd drift; bad for reading off a single chain.

    Parameters
    ----------
    chains : array of shape (n_generations, n_chains)
    n_lines : int
        How many chains are drawn as lines.
    """
    chains = checks.array("chains", chains, 2, "(n_generations, n_chains)").astype(float)
    n_lines = checks.whole("n_lines", n_lines, 1, "30 are told apart")
    start = checks.whole("start", start, 0, "the first generation that is drawn")
    label, ax = _label("label", label), _axes(ax)
    t = np.arange(start, start + len(chains))
    # NaN lifts the pen between two chains: one artist draws faster than many.
    lines = np.vstack([chains[:, :n_lines], np.full_like(chains[:1, :n_lines], np.nan)])
    ax.plot(np.tile([*t, np.nan], lines.shape[1]), lines.T.ravel(), color="0.6", lw=0.7, ls="-", label=label, zorder=1)
    ax.fill_between(t, *np.quantile(chains, [0.25, 0.75], axis=1), color=SKY, alpha=0.4, label="middle half", zorder=2)
    ax.plot(t, np.median(chains, axis=1), color=BLUE, ls="-", label="median", zorder=3)
    ax.set(xlabel="generation", xlim=(t[0], t[-1]))
    return ax


def curves(lines: Mapping[str, np.ndarray], ax: Axes | None = None, *, x: np.ndarray | None = None) -> Axes:
    """Draw one labelled line for each entry, told apart by colour and dashes; all share the x axis.

    Good for up to six lines of means or shares; use `bands` when there are several seeds.
    """
    if not isinstance(lines, Mapping) or not lines:
        error = ValueError if isinstance(lines, Mapping) else TypeError
        raise error(f"lines must be a dict of at least one line, got {checks.shown(lines)}: write {{'label': values}}")
    styles = _styles("lines", len(lines))
    lines = {str(key): checks.array("lines", y, 1, "(n,) numbers, each", gaps=True) for key, y in lines.items()}
    x = None if x is None else checks.array("x", x, 1, "(n,) numbers")
    for label, y in lines.items():
        _label("lines", label)
        if x is not None and len(x) != len(y):
            raise ValueError(f"x must be one for each of the {len(y)} points of {label}, got {len(x)}: match them")
    ax = _axes(ax)
    for (label, y), (colour, dash) in zip(lines.items(), styles, strict=True):
        ax.plot(np.arange(len(y)) if x is None else x, y, color=colour, ls=_line(dash), label=label)
    ax.set(xlabel="generation")
    return ax


def theory(x: np.ndarray, y: np.ndarray, ax: Axes, label: str = "theory") -> Axes:
    """Draw an exact curve over a figure: black, thin and dotted, so that what was simulated shows beneath it."""
    x = checks.array("x", x, None, "(n,) numbers", gaps=True)
    y = checks.array("y", y, None, "(n,) numbers", gaps=True)
    if x.shape != y.shape:
        raise ValueError(f"y must have x's shape {x.shape}, got {y.shape}: compute it at every x")
    checks.instance("ax", ax, Axes, "draw what was simulated first")
    ax.plot(x, y, color="black", lw=1.3, ls=(0, (1.5, 1.5)), label=_label("label", label), zorder=10)
    return ax


def bands(rows: pd.DataFrame, y: str, ax: Axes | None = None, *, hue: str = "recipe", x: str = "generation") -> Axes:
    """Draw the mean of column `y` over seeds with a band of the middle 90% for each value of `hue`.

    Good for comparing recipes over seeds; bad when a mean hides that some seeds died and some did not.
    """
    for name, column in (("x", x), ("y", y), ("hue", hue)):
        checks.text(name, column, "the name of a column")
    checks.table("rows", rows, (x, y, hue), "see Run.rows")
    for column in (x, y):
        if not len(rows) or not is_numeric_dtype(rows[column]):
            raise ValueError(f"rows must have numbers in {column}, got {rows[column].dtype}: convert them")
    colours, dashes = zip(*_styles("rows", rows[hue].nunique()), strict=True)
    ax = _axes(ax)
    sns.lineplot(
        rows, x=x, y=y, hue=hue, style=hue, errorbar=("pi", 90), palette=list(colours), dashes=list(dashes), ax=ax
    )
    ax.legend(title=None)
    return ax


def strip(
    pictures: Sequence[np.ndarray], titles: Sequence[str], axes: Sequence[Axes] | None = None, *, width: float = 10.0
) -> Sequence[Axes]:
    """Show pictures side by side in one row, each under its title; returns the array of Axes."""
    pictures = [_picture("pictures", picture) for picture in _listed("pictures", pictures)]
    titles = _titles(titles, len(pictures))
    axes, width = _row(axes, len(pictures)), _width(width)
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
    samples = [checks.array("samples", some, None, "(n, h, w[, 3])") for some in _listed("samples", samples)]
    titles = _titles(titles, len(samples))
    n_shown = checks.whole("n_shown", n_shown, 1, "6 rows fit a page")
    gap = checks.whole("gap", gap, 0, "white pixels", 1000)
    for some in samples:
        if some.shape[1:] != samples[0].shape[1:] or not (some.ndim == 3 or (some.ndim == 4 and some.shape[3] == 3)):
            raise ValueError(f"samples must be pictures (n, h, w) or (n, h, w, 3), all alike, got {some.shape}: match")
        if some.dtype.kind != samples[0].dtype.kind or (some.dtype.kind != "f" and some.dtype != np.uint8):
            raise ValueError(f"samples must be floats or bytes, all alike, got {some.dtype}: divide bytes by 255")
        if len(some) < n_shown:
            raise ValueError(f"n_shown must be at most {len(some)} pictures a set, got {n_shown}: show fewer")
    ax = None if ax is None else _axes(ax)
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
    words: Sequence[str], group: Sequence[int], looks: Sequence[Mapping], ax: Axes | None = None, *, columns: int = 5
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
    words = [_label("words", word) for word in _listed("words", words)]
    for look in _listed("looks", looks):
        checks.instance("looks", look, Mapping, "give Text properties, such as {'color': 'black'}")
    group = checks.tokens("group", group, 1, "(n,) whole numbers", len(looks), "the index of each word's look")
    if len(words) != len(group):
        raise ValueError(f"group must be one for each of the {len(words)} words, got {len(group)}: match them")
    columns = checks.whole("columns", columns, 1, "5 fit a page", 1000)
    ax = plt.figure(figsize=(11, 4)).add_axes((0, 0, 1, 1)) if ax is None else _axes(ax)
    ax.axis("off")
    rows = -(-len(words) // columns)
    for i, (word, g) in enumerate(zip(words, group, strict=True)):
        try:
            ax.text(i // rows / columns, 1 - (i % rows) / rows, word, va="top", fontsize=8.5, **looks[g])
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"looks must be properties of text, got {checks.shown(looks[g])}: {error}") from None
    return ax


def clouds(
    samples: Sequence[np.ndarray],
    titles: Sequence[str],
    axes: Sequence[Axes] | None = None,
    *,
    width: float = 10.0,
    color: str = BLUE,
) -> Sequence[Axes]:
    """Scatter sets of points, shape (n, 2), side by side on the axes of the first; returns the array of Axes.

    Points that leave the frame are counted in its corner, so that a blow-up is not mistaken for a loss.
    """
    samples = [checks.array("samples", X, 2, "(n, 2) points").astype(float) for X in _listed("samples", samples)]
    for X in samples:
        if X.shape[1] != 2:
            raise ValueError(f"samples must be points of shape (n, 2), got {X.shape}: choose two columns")
    titles, color = _titles(titles, len(samples)), _colour(color)
    axes, width = _row(axes, len(samples)), _width(width)
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


def ellipses(mixture: GaussianMixture, ax: Axes, *, color: str = RED) -> Axes:
    """Draw the components of a fitted scikit-learn GaussianMixture in two dimensions, each out to two deviations.

    Good for seeing what a mixture believes; it leaves out the weights.
    """
    checks.instance("mixture", mixture, GaussianMixture, "fit one of scikit-learn's")
    checks.fitted(mixture, "covariances_")
    checks.instance("ax", ax, Axes, "draw the points first")
    color = _colour(color)
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


def ratios(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a table of ratios, the number in each cell: violet and bold below 1, orange above, white where equal.

    Good for a small map whose numbers are worth reading; its rows go upwards.
    """
    checks.instance("table", table, pd.DataFrame, "divide one table of errors by another")
    cells = checks.array("table", table, 2, "(rows, columns) ratios")
    if (cells <= 0).any():
        raise ValueError(f"table must hold ratios above 0, got {cells.min():g}: divide errors")
    ax = _axes(ax)
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


# --- what the arguments must be ---------------------------------------------------------------------------------------

LONGEST = 500  # letters of a label: beyond, no picture is wide enough


def _axes(ax):
    """Return `ax`, or new Axes for None."""
    return plt.subplots()[1] if ax is None else checks.instance("ax", ax, Axes, "see plt.subplots, or leave it out")


def _row(axes, n):
    """Return a row of n Axes, or None for None."""
    if axes is None:
        return None
    row = [checks.instance("axes", ax, Axes, "see plt.subplots, or leave them out") for ax in _listed("axes", axes)]
    if len(row) != n:
        raise ValueError(f"axes must be one for each of {n}, got {len(row)}: see plt.subplots, or leave them out")
    return axes


def _listed(name, values):
    return checks.listed(name, values, "give at least one, in a list")


def _label(name, value):
    if len(checks.text(name, value, "say what is drawn")) > LONGEST:
        raise ValueError(f"{name} must have at most {LONGEST} letters, got {checks.shown(value)}: say it shorter")
    return value


def _titles(titles, n):
    titles = [_label("titles", title) for title in _listed("titles", titles)]
    if len(titles) != n:
        raise ValueError(f"titles must be one for each of {n}, got {len(titles)}: match them")
    return titles


def _styles(name, n):
    if n > MOST_LINES:
        raise ValueError(f"{name} must be at most {MOST_LINES} lines, got {n}: nobody can tell more apart")
    return looks(n)


def _width(width):
    return checks.number("width", width, 0.1, 100, "inches; 10 fill a page")


def _colour(color):
    if not isinstance(color, str | tuple | list) or not is_color_like(color):
        raise ValueError(f"color must be one that Matplotlib knows, got {checks.shown(color)}: try plots.BLUE")
    return color


def _picture(name, picture):
    picture = checks.array(name, picture, None, "(h, w) or (h, w, 3) in [0, 1]")
    if not (picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 3)):
        raise ValueError(f"{name} must have shape (h, w) or (h, w, 3), got {picture.shape}: reshape it")
    if picture.dtype.kind != "f":
        raise TypeError(f"{name} must be floats from 0 to 1, got {picture.dtype}: divide bytes by 255")
    return picture
