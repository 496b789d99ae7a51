"""Exercises on lesson 00 whose numbers are drawn."""

from collapse_lessons import theory

from .exercise import Exercise, pick


def repeated_blur(rng):
    sigma, copies = pick(rng, 0.3, 0.4, 0.6, 0.7, 0.9, 1.1), pick(rng, 9, 16, 25, 36, 49, 64)
    return Exercise(
        "A copier blurs by {sigma} pixels. You copy a page, the copy, that copy, and so on, {copies} times. How wide "
        "is the blur in the end, in pixels?",
        {"sigma": sigma, "copies": copies},
        theory.blur_width(sigma, copies).item(),
        "squares of widths add up: the width times the square root of the number of copies",
    )


def still_there(rng):
    n = rng.integers(5, 13).item()
    return Exercise(
        "`Memory` learns {n} different names by heart and draws {n} of them with replacement. What share of the names "
        "does it draw at least once, on average?",
        {"n": n},
        1 - theory.missed(1 / n, n).item(),
        "a name is missed by every draw with the chance (1 - 1/n)^n",
    )


EXERCISES = (repeated_blur, still_there)
