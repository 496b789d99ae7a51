"""A short lesson in the settings of its users, and that what goes wrong there is noticed."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import lessons
import try_lessons

HERE = """import os, sys
if {}:
    raise RuntimeError("not where it should be")"""
PROBES = {
    "elsewhere": HERE.format("__debug__ or sys.flags.utf8_mode or 'Cours' not in os.getcwd()"),
    "as_a_script": HERE.format("__import__('IPython').get_ipython()"),
    "twice": HERE.format("len([source for source in In if source.startswith('exercise.half_life')]) < 3"),
}


@pytest.fixture(scope="module")
def short_lesson(tmp_path_factory):
    """Lesson 01's set-up, its sliders and its exercises."""

    def is_kept(cell):
        return "start(" in cell.source or "explorer.draw" in cell.source or {"check", "exercise"} & set(cell.tags)

    path, lesson = tmp_path_factory.mktemp("short") / "lesson.ipynb", lessons.read(lessons.PATHS[1])
    cells = [cell for cell in lesson.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.tags = cell.metadata.get("tags", [])
    kept = [new_code_cell(c.source, metadata=c.metadata) for c in cells if is_kept(c)]
    nbformat.write(new_notebook(cells=kept, metadata=lesson.metadata), path)
    return path


@pytest.mark.parametrize("setting", PROBES)
def test_a_lesson_runs_without_a_word_in_red(short_lesson, setting):
    def probed(cells, folder):
        cells, folder, environment = arrange(cells, folder)
        return [*cells, new_code_cell(PROBES[setting])], folder, environment

    arrange, run = try_lessons.SETTINGS[setting]
    _, _, wrong = try_lessons.attempt(short_lesson, probed, run)
    assert wrong == []


def test_what_goes_wrong_is_said():
    cell = new_code_cell("first\nsecond")
    cell.outputs = [
        new_output("stream", name="stdout", text="fine"),
        new_output("stream", name="stderr", text="FutureWarning: beware\n"),
        new_output("error", ename="NameError", evalue="name 'x' is not defined", traceback=[]),
    ]
    assert list(try_lessons.in_red(cell)) == [
        "stderr: FutureWarning: beware (in the cell that begins with 'first')",
        "NameError: name 'x' is not defined (in the cell that begins with 'first')",
    ]
