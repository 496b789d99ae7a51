"""Self-checks of lesson 08."""

import numpy as np

from collapse_lessons.course.answers import alike, is_number
from collapse_lessons.course.self_check import check, check_choice

WORDS = list("abcdeabcdefabcgbeabcd")  # a letter a word


def repeated(answer):
    """1: a function repeated(words) -> the share of the runs of four words that have come before."""

    def runs(length=4, step=1):
        return [tuple(WORDS[i : i + length]) for i in range(0, len(WORDS) - length + 1, step)]

    def share(of):
        return 1 - len(set(of)) / len(of)

    def gives(f, value):
        return alike(f(list(WORDS)), value, rtol=1e-6)

    twice = [run for run in runs() if runs().count(run) > 1]
    check(
        answer,
        lambda f: gives(f, share(runs())),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: repeated, without brackets."),
            (lambda f: not is_number(f(list(WORDS))), "return one number, the share."),
            (lambda f: gives(f, 1 - share(runs())), "that is the share that is new; what has come before is the rest."),
            (lambda f: f(list(WORDS)) > 1, "that is a count: divide by the number of runs."),
            (
                lambda f: gives(f, len(twice) / len(runs())) or gives(f, len(set(twice)) / len(set(runs()))),
                "the first time that a run is there it has not come before: count it only when it comes again.",
            ),
            (
                lambda f: (
                    gives(f, share(runs()) * len(runs()) / len(WORDS))
                    or any(gives(f, 1 - len(set(some)) / len(WORDS)) for some in (runs(), runs()[:-1]))
                ),
                "there are fewer runs than words: the last one begins three words before the end.",
            ),
            (lambda f: gives(f, share(WORDS)), "those are single words; look at runs of four."),
            (lambda f: gives(f, share(runs(step=4))), "a run begins at every word, and not at every fourth."),
            (
                lambda f: gives(f, share(runs(3))) or gives(f, share(runs(5))),
                "those runs are of another length: words[i : i + 4] has four.",
            ),
            (
                lambda f: gives(f, share(runs()[:-1])),
                "the last run is missing: range(n) ends at n - 1, and there are len(words) - 3 runs.",
            ),
        ],
        otherwise="of all runs of four, one from each word but the last three, how many differ? The rest came before.",
        because="1 minus the share of different runs. In this lesson's record it is taken of tokens, block by block.",
        trial=lambda f: f(list(WORDS)),
    )


def moved(answer):
    """2: a function moved(first, last) -> (share below first's 10th percentile, share above its 90th)."""
    rng = np.random.default_rng(0)
    first, last = (
        rng.lognormal(2, 0.5, 400),
        np.concatenate([rng.lognormal(1.6, 0.3, 250), rng.lognormal(3.5, 0.5, 50)]),
    )
    low, high = np.quantile(first, [0.1, 0.9])
    right = np.array([np.mean(last < low), np.mean(last > high)])

    def gives(f, value):
        return alike(f(first.copy(), last.copy()), value, rtol=1e-5)

    def tail_above(f, mark):
        return alike(f(first.copy(), last.copy())[1], np.mean(last > mark), rtol=1e-5)

    def asks_past_the_end(f):
        try:
            f(first.copy(), last.copy())
        except ValueError as error:  # of NumPy, for a quantile of 95
            return "[0, 1]" in str(error) or "[0, 100]" in str(error)
        return False

    check(
        answer,
        lambda f: gives(f, right),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: moved, without brackets."),
            (asks_past_the_end, "np.quantile counts from 0 to 1, np.percentile from 0 to 100: 0.9 here, 90 there."),
            (lambda f: np.shape(f(first.copy(), last.copy())) != (2,), "return two numbers: return easy, strange"),
            (
                lambda f: alike(f(first.copy(), last.copy())[0], np.mean(last < np.median(first)), rtol=1e-5),
                "below the median lies half of `first`; the mark that is asked for has a tenth below it.",
            ),
            (
                lambda f: np.max(f(first.copy(), last.copy())) > 1,
                "a share is at most 1, and you have a count: divide by the number of blocks, or take the mean.",
            ),
            (
                lambda f: gives(f, right[::-1]),
                "the other way round: first those that are easier to foresee, then the strange ones.",
            ),
            (
                lambda f: gives(f, [np.mean(last < np.quantile(last, 0.1)), np.mean(last > np.quantile(last, 0.9))]),
                "you compare a set with itself; the marks are those of `first`, and what is counted is `last`.",
            ),
            (
                lambda f: gives(f, [np.mean(last > low), np.mean(last > high)]),
                "easier to foresee is a lower perplexity: the first share is of what lies below its mark.",
            ),
            (
                lambda f: tail_above(f, low),
                "np.quantile wants 0.9 for the mark that 90% lie below.",
            ),
            (
                lambda f: tail_above(f, np.percentile(first, 0.9)),
                "np.percentile counts from 0 to 100, np.quantile from 0 to 1: 10 and 90 here, 0.1 and 0.9 there.",
            ),
        ],
        otherwise="np.mean(last < mark) is the share of blocks below a mark; the marks come from `first`.",
        because="a tenth each would say that nothing moved. Both shares can grow at once.",
        trial=lambda f: f(first.copy(), last.copy()),
    )


def conclusion(answer):
    """3: what does one curve made with beams and a penalty show?"""
    check_choice(
        answer,
        "c",
        hints={
            "a": "beams and penalty were on in every generation, the first included: they may be a cause of their own.",
            "b": "no generation was made without the penalty, so its share of the rise is not known either.",
            "d": "another decoder may do less, or more: the record above has three of them.",
        },
        because="one curve, one setting. To share out the blame, change one thing at a time.",
    )
