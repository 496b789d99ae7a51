"""Self-checks of lesson 14."""

import numpy as np

from collapse_lessons.course.answers import close, is_number, real_numbers
from collapse_lessons.course.self_check import check, check_choice
from collapse_lessons.models.gaussian import Gaussian


def pairs_needed(answer):
    """1: how many pairs until the standard error is a quarter of the mean, for a mean of 0.1 and a deviation of 0.2?"""
    check(
        answer,
        lambda a: is_number(a) and a == 64,
        hints=[
            (lambda a: not is_number(a), "give one whole number, such as 10."),
            (
                lambda a: close(a, 8, 0.01),
                "that is the root of it: the error falls with the square root of the number.",
            ),
            (lambda a: close(a, 4, 0.01), "with 4 pairs the error is as large as the mean; you want a quarter of it."),
            (lambda a: close(a, 16, 0.01), "with 16 pairs the error is half of the mean; you want a quarter of it."),
            (lambda a: close(a, 2, 0.01), "that is the deviation over the mean; the error is the deviation over √k."),
        ],
        otherwise="the standard error of k pairs is 0.2/√k; set it to 0.1/4 and solve for k.",
        because="0.2/√64 = 0.025. To halve an error takes four times as many pairs.",
    )


def _tried(f, sizes, pool):
    """Return what a reader's recipe makes, or ... if it is a stub still."""
    recipe = f(sizes)
    return recipe(pool[:2], 40, np.random.default_rng(0)) if callable(recipe) else recipe


def which_control(answer):
    """2: which control shows that it is the realness of the 10% that slows the collapse?"""
    check_choice(
        answer,
        "c",
        hints={
            "a": "that differs in two things: nothing is real, and nothing is kept from one generation to the next.",
            "b": "that shows what 10% fewer rows do, and still nothing is kept from one generation to the next.",
            "d": "that is more of the same: it shows how the effect grows, not what it is due to.",
        },
        because="only the origin of the kept rows differs. Run it: the old synthetic anchor holds the spread "
        "nearly as well. What generation 0 got wrong or left out it keeps for ever.",
    )


def scale_kept(answer):
    """3: a test with a known truth: the spread of a model's samples over that of its data, on data of spread 10."""

    class Squared(Gaussian):
        def sample(self, n, rng):
            return self.mean_ + self.var_ * rng.standard_normal((n, len(self.mean_)))

    class Timid(Gaussian):
        def sample(self, n, rng):
            return self.mean_ + 0.5 * np.sqrt(self.var_) * rng.standard_normal((n, len(self.mean_)))

    def says(f, model):
        ratios = real_numbers([f(model(), np.random.default_rng(seed)) for seed in range(5)])
        return ratios.mean() if ratios.ndim == 1 else np.nan

    def agrees(f, good, squared):
        return close(says(f, Gaussian), good, 0.1) and close(says(f, Squared), squared, 0.1)

    check(
        answer,
        lambda f: agrees(f, 1, 10) and close(says(f, Timid), 0.5, 0.1),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: scale_kept, without brackets."),
            (lambda f: np.size(f(Gaussian(), np.random.default_rng(0))) != 1, "return one number for the whole model."),
            (
                lambda f: agrees(f, 1, 1) and not close(says(f, Timid), 0.5, 0.1),
                "it says 1 of every model: compare the samples with the data, not something with itself.",
            ),
            (lambda f: agrees(f, 1, 1), "with data of spread 1 a square is not seen: multiply them by 10."),
            (lambda f: agrees(f, 10, 100), "that is the spread of the samples; divide it by that of the data."),
            (lambda f: agrees(f, 1, 0.1), "the other way round: samples over data."),
            (lambda f: agrees(f, 1, 100), "those are variances; the spread is the standard deviation, std()."),
        ],
        otherwise="X = 10 * rng.standard_normal((1000, 1)), then fit, sample 1000 rows, and divide the two std().",
        because="1 for a sound model, 10 for one that takes variances for deviations, which check_model lets pass.",
        trial=lambda f: f(Gaussian(), np.random.default_rng(0)),
    )
