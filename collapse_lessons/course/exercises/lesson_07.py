"""Self-checks of lesson 07."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check, check_choice

CERTAINTY = (0.5, 0.25, 1.0)  # the probabilities of exercise 1


def as_unsure_as(answer):
    """1: the perplexity of a model that gave the right words the probabilities 0.5, 0.25 and 1."""
    value = np.exp(-np.log(CERTAINTY).mean())
    check(
        answer,
        lambda a: close(a, value, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 1.5."),
            (lambda a: close(a, 7 / 3, 0.01), "that is the mean of 1/p; the mean is taken of the logarithms."),
            (lambda a: close(a, 1 / np.mean(CERTAINTY), 0.01), "that is 1 over the mean probability: use logarithms."),
            (lambda a: close(a, np.log(value), 0.01), "that is the mean surprise, in nats; now take exp of it."),
            (lambda a: close(a, 8, 0.01), "that is 1 over the product: the surprise of all three, not the mean of it."),
            (lambda a: close(a, 1 / value, 0.01), "that is the mean probability (the geometric one); take 1 over it."),
        ],
        otherwise="the surprises are ln 2, ln 4 and 0: take their mean, then exp of it.",
        because="ln 2 is the mean of ln 2, ln 4 and 0: on average as unsure as between two equally likely words.",
    )


def perplexity(answer):
    """2: a function perplexity(surprise), NaN standing where nothing was predicted."""
    rng = np.random.default_rng(0)
    surprise = rng.exponential(size=(40, 9))
    surprise[np.arange(9) >= rng.integers(3, 10, size=(40, 1))] = np.nan  # rows of different lengths

    def gives(f, value):
        return alike(f(surprise.copy()), value, rtol=1e-5)

    check(
        answer,
        lambda f: gives(f, np.exp(np.nanmean(surprise))),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: perplexity, without brackets."),
            (lambda f: np.ndim(f(surprise.copy())) > 0, "that is a number for each row; return one for all of them."),
            (lambda f: np.isnan(f(surprise.copy())), "one NaN makes the mean NaN; np.nanmean passes over it."),
            (lambda f: gives(f, np.nanmean(surprise)), "that is the mean surprise, in nats; take exp of it."),
            (lambda f: gives(f, np.exp(-np.nanmean(surprise))), "the surprise is -ln p already: exp without a minus."),
            (lambda f: gives(f, np.nanmean(np.exp(surprise))), "first the mean, then exp: not the other way round."),
            (lambda f: gives(f, 2 ** np.nanmean(surprise)), "these are natural logarithms: use exp instead of 2**."),
            (
                lambda f: gives(f, np.exp(np.nansum(surprise) / surprise.size)),
                "the NaNs count in your mean as if they were certain words: divide by the number of predicted words.",
            ),
            (
                lambda f: gives(f, np.nanmean(np.exp(np.nanmean(surprise, axis=1)))),
                "that is the mean of the rows' perplexities; one mean over all words comes first.",
            ),
            (
                lambda f: gives(f, np.exp(np.nanmean(np.nanmean(surprise, axis=1)))),
                "a mean of the rows' means gives a word in a short row more weight: take one mean over all words.",
            ),
        ],
        otherwise="take the mean of all surprises that are not NaN, then exp of it.",
        because="it is the number the lesson's curves show, and that papers report.",
        trial=lambda f: f(surprise.copy()),
    )


def control(answer):
    """3: what shows whether repetitive text comes from the decoder or from recursion?"""
    check_choice(
        answer,
        "b",
        hints={
            "a": "more generations show that it goes on, not where it comes from: both causes are still at work.",
            "c": "a larger model changes how well it fits; the decoder and the recursion are still both there.",
            "d": "that is what is in question: it can be low because of the decoder alone.",
        },
        because="generation 0 has the decoder and no recursion. What is there already, recursion did not do.",
    )
