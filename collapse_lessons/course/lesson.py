"""What every lesson begins with, and predictions that are kept and scored."""

import os
import platform
import sys
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from IPython import get_ipython

import collapse_lessons
from collapse_lessons import browser, checks, plots
from collapse_lessons.course.answers import is_choice, is_finite, is_number
from collapse_lessons.course.drawing import Drawing
from collapse_lessons.course.kept import append, read
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
    elif hasattr(sys.stdout, "reconfigure"):  # as a script: a console that lacks a letter must not stop the lesson
        sys.stdout.reconfigure(errors="replace")
    print(f"{title}: ready")
    print(
        f"collapse_lessons {collapse_lessons.__version__}, Python {platform.python_version()}, NumPy {np.__version__}"
    )
    print("Device: CPU is all this lesson needs")
    print(f"Data on board: {len(datasets.breeds())} dog breeds, one photo of a flower")
    if browser.HERE:
        print(browser.what_is_kept())


def compare(
    question: str,
    prediction: Any,
    result: Any,
    *,
    within: float = 0.25,
    sure: Any = ...,
    share: bool = False,
    signed: bool = False,
    most: float | None = None,
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
    most : float or None
        The largest that it can be, as 9 of nine runs.
    """
    checks.text("question", question, 'say where it was asked, such as "01.2"')
    within = checks.number("within", within, 0, np.inf, "0.25 counts a quarter off as a hit")
    share = checks.flag("share", share, "True asks for a share from 0 to 1")
    signed = checks.flag("signed", signed, "True allows what is below 0")
    most = np.inf if most is None else checks.number("most", most, -np.inf, np.inf, "9 if nine runs are counted")
    # A drawing where a number or a letter is asked for was made further down: a reader has gone back up.
    drawing = prediction if isinstance(prediction, Drawing) and np.ndim(result) else None
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
        wrong = _no_number(prediction, share, signed or result < 0, most)
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
        distances, highest = np.abs(np.subtract(prediction, result)), np.nanmax(np.abs(result))
        off = np.nanmean(distances) / highest if highest else np.inf if np.any(distances) else 0.0
        hit, distance = bool(off <= within), f" ({off:.0%} off on average; a hit is within {within:.0%} of the highest)"
    elif isinstance(result, Real):
        hit = bool(np.isfinite(result) and abs(float(prediction) - result) <= within * abs(result))
        distance = f" (a hit is {_window(prediction, result, within, share, signed, most)})"
    else:
        hit, distance = str(prediction).strip().lower() == result.lower(), ""
    said = _shown(prediction) if drawing else prediction
    how_sure = "" if sure is ... else f" and were {float(sure):.0%} sure"
    verdict = "a hit" if hit else "a miss, and worth a thought"
    print(f"You said {said}{how_sure}. It came out {shown}: {verdict}{distance}.")
    _keep(question, prediction, result, hit, None if sure is ... else float(sure))
    if drawing:
        plots.show(*drawing.over(result))


def _window(prediction, result, within, share, signed, most):
    """Return which numbers are a hit, in words: whole ones where those are counted."""
    if not (within and np.isfinite(result)):
        return "that very number"
    counted = isinstance(result, int) and float(prediction).is_integer() and not share
    reach = within * abs(result)
    low, high = (result - reach // 1, result + reach // 1) if counted else (result - reach, result + reach)
    low = low if signed or result < 0 else max(low, 0)
    high = min(high, 1 if share else most)
    if counted:
        return f"from {low:.0f} to {high:.0f}" if low < high else "that very number"
    return f"from {low:.3g} to {high:.3g}"


_NO_PREDICTION = "No prediction yet: replace ... above by yours and run both cells"


def _came_out(result, n):
    """Return a result as it is kept: a number or a string, or the numbers of a curve, of `n` places if it was drawn."""
    remedy = "give what the lesson computed"
    if n is not None or isinstance(result, list | np.ndarray | pd.Series):
        curve = checks.array("result", result, 1, "(n,) floats", gaps=True).astype(float)
        if np.isnan(curve).all():
            raise ValueError(f"result must hold a number, got NaN at all of the {len(curve)} places: {remedy}")
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


def _no_number(prediction, share, signed, most):
    """Return why this is no number to be compared with, or nothing."""
    said = f"Your prediction {checks.shown(prediction)}"
    if not is_finite(prediction):
        return f"{said} is not a number: write one such as 0.5"
    if share and not 0 <= prediction <= 1:
        return f"A share is from 0 to 1, and yours is {checks.shown(prediction)}: write 0.12 for 12%"
    if prediction < 0 and not signed:
        return f"{said} is below 0, which this cannot be: write one such as 0.5"
    if prediction > most:
        return f"{said} is above {most:g}, which this cannot be: write one up to that"
    return ""


def predictions() -> pd.DataFrame:
    """Return the predictions made so far, the first for each question: question, prediction, result, hit, sure."""
    columns = ["question", "prediction", "result", "hit", "sure", "at"]
    return pd.DataFrame(read("predictions.jsonl"), columns=columns).drop_duplicates("question", ignore_index=True)


def _keep(question, prediction, result, hit, sure):
    plain = [v.item() if isinstance(v, np.generic) else v for v in (prediction, result)]
    row = {"question": question, "prediction": plain[0], "result": plain[1], "hit": hit, "sure": sure}
    try:
        append("predictions.jsonl", row)
    except OSError as error:  # a read-only home must not stop a lesson
        print(f"(The prediction could not be kept: {error.strerror}. Set COLLAPSE_LESSONS_HOME to a folder of yours.)")
