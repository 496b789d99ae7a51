"""Wrong answers to lesson 02's exercises get the hint that fits them."""

import numpy as np
import pytest

from collapse_lessons.exercises import lesson_02 as exercise

CASES = [
    (exercise.missing, (1 - 0.00155) ** 1000, "CORRECT"),
    (exercise.missing, 0.21, "CORRECT"),
    (exercise.missing, np.exp(-1.55), "CORRECT"),
    (exercise.missing, "0.21", "give one number"),
    (exercise.missing, True, "give one number"),
    (exercise.missing, 21, "in per cent"),
    (exercise.missing, 0.79, "at least once"),
    (exercise.missing, 1.55, "how many photos to expect"),
    (exercise.missing, 1 - 0.00155, "all 1000 have to"),
    (exercise.missing, 0.5, "what is the chance that 1000 of them do"),
    (exercise.two_differ, lambda p: 1 - np.sum(p**2), "CORRECT"),
    (exercise.two_differ, lambda p: 1 - sum(q * q for q in p), "CORRECT"),
    (exercise.two_differ, lambda p: ..., "NOT YET"),
    (exercise.two_differ, 0.5, "without brackets"),
    (exercise.two_differ, lambda p: 1 - p**2, "one number a breed"),
    (exercise.two_differ, lambda p: np.sum(p**2), "the same breed"),
    (exercise.two_differ, lambda p: 1 - p.max(), "not the commonest"),
    (exercise.two_differ, lambda p: 1 - np.sum(p) ** 2, "square each share first"),
    (exercise.two_differ, lambda p: np.count_nonzero(p), "Begin with the chance that both are the same"),
    (exercise.two_differ, lambda p: p.nothing(), "AttributeError"),
    (exercise.hundredfold, 18, "CORRECT"),
    (exercise.hundredfold, np.ceil(np.log(np.log2(100)) / np.log(1 / 0.9)), "CORRECT"),
    (exercise.hundredfold, 17.97, "CORRECT"),
    (exercise.hundredfold, "18", "give one number"),
    (exercise.hundredfold, 6.64, "how many generations is it"),
    (exercise.hundredfold, 7, "how many generations is it"),
    (exercise.hundredfold, 38, "the same factor each time"),
    (exercise.hundredfold, 44, "the same factor each time"),
    (exercise.hundredfold, 17, "generation t has t times"),
    (exercise.hundredfold, 19, "generation t has t times"),
    (exercise.hundredfold, 100, "Try some values of t"),
    (exercise.with_the_original, lambda pool, n, rng: pool[0] + pool[-1], "photo by photo"),
    (exercise.with_the_original, lambda pool, n, rng: None, "your code returns nothing"),
    (exercise.two_differ, lambda p: (1 - np.sum(p**2)) / 2, "in either order"),
    (exercise.with_the_original, lambda pool, n, rng: np.concatenate([pool[0], pool[-1]]), "CORRECT"),
    (exercise.with_the_original, lambda pool, n, rng: np.append(pool[-1], pool[0]), "CORRECT"),
    (exercise.with_the_original, lambda pool, n, rng: ..., "NOT YET"),
    (exercise.with_the_original, [0, 3], "without brackets"),
    (exercise.with_the_original, lambda pool, n, rng: [pool[0], pool[-1]], "a pair of albums"),
    (exercise.with_the_original, lambda pool, n, rng: np.concatenate(pool), "accumulate"),
    (exercise.with_the_original, lambda pool, n, rng: pool[0], "the real album alone"),
    (exercise.with_the_original, lambda pool, n, rng: pool[-1], "which is replace"),
    (exercise.with_the_original, lambda pool, n, rng: np.concatenate(pool[-2:]), "the two newest"),
    (
        exercise.with_the_original,
        lambda pool, n, rng: rng.choice(np.concatenate([pool[0], pool[-1]]), n, replace=False),
        "keeps them all",
    ),
    (exercise.with_the_original, lambda pool, n, rng: np.concatenate(pool[0], pool[-1]), "joins two arrays"),
    (exercise.with_the_original, lambda pool, n, rng: pool[0] + pool[-1], "TRY AGAIN"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "answer", "said"), CASES)
def test_answers(check, answer, said, capsys):
    check(answer)
    printed = capsys.readouterr().out
    assert said in printed
    assert printed.startswith(("CORRECT", "NOT YET", "TRY AGAIN"))


@pytest.mark.parametrize(
    "check", [exercise.missing, exercise.two_differ, exercise.hundredfold, exercise.with_the_original]
)
def test_no_answer(check, capsys):
    check(...)
    assert capsys.readouterr().out.startswith("NOT YET")
