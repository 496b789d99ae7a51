"""Self-checks of lesson 09."""

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check


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


def same_again(answer):
    """3: the factor for 100 real rows, the same every year, with three times as many synthetic ones."""
    s = 0.75
    value = (1 + 2 * s) / (1 + s)
    check(
        answer,
        lambda a: close(a, value, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 1.5."),
            (
                lambda a: close(a, 1 / (1 - s**2), 0.01),
                "that law is for new real rows and a fixed total; these are the same, and the others come on top.",
            ),
            (
                lambda a: close(a, (1 + 2 * s) / (1 - s**2), 0.01),
                "that is against a fixed total of real rows; here the 100 stay and the others come on top.",
            ),
            (lambda a: close(a, 1 / (1 + s), 0.01), "so it is with new real rows every year; these are the same."),
            (
                lambda a: close(a, 1 + 2 * s, 0.01),
                "that is against fresh rows in the mixture; compare with the 100 alone.",
            ),
            (lambda a: close(a, 4 / 3, 0.01), "so it would be with as many; three times as many are a share of 0.75."),
            (lambda a: close(a, 1.2, 0.01), "s is the share of synthetic rows, not of the real ones."),
            (lambda a: close(a, 1 / value, 0.01), "that is its inverse: the error grows."),
            (lambda a: close(a, 1, 0.001), "they bring nothing new, but their own chance comes on top."),
            (lambda a: close(a, 1.5 / 100 * value, 0.01), "that is the error itself; by which factor does it grow?"),
        ],
        otherwise="the synthetic share is 0.75; section 1 has the factor for the same real rows again.",
        because="10/7. What there is to remember is shown again anyway, so the added rows add their noise alone.",
    )
