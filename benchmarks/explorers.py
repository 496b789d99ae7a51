"""What a reader waits when a slider moves: one redraw of each lesson's explorer, picture included."""

import inspect
import re
import statistics
import time

import nbformat
import numpy as np

from benchmarks.lessons import PATHS
from collapse_lessons import plots

N = 20


def calls():
    """Yield each lesson's name, drawing function and controls, read from its own `explore(...)` cell."""
    for path in PATHS:
        cells = nbformat.read(path, as_version=4).cells
        setup = next(cell.source for cell in cells if cell.cell_type == "code")
        names = {}
        exec(setup.split("check=True)\n")[1].split("\nstart(")[0], names)  # the lesson's own imports
        drawn = (cell.source for cell in cells if cell.cell_type == "code" and cell.source.startswith("explore("))
        # Of the package: one that a lesson defines for itself looks at what the lesson has computed.
        call = next(call for call in drawn if re.match(r"explore\(\s*(\w+)", call)[1] in names)
        names["explore"] = lambda draw, **controls: (draw, controls)
        plots.use_style()
        yield path.stem, *eval(call, names)


def values(control):
    """Return what a control can be set to, as ipywidgets reads its abbreviation."""
    if isinstance(control, tuple) and len(control) in (2, 3) and all(isinstance(c, int | float) for c in control):
        low, high, step = control if len(control) == 3 else (*control, 1)
        return [low + i * step for i in range(int((high - low) / step) + 1)]
    return list(control.values()) if isinstance(control, dict) else list(control)


def redraws(draw, controls):
    """Move one control at a time through its range and return the seconds of each redraw."""
    ranges = {name: values(control) for name, control in controls.items()}
    settings = {name: parameter.default for name, parameter in inspect.signature(draw).parameters.items()}
    rng, seconds = np.random.default_rng(0), []
    for i in range(N + 1):
        name = list(ranges)[i % len(ranges)]
        settings[name] = ranges[name][rng.integers(len(ranges[name]))]
        began = time.perf_counter()
        plots.page(*draw(**settings))
        seconds.append(time.perf_counter() - began)
    return seconds[1:]  # the first one warms up fonts


def main():
    for name, draw, controls in calls():
        seconds = redraws(draw, controls)
        print(f"{name:24} median {1000 * statistics.median(seconds):4.0f} ms, slowest {1000 * max(seconds):5.0f} ms")
