"""Answers to every exercise, right and wrong, each with what the check has to say; a file of them a lesson."""

import importlib
import inspect
from pathlib import Path

import pytest

LESSONS = [path.stem.removeprefix("answers_") for path in sorted(Path(__file__).parent.glob("answers_*.py"))]


def cases():
    for lesson in LESSONS:
        for i, case in enumerate(importlib.import_module(f"course.exercises.answers_{lesson}").CASES):
            yield pytest.param(*case, id=f"{lesson}-{case[0].__name__}-{i}")


def checks():
    for lesson in LESSONS:
        module = importlib.import_module(f"collapse_lessons.course.exercises.lesson_{lesson}")
        for name, check in inspect.getmembers(module, inspect.isfunction):
            if check.__module__ == module.__name__ and list(inspect.signature(check).parameters) == ["answer"]:
                yield pytest.param(check, lesson, id=f"{lesson}-{name}")


@pytest.mark.parametrize(("check", "answer", "said"), list(cases()))
def test_answers(check, answer, said, capsys):
    check(answer)
    printed = capsys.readouterr().out
    assert said in printed
    assert printed.startswith(("CORRECT", "NOT YET", "TRY AGAIN"))
    assert printed.count("\n") == 1


@pytest.mark.parametrize(("check", "lesson"), list(checks()))
def test_every_check_says_not_yet_and_has_right_and_wrong_answers(check, lesson, capsys):
    check(...)
    assert capsys.readouterr().out.startswith("NOT YET")
    cases = importlib.import_module(f"course.exercises.answers_{lesson}").CASES
    told = [said for asked, _, said in cases if asked is check]
    assert any(said.startswith("CORRECT") for said in told)
    assert sum(not said.startswith(("CORRECT", "NOT YET")) for said in told) >= 2
