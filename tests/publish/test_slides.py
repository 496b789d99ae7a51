"""Slides: what is shown, what is said, and what is left out."""

import nbformat
import pytest

pytest.importorskip("latex2mathml", reason="the slides need requirements-book.txt: run `make slides`")

from slides import mathml, pieces, visible


def test_paragraphs_are_shown_or_said():
    source = "## 1 · Measure\n\nHeights.\n\n**Predict.** How many?\n\n- **a** one\n\n**Run.** Here.\n\n$$x$$"
    parts, section = pieces(source, "")
    assert section == "1 · Measure"
    assert [kind for kind, _ in parts] == ["slide", "notes", "subslide", "-", "notes", "-"]
    parts, section = pieces("## In short\n\n- This.\n\n**Next:** [02](02.ipynb)\n\n## Exercises\n\nDo.", section)
    assert parts == [("slide", "## In short"), ("-", "- This.")]
    assert pieces("**Exercise 2.** Do.", section) == ([], "Exercises")


def test_solutions_and_answers_are_left_out():
    source = "1. Why?\n\n<details><summary>Answers</summary>\n\n1. Because.\n\n</details>"
    assert pieces(source, "Quiz")[0] == [("-", "1. Why?")]


def test_code_is_shown_only_when_tagged():
    cell = nbformat.v4.new_code_cell("x = 1")
    assert visible(cell) is None
    cell.metadata["tags"] = ["slide"]
    assert visible(cell).metadata["transient"] == {"remove_source": False}
    cell.metadata["tags"] = ["check", "nbval-check-output"]
    assert visible(cell) is None


def test_formulas_become_mathml_and_code_stays():
    assert mathml("costs `$x$`") == "costs `$x$`"
    assert mathml("so $x$ is").count("<math") == 1
    assert 'display="block"' in mathml("$$x$$")
