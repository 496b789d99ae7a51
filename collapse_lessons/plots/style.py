"""The look of the course: colours that everybody can tell apart, and dashes that say the same."""

import matplotlib as mpl
import matplotlib.style
from cycler import cycler

from collapse_lessons import checks

# Okabe & Ito (2008): told apart under the common forms of colour blindness. Black is kept for theory.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
PALETTE = [BLUE, ORANGE, GREEN, RED, PURPLE, SKY]
DASHES = ["", (5, 2), (5, 2, 1, 2), (2, 1), (8, 3), (8, 2, 1, 2, 1, 2)]  # dotted is kept for theory
MARKERS = ["o", "s", "^", "D", "v", "P"]
MOST_LINES = 36


def looks(n: int) -> list[tuple[str, tuple]]:
    """Return n pairs of a colour and dashes, all different: after six the colours come again with other dashes."""
    n = checks.whole("n", n, 1, "draw fewer lines, or several panels", MOST_LINES)
    return [(PALETTE[i % 6], DASHES[(i + i // 6) % 6]) for i in range(n)]


def use_style() -> None:
    """Set the course's look: a colour never stands alone, lines differ in their dashes too.

    Whatever else was set is undone: VS Code and a reader's own settings may ask for light text on dark.
    """
    mpl.style.use("default")
    colours, dashes = zip(*looks(MOST_LINES), strict=True)
    lines = [line_style(dash) for dash in dashes]
    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=colours) + cycler(linestyle=lines),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 12,
            "axes.titlelocation": "left",
            "font.size": 11,
            "figure.figsize": (8, 4),
            "figure.dpi": 100,
            "savefig.dpi": 100,
            "legend.frameon": False,
            "lines.linewidth": 2,
        }
    )


def line_style(dash):
    return (0, dash) if dash else "-"
