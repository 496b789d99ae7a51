"""Exercises whose numbers are drawn, at least two a lesson: a file a lesson, which its name gives."""

from importlib import import_module
from pathlib import Path

FILES = sorted(path.stem for path in Path(__file__).parent.glob("lesson_*.py"))
EXERCISES = {name.removeprefix("lesson_"): import_module(f".{name}", __name__).EXERCISES for name in FILES}
