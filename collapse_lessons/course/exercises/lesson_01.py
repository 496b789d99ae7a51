"""Self-checks of lesson 01."""

import numpy as np

from collapse_lessons import theory
from collapse_lessons.course.answers import alike, close, is_number, real_numbers
from collapse_lessons.course.self_check import check, check_choice


def half_life(answer):
    """1: after how many generations has the typical standard deviation halved, with n = 500?"""
    per_generation = -0.5 * np.log(theory.typical_var(1, 500))
    value = np.log(2) / per_generation
    check(
        answer,
        lambda a: close(a, value, 0.08),  # what the lesson's simulation suggests is right too
        hints=[
            (lambda a: not is_number(a), "give one number, such as 200."),
            (
                lambda a: close(a, value / 2, 0.05),
                "that is when the variance has halved; the question is its root.",
            ),
            (lambda a: close(a, value / 5, 0.05), "that is the answer for n = 100; here n is 500."),
            (lambda a: close(a, 500, 0.01), "after n generations e^-1 of it is left, 0.37: less than a half."),
            (lambda a: close(a, value * 4 / 3, 0.05), "you used the mean over chains; the typical chain falls faster."),
        ],
        otherwise="the typical standard deviation loses a share of about 1/n each generation: when is half of it gone?",
        because=f"about {value:.0f} generations, ln 2 times n: five times the data lives five times as long.",
    )


def expected_var(answer):
    """2: a function expected_var(t, n) for the mean variance that generation t fits."""
    cases = [(0, 10), (9, 10), (49, 100), (299, 1000)]

    def agrees(f, truth):
        return all(alike(f(t, n), truth(t, n)) for t, n in cases)

    check(
        answer,
        lambda f: agrees(f, lambda t, n: theory.expected_var(t + 1, n)),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: expected_var, without brackets."),
            (
                lambda f: agrees(f, lambda t, n: theory.expected_var(t, n)),
                "nearly: generation 0 has been fitted once already, so it has lost 1/n of the variance.",
            ),
            (
                lambda f: agrees(f, lambda t, n: np.sqrt(theory.expected_var(t + 1, n))),
                "that is its square root; the variance itself shrinks by (1 - 1/n) a fit.",
            ),
        ],
        otherwise="each fit multiplies the mean variance by (1 - 1/n); count the fits, that of generation t included.",
        because="(1 - 1/n) to the power t + 1: one factor for each fit, and generation 0 has had one.",
        trial=lambda f: f(3, 10),
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


def which_number(answer):
    """4: which number would have shown a newcomer that the unbiased chains die?"""
    check_choice(
        answer,
        "b",
        hints={
            "a": "the mean over chains stays at 1 for ever: it is the number that hides the collapse.",
            "c": "the mean of the chains wanders about 0 on both sides, and averages out.",
        },
        because="the median chain dies while a few that explode keep the mean up. Look at typical cases, and at tails.",
    )
