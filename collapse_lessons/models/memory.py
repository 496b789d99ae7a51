"""Memory that a long computation on a processor gives back and fetches again, and how it is told that there is none."""

import ctypes
import sys
from contextlib import contextmanager

import torch

from collapse_lessons import checks

TRIM_THRESHOLD, MMAP_MAX = -1, -4  # mallopt's names for what it sets, from <malloc.h>
NEVER, USUAL = {TRIM_THRESHOLD: 2**31 - 1, MMAP_MAX: 0}, {TRIM_THRESHOLD: 2**26, MMAP_MAX: 2**16}

# As CUDA, MPS, processors and operating systems say it.
NO_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")


def ran_out(error: BaseException) -> bool:
    """Return whether an error says that memory ran out."""
    said = str(checks.instance("error", error, BaseException, "give what was raised")).lower()
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(words in said for words in NO_MEMORY)


@contextmanager
def kept():
    """Let the process keep what it frees, until the end of the block, and reuse it.

    A step of training fetches as much memory as the last one has just freed. GNU's C library returns it to the system
    in between, and every page that comes back is filled with zeros first: a third of a processor's time for a model of
    135 million weights. Where there is another C library nothing changes.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if not hasattr(library, "mallopt"):
        yield
        return
    try:
        _set(library, NEVER)
        yield
    finally:
        _set(library, USUAL)
        if hasattr(library, "malloc_trim"):
            library.malloc_trim(0)


def _set(library, values):
    for name, value in values.items():
        library.mallopt(name, value)
