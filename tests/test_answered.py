"""What nbval runs of a lesson that is answered fails if a solution is wrong or a prediction misses."""

import nbformat
import pytest

from answered import answers
from collapse_lessons.course import lesson, self_check


def run(answer_shown, solution, result):
    """Run what answers a lesson of one exercise, whose solution is 4, and one prediction, which came out 4."""
    code = nbformat.v4.new_code_cell
    cells = [
        code("prediction = ...\nsure = ..."),
        code('compare("01.1", prediction, result)'),
        code("answer_1 = ...", metadata={"tags": ["exercise"]}),
        code("check(answer_1)", metadata={"tags": ["check"]}),
        nbformat.v4.new_markdown_cell(f"```python\nanswer_1 = {solution}\n```", metadata={"tags": ["solution"]}),
    ]
    cells[1].outputs = [nbformat.v4.new_output("stream", text=f"It came out {answer_shown}.")]

    def check(answer):
        self_check.check(answer, lambda a: a == 4, otherwise="count again.", because="2 and 2.")

    names = {"compare": lesson.compare, "check": check, "result": result}
    sources = list(answers(nbformat.v4.new_notebook(cells=cells)).values())
    assert len(sources) == 2
    for source in sources:
        exec(source, names)


def test_a_right_solution_and_a_result_that_came_out_again_pass():
    run(answer_shown=4, solution=4, result=4)


def test_a_wrong_solution_fails():
    with pytest.raises(AssertionError, match="TRY AGAIN: count again"):
        run(answer_shown=4, solution=5, result=4)


def test_another_result_than_the_stored_one_fails():
    with pytest.raises(AssertionError, match="a miss"):
        run(answer_shown=4, solution=4, result=9)
