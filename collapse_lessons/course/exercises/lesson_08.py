"""Self-checks of lesson 08."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check, check_choice

BLOCKS, BLOCK, EPOCHS, GENERATIONS, RATE = 37_000, 64, 5, 10, 40_000  # the chain of exercise 1


def minutes(answer):
    """1: minutes of training for ten generations of 37,000 blocks, at 40,000 tokens a second."""
    seconds = BLOCKS * BLOCK * EPOCHS * GENERATIONS / RATE
    check(
        answer,
        lambda a: close(a, seconds / 60, 0.03),
        hints=[
            (lambda a: not is_number(a), "give one number of minutes."),
            (lambda a: close(a, seconds, 0.03), "those are seconds: divide by 60."),
            (lambda a: close(a, seconds / 60 / EPOCHS, 0.03), "each generation goes through its rows five times."),
            (lambda a: close(a, seconds / 60 / GENERATIONS, 0.03), "that is one generation: there are ten."),
            (lambda a: close(a, seconds / 60 / BLOCK, 0.03), "a block is 64 tokens, and the card counts tokens."),
            (lambda a: close(a, seconds / 3600, 0.03), "those are hours; give minutes."),
        ],
        otherwise="blocks x tokens a block x epochs x generations gives tokens; divide by tokens a second, then by 60.",
        because="118 million tokens at 40,000 a second; what sampling takes comes on top.",
    )


def moved(answer):
    """2: a function moved(first, last) -> (share below first's median, share above first's 95th percentile)."""
    rng = np.random.default_rng(0)
    first, last = (
        rng.lognormal(2, 0.5, 400),
        np.concatenate([rng.lognormal(1.6, 0.3, 250), rng.lognormal(3.5, 0.5, 50)]),
    )
    low, high = np.median(first), np.quantile(first, 0.95)
    right = np.array([np.mean(last < low), np.mean(last > high)])

    def gives(f, value):
        return alike(f(first.copy(), last.copy()), value, rtol=1e-5)

    check(
        answer,
        lambda f: gives(f, right),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: moved, without brackets."),
            (lambda f: np.shape(f(first.copy(), last.copy())) != (2,), "return two numbers: return bulk, tail"),
            (
                lambda f: gives(f, right * len(last)),
                "those are counts: divide by the number of rows, or take the mean.",
            ),
            (lambda f: gives(f, right[::-1]), "the other way round: first the bulk, then the tail."),
            (
                lambda f: gives(f, [np.mean(last < np.median(last)), np.mean(last > np.quantile(last, 0.95))]),
                "you compare a set with itself; the marks are those of `first`, and what is counted is `last`.",
            ),
            (
                lambda f: gives(f, [np.mean(last > low), np.mean(last > high)]),
                "likelier is a lower perplexity: the bulk is what lies below the median.",
            ),
            (
                lambda f: gives(f, [np.mean(last < low), np.mean(last > np.quantile(first, 0.05))]),
                "np.quantile wants 0.95 for the mark that 95% lie below.",
            ),
        ],
        otherwise="np.mean(last < mark) is the share of rows below a mark; the marks come from `first`.",
        because="0.5 and 0.05 would say that nothing moved. Both shares can grow at once.",
        trial=lambda f: f(first.copy(), last.copy()),
    )


def conclusion(answer):
    """3: what does one curve made with beams and a penalty show?"""
    check_choice(
        answer,
        "c",
        hints={
            "a": "beams and penalty were on in every generation, the first included: they may be a cause of their own.",
            "b": "no generation was made without the penalty, so its share of the rise is not known either.",
            "d": "another decoder may do less, or more: the record above has three of them.",
        },
        because="one curve, one setting. To share out the blame, change one thing at a time.",
    )
