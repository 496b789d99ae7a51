"""Find out what keeps a model of your own from going round the loop."""

import copy
import warnings
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from collapse_lessons import checks, tables
from collapse_lessons.describe import identity


class _Report(pd.DataFrame):
    """A table that shows its remedies in full, where pandas would cut them short."""

    def __repr__(self):
        return self.to_string()

    def _repr_html_(self):
        with pd.option_context("display.max_colwidth", None):
            return self.to_html()


def _flat(X):
    """Return the numbers of each sample in a row, shape (n, numbers), whatever its fields; strings are numbered."""
    if X.dtype.names is None:
        return X.reshape(len(X), -1)
    fields = [X[name] for name in X.dtype.names]
    fields = [np.unique(field, return_inverse=True)[1] if field.dtype.kind == "U" else field for field in fields]
    return np.concatenate([field.reshape(len(X), -1) for field in fields], axis=1)


def check_model(model: Any, X: np.ndarray | pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Try `model` on `X` and return a table of what works and how to mend what doesn't.

    Parameters
    ----------
    model : object
        Yours, unfitted.
    X : array of shape (n, ...) or DataFrame of numbers and categories
        Data it should be able to learn from; fields of a structured one, such as pictures and labels, count alike.
    seed : int
        For the streams it is tried with.

    Returns
    -------
    DataFrame with columns check, passed and remedy; the first failure that makes the rest meaningless ends it.
    """
    table = tables.Table(X, "X") if isinstance(X, pd.DataFrame) else None
    X = checks.samples("X", X if table is None else table.rows, rows=2)
    seed = checks.seed(seed)
    n_rows, report = len(X), []

    def passes(check, passed, remedy):
        report.append({"check": check, "passed": bool(passed), "remedy": "" if passed else remedy})
        return passed

    def ended():
        return _Report(report)

    if not passes("is an instance", not isinstance(model, type), f"write {getattr(model, '__name__', '')}(...)"):
        return ended()
    for method in ("fit", "sample"):
        if not passes(f"has {method}", callable(getattr(model, method, None)), f"write a method {method}"):
            return ended()

    def attempt(check, call, remedy):
        try:
            return call()
        except Exception as error:  # whatever a reader's model raises belongs in the report
            passes(check, False, f"{remedy} ({type(error).__name__}: {error})")
            return None

    def fit_and_sample(fit_key, sample_key, n=n_rows, times=1):
        fitted = copy.deepcopy(model).fit(X.copy(), np.random.default_rng([seed, fit_key]))
        for _ in range(times):
            samples = fitted.sample(n, np.random.default_rng([seed, sample_key]))
        if table is not None and isinstance(samples, pd.DataFrame):
            samples = tables.to_rows("samples", samples, X.dtype.names)
            if samples.dtype.names == X.dtype.names:
                table.frame("samples", samples)  # names a category that the real table lacks
        return checks.as_array("samples", samples)

    bare = isinstance(model, BaseEstimator)  # scikit-learn's fit takes (X, y), and its sample no rng
    wrapped = f"wrap it: SklearnModel({type(model).__name__}(...))"
    model = model if table is None else table.model(model)
    given, fresh = X.copy(), attempt("can be copied", lambda: copy.deepcopy(model), "each generation fits a copy of it")
    if fresh is None:
        return ended()
    attempt("can be described", lambda: identity("model", model), "resume_run knows a model again by its contents")
    if hasattr(model, "look_at"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            attempt("suits X", lambda: model.look_at(X), "give it data that suit it")
        passes("suits X", not caught, "; ".join(str(warning.message) for warning in caught))
    remedy = wrapped if bare else "let fit take (X, rng)"
    fitted = attempt("fit runs", lambda: (fresh.fit(given, np.random.default_rng(seed)),), remedy)
    if fitted is None:
        return ended()
    passes("fit runs", True, "")
    passes("fit leaves X untouched", np.array_equal(given, X), "work on a copy of X")
    if not passes("fit returns the model", callable(getattr(fitted[0], "sample", None)), "end fit with `return self`"):
        return ended()

    remedy = "warm_start goes on from a copy of it: keep numbers, such as loss.item(), and no graph, lock or open file"
    if attempt("can be copied once it is fitted", lambda: copy.deepcopy(fitted), remedy):
        passes("can be copied once it is fitted", True, "")

    remedy = wrapped if bare else "let sample take (n, rng)"
    samples = attempt("sample runs", lambda: fit_and_sample(0, 1), remedy)
    if samples is None:
        return ended()
    passes("sample runs", True, "")
    shape_ok = passes(
        "samples look like X",
        samples.shape == X.shape,
        f"sample({len(X)}, rng) must have shape {X.shape}, got {samples.shape}",
    )
    both_whole = samples.dtype.kind in "iu" and X.dtype.kind in "iu"
    same_kind = samples.dtype.names == X.dtype.names and (samples.dtype.kind == X.dtype.kind or both_whole)
    passes("samples have X's kind of numbers", same_kind, f"X holds {X.dtype}, samples {samples.dtype}: convert them")
    flat = _flat(samples) if shape_ok else samples
    finite = flat.dtype.kind in "biu" or (flat.dtype.kind == "f" and np.isfinite(flat).all())
    passes("samples are finite", finite, "look for a division by zero or a logarithm of zero in fit or sample")
    if not (shape_ok and finite):
        return ended()

    # The second sample of a fit: a stream that fit itself seeds, and sample draws from, gives the first one alike.
    again = attempt(
        "fits and samples twice", lambda: fit_and_sample(0, 1, times=2), "leave nothing behind between two fits"
    )
    other = attempt("fits and samples thrice", lambda: fit_and_sample(2, 3), "leave nothing behind between two fits")
    if again is None or other is None:
        return ended()
    passes(
        "same rng, same samples",
        np.array_equal(samples, again),
        "draw every random number from the rng passed in: rng.normal(...), not np.random.normal(...); in torch draw "
        "from models.training.torch_generator(rng), and make layers by models.training.build(make, rng), since "
        "nn.Linear takes no generator",
    )
    passes(
        "new rng, new samples",
        not np.array_equal(samples, other),
        "a seed fixed inside the model makes every generation draw the same noise: use the rng passed in",
    )
    fewer = attempt("samples another number", lambda: fit_and_sample(0, 4, len(X) // 2 + 1), remedy)
    if fewer is None:
        return ended()
    passes("samples as many as asked", len(fewer) == len(X) // 2 + 1, "sample(n, rng) must return n rows for any n")
    half = len(samples) // 2
    flat = flat.astype(float)
    gap = np.abs(flat[:half].mean(0) - flat[half:].mean(0))
    noise = np.sqrt(flat[:half].var(0) / half + flat[half:].var(0) / (len(samples) - half))
    passes(
        "samples come in random order",
        bool((gap <= 6 * noise + 1e-12).all()) or half < 10,
        "samples are sorted: return rng.permutation(samples)",
    )
    return ended()
