"""Exercises check themselves: nothing a reader answers stops a lesson, and only what is right is right."""

import numpy as np
import pandas as pd
import pytest

from collapse_lessons.course.answers import close, is_choice, is_number
from collapse_lessons.course.exercises import lesson_06
from collapse_lessons.course.self_check import check, check_choice, solved


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "kept"))
    return tmp_path / "kept"


def says(capsys, answer, **changes):
    """Return what a check of the number 4 says."""
    arguments = {
        "hints": [(lambda a: a == 2, "that is its root.")],
        "otherwise": "multiply.",
        "because": "2 times 2.",
    } | changes
    check(answer, lambda a: a == 4, **arguments)
    return capsys.readouterr().out.strip()


def test_check_says_one_of_three_things(capsys):
    assert says(capsys, ...) == "NOT YET: replace ... by your answer and run the cell again."
    assert says(capsys, 4) == "CORRECT: 2 times 2."
    assert says(capsys, 2) == "TRY AGAIN: that is its root."
    assert says(capsys, 5) == "TRY AGAIN: multiply."


def test_an_exercise_that_is_solved_is_kept_once(home):
    for answer in (2, 1.11, 1.11):
        lesson_06.floor(answer)
    lesson_06.why_truer("b")
    check(4, lambda a: a == 4, otherwise="", because="")  # nobody's exercise
    assert list(zip(solved()["lesson"], solved()["exercise"], strict=True)) == [("06", "floor"), ("06", "why_truer")]


def test_an_exercise_can_be_solved_where_nothing_can_be_kept(tmp_path, monkeypatch, capsys):
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "a file"))
    lesson_06.floor(1.11)
    assert capsys.readouterr().out.startswith("CORRECT")
    assert len(solved()) == 0


def test_the_first_hint_that_fits_is_given(capsys):
    hints = [(lambda a: a < 4, "more."), (lambda a: a == 2, "that is its root.")]
    assert says(capsys, 2, hints=hints) == "TRY AGAIN: more."


def test_an_error_in_the_reader_s_code_becomes_part_of_the_hint(capsys):
    check(lambda: 1 / 0, lambda f: f() == 4, otherwise="divide by something.", because="")
    said = capsys.readouterr().out.strip()
    assert said == "TRY AGAIN: divide by something. (Your answer led to ZeroDivisionError: division by zero)"


def test_a_check_that_finds_an_array_of_truths_does_not_raise(capsys):
    assert says(capsys, np.array([4, 4])).startswith("TRY AGAIN: multiply. (Your answer led to ValueError: ")
    assert says(capsys, pd.Series([4, 5])).startswith("TRY AGAIN: multiply. (Your answer led to ValueError: ")


def test_what_a_reader_s_code_prints_and_warns_of_is_not_said_many_times(capfd):
    def chatty(a):
        print("so far so good")
        np.log(0.0)
        return a == 4

    check(4, chatty, otherwise="", because="2 times 2.", trial=chatty)
    assert capfd.readouterr() == ("CORRECT: 2 times 2.\n", "")


def test_a_reader_s_code_may_end_the_program_or_raise_what_cannot_be_told(capsys):
    class Unspeakable(Exception):
        def __str__(self):
            raise RuntimeError

    def leave(a):
        raise SystemExit(3)

    def fail(a):
        raise Unspeakable

    for code, error in ((leave, "SystemExit: 3"), (fail, "Unspeakable: ")):
        check(code, lambda f: f(4), otherwise="no.", because="")
        assert capsys.readouterr().out == f"TRY AGAIN: no. (Your answer led to {error})\n"


def test_a_stub_of_code_is_not_yet_an_answer(capsys):
    assert says(capsys, lambda: ..., trial=lambda f: f()).startswith("NOT YET")
    assert says(capsys, lambda: 1 / 0, trial=lambda f: f()).startswith("TRY AGAIN")
    assert says(capsys, 4, trial=lambda f: f()).startswith("CORRECT")


@pytest.mark.parametrize(
    ("answer", "start"),
    [
        (..., "NOT YET"),
        ("b", "CORRECT: since."),
        (" B", "CORRECT: since."),
        ("a", "TRY AGAIN: not a."),
        ("d", "TRY AGAIN: answer with one letter in quotes, one of a, b, c."),
        ("ab", "TRY AGAIN: answer with one letter"),
        ("", "TRY AGAIN: answer with one letter"),
        (2, "TRY AGAIN: answer with one letter"),
    ],
)
def test_a_choice(answer, start, capsys):
    check_choice(answer, "b", hints={"a": "not a.", "c": "not c."}, because="since.")
    assert capsys.readouterr().out.startswith(start)


def test_what_counts_as_a_number_and_a_choice():
    assert all(is_number(value) for value in (1, 0.5, np.float32(1), np.int64(1)))
    assert not any(is_number(value) for value in (True, np.bool_(True), "1", None, 1j, [1]))
    assert close(0.97, 1, 0.05)
    assert not close(0.94, 1, 0.05)
    assert close(-0.97, -1, 0.05)
    assert not close("1", 1, 0.05)
    assert is_choice("A ", "abc")
    assert not any(is_choice(value, "abc") for value in ("d", "", "ab", 1, None))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"correct": 3}, r"correct must be a function correct\(answer\) -> bool, got 3"),
        ({"trial": "run it"}, r"trial must be a function trial\(answer\), got 'run it'"),
        ({"hints": [3]}, r"hints must be pairs \(function, str\), got 3 among them"),
        ({"hints": [(None, "look again")]}, r"hints must be a function fits\(answer\) -> bool, got None"),
        ({"hints": [(bool, 3)]}, r"hints must be a function fits\(answer\) -> bool, got <class 'bool'>"),
        ({"otherwise": None}, "otherwise must be a string, got None"),
        ({"because": 3}, "because must be a string, got 3"),
    ],
)
def test_a_self_check_that_is_set_up_wrongly_tells_its_author(settings, message):
    """Whatever a reader answers stops nothing; what the author of an exercise writes does."""
    right = {"correct": lambda answer: answer == 3, "otherwise": "count again", "because": "it is"}
    with pytest.raises((TypeError, ValueError), match=message):
        check(3, **right | settings)


@pytest.mark.parametrize(
    ("right", "hints", "message"),
    [
        ("a", {}, "hints must hold a hint for each wrong letter, got none"),
        ("a", ["b"], r"hints must be a dict, got \['b'\]"),
        ("ab", {"c": "no"}, "right and hints must name one letter each, got 'ab'"),
    ],
)
def test_a_choice_that_is_set_up_wrongly_tells_its_author(right, hints, message):
    with pytest.raises((TypeError, ValueError), match=message):
        check_choice("a", right, hints=hints, because="it is")
