import sys

import numpy as np
import psutil
import pytest

from collapse_lessons.models import memory

SIZE = 100_000_000


def resident():
    return psutil.Process().memory_info().rss


def made_and_freed():
    np.ones(SIZE, dtype=np.uint8)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' C libraries have other ways")
def test_freed_memory_is_kept_inside_and_given_back_at_the_end():
    if not hasattr(memory.ctypes.CDLL(None), "mallopt"):
        pytest.skip("this C library returns memory in ways of its own")
    before = resident()
    with memory.kept():
        made_and_freed()
        assert resident() - before > 0.9 * SIZE
    assert resident() - before < 0.1 * SIZE
    made_and_freed()
    assert resident() - before < 0.1 * SIZE


def test_it_is_given_back_after_an_error():
    before = resident()

    @memory.kept()
    def fails():
        made_and_freed()
        raise RuntimeError("the loss became nan")

    with pytest.raises(RuntimeError, match="nan"):
        fails()
    assert resident() - before < 0.1 * SIZE


@pytest.mark.parametrize("missing", ["platform", "library"])
def test_another_system_changes_nothing(missing, monkeypatch):
    if missing == "platform":
        monkeypatch.setattr(memory.sys, "platform", "darwin")
    else:
        monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    with memory.kept():
        made_and_freed()
