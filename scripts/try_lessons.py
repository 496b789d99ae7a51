"""Run lessons as their users do: elsewhere, twice, backwards, without sliders, by nbconvert or papermill, as a script.

    python scripts/try_lessons.py [--as SETTING] ... [notebooks/01_*.ipynb ...]

A line for each run: the lesson, the setting, seconds, and the most memory that its kernel held, in MB (on Linux alone).
Below it, every error and every line in red that a reader would have met; the exit status is then 1. Warnings that blame
the course's own code count as errors. Another version of a library, such as ipywidgets 7, is tried with its folder in
PYTHONPATH, and so is papermill, which the course does not need: without it that setting is an error.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", type=Path, help="notebooks; by default every lesson")
    setting = parser.add_argument(
        "--as", dest="settings", action="append", metavar="SETTING", help="such as elsewhere; by default all in turn"
    )
    arguments = parser.parse_args()
    if missing := [str(path) for path in arguments.lessons if not path.is_file()]:
        parser.error(f"lessons must be notebooks, got {', '.join(missing)}: look at the spelling")

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from publish import notebook_client

ROOT = Path(__file__).resolve().parents[1]
NAME = "lesson.ipynb"
NOWHERE = "/dev/null/nowhere"  # not even root can write there
STRICT = 'import warnings\nwarnings.filterwarnings("error", module="collapse_lessons|__main__")'
PEAK = """with open("/proc/self/status") as status:
    print(*(line.split()[1] for line in status if line.startswith("VmHWM")))"""
DARK = "figure.facecolor: black\naxes.facecolor: black\ntext.color: white\n"  # a reader's own settings
LIGHT = """import matplotlib
if matplotlib.rcParams["figure.facecolor"] != "white" or matplotlib.rcParams["text.color"] != "black":
    raise RuntimeError("figures are dark")"""


def as_it_is(cells, folder):
    """From top to bottom."""
    return cells, folder, {}


def elsewhere(cells, folder):
    """As VS Code runs it, in a folder with spaces, `python -O`, LANG=C, a dark style of one's own, nowhere to write."""
    course = folder / "Cours d'été, élève n° 1"
    for part in ("collapse_lessons", "data"):
        shutil.copytree(ROOT / part, course / part, dirs_exist_ok=True)
    (course / "matplotlibrc").write_text(DARK)
    opened = new_code_cell(f"__vsc_ipynb_file__ = {str(course / NAME)!r}")
    environment = {
        "PYTHONPATH": os.pathsep.join([str(course), os.environ.get("PYTHONPATH", "")]),
        "PYTHONOPTIMIZE": "1",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C",
        "MATPLOTLIBRC": str(course),
        "HOME": NOWHERE,
        "COLLAPSE_LESSONS_HOME": NOWHERE,
    }
    return [opened, *cells, new_code_cell(LIGHT)], course, environment


def twice(cells, folder):
    """Each cell twice, and the checks before the answers."""
    set_up, *others = cells
    checks = [cell for cell in others if "check" in cell.metadata.get("tags", [])]
    return [set_up, *checks, *(cell for cell in others for _ in range(2))], folder, {}


def bottom_up(cells, folder):
    """From top to bottom, and then from the last cell up to the first."""
    return [*cells, *cells[::-1]], folder, {}


def sliders(cells, folder):
    """The set-up, the explorer's figure and its sliders alone."""
    return [cells[0], *(cell for cell in cells if "explorer.draw" in cell.source)], folder, {}


def without_widgets(cells, folder):
    """The same in a Python that has no ipywidgets."""
    cells, folder, environment = sliders(cells, folder)
    return [new_code_cell("import sys\nsys.modules['ipywidgets'] = None"), *cells], folder, environment


def in_a_kernel(notebook, folder, environment):
    """Run every cell; return the notebook with its outputs."""
    notebook_client.execute(notebook, folder, allow_errors=True, env=environment)
    return notebook


