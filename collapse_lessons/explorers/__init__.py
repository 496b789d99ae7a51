"""Sliders around plots: a drawing function returns a figure and its words, `explore` puts controls on it."""

from ipywidgets import interactive

from collapse_lessons.plots import show


def explore(draw, **controls):
    """Return a panel of controls over `draw(**values) -> (figure, description, alt)`, redrawn at every change.

    Controls are written as ipywidgets abbreviates them: (low, high, step) for a slider, a list or dict for a choice.
    """

    def redraw(**values):
        show(*draw(**values))

    panel = interactive(redraw, **controls)
    for control in panel.children[:-1]:
        control.style.description_width = "9em"
        control.layout.width = "28em"
        control.description = control.description.replace("_", " ")
    return panel
