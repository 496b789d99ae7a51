"""Running out of data: a demand that grows every year, and a stock of human text that does not."""

import numpy as np
from numpy.typing import ArrayLike

from collapse_lessons import checks

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
