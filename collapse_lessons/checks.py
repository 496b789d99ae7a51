"""Checks of arguments. Every error names the argument, its range, the value it got and the remedy."""

import copy
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from inspect import signature
from numbers import Integral, Real
from pathlib import Path
from reprlib import Repr
from typing import Any

import numpy as np
import pandas as pd

MOST = 10**9  # rows, steps or tokens: more than any machine of a lesson holds or counts

NO_NUMBERS = bool | np.timedelta64  # though Python and NumPy count them among the whole numbers

_short = Repr()
_short.maxstring = _short.maxother = _short.maxlong = 60


def shown(value: Any) -> str:
    """Return `value` as a message shows it: on one line, cut short, whatever its repr does."""
    try:
        return " ".join(_short.repr(value).split())
    except Exception:  # it is somebody else's repr, and the message it stands in matters more
        return f"an instance of {type(value).__name__}"


def whole(name: str, value: Any, low: int, remedy: str, high: float = MOST) -> int:
    """Return `value` as an int from `low` to `high`, or raise an error that names it."""
    wanted = f"of at least {low}" if high >= MOST else f"from {low} to {high}"
    if isinstance(value, NO_NUMBERS) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number {wanted}, got {shown(value)}: {remedy}")
    if value > high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}, got {shown(value)}: {remedy}")
    if value < low:
        raise ValueError(f"{name} must be a whole number {wanted}, got {shown(value)}: {remedy}")
    return int(value)


def seed(seed: Any, name: str = "seed") -> int:
    """Return `seed` as an int of at least 0 and at most 128 bits, as `secrets.randbits(128)` makes them."""
    return whole(name, seed, 0, "any whole number of at most 128 bits will do", high=2**128 - 1)


def number(name: str, value: Any, low: float, high: float, remedy: str) -> float:
    """Return `value` as a finite float in [low, high], or raise an error that names it."""
    if isinstance(value, NO_NUMBERS) or not isinstance(value, Real | Decimal):
        raise TypeError(f"{name} must be a number from {low} to {high}, got {shown(value)}: {remedy}")
    try:
        x = float(value)
    except (OverflowError, ValueError):  # no float is as large, or it is a signalling NaN
        x = math.nan
    if not (math.isfinite(x) and low <= x <= high):
        raise ValueError(f"{name} must be a number from {low} to {high}, got {shown(value)}: {remedy}")
    return x


def plain(value: Any) -> Any:
    """Return a real number as Python's own bool, int or float, and anything else as it is."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if type(value) in (int, float) or isinstance(value, NO_NUMBERS) or not isinstance(value, Real | Decimal):
        return value
    try:
        return int(value) if isinstance(value, Integral) else float(value)
    except (OverflowError, ValueError):  # no float is as large, or it is a signalling NaN
        return value


def own_numbers(of: Any) -> None:
    """Let the fields of a dataclass hold Python's own numbers: an int8 wraps around, a Decimal mixes with no float."""
    for name, value in vars(of).items():
        if isinstance(value, list | tuple):
            object.__setattr__(of, name, type(value)(map(plain, value)))
        else:
            object.__setattr__(of, name, plain(value))


def flag(name: str, value: Any, remedy: str) -> bool:
    """Return `value` if it is True or False: "no" and 0 are taken for neither."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, got {shown(value)}: {remedy}")
    return bool(value)


def text(name: str, value: Any, remedy: str) -> str:
    """Return `value` if it is a string, and one that a file can hold: half of a character pair is none."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, got {shown(value)}: {remedy}")
    if not value.isascii() and value.encode(errors="ignore").decode() != value:
        raise ValueError(f"{name} must be a string that UTF-8 can write, got {shown(value)}: {remedy}")
    return value


def one_of(name: str, value: Any, choices: Iterable, remedy: str) -> Any:
    """Return `value` if it is one of the `choices`."""
    choices = list(choices)
    try:
        known = not isinstance(value, np.ndarray) and value in choices
    except Exception:  # a table is compared entry by entry, and has no single truth
        known = False
    if not known:
        raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, got {shown(value)}: {remedy}")
    return value


