"""Predictions are kept and scored, and nothing a reader types stops a lesson."""

import io
import json
import os
import re
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import collapse_lessons
from collapse_lessons.course import lesson, progress
from collapse_lessons.course.exercises import lesson_06
from collapse_lessons.course.lesson import compare, predictions
from collapse_lessons.course.self_check import solved
from collapse_lessons.worlds import downloads


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_start_says_what_is_there_and_may_be_called_twice(capsys):
    lesson.start("Lesson 01")
    first = capsys.readouterr().out
    lesson.start("Lesson 01")
    assert capsys.readouterr().out == first
    assert first.startswith("Lesson 01: ready\n")
    assert collapse_lessons.__version__ in first
    assert "120 dog breeds" in first
    assert "Device: " in first


def test_as_a_script_a_lesson_goes_on_where_the_console_lacks_a_letter(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", console)
    lesson.start("Lesson 05")
    print("Fréchet distance", flush=True)
    assert console.buffer.getvalue().endswith(b"Fr?chet distance" + os.linesep.encode())


def test_a_cell_that_asks_for_an_answer_can_be_run_before_it(monkeypatch):
    shell = SimpleNamespace(user_ns={"answer_2": 4})
    monkeypatch.setattr(lesson, "get_ipython", lambda: shell)
    lesson.start("Lesson 01")
    lesson.start("Lesson 01")
    assert [shell.user_ns[name] for name in ("prediction", "sure", "answer_1", "answer_2")] == [..., ..., ..., 4]


@pytest.mark.parametrize(
    ("prediction", "result", "hit"),
    [
        (0.5, 0.48, True),
        (0.3, 0.48, False),
        (1, 0.8, True),  # just within a quarter
        (np.float64(0.5), np.float32(0.5), True),
        (-4, -5, True),
        ("a", "a", True),
        (" B ", "b", True),
        ("c", "b", False),
    ],
)
def test_compare_scores_and_keeps_a_prediction(prediction, result, hit, capsys):
    compare("01.1", prediction, result, sure=0.8)
    said = capsys.readouterr().out
    assert said.startswith(f"You said {prediction} and were 80% sure. It came out ")
    assert (": a hit" in said) == hit
    kept = predictions()
    assert len(kept) == 1
    assert kept["hit"][0] == hit
    assert kept["sure"][0] == 0.8


def test_a_hit_is_within_a_share_of_the_result(capsys):
    compare("01.4", 0.94, 0.98, within=0.05)
    compare("01.5", 0.92, 0.98, within=0.05)
    assert list(predictions()["hit"]) == [True, False]
    assert "(a hit is from 0.931 to 1.03)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("settings", "window"),
    [
        ({"within": 2}, "from 0 to 3"),
        ({"within": 2, "signed": True}, "from -1 to 3"),
        ({"within": 0.5, "share": True}, "from 0.5 to 1"),
    ],
)
def test_a_hit_is_told_in_numbers_that_can_be_given(settings, window, capsys):
    compare("01.6", 1, 1, **settings)
    assert f"(a hit is {window})" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("prediction", "result", "settings", "window"),
    [
        (8, 9, {"within": 0.12, "most": 9}, "from 8 to 9"),
        (8, np.int64(9), {"within": 0.12}, "from 8 to 10"),
        (10, 40, {}, "from 30 to 50"),
        (1200, 1500, {"within": 0.2}, "from 1200 to 1800"),
        (1, 1, {"within": 2}, "from 0 to 3"),
        (-5, -5, {"signed": True}, "from -6 to -4"),
        (7, 7, {"within": 0.1}, "that very number"),
        (8.5, 9, {"within": 0.12, "most": 9}, "from 7.92 to 9"),
        (8, 9.0, {"within": 0.12}, "from 7.92 to 10.1"),
    ],
)
def test_a_hit_of_what_is_counted_is_told_in_whole_numbers(prediction, result, settings, window, capsys):
    compare("01.6", prediction, result, **settings)
    assert f"(a hit is {window})" in capsys.readouterr().out


@pytest.mark.parametrize("result", [3, 9, 48, 1077])
@pytest.mark.parametrize("within", [0.1, 0.12, 0.2, 0.25, 1 / 3])
def test_the_whole_numbers_told_are_those_that_hit(result, within, capsys):
    told = set()
    for prediction in range(2 * result):
        compare("01.6", prediction, result, within=within)
        said = capsys.readouterr().out
        told.add(re.search(r"a hit is (.*)\)", said)[1])
        ends = re.search(r"a hit is from (\d+) to (\d+)\)", said)
        low, high = map(int, ends.groups()) if ends else (result, result)
        assert (": a hit" in said) == (low <= prediction <= high)
    assert len(told) == 1


