"""Self-checks of lesson 02."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number, real_numbers
from collapse_lessons.course.self_check import check


def thick_enough(answer):
    """1: how many photos make it 95% sure that a breed of share 0.00155 is among them?"""
    p = 0.00155
    value = np.log(0.05) / np.log(1 - p)
    check(
        answer,
        lambda a: close(a, value, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number of photos, such as 500."),
            (lambda a: close(a, np.log(0.95) / np.log(1 - p), 0.05), "so many miss it in 95%: it shall be 5%."),
            (
                lambda a: close(a, 0.95 / p, 0.02),
                "so many hold 0.95 photos of it on average, and some 39% of such albums none.",
            ),
            (lambda a: close(a, 1 / p, 0.02), "so many hold one photo of it on average, and 37% of such albums none."),
            (lambda a: close(a, -value, 0.01), "both logarithms are negative: divide one by the other."),
        ],
        otherwise="n photos miss it with the chance (1 - 0.00155) to the power n: for which n is that 0.05?",
        because="0.9985 to the power 1930 is 0.05: twice the thousand photos of the lesson's album.",
    )


def two_differ(answer):
    """2: a function two_differ(shares) for the chance that two photos show different breeds."""
    rng = np.random.default_rng(0)
    cases = [np.array([0.5, 0.5]), np.array([1.0, 0.0]), *rng.dirichlet(np.ones(7), 3)]

    def agrees(f, truth):
        return all(alike(f(p.copy()), truth(p), atol=1e-12) for p in cases)

    check(
        answer,
        lambda f: agrees(f, lambda p: 1 - np.sum(p**2)),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: two_differ, without brackets."),
            (lambda f: np.ndim(f(cases[0])) > 0, "that is one number a breed; the chance is one number: add them up."),
            (lambda f: agrees(f, lambda p: np.sum(p**2)), "that is the chance that they show the same breed."),
            (
                lambda f: agrees(f, lambda p: 1 - p.max()),
                "that is the chance that one photo is not the commonest breed.",
            ),
            (
                lambda f: agrees(f, lambda p: (1 - np.sum(p**2)) / 2),
                "you counted each pair of breeds once, but the two photos can show it in either order.",
            ),
            (lambda f: agrees(f, lambda p: 1 - np.sum(p) ** 2), "square each share first, and add up then."),
        ],
        otherwise="shares 0.5 and 0.5 give 0.5; shares 1 and 0 give 0. Begin with the chance that both are the same.",
        because="1 minus the sum of squares. A share of 0.001 counts for a millionth in it: so the tail can go unseen.",
        trial=lambda f: f(cases[0]),
    )


def hundredfold(answer):
    """3: the first generation in which a ratio that starts at 2 exceeds 100, at temperature 0.9 with endless albums."""
    power = np.log2(100)
    value = np.log(power) / np.log(1 / 0.9)  # just under 18
    check(
        answer,
        lambda a: is_number(a) and value - 0.01 <= a <= np.ceil(value),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 30."),
            (
                lambda a: close(a, power, 0.06),
                "that is the power to which 2 has to be raised; how many generations is it?",
            ),
            (
                lambda a: is_number(a) and 36 <= a <= 56,
                "you let the ratio grow by the same factor each time; each time it is raised to the power 1/0.9.",
            ),
            (lambda a: a == 17, "at 17 the ratio is 64, and not yet a hundred: round up."),
            (
                lambda a: close(a, value, 0.1),
                "close: generation 0 has not been sharpened yet, generation t has t times.",
            ),
        ],
        otherwise="after t generations the ratio is 2 to the power (1/0.9)^t. Try some values of t.",
        because="in generation 18: preferences compound, and no album is so large that it slows them.",
    )


def with_the_original(answer):
    """4: a recipe that trains on all of the real data and all of the newest samples."""
    pool = [np.full(50, value) for value in (1, 2, 4, 8)]  # no sum of two of them is one of them

    def counts(f, pool):
        album = f(pool, 50, np.random.default_rng(0))
        if not isinstance(album, np.ndarray):
            return {}
        values, rows = np.unique(real_numbers(album), return_counts=True)
        return dict(zip(values.tolist(), rows.tolist(), strict=True))

    check(
        answer,
        lambda f: counts(f, pool) == {1: 50, 8: 50} and counts(f, pool[:2]) == {1: 50, 2: 50},
        hints=[
            (lambda f: not callable(f), "answer with the function itself: with_the_original, without brackets."),
            (
                lambda f: isinstance(f(pool, 50, None), list | tuple),
                "that is a pair of albums; join them to one array with np.concatenate.",
            ),
            (
                lambda f: counts(f, pool) == {9: 50},
                "that adds them up, photo by photo; join them end to end with np.concatenate.",
            ),
            (
                lambda f: counts(f, pool) == dict.fromkeys((1, 2, 4, 8), 50),
                "that is every album so far: accumulate. Take the first and the last.",
            ),
            (lambda f: counts(f, pool) == {1: 50}, "that is the real album alone; the newest one belongs to it."),
            (lambda f: counts(f, pool) == {8: 50}, "that is the newest album alone, which is replace."),
            (lambda f: counts(f, pool) == {4: 50, 8: 50}, "those are the two newest; the real album is pool[0]."),
            (lambda f: sum(counts(f, pool).values()) == 50, "that is 50 rows of 100; this recipe keeps them all."),
        ],
        otherwise="np.concatenate([first, second]) joins two arrays; the first is pool[0], the second pool[-1].",
        because="no breed of the real album can be lost now: its photo is studied in every generation.",
        trial=lambda f: f(pool, 50, np.random.default_rng(0)),
    )
