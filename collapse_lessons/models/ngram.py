"""An n-gram model: the next word from counts of what followed the last few words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from collapse_lessons import checks
from collapse_lessons.models.categorical import check_decoder, decode


class Grams(NamedTuple):
    """The distinct k-grams of one length, sorted, so that those with the same first k - 1 words lie side by side."""

    key: np.ndarray  # number of the first k - 1 words among the (k-1)-grams, times the base, plus the last word
    suffix: np.ndarray  # number of the last k - 1 words among the (k-1)-grams
    count: np.ndarray  # how often seen
    total: np.ndarray  # for each (k-1)-gram: how many words followed it
    kinds: np.ndarray  # for each (k-1)-gram: how many different words followed it


@dataclass
class NGram:
    """Counts of what followed each context, the last `order` - 1 words, in rows of tokens.

    Sampling looks up the longest context that was ever followed by something and draws from what followed it: it backs
    off, without discounting, as in Brants et al. (2007). Nothing unseen is ever said. Scoring has to leave a chance to
    the unseen: `surprise` interpolates all lengths of context by absolute discounting (Ney, Essen & Kneser 1994).

    Parameters
    ----------
    vocabulary : int
        Tokens are the integers 0 to vocabulary - 1.
    order : int
        Words looked at, the predicted one included: 1 draws words from a bag, 2 from what followed the last word.
    temperature, top_p, top_k : float, float, int or None
        How `sample` decodes the shares of what followed, see `models.categorical.decode`. Temperature 0 takes the most
        likely word.
    discount : float in (0, 1)
        Taken off every count when scoring, and given to shorter contexts.
    favour : function, optional
        `favour(previous, word)` returns what the odds of each word after each previous one are multiplied by when
        sampling, before decoding; vocabulary stands for the beginning of a row. A watermark is one: `GreenList.favour`.

    Attributes
    ----------
    grams_ : list of Grams, for 1 to `order` words
    block_ : int
        Tokens in a row.
    """

    vocabulary: int
    order: int = 4
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int | None = None
    discount: float = 0.5
    favour: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None

    def __post_init__(self):
        checks.whole("vocabulary", self.vocabulary, 1, "len(VOCABULARY) for the encyclopedia")
        checks.whole("order", self.order, 1, "4 looks at three words to predict the next")
        check_decoder(self.temperature, self.top_p, self.top_k)
        if self.favour is not None:
            checks.function("favour", self.favour, "favour(previous, word)", "such as GreenList(k).favour, or None", 2)
        checks.number("discount", self.discount, 1e-6, 1 - 1e-6, "0.5 takes half an occurrence off every count")
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator | None = None) -> Self:
        """Count the n-grams of X, rows of tokens of shape (n, block); `rng` is not needed."""
        padded = self._padded(self._rows("X", X))
        number = np.zeros((len(padded), padded.shape[1] + 1), dtype=np.int64)  # of the 0-gram at each place
        self.grams_, self.block_ = [], np.shape(X)[1]
        n_contexts = 1
        for k in range(1, self.order + 1):
            key = number[:, :-1] * (self.vocabulary + 1) + padded[:, k - 1 :]  # (n, places of k-grams)
            distinct, first, inverse, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
            context, word = np.divmod(distinct, self.vocabulary + 1)
            count[word == self.vocabulary] = 0  # nobody says the beginning
            total = np.bincount(context.astype(np.intp), count, minlength=n_contexts)
            kinds = np.bincount(context.astype(np.intp), count > 0, minlength=n_contexts)
            self.grams_.append(Grams(distinct, number[:, 1:].ravel()[first], count, total, kinds))
            number, n_contexts = inverse.reshape(key.shape), len(distinct)
        return self

    def sample(self, n: int, rng: np.random.Generator, prompt: np.ndarray = ()) -> np.ndarray:
        """Return n rows of tokens, shape (n, block), as long as those of X.

        Parameters
        ----------
        prompt : array of shape (n_prompt,) or (n, n_prompt)
            Tokens that every row begins with, fewer than block, or those of each row; by default none.
        """
        checks.fitted(self, "grams_")
        n = checks.whole("n", n, 1, "a sample has at least one row")
        checks.generator("rng", rng)
        prompt = self._prompt(prompt, n)
        word, ceiling, following = self._transitions()
        rows = np.empty((n, self.block_), dtype=np.int64)
        rows[:, : prompt.shape[1]] = prompt
        state = self._state(prompt)
        for i in range(prompt.shape[1], self.block_):
            # Each state has the numbers from itself up to itself + 1, shared out among the words that follow it.
            point = np.minimum(state + rng.random(n), np.nextafter(state + 1.0, 0))  # the sum may round up
            drawn = np.searchsorted(ceiling, point, side="right")
            rows[:, i] = word[drawn]
            state = following[drawn]
        return rows

    def surprise(self, X: np.ndarray) -> np.ndarray:
        """Return -ln p(token | those before it in its row) for X, shape (n, block): an array of the same shape.

        With d = discount, c a count, T the number of different words that followed the context h, and h' the context
        without its first word: p(w | h) = max(c(h w) - d, 0) / c(h) + d T(h) / c(h) p(w | h'), from p = 1 / vocabulary.
        """
        checks.fitted(self, "grams_")
        X = self._rows("X", X)
        padded = self._padded(X)
        number = np.zeros((len(padded), padded.shape[1] + 1), dtype=np.int64)
        p = np.full(X.shape, 1 / self.vocabulary)
        for k, grams in enumerate(self.grams_, 1):
            context = number[:, :-1]
            number = self._find(grams, context, padded[:, k - 1 :])
            # The last columns of both belong to the tokens of X; -1 stands for never seen.
            h, hw = context[:, -X.shape[1] :], number[:, -X.shape[1] :]
            total = np.where(h >= 0, grams.total[h], 0)
            kept = np.maximum(np.where(hw >= 0, grams.count[hw], 0) - self.discount, 0)
            backed_off = self.discount * np.where(h >= 0, grams.kinds[h], 0) * p
            p = np.where(total > 0, (kept + backed_off) / np.maximum(total, 1), p)
        return -np.log(p)

    def _find(self, grams, context, word):
        """Return the number of each k-gram, given the numbers of its first k - 1 words, or -1 if it was never seen."""
        key = context * (self.vocabulary + 1) + word
        at = np.minimum(np.searchsorted(grams.key, key), len(grams.key) - 1)
        return np.where((context >= 0) & (grams.key[at] == key), at, -1)

    def _transitions(self):
        """Return, for every word that followed every context: the word, the end of its share, and the next state.

        A state is a context that was followed by something: contexts are numbered through all lengths, shortest first.
        """
        offset = np.cumsum([0] + [len(grams.total) for grams in self.grams_])
        longest = np.zeros(1, dtype=np.int64)  # the state of each k-gram: its longest suffix that is a state
        word, ceiling, following = [], [], []
        for k, grams in enumerate(self.grams_, 1):
            context = grams.key // (self.vocabulary + 1)
            word.append(grams.key % (self.vocabulary + 1))
            share = grams.count / np.maximum(grams.total[context], 1)
            if self.favour is not None and k > 1:
                share = share * self.favour(self.grams_[k - 2].key[context] % (self.vocabulary + 1), word[-1])
                share /= np.maximum(np.bincount(context.astype(np.intp), share)[context], np.finfo(float).tiny)
            ceiling.append(offset[k - 1] + context + self._cumulative(share, context, grams))
            backed_off = longest[grams.suffix]
            if k < self.order:
                followed = self.grams_[k].total > 0
                longest = np.where(followed, offset[k] + np.arange(len(followed)), backed_off)
            following.append(longest if k < self.order else backed_off)
        return np.concatenate(word), np.concatenate(ceiling), np.concatenate(following)

    def _cumulative(self, probs, context, grams):
        """Return the decoded, cumulative share of each k-gram among those with the same context."""
        size = np.bincount(context.astype(np.intp), minlength=len(grams.total))
        start = np.cumsum(size) - size
        cumulative = np.ones(len(probs))
        for width in 2 ** np.arange(1, max(int(size.max() - 1).bit_length(), 1) + 1):  # few tables, little padding
            chosen = np.flatnonzero((size > width // 2) & (size <= width) & (grams.total > 0))
            if len(chosen):
                inside = np.arange(width) < size[chosen, None]
                place = np.minimum(start[chosen, None] + np.arange(width), len(probs) - 1)
                table = decode(np.where(inside, probs[place], 0), self.temperature, self.top_p, self.top_k)
                ends = np.cumsum(table, axis=1)
                ends[ends >= ends[:, -1:]] = 1  # rounding must not leave a gap below the next state
                cumulative[place[inside]] = ends[inside]
        return cumulative

    def _state(self, prompts):
        """Return the state after each prompt, shape (n,): its longest suffix that was followed by something."""
        padded = self._padded(prompts)
        state, offset = np.zeros(len(padded), dtype=np.int64), 0
        for k in range(1, self.order):
            offset += len(self.grams_[k - 1].total)
            number = np.zeros(len(padded), dtype=np.int64)
            for grams, word in zip(self.grams_, padded[:, -k:].T, strict=False):
                number = self._find(grams, number, word)
            state = np.where((number >= 0) & (self.grams_[k].total[number] > 0), offset + number, state)
        return state

    def _padded(self, X):
        return np.pad(X, ((0, 0), (self.order - 1, 0)), constant_values=self.vocabulary)  # vocabulary: the beginning

    def _rows(self, name, X):
        remedy = "encode the text, or raise vocabulary"
        return checks.tokens(name, X, 2, "(n, block) integer tokens", self.vocabulary, remedy)

    def _prompt(self, prompt, n):
        if isinstance(prompt, tuple) and not prompt:
            return np.zeros((n, 0), dtype=np.int64)
        prompt = checks.array("prompt", prompt, None, "(n_prompt,) or (n, n_prompt) tokens")
        prompt = self._rows("prompt", prompt[None] if prompt.ndim == 1 else prompt)
        if prompt.shape[1] >= self.block_:
            raise ValueError(
                f"prompt must be shorter than a row of {self.block_} tokens, got {prompt.shape[1]}: cut it"
            )
        if len(prompt) not in (1, n):
            raise ValueError(f"prompt must be one for all or one for each of {n} rows, got {len(prompt)}: change n")
        return np.broadcast_to(prompt, (n, prompt.shape[1]))
