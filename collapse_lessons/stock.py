"""Running out of data: a demand that grows every year, and a stock of human text that does not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_lessons import checks
from collapse_lessons.recipes import pick


def run_out(stock, demand, growth, withdrawn=0.0):
    """Return the years until a demand that grows by the factor `growth` a year reaches the usable stock.

    ln(stock (1 - withdrawn) / demand) / ln(growth), and 0 if it is there already. The stock stays as it is; arrays are
    welcome. For text both count tokens: Villalobos et al. (2024) put the stock at about 300 T.
    """
    stock, demand, growth, withdrawn = (np.asarray(a, dtype=float) for a in (stock, demand, growth, withdrawn))
    for name, value in (("stock", stock), ("demand", demand)):
        if not (value > 0).all():
            raise ValueError(f"{name} must be above 0, got {value}: count tokens, or rows")
    if not (growth > 1).all():
        raise ValueError(f"growth must be a factor above 1 a year, got {growth}: 2 doubles the demand every year")
    if not ((withdrawn >= 0) & (withdrawn < 1)).all():
        raise ValueError(f"withdrawn must be a share from 0 to below 1, got {withdrawn}: 0.45 is 45% of the stock")
    return np.maximum(np.log(stock * (1 - withdrawn) / demand) / np.log(growth), 0)


@dataclass(frozen=True)
class Stock:
    """A recipe: train on as much as the year demands, on human rows as far as they go, and on the newest model's rows.

    Generation t trains in year t; generation 0 trains on the real data that the loop is given, say `human[:demand[0]]`.

    Parameters
    ----------
    human : array of shape (n_stock, ...)
        All human rows there are. A year's model reads them from the first on, so that the same ones are used again.
    demand : list of int
        Rows wanted in year 0, 1, 2, ...; the last number holds for all later years.
    usable : list of numbers in [0, 1]
        The share of the human rows that may be used in year 0, 1, 2, ..., the last one ever after: what is withdrawn is
        taken from the end.
    """

    human: np.ndarray
    demand: Sequence[int]
    usable: Sequence[float] = (1.0,)

    def __post_init__(self):
        checks.samples("human", self.human)
        for rows in checks.listed("demand", self.demand, "give a number for each year"):
            checks.whole("demand", rows, 1, "rows that a year's model trains on")
        for share in checks.listed("usable", self.usable, "give a share for each year"):
            checks.number("usable", share, 0, 1, "1 means that nothing is withdrawn")

    def __call__(self, pool, n, rng):
        year = len(checks.pool(pool)) - 1
        human, synthetic = self.rows(year)
        return np.concatenate([self.human[:human], pick(pool[-1], synthetic, rng)])

    def rows(self, year: int) -> tuple[int, int]:
        """Return how many human and how many synthetic rows a year's model trains on."""
        year = checks.whole("year", year, 0, "years count from 0")
        wanted = self.demand[min(year, len(self.demand) - 1)]
        human = min(wanted, round(self.usable[min(year, len(self.usable) - 1)] * len(self.human)))
        return human, wanted - human
