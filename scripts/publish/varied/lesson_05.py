"""Exercises on lesson 05 whose numbers are drawn."""

from collapse_lessons import theory

from .exercise import Exercise, pick


def enough_fresh(rng):
    percent, sure = pick(rng, 1, 2, 4, 5), pick(rng, 80, 90, 99)
    m = 2
    while 1 - theory.missed(percent / 100, m) < sure / 100:
        m += 1
    return Exercise(
        "{percent}% of all flowers are blue. How many new real flowers does it take so that with a chance of at least "
        "{sure}% one of them is blue?",
        {"percent": percent, "sure": sure},
        m,
        "the smallest m with (1 - p)^m at most what may go wrong",
        within=0,
    )


def colour_gone(rng):
    percent, n, t = pick(rng, 2, 3, 5), pick(rng, 150, 200, 300), pick(rng, 10, 15, 20, 30)
    return Exercise(
        "A garden of {n} flowers, {percent}% of them white, replace. By lesson 02's forecast, what is the chance that "
        "none of the flowers that generation {t} paints is white? (`theory.alive` may be used. What generation 0 "
        "paints has been drawn twice.)",
        {"percent": percent, "n": n, "t": t},
        1 - theory.alive(t + 2, n, [percent / 100, 1 - percent / 100])[0].item(),
        "1 - theory.alive(t + 2, n, [p, 1 - p])[0]",
        within=0.04,
    )


EXERCISES = (enough_fresh, colour_gone)
