"""Self-checks of lesson 03."""

import numpy as np
from sklearn.mixture import GaussianMixture

from collapse_lessons import metrics, theory
from collapse_lessons.course.answers import close, is_number
from collapse_lessons.course.self_check import check, check_choice
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.model_check import check_model
from collapse_lessons.models.scikit_learn import SklearnModel
from collapse_lessons.worlds import datasets


def balance(answer):
    """1: which bandwidth keeps the variance of each axis at 0.5, with n = 300?"""
    value = np.sqrt(0.5 / 299)
    check(
        answer,
        lambda a: close(a, value, 0.03),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 0.1."),
            (lambda a: close(a, value**2, 0.05), "that is the bandwidth's square: the kernel adds h² to the variance."),
            (lambda a: close(a, value * np.sqrt(2), 0.05), "0.5 is the variance of one axis, and h² is added to each."),
            (lambda a: close(a, np.sqrt(0.5), 0.05), "each sampling takes only 1/n of the variance; n is 300."),
        ],
        otherwise="at balance, v = (1 - 1/n)(v + h²) with v = 0.5 and n = 300: solve for h.",
        because="h = sqrt(0.5 / 299), about 0.041 (with 300 as well). The variance then stays, and the shape does not.",
    )


def patient(n=None, n_components=None, max_iter=None, keep=None):
    """2: return coverage and precision at generation 10 of a model with one fault, which its switches may mend."""
    given = n, n_components, max_iter, keep  # the defaults are the answer, and Jupyter shows a signature to who asks
    n, n_components, max_iter, keep = (a if b is None else b for a, b in zip((100, 12, 100, 1.0), given, strict=True))
    model = SklearnModel(GaussianMixture(n_components, max_iter=max_iter), keep=keep)
    *_, last = generations(model, datasets.moons(n, stream(DATA, 0, seed=2)), n_generations=11, seed=2)
    outcome = metrics.coverage_and_precision(last, datasets.moons(300, stream(DATA, 1, seed=0)))
    return {name: round(value, 2) for name, value in outcome.items()}


def fault(answer):
    """2: whose fault is it?"""
    check_choice(
        answer,
        "a",
        hints={
            "b": "then precision would be low, and more components would help: patient(n_components=24).",
            "c": "then precision would fall, and more steps would help: patient(max_iter=500).",
            "d": "it looks like it, and a trace is a suspicion: does patient(keep=1.0) change anything?",
        },
        because="patient(n=4000) brings the coverage back, and nothing else does: it learns from a hundred points.",
    )


def own_model(answer):
    """3: a model of the reader's own that can go round the loop."""
    X = datasets.moons(100, stream(DATA, 0, seed=0))

    def failure():
        """What check_model says first, or nothing."""
        report = check_model(answer, X)
        failed = report[~report["passed"]].head(1)
        return "".join(failed["check"] + ": no. " + failed["remedy"] + ".")

    def follows(model):
        """Whether samples move along when the data do."""
        rng = np.random.default_rng(0)
        moved = [np.mean(model.fit(X + by, rng).sample(100, rng)) for by in (0, 100)]
        return abs(moved[1] - moved[0] - 100) < 10

    def mixes_axes(model):
        """Whether samples move along y as well when the data move along x alone."""
        rng = np.random.default_rng(0)
        still, moved = (model.fit(X + np.array([by, 0.0]), rng).sample(100, rng).mean(axis=0) for by in (0, 100))
        return np.abs(moved - still - [100, 0]).max() >= 10

    def remembered(model):
        """Whether every sample is a row of the data."""
        samples = model.fit(X.copy(), np.random.default_rng(0)).sample(50, np.random.default_rng(0))
        return (samples[:, None] == X).all(axis=2).any(axis=1).all()

    def stub(model):
        fitted = model.fit(X.copy(), np.random.default_rng(0))
        return fitted if fitted is ... else fitted.sample(100, np.random.default_rng(0))

    said = failure()
    check(
        answer,
        lambda model: not said and follows(model) and not mixes_axes(model),
        hints=[
            (lambda model: isinstance(model, type), "answer with a model, not its class: MyModel(), with brackets."),
            (
                lambda model: said.startswith("sample runs") and "ValueError" in said,
                "your sample stops with an error: does it ask for (n, 2) numbers, two for each of n rows? "
                f"check_model says: {said}",
            ),
            (
                lambda model: said.startswith("new rng") and remembered(model),
                "your samples are rows of X, the same ones each time: choose them with rng.integers, or draw new ones.",
            ),
            (
                lambda model: said.startswith("same rng"),
                "draw every random number from the rng passed in: rng.uniform(...), not np.random.uniform(...).",
            ),
            (lambda model: said, f"check_model says: {said}"),
            (
                lambda model: follows(model) and mixes_axes(model),
                "move the data along x alone, and your samples move along y, too. Does X.min() take one number for "
                "both axes? X.min(axis=0) takes one for each.",
            ),
        ],
        otherwise="move the data by 100 and the samples should follow: let fit keep something of X, and sample use it.",
        because="it goes round the loop. Draw its generations, and see what becomes of the moons.",
        trial=stub,
    )


def greedy_gaussian(answer):
    """4: how many samplings until less than 1% of the variance is left, keeping the likeliest half in 2-d?"""
    left = theory.kept_var(0.5, 2)
    value = int(np.ceil(np.log(0.01) / np.log(left)))
    one_axis = int(np.ceil(np.log(0.01) / np.log(theory.kept_var(0.5, 1))))
    of_points = int(np.ceil(np.log(0.01) / np.log(0.5)))
    of_std = int(np.ceil(2 * np.log(0.01) / np.log(left)))
    check(
        answer,
        lambda a: is_number(a) and a == value,
        hints=[
            (lambda a: not is_number(a), "give one whole number, such as 10."),
            (lambda a: a == of_std, "that is for the standard deviation; the question is its square."),
            (
                lambda a: a == one_axis,
                "that is the number of the generation, if you read it off a table: generation 0 has been sampled once "
                "already. Or it is the answer for one dimension, where likely points are likely along one axis.",
            ),
            (
                lambda a: a == of_points,
                "half of the points are kept, and less of the variance: the likeliest lie in the middle. How much "
                "of it does one sampling leave?",
            ),
            (lambda a: a == value - 1, "nearly: after that many there is still a little more than 1%."),
        ],
        otherwise="fit SklearnModel(GaussianMixture(1), keep=0.5) to many points of a round Gaussian, and watch var.",
        because=f"each time {left:.2f} of the variance stays, and {left:.2f} to the power {value} is below 0.01.",
    )
