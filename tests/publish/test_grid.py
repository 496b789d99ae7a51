"""The explorers in the book: what their controls keep; a panel holds a picture and its words for each setting."""

import json
import math

import grid
import nbformat
import pytest

import lessons
from collapse_lessons.course.explorers import evidence

EXPLORERS = {path.stem: grid.explorers(nbformat.read(path, as_version=4)) for path in lessons.PATHS}
CALLS = [(stem, draw, controls) for stem, calls in EXPLORERS.items() for draw, controls in calls.values()]


def test_nearly_every_explorer_can_be_drawn_beforehand():
    code = [cell.source for path in lessons.PATHS for cell in lessons.read(path).cells if cell.cell_type == "code"]
    calls = [source for source in code if source.startswith("explore(")]
    assert len(lessons.PATHS) <= len(CALLS) <= len(calls)
    left_out = set(calls) - {call for calls in EXPLORERS.values() for call in calls}
    assert all("explorer.draw" not in call for call in left_out), "it needs a model that the lesson trains"


@pytest.mark.parametrize(("stem", "draw", "controls"), CALLS, ids=[stem for stem, _, _ in CALLS])
def test_every_explorer_moves_in_the_book(stem, draw, controls):
    knobs = grid.grid(draw, controls)
    assert [knob["name"] for knob in knobs] == list(controls)
    assert 12 < math.prod(len(knob["values"]) for knob in knobs) <= grid.MOST
    kept = grid.KEPT.get(draw.__module__.rpartition(".")[2], {})
    for knob in knobs:
        labels, values = grid.every(controls[knob["name"]])
        assert set(knob["labels"]) <= set(labels)
        assert all(value in values for value in kept.get(knob["name"], [])), f"{knob['name']} has no such value"


@pytest.mark.parametrize(("stem", "draw", "controls"), CALLS, ids=[stem for stem, _, _ in CALLS])
def test_of_few_pictures_each_control_has_two(stem, draw, controls):
    few, many = grid.grid(draw, controls, most=1), grid.grid(draw, controls)
    assert [len(knob["values"]) for knob in few] == [min(2, len(knob["values"])) for knob in many]


def test_the_settings_kept_by_hand_are_of_explorers_that_a_lesson_has():
    assert set(grid.KEPT) <= {draw.__module__.rpartition(".")[2] for _, draw, _ in CALLS}


def test_a_control_is_read_as_ipywidgets_reads_it():
    assert grid.every((0, 3)) == (["0", "1", "2", "3"], [0, 1, 2, 3])
    assert grid.every((0.0, 0.3)) == (["0", "0.1", "0.2", "0.3"], [0.0, 0.1, 0.2, 0.3])
    assert grid.every((10, 30, 10))[1] == [10, 20, 30]
    assert grid.every({"none": None, "90": 90}) == (["none", "90"], [None, 90])
    assert grid.every(range(3)) == (["0", "1", "2"], [0, 1, 2])


def test_what_is_left_out_is_never_where_a_control_starts():
    for start in range(21):
        kept = grid.spread(21, 4, start)
        assert start in kept
        assert len(kept) == 4
        assert kept == sorted(kept)


def test_a_panel_has_a_picture_and_words_for_each_setting_and_opens_where_the_lesson_does(tmp_path):
    draw, controls = next((draw, controls) for _, draw, controls in CALLS if draw is evidence.draw)
    html = grid.panel(draw, controls, tmp_path, "evidence/0", most=8)
    data = json.loads(html.split('type="application/json">')[1].split("</script>")[0])
    sizes = [len(knob["labels"]) for knob in data["knobs"]]
    pictures = sorted(tmp_path.rglob("*.webp"))
    assert len(pictures) == len(data["words"]) == math.prod(sizes) > 1
    assert len({picture.read_bytes() for picture in pictures}) == len(pictures), "each setting has its own picture"
    at = 0
    for knob in data["knobs"]:
        at = at * len(knob["labels"]) + knob["start"]
    assert data["words"][at] == list(evidence.draw()[1:])


def test_a_second_build_draws_only_what_has_changed(tmp_path):
    [path] = [path for path in lessons.PATHS if path.stem.startswith("14")]

    def drawn(state, most=8):
        html = grid.panels_of(path, tmp_path / "pictures", tmp_path, state, most)
        return html, {picture.name: picture.stat().st_mtime_ns for picture in tmp_path.rglob("*.webp")}

    first, second, changed = drawn("one"), drawn("one"), drawn("another")
    assert first == second
    assert changed[0] == first[0]
    assert set(changed[1]) == set(first[1])
    assert not set(changed[1].items()) & set(first[1].items()), "all of them anew"
    (tmp_path / f"{path.stem}.json").unlink()  # as a build leaves it that was stopped
    assert drawn("another")[1] != changed[1]
    assert len(drawn("another", most=12)[1]) > len(first[1])


def test_pictures_are_drawn_anew_when_the_package_its_data_or_a_library_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "ROOT", tmp_path)
    for folder in grid.SOURCES:
        (tmp_path / folder / "inside").mkdir(parents=True)
    states = [grid.state(), grid.state()]
    assert states[0] == states[1]
    for path in ("collapse_lessons/inside/a.py", "data/a.npz"):
        for text in ("one", "two"):
            (tmp_path / path).write_text(text)
            states.append(grid.state())
    monkeypatch.setattr(grid, "version", lambda name: "0")
    assert len({*states, grid.state()}) == 6
