"""What every lesson needs: a greeting, predictions that are kept and scored, exercises that check themselves."""

import contextlib
import inspect
import io
import json
import math
import os
import platform
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from IPython import get_ipython

import collapse_lessons
from collapse_lessons import browser, checks, plots
from collapse_lessons.course.drawing import Drawing
from collapse_lessons.home import home
from collapse_lessons.worlds import datasets


def start(title: str) -> None:
    """Set the figures' style and print versions, device and data; safe to call twice.

    A prediction or answer that is not given yet is `...`, so that a cell that asks for it can be run before it is.
    """
    title = checks.text("title", title, "say which lesson it is")
    plots.use_style()
    if shell := get_ipython():
        for name in ("prediction", "sure", *(f"answer_{i}" for i in range(1, 10))):
            shell.user_ns.setdefault(name, ...)
    print(f"{title}: ready")
    print(
        f"collapse_lessons {collapse_lessons.__version__}, Python {platform.python_version()}, NumPy {np.__version__}"
    )
    print("Device: CPU is all this lesson needs")
    print(f"Data on board: {len(datasets.breeds())} dog breeds, one photo of a flower")
    if browser.HERE:
        print(browser.what_is_kept())


# --- predictions ---------------------------------------------------------------------------------------------------


def compare(
    question: str,
    prediction: Any,
    result: Any,
    *,
    within: float = 0.25,
    sure: Any = ...,
    share: bool = False,
    signed: bool = False,
) -> None:
    """Compare a prediction with what came out, say so, and keep it for the last lesson's calibration plot.

    Without a prediction, or with what cannot be one, it asks for one and says nothing of the result. (But where lessons
    are executed to be published, it tells: COLLAPSE_LESSONS_TELL is set.)

    Parameters
    ----------
    question : str
        Where it was asked, "01.2"; the first answer to each question is the one that counts.
    prediction : number, str, a drawing of `draw_prediction`, or ... for none
        A number is a hit within a share `within` of the result, a letter if it is the same letter, a curve if it is on
        average within that share of the result's largest value. A curve is then drawn beside what came out.
    result : number, str, or a sequence of numbers for a drawing
        What the lesson computed.
    sure : float in [0, 1], or ...
        How sure the reader was to hit.
    share : bool
        Whether the prediction is a share from 0 to 1, so that per cents are asked for again.
    signed : bool
        Whether it may be below 0.
    """
    checks.text("question", question, 'say where it was asked, such as "01.2"')
    within = checks.number("within", within, 0, np.inf, "0.25 counts a quarter off as a hit")
    share = checks.flag("share", share, "True asks for a share from 0 to 1")
    signed = checks.flag("signed", signed, "True allows what is below 0")
    drawing = prediction if isinstance(prediction, Drawing) else None
    prediction = drawing.values if drawing else prediction
    result = _came_out(result, len(drawing.axes["x"]) if drawing else None)
    shown = _shown(result)
    if prediction is ...:
        what = "No curve yet: draw it above and run this cell" if drawing else _NO_PREDICTION
        print(f"{what} again.{f' It came out {shown}.' if os.environ.get('COLLAPSE_LESSONS_TELL') else ''}")
        return
    if drawing:
        wrong = drawing.unfinished()
    elif isinstance(result, list):
        wrong = f"Your prediction {checks.shown(prediction)} is not a curve: draw one"
    elif isinstance(result, Real):
        wrong = _no_number(prediction, share, signed or result < 0)
    else:
        wrong = _no_letter(prediction, result)
    if wrong:
        print(f"{wrong} and run this cell again.")
        return
    if sure is not ... and not (is_number(sure) and 0 <= sure <= 1):
        print(f"sure must be a number from 0 to 1, got {checks.shown(sure)}: write 0.8 if you expect to be right 4")
        print("times in 5, and run this cell again. Nothing has been kept yet.")
        return
    if drawing:
        prediction = [float(f"{value:.3g}") for value in prediction]
        off = np.abs(np.subtract(prediction, result)).mean() / np.abs(result).max()
        hit, distance = bool(off <= within), f" ({off:.0%} off on average; a hit is within {within:.0%} of the highest)"
    elif isinstance(result, Real):
        hit = bool(abs(float(prediction) - result) <= within * abs(result))
        distance = f" (a hit is within {within:.0%})" if within else " (a hit is that very number)"
    else:
        hit, distance = str(prediction).strip().lower() == result.lower(), ""
    said = _shown(prediction) if drawing else prediction
    how_sure = "" if sure is ... else f" and were {float(sure):.0%} sure"
    verdict = "a hit" if hit else "a miss, and worth a thought"
    print(f"You said {said}{how_sure}. It came out {shown}: {verdict}{distance}.")
    _keep(question, prediction, result, hit, None if sure is ... else float(sure))
    if drawing:
        plots.show(*drawing.over(result))


