"""Exercises on lesson 09 whose numbers are drawn."""

from collapse_lessons import theory

from .exercise import Exercise, pick


def times_the_error(rng):
    percent, n = pick(rng, 5, 15, 20, 30, 40), pick(rng, 200, 1000, 5000)
    fresh, share = n * percent / 100, 1 - percent / 100
    return Exercise(
        "A Gaussian is refitted to {n} rows a generation, {percent}% of them fresh real ones and the rest from its "
        "faithful predecessor. By which factor does the error settle above that of {n} real rows?",
        {"n": n, "percent": percent},
        (theory.mixed_error(fresh, share) / theory.mixed_error(n, 0.0)).item(),
        "1 / (1 - s^2) with the synthetic share s, whatever the number of rows",
        see="section 1",
    )


def the_same_again(rng):
    percent, n = pick(rng, 20, 30, 40, 60, 75, 80), pick(rng, 100, 400, 2000)
    share = percent / 100
    return Exercise(
        "Every year brings the *same* {n} real rows, and synthetic ones from last year's faithful model, so that "
        "{percent}% of all rows are synthetic. By which factor does the error settle above that of the {n} real rows "
        "alone?",
        {"n": n, "percent": percent},
        (1 + 2 * share) / (1 + share),
        "(1 + 2s) / (1 + s) with the synthetic share s",
        see="section 1",
    )


EXERCISES = (times_the_error, the_same_again)
