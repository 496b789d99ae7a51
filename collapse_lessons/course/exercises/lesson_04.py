"""Self-checks of lesson 04."""

import numpy as np

from collapse_lessons.course.answers import close, is_number
from collapse_lessons.course.self_check import check, check_choice


def copies_needed(answer):
    """1: how many prints that blur by 0.5 pixels add up to one that blurs by 3?"""
    value = (3 / 0.5) ** 2
    check(
        answer,
        lambda a: close(a, value, 1e-6),
        hints=[
            (lambda a: not is_number(a), "give one number of copies, such as 10."),
            (
                lambda a: close(a, 6, 1e-6),
                "6 copies would do if widths added up. Their squares do: ten copies blur by 0.5 times root 10.",
            ),
            (
                lambda a: close(a, value, 0.03),
                "nearly: copy 1 is blurred once, copy t is t times. For which t is 0.5 times the root of t just 3?",
            ),
            (lambda a: close(a, 18, 1e-6), "nearly: both widths are squared, 3 and 0.5."),
            (lambda a: close(a, 6**0.5, 1e-6), "that is the root of 6; you need its square."),
        ],
        otherwise="after t copies the blur is 0.5 times the square root of t: for which t is that 3?",
        because="0.5 times the root of 36 is 3: six times the width takes 36 times the copies.",
    )


def settles(answer):
    """2: a function settles(copy, page): does the second copy change nothing that the first has not?"""
    page = np.random.default_rng(0).integers(9, size=(6, 8, 3)) / 8  # sums are exact
    copiers = {  # copy -> whether it settles after the first copy
        "a perfect copy": (lambda p: p.copy(), True),
        "rounding to four levels": (lambda p: np.round(p * 3) / 3, True),
        "clipping to the middle": (lambda p: np.clip(p, 0.2, 0.8), True),
        "mirroring": (lambda p: p[:, ::-1], False),
        "fading": (lambda p: 0.9 * p, False),
    }

    def says(f, truth):
        return all(bool(f(copy, page.copy())) == truth(copy, right) for copy, right in copiers.values())

    def gives_array(f):
        return np.ndim(f(copiers["fading"][0], page.copy())) > 0

    check(
        answer,
        lambda f: not gives_array(f) and says(f, lambda copy, right: right),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: settles, without brackets."),
            (gives_array, "that is one answer for every pixel; np.array_equal gives a single True or False."),
            (
                lambda f: says(f, lambda copy, right: np.array_equal(copy(page), page)),
                "you compare the first copy with the page; compare the second copy with the first.",
            ),
            (
                lambda f: says(f, lambda copy, right: np.array_equal(copy(copy(page)), page)),
                "you compare the second copy with the page; compare it with the first copy.",
            ),
            (
                lambda f: says(f, lambda copy, right: copy(copy(page)).sum() == copy(page).sum()),
                "a mirrored page has the same sum: plus and minus cancel. Compare pixel by pixel.",
            ),
            (
                lambda f: says(f, lambda copy, right: np.array_equal(copy(page), copy(page))),
                "that is True of every copier: make the first copy, then a copy of it, and not two copies of the page.",
            ),
            (
                lambda f: says(f, lambda copy, right: not right),
                "the wrong way round: True is for the copier that stops changing anything.",
            ),
        ],
        otherwise="make the first copy, then a copy of that, and compare the two with np.array_equal.",
        because="a copier for which this holds on every page is a projection: all its damage is done at once.",
        trial=lambda f: f(copiers["a perfect copy"][0], page),
    )


def which_question(answer):
    """3: a copier is sold with "SSIM 0.84 after twenty copies": what would show what it loses?"""
    check_choice(
        answer,
        "b",
        hints={
            "a": "an average over more photos is still an average: each of them can be blurred and score well.",
            "c": "a blur leaves the mean brightness exactly as it was.",
        },
        because="the blurring copier of section 4 scores just that, and has lost nearly all of its fine detail.",
    )
