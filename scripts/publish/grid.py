"""Draw every lesson's explorer over a grid of its controls, so that it moves in the book, where no kernel runs.

The controls are read from the lesson's own cell. A grid of all their values would have millions of pictures, so each
keeps a few, its default among them.
"""

import ast
import itertools
import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from inspect import signature
from io import BytesIO

import matplotlib.pyplot as plt
import nbformat
import numpy as np
from PIL import Image

from collapse_lessons import plots

MOST = 120  # pictures a lesson
KEPT = {  # by explorer: what a control keeps, where a choice by hand shows more than evenly spread values
    "first_look": {"generation": range(0, 51, 2)},
    "gaussian": {"n": [10, 30, 100, 1000], "n_generations": [300], "seed": range(6)},
    "categorical": {"n": [100, 1000, 3000], "temperature": [0.8, 0.9, 1.0], "top_p": [0.9, 1.0], "seed": [0, 1]},
    "mixtures": {"components": [1, 4, 12], "n": [100], "keep": [1.0, 0.5], "generation": [0, 2, 5, 10], "seed": [0]},
    "photocopier": {
        "copies": [0, 5, 10, 20, 40], "blur": [0.0, 0.5, 1.2], "tone": [0.95, 1.05, 1.15], "noise": [0.02],
        "sharpen": [0.0, 1.0], "shift": [0], "jpeg": [None],
    },
    "images": {"generation": [0, 2, 5, 7]},
    "smollm2": {"prompt": [1, 2, 4, 7, 8, 11]},
    "ngram": {
        "order": [2, 4, 6], "temperature": [0.7, 1.0], "top_p": [0.9, 1.0], "generation": [0, 2, 5, 10], "seed": [0],
    },
    "web": {
        "plateau": [0.0, 0.2, 0.52, 0.8], "temperature": [0.8, 1.0], "growth": [1.2, 2.0, 3.0], "withdrawn": [0.0, 0.5],
        "seed": [0],
    },
    "defences": {
        "real": [0.01, 0.1], "labelled": [0.0, 0.3, 0.9], "found": [0.0, 0.6], "false_alarms": [0.0, 0.09],
        "looked_at": [0.0, 0.5], "seed": [0],
    },
    "evidence": {"n": [10, 30, 100, 300], "seeds": [3, 10, 30], "seed": [0]},
}  # fmt: skip


def panels(paths, folder):
    """Draw the explorers of lessons into folder/NAME/; return, by lesson, the panel as HTML."""
    with ProcessPoolExecutor() as pool:
        drawn = pool.map(partial(panel, folder=folder), paths)
        return {path.stem: html for path, html in zip(paths, drawn, strict=True) if html}


def panel(path, folder):
    """Draw the explorer of one lesson; return its panel as HTML, or None for a lesson without one."""
    explorer = asked(nbformat.read(path, as_version=4))
    if explorer is None:
        return None
    draw, controls = explorer
    knobs = grid(draw, controls)
    plt.switch_backend("agg")  # whatever this machine has a window for
    plots.use_style()
    (folder / path.stem).mkdir(parents=True, exist_ok=True)
    words = []
    for i, chosen in enumerate(itertools.product(*(knob["values"] for knob in knobs))):
        figure, description, alt = draw(**dict(zip((knob["name"] for knob in knobs), chosen, strict=True)))
        (folder / path.stem / f"{i}.webp").write_bytes(small(plots.png(figure, crop=False)))
        words.append([description, alt])
    shown = [{key: value for key, value in knob.items() if key != "values"} for knob in knobs]
    data = {"folder": f"../explorers/{path.stem}/", "knobs": shown, "words": words}
    safe = json.dumps(data).replace("<", "\\u003c")  # nothing in it may end the script
    return f'<div class="explorer"><script type="application/json">{safe}</script></div>'


def asked(notebook):
    """Return the (draw, controls) that a lesson calls `explore` with, or None."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    call = next((source for source in code if source.startswith("explore(")), None)
    if call is None:
        return None
    needed = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)}
    names, caught = {}, []
    for node in ast.walk(ast.parse("\n".join(source for source in code if not source.lstrip().startswith("%")))):
        if isinstance(node, ast.ImportFrom):
            node.names = [alias for alias in node.names if (alias.asname or alias.name) in needed]
            if node.names:
                exec(compile(ast.Module([node], []), "imports", "exec"), names)
    names["explore"] = lambda draw, **controls: caught.append((draw, controls))
    exec(call, names)
    return caught[0]


def grid(draw, controls):
    """Return a knob for each control: its name, kind, the values that it keeps, their labels, and where it starts."""
    kept = KEPT.get(draw.__module__.rpartition(".")[2], {})
    knobs = []
    for name, control in controls.items():
        default = signature(draw).parameters[name].default
        labels, values = every(control)
        at = [i for i, value in enumerate(values) if value in kept.get(name, values) or value == default]
        knobs.append((name, control, [labels[i] for i in at], [values[i] for i in at], default))
    sizes = [len(values) for _, _, _, values, _ in knobs]
    while np.prod(sizes) > MOST:
        longest = max(range(len(sizes)), key=lambda i: (sizes[i], knobs[i][0] == "seed"))
        sizes[longest] -= 1
    shown = []
    for (name, control, labels, values, default), size in zip(knobs, sizes, strict=True):
        start = values.index(default)
        at = spread(len(values), size, start)
        kind = "moving" if isinstance(control, range) else "slider" if isinstance(control, tuple) else "choice"
        shown.append(
            {
                "name": name,
                "kind": kind,
                "values": [values[i] for i in at],
                "labels": [labels[i] for i in at],
                "start": at.index(start),
            }
        )
    return shown


def every(control):
    """Return the labels and the values of a control as ipywidgets abbreviates it: a tuple, range, list or dict."""
    if isinstance(control, dict):
        return list(control), list(control.values())
    if isinstance(control, tuple):
        low, high, *step = control
        step = step[0] if step else 1 if isinstance(low, int) and isinstance(high, int) else 0.1
        control = [round(low + i * step, 10) for i in range(round((high - low) / step) + 1)]
    values = list(control)
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in values], values


def spread(n, size, start):
    """Return `size` positions of n, evenly spread, `start` among them."""
    at = sorted(set(np.linspace(0, n - 1, size).round().astype(int).tolist()))
    if start not in at:
        at[int(np.argmin(np.abs(np.array(at) - start)))] = start
    return at


def small(png):
    """Return a picture as WebP: of a plot the exact lines in few colours, of photos what the eye needs."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    plot, photo = BytesIO(), BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).convert("RGB").save(plot, "webp", lossless=True)
    picture.save(photo, "webp", quality=75)
    return min(plot.getvalue(), photo.getvalue(), key=len)
