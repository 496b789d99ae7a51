"""The panel of sliders, whatever the figure: it draws into HTML, keeps the words, and never stays silent."""

import re
import sys

import matplotlib.pyplot as plt
import pytest
from ipywidgets import HTML, Output

from collapse_lessons.course.explorers import explore


def line(slope=1, name="a < b"):
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, slope])
    return figure, f"A line of slope {slope}.", f"A straight line & no more, {name}."


def test_a_panel_has_no_output_that_stalls_without_a_browser():
    *_, page = children = explore(line, slope=(0, 5)).children
    assert isinstance(page, HTML)
    assert not any(isinstance(child, Output) for child in children)


def test_a_slider_redraws_figure_and_words():
    slider, page = explore(line, slope=(0, 5)).children
    before = page.value
    assert "A line of slope 1." in before
    slider.value = 3
    assert "A line of slope 3." in page.value
    pictures = [re.search(r'src="data:image/png;base64,([^"]+)"', html)[1] for html in (before, page.value)]
    assert pictures[0] != pictures[1]


def test_a_range_is_a_slider_that_can_play():
    row, page = explore(line, slope=range(0, 51, 5)).children
    slider, player = row.children
    assert (slider.value, slider.min, slider.max, slider.step) == (1, 0, 50, 5)
    assert (player.min, player.max, player.step) == (0, 50, 5)
    slider.value = 20
    assert "A line of slope 20." in page.value


def test_a_choice_of_none_is_not_blank():
    def draw(jpeg=None):
        return line(name=f"quality {jpeg}")

    choice, page = explore(draw, jpeg={"90": 90, "none": None}).children
    assert choice.value == "none"
    assert "quality None" in page.value
    for label, quality in (("90", "90"), ("none", "None")):
        choice.value = label
        assert choice.index is not None
        assert f"quality {quality}" in page.value


def test_the_picture_is_described_and_has_its_size():
    page = explore(line, slope=(0, 5)).children[-1].value
    assert '<img alt="A straight line &amp; no more, a &lt; b."' in page
    assert "<summary>The figure in words</summary><p>A straight line &amp; no more, a &lt; b.</p>" in page
    width, height = map(int, re.search(r'width="(\d+)" height="(\d+)"', page).groups())
    assert width == 1.5 * height


def test_no_figure_stays_open():
    slider, _ = explore(line, slope=(0, 5)).children
    slider.value = 3
    assert plt.get_fignums() == []


def test_settings_that_cannot_be_drawn_say_so():
    def draw(slope=1):
        return line(1 / slope)

    slider, page = explore(draw, slope=(-2, 2)).children
    slider.value = 0
    assert "These settings cannot be drawn: ZeroDivisionError: division by zero" in page.value
    slider.value = 2
    assert "A line of slope 0.5." in page.value


def test_a_control_that_draw_does_not_know():
    with pytest.raises(TypeError, match=r"controls must be arguments of draw, slope, name, got \['steepness'\]"):
        explore(line, steepness=(0, 5))


def test_a_lesson_without_ipywidgets_goes_on(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert explore(line, slope=(0, 5)) is None
    assert "`pip install ipywidgets` brings them" in capsys.readouterr().out
