"""Tables of numbers and categories in the loop: DataFrames outside, plain arrays within.

A DataFrame goes round as a structured array with a field for each column: numbers as they are, categories and text as
strings. So recipes, snapshots and files need know nothing of pandas, and row stays row. The model and the metrics see
DataFrames, with the categories of the real one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from collapse_lessons import checks


class Table:
    """What the columns of a DataFrame are, and its rows as the loop has them.

    Attributes
    ----------
    rows : structured array of shape (n,)
    """

    def __init__(self, real: pd.DataFrame, name: str = "real"):
        self.rows = to_rows(name, real)
        self.columns = real.iloc[:0]

    def frame(self, name: str, rows: np.ndarray) -> pd.DataFrame:
        """Return rows as a DataFrame with the columns of the real one; a category that it lacks is refused."""
        names = self.rows.dtype.names
        if not isinstance(rows, np.ndarray) or rows.dtype.names is None or set(rows.dtype.names) != set(names):
            raise TypeError(
                f"{name} must be a structured array with the columns {', '.join(names)}, got {checks.shown(rows)}: "
                "see to_rows"
            )
        columns = {}
        for column, kind in self.columns.dtypes.items():
            values = rows[str(column)]
            if isinstance(kind, pd.CategoricalDtype):
                codes = kind.categories.get_indexer(values)
                if (codes < 0).any():
                    unknown = checks.shown(values[codes < 0][0].item())
                    raise ValueError(
                        f"{name}[{str(column)!r}] must hold categories of the real data, got {unknown}: mend "
                        "sample(n, rng), or make it a column of strings"
                    )
                values = pd.Categorical.from_codes(codes, dtype=kind)
            columns[column] = pd.Series(values, dtype=kind) if values.dtype.kind == "U" else values
        return pd.DataFrame(columns)

    def model(self, model: Any) -> "TableModel":
        """Return `model` as the loop wants it: it fits and samples structured arrays."""
        return TableModel(checks.model(model), self)

    def turn(self, generation: Any) -> Any:
        """Return a generation as its readers want it: with DataFrames, and with their model."""
        train, samples = (self.frame(name, getattr(generation, name)) for name in ("train", "samples"))
        return replace(generation, train=train, fitted=generation.fitted.model, samples=samples)


class TableModel:
    """A model of DataFrames among models of arrays."""

    def __init__(self, model: Any, table: Table):
        self.model, self.table = model, table

    def look_at(self, real: np.ndarray) -> None:
        """Show the model the real data as a DataFrame, if it wants to see them."""
        if hasattr(self.model, "look_at"):
            self.model.look_at(self.table.frame("real", real))

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Any:
        """Let the model fit the rows as a DataFrame; what it returns by mistake goes on to the loop."""
        fitted = self.model.fit(self.table.frame("X", X), rng)
        return TableModel(fitted, self.table) if callable(getattr(fitted, "sample", None)) else fitted

    def sample(self, n: int, rng: np.random.Generator) -> Any:
        """Return the model's samples; if they are an array, its columns are taken for those of the table."""
        samples = self.model.sample(n, rng)
        if samples is None or isinstance(samples, pd.DataFrame):
            return samples
        samples = checks.array("samples", samples, 2, "(n, columns) numbers")
        return pd.DataFrame(samples, columns=self.table.columns.columns)


def turns(generations: Callable, model: Any, real: pd.DataFrame, recipe: Callable, **settings: Any) -> Iterator:
    """Return what `generations` of arrays yields, from a model of DataFrames and with DataFrames."""
    table = Table(real)
    turns = generations(table.model(model), table.rows, recipe, **settings)
    return map(table.turn, turns)  # holds on to none of them, as a generator would until the next


def protected(data: Any) -> Any:
    """Return a copy of an array that can't be written to, a copy of a DataFrame, and anything else as it is."""
    if isinstance(data, pd.DataFrame):
        return data.copy()
    return read_only(np.array(data)) if isinstance(data, np.ndarray) else data


