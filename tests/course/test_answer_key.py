"""The answer key holds every exercise and every quiz of every lesson, word for word."""

import re

from answer_key import exercises, key, quiz

import lessons


def test_every_exercise_is_there_with_the_solution_that_the_tests_execute():
    text = key(lessons.PATHS)
    for path in lessons.PATHS:
        notebook = lessons.read(path)
        stubs = lessons.tagged(notebook, "exercise")
        pairs = list(exercises(notebook))
        assert [int(re.match(r"\*\*Exercise (\d+)", task).group(1)) for task, _ in pairs] == list(
            range(1, len(stubs) + 1)
        )
        for (i, _), (task, solution) in zip(stubs, pairs, strict=True):
            assert lessons.solution_after(notebook, i) in solution
            assert task in text
            assert solution in text


def test_every_quiz_has_as_many_answers_as_questions():
    for path in lessons.PATHS:
        questions, answers = quiz(lessons.read(path)).split("*Answers*")
        numbers = [re.findall(r"^(\d)\. ", part, re.MULTILINE) for part in (questions, answers)]
        assert numbers[0] == numbers[1]
        assert numbers[0] in (["1", "2"], ["1", "2", "3"])


def test_nothing_is_folded_and_every_lesson_has_its_heading():
    text = key(lessons.PATHS)
    assert "<details>" not in text
    assert "</details>" not in text
    titles = [lessons.read(path).cells[0].source.splitlines()[0].removeprefix("# ") for path in lessons.PATHS]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == titles
