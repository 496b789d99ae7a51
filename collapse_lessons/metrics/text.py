"""Measures of text, as rows of tokens: how well a model predicts, how varied its text is, how much of it is true.

Rows are of shape (n, block). Where texts have an `end`, such as END in the encyclopedia, one that follows another only
fills its row up and is not counted; without one, every token counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lessons import checks
from collapse_lessons.worlds.encyclopedia import END, Encyclopedia, check_tokens, texts


@dataclass(frozen=True)
class Scores:
    """A metric for the loop: all the measures of this module, for what a generation wrote.

    `run(..., metrics={"text": Scores(world)}, reference=held_out)` fills a column for each: perplexity (of `held_out`,
    rows of real text the model never saw), words, species, top_share, kl, right, wrong, invented, unreadable, distinct
    and repetition.
    """

    world: Encyclopedia

    def __post_init__(self):
        _check_world(self.world)

    def __call__(self, generation, reference) -> dict[str, float]:
        rows = check_generation(generation, ("samples", "fitted")).samples
        return {
            "perplexity": perplexity(generation.fitted, check_tokens("reference", reference), END),
            "words": words_alive(rows),
            "species": species_alive(self.world, rows),
            "top_share": top_share(self.world, rows),
            "kl": species_kl(self.world, rows),
            **facts(self.world, rows),
            "distinct": distinct(rows, end=END),
            "repetition": repetition(rows, end=END),
        }


# --- how well a model predicts ---------------------------------------------------------------------------------------


def perplexity(model: Any, rows: np.ndarray, end: int | None = None) -> float:
    """Return exp of the mean surprise of a model at each token: as unsure as among so many equally likely words.

    `model.surprise(rows)` returns -ln p for the last tokens of each row, as `NGram` and `CausalLM` do, NaN where it
    predicts nothing. No model of the encyclopedia's articles, one a row, can have less than
    exp(entropy / mean_tokens) on average.
    """
    return float(np.exp(np.nanmean(_surprise(model, rows, end))))


def perplexities(model: Any, rows: np.ndarray, end: int | None = None) -> np.ndarray:
    """Return the perplexity of each row, shape (n,): with real text's, and under the first model, two histograms."""
    return np.exp(np.nanmean(_surprise(model, rows, end), axis=1))


def _surprise(model, rows, end):
    if isinstance(model, type) or not callable(getattr(model, "surprise", None)):
        raise TypeError(f"model must have surprise(rows), got {checks.shown(model)}: NGram and CausalLM do")
    rows = _checked(rows)
    surprise = np.asarray(model.surprise(rows))
    return np.where(_written(rows, end)[:, -surprise.shape[1] :], surprise, np.nan)


# --- how varied the text is ------------------------------------------------------------------------------------------


def words_alive(rows: np.ndarray) -> int:
    """Return how many different words are written, names, punctuation and END among them."""
    return len(np.unique(_checked(rows)))


def distinct(rows: np.ndarray, n: int = 2, end: int | None = None) -> float:
    """Return the share of different ones among all runs of n tokens: distinct-n (Li et al. 2016); NaN without any."""
    _, gram = _grams(rows, n, end)
    return len(np.unique(gram)) / len(gram) if len(gram) else float("nan")


def repetition(rows: np.ndarray, n: int = 4, end: int | None = None) -> float:
    """Return the share of runs of n tokens that came earlier in the same row: rep-n (Welleck et al. 2020)."""
    row, gram = _grams(rows, n, end)
    if not len(gram):
        return float("nan")
    return 1 - len(np.unique(row * (gram.max() + 1) + gram)) / len(gram)


def _grams(rows, n, end):
    """Return the row and the number of every run of n tokens in which nothing is filled up."""
    rows = _checked(rows)
    n = checks.whole("n", n, 1, "2 looks at pairs of words")
    if n > rows.shape[1]:
        raise ValueError(f"n must be at most a row's {rows.shape[1]} tokens, got {n}: look at shorter runs")
    written = _written(rows, end)
    number, whole = rows, written
    for k in range(1, n):
        key = number[:, :-1] * (rows.max() + 1) + rows[:, k:]
        number = np.unique(key, return_inverse=True)[1].reshape(key.shape)  # small again: nothing overflows
        whole = whole[:, :-1] & written[:, k:]
    return np.nonzero(whole)[0], number[whole]


# --- what it is about, and whether it is true ------------------------------------------------------------------------


def species_alive(world: Encyclopedia, rows: np.ndarray) -> int:
    """Return how many species have a row of text, counting for each row the one named first."""
    return len(np.unique(_subjects(world, rows)))


def top_share(world: Encyclopedia, rows: np.ndarray) -> float:
    """Return the share of the most written-about species among all rows."""
    return float(np.bincount(_subjects(world, rows), minlength=1).max() / len(rows))


def species_kl(world: Encyclopedia, rows: np.ndarray) -> float:
    """Return the Kullback-Leibler divergence, in nats, of the species written about from the true shares.

    KL(q || p) = sum q ln(q / p), q being the shares among the rows about a species that exists. It is finite when
    species die (the other direction is not); even real text has about (species - 1) / (2 rows). NaN if none exists.
    """
    subjects = _subjects(world, rows)
    if not len(subjects):
        return float("nan")
    q = np.bincount(subjects, minlength=world.n_species) / len(subjects)
    alive = q > 0
    return float(np.sum(q[alive] * np.log(q[alive] / world.species["share"].to_numpy()[alive])))


def facts(world: Encyclopedia, rows: np.ndarray) -> dict[str, float]:
    """Return what share of the statements is right, wrong, about an invented species, or unreadable; asides aside."""
    verdicts = ("right", "wrong", "invented", "unreadable")
    articles = texts(rows)
    verdict = _check_world(world).read(articles)["verdict"].to_numpy() if articles else np.array([])
    count = {name: int((verdict == name).sum()) for name in verdicts}
    total = sum(count.values())
    return {name: count[name] / total if total else float("nan") for name in verdicts}


def check_generation(generation: Any, needed: Sequence[str]) -> Any:
    """Return `generation` if it has what is needed, samples or a fitted model, as what the loop yields has."""
    if isinstance(generation, type) or not all(hasattr(generation, name) for name in needed):
        raise TypeError(f"generation must be what the loop yields, got {checks.shown(generation)}: pass all of it")
    return generation


def _check_world(world):
    return checks.instance("world", world, Encyclopedia, "Encyclopedia() is the one of the lessons")


def _subjects(world, rows):
    subjects = _check_world(world).subjects(rows)
    return subjects[subjects >= 0]


def _checked(rows):
    return checks.tokens("rows", rows, 2, "(n, block) integer tokens", checks.MOST, "use pages or blocks")


def _written(rows, end):
    """Return which tokens are text, and not an end that fills up after an end."""
    written = np.ones(rows.shape, dtype=bool)
    if end is not None:
        end = checks.whole("end", end, 0, "the token that ends a text, or None")
        written[:, 1:] = (rows[:, 1:] != end) | (rows[:, :-1] != end)
    return written
