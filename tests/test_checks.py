"""Every error names the argument, its range, the value it got and the remedy."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from collapse_lessons import checks

MASKED_FIELDS = np.ma.array(np.zeros(2, [("a", float), ("b", int)]), mask=[(0, 1), (0, 0)])

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
    (lambda: checks.generator("rng", np.random.RandomState(0)), TypeError, "got RandomState"),
    (lambda: checks.generator("rng", None), TypeError, "got None: "),
    (
        lambda: checks.whole("n", 10**400, 1, "draw one"),
        ValueError,
        "n must be .* from 1 to 1000000000, got 1000",
    ),
    (lambda: checks.whole("n", 7, 1, "draw one", high=6), ValueError, "n must be a whole number from 1 to 6, got 7: "),
    (lambda: checks.whole("n", np.array(3), 1, "draw one"), TypeError, r"got array\(3\): "),
    (lambda: checks.seed(-1), ValueError, "seed must be a whole number of at least 0, got -1: "),
    (lambda: checks.seed(2**128), ValueError, "seed must be a whole number from 0 to 3402.*, got 3402"),
    (lambda: checks.number("p", 10**400, 0, 1, "a share"), ValueError, "p must be a number from 0 to 1, got 1000"),
    (lambda: checks.number("p", 10**5000, 0, np.inf, "a width"), ValueError, "got an instance of int: a width"),
    (lambda: checks.number("p", np.longdouble("1e4000"), 0, np.inf, "a width"), ValueError, "p must be a number"),
    (lambda: checks.number("p", Decimal("sNaN"), 0, 1, "a share"), ValueError, "got Decimal"),
    (lambda: checks.number("p", 0.5j, 0, 1, "a share"), TypeError, "got 0.5j: "),
    (lambda: checks.number("p", np.datetime64(1, "s"), 0, 1, "a share"), TypeError, "got np.datetime64"),
    (lambda: checks.number("p", np.array(0.5), 0, 1, "a share"), TypeError, r"got array\(0.5\): "),
    (lambda: checks.flag("thinned", "no", "True takes n"), TypeError, "thinned must be True or False, got 'no': True"),
    (lambda: checks.flag("thinned", 0, "True takes n"), TypeError, "got 0: "),
    (lambda: checks.text("label", 3, "say it"), TypeError, "label must be a string, got 3: say it"),
    (
        lambda: checks.one_of("size", "huge", ["small", "large"], "see SIZES"),
        ValueError,
        "one of small, large, got 'huge'",
    ),
    (lambda: checks.one_of("size", np.array(["small"]), ["small"], "see SIZES"), ValueError, r"got array\(\["),
    (lambda: checks.one_of("size", pd.Series([1, 2]), [1], "see SIZES"), ValueError, "size must be one of 1, got 0 1"),
    (lambda: checks.instance("world", 3, dict, "make one"), TypeError, "world must be a dict, got 3: make one"),
    (lambda: checks.path("folder", "", "name one"), ValueError, "folder must be a path, got '': name one"),
    (lambda: checks.path("folder", "a\0b", "name one"), ValueError, r"got 'a\\x00b': "),
    (lambda: checks.path("folder", b"a", "name one"), TypeError, "got b'a': "),
    (
        lambda: checks.array("X", [[1.0], [1.0, 2.0]], 2, "(n, d)"),
        TypeError,
        r"X must be .* got \[\[1.0\], \[1.0, 2.0\]\]: ",
    ),
    (lambda: checks.array("X", [1j], 1, "(n,)"), TypeError, "got dtype complex128: convert"),
    (lambda: checks.array("X", np.array(["2026-01-01"], "M8[D]"), 1, "(n,)"), TypeError, "got dtype datetime64"),
    (
        lambda: checks.array("X", np.array([1.0], object), 1, "(n,)"),
        TypeError,
        r"got dtype object: use X.astype\(float\)",
    ),
    (
        lambda: checks.array("X", np.ma.array([1.0, -9999], mask=[0, 1]), 1, "(n,)"),
        ValueError,
        "no masked entries, got mas",
    ),
    (lambda: checks.array("X", [np.ma.array([1.0, -9999], mask=[0, 1])], 2, "(n, d)"), ValueError, "no masked entries"),
    (lambda: checks.array("X", [1.0, np.ma.masked], 1, "(n,)"), ValueError, "no masked entries"),
    (lambda: checks.samples("X", MASKED_FIELDS), ValueError, "no masked entries"),
    (lambda: checks.array("X", scipy.sparse.eye_array(2), 2, "(n, d)"), TypeError, r"pass .toarray\(\)"),
    (lambda: checks.array("X", pd.Series([1, None], dtype="Int64"), 1, "(n,)"), (TypeError, ValueError), "X must"),
    (lambda: checks.numbers("p", "3", 0, 1, "a share"), TypeError, "p must be numbers from 0 to 1, got '3': "),
    (
        lambda: checks.numbers("p", [0.5, 2], 0, 1, "a share"),
        ValueError,
        "p must be numbers from 0 to 1, got 2: a share",
    ),
    (lambda: checks.numbers("p", [], 0, 1, "a share"), ValueError, "got none: "),
    (lambda: checks.numbers("p", [0.5, np.nan], 0, np.inf, "a share"), ValueError, "from 0 to inf, got nan: a share"),
    (
        lambda: checks.wholes("t", [0.5], 0, 9, "a year"),
        TypeError,
        r"t must be whole numbers from 0 to 9, got \[0.5\]: ",
    ),
    (
        lambda: checks.wholes("t", 2**64, 0, 9, "a year"),
        (TypeError, ValueError),
        "t must be whole numbers from 0 to 9, got",
    ),
    (lambda: checks.whole("n", np.timedelta64(1, "s"), 1, "draw one"), TypeError, "got np.timedelta64"),
    (lambda: checks.array("X", bytearray(b"ab"), 1, "(n,)"), TypeError, "got a bytearray: use np.frombuffer"),
    (lambda: checks.numbers("p", True, 0, 1, "a share"), TypeError, "got True: "),
    (
        lambda: checks.tokens("rows", [[0, 9]], 2, "(n, block)", 9, "encode"),
        ValueError,
        "from 0 to 8, got 0 to 9: encode",
    ),
    (lambda: checks.tokens("rows", [[0.0]], 2, "(n, block)", 9, "encode"), TypeError, "got dtype float64: encode"),
    (lambda: checks.pool([[1.0]]), TypeError, r"pool must be a list of arrays, .* got \[1.0\] in it"),
    (
        lambda: checks.pool([np.zeros((2, 2)), np.zeros((2, 3))]),
        ValueError,
        r"like the real ones, of shape \(2,\), got \(3,\)",
    ),
    (lambda: checks.listed("seeds", b"ab", "range(5)"), TypeError, "seeds must be a list, got b'ab': range"),
    (lambda: checks.listed("seeds", np.array(3), "range(5)"), TypeError, "seeds must be a list, got array"),
    (lambda: checks.divisor(True), TypeError, "ddof must be 0 or 1, got True: "),
    (lambda: checks.divisor(np.zeros(2)), TypeError, "ddof must be 0 or 1, got array"),
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


@pytest.mark.parametrize("value", [Fraction(1, 2), Decimal("0.5"), np.longdouble(0.5), np.float16(0.5)])
def test_any_real_number_becomes_a_plain_float(value):
    assert checks.number("p", value, 0, 1, "") == 0.5
    assert type(checks.number("p", value, 0, 1, "")) is float


def test_a_seed_may_have_as_many_bits_as_numpy_recommends():
    assert checks.seed(2**127) == 2**127


@pytest.mark.parametrize("dtype", "bBhHiIlLqQ")
def test_tokens_of_any_integer_type_are_worked_with_in_64_bits(dtype):
    tokens = checks.tokens("rows", np.array([[1, 120]], dtype), 2, "(n, block)", 121, "")
    assert tokens.dtype == np.int64
    assert tokens.tolist() == [[1, 120]]


def test_whatever_a_value_is_its_message_stays_one_short_line():
    class Rude:
        def __repr__(self):
            raise RuntimeError("no")

    for value in (
        Rude(),
        "x" * 10**7,
        np.zeros((99, 99)),
        list(range(10**5)),
        pd.DataFrame(np.zeros((99, 99))),
        10**5000,
    ):
        message = checks.shown(value)
        assert len(message) < 100
        assert "\n" not in message
    assert "Rude" in checks.shown(Rude())


def test_a_masked_array_that_masks_nothing_is_an_array():
    assert type(checks.array("X", np.ma.array([1.0, 2.0], mask=[0, 0]), 1, "(n,)")) is np.ndarray


def test_a_tensor_that_has_a_gradient_is_told_what_to_give_instead():
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError, match=r"X must be an array of shape \(n,\), got tensor.*detach"):
        checks.array("X", torch.ones(2, requires_grad=True), 1, "(n,)")
