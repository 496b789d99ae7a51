"""What a lesson takes: minutes of a reader; seconds of the machine, its kernel's start included; memory at the peak.

The minutes count 180 words and 25 lines of code a minute, a minute and a half for each prediction and five for each
exercise.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

import nbformat

from scripts.publish import notebook_client
from scripts.publish.copies import lesson_paths, text_of

PATHS = lesson_paths()


def execute(path):
    """Return the seconds that one notebook takes, and the GB of its kernel at their peak."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(notebook_client.PEAK))
    began = time.perf_counter()
    notebook_client.execute(notebook, path.parent)
    return time.perf_counter() - began, float(text_of(notebook.cells[-1]))


def minutes(path):
    """Return the minutes that one lesson takes to read and work through, sources and folded answers left out."""
    words = lines = predictions = exercises = 0
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"<details>.*?</details>", "", cell.source.split("## Sources")[0], flags=re.DOTALL)
            words += len(prose.split())
        else:
            lines += len(cell.source.splitlines())
            predictions += "compare(" in cell.source
            exercises += "exercise" in cell.metadata.get("tags", [])
    return words / 180 + lines / 25 + 1.5 * predictions + 5 * exercises


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
        seconds, peak = execute(path)
        total += seconds
        print(f"{path.stem:24} {minutes(path):3.0f} min {seconds:6.1f} s {peak:5.2f} GB", flush=True)
    print(f"{'all':24} {sum(map(minutes, PATHS)):3.0f} min {total:6.1f} s")
