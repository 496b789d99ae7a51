"""Open the course in JupyterLab, on the reader's own copies of the lessons.

    python scripts/publish/lab.py [--only-copies] [--jupyter=OPTIONS]

The copies are made in my_lessons/ once and then belong to the reader: none that was edited or run is ever written over,
and git knows nothing of them. When a lesson has changed, its new version is put beside the reader's copy.
"""

import argparse
import os
import shlex
from itertools import count

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only-copies", action="store_true", help="do not open JupyterLab")
    parser.add_argument(
        "--jupyter",
        type=shlex.split,
        default=[],
        metavar="OPTIONS",
        help="for JupyterLab, such as --jupyter=--no-browser",
    )
    options = parser.parse_args()

import nbformat
from copies import ROOT, copies, version

FOLDER = ROOT / "my_lessons"


def refresh(folder, lessons):
    """Put lessons, {name: notebook}, into a folder where they are not yet; yields a line for whatever it writes."""
    folder.mkdir(exist_ok=True)
    for name, lesson in lessons.items():
        made_from = lesson.metadata["collapse_lessons"]["version"]
        for number in count(1):
            path = folder / (f"{name}.ipynb" if number == 1 else f"{name}-{number}.ipynb")
            theirs = read(path) if path.exists() else None
            if theirs and theirs.metadata.get("collapse_lessons", {}).get("version") == made_from:
                break
            if not path.exists() or (theirs and untouched(theirs)):
                nbformat.write(lesson, path)
                if number > 1:
                    yield f"{name} has changed. Yours stays as it is; the new version is beside it, {path.name}"
                break


def read(path):
    """Return a reader's notebook, or None if it can't be read: it is theirs all the same."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # whatever a reader has made of the file
        return None


def untouched(notebook):
    """Return whether nobody has changed a word of a copy, nor run a cell of it, since it was made."""
    made_from = notebook.metadata.get("collapse_lessons", {}).get("version")
    return version(notebook) == made_from and not any(cell.get("outputs") for cell in notebook.cells)


def main(only_copies=False, jupyter=()):
    """Make the copies that are not there yet and open the first in JupyterLab, to which its options are handed on."""
    for line in refresh(FOLDER, copies("reader")):
        print(line)
    if not only_copies:
        from jupyterlab.labapp import main as open_lab

        os.chdir(ROOT)  # what JupyterLab's list of files begins with
        open_lab([f"{FOLDER.name}/00_start_here.ipynb", *jupyter])


if __name__ == "__main__":
    main(options.only_copies, options.jupyter)
