"""Self-checks of lesson 06."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check, check_choice
from collapse_lessons.models.categorical import decode


def sharpened(answer):
    """1: the probability of a word counted 6 times of 10, beside 3 and 1, at temperature 0.5."""
    shares = np.array([0.6, 0.3, 0.1])
    value = decode(shares, temperature=0.5)[0]
    check(
        answer,
        lambda a: close(a, value, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 0.5."),
            (lambda a: close(a, 100 * value, 0.01), "that is in per cent; give the probability itself, from 0 to 1."),
            (lambda a: close(a, 0.6, 0.01), "that is its share as counted, which is temperature 1."),
            (lambda a: close(a, 0.36, 0.01), "that is the square; now divide by the sum of all three squares."),
            (
                lambda a: close(a, decode(shares, temperature=2)[0], 0.01),
                "you raised the shares to the power T; it is the power 1/T, so that a low T favours the likely.",
            ),
            (lambda a: close(a, 1, 0.001), "that is temperature 0, the most likely word for sure."),
        ],
        otherwise="raise each of the three shares to the power 1/T = 2, then divide by their sum.",
        because="36 of 46: the squares of 6, 3 and 1 are 36, 9 and 1. Twice as likely becomes four times as likely.",
    )


def top_k(answer):
    """2: a function top_k(probs, k): keep the k largest probabilities, rescaled."""
    rng = np.random.default_rng(0)
    cases = [(rng.dirichlet(np.ones(size)), k) for size, k in ((6, 2), (9, 1), (30, 5), (4, 4))]

    def agrees(f, truth):
        return all(alike(f(probs.copy(), k), truth(probs, k), rtol=1e-5) for probs, k in cases)

    def mask(probs, k, largest=True):
        order = np.argsort(-probs if largest else probs)
        return np.isin(np.arange(len(probs)), order[:k])

    def changes_its_input(f):
        probs, k = cases[0]
        given = probs.copy()
        f(given, k)
        return not np.array_equal(given, probs)

    def first(f):
        return np.asarray(f(cases[0][0].copy(), cases[0][1]))

    check(
        answer,
        lambda f: agrees(f, lambda probs, k: decode(probs, top_k=k)) and not changes_its_input(f),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: top_k, without brackets."),
            (
                lambda f: agrees(f, lambda probs, k: decode(probs, top_k=k)),
                "the result is right, but it also changes the array it was given: work on a copy.",
            ),
            (
                lambda f: agrees(f, lambda probs, k: np.where(mask(probs, k), probs, 0)),
                "they must add up to 1 again: divide by the sum of what is kept.",
            ),
            (
                lambda f: agrees(f, lambda p, k: np.where(mask(p, k, False), p, 0) / p[mask(p, k, False)].sum()),
                "those are the k smallest: argsort goes from the smallest to the largest.",
            ),
            (
                lambda f: agrees(f, lambda p, k: np.where(np.arange(len(p)) < k, p, 0) / p[:k].sum()),
                "those are the first k words, not the likeliest ones.",
            ),
            (lambda f: first(f).shape == (2,), "return a probability for every word: those not kept get 0."),
            (
                lambda f: np.array_equal(np.sort(first(f)), np.sort(decode(cases[0][0], top_k=2))),
                "the numbers are right and the order isn't: each must stay at its word's position.",
            ),
        ],
        otherwise="for probabilities 0.5, 0.2, 0.3 and k = 2 it is 0.625, 0, 0.375.",
        because="what was cut off can never be said again, however often the next generation samples.",
        trial=lambda f: f(cases[0][0].copy(), cases[0][1]),
    )


def floor(answer):
    """3: the lowest perplexity on articles of 20 tokens whose author tosses three fair coins an article."""
    value = np.exp(3 * np.log(2) / 20)
    check(
        answer,
        lambda a: close(a, value, 0.003),
        hints=[
            (lambda a: not is_number(a), "give one number, such as 1.5."),
            (
                lambda a: close(a, 8, 0.01),
                "that is the number of different articles; share the choice out over 20 tokens.",
            ),
            (lambda a: close(a, 3 * np.log(2), 0.01), "that is an article's entropy in nats; perplexity is per token."),
            (lambda a: close(a, np.log(value), 0.02), "that is the entropy a token, in nats; take e to that power."),
            (lambda a: close(a, 3 / 20, 0.01), "that is the entropy a token, in bits; take 2 to that power."),
            (lambda a: close(a, np.exp(3 / 20), 0.003), "three bits, but e goes with nats: it is 2 to the power 3/20."),
            (lambda a: close(a, 1, 0.001), "only if everything could be known beforehand; here coins decide."),
        ],
        otherwise="three fair coins have 3 ln 2 nats of entropy; divide by the 20 tokens, and take e to that power.",
        because="about 1.11: a model that knows everything there is to know still can't know how a coin will fall.",
    )


def why_truer(answer):
    """4: why does the share of right statements rise at a low temperature?"""
    check_choice(
        answer,
        "b",
        hints={
            "a": "for the other species it rises a little, from 0.69 to 0.75 at most: where does the rest come from?",
            "c": "not always: drawn as counted, some 15 are left at generation 100, and a third is still wrong.",
        },
        because="a wrong statement borrows another species' fact; in text about one species there is none to borrow.",
    )
