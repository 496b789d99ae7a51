"""Wrong answers to lesson 04's exercises get the hint that fits them, right ones a reason."""

import numpy as np

from collapse_lessons.course.exercises import lesson_04 as exercise

CASES = [
    (exercise.copies_needed, 36, "CORRECT"),
    (exercise.copies_needed, (3 / 0.5) ** 2, "CORRECT"),
    (exercise.copies_needed, 6, "if widths added up"),
    (exercise.copies_needed, 18, "both widths are squared"),
    (exercise.copies_needed, np.sqrt(6), "you need its square"),
    (exercise.copies_needed, "36", "give one number"),
    (exercise.copies_needed, True, "give one number"),
    (exercise.copies_needed, 35, "nearly: copy 1 is blurred once"),
    (exercise.copies_needed, 37, "nearly: copy 1 is blurred once"),
    (exercise.copies_needed, 20, "for which t is that 3"),
    (exercise.settles, lambda copy, page: np.array_equal(copy(copy(page)), copy(page)), "CORRECT"),
    (exercise.settles, lambda copy, page: np.allclose(copy(copy(page)), copy(page)), "CORRECT"),
    (exercise.settles, lambda copy, page: ..., "NOT YET"),
    (exercise.settles, True, "without brackets"),
    (exercise.settles, lambda copy, page: copy(copy(page)) == copy(page), "one answer for every pixel"),
    (exercise.settles, lambda copy, page: np.array_equal(copy(page), page), "you compare the first copy with the page"),
    (exercise.settles, lambda copy, page: np.array_equal(copy(copy(page)), page), "the second copy with the page"),
    (exercise.settles, lambda copy, page: not np.array_equal(copy(copy(page)), copy(page)), "wrong way round"),
    (exercise.settles, lambda copy, page: True, "make the first copy"),
    (exercise.settles, lambda copy, page: np.array_equal(copy(page), copy(page)), "not two copies of the page"),
    (exercise.settles, lambda copy, page: (copy(copy(page)) - copy(page)).sum() == 0, "plus and minus cancel"),
    (exercise.settles, lambda copy: True, "TypeError"),
    (exercise.which_question, "b", "CORRECT"),
    (exercise.which_question, " B ", "CORRECT"),
    (exercise.which_question, "a", "still an average"),
    (exercise.which_question, "c", "mean brightness"),
    (exercise.which_question, "d", "one letter"),
]
