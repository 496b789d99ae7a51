"""Every error names the argument, its range, the value it got and the remedy."""

import numpy as np
import pytest

from collapse_lessons import checks

CASES = [
    (
        lambda: checks.whole("n", 0, 1, "draw one"),
        ValueError,
        "n must be a whole number of at least 1, got 0: draw one",
    ),
    (lambda: checks.whole("n", 2.0, 1, "draw one"), TypeError, "n must be a whole number .*, got 2.0: draw one"),
    (lambda: checks.whole("n", True, 1, "draw one"), TypeError, "got True: "),
    (lambda: checks.whole("n", "3", 1, "draw one"), TypeError, "got '3': "),
    (lambda: checks.number("p", 1.5, 0, 1, "a share"), ValueError, "p must be a number from 0 to 1, got 1.5: a share"),
    (lambda: checks.number("p", float("nan"), 0, 1, "a share"), ValueError, "got nan: "),
    (lambda: checks.number("p", float("inf"), 0, np.inf, "a width"), ValueError, "got inf: "),
    (lambda: checks.number("p", None, 0, 1, "a share"), TypeError, "got None: "),
    (lambda: checks.number("p", True, 0, 1, "a share"), TypeError, "got True: "),
    (lambda: checks.array("X", ["a"], 1, "(n,)"), TypeError, "X must be an array of shape .*, got dtype <U1: convert"),
    (lambda: checks.array("X", [None], 1, "(n,)"), TypeError, "got dtype object: "),
    (lambda: checks.array("X", [1.0], 2, "(n, d)"), ValueError, r"of shape \(n, d\), got shape \(1,\): reshape it"),
    (lambda: checks.array("X", 1.0, None, "(n, ...)"), ValueError, r"got shape \(\): reshape it"),
    (
        lambda: checks.array("X", [], 1, "(n,)"),
        ValueError,
        r"X must have at least 1 row\(s\), got shape \(0,\): give it",
    ),
    (lambda: checks.array("X", np.empty((3, 0)), 2, "(n, d)"), ValueError, r"got shape \(3, 0\): "),
    (lambda: checks.array("X", [1.0], 1, "(n,)", rows=2), ValueError, r"at least 2 row\(s\)"),
    (lambda: checks.array("X", [1, np.nan, np.inf], 1, "(n,)"), ValueError, "must hold finite numbers, got 2 NaN or"),
    (lambda: checks.shares("p", [0.5, 0.6]), ValueError, "p must sum to 1, got a sum of 1.1: divide it by its sum"),
    (
        lambda: checks.shares("p", [1.5, -0.5]),
        ValueError,
        "p must hold probabilities from 0 to 1, got -0.5: ",
    ),
    (lambda: checks.shares("p", [[1.0]]), ValueError, r"\(k,\) probabilities, got shape \(1, 1\): "),
    (lambda: checks.shares("p", [[0.5, 0.5], [0.2, 0.2]], None), ValueError, "got a sum of 0.4: "),
    (lambda: checks.divisor(2), ValueError, "ddof must be 0 or 1, got 2: 0 is maximum likelihood, 1 is unbiased"),
    (lambda: checks.pool([]), ValueError, "pool must hold at least the real data, got an empty list: "),
    (lambda: checks.pool(np.zeros(3)), TypeError, r"pool must be a list of arrays, .* got ndarray: pass \[real\]"),
    (lambda: checks.fitted(object(), "mean_"), ValueError, "model must be fitted, got object without mean_: call fit"),
    (lambda: checks.generator("rng", 0), TypeError, "rng must be a numpy.random.Generator, got 0: pass np.random"),
    (lambda: checks.generator("rng", np.random), TypeError, "got <module 'numpy.random'"),
]


@pytest.mark.parametrize(("call", "error", "message"), CASES, ids=range(len(CASES)))
def test_what_is_refused_and_how(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_what_passes_is_returned_in_its_plain_form():
    assert checks.whole("n", np.int64(3), 1, "") == 3
    assert type(checks.whole("n", np.int64(3), 1, "")) is int
    assert checks.number("p", np.float32(0.5), 0, 1, "") == 0.5
    assert type(checks.number("p", 1, 0, 1, "")) is float
    assert checks.array("X", [[1, 2]], 2, "(n, d)").shape == (1, 2)
    assert checks.array("X", [True, False], 1, "(n,)").dtype == bool
    assert checks.shares("p", [1, 0]).dtype == float
    assert checks.shares("p", np.full((2, 3), 1 / 3), None).shape == (2, 3)
    assert [checks.divisor(0), checks.divisor(1)] == [0, 1]
    X, rng = np.ones((2, 2)), np.random.default_rng(0)
    assert checks.array("X", X, 2, "(n, d)") is X  # nothing is copied
    assert checks.generator("rng", rng) is rng
