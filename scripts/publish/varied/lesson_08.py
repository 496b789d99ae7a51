"""Exercises on lesson 08 whose numbers are drawn."""

import numpy as np

from .exercise import Exercise, in_words, pick


def repeated_runs(rng):
    letters = rng.permutation(list("abcdefgh"))[: pick(rng, 4, 5, 6)]
    word = "".join(np.resize(letters, len(letters) + pick(rng, 4, 5, 6, 7)))
    runs = [word[i : i + 4] for i in range(len(word) - 3)]
    return Exercise(
        "A model writes the tokens {word}, a letter a token. What share of the runs of four tokens has come before?",
        {"word": word},
        1 - len(set(runs)) / len(runs),
        "one run begins at every token but the last three; those that are no longer new, over all of them",
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


EXERCISES = (repeated_runs, moved_bulk, chains_in_a_night)