def instance(name: str, value: Any, kind: type, remedy: str) -> Any:
    """Return `value` if it is an instance of the class `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {shown(value)}: {remedy}")
    return value


def path(name: str, value: Any, remedy: str) -> Path:
    """Return `value` as a Path if it is a string or a Path that says something; "" would mean the current folder."""
    if not isinstance(value, str | os.PathLike) or not isinstance(os.fspath(value), str):
        raise TypeError(f"{name} must be a path, got {shown(value)}: {remedy}")
    written = os.fspath(value)
    if not written.strip() or "\0" in written:
        raise ValueError(f"{name} must be a path, got {shown(written)}: {remedy}")
    try:
        os.fsencode(written)
    except UnicodeEncodeError:  # half of a character pair
        raise ValueError(f"{name} must be a path that can be written, got {shown(written)}: {remedy}") from None
    if len(longest := max(Path(written).parts, key=len, default="")) > 255:
        raise ValueError(f"{name} must be a path of names of at most 255 characters, got {shown(longest)}: {remedy}")
    try:
        return Path(written).expanduser()
    except RuntimeError:  # there is no such user
        raise ValueError(f"{name} must be a path, got {shown(written)}, which is nobody's home: {remedy}") from None


def array(name: str, X: Any, ndim: int | None, shape: str, rows: int = 1, gaps: bool = False) -> np.ndarray:
    """Return `X` as a finite numeric array with `ndim` axes and at least `rows` rows.

    Parameters
    ----------
    ndim : int or None
        Number of axes; None admits any number from one up.
    shape : str
        What the axes mean, for the error: "(n, d) floats".
    gaps : bool
        Whether NaN may stand where nothing was measured, as a plot leaves it out.
    """
    X = _of_rows(name, X, shape)
    if X.dtype.kind not in "biuf":
        remedy = "use X.astype(float), and fill in what is missing" if X.dtype.kind == "O" else "convert it to numbers"
        raise TypeError(f"{name} must be an array of shape {shape}, got dtype {X.dtype}: {remedy} first")
    if X.ndim == 0 or (ndim is not None and X.ndim != ndim):
        raise ValueError(f"{name} must be an array of shape {shape}, got shape {X.shape}: reshape it")
    if X.size == 0 or len(X) < rows:
        raise ValueError(f"{name} must have at least {rows} row(s), got shape {X.shape}: give it more data")
    bad = 0 if X.dtype.kind != "f" else int(np.size(X) - (np.isfinite(X) | (gaps & np.isnan(X))).sum())
    if bad:
        raise ValueError(f"{name} must hold finite numbers, got {bad} NaN or infinite value(s): remove or replace them")
    return X


def numbers(name: str, x: Any, low: float, high: float, remedy: str) -> np.ndarray:
    """Return `x`, a number or an array of any shape, as floats in [low, high]."""
    return _within(name, x, "numbers", "iuf", low, high, remedy).astype(float)


def wholes(name: str, x: Any, low: int, high: int, remedy: str) -> np.ndarray:
    """Return `x`, a whole number or an array of any shape, as int64 from `low` to `high`."""
    return _within(name, x, "whole numbers", "iu", low, high, remedy).astype(np.int64)


def _within(name, given, what, kinds, low, high, remedy):
    x = as_array(name, given, "(...)")
    if "f" in kinds and x.dtype.kind == "O" and isinstance(given, Real | Decimal):  # NumPy has no type for it
        x = np.asarray(number(name, given, low, high, remedy))
    if x.dtype.kind == "f":
        with np.errstate(over="ignore"):  # what no float holds is infinite, and refused; a float16 holds no high bound
            x = x.astype(float)
    if x.dtype.kind not in kinds:
        raise TypeError(f"{name} must be {what} from {low:g} to {high:g}, got {shown(given)}: {remedy}")
    wrong = x[~((x >= low) & (x <= high) & np.isfinite(x))]
    if x.size == 0 or wrong.size:
        got = f"{wrong.flat[0]:g}" if wrong.size else "none"
        raise ValueError(f"{name} must be {what} from {low:g} to {high:g}, got {got}: {remedy}")
    return x


def tokens(name: str, X: Any, ndim: int | None, shape: str, vocabulary: int, remedy: str) -> np.ndarray:
    """Return `X` as int64 tokens from 0 to vocabulary - 1: in a narrow type, arithmetic with them would wrap around."""
    X = array(name, X, ndim, shape)
    if X.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integers from 0 to {vocabulary - 1}, got dtype {X.dtype}: {remedy}")
    if X.min() < 0 or X.max() >= vocabulary:
        raise ValueError(f"{name} must hold integers from 0 to {vocabulary - 1}, got {X.min()} to {X.max()}: {remedy}")
    return X.astype(np.int64, copy=False)


def bools(name: str, X: Any, shapes: Sequence[tuple[int, ...]], remedy: str) -> np.ndarray:
    """Return `X` as an array of bools of one of the `shapes`, or of any with an axis if there are none."""
    wanted = str(shapes[0]) if shapes else "(n, ...)"
    X = as_array(name, X, wanted)
    if X.dtype != bool:
        raise TypeError(f"{name} must be bools of shape {wanted}, got {X.dtype} of shape {X.shape}: {remedy}")
    if X.ndim == 0 or (shapes and X.shape not in shapes):
        raise ValueError(f"{name} must be bools of shape {wanted}, got shape {X.shape}: {remedy}")
    return X


def table(name: str, value: Any, columns: Sequence[str], remedy: str) -> pd.DataFrame:
    """Return `value` if it is a DataFrame with at least these columns."""
    instance(name, value, pd.DataFrame, remedy)
    missing = [column for column in columns if column not in value.columns]
    if missing:
        raise ValueError(f"{name} must have the columns {', '.join(columns)}, got no {', '.join(missing)}: {remedy}")
    if twice := [column for column in columns if value.columns.tolist().count(column) > 1]:
        raise ValueError(f"{name} must have each column once, got {', '.join(twice)} again: rename one")
    return value


def as_array(name: str, X: Any, shape: str = "(n, ...)") -> np.ndarray:
    """Return `X` as an array of any dtype, if NumPy can make one without losing anything of it, such as a mask."""
    if hasattr(X, "toarray"):
        raise TypeError(f"{name} must be an array of shape {shape}, got a {type(X).__name__}: pass .toarray()")
    if isinstance(X, bytearray | memoryview):
        raise TypeError(f"{name} must be an array of shape {shape}, got a {type(X).__name__}: use np.frombuffer")
    try:
        array = None if _masked(X) else np.asarray(X)
    except Exception as error:  # lists of unequal length, a tensor that has a gradient or lies on a GPU
        raise TypeError(
            f"{name} must be an array of shape {shape}, got {shown(X)}: make an array of it first ({error})"
        ) from None
    if array is None:
        raise ValueError(f"{name} must have no masked entries, got {shown(X)}: fill them, or drop their rows")
    return array


def _of_rows(name, given, shape):
    """Return an array, if what was given is not a single thing to NumPy, such as a dict, a set or a generator."""
    X = as_array(name, given, shape)
    if X.ndim == 0 and X.dtype.kind == "O":
        raise TypeError(
            f"{name} must be an array of shape {shape}, got {shown(given)}: make an array of its rows first"
        )
    return X


def _masked(X):
    if isinstance(X, np.ma.MaskedArray):
        return bool(np.any(np.ma.flatten_mask(np.ma.getmaskarray(X))))
    return isinstance(X, list | tuple) and any(map(_masked, X))


def samples(name: str, X: Any, rows: int = 1) -> np.ndarray:
    """Return `X` as an array whose first axis counts samples; a structured one may have fields of strings as well."""
    X = _of_rows(name, X, "(n, ...)")
    if X.dtype.names is None:
        if X.dtype.kind in "UT" or (X.dtype.kind == "O" and X.size and all(isinstance(x, str) for x in X.flat)):
            remedy = "number them by np.unique(X, return_inverse=True)[1], or give a DataFrame"
            raise TypeError(f"{name} must be an array of shape (n, ...), got dtype {X.dtype}: {remedy}")
        return array(name, X, None, "(n, ...)", rows)
    for field in X.dtype.names:
        if X[field].dtype.kind != "U":
            array(f"{name}[{field!r}]", X[field], None, "(n, ...)", rows)
    return X


def shares(name: str, p: Any, ndim: int | None = 1) -> np.ndarray:
    """Return `p` as probabilities: none negative, and along the last axis they sum to one."""
    p = array(name, p, ndim, "(k,) probabilities" if ndim == 1 else "(..., k) probabilities").astype(float)
    if (p < 0).any():
        raise ValueError(f"{name} must hold probabilities from 0 to 1, got {p.min():.6g}: make every entry at least 0")
    total = p.sum(axis=-1)
    if not np.allclose(total, 1, rtol=0, atol=1e-8):
        off = np.ravel(total)[np.argmax(np.abs(total - 1))]
        raise ValueError(f"{name} must sum to 1, got a sum of {off:.6g}: divide it by its sum")
    return p


def divisor(ddof: int) -> int:
    """Return `ddof` if it is 0 or 1: a variance's divisor is n - ddof."""
    kind = isinstance(ddof, Integral) and not isinstance(ddof, NO_NUMBERS)
    if not kind or ddof not in (0, 1):
        error = ValueError if kind else TypeError
        raise error(f"ddof must be 0 or 1, got {shown(ddof)}: 0 is maximum likelihood, 1 is unbiased")
    return int(ddof)


