"""Every lesson from top to bottom, offline and in an empty folder, and in one go as two readers would.

Each exercise is checked as it stands there, and once more when it is solved as the lesson shows; every prediction is
right. What a lesson claims must come out as it is stored.
"""

import re
from copy import deepcopy

import nbformat
import notebook_client
import pytest
from copies import instructor

import lessons

# Digits that a network draws, gardens without blue, a perplexity after four trainings: another processor is as good as
# another seed, and a hit is likely and not certain. What the lesson says of them stands in cells that are compared.
BY_PROCESSOR = {"05.1", "05.4", "08.2"}


def asked(cell):
    """Return the questions that a cell compares predictions of."""
    return re.findall(r'compare\(\s*"([\d.]+)"', cell.source)


def tried(notebook):
    """Return a lesson with right predictions, and with each exercise checked before it is solved, too."""
    solved = instructor(deepcopy(notebook))
    for i, _ in reversed(lessons.tagged(notebook, "exercise")):
        before = deepcopy(notebook.cells[i : i + 2])
        for cell in before:
            cell.id, cell.metadata.tags = f"{cell.id}-before"[-64:], ["before"]
        solved.cells[i:i] = before
    return solved


def came_otherwise(notebook, run):
    """Return what claims and unsolved exercises printed, where it is not what is stored: (stored, printed)."""
    printed = {cell.id: lessons.text_of(cell) for cell in run.cells}
    found = []
    for _, cell in lessons.tagged(notebook, "nbval-check-output"):
        place = f"{cell.id}-before"[-64:] if "check" in cell.metadata.tags else cell.id
        if printed[place] != lessons.text_of(cell):
            found.append((lessons.text_of(cell), printed[place]))
    return found


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_solutions(path, tmp_path, monkeypatch):
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "home"))
    empty = tmp_path / "empty"
    empty.mkdir()
    stored = lessons.read(path)
    run = tried(stored)
    n_predictions = sum("compare(" in cell.source for cell in run.cells if cell.cell_type == "code")
    count = nbformat.v4.new_code_cell(
        "from collapse_lessons.course.lesson import predictions\nprint(len(predictions()))"
    )
    run.cells.append(count)
    notebook_client.execute(run, empty)

    assert came_otherwise(stored, run) == []
    for _, cell in lessons.tagged(run, "check"):
        assert lessons.text_of(cell).startswith("CORRECT"), lessons.text_of(cell)
    said = "\n".join(lessons.text_of(cell) for cell in run.cells)
    assert said.count("You said") == n_predictions >= 3
    missed = {question for cell in run.cells if "a miss" in lessons.text_of(cell) for question in asked(cell)}
    assert missed <= BY_PROCESSOR, "what was stored must come out again, here and anywhere"
    assert lessons.text_of(count).strip() == str(n_predictions), "each prediction is kept once"
    assert not list(empty.iterdir()), "a lesson leaves nothing behind"


def cell(source, stored, *tags):
    output = nbformat.v4.new_output("stream", name="stdout", text=stored)
    return nbformat.v4.new_code_cell(source, outputs=[output], metadata={"tags": ["nbval-check-output", *tags]})


def test_a_claim_that_comes_out_otherwise_is_told(tmp_path):
    stored = nbformat.v4.new_notebook(cells=[cell("print(1 + 1)", "2\n"), cell("print(1 + 1)", "3\n")])
    run = tried(stored)
    notebook_client.execute(run, tmp_path)
    assert came_otherwise(stored, run) == [("3\n", "2\n")]


def test_the_network_is_blocked(tmp_path):
    lines = "import urllib.request", "try:", "    urllib.request.urlopen('http://192.0.2.1')"
    call = "\n".join([*lines, "except OSError as error:", "    print(error)"])
    run = nbformat.v4.new_notebook(cells=[cell(call, "")])
    notebook_client.execute(run, tmp_path)
    said = "<urlopen error the network is blocked in the tests, and a lesson asked for 192.0.2.1>\n"
    assert lessons.text_of(run.cells[0]) == said
