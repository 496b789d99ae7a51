"""Exercises that check themselves: they say whether an answer is right, and why, or hint at what went wrong."""

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from collapse_lessons import checks
from collapse_lessons.course.answers import is_choice
from collapse_lessons.course.kept import append, read


def check(
    answer: Any,
    correct: Callable[[Any], bool],
    *,
    hints: Sequence[tuple[Callable[[Any], bool], str]] = (),
    otherwise: str,
    because: str,
    trial: Callable[[Any], Any] | None = None,
) -> None:
    """Print NOT YET for no answer, CORRECT and why, or TRY AGAIN and the first hint that fits.

    Parameters
    ----------
    answer : any
        The reader's, or ... for none yet.
    correct : function
        `correct(answer) -> bool`; what it raises is told to the reader when no hint fits.
    hints : list of (function, str)
        `(lambda answer: ..., "the hint if so")` for the mistakes that are likely.
    otherwise : str
        The hint when none of them fits.
    because : str
        Said with CORRECT: why.
    trial : function, optional
        For answers that are code: `trial(answer)` runs it once, and a result that is still `...` is no answer
        yet, and None a forgotten `return`.
    """
    _check_hints(correct, hints, trial)
    for name, said in (("otherwise", otherwise), ("because", because)):
        checks.text(name, said, "say it to the reader")
    tried, went_wrong = _attempt(trial, answer) if trial else (answer, None)
    if answer is ... or tried is ...:
        print("NOT YET: replace ... by your answer and run the cell again.")
        return
    if trial and tried is None and not went_wrong:
        print("TRY AGAIN: your code returns nothing. End it with a line that begins with `return`.")
        return
    passed, error = _attempt(correct, answer, bool)
    if passed:
        print(f"CORRECT: {because}")
        _keep_solved()
        return
    hint = next((text for fits, text in hints if _attempt(fits, answer, bool)[0]), None)
    led_to = f" (Your answer led to {_told(error)})" if error and hint is None else ""
    print(f"TRY AGAIN: {hint or otherwise}{led_to}")


def _check_hints(correct, hints, trial):
    remedy = "write lambda answer: ..."
    checks.function("correct", correct, "correct(answer) -> bool", remedy, 1)
    if trial is not None:
        checks.function("trial", trial, "trial(answer)", remedy, 1)
    for hint in checks.listed("hints", hints, remedy) if not isinstance(hints, list | tuple) or hints else ():
        if not isinstance(hint, tuple) or len(hint) != 2:
            raise TypeError(f"hints must be pairs (function, str), got {checks.shown(hint)} among them: {remedy}")
        checks.function("hints", hint[0], "fits(answer) -> bool", remedy, 1)
        checks.text("hints", hint[1], "say what may help")


def _attempt(function, answer, convert=lambda result: result):
    """Return what `function(answer)` returns, converted, and what it raised: a reader's code may do anything.

    It is called several times, so what it prints is not shown, nor what it warns of.
    """
    silence = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
        warnings.simplefilter("ignore")
        try:
            return convert(function(answer)), None
        except (Exception, SystemExit) as error:
            return None, error


def _told(error):
    """Return an error on one line; its words are somebody else's code too."""
    try:
        words = " ".join(str(error).split())
    except Exception:
        words = ""
    return f"{type(error).__name__}: {words:.200}"


def solved() -> pd.DataFrame:
    """Return the exercises solved so far: lesson, such as "06", and exercise, the name of its check."""
    columns = ["lesson", "exercise", "at"]
    return pd.DataFrame(read("solved.jsonl"), columns=columns).drop_duplicates(columns[:2], ignore_index=True)


def _keep_solved():
    """Keep which exercise it was: the function of `course.exercises` that asked, found as loggers find it."""
    frame, exercises = inspect.currentframe(), "collapse_lessons.course.exercises.lesson_"
    while frame and not frame.f_globals.get("__name__", "").startswith(exercises):
        frame = frame.f_back
    if frame:  # a check outside the lessons is nobody's exercise
        row = {"lesson": frame.f_globals["__name__"].removeprefix(exercises), "exercise": frame.f_code.co_name}
        with contextlib.suppress(OSError):
            append("solved.jsonl", row)


def check_choice(answer: Any, right: str, *, hints: dict[str, str], because: str) -> None:
    """Check a multiple-choice answer: `right` is the letter, `hints` has a hint for each wrong one."""
    if not checks.instance("hints", hints, dict, "give a hint for each wrong letter"):
        raise ValueError("hints must hold a hint for each wrong letter, got none: with one letter there is no choice")
    for letter in [checks.text("right", right, "one letter"), *hints]:
        if len(checks.text("hints", letter, "its keys are letters")) != 1:
            raise ValueError(f"right and hints must name one letter each, got {checks.shown(letter)}: shorten it")
    letters = "".join(sorted([right, *hints]))
    check(
        answer,
        lambda a: is_choice(a, right),
        hints=[(lambda a, k=k: is_choice(a, k), hint) for k, hint in hints.items()],
        otherwise=f"answer with one letter in quotes, one of {', '.join(letters)}.",
        because=because,
    )
