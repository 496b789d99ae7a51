"""Draw every lesson's explorer over a grid of its controls, so that it moves in the book, where no kernel runs.

The controls are read from the lesson's own cell. A grid of all their values would have millions of pictures, so each
keeps a few, its default among them.
"""

import ast
import builtins
import itertools
import json
import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from inspect import signature
from io import BytesIO
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
from copies import ROOT
from PIL import Image

from collapse_lessons import plots

MOST = 120  # pictures of an explorer
SOURCES = ["collapse_lessons", "data"]  # of the pictures
LIBRARIES = ["numpy", "scipy", "matplotlib", "pillow"]  # that a picture may change with
KEPT = {  # by explorer: what a control keeps, where a choice by hand shows more than evenly spread values
    "first_look": {"generation": range(0, 51, 2)},
    "gaussian": {"n": [10, 30, 100, 1000], "n_generations": [300], "seed": range(3)},
    "categorical": {"n": [100, 1000, 3000], "temperature": [0.8, 0.9, 1.0], "top_p": [0.9, 1.0], "seed": range(6)},
    "mixtures": {"components": [1, 4, 12], "n": [100], "keep": [1.0, 0.5], "generation": [0, 2, 5, 10], "seed": [0]},
    "photocopier": {
        "copies": [0, 5, 10, 20, 40], "blur": [0.0, 0.5, 1.2], "tone": [0.95, 1.05, 1.15], "noise": [0.02],
        "sharpen": [0.0, 1.0], "shift": [0], "jpeg": [None],
    },
    "images": {"generation": [0, 2, 5, 7]},
    "smollm2": {
        "chain": ["replace, sampling", "replace, temperature 0.9", "replace, beams", "accumulate-subsample, sampling"],
        "prompt": [1, 2, 4],
    },
    "ngram": {
        "order": [2, 4, 6], "temperature": [0.7, 1.0], "top_p": [0.9, 1.0], "generation": [0, 2, 5, 10], "seed": [0],
    },
    "web": {
        "machines": [0.0, 0.2, 0.52, 0.8], "temperature": [0.8, 1.0], "growth": [1.2, 2.0, 3.0],
        "withdrawn": [0.0, 0.5], "seed": [0],
    },
    "defences": {
        "real": [0.01, 0.1], "labelled": [0.0, 0.3, 0.9], "found": [0.0, 0.6], "false_alarms": [0.0, 0.09],
        "looked_at": [0.0, 0.2], "seed": [0],
    },
    "labs": {"seed": [0, 1]},
    "likes": {"seed": [0, 1]},
    "evidence": {"n": [10, 30, 100, 300], "seeds": [3, 10, 30], "seed": [0]},
}  # fmt: skip


def panels(paths, folder, notes, most=MOST):
    """Draw the explorers of lessons into folder/NAME/; return, by lesson, the panel of each cell as HTML.

    `notes` is a folder, too, and keeps what each was drawn from: a lesson's are drawn anew only if its own call,
    the package, its data or a library has changed since.
    """
    notes.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        drawn = pool.map(partial(panels_of, folder=folder, notes=notes, state=state(), most=most), paths)
        return {path.stem: html for path, html in zip(paths, drawn, strict=True)}


def panels_of(path, folder, notes, state, most):
    """Draw the explorers of one lesson, unless they are there; return, by the source of their cells, their panels."""
    asked = explorers(nbformat.read(path, as_version=4))
    made_of = [state, most, {call: draw.__module__ for call, (draw, _) in asked.items()}]
    note = notes / f"{path.stem}.json"
    if not note.exists() or (known := json.loads(note.read_text("utf8")))["made_of"] != made_of:
        note.unlink(missing_ok=True)  # a build that is stopped here draws again
        shutil.rmtree(folder / path.stem, ignore_errors=True)
        drawn = {call: panel(*of, folder, f"{path.stem}/{k}", most) for k, (call, of) in enumerate(asked.items())}
        known = {"made_of": made_of, "panels": drawn}
        note.write_text(json.dumps(known), "utf8")
    return known["panels"]


def state():
    """Return a digest of what every picture depends on: this file, the package, its data, the libraries' versions."""
    digest = sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    inside = [path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*")) if path.suffix != ".pyc"]
    for path in [Path(__file__), *filter(Path.is_file, inside)]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def panel(draw, controls, folder, name, most):
    """Draw an explorer into folder/name/, a picture for each setting; return its panel as HTML."""
    knobs = grid(draw, controls, most)
    plt.switch_backend("agg")  # whatever this machine has a window for
    plots.use_style()
    (folder / name).mkdir(parents=True, exist_ok=True)
    words = []
    for i, chosen in enumerate(itertools.product(*(knob["values"] for knob in knobs))):
        figure, description, alt = draw(**dict(zip((knob["name"] for knob in knobs), chosen, strict=True)))
        (folder / name / f"{i}.webp").write_bytes(small(plots.png(figure, crop=False)))
        words.append([description, alt])
    shown = [{key: value for key, value in knob.items() if key != "values"} for knob in knobs]
    data = {"folder": f"../explorers/{name}/", "knobs": shown, "words": words}
    safe = json.dumps(data).replace("<", "\\u003c")  # nothing in it may end the script
    return f'<div class="explorer"><script type="application/json">{safe}</script></div>'


def explorers(notebook):
    """Return the (draw, controls) of each cell that calls `explore`, by its source.

    One that needs more than the lesson's imports, such as models that the lesson trains, can't be drawn beforehand.
    """
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    imports = [node for source in code for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    found = {}
    for call in (source for source in code if source.startswith("explore(")):
        used = [node for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)]
        own = {node.id for node in used if isinstance(node.ctx, ast.Store)}
        needed = {node.id for node in used} - own - set(dir(builtins)) - {"explore"}
        names = {"explore": lambda draw, call=call, **controls: found.update({call: (draw, controls)})}
        for node in imports:
            if aliases := [alias for alias in node.names if (alias.asname or alias.name) in needed]:
                statement = ast.ImportFrom(node.module, aliases, node.level)
                exec(ast.unparse(statement), names)
        if needed <= set(names):
            exec(call, names)
    return found


def grid(draw, controls, most=MOST):
    """Return a knob for each control: its name, kind, the values that it keeps, their labels, and where it starts.

    Together they have at most `most` settings, unless two values of each are more.
    """
    kept = KEPT.get(draw.__module__.rpartition(".")[2], {})
    knobs = []
    for name, control in controls.items():
        default = signature(draw).parameters[name].default
        labels, values = every(control)
        at = [i for i, value in enumerate(values) if value in kept.get(name, values) or value == default]
        knobs.append((name, control, [labels[i] for i in at], [values[i] for i in at], default))
    sizes = [len(values) for _, _, _, values, _ in knobs]
    while np.prod(sizes) > most and max(sizes) > 2:
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
    few = picture.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).convert("RGB")
    plot, photo = BytesIO(), BytesIO()
    few.save(plot, "webp", lossless=True, method=2)
    picture.save(photo, "webp", quality=75, method=2)
    return min(plot.getvalue(), photo.getvalue(), key=len)
