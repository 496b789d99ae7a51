"""What no argument, or hardly one, should be: the values that `fuzz.py` hands to everything public.

Each has a name and a function that makes it anew, since a call may use a value up.
"""

import decimal
import fractions
import pathlib
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import scipy.sparse
import torch


class Rude:
    """An object that answers every question with an error."""

    def __repr__(self):
        raise RuntimeError("no repr")

    def __len__(self):
        raise RuntimeError("no length")

    def __iter__(self):
        raise RuntimeError("no entries")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __bool__(self):
        raise RuntimeError("no truth")

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    __hash__ = None


class Wordy:
    """An object that has ten million letters to say about itself."""

    def __repr__(self):
        return "x" * 10_000_000


def _itself():
    holder: list = []
    holder.append(holder)
    return holder


def _masked(*shape):
    X = np.ma.array(np.full(shape, 0.5), mask=np.zeros(shape, bool))
    X[0] = np.ma.masked
    return X


FIXED: dict[str, Callable[[], Any]] = {
    # nothing, and what is true or false
    "None": lambda: None,
    "...": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "pd.NA": lambda: pd.NA,
    "pd.NaT": lambda: pd.NaT,
    "True": lambda: True,
    "False": lambda: False,
    "np.True_": lambda: np.True_,
    # numbers
    "0": lambda: 0,
    "1": lambda: 1,
    "-1": lambda: -1,
    "7": lambda: 7,
    "2**31": lambda: 2**31,
    "2**63": lambda: 2**63,
    "10**18": lambda: 10**18,
    "10**400": lambda: 10**400,
    "-10**400": lambda: -(10**400),
    "10**5000": lambda: 10**5000,
    "int8": lambda: np.int8(3),
    "uint64 at its end": lambda: np.uint64(2**64 - 1),
    "0.5": lambda: 0.5,
    "-0.5": lambda: -0.5,
    "1.5": lambda: 1.5,
    "1e308": lambda: 1e308,
    "5e-324": lambda: 5e-324,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"),
    "float16": lambda: np.float16(0.5),
    "longdouble": lambda: np.longdouble(0.5),
    "a longdouble beyond floats": lambda: np.longdouble("1e4000"),
    "Fraction": lambda: fractions.Fraction(1, 2),
    "Decimal": lambda: decimal.Decimal("0.5"),
    "signalling NaN": lambda: decimal.Decimal("sNaN"),
    "complex": lambda: 0.5 + 0.5j,
    "complex128": lambda: np.complex128(1),
    "datetime64": lambda: np.datetime64("2026-01-01"),
    "timedelta64": lambda: np.timedelta64(1, "s"),
    "Timestamp": lambda: pd.Timestamp("2026-01-01"),
    # text and bytes
    "no letters": lambda: "",
    "a space": lambda: " ",
    "'a'": lambda: "a",
    "'3'": lambda: "3",
    "'no'": lambda: "no",
    "NUL": lambda: "a\0b",
    "two lines": lambda: "a\nb",
    "TeX": lambda: "$\\frac$",
    "braces": lambda: "{0.__class__}",
    "HTML": lambda: "<script>alert(1)</script>",
    "half a surrogate": lambda: "\ud800",
    "long text": lambda: "x" * 100_000,
    "np.str_": lambda: np.str_("a"),
    "bytes": lambda: b"abc",
    "bytearray": lambda: bytearray(b"abc"),
    "memoryview": lambda: memoryview(b"abc"),
    # containers
    "[]": lambda: [],
    "()": lambda: (),
    "{}": dict,
    "set()": set,
    "[None]": lambda: [None],
    "['a']": lambda: ["a"],
    "[1, 'a']": lambda: [1, "a"],
    "['3', '4']": lambda: ["3", "4"],
    "[[]]": lambda: [[]],
    "unequal rows": lambda: [[1.0], [1.0, 2.0]],
    "a list that holds itself": _itself,
    "[10**400]": lambda: [10**400],
    "{'a': 1}": lambda: {"a": 1},
    "{1: None}": lambda: {1: None},
    "an iterator": lambda: iter([1, 2]),
    "range(0)": lambda: range(0),
    "range(3)": lambda: range(3),
    "[0.5, 0.5]": lambda: [0.5, 0.5],
    # arrays
    "no axes": lambda: np.array(3.0),
    "no entries": lambda: np.zeros(0),
    "no rows": lambda: np.zeros((0, 3)),
    "no columns": lambda: np.zeros((3, 0)),
    "five axes": lambda: np.zeros((2, 2, 2, 2, 2)),
    "one row of zeros": lambda: np.zeros((1, 2)),
    "integers": lambda: np.arange(4),
    "rows of integers": lambda: np.arange(4).reshape(2, 2),
    "negative integers": lambda: -np.arange(1, 5).reshape(2, 2),
    "uint8": lambda: np.full((2, 2), 255, np.uint8),
    "a narrow array": lambda: np.full((2, 2), 127, np.int8),
    "uint64": lambda: np.full((2, 2), 2**64 - 1, np.uint64),
    "NaN": lambda: np.full((2, 2), np.nan),
    "infinite": lambda: np.full((2, 2), np.inf),
    "huge": lambda: np.full((2, 2), 1e308),
    "half precision": lambda: np.full((2, 2), 60_000, np.float16),
    "long doubles": lambda: np.full((2, 2), 0.5, np.longdouble),
    "big-endian": lambda: np.full((2, 2), 0.5, ">f8"),
    "read-only": lambda: np.broadcast_to(0.5, (2, 2)),
    "every other one": lambda: np.full((4, 4), 0.5)[::2, ::2],
    "bools": lambda: np.full((2, 2), True),
    "complex array": lambda: np.full((2, 2), 1j),
    "dates": lambda: np.full((2, 2), np.datetime64("2026-01-01")),
    "strings": lambda: np.full((2, 2), "a"),
    "byte strings": lambda: np.full((2, 2), b"a"),
    "objects": lambda: np.array([[None, 1], [2, 3]], dtype=object),
    "numbers as objects": lambda: np.array([[0.5, 0.5]], dtype=object),
    "records": lambda: np.zeros(3, [("a", float), ("b", int)]),
    "masked": lambda: _masked(3),
    "masked rows": lambda: _masked(3, 2),
    "masked in a list": lambda: [np.ma.masked, 1.0],
    "matrix": lambda: np.asmatrix(np.eye(2)),
    "sparse": lambda: scipy.sparse.eye_array(3),
    # tables
    "an empty table": pd.DataFrame,
    "a table of words": lambda: pd.DataFrame({"a": ["x", "y"]}),
    "a table of numbers": lambda: pd.DataFrame({"a": [0.25, 0.75]}),
    "a table with gaps": lambda: pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
    "Series": lambda: pd.Series([0.5, 0.5]),
    "Categorical": lambda: pd.Categorical(["a", "b"]),
    "Index": lambda: pd.Index(["a", "b"]),
    # tensors
    "tensor": lambda: torch.full((2, 2), 0.5),
    "a tensor with a gradient": lambda: torch.ones(2, 2, requires_grad=True),
    "bfloat16": lambda: torch.ones(2, 2, dtype=torch.bfloat16),
    "a torch stream": torch.Generator,
    # functions, classes, modules, other objects
    "len": lambda: len,
    "int": lambda: int,
    "a function of nothing": lambda: lambda: None,
    "a function that returns nothing": lambda: lambda *args, **kwargs: None,
    "np.random": lambda: np.random,
    "RandomState": lambda: np.random.RandomState(0),
    "SeedSequence": lambda: np.random.SeedSequence(0),
    "Generator": lambda: np.random.default_rng(0),
    "object()": object,
    "an error": lambda: ValueError("an error"),
    "Axes": lambda: plt.figure().add_subplot(),
    "rude": Rude,
    "wordy": Wordy,
    "no such path": lambda: pathlib.Path("no/such/path"),
}


def drawn(rng: np.random.Generator) -> Callable[[], Any]:
    """Return the maker of a value at random: an array, a list of it, a number or a text."""
    shape = tuple(rng.integers(0, 4, rng.integers(0, 4)))
    X = (rng.normal(size=shape) * 10.0 ** rng.integers(-3, 9)).astype(rng.choice(list("?bBhHiIlLefdgFD")))
    text = "".join(map(chr, rng.integers(1, 0xD7FF, rng.integers(0, 9))))
    number = int(rng.integers(-(2**62), 2**62)) >> int(rng.integers(0, 62))
    return [lambda: X.copy(), X.tolist, lambda: text, lambda: number, lambda: [text, number]][rng.integers(5)]


def values(seed: int, n_drawn: int = 12) -> dict[str, Callable[[], Any]]:
    """Return all values by name: the fixed ones, and some at random that depend on the seed."""
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        return FIXED | {f"random {seed}.{i}": drawn(rng) for i in range(n_drawn)}
