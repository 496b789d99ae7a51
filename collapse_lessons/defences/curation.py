"""Curation: recipes that keep what somebody likes best. A reward is a function `reward(rows) -> (n,) floats`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from collapse_lessons import checks
from collapse_lessons.recipes import pick


@dataclass(frozen=True)
class Curated:
    """Train on n winners: each is chosen among `k` of the newest samples, with odds exp(reward) (Ferbach et al. 2024).

    For many candidates and many rows, generation t has the shares p_0 exp(t reward), rescaled: `theory.curated`.

    Parameters
    ----------
    reward : function
        `reward(rows)` returns a number for each row.
    k : int
        Candidates that somebody chooses from; 1 is no choice.
    """

    reward: Callable[[np.ndarray], np.ndarray]
    k: int = 4
    forgets: ClassVar[bool] = True

    def __post_init__(self):
        _check_reward(self.reward)
        checks.whole("k", self.k, 1, "4 are what some picture generators offer to choose from")
        checks.own_numbers(self)

    def __call__(self, pool, n, rng):
        newest, n = checks.pool(pool)[-1], checks.whole("n", n, 1, "rows of the training set")
        offered = checks.generator("rng", rng).integers(len(newest), size=(n, self.k))
        # The largest of reward plus Gumbel noise is a choice with odds exp(reward).
        liked = _rewards(self.reward, newest)[offered] + rng.gumbel(size=offered.shape)
        return newest[offered[np.arange(n), liked.argmax(axis=1)]]


@dataclass(frozen=True)
class Best:
    """Train on the share `keep` of the newest samples that has the highest reward.

    Parameters
    ----------
    reward : function
        `reward(rows)` returns a number for each row, or for each entry of (n, d) floats whose columns are chains.
    keep : float in (0, 1]
    """

    reward: Callable[[np.ndarray], np.ndarray]
    keep: float = 0.5
    forgets: ClassVar[bool] = True

    def __post_init__(self):
        _check_reward(self.reward)
        checks.number("keep", self.keep, 1e-6, 1, "0.5 keeps the better half")
        checks.own_numbers(self)

    def __call__(self, pool, n, rng):
        newest = checks.pool(pool)[-1]
        newest = pick(newest, len(newest), rng)  # ties must not favour whatever comes first
        n_best = max(round(self.keep * len(newest)), 1)
        best = np.argsort(-_rewards(self.reward, newest), axis=0, kind="stable")[:n_best]
        return newest[best] if best.ndim == 1 else np.take_along_axis(newest, best, axis=0)


def _check_reward(reward):
    checks.function("reward", reward, "reward(rows) -> a number for each row", "pass one", 1)


def _rewards(reward, rows):
    rewards = checks.array("reward(rows)", reward(rows), None, "(n,) floats")
    if rewards.shape not in (rows.shape[:1], rows.shape):
        raise ValueError(
            f"reward(rows) must be a number for each of {len(rows)} rows, got shape {rewards.shape}: score every row"
        )
    return rewards.astype(float)  # of bytes the negative would be no lower
