"""Lesson 10's explorer: a simulated web fills with machine text; what it teaches a model; how long text lasts."""

from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np

from collapse_lessons import checks, metrics, plots
from collapse_lessons.loop import DATA, generations, stream
from collapse_lessons.models.categorical import Categorical
from collapse_lessons.web.crawl import Web, machine_share
from collapse_lessons.web.maps import synthetic_rows
from collapse_lessons.web.stock import run_out
from collapse_lessons.worlds.encyclopedia import Encyclopedia

SHARES = Encyclopedia().species["share"].to_numpy()
YEARS = np.arange(2021, 2036)  # generation 0 learns from the web of 2021, before the machines
OLD, N_HUMAN, CRAWLED = 1000, 400, 1000  # pages: of the old web, that people add each year, that a model reads
N_SAMPLED = 1600  # pages a model writes: enough for a share of 0.8
STOCK, DEMAND, FROM = 300.0, 15.0, 2024  # trillions of tokens: Villalobos et al. 2024; Llama 3
CRAWLS = {"all pages": None, "newest 3 years": 3}


def write(n, rng):
    """Return n pages that people write, shape (n,): the number of the species that each is about."""
    return rng.choice(len(SHARES), n, p=SHARES)


def draw(machines=0.52, temperature=0.7, crawl=3, growth=2.0, withdrawn=0.0, seed=0):
    """Draw the web by year, what a model learns from a crawl of it, and the demand for text against its stock.

    Parameters
    ----------
    machines : float in [0, 0.8]
        Where the share of machine text among new pages ends.
    temperature : float
        At which every model writes.
    crawl : int or None
        One of `CRAWLS`: crawl the newest years only.
    growth : float
        The factor by which the demand grows each year.
    withdrawn : float in [0, 0.95]
        Share of the stock that `robots.txt` and terms of service withdraw; it counts as gone.

    Returns
    -------
    figure, description, alt
    """
    withdrawn = checks.number("withdrawn", withdrawn, 0, 0.95, "0.45 is 45% of the stock")
    pages, known = _history(machines, temperature, crawl, seed)
    people = _history(0.0, 1.0, crawl, seed)[1]
    end = FROM + float(run_out(STOCK, DEMAND, growth, withdrawn))
    reached = f"in {end:.1f}" if end <= YEARS[-1] else f"after {YEARS[-1]}"
    by_machine = pages[-1, 1] / pages[-1].sum()

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.6))
    figure.subplots_adjust(0.04, 0.1, 0.975, 0.9, wspace=0.22)
    left.stackplot(YEARS, *pages.T / 1000, colors=["0.8", plots.ORANGE], labels=["people", "machines"])
    left.set(xlim=YEARS[[0, -1]], ylim=(0, None))
    left.set_title(f"thousand pages; {by_machine:.0%} by machines in {YEARS[-1]}", fontsize=10)
    left.legend(loc="upper left", fontsize=10)
    middle.plot(YEARS, people, color="0.4", ls=(0, (5, 2)), label="no machines")
    middle.plot(YEARS, known, color=plots.BLUE, ls="-", label="this web")
    middle.set(xlim=YEARS[[0, -1]], ylim=(0, 270))
    middle.set_title("species a model knows", fontsize=10)
    middle.legend(loc="lower left", fontsize=10)
    stock_panel(growth, withdrawn, right)
    right.set_title(f"trillion tokens; stock reached {reached}", fontsize=10)
    for ax in (left, middle, right):
        ax.set_xticks([2021, 2025, 2030, 2035][ax is right :])

    description = (
        f"Simulated: in {YEARS[-1]} machines have written {by_machine:.0%} of all pages, and a model knows {known[-1]} "
        f"species where a web of people alone would teach {people[-1]}. If "
        f"demand grows like this, the estimated stock of human text is reached {reached}."
    )
    alt = (
        f"Left, the pages of a simulated web pile up from {YEARS[0]} to {YEARS[-1]}, those of machines on top. Middle, "
        f"the species a model knows go from {known[0]} to {known[-1]}; without machines it would be at {people[-1]}. "
        f"Right, on a logarithmic axis, a rising line, the demand, reaches the usable stock {reached}."
    )
    return figure, description, alt


def stock_panel(growth, withdrawn, ax):
    """Draw a demand that grows each year, and the stock of human text with its 90% range, less what is withdrawn."""
    low, usable, high = np.log10(np.array([100, STOCK, 1000]) * (1 - withdrawn))
    ends = np.array([FROM, YEARS[-1]])
    ax.axhspan(low, high, color=plots.SKY, alpha=0.3)
    ax.axhline(usable, color=plots.BLUE, ls=(0, (5, 2)))
    ax.plot(ends, np.log10(DEMAND) + (ends - FROM) * np.log10(growth), color=plots.RED, ls="-")
    # Logarithms on an even axis: a logarithmic one takes longer to draw than all the rest.
    ax.set(xlim=ends, ylim=(0.7, 4))
    ax.set_yticks([1, 2, 3], ["10", "100", "1000"])
    ax.text(YEARS[-1], usable + 0.06, "usable stock", ha="right", fontsize=10.5, color=plots.BLUE)
    ax.text(YEARS[-1], low + 0.06, "its 90% range", ha="right", fontsize=10.5, color=plots.BLUE)
    ax.text(FROM + 0.6, np.log10(DEMAND) - 0.2, "demand", fontsize=10.5, color=plots.RED)
    return ax


@lru_cache(maxsize=200)
def _history(machines, temperature, crawl, seed):
    """Return pages by people and machines, shape (n_years, 2), and the species known."""
    machine = machine_share(YEARS[1:], machines)
    web = Web(write, N_HUMAN, machine, crawl, seed)
    model, real = Categorical(len(SHARES), temperature), write(OLD, stream(DATA, 0, seed))

    def recipe(pool, n, rng):
        return web.crawl(pool, CRAWLED, rng)[0]

    turns = list(generations(model, real, recipe, n_generations=len(YEARS), n=N_SAMPLED, seed=seed))
    added = np.vstack([[OLD, 0], *([N_HUMAN, m] for m in synthetic_rows(N_HUMAN, machine))])
    known = np.array([metrics.alive(turn.fitted.probs_) for turn in turns])
    return added.cumsum(axis=0), known
