"""Exercises on lesson 06 whose numbers are drawn."""

import numpy as np

from collapse_lessons.models.categorical import decode

from .exercise import Exercise, pick


def sharpened(rng):
    moss, honey, string = sorted(rng.choice(np.arange(1, 10), 3, replace=False).tolist(), reverse=True)
    temperature = pick(rng, 0.5, 0.7, 0.8, 2.0)
    return Exercise(
        "After some context, *moss* followed {moss} times, *honey* {honey} times and *string* {string} times. With "
        "what probability does a decoder with T = {temperature} say *moss*?",
        {"moss": moss, "honey": honey, "string": string, "temperature": temperature},
        decode(np.array([moss, honey, string]) / (moss + honey + string), temperature)[0].item(),
        "raise the shares to the power 1/T and divide by their sum",
        see="section 3",
    )


def perplexity_floor(rng):
    coins, heads, tokens = pick(rng, 2, 3, 4, 5), pick(rng, 0.5, 0.6, 0.7, 0.8, 0.9), pick(rng, 12, 16, 24, 30)
    nats = -heads * np.log(heads) - (1 - heads) * np.log(1 - heads)
    return Exercise(
        "An author writes about one species. {coins} sentences are optional, each is written with a probability of "
        "{heads}. An article has {tokens} tokens on average. What is the lowest perplexity that any model can "
        "have on it?",
        {"coins": coins, "heads": heads, "tokens": tokens},
        np.exp(coins * nats / tokens).item(),
        "e to the entropy of an article over its tokens; a coin has -p ln p - (1 - p) ln(1 - p) nats",
        within=0.005,
    )


EXERCISES = (sharpened, perplexity_floor)
