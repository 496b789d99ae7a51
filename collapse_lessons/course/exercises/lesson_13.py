"""Self-checks of lesson 13."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check


def half_right(answer):
    """1: how often a checker must be right, so that half of what it accepts is, if a tenth of all articles is."""
    check(
        answer,
        lambda a: close(a, 0.9, 0.003),
        hints=[
            (lambda a: not is_number(a), "give one number, a share from 0 to 1."),
            (lambda a: close(a, 90, 0.5), "that is in per cent; give the share itself, from 0 to 1."),
            (
                lambda a: close(a, 9, 0.01),
                "so much the odds are multiplied by; which share, divided by the rest, is 9?",
            ),
            (lambda a: close(a, 0.1, 0.001), "that is how often it errs."),
            (lambda a: close(a, 8 / 9, 0.002), "nearly: which share, divided by the rest, is 9?"),
            (lambda a: close(a, 0.5, 0.001), "that is a coin: of what it accepts one in ten is right, as before."),
            (lambda a: close(a, 0.8, 0.001), "then 80 right ones are accepted, and 180 of the other 900."),
            (
                lambda a: close(a, 0.95, 0.001),
                "then 95 right ones are accepted, and 45 of the other 900: more than half.",
            ),
        ],
        otherwise="of 1000 articles, count what is accepted: how many of the 100 right ones, how many of the others?",
        because="90 right ones and 90 others: the odds, 1 to 9, times 0.9/0.1. The loop multiplies again and again.",
    )


def imitators(answer):
    """2: the share of imitating people with which one fifth synthetic is as good as nine tenths."""
    check(
        answer,
        lambda a: close(a, 0.875, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number, a share from 0 to 1."),
            (lambda a: close(a, 87.5, 0.01), "that is in per cent; give the share itself, from 0 to 1."),
            (lambda a: close(a, 0.125, 0.01), "that is the share of people who still write for themselves."),
            (lambda a: close(a, 0.7, 0.01), "that is their share of all rows; people write only four fifths of these."),
            (lambda a: close(a, 0.8, 0.01), "with four in five it would be as if 84% were synthetic."),
            (lambda a: close(a, 0.9, 0.01), "with nine in ten it would be as if 92% were synthetic."),
        ],
        otherwise="people write four fifths of the rows, and an eighth of these must stay their own to leave a tenth.",
        because="0.875, seven in eight. The error is then 5.3 times that of real data, and no label tells why.",
    )


def partly_liked(answer):
    """3: a recipe of chosen rows with a share of new real ones."""
    shares = [(0.0, 40), (0.1, 40), (0.5, 30), (0.25, 10)]

    def made(f, real_share, n):
        """Return the rows, ones for what was chosen and twos for real ones, and whether pool and rng were handed on."""
        asked = []

        def choose(pool, n, rng):
            asked.append((pool, rng))
            return np.full(n, 1)

        def draw(n, rng):
            asked.append((given[0], rng))
            return np.full(n, 2)

        given = [np.zeros(n), np.zeros(n)], np.random.default_rng(0)
        rows = f(choose, draw, real_share)(given[0], n, given[1])
        return rows, all(pool is given[0] and rng is given[1] for pool, rng in asked)

    def counts(f, right):
        def agrees(s, n):
            rows, handed = made(f, s, n)
            one_after_the_other = [np.repeat([1, 2], right(s, n)), np.repeat([2, 1], right(s, n)[::-1])]
            return handed and any(alike(rows, both) for both in one_after_the_other)

        return all(agrees(s, n) for s, n in shares)

    def asks_for_a_fraction(f):
        asked = []

        def some(*asked_for):
            asked.append(asked_for[-2])
            return np.ones(round(asked_for[-2]))

        f(some, some, 0.25)(None, 10, None)
        return any(n != round(n) or isinstance(n, float) for n in asked)

    def whole(s, n):
        return n - round(s * n), round(s * n)

    check(
        answer,
        lambda f: counts(f, whole),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: partly_liked, without brackets."),
            (
                lambda f: not callable(f(lambda *_: np.ones(1), lambda *_: np.ones(1), 0.5)),
                "partly_liked(choose, draw, real_share) must return the function recipe, not what it returns.",
            ),
            (asks_for_a_fraction, "nobody can draw 2.5 rows: round the number of real ones, round(real_share * n)."),
            (
                lambda f: alike(made(f, 0.5, 30)[0], np.full(15, 3)),
                "+ adds numbers, row by row; np.concatenate([..., ...]) puts two arrays one behind the other.",
            ),
            (lambda f: counts(f, lambda s, n: whole(s, n)[::-1]), "the other way round: real_share is that of draw."),
            (lambda f: counts(f, lambda s, n: (n, round(s * n))), "those are more than n rows: choose n - n_real."),
            (lambda f: counts(f, lambda s, n: (n, 0)), "nothing real is among them: add draw(n_real, rng)."),
            (lambda f: not made(f, 0.5, 30)[1], "hand pool and rng on as the recipe gets them."),
        ],
        otherwise="n_real = round(real_share * n); put choose(pool, n - n_real, rng) and draw(n_real, rng) together.",
        because="so a floor is put under everything: what nobody likes comes back, as real_share times its true share.",
        trial=lambda f: made(f, 0.5, 30)[0],
    )
