"""Wrong answers to lesson 10's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_10 as exercise


def people_only(crawl):
    def recipe(pool, n, rng):
        rows, synthetic = crawl(pool, n, rng)
        return rows[~synthetic]

    return recipe


def returns(what):
    """Return an answer whose recipe returns `what(rows, synthetic)`."""
    return lambda crawl: lambda pool, n, rng: what(*crawl(pool, n, rng))


def other_size(crawl):
    def recipe(pool, n, rng):
        rows, synthetic = crawl(pool, 100, rng)
        return rows[~synthetic]

    return recipe


CASES = [
    (exercise.true_share, 0.48 / 0.76, "CORRECT"),
    (exercise.true_share, 0.63, "CORRECT"),
    (exercise.true_share, 63.2, "from 0 to 1"),
    (exercise.true_share, 0.52, "what the detector says"),
    (exercise.true_share, 0.65, "without false alarms"),
    (exercise.true_share, (0.52 - 0.04 * 0.48) / 0.80, "not the people's alone"),
    (exercise.true_share, 0.6, "of the human articles"),
    (exercise.true_share, 0.48, "of the human articles"),
    (exercise.true_share, 0.5, "caught every machine-made"),
    (exercise.true_share, 0.4992, "caught every machine-made"),
    (exercise.true_share, 0.368, "people's articles"),
    (exercise.true_share, 0.416, "what comes out of the detector"),
    (exercise.true_share, 0.4352, "what comes out of the detector"),
    (exercise.true_share, 0.956, "how likely an accused article"),
    (exercise.true_share, "half", "give one number"),
    (exercise.true_share, 0.3, "two sources"),
    (exercise.people_only, people_only, "CORRECT"),
    (exercise.people_only, returns(lambda rows, synthetic: ...), "NOT YET"),
    (exercise.people_only, returns(lambda rows, synthetic: None), "returns nothing"),
    (exercise.people_only, 3, "the function itself"),
    (exercise.people_only, lambda crawl: np.zeros(3), "must return the function recipe"),
    (exercise.people_only, returns(lambda rows, synthetic: (rows, synthetic)), "rows alone"),
    (exercise.people_only, returns(lambda rows, synthetic: rows[synthetic]), "turn it round"),
    (exercise.people_only, returns(lambda rows, synthetic: rows), "that is everything"),
    (exercise.people_only, returns(lambda rows, synthetic: rows[not synthetic]), "ask for one truth value"),
    (exercise.people_only, other_size, "hand pool, n and rng on"),
    (exercise.people_only, returns(lambda rows, synthetic: rows[:3]), "return rows[~synthetic]"),
    (exercise.sooner, np.log(4) / np.log(3), "CORRECT"),
    (exercise.sooner, 1.26, "CORRECT"),
    (exercise.sooner, 1.3, "CORRECT"),
    (exercise.sooner, -1.26, "above 0"),
    (exercise.sooner, 2, "it trebles"),
    (exercise.sooner, 0.262, "one quarter is left"),
    (exercise.sooner, -0.262, "one quarter is left"),
    (exercise.sooner, 2.857, "a demand that doubles"),
    (exercise.sooner, np.log(5) / np.log(3), "how much sooner"),
    (exercise.sooner, 2025.5, "how much sooner"),
    (exercise.sooner, np.log(3) / np.log(4), "upside down"),
    (exercise.sooner, 1.3333, "use logarithms"),
    (exercise.sooner, 0.75, "that is the share"),
    (exercise.sooner, [1.26], "give one number"),
    (exercise.sooner, 9, "3 to which power is 4"),
]
