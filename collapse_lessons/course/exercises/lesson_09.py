"""Self-checks of lesson 09."""

import numpy as np

from collapse_lessons.course.lesson import alike, check, close, is_number


def factor(answer):
    """1: the factor by which the error settles above that of real rows alone, a quarter of the rows being fresh."""
    value = 1 / (1 - 0.75**2)
    check(
        answer,
        lambda a: close(a, value, 0.03),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 1.5."),
            (
                lambda a: close(a, 1.5 / 10_000 * value, 0.03),
                "that is the error itself; by which factor does it grow?",
            ),
            (lambda a: close(a, 1 / value, 0.03), "that is its inverse: the error grows."),
            (
                lambda a: close(a, 1 / (1 - 0.25**2), 0.01),
                "s is the share of synthetic rows, not of the real ones.",
            ),
            (lambda a: close(a, 4, 0.01), "so much if the synthetic rows were useless; they remember something."),
            (
                lambda a: close(a, 1 / 1.75, 0.03),
                "that is against the real quarter alone; here the total is fixed.",
            ),
            (
                lambda a: close(a, 2.5, 0.01),
                "that is for replayed real rows alone; these are fresh.",
            ),
        ],
        otherwise="the synthetic share is 0.75; put it into 1/(1 - s^2).",
        because="1/(1 - 0.75^2) is about 2.3, for 100 rows as for 10,000: faithful models have no scale of their own.",
    )


def worth(answer):
    """2: a function worth(r, s): the fresh real rows that alone give the error of r and a synthetic share s."""
    cases = [(100, 0.0), (100, 0.5), (1000, 0.9), (40, 0.25)]

    def agrees(f, truth):
        return all(alike(f(r, s), truth(r, s), rtol=1e-3) for r, s in cases)

    check(
        answer,
        lambda f: agrees(f, lambda r, s: r * (1 + s)),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: worth, without brackets."),
            (lambda f: agrees(f, lambda r, s: r / (1 + s)), "the other way round: a smaller error is worth more rows."),
            (lambda f: agrees(f, lambda r, s: r / (1 - s)), "that is all rows, as if the synthetic ones were real."),
            (
                lambda f: agrees(f, lambda r, s: r / (1 - s**2)),
                "that law is for a fixed total; here r is fixed.",
            ),
            (
                lambda f: agrees(f, lambda r, s: 1.5 / (r * (1 + s))),
                "that is the error itself; which number of real rows has it?",
            ),
            (lambda f: agrees(f, lambda r, s: 1 + s), "that is the factor; the question is how many rows."),
            (
                lambda f: agrees(f, lambda r, s: r * (1 + s) / (1 + 2 * s)),
                "that is for replayed real rows; here they are fresh.",
            ),
        ],
        otherwise="without synthetic rows (s = 0) it is r; with s near 1 it is nearly 2 r.",
        because="r (1 + s): however many synthetic rows, they are worth less than one more year's real ones.",
        trial=lambda f: f(100, 0.5),
    )


def people_only(answer):
    """3: a function people_only(crawl) that returns a recipe without the synthetic rows."""
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
        because="that is a perfect filter. Nobody has `synthetic`; lesson 10 is about what one has instead.",
        trial=trained,
    )


def sooner(answer):
    """4: by how many years three quarters less stock bring the end forward, if demand trebles each year."""
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
