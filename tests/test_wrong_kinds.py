"""Of everything public: no seed stands for a generator, and no law takes what is no number."""

import inspect
import re

import numpy as np
import pytest

pytest.importorskip("torch")
import fuzz
from fuzz_inputs import Anything

PUBLIC = fuzz.public()
NO_GENERATORS = (None, 0, np.random, np.random.RandomState(0), np.random.SeedSequence(0))
NO_NUMBERS = (1j, "3", b"3", np.datetime64("2026-01-01"), np.ma.array([1, 2], mask=[0, 1]), np.array([1], dtype=object))


def accepted(names, arguments, wrong):
    """Yield each call that does not name the argument of which it was given a wrong value."""
    for name in names:
        _, given = fuzz.call_of(name, PUBLIC[name])
        for argument in arguments & set(given) if arguments else given:
            if isinstance(given[argument], Anything):
                continue
            for value in wrong:
                call, fresh = fuzz.call_of(name, PUBLIC[name])  # a call may spend what it is given
                fresh = {key: fuzz.used(good) for key, good in fresh.items()} | {argument: value}
                several = [p.name for p in inspect.signature(call).parameters.values() if p.kind is p.VAR_POSITIONAL]
                try:
                    call(*[fresh.pop(key) for key in several if key in fresh], **fresh)
                except (TypeError, ValueError) as error:
                    if re.search(f"({argument}|generations).* must (be|have|hold) ", str(error)):
                        continue
                    yield f"{name}({argument}={value!r}) says {error!r}"
                else:
                    yield f"{name}({argument}={value!r}) is accepted"


def test_no_seed_and_no_global_state_is_taken_for_a_generator():
    assert list(accepted(PUBLIC, {"rng"}, NO_GENERATORS)) == []


def test_no_law_takes_what_is_no_number():
    laws = [name for name in PUBLIC if name.startswith("theory.") and inspect.isfunction(PUBLIC[name])]
    assert len(laws) > 40
    assert list(accepted(laws, set(), NO_NUMBERS)) == []
