"""Sliders around plots: a drawing function returns a figure and its words, `explore` puts controls on it."""

from inspect import Parameter, Signature, signature

from ipywidgets import interactive

from collapse_lessons import checks
from collapse_lessons.plots import show


def explore(draw, **controls):
    """Return a panel of controls over `draw(**values) -> (figure, description, alt)`, redrawn at every change.

    Controls are written as ipywidgets abbreviates them: (low, high, step) for a slider, a list or dict for a choice.
    They begin at the defaults of `draw`, so that the panel opens with the figure that stands above it.
    """
    checks.function("draw", draw, "that returns (figure, description, alt)", "pass one")

    def redraw(**values):
        show(*draw(**values), crop=False)

    known = signature(draw).parameters
    redraw.__signature__ = Signature([known[name].replace(kind=Parameter.KEYWORD_ONLY) for name in controls])
    panel = interactive(redraw, **controls)
    for control in panel.children[:-1]:
        control.style.description_width = "9em"
        control.layout.width = "28em"
        control.description = control.description.replace("_", " ")
    return panel
