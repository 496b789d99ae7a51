"""People and AIs who check what a model made before the next one learns from it: how well, how fast, at what price."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from collapse_lessons import checks
from collapse_lessons.defences.filters import check_flags
from collapse_lessons.recipes import pick
from collapse_lessons.worlds.encyclopedia import Encyclopedia, check_tokens, decode


@dataclass(frozen=True)
class Checker:
    """Somebody who says of each row whether it is right, and errs now and then.

    Parameters
    ----------
    truth : function
        `truth(rows)` returns which of them are right, a bool each; see `right_articles`.
    accuracy : float in [0, 1]
        How often the verdict is the truth.
    per_hour : float
        Rows checked in an hour.
    price : float
        Money an hour.
    """

    truth: Callable[[np.ndarray], np.ndarray]
    accuracy: float
    per_hour: float = 20.0
    price: float = 30.0

    def __post_init__(self):
        checks.function("truth", self.truth, "truth(rows) -> a bool for each row", "see right_articles", 1)
        checks.number("accuracy", self.accuracy, 0, 1, "0.5 is tossing a coin, 1 never errs")
        checks.number("per_hour", self.per_hour, 1e-9, 1e12, "rows checked in an hour")
        checks.number("price", self.price, 0, 1e12, "money an hour")
        checks.own_numbers(self)

    def __call__(self, rows, rng):
        """Return which rows are accepted, a bool each."""
        rows, rng = checks.samples("rows", rows), checks.generator("rng", rng)
        right = check_flags(self.truth(rows), rows, "truth")
        return np.where(rng.random(right.shape) < self.accuracy, right, ~right)

    def hours(self, checked: float) -> float:
        """Return how long so many checks take."""
        return checks.number("checked", checked, 0, 1e15, "the number of checks") / self.per_hour

    def money(self, checked: float) -> float:
        """Return what so many checks cost."""
        return self.hours(checked) * self.price


@dataclass(frozen=True)
class Verified:
    """Have some of the newest samples checked: train on those accepted, filled up to `size` with unchecked ones.

    Parameters
    ----------
    checker : function
        `checker(rows, rng)` returns which rows to accept, a bool each, such as a `Checker`.
    budget : int
        How many samples are checked in each generation.
    size : int
        Rows to train on; let the loop sample several times as many.
    """

    checker: Callable
    budget: int
    size: int
    forgets: ClassVar[bool] = True

    def __post_init__(self):
        checks.function("checker", self.checker, "checker(rows, rng) -> a bool for each row", "see Checker", 2)
        checks.whole("budget", self.budget, 0, "0 checks nothing")
        checks.whole("size", self.size, 1, "rows to train on")
        checks.own_numbers(self)

    def __call__(self, pool, n, rng):
        rows = pick(checks.pool(pool)[-1], len(pool[-1]), rng)
        if self.budget > len(rows):
            raise ValueError(f"budget must be at most the {len(rows)} samples, got {self.budget}: sample more")
        checked = rows[: self.budget]
        accepted = checked[check_flags(self.checker(checked, rng), checked, "checker")] if self.budget else checked
        train = np.concatenate([accepted, rows[self.budget :]])[: self.size]
        if len(train) < self.size:
            raise ValueError(
                f"size must be at most the {len(train)} rows that are left, got {self.size}: let the loop sample more"
            )
        return train


def right_articles(world: Encyclopedia, rows: np.ndarray) -> np.ndarray:
    """Return which articles, rows of tokens of shape (n, block), say nothing wrong, invented or unreadable."""
    checks.instance("world", world, Encyclopedia, "Encyclopedia() is the one of the lessons")
    rows = check_tokens("rows", rows)
    judged = world.read([decode(row) for row in rows])
    right = np.ones(len(rows), dtype=bool)
    right[judged.loc[judged["verdict"].isin(["wrong", "invented", "unreadable"]), "article"]] = False
    return right
