"""Shares of categories, re-estimated from counts: dog breeds among photos, words among words, alleles in a herd."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from collapse_lessons import checks


@dataclass
class Categorical:
    """The share of each of `n_categories` categories, estimated by counting.

    Parameters
    ----------
    n_categories : int
        Categories are the integers 0 to n_categories - 1.
    temperature, top_p : float
        How `sample` decodes the shares, see `decode`; the defaults sample from the shares themselves.

    Attributes
    ----------
    probs_ : array of shape (n_categories,)
        The estimated shares.
    """

    n_categories: int
    temperature: float = 1.0
    top_p: float = 1.0

    def __post_init__(self):
        checks.whole("n_categories", self.n_categories, 1, "count the categories there are")
        check_decoder(self.temperature, self.top_p)
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator | None = None) -> Self:
        """Count the categories in X, shape (n,) integers; `rng` is not needed."""
        X = checks.tokens(
            "X", X, 1, "(n,) integer categories", self.n_categories, "renumber them or raise n_categories"
        )
        self.probs_ = np.bincount(X.astype(np.intp), minlength=self.n_categories) / len(X)  # 32 bits on some platforms
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n categories, shape (n,)."""
        checks.fitted(self, "probs_")
        n = checks.whole("n", n, 1, "a sample has at least one row")
        probs = decode(self.probs_, self.temperature, self.top_p)
        return checks.generator("rng", rng).choice(self.n_categories, n, p=probs)


@dataclass
class CategoricalBatches:
    """The same law for many chains at once: one row holds the counts of a whole batch for every chain.

    Parameters
    ----------
    batch : int
        Samples a row stands for.
    temperature, top_p : float
        As in `Categorical`.

    Attributes
    ----------
    probs_ : array of shape (d, n_categories)
        The estimated shares in each of d chains.
    """

    batch: int
    temperature: float = 1.0
    top_p: float = 1.0

    def __post_init__(self):
        checks.whole("batch", self.batch, 1, "a batch has at least one sample")
        check_decoder(self.temperature, self.top_p)
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator | None = None) -> Self:
        """Add up the counts of X, shape (k, d, n_categories)."""
        X = checks.array("X", X, 3, "(k, d, n_categories) counts of k batches in d chains")
        counts = X.sum(axis=0)
        if (X < 0).any() or not counts.sum(axis=-1).all():
            raise ValueError(
                f"X must hold counts of at least 0, one above 0 in every chain, got a least count of {X.min()} and a "
                f"least sum of {counts.sum(axis=-1).min()}: give it the counts of real batches"
            )
        self.probs_ = counts / counts.sum(axis=-1, keepdims=True)
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return the counts of n batches, shape (n, d, n_categories)."""
        checks.fitted(self, "probs_")
        n = checks.whole("n", n, 1, "a sample has at least one batch")
        probs = decode(self.probs_, self.temperature, self.top_p)
        return checks.generator("rng", rng).multinomial(self.batch, probs, size=(n, len(probs)))


def decode(probs: np.ndarray, temperature: float = 1.0, top_p: float = 1.0, top_k: int | None = None) -> np.ndarray:
    """Favour the likely: sharpen probabilities by a temperature, then cut their tail.

    Parameters
    ----------
    probs : array of shape (..., k)
        Probabilities along the last axis.
    temperature : float in [0, 10]
        p becomes p^(1/temperature), rescaled; 0 keeps only the likeliest.
    top_p : float in (0, 1]
        Nucleus sampling: keep the fewest, likeliest categories that hold `top_p` together (Holtzman et al. 2020).
    top_k : int, optional
        Keep the `top_k` likeliest categories first (Fan et al. 2018); None keeps them all.
    """
    probs = checks.shares("probs", probs, None)
    temperature, top_p, top_k = check_decoder(temperature, top_p, top_k)
    if temperature == 0:
        probs = probs == probs.max(axis=-1, keepdims=True)  # ties share
    elif temperature != 1:
        scaled = probs / probs.max(axis=-1, keepdims=True)  # the largest is 1: no underflow to 0/0
        probs = scaled ** (1 / temperature)
    if temperature != 1:
        probs = probs / probs.sum(axis=-1, keepdims=True)
    if top_p < 1 or top_k is not None:
        order = np.argsort(-probs, axis=-1, kind="stable")
        ranked = np.take_along_axis(probs, order, axis=-1)
        if top_k is not None:
            ranked[..., top_k:] = 0
            ranked /= ranked.sum(axis=-1, keepdims=True)
        ahead = np.cumsum(ranked, axis=-1) - ranked  # what the likelier ones hold already
        kept = np.where(ahead < top_p - 1e-12, ranked, 0)  # rounding must not let one more in
        probs = np.empty_like(kept)
        np.put_along_axis(probs, order, kept, axis=-1)
        probs /= probs.sum(axis=-1, keepdims=True)
    return probs


def check_decoder(temperature: float, top_p: float, top_k: int | None = None) -> tuple[float, float, int | None]:
    """Return these as Python's own numbers, or raise an error unless `decode` takes them."""
    return (
        checks.number("temperature", temperature, 0, 10, "1 samples from the shares, less favours the likely"),
        checks.number("top_p", top_p, 1e-9, 1, "1 keeps the whole tail"),
        None if top_k is None else checks.whole("top_k", top_k, 1, "1 keeps only the likeliest, None keeps them all"),
    )