def by_nbconvert(notebook, folder, environment):
    """The same by `jupyter nbconvert`, called in another folder."""
    tool = "nbconvert", "--execute", "--allow-errors", "--inplace", "--to", "notebook", folder / NAME
    return _after(tool, notebook, folder, environment)


def by_papermill(notebook, folder, environment):
    """The same by papermill, called in another folder; it ends at the first error."""
    tool = "papermill", "--no-progress-bar", "--log-level", "ERROR", "--cwd", folder, folder / NAME, folder / NAME
    return _after(tool, notebook, folder, environment)


def as_a_script(notebook, folder, environment):
    """Run the script that `jupyter nbconvert --to script` makes, by Python alone; return all of it as one cell."""
    _after(("nbconvert", "--to", "script", folder / NAME), notebook, folder, environment)
    script = [sys.executable, (folder / NAME).with_suffix(".py")]
    done = subprocess.run(
        script, capture_output=True, text=True, encoding="utf8", cwd=folder, env=environment, check=False
    )
    whole, peak = new_code_cell("the script"), new_code_cell(PEAK)
    if done.stderr or done.returncode:
        whole.outputs.append(new_output("stream", name="stderr", text=f"{done.stderr}It ended with {done.returncode}."))
    if not done.returncode:
        peak.outputs.append(new_output("stream", text=done.stdout.splitlines()[-1]))
    return new_notebook(cells=[whole, peak])


def _after(tool, notebook, folder, environment):
    """Return the notebook after one of Jupyter's tools was at work on it, called where the notebook is not."""
    nbformat.write(notebook, folder / NAME)
    with tempfile.TemporaryDirectory() as other:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # its errors are in the notebook
        subprocess.run([sys.executable, "-m", *map(str, tool)], cwd=other, env=environment, check=False, **quiet)
    return nbformat.read(folder / NAME, as_version=4)


SETTINGS = {
    setting.__name__: (setting, in_a_kernel)
    for setting in (as_it_is, elsewhere, twice, bottom_up, sliders, without_widgets)
} | {run.__name__: (as_it_is, run) for run in (by_nbconvert, by_papermill, as_a_script)}


def attempt(path, setting, run=in_a_kernel):
    """Run a lesson in a setting; returns its seconds, its peak in MB (None unless on Linux) and what went wrong."""
    lesson = nbformat.read(path, as_version=4)
    cells = [cell for cell in lesson.cells if cell.cell_type == "code"]
    with tempfile.TemporaryDirectory() as folder:
        home = {"COLLAPSE_LESSONS_HOME": str(Path(folder) / "reader")}
        cells, where, environment = setting(cells, Path(folder))
        last = [new_code_cell(PEAK)] if sys.platform == "linux" else []
        notebook = new_notebook(cells=copies([new_code_cell(STRICT), *cells, *last]), metadata=lesson.metadata)
        began = time.perf_counter()
        notebook = run(notebook, where, os.environ | home | environment)
    seconds = time.perf_counter() - began
    wrong = [line for cell in notebook.cells for line in in_red(cell)]
    if last and not (printed := notebook.cells[-1].outputs):
        return seconds, None, wrong or ["it did not come to its end"]
    return seconds, int(printed[0].text) / 1000 if last else None, wrong


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


def main(lessons, settings):
    """Run lessons in settings and print what came of it; returns how many runs went wrong."""
    spoilt = 0
    for path in lessons:
        for name in settings:
            seconds, peak, wrong = attempt(path, *SETTINGS[name])
            memory = f", {peak:.0f} MB" if peak else ""
            print(f"{path.stem}, {name}: {seconds:.0f} s{memory}", *wrong, sep="\n    ", flush=True)
            spoilt += bool(wrong)
    return spoilt


if __name__ == "__main__":
    setting.choices = SETTINGS  # which are known now
    settings = parser.parse_args().settings or SETTINGS
    sys.exit(main(arguments.lessons or sorted((ROOT / "notebooks").glob("*.ipynb")), settings) > 0)
