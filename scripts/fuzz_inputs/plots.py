"""Good values for what is public in plots/."""

import matplotlib.pyplot as plt
import pandas as pd

from .common import GREY, PAGES, SCORED, X, mixture
from .kinds import Either

RATIOS = pd.DataFrame({"a": [1.0, 2.0]})


def ax():
    return plt.figure().add_subplot()


INPUTS = {
    "plots.lines.bands": lambda: {"rows": SCORED, "y": "std", "ax": ax()},
    "plots.lines.curves": lambda: {"lines": {"a": X[:, 0]}, "ax": ax(), "x": X[:, 1]},
    "plots.lines.fan": lambda: {"chains": X, "ax": ax()},
    "plots.lines.theory": lambda: {"x": X[:, 0], "y": X[:, 1], "ax": ax()},
    "plots.maps.ratios": lambda: {"table": RATIOS, "error": RATIOS, "ax": ax()},
    "plots.pages.page": lambda: {"figure": ax(), "description": "a", "alt": "a"},
    "plots.pages.png": lambda: {"figure": ax()},
    "plots.pages.quotes": lambda: {"table": pd.DataFrame({"a": ["b"]}), "description": "a"},
    "plots.pages.show": lambda: {"figure": ax(), "description": "a", "alt": "a"},
    "plots.pictures.sheet": lambda: {"samples": [GREY, GREY], "titles": ["a", "b"], "ax": ax()},
    "plots.pictures.strip": lambda: {
        "pictures": Either([PAGES[0], PAGES[1]], [GREY[0]]),
        "titles": ["a", "b"],
        "axes": [ax(), ax()],
    },
    "plots.pictures.wall": lambda: {"words": ["a", "b"], "group": [0, 0], "looks": [{"color": "black"}], "ax": ax()},
    "plots.points.clouds": lambda: {"samples": [X, X], "titles": ["a", "b"], "axes": [ax(), ax()]},
    "plots.points.ellipses": lambda: {"mixture": mixture(), "ax": ax()},
    "plots.style.looks": lambda: {"n": 6},
}
