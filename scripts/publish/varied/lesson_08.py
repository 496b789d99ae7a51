"""Exercises on lesson 08 whose numbers are drawn."""

import numpy as np

from .exercise import Exercise, in_words, pick


def training_minutes(rng):
    thousands, epochs = pick(rng, 8, 12, 18, 25, 30), pick(rng, 2, 3, 4)
    generations, rate = pick(rng, 5, 6, 8, 9), pick(rng, 20, 25, 50, 60)
    return Exercise(
        "A card trains on {rate},000 tokens a second. How many minutes of training are {generations} generations on "
        "{thousands},000 blocks of 64 tokens, {epochs} epochs each?",
        {"rate": rate, "generations": generations, "thousands": thousands, "epochs": epochs},
        thousands * 64 * epochs * generations / rate / 60,
        "blocks times tokens a block times epochs times generations, over the tokens of a minute",
    )


def moved_bulk(rng):
    first = rng.choice(np.arange(20, 90), 9, replace=False).tolist()
    last = rng.choice(np.arange(10, 70), 8, replace=False).tolist()
    below = np.mean(np.array(last) < np.median(first)).item()
    return Exercise(
        "The first model gives nine texts of generation 0 the perplexities {first}, and eight texts of a later "
        "generation {last}. What share of the later ones lies below the median of generation 0?",
        {"first": in_words(first), "last": in_words(last)},
        below,
        "find the fifth of the nine in order, and count the later ones below it",
    )


def chains_in_a_night(rng):
    hours, generations = pick(rng, 7, 8, 9, 10), pick(rng, 5, 6, 8, 10)
    training, writing = pick(rng, 2, 3, 4), pick(rng, 1, 2, 3, 5)
    return Exercise(
        "A forecast says: {training} minutes to train a generation, {writing} to let it write. A card is free for "
        "{hours} hours a night. How many *whole* chains of {generations} generations does it make?",
        {"hours": hours, "generations": generations, "training": training, "writing": writing},
        60 * hours // (generations * (training + writing)),
        "minutes of the night over minutes of a chain, rounded down",
        within=0,
    )


EXERCISES = (training_minutes, moved_bulk, chains_in_a_night)
