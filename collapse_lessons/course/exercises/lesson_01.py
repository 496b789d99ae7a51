"""Self-checks of lesson 01."""

import numpy as np

from collapse_lessons import theory
from collapse_lessons.course.answers import alike, close, is_number, real_numbers
from collapse_lessons.course.self_check import check


def half_life(answer):
    """1: after how many generations has the typical variance halved, with n = 500?"""
    value = np.log(0.5) / np.log(theory.typical_var(1, 500))
    check(
        answer,
        lambda a: close(a, value, 0.08),  # what the lesson's simulation suggests is right too
        hints=[
            (lambda a: not is_number(a), "give one number, such as 200."),
            (
                lambda a: close(a, value * 2, 0.05),
                "that is for an estimate without bias, or for the mean over chains; the typical variance pays 1/n for "
                "the bias and 1/n for chance.",
            ),
            (lambda a: close(a, value / 5, 0.05), "that is the answer for n = 100; here n is 500."),
            (lambda a: close(a, 250, 0.01), "after n/2 generations e^-1 of it is left, 0.37: less than a half."),
            (lambda a: close(a, 500, 0.01), "after n generations e^-2 of it is left, 0.14: less than a half."),
        ],
        otherwise="the typical variance loses a share of about 2/n each generation: when is half of it gone?",
        because=f"about {value:.0f} generations, ln 2 times n/2: five times the data lives five times as long.",
    )


def people_needed(answer):
    """2: a function people_needed(k, kept): the smallest n whose mean variance is at least `kept` after k fits."""
    cases = [(1, 0.5), (20, 0.5), (100, 0.9), (1000, 0.9), (70, 0.2)]

    def exact(k, kept):
        return 1 / (1 - kept ** (1 / k))

    def agrees(f, truth):
        return all(alike(f(k, kept), truth(k, kept)) for k, kept in cases)

    check(
        answer,
        lambda f: all(alike(f(k, kept), np.ceil(exact(k, kept))) for k, kept in cases),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: people_needed, without brackets."),
            (lambda f: agrees(f, exact), "nearly: people are whole, so round up, with math.ceil."),
            (
                lambda f: agrees(f, lambda k, kept: np.floor(exact(k, kept))),
                "nearly: with your n it is just below `kept`, so round up.",
            ),
            (
                lambda f: agrees(f, lambda k, kept: np.floor(exact(k, kept)) + 1),
                "the right formula, and one person too many where it gives a whole number: math.ceil rounds up.",
            ),
            (
                lambda f: agrees(f, lambda k, kept: np.round(exact(k, kept))),
                "nearly: people_needed(20, 0.5) is one person short. Solve (1 - 1/n) to the power k for n exactly, and "
                "round up with math.ceil, not to the nearest.",
            ),
            (
                lambda f: all(abs(f(k, kept) / exact(k, kept) - 1) < 0.02 for k, kept in cases[2:4]),
                "close where n is large; the exact law is (1 - 1/n) to the power k, solved for n and rounded up.",
            ),
            (
                lambda f: all(abs(f(k, kept) / exact(k, kept) - 2) < 0.02 for k, kept in cases[2:4]),
                "that is for the typical chain, which loses 2/n at every fit; the mean loses 1/n.",
            ),
            (
                lambda f: all(f(k, kept) == 1 for k, kept in cases),
                "your search stops at once, and 1 - 1/1 is nothing: go on while (1 - 1/n) to the power k is too small.",
            ),
        ],
        otherwise="solve (1 - 1/n) to the power k = kept for n: take the k-th root first. Then round up.",
        because="1 / (1 - the k-th root of kept), rounded up: ten times the fits take about ten times the people.",
        trial=lambda f: f(3, 0.5),
    )


def last_two(answer):
    """3: a recipe that trains on n rows from the two newest sets of the pool."""
    rng = np.random.default_rng(0)
    pool = [np.full((50, 1), float(value)) for value in range(4)]
    everyone = list(np.arange(200.0).reshape(4, 50, 1))

    def trained_on(f, pool, seed=1):
        return real_numbers(f(pool, 50, np.random.default_rng(seed)))

    def at_random(f):
        return not np.array_equal(np.sort(trained_on(f, everyone, 1), 0), np.sort(trained_on(f, everyone, 2), 0))

    def twice(f):
        return len(np.unique(trained_on(f, everyone))) < 50

    def invented(f):
        return not np.isin(trained_on(f, everyone), everyone).all()

    def right(f):
        several = [np.unique(real_numbers(f(pool, 50, rng))) for _ in range(5)]
        short = trained_on(f, pool[:2])
        return (
            all(np.array_equal(values, [2, 3]) for values in several)
            and trained_on(f, pool).shape == (50, 1)
            and np.array_equal(np.unique(short), [0, 1])
            and at_random(f)
            and not twice(f)
        )

    check(
        answer,
        right,
        hints=[
            (lambda f: not callable(f), "answer with the function itself: last_two, without brackets."),
            (
                lambda f: trained_on(f, pool).ndim == 3,
                "you drew n whole data sets; join the two sets first, then draw rows.",
            ),
            (lambda f: trained_on(f, pool).shape[0] == 100, "that is all 100 rows; pick n of them with rng.choice."),
            (
                lambda f: set(np.unique(trained_on(f, pool))) == {2.0, 3.0} and not at_random(f),
                "it takes the same rows every time: pick them at random, with the rng that is handed in.",
            ),
            (
                lambda f: len(trained_on(f, everyone)) == 50 and invented(f),
                "some of your rows are in neither set: + adds arrays number by number, np.concatenate joins them.",
            ),
            (
                lambda f: len(trained_on(f, everyone)) == 50 and twice(f),
                "some rows come twice, as with people who are measured twice: rng.choice has replace=False.",
            ),
            (
                lambda f: set(np.unique(trained_on(f, pool))) == {2.0, 3.0} and len(trained_on(f, pool)) == 50,
                "do the rows come in random proportion, and does it work when the pool has just two entries?",
            ),
            (
                lambda f: set(np.unique(trained_on(f, pool))) <= {2.0} or set(np.unique(trained_on(f, pool))) <= {3.0},
                "one of the two sets is missing: joined arrays are in order, so take random rows, not the first n.",
            ),
        ],
        otherwise="join pool[-2] and pool[-1] with np.concatenate, then take n rows chosen by rng.choice.",
        because="n random rows of the two newest generations. Now send it round the loop, as the text below says.",
        trial=lambda f: f(pool, 50, rng),
    )
