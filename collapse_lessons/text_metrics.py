"""Measures of text, as rows of tokens: how well a model predicts, how varied its text is, how much of it is true.

Rows are of shape (n, block); an END that follows an END fills a row up and is never counted.
"""

from dataclasses import dataclass

import numpy as np

from collapse_lessons import checks
from collapse_lessons.encyclopedia import END, Encyclopedia, texts


@dataclass(frozen=True)
class Scores:
    """A metric for the loop: all the measures of this module, for what a generation wrote.

    `run(..., metrics={"text": Scores(world)}, reference=held_out)` fills a column for each: perplexity (of `held_out`,
    rows of real text the model never saw), words, species, top_share, kl, right, wrong, invented, unreadable, distinct
    and repetition.
    """

    world: Encyclopedia

    def __call__(self, generation, reference) -> dict[str, float]:
        rows = generation.samples
        return {
            "perplexity": perplexity(generation.fitted, reference),
            "words": words_alive(rows),
            "species": species_alive(self.world, rows),
            "top_share": top_share(self.world, rows),
            "kl": species_kl(self.world, rows),
            **facts(self.world, rows),
            "distinct": distinct(rows),
            "repetition": repetition(rows),
        }


# --- how well a model predicts ---------------------------------------------------------------------------------------


def perplexity(model, rows: np.ndarray) -> float:
    """Return exp of the mean surprise of a model at each token: as unsure as among so many equally likely words.

    `model.surprise(rows)` returns -ln p for the last tokens of each row, as `NGram` and `CausalLM` do. No model of the
    encyclopedia's articles, one a row, can have less than exp(entropy / mean_tokens) on average.
    """
    return float(np.exp(np.nanmean(_surprise(model, rows))))


def perplexities(model, rows: np.ndarray) -> np.ndarray:
    """Return the perplexity of each row, shape (n,): with real text's, and under the first model, two histograms."""
    return np.exp(np.nanmean(_surprise(model, rows), axis=1))


def _surprise(model, rows):
    if not callable(getattr(model, "surprise", None)):
        raise TypeError(f"model must have surprise(rows), got {type(model).__name__}: NGram and CausalLM do")
    surprise = np.asarray(model.surprise(rows))
    return np.where(_written(rows)[:, -surprise.shape[1] :], surprise, np.nan)


# --- how varied the text is ------------------------------------------------------------------------------------------


def words_alive(rows: np.ndarray) -> int:
    """Return how many different words are written, names, punctuation and END among them."""
    return len(np.unique(_checked(rows)))


def distinct(rows: np.ndarray, n: int = 2) -> float:
    """Return the share of different ones among all runs of n tokens: distinct-n (Li et al. 2016)."""
    _, gram = _grams(rows, n)
    return len(np.unique(gram)) / len(gram)


def repetition(rows: np.ndarray, n: int = 4) -> float:
    """Return the share of runs of n tokens that came earlier in the same row: rep-n (Welleck et al. 2020)."""
    row, gram = _grams(rows, n)
    return 1 - len(np.unique(row * (gram.max() + 1) + gram)) / len(gram)


def _grams(rows, n):
    """Return the row and the number of every run of n tokens in which nothing is filled up."""
    rows = _checked(rows)
    n = checks.whole("n", n, 1, "2 looks at pairs of words")
    if n > rows.shape[1]:
        raise ValueError(f"n must be at most a row's {rows.shape[1]} tokens, got {n}: look at shorter runs")
    written, number, whole = _written(rows), rows, _written(rows)
    for k in range(1, n):
        key = number[:, :-1] * (rows.max() + 1) + rows[:, k:]
        number = np.unique(key, return_inverse=True)[1].reshape(key.shape)  # small again: nothing overflows
        whole = whole[:, :-1] & written[:, k:]
    if not whole.any():
        raise ValueError(f"n must be shorter than the texts, got {n}: look at shorter runs")
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
    articles = texts(_checked(rows))
    verdict = world.read(articles)["verdict"].to_numpy() if articles else np.array([])
    count = {name: int((verdict == name).sum()) for name in verdicts}
    total = sum(count.values())
    return {name: count[name] / total if total else float("nan") for name in verdicts}


def _subjects(world, rows):
    subjects = world.subjects(_checked(rows))
    return subjects[subjects >= 0]


def _checked(rows):
    rows = checks.array("rows", rows, 2, "(n, block) integer tokens")
    if rows.dtype.kind not in "iu" or rows.min() < 0:
        raise ValueError(
            f"rows must hold tokens, integers from 0, got {rows.dtype} from {rows.min()}: use pages or blocks"
        )
    return rows


def _written(rows):
    """Return which tokens are text, and not an END that fills up after an END."""
    rows = _checked(rows)
    written = np.ones(rows.shape, dtype=bool)
    written[:, 1:] = (rows[:, 1:] != END) | (rows[:, :-1] != END)
    return written
