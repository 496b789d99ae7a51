"""Whether a value is so much like a good one that it may be meant: what `fuzz.py` judges calls by."""

import inspect
from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from fuzz_inputs import Anything, Either, Shaped

_LISTS = list | tuple | range | np.ndarray | pd.Series | pd.Index
_ARRAYS = np.ndarray | list | tuple | range | pd.DataFrame | pd.Series | torch.Tensor


def plausible(good: Any, value: Any) -> bool:
    """Return whether a value is so much like a good one that it may be meant: only then may it go through."""
    match good:
        case Anything():
            return True
        case [Anything()]:
            return isinstance(value, _LISTS) and len(value) > 0
        case Either():
            return any(plausible(one, value) for one in good.values)
        case Shaped():
            kinds = "iu" if isinstance(good.value, int) else "biuf" if np.asarray(good.value).dtype == bool else "iuf"
            X = np.asarray(value if isinstance(value, Real | Decimal | _ARRAYS) else "")
            return X.dtype.kind in kinds + "O" * isinstance(value, Real | Decimal) and X.size > 0 and not _lossy(value)
        case None:
            return value is None
        case bool():
            return isinstance(value, bool | np.bool_)
        case Integral():
            return isinstance(value, Integral) and not isinstance(value, bool) and abs(value) < 2**64
        case Real():
            return isinstance(value, Real | Decimal) and not isinstance(value, bool) and abs(value) < 1e309
        case str():
            return isinstance(value, str)
        case Path():
            return isinstance(value, str | Path) and bool(str(value).strip()) and "\0" not in str(value)
        case np.ndarray():
            return _like_array(good, value)
        case list() | tuple():
            fits = isinstance(value, _LISTS) and np.ndim(value) > 0 and len(value)
            return bool(fits) and all(plausible(good[0], entry) for entry in value)
        case Mapping():
            entry = next(iter(good.values()))
            return isinstance(value, Mapping) and len(value) and all(plausible(entry, v) for v in value.values())
        case pd.DataFrame():
            return isinstance(value, pd.DataFrame) and len(value) > 0
    if inspect.isroutine(good) or inspect.isclass(good):
        return callable(value)
    return isinstance(value, type(good))


def _like_array(good, value):
    if not isinstance(value, _ARRAYS) or _lossy(value):
        return False
    X = np.asarray(value)
    kinds = good.dtype.kind if good.dtype.kind in "OUV" else "iu" if good.dtype.kind in "iu" else "biuf"
    return X.dtype.kind in kinds and X.ndim == good.ndim and X.size > 0 and (kinds in "OUV" or np.isfinite(X).all())


def _lossy(value):
    """Return whether an array made of the value would lose its mask or hold no numbers."""
    parts = [value, *value] if isinstance(value, list | tuple) else [value]
    X = np.asarray(value)
    return any(map(np.ma.is_masked, parts)) or (X.dtype.kind == "f" and not np.isfinite(X).all())
