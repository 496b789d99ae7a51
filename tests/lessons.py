"""The notebooks as the tests see them."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def tagged(notebook, tag):
    """Return the (position, cell) of every cell that carries a tag."""
    return [(i, cell) for i, cell in enumerate(notebook.cells) if tag in cell.metadata.get("tags", [])]


def text_of(cell):
    """Return what a code cell printed."""
    return "".join(output.text for output in cell.get("outputs", []) if output.output_type == "stream")


def solution_after(notebook, position):
    """Return the Python block of the first cell tagged `solution` below a position."""
    cell = next(cell for i, cell in tagged(notebook, "solution") if i > position)
    return re.search(r"```python\n(.*?)```", cell.source, re.DOTALL).group(1)
