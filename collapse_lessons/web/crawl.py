"""A web that fills with machine text: people write, models publish, and the next model learns from a crawl."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from collapse_lessons import checks
from collapse_lessons.loop import DATA, RECIPE, stream
from collapse_lessons.recipes import drawn, pick
from collapse_lessons.tables import joined
from collapse_lessons.web.maps import synthetic_rows

# The machine-made share of new English articles at the end of each year, by a detector (Graphite 2025); flat since.
MEASURED = {2022: 0.10, 2023: 0.39, 2024: 0.50, 2025: 0.52}


def machine_share(year: ArrayLike, plateau: float = 0.52) -> np.ndarray:
    """Return the share of machine text among a year's new articles: none before 2022, as measured to 2025, then flat.

    With another `plateau` the measured rise is scaled to it.
    """
    year = checks.numbers("year", year, -1e6, 1e6, "such as 2024")
    plateau = checks.number("plateau", plateau, 0, 0.99, "Graphite found 0.52")
    return np.interp(year, list(MEASURED), list(MEASURED.values()), left=0) * plateau / MEASURED[2025]


@dataclass(frozen=True)
class Web:
    """A recipe: train on a crawl of a web to which people and machines add pages every year.

    Generation t trains in year t. The web of year 0 is the real data; in each year since, people have written
    `n_human` new pages, and the newest model of the time has added as many as make up that year's share of machine
    text. Nothing is ever deleted.

    Parameters
    ----------
    draw : function
        `draw(n, rng)` returns n rows that people write.
    n_human : int
        Pages that people write in a year.
    machine : list of numbers in [0, 1)
        The share of machine text among the new pages of year 1, 2, ...; the last one holds for all later years.
    newest : int, optional
        Crawl the pages of so many newest years only; by default all of them.
    seed : int
        Decides what people write, and which machine rows are published: last year's web is the same this year.
    """

    draw: Callable[[int, np.random.Generator], np.ndarray]
    n_human: int
    machine: Sequence[float]
    newest: int | None = None
    seed: int = 0

    def __post_init__(self):
        checks.function("draw", self.draw, "draw(n, rng) -> (n, ...) array", "pass one that returns n real rows", 2)
        checks.whole("n_human", self.n_human, 2, "pages that people write in a year")
        for share in checks.listed("machine", self.machine, "[0.0] is a web without machines"):
            checks.number("machine", share, 0, 0.99, "give a share for each year, such as [0.1, 0.39, 0.5]")
        checks.seed(self.seed)
        if self.newest is not None:
            checks.whole("newest", self.newest, 1, "1 crawls this year's pages alone")
        checks.own_numbers(self)

    def __call__(self, pool, n, rng):
        return self.crawl(pool, n, rng)[0]

    def crawl(self, pool: list, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return n different pages of the web, drawn at random, and which of them machines wrote.

        Returns
        -------
        rows : array of shape (n, ...)
        synthetic : array of shape (n,), bool
        """
        pages, synthetic = self.pages(pool)
        chosen = pick(np.arange(len(pages)), n, rng)
        return pages[chosen], synthetic[chosen]

    def pages(self, pool: list) -> tuple[np.ndarray, np.ndarray]:
        """Return all pages within reach in the year of the pool's newest samples, and which of them machines wrote."""
        this_year = len(checks.pool(pool)) - 1
        first = 0 if self.newest is None else max(this_year - self.newest + 1, 0)
        pages, synthetic = [], []
        for year in range(first, this_year + 1):
            for rows, by_machine in zip(self._added(pool, year), (False, True), strict=True):
                pages.append(rows)
                synthetic.append(np.full(len(rows), by_machine))
        return joined(pages), np.concatenate(synthetic)

    def _added(self, pool, year):
        """Return what people and machines added in a year."""
        if year == 0:
            return pool[0], pool[0][:0]
        share = self.machine[min(year, len(self.machine)) - 1]
        published = int(synthetic_rows(self.n_human, share))
        if published > len(pool[year]):
            raise ValueError(
                f"n must be at least {published} for a machine share of {share:.2f}, got {len(pool[year])}: let each "
                "generation sample more rows, or lower n_human"
            )
        if year not in self._human:
            self._human[year] = drawn(self.draw, self.n_human, pool[0], stream(DATA, year, self.seed))
        return self._human[year], pick(pool[year], published, stream(RECIPE, year, self.seed))

    @cached_property
    def _human(self):
        return {}  # what people wrote, by year: to write it once is enough
