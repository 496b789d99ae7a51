"""Find out who solved what: execute each student's notebooks anew and write build/grades.csv.

    python scripts/publish/grade.py FOLDER [--seconds 600]

FOLDER has one folder for each student, with the notebooks they handed in anywhere inside. What a notebook has printed
before is not believed: it runs from top to bottom in an empty folder with a gradebook of its own, which the lesson's
checks fill, and a check that an exercise has not passed leaves nothing there.

This runs the students' code with your rights. Do it where there is nothing to lose: in a container, on a hosted
service, or as a user of its own. Code can also write into the gradebook by itself; a notebook that mentions it is
marked, and a number is worth a look at the notebook.
"""

import argparse
import csv
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="one folder for each student inside")
    parser.add_argument("--seconds", type=float, default=600, help="what a notebook may take, 600 if not given")
    options = parser.parse_args()

import nbformat
import notebook_client
from copies import ROOT, lesson_paths, tagged
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from collapse_lessons.course.self_check import solved

PATH = ROOT / "build" / "grades.csv"
COLUMNS = ["student", "lesson", "notebook", "solved", "of", "exercises", "remark"]
GRADEBOOK = re.compile(r"solved\.jsonl|_keep|_append|COLLAPSE_LESSONS_HOME|\bhome\(")
CHECK = re.compile(r"^exercise\.(\w+)\(", re.MULTILINE)


def exercises():
    """Return the names of each lesson's checks, {"01": ["half_life", ...]}, from the lessons themselves."""
    notebooks = {path.stem[:2]: nbformat.read(path, as_version=4) for path in lesson_paths()}
    return {
        lesson: [CHECK.search(cell.source)[1] for _, cell in tagged(notebook, "check")]
        for lesson, notebook in notebooks.items()
    }


def grades(folder, seconds):
    """Yield a row of `COLUMNS` for each notebook of each student."""
    known = exercises()
    for student in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        paths = [path for path in sorted(student.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]
        for path in paths:
            row = {"student": student.name, "notebook": path.relative_to(student).as_posix()}
            yield row | grade(path, known, seconds)
        if not paths:
            yield {"student": student.name, "remark": "no notebook"}


def grade(path, known, seconds):
    """Execute one notebook and return what its checks have found solved."""
    try:
        notebook = nbformat.read(path, as_version=4)
        title = re.match(r"# (\d\d) · ", notebook.cells[0].source)
    except Exception as error:  # whatever a student's file may hold
        return {"remark": f"not a notebook: {type(error).__name__}"}
    if not title or title[1] not in known:
        return {"remark": "not a lesson's notebook: its first cell is not a lesson's title"}
    names = known[title[1]]
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryDirectory() as empty,
        patch.dict(os.environ, COLLAPSE_LESSONS_HOME=home),
    ):
        remark = run(notebook, empty, seconds)
        kept = solved()
    passed = [name for name in names if name in set(kept.loc[kept["lesson"] == title[1], "exercise"])]
    if any(GRADEBOOK.search(cell.source) for cell in notebook.cells if cell.cell_type == "code"):
        remark = f"LOOK AT IT: its code mentions the gradebook. {remark}".strip()
    return {
        "lesson": title[1],
        "solved": len(passed),
        "of": len(names),
        "exercises": " ".join(passed),
        "remark": remark,
    }


def run(notebook, folder, seconds):
    """Run a notebook to its end, past what raises; returns what a teacher should know, or ""."""
    end = time.monotonic() + seconds
    try:
        notebook_client.execute(
            notebook, folder, allow_errors=True, seconds=lambda cell: max(1, end - time.monotonic())
        )
    except CellTimeoutError:
        return f"stopped after {seconds} s"
    except DeadKernelError:
        return "its kernel died"
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    errors = [f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"]
    return f"a cell raised {errors[0][:200]}" if errors else ""


def main(folder, seconds=600):
    """Grade a folder; returns a sentence if there is nothing to grade."""
    if not folder.is_dir():
        return f"folder must have one folder for each student, got {str(folder)!r}: make grade FROM=path/to/it"
    PATH.parent.mkdir(exist_ok=True)
    with PATH.open("w", encoding="utf-8-sig", newline="") as file:  # the mark without which Excel misreads names
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for row in grades(folder, seconds):
            table.writerow(row)
            file.flush()
            print(*(f"{row[name]}" for name in COLUMNS if row.get(name) not in (None, "")), sep=" | ", flush=True)
    print(f"wrote {PATH}")
    return None


if __name__ == "__main__":
    sys.exit(main(options.folder, options.seconds))
