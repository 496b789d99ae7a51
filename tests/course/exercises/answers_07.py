"""Wrong answers to lesson 07's exercises get the hint that fits them."""

import numpy as np

from collapse_lessons.course.exercises import lesson_07 as exercise


def mean_of_rows(surprise):
    return np.exp(np.nanmean(np.nanmean(surprise, axis=1)))


CASES = [
    (exercise.as_unsure_as, 2, "CORRECT"),
    (exercise.as_unsure_as, np.exp(-np.log([0.5, 0.25, 1]).mean()), "CORRECT"),
    (exercise.as_unsure_as, 7 / 3, "the mean is taken of the logarithms"),
    (exercise.as_unsure_as, 3 / 1.75, "use logarithms"),
    (exercise.as_unsure_as, np.log(2), "now take exp of it"),
    (exercise.as_unsure_as, 8, "not the mean of it"),
    (exercise.as_unsure_as, 0.5, "take 1 over it"),
    (exercise.as_unsure_as, "two", "give one number"),
    (exercise.as_unsure_as, 5, "take their mean"),
    (exercise.perplexity, lambda s: np.exp(np.nanmean(s)), "CORRECT"),
    (exercise.perplexity, lambda s: np.exp(np.nansum(s) / np.isfinite(s).sum()), "CORRECT"),
    (exercise.perplexity, lambda s: ..., "NOT YET"),
    (exercise.perplexity, 3.0, "the function itself"),
    (exercise.perplexity, lambda s: np.exp(s.mean()), "passes over it"),
    (exercise.perplexity, lambda s: np.exp(np.nanmean(s, axis=1)), "return one for all of them"),
    (exercise.perplexity, lambda s: np.nanmean(s), "take exp of it"),
    (exercise.perplexity, lambda s: np.exp(-np.nanmean(s)), "without a minus"),
    (exercise.perplexity, lambda s: np.nanmean(np.exp(s)), "first the mean"),
    (exercise.perplexity, lambda s: 2 ** np.nanmean(s), "instead of 2**"),
    (exercise.perplexity, lambda s: np.exp(np.nan_to_num(s).mean()), "as if they were certain words"),
    (exercise.perplexity, lambda s: np.nanmean(np.exp(np.nanmean(s, axis=1))), "rows' perplexities"),
    (exercise.perplexity, mean_of_rows, "a mean of the rows' means"),
    (exercise.perplexity, lambda s: 1.0, "take the mean of all surprises"),
    (exercise.control, "b", "CORRECT"),
    (exercise.control, " B ", "CORRECT"),
    (exercise.control, "a", "both causes are still at work"),
    (exercise.control, "c", "how well it fits"),
    (exercise.control, "d", "because of the decoder alone"),
    (exercise.control, "beams", "one letter in quotes"),
]
