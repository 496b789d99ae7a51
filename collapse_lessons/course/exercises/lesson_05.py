"""Self-checks of lesson 05."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check, check_choice

BLUE = 0.03  # the true share of blue flowers


def one_picture(answer):
    """1: what density and coverage say of a thousand copies of one typical real picture."""
    check_choice(
        answer,
        "b",
        hints={
            "a": "density asks of each generated picture whether it could be real: all of these are.",
            "c": "coverage asks of each real picture whether something generated is near: hardly one has that luck.",
            "d": "the two are swapped: which of them asks about the generated pictures, and which about the real ones?",
        },
        because="every copy lies in the thick of the real pictures, and hardly any real picture has one near.",
    )


def roughness(answer):
    """2: a function roughness(images): the mean squared difference of pixels that stand side by side in a row."""
    images = np.random.default_rng(0).random((5, 8, 6))

    def gives(f, value):
        return alike(f(images.copy()), value, rtol=1e-5)

    def squares(axis):
        return np.diff(images, axis=axis) ** 2

    check(
        answer,
        lambda f: gives(f, squares(2).mean()),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: roughness, without brackets."),
            (lambda f: np.ndim(f(images.copy())) > 0, "return one number, the mean over all pairs and all pictures."),
            (lambda f: gives(f, squares(1).mean()), "those are pixels above each other; the last axis runs sideways."),
            (lambda f: gives(f, squares(0).mean()), "those are pixels of different pictures: axis 0 counts pictures."),
            (lambda f: gives(f, squares(2).sum()), "that is the sum; the mean does not depend on how many there are."),
            (lambda f: gives(f, np.diff(images, axis=2).mean()), "ups and downs cancel: square the differences first."),
            (lambda f: gives(f, np.diff(images, axis=2).mean() ** 2), "square each difference before the mean."),
            (lambda f: gives(f, np.abs(np.diff(images, axis=2)).mean()), "that is the mean size; square instead."),
            (lambda f: gives(f, np.sqrt(squares(2).mean())), "leave out the root: power is a mean square."),
        ],
        otherwise="subtract images[:, :, :-1] from images[:, :, 1:], square, and take the mean of it all.",
        because="edges are large differences. It falls with the fine detail, and took you one line.",
        trial=lambda f: f(images.copy()),
    )


def enough_fresh(answer):
    """3: how many fresh flowers show at least one blue one in 95 cases of 100."""
    value = np.log(0.05) / np.log(1 - BLUE)  # 98.4
    check(
        answer,
        lambda a: is_number(a) and a == np.ceil(value),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 20."),
            (
                lambda a: close(a, 1 / BLUE, 0.03),
                "that many show one on average, and in one case of three none.",
            ),
            (
                lambda a: close(a, np.log(0.95) / np.log(1 - BLUE), 0.2),
                "that solves for 0.95, and the chance of none is 0.05.",
            ),
            (
                lambda a: close(a, 0.95 / BLUE, 0.03),
                "chances do not add up like that: begin with none blue.",
            ),
            (lambda a: close(a, value, 0.01) and a < 99, "98 leave it just above 0.05: round up to a whole flower."),
            (lambda a: is_number(a) and 99 < a <= 110, "that is enough; what is the smallest number that is?"),
        ],
        otherwise="m flowers are all of another colour with the chance 0.97 to the power m; it has to be 0.05 or less.",
        because="0.97 to the power 99 is just below 0.05: a tail of 3% asks for fresh data by the hundred.",
    )
