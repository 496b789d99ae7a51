"""A curve drawn by hand is kept and scored as other predictions are, and can be written as numbers."""

import sys
from pathlib import Path

import numpy as np
import pytest

from collapse_lessons.course import drawing
from collapse_lessons.course.drawing import draw_prediction
from collapse_lessons.course.lesson import compare, predictions

RESULT = np.array([1.0, 0.6, 0.3])


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "kept"))


def axes(**changes):
    settings = {"x": [0, 50, 100], "xlabel": "generation", "ylabel": "spread", "ylim": (0, 1)} | changes
    return draw_prediction(settings.pop("x"), **settings)


def test_nothing_drawn_is_no_prediction_and_tells_nothing(capsys):
    compare("01.1", axes(), RESULT)
    said = capsys.readouterr().out
    assert said.endswith("No curve yet: draw it above and run this cell again.\n")
    assert "0.6" not in said
    assert len(predictions()) == 0


@pytest.mark.parametrize(("result", "wanted"), [(213, "a number"), ("b", "a letter")])
def test_a_curve_where_something_else_is_asked_for_is_no_prediction(capsys, result, wanted):
    """Who goes back up meets the question above a drawing with the drawing's curve."""
    compare("01.1", axes(values=[1, 0.9, 0.8]), result)
    assert capsys.readouterr().out.startswith(f"Your prediction <a drawn curve> is not {wanted}: write one ")
    assert len(predictions()) == 0


def test_half_a_curve_is_asked_for_to_its_end(capsys):
    half = axes()
    half._widget.values = [1, None, None]
    compare("01.1", half, RESULT)
    assert "Your curve has no point at 50, 100: draw it to the end and run this cell again." in capsys.readouterr().out
    assert len(predictions()) == 0


def test_a_drawn_curve_is_scored_kept_and_shown_with_the_computed_one(capsys):
    drawn = axes()
    drawn._widget.values = [1, 0.7, 0.2]
    compare("01.1", drawn, RESULT, within=0.1, sure=0.7)
    said = capsys.readouterr().out
    assert "You said [1, 0.7, 0.2] and were 70% sure. It came out [1, 0.6, 0.3]: a hit (7% off on average" in said
    assert "Figure: " in said or "image/png" in said
    assert "at 50 you drew 0.7 and it came out 0.6" in drawn.over(RESULT)[2]
    (kept,) = predictions().to_dict("records")
    assert (kept["question"], kept["hit"], kept["sure"]) == ("01.1", True, 0.7)


@pytest.mark.parametrize(
    ("values", "result", "hit"),
    [([0, 0, 0], [0, 0, 0], True), ([0, 0, 0.1], [0, 0, 0], False), ([1, 1, 1], [1, np.nan, 1], True)],
)
def test_a_curve_that_came_out_at_zero_or_with_a_gap_is_scored(values, result, hit, capsys):
    """A share of the highest value was a division by zero, in red, and right was called wrong."""
    compare("01.1", axes(values=values), result)
    assert list(predictions()["hit"]) == [hit]
    with pytest.raises(ValueError, match="result must hold a number, got NaN at all of the 3 places"):
        compare("01.2", axes(values=values), [np.nan] * 3)


@pytest.mark.parametrize(
    ("values", "hit"), [([1, 0.6, 0.3], True), ([1, 1, 1], False), (np.array([1, 0.5, 0.3]), True)]
)
def test_a_curve_may_be_written_as_numbers(values, hit, capsys):
    compare("01.1", axes(values=values), RESULT, within=0.1)
    assert list(predictions()["hit"]) == [hit]


@pytest.mark.parametrize("values", [[1, 2], "a", 3, [1, "b", 2], [1, np.nan, 0], [1, [2], 0], [10**400, 1, 1], None])
def test_what_is_no_curve_is_asked_for_again(values, capsys):
    compare("01.1", axes(values=values), RESULT)
    said = capsys.readouterr().out
    assert "is not 3 numbers" in said or "has no point" in said
    assert "0.6" not in said
    assert len(predictions()) == 0


def test_a_share_is_a_share_of_the_highest_value(capsys):
    """A chain of breeds from 110 down may be 11 off on average, a spread from 1 down 0.1."""
    for question, off in (("02.1", 10.9), ("02.2", 11.1)):
        compare(question, axes(values=[110 - off, off, off], ylim=(0, 120)), [110, 0, 0], within=0.1)
    assert list(predictions()["hit"]) == [True, False]


def test_without_widgets_numbers_are_asked_for(monkeypatch, capsys):
    drawing._widget.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    without = axes()
    drawing._widget.cache_clear()
    assert "Write the curve as numbers, values=[...], one for\ngeneration 0, 50, 100." in capsys.readouterr().out
    compare("01.1", without, RESULT)
    assert capsys.readouterr().out == "No curve yet: draw it above and run this cell again.\n"


def test_places_may_have_names_and_known_curves_are_told():
    named = axes(x=["common", "rare"], given={"generation 0": [1, 0.7]}, values=[1, 0.4])
    _, line, alt = named.over([0.9, 0.3])
    assert line == "Your curve and the computed one: spread."
    assert alt == (
        "spread by generation: at common you drew 1 and it came out 0.9; at rare you drew 0.4 and it came out 0.3."
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": [0]}, "x must be two or more numbers that grow, or different names"),
        ({"x": [0, 0, 1]}, "x must be two or more numbers that grow, or different names"),
        ({"x": [0, "b"]}, "x must be two or more numbers that grow, or different names"),
        ({"ylim": (1, 0)}, r"ylim must be \(low, high\) with low < high"),
        ({"x": ["a", "a", "b"]}, "x must be two or more numbers that grow, or different names"),
        ({"x": [0, 1, np.inf]}, "x must be two or more numbers that grow, or different names"),
        ({"x": "abc"}, "x must be a list, got 'abc'"),
        ({"ylim": (0, np.inf)}, "ylim must be"),
        ({"ylim": (0, 1, 2)}, r"ylim must be \(low, high\) with low < high"),
        ({"ylim": None}, "ylim must be a list, got None"),
        ({"given": [[1, 2, 3]]}, "given must be a Mapping, got"),
        ({"given": {"generation 0": [1, "b", 2]}}, "given must be an array of shape"),
        ({"xlabel": 3}, "xlabel must be"),
        (
            {"given": {"generation 0": [1]}},
            r"given must have 3 values for each curve, got others in \['generation 0'\]",
        ),
    ],
)
def test_axes_that_cannot_be_drawn_on_are_refused(changes, message):
    with pytest.raises((TypeError, ValueError), match=message):
        axes(**changes)


def test_the_looks_travel_with_the_package():
    assert Path(drawing.__file__).with_name("drawing.js").read_text("utf8").startswith("// Axes on which")
