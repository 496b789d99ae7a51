"""Sliders around plots: `explore` puts controls on a drawing function that returns a figure and its words, or HTML."""

from html import escape
from inspect import Parameter, signature

from collapse_lessons import checks, plots


def explore(draw, **controls):
    """Return a panel of controls over `draw(**values) -> (figure, description, alt)`, redrawn at every change.

    `draw` may also return HTML, if it is no picture that it makes.
    Controls are written as ipywidgets abbreviates them: (low, high, step) for a slider, a list or dict for a choice. A
    range is a slider with a Play button. They begin at the defaults of `draw`, so that the panel opens with the figure
    that stands above it. Where ipywidgets is missing, a line says so.
    """
    checks.function("draw", draw, "that returns (figure, description, alt)", "pass one")
    known = signature(draw).parameters
    if unknown := set(controls) - set(known):
        raise TypeError(f"controls must be arguments of draw, {', '.join(known)}, got {sorted(unknown)}: rename them")
    if missing := [name for name in known if known[name].default is Parameter.empty and name not in controls]:
        raise TypeError(f"draw must have a default for each argument without a control, got none for {missing}: add it")
    try:
        from ipywidgets import HTML, HBox, IntSlider, Play, VBox, interactive, jslink
    except ModuleNotFoundError:
        print("No sliders here: `pip install ipywidgets` brings them. The figure above is where they would begin.")
        return None

    def knob(name, choices):
        default = known[name].default
        if isinstance(choices, range):
            return IntSlider(default, choices[0], choices[-1], choices.step)
        if not isinstance(choices, dict):
            return interactive.widget_from_abbrev(choices, default)
        labels = [label for label, value in choices.items() if value == default]
        return interactive.widget_from_abbrev(list(choices), *labels[:1])  # labels, for a choice of None shows as blank

    def value(name, choices):
        return choices[knobs[name].value] if isinstance(choices, dict) else knobs[name].value

    def row(name, choices):
        if not isinstance(choices, range):
            return knobs[name]
        player = Play(value=choices[0], min=choices[0], max=choices[-1], step=choices.step, interval=400)
        jslink((player, "value"), (knobs[name], "value"))  # in the browser, which waits for no drawing
        return HBox([knobs[name], player])

    knobs = {name: knob(name, choices) for name, choices in controls.items()}
    # HTML, not ipywidgets' Output: in the latter a notebook that runs without a browser gets stuck now and then.
    page = HTML()

    def redraw():
        drawn = draw(**{name: value(name, choices) for name, choices in controls.items()})
        page.value = drawn if isinstance(drawn, str) else plots.page(*drawn)

    def redraw_or_say_why(_):
        try:
            redraw()
        except Exception as error:  # a slider has no cell of its own to show it in
            page.value = f"<p>These settings cannot be drawn: {escape(f'{type(error).__name__}: {error}')}</p>"

    for name, widget in knobs.items():
        widget.description = name.replace("_", " ")
        widget.style.description_width = "9em"
        widget.layout.width = "28em"
        widget.observe(redraw_or_say_why, "value")
    redraw()
    return VBox([*(row(name, choices) for name, choices in controls.items()), page])
