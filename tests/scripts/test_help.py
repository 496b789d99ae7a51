"""Every program says what it does when asked, and refuses what it does not know, before it does anything."""

import os
import re
import subprocess
import sys

import pytest

import lessons

STARTS = re.compile(r'^if __name__ == "__main__":', re.MULTILINE)
DOCUMENTED = re.compile(r'^"""(.+)')
FOLDERS = ("scripts", "benchmarks", "collapse_lessons")
SOURCES = {path: path.read_text("utf8") for folder in FOLDERS for path in (lessons.ROOT / folder).rglob("*.py")}
PROGRAMS = sorted(path for path, source in SOURCES.items() if STARTS.search(source))
HANDS_ON = ["everything.py"]  # what it does not know is for pytest


def answer(path, option, folder):
    """Call a program in an empty folder, without any package unless it is one itself: so nothing slow is imported."""
    place = path.relative_to(lessons.ROOT).with_suffix("")
    command = [path] if place.parts[0] == "scripts" else ["-m", ".".join(place.parts).removesuffix(".__main__")]
    bare = ["-S"] if place.parts[0] != "collapse_lessons" else []
    done = subprocess.run(
        [sys.executable, *bare, *command, option],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(lessons.ROOT), "PYTHONUTF8": "1", "COLLAPSE_LESSONS_HOME": str(folder)},
        capture_output=True,
        encoding="utf8",
        timeout=60,
    )
    assert not list(folder.iterdir()), "it wrote something"
    return done


def test_the_programs_are_found():
    assert {"set_up.py", "lab.py", "llm.py", "__main__.py", "smollm2.py"} <= {path.name for path in PROGRAMS}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_program_says_what_it_does(path, tmp_path):
    done = answer(path, "--help", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert DOCUMENTED.search(SOURCES[path])[1] in done.stdout
    assert done.stdout.startswith("usage: ")
    assert done.stdout.count("usage: ") == 1


@pytest.mark.parametrize(
    "path", [path for path in PROGRAMS if path.name not in HANDS_ON], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_program_refuses_an_option_that_it_does_not_know(path, tmp_path):
    done = answer(path, "--no-such-option", tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("usage: ")
