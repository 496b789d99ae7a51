"""From a figure to what a reader sees: the picture, a line on it, and the picture in words."""

import base64
import re
import struct
from html import escape, unescape
from io import BytesIO

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from IPython import get_ipython
from IPython.display import display
from matplotlib.axes import Axes
from pandas.api.types import is_numeric_dtype

from collapse_lessons import checks


def show(figure, description: str, alt: str) -> None:
    """Display a figure (or the Axes of one), a visible line on what it shows, and the picture in words.

    The words travel as the image's alt text and, since not every viewer passes that on, below it as text to unfold.
    """
    words = _in_words(description, alt)
    picture = base64.b64encode(png(figure)).decode()
    _display({"image/png": picture, "text/plain": f"Figure: {description}"}, {"image/png": {"alt": alt}})
    _display({"text/html": words, "text/plain": description})


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
    and <i>, and for <b> and <br>.
    """
    checks.instance("table", table, pd.DataFrame, "see pd.DataFrame")
    checks.text("description", description, "say what to look for")
    if table.empty:
        raise ValueError("table must be a DataFrame of at least one text, got an empty one: see pd.DataFrame")
    table = table.apply(lambda column: column if is_numeric_dtype(column) else column.map(_marked))
    table.index, table.columns = (_escaped(names) for names in (table.index, table.columns))
    with pd.option_context("display.max_colwidth", None):
        html = table.to_html(escape=False, justify="left", border=0)
    for cell, style in (("td", ""), ("th", "white-space: nowrap; ")):  # Jupyter would align both to the right
        html = html.replace(f"<{cell}>", f'<{cell} style="{style}text-align: left; vertical-align: top">')
    words = f"<p><em>{escape(description)}</em></p>"
    _display({"text/html": html + words, "text/plain": f"Table: {description}"})


def _display(forms, metadata=None):
    """Display something that has several forms; in a lesson that runs as a script, which shows none, its words."""
    if get_ipython() is None:
        print(forms["text/plain"])
    else:
        display(forms, metadata=metadata, raw=True)


def _escaped(names):
    """Return the names of rows or columns as text, and what all of them are called."""
    called = [None if name is None else escape(str(name)) for name in names.names]
    names = names if is_numeric_dtype(names) else names.map(lambda name: escape(str(name)))
    return names.set_names(called if len(called) == names.nlevels else None)


def _marked(cell):
    """Return a cell as HTML in which only the course's own marks mean something."""
    return re.sub(r"&lt;(/?(?:del|i|b)|br)&gt;", r"<\1>", escape(unescape(str(cell))))