def read_only(X: np.ndarray) -> np.ndarray:
    """Return an array through which nobody writes by accident, on the same memory."""
    view = X.view()
    view.flags.writeable = False
    return view


def to_rows(name: str, frame: pd.DataFrame, order: tuple[str, ...] = ()) -> np.ndarray:
    """Return a DataFrame as a structured array, shape (n,): a field for each column, in this order if it has these."""
    checks.instance(name, frame, pd.DataFrame, "give one of numbers and categories")
    names = [str(column) for column in frame.columns]
    if len(set(names)) < len(names) or not names or "" in names:
        raise ValueError(f"{name} must have columns of different names, got {checks.shown(names)}: rename them")
    if not len(frame):
        raise ValueError(f"{name} must have at least 1 row(s), got shape {frame.shape}: give it more data")
    columns = [_column(f"{name}[{label!r}]", frame.iloc[:, i]) for i, label in enumerate(names)]
    rows = np.empty(len(frame), dtype=[(label, values.dtype) for label, values in zip(names, columns, strict=True)])
    for label, values in zip(names, columns, strict=True):
        rows[label] = values
    return rows[list(order)] if set(order) == set(names) else rows


def _column(name, column):
    """Return a column's values as numbers or as strings; what is neither, or missing, is refused."""
    if missing := int(column.isna().sum()):
        raise ValueError(
            f"{name} must have no missing values, got {missing}: fill them in, or make them a category of their own"
        )
    values = np.asarray(column)
    if values.dtype.kind == "O":  # strings, and pandas' own kinds of numbers
        text = {isinstance(value, str) for value in values}
        values = values.astype(str) if text == {True} else np.array(values.tolist()) if text == {False} else values
    if values.dtype.kind == "U":
        if values.tolist() != list(column):
            raise ValueError(f"{name} must hold strings that end in no zero byte, got one that does: NumPy drops it")
        return values
    if values.dtype.kind not in "biuf" or values.ndim != 1:
        raise TypeError(
            f"{name} must be a column of numbers, categories or strings, got {column.dtype}: convert it first"
        )
    return checks.array(name, values, 1, "(n,)")


def alike(sets: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return sets of rows with fields in one dtype, others as they are.

    NumPy itself joins rows whose fields are arrays of numbers, such as pictures with labels, wrongly where these are of
    different kinds: without a word it fills in what happens to lie in memory.
    """
    first = sets[0].dtype
    if first.names is None or all(X.dtype == first for X in sets):
        return list(sets)
    try:  # field by field: what goes wrong in NumPy begins where it looks for the common dtype of whole rows
        common = [
            (name, np.result_type(*(X.dtype[name].base for X in sets)), first[name].shape) for name in first.names
        ]
        converted = [np.empty(len(X), common) for X in sets]
        for rows, X in zip(converted, sets, strict=True):
            for name in first.names:
                rows[name] = X[name]
    except (KeyError, TypeError, ValueError) as error:
        raise TypeError(f"pool must hold rows with the same fields, got others ({error}): convert them") from error
    return converted


def joined(sets: Sequence[np.ndarray]) -> np.ndarray:
    """Return all rows of several sets as one."""
    return np.concatenate(alike(sets))


def rows_like(real: np.ndarray, name: str, X: Any, n: int | None, remedy: str) -> np.ndarray:
    """Return `X` as rows like the `real` ones, `n` of them unless that is None, or say how they differ."""
    if X is None:
        raise TypeError(f"{name} must be rows like the real ones, got None: end the function with `return`")
    if isinstance(X, pd.DataFrame) and real.dtype.names is not None:
        X = to_rows(name, X, real.dtype.names)
    X = checks.samples(name, X)
    wanted = (len(X) if n is None else n, *real.shape[1:])
    if X.shape != wanted:
        raise ValueError(f"{name} must have shape {wanted} here, got {X.shape}: {remedy}")
    if X.dtype.names != real.dtype.names:
        raise ValueError(f"{name} must have the columns {real.dtype.names}, got {X.dtype.names}: name them alike")
    return X
