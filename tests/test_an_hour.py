"""A lesson fits its hour: what there is to read, look at, predict and solve is counted."""

import re

import pytest

import lessons

MOST_WORDS, MOST_MINUTES = 3000, 60
WORDS_A_MINUTE = 150
MINUTES = {"figure": 1.5, "prediction": 2.0, "exercise": 4.0}


def prose(path):
    """Return what there is to read, without the list of sources."""
    cells = [cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown"]
    return re.sub(r"(?ms)^## Sources\n.*?(?=^## |\Z)", "", "\n".join(cells))


def minutes(path):
    """Return how long it takes: what is folded is read by those who want to know more, and takes none of it."""
    notebook = lessons.read(path)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    counted = {
        "figure": sum(len(re.findall(r"\bplots\.(?:show|quotes)\(", source)) for source in code),
        "prediction": sum(len(re.findall(r"^\s*compare\(", source, re.MULTILINE)) for source in code),
        "exercise": len(lessons.tagged(notebook, "exercise")),
    }
    unfolded = re.sub(r"(?s)<details>.*?</details>", "", prose(path))
    return len(unfolded.split()) / WORDS_A_MINUTE + sum(MINUTES[what] * n for what, n in counted.items())


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_a_lesson_fits_its_hour(path):
    words, takes = len(prose(path).split()), minutes(path)
    assert words <= MOST_WORDS
    assert takes <= MOST_MINUTES
