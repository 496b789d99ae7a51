"""What is different where Python runs in the reader's browser (Pyodide): one thread, no other process, no disk."""

import sys
from pathlib import Path

HERE = sys.platform == "emscripten"
DRIVE = Path("/drive")  # JupyterLite's files, which the browser keeps from visit to visit


def workers(n_jobs: int) -> int:
    """Return how many jobs may run side by side: `n_jobs`, and in a browser one, with a line that says so."""
    if HERE and n_jobs != 1:
        print(f"A browser has one thread for Python, so n_jobs={n_jobs} becomes 1: the same results, only later.")
        return 1
    return n_jobs


def home() -> Path | None:
    """Return the folder that the browser keeps for the reader; None outside a browser, or where it keeps nothing."""
    return DRIVE / "my course" if HERE and DRIVE.is_dir() else None


def what_is_kept() -> str:
    """Return a sentence that says where predictions and answers are kept in a browser, and for how long."""
    if home():
        return f"Predictions and answers stay in this browser, in the folder {home().name!r} beside the lessons"
    return "This browser keeps no files for this page: predictions and answers last until it is closed"
