"""Self-checks of lesson 12."""

import numpy as np

from collapse_lessons import theory
from collapse_lessons.course.answers import close, is_number
from collapse_lessons.course.self_check import check


def passed(answer):
    """1: the real share of what a detector with rates 0.9 and 0.1 lets pass, from a web with a fifth real."""
    value = float(theory.filtered_share(0.2, 0.9, 0.1))
    check(
        answer,
        lambda a: close(a, value, 0.02),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 0.5."),
            (lambda a: close(a, 100 * value, 0.01), "that is in per cent; give the share itself, from 0 to 1."),
            (lambda a: close(a, 0.9, 0.001), "that is how much of the real passes; much of what passes is not real."),
            (lambda a: close(a, 0.18, 0.01), "that is the share of all that is found; divide by all that passes."),
            (lambda a: close(a, 1 - value, 0.01), "that is the synthetic share of what passes."),
            (
                lambda a: close(a, 0.02 / 0.74, 0.01),
                "that is the real share of what is flagged: what passes is 1 minus each rate.",
            ),
            (lambda a: close(a, 0.2 / 0.28, 0.002), "a tenth of the real is accused as well and does not pass."),
            (lambda a: close(a, 9 / 4, 0.01), "those are the odds, 9 to 4; as a share it is 9 in 13."),
        ],
        otherwise="of 1000 found, count what passes: how many of the 200 real ones, how many of the 800 others?",
        because="180 of 260. The odds were 1 to 4, and the detector multiplies them by 0.9/0.1 = 9.",
    )


def enough_words(answer):
    """2: from how many words on a text with 70% green words has z above 4."""
    check(
        answer,
        lambda a: close(a, 100, 0.0101),
        hints=[
            (lambda a: not is_number(a), "give one number of words."),
            (lambda a: close(a, 10, 0.01), "that is the square root of it."),
            (lambda a: close(a, 20, 0.01), "z grows with the square root of the number of words, not with the number."),
            (
                lambda a: close(a, 84, 0.01),
                "under chance the variance is T/4: half green, half not. It is not 0.7 x 0.3 T.",
            ),
            (lambda a: close(a, 400, 0.01), "the denominator is the square root of T/4, which is half the root of T."),
            (lambda a: close(a, 16 / 1.96, 0.01), "0.7 T - T/2 is 0.2 T: it is the excess over chance that counts."),
        ],
        otherwise="put G = 0.7 T into z: the excess over half is 0.2 T. Divide, and see how z grows with T.",
        because="z = 0.4 sqrt(T). Twice the excess would need a quarter of the words, half of it four times as many.",
    )


def soft(answer):
    """3: a function soft(scores, rng) that throws away with a chance of 1 - (1 - score)^10."""
    scores = np.repeat([0.0, 0.02, 0.1, 0.3, 1.0], 4000)
    exact = 1 - (1 - scores[::4000]) ** 10

    def thrown(f):
        return np.asarray(f(scores.copy(), np.random.default_rng(0)))

    def agrees(f, chances):
        flagged = thrown(f)
        return flagged.dtype == bool and np.abs(flagged.reshape(5, -1).mean(axis=1) - chances).max() < 0.05

    def decides_for_all_at_once(f):
        flagged = thrown(f).reshape(5, -1)[1:4]
        return flagged.shape[1] > 1 and (flagged == flagged[:, :1]).all()

    check(
        answer,
        lambda f: agrees(f, exact),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: soft, without brackets."),
            (
                lambda f: thrown(f).shape != scores.shape,
                "return a bool for each of the scores: rng.random(len(scores)).",
            ),
            (lambda f: thrown(f).dtype != bool, "those are chances; compare them with rng.random(len(scores))."),
            (lambda f: agrees(f, 1 - exact), "the other way round: True is for what is thrown away."),
            (lambda f: agrees(f, 1 - (1 - exact) ** 0.1), "raise the chance to stay, 1 - score, to the power 10."),
            (
                lambda f: agrees(f, 1 - scores[::4000] ** 10),
                "a high score says machine: the chance to stay is of 1 - score.",
            ),
            (decides_for_all_at_once, "equal scores are all decided alike: draw a number for each of them."),
        ],
        otherwise="a score of 0.1 is kept with a chance of 0.9 ** 10, about 0.35, and thrown away otherwise.",
        because="a weight has no edge to hide behind, but it still selects: what is believed human is what is learned.",
        trial=lambda f: f(scores.copy(), np.random.default_rng(0)),
    )