def test_more_than_there_can_be_is_asked_for_again(capsys):
    compare("01.1", 12, 9, most=9)
    assert capsys.readouterr().out.startswith("Your prediction 12 is above 9, which this cannot be")
    assert len(predictions()) == 0


@pytest.mark.parametrize("result", [np.inf, -np.inf, np.nan])
def test_no_number_hits_what_came_out_as_none(result, capsys):
    """Anything was within a quarter of infinity."""
    compare("01.1", 1, result, signed=True)
    assert list(predictions()["hit"]) == [False]


@pytest.mark.parametrize("result", [0.4812, 48, "b"])
def test_no_prediction_is_no_error_and_does_not_tell_the_result(result, monkeypatch, capsys):
    compare("01.1", ..., result)
    said = "No prediction yet: replace ... above by yours and run both cells again."
    assert capsys.readouterr().out == f"{said}\n"
    monkeypatch.setenv("COLLAPSE_LESSONS_TELL", "1")  # as where lessons are executed to be published
    compare("01.1", ..., result)
    assert capsys.readouterr().out == f"{said} It came out {'0.481' if result == 0.4812 else result}.\n"
    assert len(predictions()) == 0


NO_NUMBERS = ["half", "0,5", "0.5", True, np.bool_(True), None, [0.5], (0, 5), 1j, np.nan, np.inf, -np.inf, 10**400]
NO_NUMBERS += [np.array([0.5]), np.array(0.5), np.ma.masked, pd.Series([0.5]), pd.DataFrame(), pd.NA, "\ud800", print]


@pytest.mark.parametrize("prediction", NO_NUMBERS, ids=lambda prediction: type(prediction).__name__)
def test_a_number_is_asked_for(prediction, capsys):
    compare("01.1", prediction, 0.48)
    said = capsys.readouterr().out
    assert "is not a number: write one such as 0.5 and run this cell again." in said
    assert "0.48" not in said
    assert said.count("\n") == 1
    assert len(predictions()) == 0


def test_a_number_below_0_is_asked_for_again_where_there_can_be_none(capsys):
    compare("01.1", -3, 0.48)
    assert capsys.readouterr().out.startswith("Your prediction -3 is below 0, which this cannot be")
    assert len(predictions()) == 0
    compare("01.1", -3, 0.48, signed=True)
    assert len(predictions()) == 1


@pytest.mark.parametrize("prediction", [Fraction(1, 2), np.float64(0.5), np.int64(1), np.float16(6e4), 10**300])
def test_any_number_is_kept(prediction):
    compare("01.1", prediction, 0.48)
    assert len(predictions()) == 1


@pytest.mark.parametrize(
    "prediction", [np.array([1]), pd.Series(["a"]), pd.NA, np.nan, print, {"a": 1}, b"a", ["a"], 3, "about a half"]
)
def test_a_letter_is_asked_for(prediction, capsys):
    compare("01.3", prediction, "a")
    assert "is not a letter: write one in quotes and run this cell again." in capsys.readouterr().out
    assert len(predictions()) == 0


@pytest.mark.parametrize(
    "sure", [80, -0.1, "very", float("nan"), None, True, np.array(0.5), np.array([0.5, 0.6]), pd.Series([0.5]), 10**400]
)
def test_a_senseless_confidence_is_asked_for_again(sure, capsys):
    compare("01.1", 0.5, 0.5, sure=sure)
    said = capsys.readouterr().out
    assert "sure must be a number from 0 to 1" in said
    assert "came out" not in said
    assert len(predictions()) == 0


@pytest.mark.parametrize("prediction", [12, 1.2, -0.1])
def test_a_share_is_asked_for_where_per_cents_are_given(prediction, capsys):
    compare("01.1", prediction, 0.12, share=True)
    assert "A share is from 0 to 1" in capsys.readouterr().out
    assert len(predictions()) == 0
    compare("01.1", 0.12, 0.12, share=True)
    assert predictions()["hit"].all()


def test_a_number_is_no_curve(capsys):
    compare("01.1", 3, [1.0, 2.0])
    assert capsys.readouterr().out.startswith("Your prediction 3 is not a curve: draw one and run this cell again.")
    assert predictions().empty


def test_a_hit_to_the_letter(capsys):
    compare("01.1", 1, 1, within=0)
    assert "a hit (a hit is that very number)" in capsys.readouterr().out


