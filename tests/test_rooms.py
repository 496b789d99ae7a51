"""The package's imports run downwards only, and each room says what belongs in it."""

import ast
from pathlib import Path

import pytest

import collapse_lessons

PACKAGE = Path(collapse_lessons.__file__).parent
# From the ground up; what stands in one line may import from the lines above it, and from itself.
FLOORS = [
    {"browser", "checks"},
    {"describe", "home"},
    {"tables", "plots", "theory", "worlds"},
    {"recipes"},
    {"loop", "model_check"},
    {"runs"},
    {"models"},
    {"metrics"},
    {"web", "defences"},
    {"experiments"},
    {"course"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """Return the rooms that a file imports from, wherever in it."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "collapse_lessons":
            rooms |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("collapse_lessons."):
            rooms.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            rooms |= {name.name.split(".")[1] for name in node.names if name.name.startswith("collapse_lessons.")}
    return rooms


def test_every_file_has_its_floor():
    assert {room_of(path) for path in FILES} == set(FLOOR)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_downwards_only(path):
    here = room_of(path)
    above = {room for room in imported(path) if room != here and FLOOR[room] >= FLOOR[here]}
    beside = {room for room in above if FLOOR[room] == FLOOR[here]}
    assert above - beside == set(), f"{here} must not know {above - beside}"
    assert all(here not in imported(other) for room in beside for other in FILES if room_of(other) == room)


@pytest.mark.parametrize("path", [path for path in FILES if room_of(path) == "models"], ids=lambda path: path.stem)
def test_models_know_neither_measures_nor_lessons(path):
    assert not imported(path) & {"metrics", "course"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_belongs_in_it_and_what_does_not(room):
    words = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text("utf8")))
    assert len(words.splitlines()) >= 3
    assert any(word in words for word in (" no ", "No ", "none", "not ", "Not ", "nothing", "Nothing")), words
