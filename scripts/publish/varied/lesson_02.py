"""Exercises on lesson 02 whose numbers are drawn."""

import numpy as np

from collapse_lessons import theory
from collapse_lessons.models.categorical import decode

from .exercise import Exercise, in_words, pick


def missing_kind(rng):
    one_in, n = pick(rng, 150, 250, 400, 700, 900), pick(rng, 100, 200, 300, 500, 800)
    return Exercise(
        "One photo in {one_in} shows an otter. What is the chance that an album of {n} photos shows none?",
        {"one_in": one_in, "n": n},
        theory.missed(1 / one_in, n).item(),
        "(1 - p)^n",
    )


def two_differ(rng):
    counts, n, t = rng.permutation([50, 30, 15, 5]) + rng.integers(0, 10, 4), pick(rng, 20, 30, 40), pick(rng, 5, 9, 14)
    return Exercise(
        "Photos of four breeds: {breeds} of them. Each album has {n} photos, drawn by these shares (replace). What is "
        "the mean chance that two photos show different breeds, by the shares that generation {t} fits?",
        {"breeds": in_words(counts), "n": n, "t": t},
        theory.heterozygosity(t + 1, n, counts / counts.sum()).item(),
        "(1 - sum of squares) times (1 - 1/n)^(t + 1)",
        see="section 2",
    )


def last_kind(rng):
    counts = [*rng.permutation([7, 5, 4, 3, 2, 1]).tolist(), *rng.integers(1, 4, 2).tolist()]
    n, (first, second, *_) = sum(counts), counts
    return Exercise(
        "A bag holds {n} sweets of eight colours, {counts} of a kind, and goes round by chance alone. What is the "
        "chance that the last colour left is the first or the second of these?",
        {"n": n, "counts": in_words(counts)},
        sum(theory.count_law(60 * n, n, count)[n] for count in (first, second)).item(),
        "chance leaves a kind with a probability equal to its share; add the two",
    )


def outgrown(rng):
    temperature, ratio, times = pick(rng, 0.8, 0.85, 0.9, 0.95), pick(rng, 2, 3), pick(rng, 50, 100, 200, 500)
    shares, t = np.array([ratio, 1]) / (ratio + 1), 0
    while shares[0] <= times * shares[1]:
        shares, t = decode(shares, temperature), t + 1
    return Exercise(
        "Albums without end, temperature {temperature}. One breed is {ratio} times as common as another at generation "
        "0. In which generation is it for the first time more than {times} times as common?",
        {"temperature": temperature, "ratio": ratio, "times": times},
        t,
        "after t generations the ratio is what it was, to the power (1/T)^t",
        within=0,
        see="section 5",
    )


EXERCISES = (missing_kind, two_differ, last_kind, outgrown)