_NO_PREDICTION = "No prediction yet: replace ... above by yours and run both cells"


def _came_out(result, n):
    """Return a result as it is kept: a number or a string, or the numbers of a curve, of `n` places if it was drawn."""
    remedy = "give what the lesson computed"
    if n is not None or isinstance(result, list | np.ndarray | pd.Series):
        curve = checks.array("result", result, 1, "(n,) floats", gaps=True)
        if n not in (None, len(curve)):
            raise ValueError(f"result must have a number for each of the {n} places, got {len(curve)}: {remedy}")
        return [float(f"{value:.3g}") for value in curve]
    if isinstance(result, str):
        return checks.text("result", result, remedy)
    result = checks.plain(result)
    if not isinstance(result, int | float) or isinstance(result, bool):
        raise TypeError(f"result must be a number or a string, got {checks.shown(result)}: {remedy}")
    if isinstance(result, int):
        checks.number("result", result, -np.inf, np.inf, remedy)
    return result


def _shown(result):
    """Return a number, a letter or the numbers of a curve as they are printed."""
    if isinstance(result, list):
        return f"[{', '.join(map(_shown, result))}]"
    return f"{result:.3g}" if isinstance(result, Real) else result


def _no_letter(prediction, result):
    """Return why this is no choice among letters, if the result is a letter, or nothing."""
    if len(result) == 1 and not is_choice(prediction, "abcdefgh"):
        return f"Your prediction {checks.shown(prediction)} is not a letter: write one in quotes"
    return ""


def _no_number(prediction, share, signed):
    """Return why this is no number to be compared with, or nothing."""
    said = f"Your prediction {checks.shown(prediction)}"
    if not is_number(prediction) or not _is_finite(prediction):
        return f"{said} is not a number: write one such as 0.5"
    if share and not 0 <= prediction <= 1:
        return f"A share is from 0 to 1, and yours is {checks.shown(prediction)}: write 0.12 for 12%"
    if prediction < 0 and not signed:
        return f"{said} is below 0, which this cannot be: write one such as 0.5"
    return ""


def predictions() -> pd.DataFrame:
    """Return the predictions made so far, the first for each question: question, prediction, result, hit, sure."""
    columns = ["question", "prediction", "result", "hit", "sure", "at"]
    return pd.DataFrame(_read("predictions.jsonl"), columns=columns).drop_duplicates("question", ignore_index=True)


def _keep(question, prediction, result, hit, sure):
    plain = [v.item() if isinstance(v, np.generic) else v for v in (prediction, result)]
    row = {"question": question, "prediction": plain[0], "result": plain[1], "hit": hit, "sure": sure}
    try:
        _append("predictions.jsonl", row)
    except OSError as error:  # a read-only home must not stop a lesson
        print(f"(The prediction could not be kept: {error.strerror}. Set COLLAPSE_LESSONS_HOME to a folder of yours.)")


