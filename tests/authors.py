"""The authors of the Tiny Encyclopedia, for tests that ask them for new articles in every generation."""

from functools import lru_cache

from collapse_lessons import stream
from collapse_lessons.loop import DATA
from collapse_lessons.worlds.encyclopedia import Encyclopedia, pages

WORLD = Encyclopedia()


@lru_cache
def bank(seed):
    """Return 8000 articles as rows of tokens, drawn once for a seed."""
    return pages(WORLD.articles(8000, stream(DATA, 0, seed + 100)))


def write_from(seed):
    """Return a function that draws n articles of the bank."""
    return lambda n, rng: bank(seed)[rng.choice(8000, n, replace=False)]
