"""Good values for what is public in course/."""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from collapse_lessons.course import progress

from .common import NUMBER, P, X, reward
from .kinds import Anything, Either, Ours

KEPT = pd.DataFrame({"question": ["01.1"], "prediction": [1.0], "result": [1.0], "hit": [True], "sure": [0.8]})


def drawing():
    return plt.figure(), "a", "a"


INPUTS = {
    "course.explorers.explore": lambda: {"draw": drawing},
    "course.answers.alike": lambda: {"answer": Ours(P), "value": Either(P, NUMBER), "rtol": 0.1, "atol": 0.1},
    "course.self_check.check": lambda: {
        "answer": Anything(3),
        "correct": reward,
        "hints": [(reward, "a")],
        "otherwise": "a",
        "because": "a",
        "trial": reward,
    },
    "course.self_check.check_choice": lambda: {
        "answer": Anything("a"),
        "right": "a",
        "hints": {"b": "a"},
        "because": "a",
    },
    "course.answers.close": lambda: {"answer": Anything(1.0), "value": 1.0, "within": 0.1},
    "course.lesson.compare": lambda: {
        "question": "01.1",
        "prediction": Anything(0.5),
        "result": Either(0.5, "a", X, X[:, 0]),
        "within": 0.25,
        "sure": Anything(0.8),
        "share": False,
        "signed": False,
        "most": 9.0,
    },
    "course.answers.is_choice": lambda: {"answer": Anything("a"), "letters": "abc"},
    "course.answers.is_finite": lambda: {"answer": Anything(1.0)},
    "course.answers.is_number": lambda: {"answer": Anything(1.0)},
    "course.answers.real_numbers": lambda: {"answer": Anything(X)},
    "course.lesson.start": lambda: {"title": "a"},
    "course.progress.calibration": lambda: {"kept": KEPT},
    "course.progress.draw": lambda: {"kept": KEPT},
    "course.progress.page": lambda: {"kept": KEPT, "lessons": progress.lessons_table()},
    "course.progress.report": lambda: {"path": Path("a.html")},
    "course.progress.statement": lambda: {"kept": KEPT},
}
