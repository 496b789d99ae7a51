"""Exercises on lesson 10 whose numbers are drawn."""

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


def true_share(rng):
    found, alarms, said = pick(rng, 70, 75, 80, 90), pick(rng, 2, 3, 5, 8), pick(rng, 30, 40, 45, 60)
    return Exercise(
        "A detector calls {said}% of the articles of a crawl machine-made. It finds {found}% of those that are, and "
        "accuses {alarms}% of the human ones. What share is machine-made in truth?",
        {"said": said, "found": found, "alarms": alarms},
        (said - alarms) / (found - alarms),
        "x, where said = found x + alarms (1 - x)",
    )


EXERCISES = (true_share, sooner)
