"""Lesson 04's explorer: one photo, one copier, a knob for each defect."""

from functools import cache, lru_cache

from collapse_lessons import checks, metrics, plots
from collapse_lessons.loop import generations
from collapse_lessons.models.photocopier import Photocopier
from collapse_lessons.worlds import datasets

MOST = 40  # copies; enough for every knob to have its way


@cache
def original():
    """Return the photo at a quarter of its size, so that forty copies take a few hundredths of a second."""
    return datasets.flower(104)


@lru_cache(maxsize=4)
def pages(copier):
    """Return the pages after 0 to 40 copies; while only the number of copies changes, nothing is copied again."""
    turns = generations(Photocopier(*copier), original()[None], n_generations=MOST, seed=0)
    return [original(), *(turn.samples[0] for turn in turns)]


def draw(copies=20, blur=0.5, tone=1.05, noise=0.02, sharpen=0.0, shift=0, jpeg=None):
    """Draw the photo, then the page after half and after all of `copies` copies, each with two measures.

    Parameters
    ----------
    copies : int in [0, 40]
    blur, tone, noise, sharpen, shift, jpeg
        The copier's defects, see `models.photocopier.Photocopier`.

    Returns
    -------
    figure, description, alt
    """
    copies = checks.whole("copies", copies, 0, f"at most {MOST}")
    if copies > MOST:
        raise ValueError(f"copies must be a whole number from 0 to {MOST}, got {copies}: raise MOST to copy on")
    made = pages((blur, 0, tone, shift, noise, sharpen, jpeg))
    shown = [0, copies // 2, copies]
    words = [
        f"SSIM {metrics.ssim(made[t], original()):.2f}, detail {metrics.fine_detail(made[t], original()):.2g}"
        for t in shown
    ]
    titles = [f"copy {t}: {text}" for t, text in zip(shown, words, strict=True)]
    axes = plots.strip([made[t] for t in shown], titles, width=7.5)
    description = f"After {copies} copies: {words[-1]} (both are 1 for the original)."
    alt = f"The photo of a dahlia, then the pages that copies {shown[1]} and {shown[2]} made. The last has {words[-1]}."
    return axes[0].figure, description, alt
