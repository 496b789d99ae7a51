"""What a text starts from: prompt(train, n, rng) -> (n, k) tokens, `train` being what the model was trained on."""

from dataclasses import dataclass, field

import numpy as np

from collapse_lessons import checks


def nothing(train, n, rng):
    """Start from nothing: the model writes the first token too, as it can where texts have an `end`."""
    train, n = _rows("train", train), checks.whole("n", n, 1, "a text for each")
    return np.empty((n, 0), dtype=train.dtype)


@dataclass(frozen=True)
class Own:
    """Start each text from the first `length` tokens of a row that the model was trained on."""

    length: int

    def __post_init__(self):
        checks.whole("length", self.length, 1, "to start from nothing use nothing")
        checks.own_numbers(self)

    def __call__(self, train, n, rng):
        return _openings(train, self.length, n, rng)


@dataclass(frozen=True, eq=False)
class Given:
    """Start each text from the first `length` tokens of a row of `rows`, such as real text, whatever was trained on."""

    rows: np.ndarray = field(repr=False)
    length: int

    def __post_init__(self):
        checks.whole("length", self.length, 1, "to start from nothing use nothing")
        _rows("rows", self.rows)
        checks.own_numbers(self)

    def __call__(self, train, n, rng):
        return _openings(self.rows, self.length, n, rng)


def _openings(rows, length, n, rng):
    """Return n openings, each row's once if n is their number, shape (n, length)."""
    rows, n, rng = _rows("train", rows), checks.whole("n", n, 1, "a text for each"), checks.generator("rng", rng)
    if length > rows.shape[1]:
        raise ValueError(
            f"a prompt's length must be at most a block of {rows.shape[1]} tokens, got {length}: shorten the prompt"
        )
    order = np.concatenate([rng.permutation(len(rows)) for _ in range(-(-n // len(rows)))])
    return rows[order[:n], :length]


def _rows(name, X):
    return checks.tokens(name, X, 2, "(n, block) token ids", checks.MOST, "encode the text")
