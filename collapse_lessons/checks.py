"""Checks of arguments. Every error names the argument, its range, the value it got and the remedy."""

import math
from collections.abc import Sequence
from inspect import signature
from numbers import Integral, Real

import numpy as np


def whole(name, value, low, remedy):
    """Return `value` as an int of at least `low`, or raise an error that names it."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number of at least {low}, got {value!r}: {remedy}")
    if value < low:
        raise ValueError(f"{name} must be a whole number of at least {low}, got {value}: {remedy}")
    return int(value)


def number(name, value, low, high, remedy):
    """Return `value` as a finite float in [low, high], or raise an error that names it."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number from {low} to {high}, got {value!r}: {remedy}")
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must be a number from {low} to {high}, got {value}: {remedy}")
    return float(value)


def array(name, X, ndim, shape, rows=1):
    """Return `X` as a finite numeric array with `ndim` axes and at least `rows` rows.

    Parameters
    ----------
    ndim : int or None
        Number of axes; None admits any number from one up.
    shape : str
        What the axes mean, for the error: "(n, d) floats".
    """
    X = np.asarray(X)
    if X.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be an array of shape {shape}, got dtype {X.dtype}: convert it to numbers first")
    if X.ndim == 0 or (ndim is not None and X.ndim != ndim):
        raise ValueError(f"{name} must be an array of shape {shape}, got shape {X.shape}: reshape it")
    if X.size == 0 or len(X) < rows:
        raise ValueError(f"{name} must have at least {rows} row(s), got shape {X.shape}: give it more data")
    if X.dtype.kind == "f" and not np.isfinite(X).all():
        bad = int(np.size(X) - np.isfinite(X).sum())
        raise ValueError(f"{name} must hold finite numbers, got {bad} NaN or infinite value(s): remove or replace them")
    return X


def samples(name, X, rows=1):
    """Return `X` as an array whose first axis counts samples; the fields of a structured one are checked each."""
    X = np.asarray(X)
    if X.dtype.names is None:
        return array(name, X, None, "(n, ...)", rows)
    for field in X.dtype.names:
        array(f"{name}[{field!r}]", X[field], None, "(n, ...)", rows)
    return X


def shares(name, p, ndim=1):
    """Return `p` as probabilities: none negative, and along the last axis they sum to one."""
    p = array(name, p, ndim, "(k,) probabilities" if ndim == 1 else "(..., k) probabilities").astype(float)
    if (p < 0).any():
        raise ValueError(f"{name} must hold probabilities from 0 to 1, got {p.min():.6g}: make every entry at least 0")
    total = p.sum(axis=-1)
    if not np.allclose(total, 1, rtol=0, atol=1e-8):
        off = np.ravel(total)[np.argmax(np.abs(total - 1))]
        raise ValueError(f"{name} must sum to 1, got a sum of {off:.6g}: divide it by its sum")
    return p


def divisor(ddof):
    """Return `ddof` if it is 0 or 1: a variance's divisor is n - ddof."""
    if ddof not in (0, 1):
        raise ValueError(f"ddof must be 0 or 1, got {ddof!r}: 0 is maximum likelihood, 1 is unbiased")
    return ddof


def listed(name, values, remedy):
    """Return `values` if they are a list, or another sequence, that holds something."""
    if not isinstance(values, Sequence | np.ndarray) or isinstance(values, str):
        raise TypeError(f"{name} must be a list, got {values!r}: {remedy}")
    if not len(values):
        raise ValueError(f"{name} must hold at least one entry, got an empty list: {remedy}")
    return values


def pool(pool):
    """Return `pool` if it is a list that holds at least the real data."""
    if not isinstance(pool, list | tuple):
        raise TypeError(f"pool must be a list of arrays, the real data first, got {type(pool).__name__}: pass [real]")
    if not pool:
        raise ValueError("pool must hold at least the real data, got an empty list: pass [real]")
    return pool


def fitted(model, attribute):
    """Raise an error unless `fit` has given `model` its `attribute`."""
    if not hasattr(model, attribute):
        raise ValueError(
            f"model must be fitted, got {type(model).__name__} without {attribute}: call fit(X, rng) before sample"
        )


def function(name, f, call, remedy, takes=None):
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
        raise TypeError(f"{name} must be a function {call}, got {f!r}: {remedy}")
    return f


def drawn(draw, n, like, rng):
    """Return n new real rows, `draw(n, rng)`, if they have the shape of the rows `like`."""
    rows = samples("draw(n, rng)", draw(n, rng))
    wanted = (n, *np.shape(like)[1:])
    if rows.shape != wanted:
        raise ValueError(f"draw(n, rng) must have shape {wanted} here, got {rows.shape}: draw rows like the real")
    return rows


def generator(name, rng):
    """Return `rng` if it is a NumPy Generator; a seed or None would hide where the randomness comes from."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} must be a numpy.random.Generator, got {rng!r}: pass np.random.default_rng(seed)")
    return rng
