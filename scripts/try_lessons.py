"""Run lessons as their users do: elsewhere, twice, without sliders, where nothing can be written.

usage: python scripts/try_lessons.py [--as SETTING] ... [notebooks/01_*.ipynb ...]

A line for each run: the lesson, the setting, seconds, and the most memory that its kernel held, in MB (on Linux alone).
Below it, every error and every line in red that a reader would have met; the exit status is then 1. Warnings that blame
the course's own code count as errors. Another version of a library is tried with its folder in PYTHONPATH.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from publish import notebook_client

ROOT = Path(__file__).resolve().parents[1]
NOWHERE = "/dev/null/nowhere"  # not even root can write there
STRICT = 'import warnings\nwarnings.filterwarnings("error", module="collapse_lessons|__main__")'
PEAK = """with open("/proc/self/status") as status:
    print(*(line.split()[1] for line in status if line.startswith("VmHWM")))"""


def as_it_is(cells, folder):
    """From top to bottom."""
    return cells, folder, {}


def elsewhere(cells, folder):
    """In a folder with spaces and accents, as VS Code runs it, under `python -O` and LANG=C, with nowhere to write."""
    course = folder / "Cours d'été, élève n° 1"
    for part in ("collapse_lessons", "data"):
        shutil.copytree(ROOT / part, course / part, dirs_exist_ok=True)
    opened = new_code_cell(f"__vsc_ipynb_file__ = {str(course / 'lesson.ipynb')!r}")
    environment = {
        "PYTHONPATH": os.pathsep.join([str(course), os.environ.get("PYTHONPATH", "")]),
        "PYTHONOPTIMIZE": "1",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C",
        "HOME": NOWHERE,
        "COLLAPSE_LESSONS_HOME": NOWHERE,
    }
    return [opened, *cells], course, environment


def twice(cells, folder):
    """Each cell twice, and the checks before the answers."""
    set_up, *others = cells
    checks = [cell for cell in others if "check" in cell.metadata.get("tags", [])]
    return [set_up, *checks, *(cell for cell in others for _ in range(2))], folder, {}


def sliders(cells, folder):
    """The set-up, the explorer's figure and its sliders alone."""
    return [cells[0], *(cell for cell in cells if "explorer.draw" in cell.source)], folder, {}


def without_widgets(cells, folder):
    """The same in a Python that has no ipywidgets."""
    cells, folder, environment = sliders(cells, folder)
    return [new_code_cell("import sys\nsys.modules['ipywidgets'] = None"), *cells], folder, environment


SETTINGS = {setting.__name__: setting for setting in (as_it_is, elsewhere, twice, sliders, without_widgets)}


def attempt(path, setting):
    """Run a lesson in a setting; returns its seconds, its peak in MB (None unless on Linux) and what went wrong."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COLLAPSE_LESSONS_HOME"] = str(Path(folder) / "reader")
        cells, where, environment = setting(cells, Path(folder))
        last = [new_code_cell(PEAK)] if sys.platform == "linux" else []
        notebook = nbformat.v4.new_notebook(cells=copies([new_code_cell(STRICT), *cells, *last]))
        began = time.perf_counter()
        notebook_client.execute(notebook, where, allow_errors=True, env=os.environ | environment)
    seconds = time.perf_counter() - began
    peak = int(notebook.cells[-1].outputs[0].text) / 1000 if last else None
    return seconds, peak, [line for cell in notebook.cells for line in in_red(cell)]


def copies(cells):
    """Return copies of cells with ids of their own, so that one may be there twice."""
    return [new_code_cell(cell.source, id=f"cell-{i}") for i, cell in enumerate(cells)]


def in_red(cell):
    """Yield what a reader sees in red below a cell: errors, and what was written to stderr."""
    at = next(iter(cell.source.strip().splitlines()), "")
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"{output.ename}: {output.evalue} (in the cell that begins with {at!r})"
        elif output.get("name") == "stderr":
            yield f"stderr: {output.text.strip()} (in the cell that begins with {at!r})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", type=Path, default=sorted((ROOT / "notebooks").glob("*.ipynb")))
    parser.add_argument("--as", dest="settings", action="append", choices=SETTINGS)
    arguments = parser.parse_args()
    spoilt = 0
    for path in arguments.lessons:
        for name in arguments.settings or SETTINGS:
            seconds, peak, wrong = attempt(path, SETTINGS[name])
            memory = f", {peak:.0f} MB" if peak else ""
            print(f"{path.stem}, {name}: {seconds:.0f} s{memory}", *wrong, sep="\n    ", flush=True)
            spoilt += bool(wrong)
    sys.exit(spoilt > 0)


if __name__ == "__main__":
    main()