def _append(name, row):
    """Write a row as a line of its own, whether or not the line before it was cut off."""
    home().mkdir(parents=True, exist_ok=True)
    row |= {"at": datetime.now(UTC).isoformat(timespec="seconds")}
    line = json.dumps(row, default=str).encode() + b"\n"  # a prediction can be anything, and none may stop a lesson
    with (home() / name).open("a+b") as file:
        if end := file.seek(0, os.SEEK_END):
            file.seek(end - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)


def _read(name):
    """Return the rows kept in a file; what is no row, such as a line cut off when a disk was full, is passed over."""
    try:
        lines = (home() / name).read_text("utf8", errors="replace").split("\n")
    except OSError:  # there is none yet, or it can't be read
        return []
    rows = []
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            if isinstance(row := json.loads(line), dict):
                rows.append({column: _kept(value) for column, value in row.items()})
    return rows


def _kept(value):
    """Return a value from a file that anybody can edit as a page can show it: a number, a truth value, or text."""
    if value is None or isinstance(value, bool) or (is_number(value) and _is_finite(value)):
        return value
    return str(value).encode(errors="replace").decode()  # half of a character pair is none


# --- exercises -----------------------------------------------------------------------------------------------------


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
    return pd.DataFrame(_read("solved.jsonl"), columns=columns).drop_duplicates(columns[:2], ignore_index=True)


def _keep_solved():
    """Keep which exercise it was: the function of `course.exercises` that asked, found as loggers find it."""
    frame, exercises = inspect.currentframe(), "collapse_lessons.course.exercises.lesson_"
    while frame and not frame.f_globals.get("__name__", "").startswith(exercises):
        frame = frame.f_back
    if frame:  # a check outside the lessons is nobody's exercise
        row = {"lesson": frame.f_globals["__name__"].removeprefix(exercises), "exercise": frame.f_code.co_name}
        with contextlib.suppress(OSError):
            _append("solved.jsonl", row)


def close(answer: Any, value: float, within: float) -> bool:
    """Whether `answer` is a number within a share `within` of `value`."""
    value = checks.number("value", value, -np.inf, np.inf, "give what the lesson computed")
    within = checks.number("within", within, 0, np.inf, "0.05 allows a twentieth")
    return is_number(answer) and _is_finite(answer) and abs(float(answer) - value) <= within * abs(value)


def is_number(answer: Any) -> bool:
    """Whether `answer` is a real number; True and False are not, nor is an array of one."""
    return isinstance(answer, Real) and not isinstance(answer, checks.NO_NUMBERS | np.bool_)


def _is_finite(number: Real) -> bool:
    """Whether a number has a value that floats can hold: not NaN, infinite or 400 digits long."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def alike(answer: Any, value: Any, rtol: float = 1e-9, atol: float = 0.0) -> bool:
    """Whether `answer` is real numbers in the shape of `value`, each close to it."""
    answer, value = real_numbers(answer), checks.numbers("value", value, -np.inf, np.inf, "give what was computed")
    rtol = checks.number("rtol", rtol, 0, np.inf, "1e-9 allows rounding")
    atol = checks.number("atol", atol, 0, np.inf, "0 allows a share alone")
    return answer.shape == np.shape(value) and np.allclose(answer, value, rtol, atol)


def real_numbers(answer: Any) -> np.ndarray:
    """Return `answer` as an array, or raise an error for the reader: what is complex, masked or text is no number."""
    try:
        array = np.asarray(answer)
    except Exception:  # rows of unequal length, or an object that answers with errors
        array = np.array(None)
    if np.ma.isMaskedArray(answer) or array.dtype.kind not in "iuf":
        raise TypeError(f"answer must be real numbers, got {checks.shown(answer)}: not complex, masked or text")
    return array


def is_choice(answer: Any, letters: str) -> bool:
    """Whether `answer` is one of `letters`, such as "abc"; capitals and spaces are forgiven."""
    checks.text("letters", letters, 'give them all, such as "abc"')
    return isinstance(answer, str) and len(answer.strip()) == 1 and answer.strip().lower() in letters


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
