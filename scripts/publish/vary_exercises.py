"""Write a sheet of exercises whose numbers depend on a class code, and the key to it.

    python scripts/publish/vary_exercises.py --class-code "a phrase only you know" [--lessons 01 02 ...]

The sheet, build/exercises.md, and the key, build/exercises_key.md, carry the same mark, which shows that they belong
together. Each answer is worked out by the course's own formulas. Whoever has the code can make the key.
"""

import argparse
import hashlib
import itertools
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--class-code", required=True, help="a phrase only you know; the same one gives the same sheet")
    parser.add_argument("--lessons", nargs="+", help="such as 01 02; by default all")
    options = parser.parse_args()

import numpy as np
from varied import EXERCISES

BUILD = Path(__file__).resolve().parents[2] / "build"


def draw(make, code):
    """Return the exercise that a class code gives; each has a stream of its own, so that new ones change no old one."""
    digest = hashlib.sha256(f"{code}/{make.__name__}".encode()).digest()
    return make(np.random.default_rng(np.frombuffer(digest, np.uint32)))


def answer(exercise):
    """Return a line of the key: the answer, the range that counts as right, and why."""
    low, high = (exercise.answer * (1 + sign * exercise.within) for sign in (-1, 1))
    right = f" (right from {low:.4g} to {high:.4g})" if exercise.within else ""
    return f"{exercise.answer:.4g}{right}: {exercise.because}."


def write(code, lessons=tuple(EXERCISES)):
    """Return the sheet and the key, both as Markdown."""
    if not code.strip():
        raise ValueError(f"class-code must be a phrase only you know, got {code!r}: say --class-code 'blue otter 7'")
    if unknown := sorted(set(lessons) - set(EXERCISES)):
        raise ValueError(f"lessons must be among {', '.join(EXERCISES)}, got {', '.join(unknown)}: leave them out")
    tasks, answers = [], []
    labels = (f"A{i}" for i in itertools.count(1))  # not 01.1: that is the number of a prediction
    for lesson in sorted(set(lessons)):
        tasks.append(f"## Lesson {lesson}")
        answers.append(f"## Lesson {lesson}")
        for make in EXERCISES[lesson]:
            exercise = draw(make, code)
            label = next(labels)
            tasks.append(f"**{label}** {exercise}")
            answers.append(f"**{label}** {answer(exercise)}")
    mark = hashlib.sha256("".join(tasks).encode()).hexdigest()[:6]
    sheet = [f"# Exercises\n\nSheet {mark}. Three digits are enough. Use any tool, and say how you got there.", *tasks]
    key = [f"# Key to sheet {mark}\n\nClass code: {code}", *answers]
    return "\n\n".join(sheet) + "\n", "\n\n".join(key) + "\n"


if __name__ == "__main__":
    try:
        texts = write(options.class_code, options.lessons or list(EXERCISES))
    except ValueError as error:
        parser.error(str(error))
    BUILD.mkdir(exist_ok=True)
    for name, text in zip(("exercises.md", "exercises_key.md"), texts, strict=True):
        (BUILD / name).write_text(text, encoding="utf8", newline="\n")
        print(f"wrote build/{name}")
