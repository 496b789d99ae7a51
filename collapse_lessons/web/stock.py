"""Running out of data: a demand that grows every year, and a stock of human text that does not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from collapse_lessons import checks
from collapse_lessons.recipes import pick
from collapse_lessons.tables import joined

TINY, HUGE = 1e-30, 1e30  # nothing above 0 that anybody counts lies outside


def run_out(stock: ArrayLike, demand: ArrayLike, growth: ArrayLike, withdrawn: ArrayLike = 0.0) -> np.ndarray:
    """Return the years until a demand that grows by the factor `growth` a year reaches the usable stock.

    ln(stock (1 - withdrawn) / demand) / ln(growth), and 0 if it is there already. The stock stays as it is; arrays are
    welcome. For text both count tokens: Villalobos et al. (2024) put the stock at about 300 T.
    """
    stock = checks.numbers("stock", stock, TINY, HUGE, "count tokens, or rows")
    demand = checks.numbers("demand", demand, TINY, HUGE, "count tokens, or rows")
    growth = checks.numbers("growth", growth, 1.000001, HUGE, "2 doubles the demand every year")
    withdrawn = checks.numbers("withdrawn", withdrawn, 0, 0.999999, "0.45 is 45% of the stock")
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
        checks.own_numbers(self)

    def __call__(self, pool, n, rng):
        year = len(checks.pool(pool)) - 1
        human, synthetic = self.rows(year)
        return joined([self.human[:human], pick(pool[-1], synthetic, rng)])

    def rows(self, year: int) -> tuple[int, int]:
        """Return how many human and how many synthetic rows a year's model trains on."""
        year = checks.whole("year", year, 0, "years count from 0")
        wanted = self.demand[min(year, len(self.demand) - 1)]
        human = min(wanted, round(self.usable[min(year, len(self.usable) - 1)] * len(self.human)))
        return human, wanted - human
