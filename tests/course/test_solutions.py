"""A reader who predicts right and solves every exercise as the lesson shows, offline and in an empty folder."""

import re

import nbformat
import notebook_client
import pytest
from copies import instructor

import lessons

# What a network's pictures reach, gardens without blue, a perplexity after four trainings: another processor is as good
# as another seed, and a hit is likely and not certain. What the lesson says of them stands in cells that are compared.
BY_PROCESSOR = {"05.3", "05.4", "05.5", "08.2"}


def asked(cell):
    """Return the questions that a cell compares predictions of."""
    return re.findall(r'compare\(\s*"([\d.]+)"', cell.source)


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_solutions(path, tmp_path, monkeypatch):
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "home"))
    empty = tmp_path / "empty"
    empty.mkdir()
    notebook = lessons.read(path)
    states = {cell.id: lessons.text_of(cell) for _, cell in lessons.tagged(notebook, "nbval-check-output")}
    notebook = instructor(notebook)
    n_predictions = sum("compare(" in cell.source for cell in notebook.cells if cell.cell_type == "code")
    count = nbformat.v4.new_code_cell(
        "from collapse_lessons.course.lesson import predictions\nprint(len(predictions()))"
    )
    notebook.cells.append(count)
    notebook_client.execute(notebook, empty)

    for _, cell in lessons.tagged(notebook, "check"):
        assert lessons.text_of(cell).startswith("CORRECT"), lessons.text_of(cell)
    printed = {
        cell.id: lessons.text_of(cell) for cell in notebook.cells if "check" not in cell.metadata.get("tags", [])
    }
    assert [(old, printed[i]) for i, old in states.items() if printed.get(i, old) != old] == []
    said = "\n".join(lessons.text_of(cell) for cell in notebook.cells)
    assert said.count("You said") == n_predictions >= 3
    missed = {question for cell in notebook.cells if "a miss" in lessons.text_of(cell) for question in asked(cell)}
    assert missed <= BY_PROCESSOR, "what was stored must come out again, here and anywhere"
    assert lessons.text_of(count).strip() == str(n_predictions), "each prediction is kept once"
    assert not list(empty.iterdir()), "a lesson leaves nothing behind"