def test_the_first_answer_to_each_question_counts(home):
    for prediction in (0.1, 0.5):
        compare("01.1", prediction, 0.5)
    compare("01.2", "a", "a")
    kept = predictions()
    assert list(kept["question"]) == ["01.1", "01.2"]
    assert list(kept["prediction"]) == [0.1, "a"]
    lines = [json.loads(line) for line in (home / "predictions.jsonl").read_text("utf8").splitlines()]
    assert len(lines) == 3
    assert set(lines[0]) == {"question", "prediction", "result", "hit", "sure", "at"}


def test_no_predictions_at_all():
    assert list(predictions()) == ["question", "prediction", "result", "hit", "sure", "at"]
    assert len(predictions()) == 0


def test_a_spoilt_line_costs_no_other(home):
    compare("01.1", 0.5, 0.5)
    with (home / "predictions.jsonl").open("ab") as file:
        file.write(b'{"question": "01.2", "pre\n[1, 2]\n\xff\xfe\n')
    compare("01.3", 0.5, 0.5)
    assert list(predictions()["question"]) == ["01.1", "01.3"]


def test_after_a_line_that_was_cut_off_the_next_prediction_is_kept(home):
    compare("01.1", 0.5, 0.5)
    with (home / "predictions.jsonl").open("ab") as file:
        file.write(b'{"question": "01.2", "predic')
    compare("01.3", 0.5, 0.5)
    compare("01.4", 0.5, 0.5)
    assert list(predictions()["question"]) == ["01.1", "01.3", "01.4"]


ODD_LINES = {
    "deep brackets": "[" * 100_000,
    "deep brackets in a row": '{"question": "01.2", "prediction": ' + "[" * 900 + "]" * 900 + "}",
    "half of a character pair": r'{"question": "01.2", "prediction": "\ud800", "result": "\udfff", "hit": false}',
    "a number that no float holds": '{"question": "01.2", "prediction": 1'
    + "0" * 400
    + ', "result": NaN, "sure": 1e999}',
    "a number of 5000 digits": '{"question": "01.2", "prediction": 1' + "0" * 5000 + "}",
    "nothing as it should be": '{"question": [], "prediction": {}, "result": null, "hit": {"a": 1}, "sure": [2]}',
    "another's file": "\0\u2028\x85",
}


@pytest.mark.parametrize("kind", ODD_LINES)
def test_whatever_is_in_the_file_the_last_lesson_goes_through(kind, home, capsys):
    compare("01.1", 0.5, 0.5, sure=0.5)
    for name in ("predictions.jsonl", "solved.jsonl"):
        with (home / name).open("a", encoding="utf8") as file:
            file.write(ODD_LINES[kind] + "\n")
    compare("01.3", 0.5, 0.5, sure=0.6)
    kept = predictions()
    assert {"01.1", "01.3"} <= set(kept["question"])
    print(kept, progress.statement(kept), progress.lessons_table())
    capsys.readouterr()[0].encode()
    progress.draw(kept)
    assert "01.3" in progress.report(home / "page.html").read_text("utf8")


def test_a_home_may_be_given_from_ones_own_home_on(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", "~/x")
    monkeypatch.chdir(tmp_path)
    compare("01.1", 0.5, 0.5)
    assert (tmp_path / "x" / "predictions.jsonl").is_file()
    assert not (tmp_path / "~").exists()
    assert downloads.cache_folder() == tmp_path / "x" / "cache"
    assert progress.report("~/page.html") == (tmp_path / "page.html").resolve()
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", "~nobody-of-this-name/x")
    compare("01.2", 0.5, 0.5)  # nothing stops a lesson


def test_a_home_that_can_be_neither_read_nor_written_stops_no_lesson(home, monkeypatch, capsys):
    compare("01.1", 0.5, 0.5)
    capsys.readouterr()

    def denied(*arguments, **settings):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", denied)
    monkeypatch.setattr("pathlib.Path.read_text", denied)
    compare("01.2", 0.5, 0.5)
    assert "(The prediction could not be kept: Permission denied. Set COLLAPSE_LESSONS_HOME" in capsys.readouterr().out
    lesson_06.floor(1.11)
    assert capsys.readouterr().out.startswith("CORRECT")
    assert len(predictions()) == len(solved()) == 0


def test_a_folder_that_cannot_be_written_does_not_stop_the_lesson(tmp_path, monkeypatch, capsys):
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "a file"))
    compare("01.1", 0.5, 0.5)
    assert "(The prediction could not be kept: " in capsys.readouterr().out
