"""Self-checks of lesson 00."""

import numpy as np

from collapse_lessons.course.answers import close, is_number
from collapse_lessons.course.self_check import check
from collapse_lessons.model_check import check_model


def prints(answer):
    """1: which copy does generation 20 print, if generation 0 prints copy 1?"""
    check(
        answer,
        lambda a: close(a, 21, 0),
        hints=[
            (lambda a: not is_number(a), "give a whole number."),
            (lambda a: close(a, 20, 0), "copy 20 is what generation 20 reads. Which one does it print?"),
            (lambda a: close(a, 22, 0), "the next generation prints that one."),
        ],
        otherwise="generation 0 prints copy 1. Count on from there.",
        because="generation 0 has fitted and sampled once, so copy t + 1 comes from generation t.",
    )


def memory(answer):
    """2: a class Memory whose fit keeps the data and whose sample draws from them with replacement."""
    X = np.arange(200.0)[:, None]

    def drawn(model_class, n=200):
        return np.asarray(model_class().fit(X, np.random.default_rng(0)).sample(n, np.random.default_rng(1)))

    def of_numbers(model_class):  # np.random.choice, for one, takes nothing else
        return model_class().fit(X[:, 0], np.random.default_rng(0)).sample(50, np.random.default_rng(1))

    def right(model_class):
        distinct = len(np.unique(drawn(model_class)))
        known = np.isin(drawn(model_class, 400), X).all()
        return bool(check_model(model_class(), X)["passed"].all() and known and distinct < 160)

    def complaint(model_class):
        return " ".join(check_model(model_class(), X)["remedy"])

    check(
        answer,
        right,
        hints=[
            (lambda a: not isinstance(a, type), "answer with the class itself: Memory, without brackets."),
            (
                lambda a: drawn(a).shape == X.shape and len(np.unique(drawn(a))) == len(X),
                "everybody came back exactly once: draw with replacement, which rng.choice(X, n) does by itself.",
            ),
            (
                lambda a: "rng passed in" in complaint(a),
                "draw from the rng passed to sample; one made inside the model draws the same people every time.",
            ),
            (
                lambda a: not np.array_equal(of_numbers(a), of_numbers(a)),
                "the same rng has to give the same people: draw with the one handed in, rng.choice(self.X, n).",
            ),
            (lambda a: "return self" in complaint(a), "end fit with `return self`, so that calls can be chained."),
        ],
        otherwise="fit keeps X (self.X = X) and returns self; sample returns rng.choice(self.X, n).",
        because="it learns by heart and invents nobody. Now see what the loop does to it.",
        trial=lambda a: a().fit(X, np.random.default_rng(0)) or False,  # no model: the hint says which return it lacks
    )


def still_there(answer):
    """3: what share of 1000 people is still there after the first sampling with replacement?"""
    value = 1 - (1 - 1 / 1000) ** 1000
    check(
        answer,
        lambda a: close(a, value, 0.03),
        hints=[
            (lambda a: not is_number(a), "give a share such as 0.5."),
            (lambda a: close(a, 100 * value, 0.03), "right, as a percentage; write it as a share between 0 and 1."),
            (lambda a: close(a, 1000 * value, 0.03), "right, as a number of people; divide it by 1000."),
            (lambda a: close(a, 1 - value, 0.03), "that is the share of those who are missing."),
            (lambda a: close(a, 1, 0.01), "1000 draws hit some people twice, so they must miss others."),
        ],
        otherwise="one draw misses a given person with probability 1 - 1/1000. How likely do 1000 draws miss them?",
        because="1 - (1 - 1/n)^n, close to 1 - 1/e: a model with a perfect memory loses 37% of its people at once.",
    )
