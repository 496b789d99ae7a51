"""Self-checks of lesson 10."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check


def never_met(answer):
    """1: the chance that a teacher of 2000 words has missed one of a share of 1/1000."""
    value = (1 - 0.001) ** 2000
    check(
        answer,
        lambda a: close(a, value, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number, a chance from 0 to 1."),
            (lambda a: close(a, 1 - value, 0.01), "that is the chance that the teacher has met it."),
            (lambda a: close(a, 100 * value, 0.01), "that is in per cent; give the chance itself, from 0 to 1."),
            (
                lambda a: close(a, 0.001, 0.001),
                "that is the word's share; how likely is it missed 2000 times in a row?",
            ),
            (
                lambda a: close(a, 0.5, 0.001),
                "it does not depend on the student, only on what the teacher has read.",
            ),
            (lambda a: close(a, 0, 1e-6), "2 is what one expects among 2000; by chance it may be none."),
        ],
        otherwise="each of the 2000 words is another one with the chance 0.999.",
        because="about 0.135, that is e^-2: one teacher in seven misses it, and so do all its students.",
    )


def people_only(answer):
    """2: a function people_only(crawl) that returns a recipe without the synthetic rows."""
    rows = np.arange(10.0)[:, None]
    synthetic = np.arange(10) % 3 == 0
    asked = []

    def crawl(pool, n, rng):
        asked.append((pool, n, rng))
        return rows.copy(), synthetic.copy()

    pool, rng = [rows], np.random.default_rng(0)

    def trained(f):
        return f(crawl)(pool, 7, rng)

    check(
        answer,
        lambda f: alike(trained(f), rows[~synthetic]) and asked[-1] == (pool, 7, rng),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: people_only, without brackets."),
            (lambda f: not callable(f(crawl)), "people_only must return the function recipe, not what it returns."),
            (lambda f: isinstance(trained(f), tuple), "a recipe returns rows alone, not who wrote them."),
            (
                lambda f: np.array_equal(trained(f), rows[synthetic]),
                "those are the machines' rows: turn it round.",
            ),
            (lambda f: np.array_equal(trained(f), rows), "that is everything; leave the synthetic rows out."),
            (
                lambda f: np.array_equal(trained(f), rows[~synthetic]),
                "hand pool, n and rng on to crawl as the recipe gets them.",
            ),
        ],
        otherwise="call rows, synthetic = crawl(pool, n, rng) inside recipe, and return rows[~synthetic].",
        because="that is a perfect filter. Nobody has `synthetic`; lesson 12 is about what one has instead.",
        trial=trained,
    )


def sooner(answer):
    """3: by how many years three quarters less stock bring the end forward, if demand trebles each year."""
    value = np.log(4) / np.log(3)
    check(
        answer,
        lambda a: close(a, value, 0.05) and not close(a, 4 / 3, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number, in years."),
            (lambda a: close(a, -value, 0.03), "give the number of years by which it comes sooner, above 0."),
            (lambda a: close(a, 2, 0.01), "so it would be if the demand doubled; it trebles."),
            (
                lambda a: close(a, np.log(4 / 3) / np.log(3), 0.03),
                "three quarters are withdrawn, one quarter is left.",
            ),
            (lambda a: close(a, 4 / 3, 0.01), "demand is multiplied by 3 each year, not increased: use logarithms."),
            (lambda a: close(a, 0.75, 0.01), "that is the share; after how many years is the demand 4 times as large?"),
        ],
        otherwise="a quarter of the stock is reached when the demand is a quarter as large: 3 to which power is 4?",
        because="about 1.26 years. Against a demand that grows by a factor, much of the stock is little time.",
    )
