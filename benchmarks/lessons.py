"""What importing the package and executing a lesson from top to bottom take, the kernel's start included."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbclient
import nbformat

PATHS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def execute(path):
    """Return the seconds that one notebook takes."""
    notebook = nbformat.read(path, as_version=4)
    began = time.perf_counter()
    nbclient.NotebookClient(notebook, timeout=600).execute()
    return time.perf_counter() - began


def importing():
    """Return the seconds that `import collapse_lessons` takes in a fresh Python, the best of five."""
    code = "import time; t = time.perf_counter(); import collapse_lessons; print(time.perf_counter() - t)"
    call = [sys.executable, "-c", code]
    return min(float(subprocess.run(call, capture_output=True, text=True, check=True).stdout) for _ in range(5))


def main():
    print(f"import collapse_lessons: {1000 * importing():.0f} ms")
    os.environ["COLLAPSE_LESSONS_HOME"] = tempfile.mkdtemp()  # not the predictions of whoever runs this
    total = 0.0
    for path in PATHS:
        total += (seconds := execute(path))
        print(f"{path.stem:24} {seconds:5.1f} s", flush=True)
    print(f"{'all':24} {total:5.1f} s")
