"""Each lesson once, as it stands and as a reader who answers: nbval runs both in one kernel, since a lesson takes long.

After a check the exercise is solved as the lesson shows, and after a comparison the prediction is what came out; both
are then asked again. What a solution offers to try, in its text, is tried. The cells are those of the teacher's copy.
"""

import ast
import copy
import re
from collections import defaultdict

import nbformat
from copies import PREDICTION, instructor

import lessons

# What a network's pictures reach, gardens without blue: another processor is as good as another seed, and a hit is
# likely and not certain. What the lesson says of them stands in cells that are compared.
BY_PROCESSOR = {"05.3", "05.4", "05.5"}
ASKED_AGAIN = """
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as heard:
    {question}
heard = heard.getvalue()
assert {right}, heard
"""
NOTHING_LEFT = """
import os, psutil
started = psutil.Process().create_time()
own = (".ipynb", ".ipynb_checkpoints")  # somebody may be at work on a lesson meanwhile
left = [entry.name for entry in os.scandir() if entry.stat().st_mtime > started and not entry.name.endswith(own)]
assert not left, f"a lesson leaves nothing behind, got {left}"
"""


def pytest_collection_modifyitems(items):
    cells = {id(item.cell): item for item in items if type(item).__name__ == "IPyNbCell"}
    of_lessons = {item.parent for item in cells.values() if item.parent.path in lessons.PATHS}
    for lesson in of_lessons:
        for cell, source in answers(lesson.nb).items():
            if cell in cells:
                asked = cells[cell]
                items.insert(items.index(asked) + 1, another(asked, f"{asked.name}, answered", source))
        last = [item for item in items if item.parent is lesson][-1]
        items.insert(items.index(last) + 1, another(last, "Nothing is left", NOTHING_LEFT))


def another(item, name, source):
    """Return a cell of the same lesson, whose output is compared with none."""
    cell = nbformat.v4.new_code_cell(source)
    return type(item).from_parent(item.parent, name=name, cell_num=item.cell_num, cell=cell, options=defaultdict(bool))


def answers(notebook):
    """Return {id of a cell that checks or compares: code that answers, asks again, and fails unless that is right}."""
    found, answered = {}, instructor(copy.deepcopy(notebook)).cells
    answer = ""
    for i, (cell, solved) in enumerate(zip(notebook.cells, answered, strict=True)):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and ("exercise" in tags or PREDICTION.search(cell.source)):
            answer = solved.source
        elif "check" in tags:
            right = 'heard.startswith("CORRECT")'
            asked_again = ASKED_AGAIN.format(question=cell.source, right=right)
            found[id(cell)] = "\n".join([answer + asked_again, *offered(notebook.cells[i + 1 :])])
        elif cell.cell_type == "code" and "compare(" in cell.source:
            (question,) = (ast.unparse(part) for part in ast.parse(cell.source).body if is_compare(part))
            hit = "" if re.search(r"[\d.]+", question)[0] in BY_PROCESSOR else ' and "a miss" not in heard'
            found[id(cell)] = answer + ASKED_AGAIN.format(question=question, right=f'"You said" in heard{hit}')
    return found


def offered(below):
    """Return the lines of code in the text below the block of the next solution: "when yours is right, `try(this)`"."""
    solution = next(cell.source for cell in below if "solution" in cell.metadata.get("tags", []))
    spans = re.findall(r"`([^`]+\))`|`(\[[^`]+\])`", solution.rpartition("```")[2])
    return [" ".join("".join(span).split()) for span in spans]


def is_compare(statement):
    return isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("compare(")
