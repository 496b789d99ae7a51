"""Measures of a language model itself: what it knows, and what the first of its line makes of its text."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from collapse_lessons import checks
from collapse_lessons.metrics.text import check_generation, perplexities
from collapse_lessons.models.decoding import Sampling
from collapse_lessons.worlds.encyclopedia import Encyclopedia, decode, encode, parse

GREEDY = Sampling(temperature=0)
OPENING = "The {name} is a"  # and the grammar goes on: size, colour, kind, "of", island, full stop
TOLD, PLACES = ("size", "colour", "kind", "island"), (0, 1, 2, 4)  # and where they stand among the words that follow
COMMONNESS = {"common": slice(0, 20), "middling": slice(20, 100), "rare": slice(100, None)}  # ranks of species


def knowledge(model: Any, world: Encyclopedia) -> np.ndarray:
    """Return which facts a model tells right of each species when asked for its likeliest words, shape (n_species, 4).

    It completes "The royal snurrel is a", and the facts are size, colour, kind and island. One of a sentence that it
    leaves unreadable counts as wrong.
    """
    _, _, said = _asked(model, world)
    return np.array([[words[fact] == world.species[fact][i] for fact in TOLD] for i, words in enumerate(said)])


def answers(model: Any, world: Encyclopedia) -> pd.DataFrame:
    """Return what a model says of each species when asked as by `knowledge`, and how sure it is: a row a fact.

    Returns
    -------
    DataFrame with the columns rank (from 0), fact, said, true, right and sure, the probability that the model gave the
    word. In a sentence that nobody can read said is "?" and sure NaN.
    """
    if not callable(getattr(model, "surprise", None)):
        raise TypeError(f"model must have surprise(rows), got {type(model).__name__}: CausalLM does")
    prompts, rows, said = _asked(model, world)
    sure = np.exp(-model.surprise(rows))[:, prompts.shape[1] + np.array(PLACES)]
    told = []
    for i, words in enumerate(said):
        for fact, p in zip(TOLD, sure[i], strict=True):
            true = world.species[fact][i]
            told.append((i, fact, words[fact], true, words[fact] == true, float(p) if words[fact] != "?" else np.nan))
    return pd.DataFrame(told, columns=["rank", "fact", "said", "true", "right", "sure"])


def _asked(model, world):
    """Return the prompts, the rows that the model makes of them, and the words it gives for each fact, "?" for none."""
    checks.instance("world", world, Encyclopedia, "write Encyclopedia()")
    if not callable(getattr(model, "write", None)):
        raise TypeError(f"model must have write(prompts, length, rng), got {type(model).__name__}: CausalLM does")
    prompts = np.array([encode(OPENING.format(name=name)) for name in world.species["name"]])
    written = model.write(prompts, len(TOLD) + 2, np.random.default_rng(0), decoder=GREEDY)  # nothing is random here
    rows = np.concatenate([prompts, written], axis=1)
    forms = [parse(decode(row)) for row in rows]
    return prompts, rows, [{fact: form.slots.get(fact, "?") if form else "?" for fact in TOLD} for form in forms]


@dataclass(frozen=True)
class Knowledge:
    """A metric for the loop: the share of facts a generation tells right, for `COMMONNESS` of species."""

    world: Encyclopedia

    def __post_init__(self):
        checks.instance("world", self.world, Encyclopedia, "write Encyclopedia()")

    def __call__(self, generation, reference=None) -> dict[str, float]:
        right = knowledge(check_generation(generation, ["fitted"]).fitted, self.world)
        return {f"knows_{name}": float(right[ranks].mean()) for name, ranks in COMMONNESS.items() if len(right[ranks])}


@dataclass(frozen=True)
class Judged:
    """A metric for the loop: quantiles of the generated rows' perplexity under `judge`, the first model of the line.

    Shumailov et al. (2024) draw the histogram: the bulk becomes likelier while its tail grows longer.
    """

    judge: Any
    quantiles: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)

    def __post_init__(self):
        if not callable(getattr(self.judge, "surprise", None)):
            raise TypeError(f"judge must have surprise(rows), got {checks.shown(self.judge)}: NGram and CausalLM do")
        for q in checks.listed("quantiles", self.quantiles, "(0.25, 0.5, 0.75) are the quartiles"):
            checks.number("quantiles", q, 0, 1, "0.5 is the median")
        checks.own_numbers(self)

    def __call__(self, generation, reference=None) -> dict[str, float]:
        values = np.quantile(
            perplexities(self.judge, check_generation(generation, ["samples"]).samples), self.quantiles
        )
        return {f"judged_{q:g}": float(value) for q, value in zip(self.quantiles, values, strict=True)}
