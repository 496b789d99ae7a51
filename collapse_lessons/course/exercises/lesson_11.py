"""Self-checks of lesson 11."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check


def same_end(answer):
    """1: the chance that two labs which end with one of six equally common plots end with the same."""
    check(
        answer,
        lambda a: close(a, 1 / 6, 0.02),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 0.5."),
            (lambda a: close(a, 5 / 6, 0.02), "that is the chance that they end with different ones."),
            (lambda a: close(a, 1 / 36, 0.02), "that is for one given plot; any of the six will do."),
            (lambda a: close(a, 1 / 4, 0.02), "it is the plots that count, not the labs."),
            (lambda a: close(a, 0, 1e-9), "nothing forbids it: they do not know of each other."),
        ],
        otherwise="whatever the first lab ends with, the second ends with it as often as with any other plot.",
        because="1/6. So two labs differ with a chance of 5/6, in the end as at first: what divides them stays.",
    )


def two_foreign(answer):
    """2: the share from the shelf with which a lab of 500 tales meets two of the other three labs."""
    value = 2 / (500 * 3 / 4)
    check(
        answer,
        lambda a: close(a, value, 0.02),
        hints=[
            (lambda a: not is_number(a), "give one number, a share from 0 to 1."),
            (lambda a: close(a, 100 * value, 0.02), "that is in per cent; give the share itself, from 0 to 1."),
            (
                lambda a: close(a, 2 / 500, 0.01),
                "a quarter of the shelf is the lab's own: take a little more.",
            ),
            (lambda a: close(a, 2 / (500 / 4), 0.01), "three of the four labs are others, not one."),
            (lambda a: close(a, 2 * 3 / (4 * 500), 0.01), "the other way round: more has to be taken, not less."),
            (lambda a: close(a, 500 * 3 / 8, 0.01), "that is one tale in how many; give the share."),
        ],
        otherwise="500 times the share come from the shelf, three quarters of those from other labs: set that to 2.",
        because="about 0.0053, one tale in 190. In the long run it makes the labs as alike as 0.83 to 1.",
    )


def follow(answer):
    """3: a recipe in which every lab reads what lab 0 has told."""
    newest = np.random.default_rng(0).integers(100, size=(40, 5))
    older = np.full((40, 5), 100)
    truth = np.repeat(newest[:, :1], 5, axis=1)

    def trained(f):
        return f([older, newest.copy()], 40, np.random.default_rng(0))

    def same_columns(f):
        X = np.asarray(trained(f))
        return X.ndim == 2 and (X[:, :1] == X).all()

    check(
        answer,
        lambda f: alike(trained(f), truth),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: follow, without brackets."),
            (lambda f: np.array_equal(trained(f), newest), "that is what each lab has told itself."),
            (lambda f: np.array_equal(trained(f), newest[:, :1]), "that is one column; every lab needs it: repeat it."),
            (lambda f: np.array_equal(trained(f), newest[:, 0]), "that is one column; every lab needs it: repeat it."),
            (lambda f: (np.asarray(trained(f)) == 100).any(), "take the newest samples, pool[-1]."),
            (
                lambda f: same_columns(f) and np.shape(trained(f)) == (40, 4),
                "there may be more labs than four: repeat it pool[-1].shape[1] times.",
            ),
            (
                lambda f: np.shape(trained(f)) == (40, 5) and np.isin(trained(f), newest[:, 0]).all(),
                "those are lab 0's tales, but drawn anew or in another order: hand the very same rows to every lab.",
            ),
            (
                lambda f: same_columns(f) and np.shape(trained(f)) == (40, 5),
                "that is another lab's column: take lab 0.",
            ),
        ],
        otherwise="repeat the first column of pool[-1] once for every lab, along axis 1.",
        because="all read one lab. What it loses, all lose; that they are four helps nobody.",
        trial=trained,
    )
