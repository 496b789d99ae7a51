"""Wrong answers to lesson 12's exercises get the hint that fits them."""

from collapse_lessons.course.exercises import lesson_12 as exercise


def soft(scores, rng):
    return rng.random(len(scores)) > (1 - scores) ** 10


def turned_round(scores, rng):
    return rng.random(len(scores)) < (1 - scores) ** 10


def not_to_the_power(scores, rng):
    return rng.random(len(scores)) > 1 - scores


def of_the_machine(scores, rng):
    return rng.random(len(scores)) > scores**10


def chances(scores, rng):
    return (1 - scores) ** 10


def one_for_all(scores, rng):
    return rng.random() > (1 - scores) ** 10


def a_threshold(scores, rng):
    return scores > 0.5


CASES = [
    (exercise.passed, 0.18 / 0.26, "CORRECT"),
    (exercise.passed, 0.69, "CORRECT"),
    (exercise.passed, 0.7, "CORRECT"),
    (exercise.passed, 69.2, "in per cent"),
    (exercise.passed, 0.9, "how much of the real passes"),
    (exercise.passed, 0.18, "divide by all that passes"),
    (exercise.passed, 0.3077, "the synthetic share"),
    (exercise.passed, 0.02703, "of what is flagged"),
    (exercise.passed, 2.25, "the odds, 9 to 4"),
    (exercise.passed, "most", "give one number"),
    (exercise.passed, 0.5, "count what passes"),
    (exercise.passed, 0.2 / 0.28, "accused as well"),
    (exercise.enough_words, 100, "CORRECT"),
    (exercise.enough_words, 101, "CORRECT"),
    (exercise.enough_words, 10, "the square root of it"),
    (exercise.enough_words, 20, "grows with the square root"),
    (exercise.enough_words, 84, "the variance is T/4"),
    (exercise.enough_words, 400, "the square root of T/4"),
    (exercise.enough_words, 8.16, "the excess over chance"),
    (exercise.enough_words, None, "give one number of words"),
    (exercise.enough_words, 57, "the excess over half"),
    (exercise.soft, soft, "CORRECT"),
    (exercise.soft, lambda scores, rng: ..., "NOT YET"),
    (exercise.soft, lambda scores, rng: None, "returns nothing"),
    (exercise.soft, 0.5, "the function itself"),
    (exercise.soft, turned_round, "the other way round"),
    (exercise.soft, not_to_the_power, "to the power 10"),
    (exercise.soft, of_the_machine, "a high score says machine"),
    (exercise.soft, chances, "those are chances"),
    (exercise.soft, one_for_all, "draw a number for each"),
    (exercise.soft, a_threshold, "draw a number for each"),
    (exercise.soft, lambda scores, rng: True, "a bool for each"),
    (exercise.soft, lambda scores, rng: rng.random(len(scores)) > 0.5, "a score of 0.1 is kept"),
    (exercise.soft, lambda scores, rng: scores.top(), "AttributeError"),
]
