"""Wrong answers to lesson 06's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_06 as exercise


def rescaled(kept):
    return kept / kept.sum()


def top_k(probs, k):
    kept = np.zeros(len(probs))
    largest = np.argsort(probs)[-k:]
    kept[largest] = probs[largest]
    return rescaled(kept)


def in_place(probs, k):
    probs[np.argsort(probs)[:-k] if k < len(probs) else []] = 0
    probs /= probs.sum()
    return probs


def not_rescaled(probs, k):
    return np.where(probs >= np.sort(probs)[-k], probs, 0)


def smallest(probs, k):
    return rescaled(np.where(probs <= np.sort(probs)[k - 1], probs, 0))


def first(probs, k):
    return rescaled(np.where(np.arange(len(probs)) < k, probs, 0))


def short(probs, k):
    return rescaled(np.sort(probs)[-k:])


def shuffled(probs, k):
    return np.sort(top_k(probs, k))


def evenly(probs, k):
    return rescaled((top_k(probs, k) > 0).astype(float))


CASES = [
    (exercise.sharpened, 36 / 46, "CORRECT"),
    (exercise.sharpened, 0.78, "CORRECT"),
    (exercise.sharpened, 78.3, "in per cent"),
    (exercise.sharpened, 0.6, "temperature 1"),
    (exercise.sharpened, 0.36, "divide by the sum"),
    (exercise.sharpened, 0.4727, "the power 1/T"),
    (exercise.sharpened, 1.0, "temperature 0"),
    (exercise.sharpened, "bird", "give one number"),
    (exercise.sharpened, 0.7, "raise each of the three"),
    (exercise.top_k, top_k, "CORRECT"),
    (exercise.top_k, lambda probs, k: ..., "NOT YET"),
    (exercise.top_k, 0.5, "the function itself"),
    (exercise.top_k, in_place, "work on a copy"),
    (exercise.top_k, not_rescaled, "divide by the sum of what is kept"),
    (exercise.top_k, smallest, "the k smallest"),
    (exercise.top_k, first, "the first k words"),
    (exercise.top_k, short, "a probability for every word"),
    (exercise.top_k, shuffled, "at its word's position"),
    (exercise.top_k, evenly, "it is 0.625, 0, 0.375"),
    (exercise.top_k, lambda probs, k: probs.top(k), "AttributeError"),
    (exercise.floor, np.exp(3 * np.log(2) / 20), "CORRECT"),
    (exercise.floor, 1.11, "CORRECT"),
    (exercise.floor, 8, "number of different articles"),
    (exercise.floor, 2.08, "perplexity is per token"),
    (exercise.floor, 0.104, "in nats; take e"),
    (exercise.floor, 0.15, "in bits; take 2"),
    (exercise.floor, 1.162, "e goes with nats"),
    (exercise.floor, 1, "here coins decide"),
    (exercise.floor, [1.1], "give one number"),
    (exercise.floor, 1.5, "divide by the 20 tokens"),
    (exercise.why_truer, "b", "CORRECT"),
    (exercise.why_truer, " B ", "CORRECT"),
    (exercise.why_truer, "a", "where does the rest come from?"),
    (exercise.why_truer, "c", "a third is still wrong"),
    (exercise.why_truer, "d", "one letter"),
]
