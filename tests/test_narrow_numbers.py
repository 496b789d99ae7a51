"""A number that was checked is used as checked: an int8 would wrap around, and a Decimal mixes with no float."""

import inspect
from decimal import Decimal
from numbers import Integral

import numpy as np
import pytest

pytest.importorskip("torch")
import fuzz
from fuzz_inputs import Either, Shaped

PUBLIC = fuzz.public()
KINDS = (
    (Integral, lambda x: np.int8(min(x, 100))),
    (float, np.float16),
    (float, lambda x: Decimal(str(x))),
    (bool, np.bool_),
)


def cases(names):
    """Yield name, argument and a number of NumPy's or decimal's, wherever a good value is a number or a flag."""
    for name in names:
        call, given = fuzz.call_of(name, PUBLIC[name])
        for argument in set(given) & set(inspect.signature(call).parameters):
            good = given[argument]
            good = good.value if isinstance(good, Either | Shaped) else good
            for numbers, make in KINDS:
                if isinstance(good, numbers) and isinstance(good, bool) == (numbers is bool):
                    yield name, argument, make(good)


def made(name, argument, value):
    """Call with good values but for one."""
    call, given = fuzz.call_of(name, PUBLIC[name])
    given = {key: fuzz.used(good) for key, good in given.items()} | {argument: value}
    several = [p.name for p in inspect.signature(call).parameters.values() if p.kind is p.VAR_POSITIONAL]
    return call(*[given.pop(key) for key in several if key in given], **given)


def foreign(value, path):
    """Yield where a number stands inside that is none of Python's own."""
    if isinstance(value, np.generic | Decimal) or (isinstance(value, np.ndarray) and value.ndim == 0):
        yield f"{path} = {value!r}"
    elif isinstance(value, list | tuple):
        for i, entry in enumerate(value):
            yield from foreign(entry, f"{path}[{i}]")


def test_every_class_keeps_pythons_own_numbers():
    classes = [name for name, thing in PUBLIC.items() if inspect.isclass(thing)]
    found = [
        f"{name}({argument}={value!r}) keeps {where}"
        for name, argument, value in cases(classes)
        for key, kept in vars(made(name, argument, value)).items()
        for where in foreign(kept, key)
    ]
    assert found == []


def test_every_law_computes_with_pythons_own_numbers():
    laws = [name for name in PUBLIC if name.startswith("theory.") and not inspect.isclass(PUBLIC[name])]
    for name, argument, value in cases(laws):
        plain = value.item() if isinstance(value, np.generic) else float(value)
        came, right = np.asarray(made(name, argument, value)), np.asarray(made(name, argument, plain))
        np.testing.assert_array_equal(came, right, err_msg=f"{name}({argument}={value!r})")
