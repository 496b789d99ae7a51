"""Every check gets what nobody would expect: it never raises, never warns, says one line, and never passes it."""

import contextlib
import importlib
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from course.exercises.test_answers import LESSONS, checks

torch = pytest.importorskip("torch")


class Awkward:
    """Not to be compared, and not to be shown."""

    __hash__ = None

    def __eq__(self, other):
        raise RuntimeError("not to be compared")

    def __repr__(self):
        raise RuntimeError("not to be shown")


class Agreeable:
    """Equal to everything."""

    __hash__ = None

    def __eq__(self, other):
        return True


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("not to be told")


def raises(error):
    def answer(*arguments, **named):
        raise error

    return answer


def talks(*arguments):
    print("much", "ado", sep="\n")
    print("about", file=sys.stderr)
    return 1


ODD = {
    "array": np.arange(3),
    "array of one": np.array([0.5]),
    "empty array": np.array([]),
    "table of numbers": np.zeros((3, 2)),
    "masked array": np.ma.array([1.0, 2.0], mask=[True, False]),
    "masked": np.ma.masked,
    "object array": np.array([None, ...], dtype=object),
    "Series": pd.Series([1, 2]),
    "empty DataFrame": pd.DataFrame(),
    "DataFrame": pd.DataFrame({"a": [1.0]}),
    "NA": pd.NA,
    "NaT": pd.NaT,
    "tensor": torch.arange(4),
    "tensor of one": torch.tensor(0.5),
    "list": [1, 2],
    "tuple of one": (0.5,),
    "dict": {"a": 1},
    "generator": (i for i in range(3)),
    "str": "about a half",
    "number in quotes": "0.5",
    "comma": "0,5",
    "empty str": "",
    "surrogate": "\ud800",
    "bytes": b"a",
    "None": None,
    "True": True,
    "numpy True": np.bool_(True),
    "nan": float("nan"),
    "inf": float("inf"),
    "minus inf": -np.inf,
    "huge": 10**400,
    "large": 1e308,
    "numpy inf": np.float32("inf"),
    "numpy half": np.float16(6e4),
    "complex": 1j,
    "date": np.datetime64("2020-01-01"),
    "object": object(),
    "class": object,
    "awkward": Awkward(),
    "agreeable": Agreeable(),
    "wrong arity": lambda one, two, three, four, five: 0,
    "built-in": print,
    "raises": raises(KeyError("two\nlines")),
    "unspeakable": raises(Unspeakable()),
    "leaves": raises(SystemExit(1)),
    "talks": talks,
    "module": np,
}


def says(check, answer, capfd):
    """Return the line that a check prints, having made sure that it is one, and nothing else was said."""
    check(answer)
    said, complaints = capfd.readouterr()
    assert not complaints
    assert said.startswith(("CORRECT: ", "NOT YET: ", "TRY AGAIN: "))
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize(("check", "lesson"), list(checks()))
def test_an_odd_answer_never_raises_and_never_passes(check, lesson, capfd):
    for name, odd in ODD.items():
        assert not says(check, odd, capfd).startswith("CORRECT"), name
        if name not in ("agreeable", "talks"):
            assert not says(check, lambda *arguments, odd=odd: odd, capfd).startswith("CORRECT"), f"returns {name}"


def the_right_ones():
    for lesson in LESSONS:
        for check, answer, said in importlib.import_module(f"course.exercises.answers_{lesson}").CASES:
            if said == "CORRECT":
                yield pytest.param(check, answer, id=f"{lesson}-{check.__name__}")


def as_strings(value):
    return np.asarray(value).astype(str)[()]


DISGUISES = {
    "in a list": lambda value: [value],
    "in a Series": lambda value: pd.Series([value]),
    "a tensor": torch.tensor,
    "complex": lambda value: np.asarray(value) + 0j,
    "masked": lambda value: np.ma.array(value, mask=True),
    "in quotes": as_strings,
}


@pytest.mark.parametrize(("check", "answer"), list(the_right_ones()))
def test_a_right_answer_in_a_wrong_form_does_not_pass(check, answer, capfd):
    for name, disguise in DISGUISES.items():
        worn = []

        def disguised(value, disguise=disguise, worn=worn):
            if callable(value) and not isinstance(value, type):
                return lambda *arguments: disguised(value(*arguments))
            if is_numeric(value):
                worn.append(value)
                return disguise(value)
            return value

        said = says(check, disguised(answer), capfd)
        harmless = callable(answer) and name in ("in a Series", "a tensor")
        assert harmless or not worn or not said.startswith("CORRECT"), name


def is_numeric(value):
    with contextlib.suppress(TypeError, ValueError):
        return np.asarray(value).dtype.kind in "iuf"
    return False


@pytest.mark.parametrize(("check", "answer"), list(the_right_ones()))
def test_a_right_number_of_any_kind_passes(check, answer, capfd):
    if is_numeric(answer):
        for kind in (np.float64, np.longdouble, Fraction):
            assert says(check, kind(answer), capfd).startswith("CORRECT")
