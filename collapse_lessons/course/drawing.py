"""A prediction by hand: empty axes on which the reader draws a curve, with the pointer, with keys, or as numbers."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from collapse_lessons import checks, plots


class Drawing:
    """Axes and the curve on them; `values` are its numbers, None where nothing is drawn, or ... for no curve yet."""

    def __init__(self, axes, values, widget):
        self.axes, self._values, self._widget = axes, values, widget

    def __repr__(self):
        return "<a drawn curve>"

    @property
    def values(self):
        """The curve as numbers: what the reader wrote, or else what the widget holds by now."""
        if self._values is ... and self._widget:
            drawn = self._widget.values
            return ... if all(value is None for value in drawn) else list(drawn)
        return self._values

    def unfinished(self) -> str:
        """Return why this is no curve to compare with, or nothing."""
        values, n = self.values, len(self.axes["x"])
        if not isinstance(values, list | tuple | np.ndarray) or len(values) != n:
            return f"Your curve {checks.shown(values)} is not {n} numbers: draw it, or write one for each place"
        if missing := [place for place, value in zip(self.axes["x"], values, strict=True) if value is None]:
            return f"Your curve has no point at {', '.join(map(str, missing))}: draw it to the end"
        try:
            finite = np.isfinite(np.array(values, float)).all()
        except (TypeError, ValueError, OverflowError):
            finite = False
        return "" if finite else f"Your curve {checks.shown(values)} is not {n} numbers: draw it, or write them anew"

    def over(self, result: Sequence[float]) -> tuple:
        """Return a figure of what was drawn and what came out, its line, and the picture in words."""
        places, result = self.axes["x"], np.asarray(result, float)
        at = places if _are_numbers(places) else range(len(places))
        figure, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
        for label, given in self.axes["given"].items():
            ax.plot(at, given, color="0.6", ls="-", lw=1.5, label=label)
        ax.plot(at, self.values, color=plots.ORANGE, ls=(0, (5, 2)), marker="s", label="as you drew it")
        ax.plot(at, result, color=plots.BLUE, ls="-", marker="o", label="as it came out")
        ax.set_xticks(at, [str(place) for place in places])
        low, high = self.axes["ylim"]
        span = (min(low, result.min()), max(high, result.max()))
        ax.set(xlabel=self.axes["xlabel"], ylabel=self.axes["ylabel"], ylim=span)
        ax.legend()
        rows = zip(places, self.values, result, strict=True)
        alt = "; ".join(f"at {place} you drew {drawn:.3g} and it came out {came:.3g}" for place, drawn, came in rows)
        ylabel = self.axes["ylabel"]
        return figure, f"Your curve and the computed one: {ylabel}.", f"{ylabel} by {self.axes['xlabel']}: {alt}."


def draw_prediction(
    x: Sequence,
    *,
    xlabel: str,
    ylabel: str,
    ylim: tuple[float, float],
    values: Any = ...,
    given: Mapping[str, Sequence[float]] | None = None,
) -> Drawing:
    """Show empty axes on which the reader draws a curve, and return the drawing, for `compare`.

    Drag across the axes, or go to a point with Tab and move it with the arrow keys. Where anywidget is missing, a line
    asks for numbers.

    Parameters
    ----------
    x : sequence of numbers that grow, or of str
        The two or more places at which the curve has a point.
    xlabel, ylabel : str
    ylim : (low, high)
    values : sequence of numbers, one for each place, or ... for none
        The curve as numbers, for whoever does not draw.
    given : {label: values}
        Curves that the reader is told, in grey.
    """
    x = list(checks.listed("x", x, "[0, 50, 100] would do"))
    names = all(isinstance(place, str) for place in x) and len(set(x)) == len(x)
    if len(x) < 2 or not (names or (_are_numbers(x) and np.isfinite(x).all() and (np.diff(x) > 0).all())):
        raise ValueError(
            f"x must be two or more numbers that grow, or different names, got {x!r}: [0, 50, 100] would do"
        )
    remedy = "give the lowest and the highest value"
    ends = [checks.number("ylim", end, -1e12, 1e12, remedy) for end in checks.listed("ylim", ylim, remedy)]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise ValueError(f"ylim must be (low, high) with low < high, got {ylim!r}: {remedy}")
    for name, text in (("xlabel", xlabel), ("ylabel", ylabel)):
        checks.text(name, text, "say what the axis shows")
    given = checks.instance("given", {} if given is None else given, Mapping, "write {label: values}")
    given = {label: checks.array("given", curve, 1, "(n,) floats, each").tolist() for label, curve in given.items()}
    if wrong := [label for label, curve in given.items() if len(curve) != len(x)]:
        raise ValueError(f"given must have {len(x)} values for each curve, got others in {wrong}: one for each place")
    x = [place.item() if isinstance(place, np.generic) else place for place in x]
    axes = {"x": x, "xlabel": xlabel, "ylabel": ylabel, "ylim": ends, "given": given}
    if values is not ...:
        return Drawing(axes, values, None)
    try:
        widget = _widget()(axes=axes, values=[None] * len(x))
    except ModuleNotFoundError:
        print("No drawing here: `pip install anywidget` brings it. Write the curve as numbers, values=[...], one for")
        print(f"{xlabel} {', '.join(map(str, x))}.")
        return Drawing(axes, ..., None)
    display(widget)
    return Drawing(axes, ..., widget)


@cache
def _widget():
    """Return the class of the widget, whose looks and handling are in drawing.js."""
    import anywidget
    import traitlets

    class Canvas(anywidget.AnyWidget):
        _esm = Path(__file__).with_name("drawing.js")
        axes = traitlets.Dict().tag(sync=True)
        values = traitlets.List().tag(sync=True)

    return Canvas


def _are_numbers(places):
    return all(isinstance(place, int | float | np.number) and not isinstance(place, bool) for place in places)
