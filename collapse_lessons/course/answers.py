"""What an answer is: a number, numbers in a shape, a letter, and whether it is close enough."""

import math
from numbers import Real
from typing import Any

import numpy as np

from collapse_lessons import checks


def is_number(answer: Any) -> bool:
    """Whether `answer` is a real number; True and False are not, nor is an array of one."""
    return isinstance(answer, Real) and not isinstance(answer, checks.NO_NUMBERS | np.bool_)


def is_finite(answer: Any) -> bool:
    """Whether `answer` is a real number whose value floats can hold: not NaN, infinite or 400 digits long."""
    try:
        return is_number(answer) and math.isfinite(answer)
    except OverflowError:
        return False


def close(answer: Any, value: float, within: float) -> bool:
    """Whether `answer` is a number within a share `within` of `value`."""
    value = checks.number("value", value, -np.inf, np.inf, "give what the lesson computed")
    within = checks.number("within", within, 0, np.inf, "0.05 allows a twentieth")
    return is_finite(answer) and abs(float(answer) - value) <= within * abs(value)


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
