"""Exercises on lesson 11 whose numbers are drawn."""

from .exercise import Exercise, pick


def foreign_tales(rng):
    labs, tales, foreign = pick(rng, 2, 3, 5, 8), pick(rng, 200, 400, 1000), pick(rng, 1, 2, 3, 5)
    return Exercise(
        "There are {labs} labs, and the common shelf holds tales of each in equal parts. A lab reads {tales} tales a "
        "generation. Which share must come from the shelf for {foreign} of them to be of other labs, on average?",
        {"labs": labs, "tales": tales, "foreign": foreign},
        foreign / tales * labs / (labs - 1),
        "foreign / tales, and a little more since some of the shelf is the lab's own: times labs / (labs - 1)",
    )


def whole_library(rng):
    labs, within, between = pick(rng, 2, 3, 4, 5), pick(rng, 0.2, 0.3, 0.4), pick(rng, 0.6, 0.7, 0.8)
    return Exercise(
        "Two tales of one lab differ with a chance of {within}, two tales of two labs with {between}. A library has "
        "as many tales of each of {labs} labs. With which chance do two of its tales differ?",
        {"labs": labs, "within": within, "between": between},
        within / labs + (1 - 1 / labs) * between,
        "with the chance 1/labs both are of one lab",
    )


EXERCISES = (foreign_tales, whole_library)
