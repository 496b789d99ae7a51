"""One loop, eight verdicts: the definitions of model collapse in Schaeffer et al. (2025), for one world.

The world has kinds with known shares, each a bump of width 1, with the bumps of neighbours `gap` apart. The model is a
kernel estimate: to sample, it takes a row of its training set and moves it by a normal step of width `bandwidth`. So a
sample is a real row and as many steps as there are models between them. The law of that number says what the loop does
to rows. The names of the definitions are theirs; where to draw the line is ours, and said in `VERDICTS`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from collapse_lessons import checks
from collapse_lessons.theory.arguments import MOST_TABLE, check_n
from collapse_lessons.theory.counts import survivors
from collapse_lessons.theory.gaussian import accumulate_var
from collapse_lessons.theory.scaling import unseen_slope

RECIPES = ("replace", "accumulate", "fresh")
VERDICTS = {
    "catastrophic increase of population risk": "the error is ten times the first model's",
    "any increase of population risk": "the error is larger than the first model's",
    "asymptotically diverging population risk": "the error grows without bound, however slowly",
    "change in scaling law": "the first model's student gains from rows less than half as steeply as a student of the "
    "truth (both in logs)",
    "collapsing variance": "two samples differ in kind less than half as often as real ones",
    "entanglement of real data modes": "between two bumps of one height there is no valley left",
    "disappearance of real tail data": "fewer than half of the kinds that the first model knew are left",
    "appearance of hallucinated data": "ten times as many samples as real rows lie beyond the middle between two kinds",
}


def steps_law(generation: int, recipe: str, real_fraction: float = 0.1) -> np.ndarray:
    """Return the chances of 0 to generation + 1 models between a sample of a generation and a real row (derived).

    `replace`: generation + 1 of them. `accumulate`: the parent is of any generation so far, real ones included, with
    one chance; the mean is 1 + 1/2 + ... + 1/(generation + 1). `fresh`: real with the chance `real_fraction`, else of
    the last generation; the mean tends to 1/real_fraction. Exact if every generation makes as many rows as there were
    real ones.
    """
    generation, recipe, real_fraction = _check_loop(generation, recipe, real_fraction)
    law = np.zeros(generation + 2)
    law[1] = 1.0
    parents = law.copy()  # the laws of all generations so far, added up
    for t in range(1, generation + 1):
        parent = {"replace": law, "accumulate": parents / (t + 1), "fresh": (1 - real_fraction) * law}[recipe]
        law = np.concatenate([[0.0], parent[:-1]])
        law[1] += {"replace": 0.0, "accumulate": 1 / (t + 1), "fresh": real_fraction}[recipe]
        parents += law
    return law


def variety_law(generation: int, n: int, recipe: str, real_fraction: float = 0.1) -> float:
    """Return the chance that two samples differ in kind, as a share of that of two real rows (exact, derived).

    1 - (1 - r^fits) / (n (1 - r)) with r = n_s (n_s - 1) / n^2, after fits = generation + 1. Of the n rows that a model
    fits n_s are synthetic: all for `replace`, all but n real_fraction, rounded, for `fresh`. For `accumulate` it is
    `accumulate_var`: a share is a mean, and two samples differ as a variance falls.
    """
    generation, recipe, real_fraction = _check_loop(generation, recipe, real_fraction)
    n, fits = check_n(n), generation + 1
    if recipe == "accumulate":
        return float(accumulate_var(fits, n))
    n_synthetic = n - _n_fresh(n, recipe, real_fraction)
    r = n_synthetic * (n_synthetic - 1) / n**2
    return 1 - (1 - r**fits) / (n * (1 - r))


@dataclass(frozen=True, eq=False)
class World:
    """Kinds with shares `p`, bumps of width 1 that are `gap` apart, and models that step by `bandwidth`.

    Its methods take the `law` of `steps_law`: the chances of 0, 1, ... steps, shape (most steps + 1,).
    """

    p: np.ndarray
    gap: float = 8.0
    bandwidth: float = 0.5

    def __post_init__(self):
        object.__setattr__(self, "p", checks.shares("p", self.p))
        checks.number("gap", self.gap, 2.1, 1e3, "up to twice its width two bumps are one")
        checks.number("bandwidth", self.bandwidth, 1e-3, 1e3, "the width of a step, in widths of a bump")
        checks.own_numbers(self)

    def risk(self, law: ArrayLike) -> float:
        """Return the mean squared distance of a sample from the real row that it goes back to."""
        law, moved = self._moved(law)
        return float(law @ moved)

    def valley(self, law: ArrayLike) -> float:
        """Return the density in the middle between two bumps of one height, as a share of the highest; 1 is none."""
        law, moved = self._moved(law)
        x, width = np.linspace(0, self.gap / 2, 501)[:, None], np.sqrt(1 + moved)  # from the top of one to the middle
        density = (norm.pdf(x, 0, width) + norm.pdf(x, self.gap, width)) @ law
        return float(density[-1] / density.max())

    def astray(self, law: ArrayLike) -> float:
        """Return the share of samples that lie beyond the middle between their own kind and the next."""
        law, moved = self._moved(law)
        return float(2 * norm.sf(self.gap / 2 / np.sqrt(1 + moved)) @ law)

    def _moved(self, law):
        """Return the chances of 0, 1, ... steps and the variance of so many."""
        law = checks.shares("law", law)
        return law, self.bandwidth**2 * np.arange(len(law))


def verdicts(world: World, generation: int, n: int, recipe: str, real_fraction: float = 0.1) -> pd.DataFrame:
    """Return a table of the eight definitions with what each looks at, at first and now, and whether it says collapse.

    The fields of a row: `at first` (the real rows or generation 0), `now` (at `generation`), and `collapsed`, by the
    line drawn in `VERDICTS`. Two rows look elsewhere. A diverging risk is told by where it ends, in the long run. The
    scaling law is that of students, from n rows to 10 n: of the truth at first, and now of generation 0, with a share
    `real_fraction` of real rows if the recipe is "fresh". The kinds left are `survivors`, a close approximation. All
    else is exact.

    Parameters
    ----------
    world : World
    generation, n : int
        Of the loop, and the rows of every generation, up to 5000 each.
    recipe : str
        "replace", "accumulate" or "fresh", where a share `real_fraction` of all rows to learn from is real and new.
    """
    checks.instance("world", world, World, "make one of the kinds' shares: World(p)")
    generation, recipe, real_fraction = _check_loop(generation, recipe, real_fraction)
    n = check_n(n, MOST_TABLE)
    real, first, now = np.array([1.0]), steps_law(0, recipe), steps_law(generation, recipe, real_fraction)
    renewed = real_fraction if recipe == "fresh" else 0.0
    risk = world.risk(first), world.risk(now)
    limit = world.bandwidth**2 / renewed if renewed else np.inf
    slopes = [float(unseen_slope(n, n, world.p, *more)) for more in ((0,), (1, renewed))]
    variety = variety_law(generation, n, recipe, real_fraction)
    fits = 1 if recipe == "accumulate" else generation + 1  # what is kept is never lost
    kinds = [float(survivors(t, n, world.p, _n_fresh(n, recipe, real_fraction))) for t in (1, fits)]
    valley = world.valley(real), world.valley(now)
    astray = world.astray(real), world.astray(now)
    rows = [
        (*risk, risk[1] >= 10 * risk[0]),
        (*risk, risk[1] > risk[0]),
        (risk[0], limit, np.isinf(limit)),
        (*slopes, slopes[1] > slopes[0] / 2),
        (1.0, variety, variety < 0.5),
        (*valley, valley[1] >= 1),
        (*kinds, kinds[1] < kinds[0] / 2),
        (*astray, astray[1] >= 10 * astray[0]),
    ]
    return pd.DataFrame(rows, index=list(VERDICTS), columns=["at first", "now", "collapsed"])


def _check_loop(generation, recipe, real_fraction):
    return (
        checks.whole("generation", generation, 0, "0 learns from real rows alone", MOST_TABLE),
        checks.one_of("recipe", recipe, RECIPES, "name one"),
        checks.number("real_fraction", real_fraction, 0, 1, "the share of real rows in every training set"),
    )


def _n_fresh(n, recipe, real_fraction):
    return round(real_fraction * n) if recipe == "fresh" else 0
