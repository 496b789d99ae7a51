"""Good values of the modules that every room may use: checks, descriptions, tables."""

from pathlib import Path

from collapse_lessons import recipes, tables
from collapse_lessons.models.gaussian import Gaussian

from .common import DIGITS, FITS, FRAME, NUMBER, OURS, SCORED, SMALL, P, X, draw, fitted, rng
from .kinds import Anything, Either, Ours, Shaped

INPUTS = {
    "browser.workers": lambda: {"n_jobs": Anything(2)},
    "checks.as_array": lambda: {"name": Ours("X"), "X": Anything(X), "shape": Ours("(n, ...)")},
    "checks.array": lambda: {
        "name": Ours("X"),
        "X": X,
        "ndim": Ours(2),
        "shape": OURS,
        "rows": Ours(1),
        "gaps": Ours(False),
    },
    "checks.bools": lambda: {"name": Ours("X"), "X": X[:, 0] > 0, "shapes": Ours(((20,), (20, 2))), "remedy": OURS},
    "checks.copied": lambda: {"model": Anything(Gaussian())},
    "checks.divisor": lambda: {"ddof": 1},
    "checks.fitted": lambda: {"model": fitted(Gaussian(), X), "attribute": Ours("mean_")},
    "checks.fitted_model": lambda: {"fitted": fitted(Gaussian(), X)},
    "checks.flag": lambda: {"name": Ours("value"), "value": True, "remedy": OURS},
    "checks.function": lambda: {"name": Ours("f"), "f": draw, "call": OURS, "remedy": OURS, "takes": Ours(2)},
    "checks.generator": lambda: {"name": Ours("rng"), "rng": rng()},
    "checks.instance": lambda: {"name": Ours("value"), "value": Gaussian(), "kind": Ours(Gaussian), "remedy": OURS},
    "checks.listed": lambda: {"name": Ours("values"), "values": Either([Ours()], range(3)), "remedy": OURS},
    "checks.model": lambda: {"model": Gaussian()},
    "checks.number": lambda: {"name": Ours("value"), "value": 0.5, "low": Ours(0), "high": Ours(1), "remedy": OURS},
    "checks.numbers": lambda: {"name": Ours("x"), "x": NUMBER, "low": Ours(0), "high": Ours(9), "remedy": OURS},
    "checks.one_of": lambda: {"name": Ours("value"), "value": "a", "choices": Ours(["a", "b"]), "remedy": OURS},
    "checks.own_numbers": lambda: {"of": Ours(recipes.Mix(0.1))},
    "checks.path": lambda: {"name": Ours("value"), "value": Path("a"), "remedy": OURS},
    "checks.plain": lambda: {"value": Anything(0.5)},
    "checks.pool": lambda: {"pool": [X, X]},
    "checks.samples": lambda: {"name": Ours("X"), "X": Either(X, Shaped(X > 0), DIGITS), "rows": Ours(1)},
    "checks.seed": lambda: {"seed": 3, "name": Ours("seed")},
    "checks.shares": lambda: {"name": Ours("p"), "p": P, "ndim": Ours(1)},
    "checks.shown": lambda: {"value": Anything()},
    "checks.table": lambda: {"name": Ours("value"), "value": SCORED, "columns": Ours(["std"]), "remedy": OURS},
    "checks.text": lambda: {"name": Ours("value"), "value": "a", "remedy": OURS},
    "checks.tokens": lambda: {
        "name": Ours("X"),
        "X": SMALL,
        "ndim": Ours(2),
        "shape": OURS,
        "vocabulary": Ours(9),
        "remedy": OURS,
    },
    "checks.watched": lambda: {"progress": Either(iter, list), "iterator": Ours(range(3))},
    "checks.whole": lambda: {"name": Ours("value"), "value": 3, "low": Ours(1), "remedy": OURS, "high": Ours(9)},
    "checks.wholes": lambda: {"name": Ours("x"), "x": FITS, "low": Ours(0), "high": Ours(9), "remedy": OURS},
    "describe.identity": lambda: {"name": Ours("value"), "value": Anything(X)},
    "describe.printed": lambda: {"value": Anything(X)},
    "describe.sha256": lambda: {"content": b"abc"},
    "tables.Table": lambda: {"real": FRAME, "name": Ours("real")},
    "tables.Table.frame": lambda: (tables.Table(FRAME).frame, {"name": Ours("rows"), "rows": tables.Table(FRAME).rows}),
    "tables.Table.model": lambda: (tables.Table(FRAME).model, {"model": Gaussian()}),
    "tables.protected": lambda: {"data": Anything(X)},
    "tables.to_rows": lambda: {"name": Ours("frame"), "frame": FRAME, "order": Ours(())},
}
