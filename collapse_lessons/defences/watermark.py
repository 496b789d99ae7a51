"""A watermark for text: at each word, half of the words are favoured, and which half, a secret key decides."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from collapse_lessons import checks, theory


@dataclass(frozen=True)
class GreenList:
    """The green-list watermark of Kirchenbauer et al. (2023): the word before decides which words are green.

    A decoder multiplies the odds of green words by exp(strength). Who has the key counts them: text by anybody else is
    green in a share `share` of its words, and `z` says by how many standard deviations a text exceeds that.

    Parameters
    ----------
    vocabulary : int
        Tokens are the integers 0 to vocabulary - 1. The lists are a table of its square in bytes: for thousands of
        tokens, not for tens of thousands.
    strength : float from 0 up
        delta of the paper, added to the logits of green words; 2 is its example.
    share : float in (0, 1)
        gamma of the paper: the share of the words that is green.
    key : int
        Decides the lists.
    end : int, optional
        The token that ends a text where it fills up the rest of its row: a pair of them is not counted. `NGram` and the
        encyclopedia have END.
    """

    vocabulary: int
    strength: float = 2.0
    share: float = 0.5
    key: int = 0
    end: int | None = None

    def __post_init__(self):
        checks.whole("vocabulary", self.vocabulary, 1, "len(VOCABULARY) for the encyclopedia", 30_000)
        checks.number("strength", self.strength, 0, 100, "2 is usual, 0 leaves no mark")
        checks.number("share", self.share, 1e-6, 1 - 1e-6, "0.5 makes half of the words green")
        checks.seed(self.key, "key")
        if self.end is not None:
            checks.whole("end", self.end, 0, "the token that fills a row up, or None", self.vocabulary - 1)
        checks.own_numbers(self)

    @cached_property
    def table(self) -> np.ndarray:
        """Which words are green after which, shape (vocabulary + 1, vocabulary + 1); vocabulary begins a row."""
        size = self.vocabulary + 1
        lists = np.tile(np.arange(size) < round(self.share * size), (size, 1))
        return np.random.default_rng(self.key).permuted(lists, axis=1)

    def favour(self, previous: np.ndarray, word: np.ndarray) -> np.ndarray:
        """Return what the odds of each word after each previous one are multiplied by; for `NGram(favour=...)`."""
        remedy = "encode the text, or raise vocabulary"
        previous, word = (
            checks.tokens(name, tokens, None, "(n,) integer tokens", self.vocabulary + 1, remedy)
            for name, tokens in (("previous", previous), ("word", word))
        )
        if previous.shape != word.shape:
            raise ValueError(f"word must be one for each of {previous.shape} previous, got {word.shape}: match them")
        return np.where(self.table[previous, word], np.exp(self.strength), 1.0)

    def z(self, rows: np.ndarray) -> np.ndarray:
        """Return the z-score of each row of tokens, shape (n, block): how far it exceeds a chance share of green.

        Each pair of neighbours counts once in a row, since a phrase said twice is no new evidence: so text by others
        has mean 0 and variance 1 over the keys. To test several articles as one text, join their rows:
        `rows.reshape(-1, 8 * block)`.
        """
        rows = checks.tokens(
            "rows", rows, 2, "(n, block) integer tokens", self.vocabulary, "encode the text, or raise vocabulary"
        )
        pairs = np.sort(rows[:, :-1] * self.vocabulary + rows[:, 1:], axis=1)
        new = np.ones(pairs.shape, dtype=bool)
        new[:, 1:] = pairs[:, 1:] != pairs[:, :-1]
        if self.end is not None:
            new &= pairs != self.end * (self.vocabulary + 1)  # an end after an end fills a row up
        green = self.table[np.divmod(pairs, self.vocabulary)]
        return theory.green_z((green & new).sum(axis=1), np.maximum(new.sum(axis=1), 1), self.share)


@dataclass(frozen=True)
class MarkDetector:
    """The detector that flags rows of tokens whose z-score exceeds a threshold; 4 accuses one text in 30,000."""

    mark: GreenList
    threshold: float = 4.0

    def __post_init__(self):
        checks.instance("mark", self.mark, GreenList, "give the one that the text may carry")
        checks.number("threshold", self.threshold, -100, 100, "4 is the paper's")
        checks.own_numbers(self)

    def __call__(self, rows, synthetic, rng):
        return self.mark.z(rows) > self.threshold
