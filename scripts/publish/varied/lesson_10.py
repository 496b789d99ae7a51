"""Exercises on lesson 10 whose numbers are drawn."""

from collapse_lessons import theory
from collapse_lessons.web.stock import run_out

from .exercise import Exercise, pick


def sooner(rng):
    growth, percent = pick(rng, 1.5, 2, 2.5, 3, 4), pick(rng, 25, 40, 60, 70, 80, 90)
    return Exercise(
        "The demand for text grows {growth} times a year, and {percent}% of the stock are withdrawn. By how many years "
        "does the demand reach the stock sooner?",
        {"growth": growth, "percent": percent},
        (run_out(1e15, 1e12, growth) - run_out(1e15, 1e12, growth, percent / 100)).item(),
        "ln(1 / what is left) / ln(growth)",
    )


def never_met(rng):
    rows, share = pick(rng, 300, 500, 1500, 3000), pick(rng, 0.0004, 0.0008, 0.002, 0.003)
    return Exercise(
        "A word has a share of {share} of what people write. A teacher has read {rows} words. What is the chance that "
        "none of its students ever meets the word?",
        {"share": share, "rows": rows},
        theory.missed(share, rows).item(),
        "(1 - share)^rows: the teacher has missed it",
    )


EXERCISES = (never_met, sooner)
