"""The notebooks as the tests see them."""

from pathlib import Path

import nbformat
from copies import lesson_paths, solution_after, tagged, text_of

__all__ = ["PATHS", "ROOT", "read", "solution_after", "tagged", "text_of"]

ROOT = Path(__file__).resolve().parents[1]
PATHS = lesson_paths(ROOT)


def read(path):
    return nbformat.read(path, as_version=4)