def listed(name: str, values: Any, remedy: str) -> Sequence:
    """Return `values` if they are a list, or another sequence, that holds something."""
    kinds, no_axes = Sequence | np.ndarray | pd.Series | pd.Index, isinstance(values, np.ndarray) and not values.ndim
    if not isinstance(values, kinds) or isinstance(values, str | bytes | bytearray | memoryview) or no_axes:
        raise TypeError(f"{name} must be a list, got {shown(values)}: {remedy}")
    if not len(values):
        raise ValueError(f"{name} must hold at least one entry, got an empty list: {remedy}")
    return values


def pool(pool: Any) -> list:
    """Return `pool` if it is a list of arrays, each with rows like the first one's, the real data."""
    if not isinstance(pool, list | tuple):
        raise TypeError(f"pool must be a list of arrays, the real data first, got {type(pool).__name__}: pass [real]")
    if not pool:
        raise ValueError("pool must hold at least the real data, got an empty list: pass [real]")
    for rows in pool:
        if not isinstance(rows, np.ndarray) or np.ndim(rows) == 0:
            raise TypeError(f"pool must be a list of arrays, the real data first, got {shown(rows)} in it: pass [real]")
        if rows.shape[1:] != pool[0].shape[1:]:
            raise ValueError(
                f"pool must hold rows like the real ones, of shape {pool[0].shape[1:]}, got {rows.shape[1:]}: match"
            )
    return pool


