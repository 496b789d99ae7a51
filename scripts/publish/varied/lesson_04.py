"""Exercises on lesson 04 whose numbers are drawn."""

import numpy as np

from collapse_lessons import theory

from .exercise import Exercise, pick


def copies_needed(rng):
    sigma, times = pick(rng, 0.3, 0.4, 0.5, 0.7), pick(rng, 3, 4, 5, 6, 7, 8)
    width = round(sigma * times, 1)
    return Exercise(
        "A copier blurs by {sigma} pixels. After how many copies of copies is the page as blurred as a single print "
        "from a machine that blurs by {width} pixels?",
        {"sigma": sigma, "width": width},
        int(np.argmax(theory.blur_width(sigma, np.arange(100)) > width - 1e-9)),
        "the square of how many times wider",
        within=0,
        see="section 3",
    )


def held_by_the_original(rng):
    response, percent = pick(rng, 0.6, 0.7, 0.8, 0.9, 0.95), pick(rng, 5, 10, 20, 25)
    return Exercise(
        "A copier multiplies the amplitude of a wave by {response}, and {percent}% of every pile are the original. "
        "What is left of the amplitude in the long run?",
        {"response": response, "percent": percent},
        theory.mixed_response(response, 100_000, percent / 100).item(),
        "w H / (1 - (1 - w) H)",
        see="section 5",
    )


EXERCISES = (copies_needed, held_by_the_original)
