"""Draw the README's picture: a photo and a crowd going round the same loop."""

from pathlib import Path

import matplotlib.pyplot as plt

from collapse_lessons import plots
from collapse_lessons.course.explorers import first_look

PATH = Path(__file__).resolve().parents[1] / "docs" / "copies.png"
SHOWN = [0, 1, 5, 10, 20, 50]


def draw():
    """Return the figure: photos above, the heights of twenty people below, a column a generation."""
    photos, crowds = first_look.chains(0.0)
    figure, axes = plt.subplots(2, len(SHOWN), figsize=(11, 3.4), height_ratios=[1.15, 1], layout="constrained")
    plots.strip([photos[t] for t in SHOWN], ["real", *(f"generation {t}" for t in SHOWN[1:])], axes[0])
    for ax, t in zip(axes[1], SHOWN, strict=True):
        first_look.histogram(ax, crowds[t]).set(yticks=[], xticks=[-2, 0, 2], ylim=(0, 15))
        ax.spines["left"].set_visible(False)
    axes[1, 0].set_ylabel("20 people")
    axes[1, 0].set_xlabel("their heights", loc="left")
    return figure


if __name__ == "__main__":
    plots.use_style()
    draw().savefig(PATH, dpi=110, pil_kwargs={"optimize": True})
    print(f"drew {PATH.name}, {PATH.stat().st_size / 1000:.0f} kB")