def fitted(model: Any, attribute: str) -> None:
    """Raise an error unless `fit` has given `model` its `attribute`."""
    if not hasattr(model, attribute):
        raise ValueError(
            f"model must be fitted, got {type(model).__name__} without {attribute}: call fit(X, rng) before sample"
        )


def model(model: Any) -> Any:
    """Return `model` if it has fit(X, rng) and sample(n, rng), or say what it lacks."""
    if isinstance(model, type):
        raise TypeError(f"model must be an instance, got the class {model.__name__}: write {model.__name__}(...)")
    for method, call in (("fit", "fit(X, rng)"), ("sample", "sample(n, rng)")):
        if not callable(getattr(model, method, None)):
            raise TypeError(
                f"model must have fit(X, rng) and sample(n, rng), got {type(model).__name__} without {method}: "
                "add it, or wrap a scikit-learn estimator in SklearnModel"
            )
        remedy = "let it take an rng to draw from, or wrap a scikit-learn estimator in SklearnModel"
        function(f"model.{method}", getattr(model, method), call, remedy, 2)
    return model


def fitted_model(fitted: Any) -> Any:
    """Return what `fit` returned, if it can sample."""
    if not callable(getattr(fitted, "sample", None)):
        raise TypeError(f"model.fit must return the fitted model, got {shown(fitted)}: end fit with `return self`")
    return fitted


def copied(model: Any) -> Any:
    """Return a deep copy of a model, or say what keeps it from being copied."""
    try:
        return copy.deepcopy(model)
    except Exception as error:
        raise TypeError(
            f"model must be one that copy.deepcopy can copy, got {shown(model)}: keep numbers, such as loss.item(), "
            f"and no graph, lock or open file ({error})"
        ) from error


def function(name: str, f: Any, call: str, remedy: str, takes: int | None = None) -> Callable:
    """Return `f` if it can be called with so many arguments by position.

    A class is refused: it stands there by mistake for an instance, such as Mix for Mix(0.1).
    """
    wrong = not callable(f) or isinstance(f, type)
    if not wrong and takes is not None:
        try:
            signature(f).bind(*range(takes))
        except TypeError:
            wrong = True
        except ValueError:  # some functions written in C do not say what they take
            pass
    if wrong:
        raise TypeError(f"{name} must be a function {call}, got {shown(f)}: {remedy}")
    return f


def watched(progress: Any, iterator: Iterable) -> Iterator:
    """Return `progress(iterator)`, such as tqdm's bar, if it can be gone through."""
    try:
        return iter(progress(iterator))
    except Exception as error:
        raise TypeError(
            f"progress must wrap an iterator, got {shown(progress)}: try tqdm.auto.tqdm ({error})"
        ) from None


def generator(name: str, rng: Any) -> np.random.Generator:
    """Return `rng` if it is a NumPy Generator; a seed or None would hide where the randomness comes from."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} must be a numpy.random.Generator, got {shown(rng)}: pass np.random.default_rng(seed)")
    return rng
