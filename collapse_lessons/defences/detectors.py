"""Detectors of machine-made text that are trained for real: counts of short runs of words, and scikit-learn."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from collapse_lessons import checks
from collapse_lessons.worlds.encyclopedia import check_tokens, decode

WORDS = r"[\w'-]+|[.,]"


@dataclass
class TextDetector:
    """Logistic regression on which runs of one to three words a text contains; its threshold is set on human text.

    Parameters
    ----------
    false_positive : float in (0, 1)
        The share of held-out human text that may be flagged: false alarms.

    Attributes
    ----------
    threshold_ : float
        Rows with a higher score are flagged.
    """

    false_positive: float = 0.09

    def __post_init__(self):
        checks.number("false_positive", self.false_positive, 1e-6, 1 - 1e-6, "0.09 accuses 9 human texts in 100")
        checks.own_numbers(self)

    def fit(self, human: np.ndarray, machine: np.ndarray, held_out: np.ndarray) -> Self:
        """Learn from rows of tokens of either origin, shape (n, block); set the threshold on other human rows."""
        self.model_ = make_pipeline(
            CountVectorizer(ngram_range=(1, 3), token_pattern=WORDS, lowercase=False, binary=True),
            LogisticRegression(C=0.1, max_iter=500),
        )
        human, machine = check_tokens("human", human), check_tokens("machine", machine)
        held_out = check_tokens("held_out", held_out)
        texts = [*map(decode, human), *map(decode, machine)]
        if not any(re.search(WORDS, text) for text in texts):
            raise ValueError("human and machine must hold words, got rows of END alone: give text to learn from")
        self.model_.fit(texts, np.repeat([0, 1], [len(human), len(machine)]))
        self.threshold_ = float(np.quantile(self.score(held_out), 1 - self.false_positive))
        return self

    def score(self, rows: np.ndarray) -> np.ndarray:
        """Return how likely each row of tokens, shape (n, block), is machine-made, shape (n,) in [0, 1]."""
        checks.fitted(self, "model_")
        return self.model_.predict_proba([*map(decode, check_tokens("rows", rows))])[:, 1]

    def __call__(self, rows, synthetic, rng):
        return self.score(rows) > self.threshold_


@dataclass(frozen=True)
class Retrained:
    """A `TextDetector` that is trained anew on every crawl, by somebody who knows where part of it comes from.

    Half of what was found teaches the detector that judges the other half, and the other way round. Where a half holds
    nothing machine-made, nothing can be learned, and all of the other half passes.

    Parameters
    ----------
    draw : function
        `draw(n, rng)` returns n new human rows of tokens.
    n : int
        At most so many machine-made rows are learned from, and as many human ones.
    """

    draw: Callable[[int, np.random.Generator], np.ndarray]
    n: int = 500

    def __post_init__(self):
        checks.function("draw", self.draw, "draw(n, rng) -> (n, block) tokens", "pass one that returns n human rows", 2)
        checks.whole("n", self.n, 1, "500 train in a tenth of a second")
        checks.own_numbers(self)

    def __call__(self, rows, synthetic, rng):
        rows, rng = check_tokens("rows", rows), checks.generator("rng", rng)
        synthetic = checks.bools("synthetic", synthetic, ((len(rows),),), "say of each row whether a model made it")
        halves = np.array_split(rng.permutation(len(rows)), 2)
        flagged = np.zeros(len(rows), dtype=bool)
        for judged, known in (halves, halves[::-1]):
            machine = rows[known][synthetic[known]][: self.n]
            if not len(machine):
                continue
            detector = TextDetector().fit(self.draw(len(machine), rng), machine, self.draw(self.n, rng))
            flagged[judged] = detector(rows[judged], synthetic[judged], rng)
        return flagged
