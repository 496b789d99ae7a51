"""Detectors trained on text: what they find, whom they accuse, and that they look at the text alone."""

import numpy as np
import pytest

from collapse_lessons import NGram
from collapse_lessons.defences import detectors
from collapse_lessons.defences.detectors import Retrained, TextDetector
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, pages

BANK = pages(Encyclopedia(100).articles(3000, np.random.default_rng(0)))


def write(n, rng):
    return BANK[rng.choice(len(BANK), n, replace=False)]


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def machine():
    """Articles of a model that looks back on a single word: easily told."""
    return NGram(len(VOCABULARY), order=2).fit(BANK[:300]).sample(900, rng())


def test_it_tells_what_it_has_not_seen(machine):
    detector = TextDetector(false_positive=0.1).fit(BANK[:400], machine[:400], BANK[400:1400])
    assert detector(machine[400:], None, None).mean() > 0.9
    accused = detector(BANK[1400:], None, None).mean()
    # held-out threshold: 0.1 within six standard errors of a quantile of 1000 and a share of 1600
    assert abs(accused - 0.1) < 6 * np.sqrt(0.1 * 0.9 * (1 / 1000 + 1 / 1600))
    scores = detector.score(machine[:5])
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (detector(machine[:5], np.ones(5, bool), rng()) == (scores > detector.threshold_)).all()


def test_nothing_to_tell_apart(machine):
    detector = TextDetector(false_positive=0.1).fit(BANK[:400], BANK[400:800], BANK[800:1800])
    assert abs(detector(BANK[1800:], None, None).mean() - 0.1) < 0.08


def test_retrained_judges_each_half_by_the_other(machine):
    rows = np.concatenate([BANK[:100], machine])
    synthetic = np.arange(len(rows)) >= 100
    flagged = Retrained(write, n=200)(rows, synthetic, rng())
    assert flagged.shape == (1000,)
    assert flagged[synthetic].mean() > 0.85
    assert flagged[~synthetic].mean() < 0.35


def test_retrained_never_judges_what_it_has_learned_from(monkeypatch):
    class Remembers:
        def fit(self, human, machine, held_out):
            self.learned = set(machine[:, 0].tolist())
            return self

        def __call__(self, rows, synthetic, rng):
            assert self.learned
            assert self.learned.isdisjoint(rows[:, 0].tolist())
            return np.ones(len(rows), dtype=bool)

    monkeypatch.setattr(detectors, "TextDetector", Remembers)
    rows = np.arange(60).repeat(2).reshape(60, 2)
    flagged = Retrained(lambda n, rng: np.zeros((n, 2), int), n=20)(rows, np.ones(60, dtype=bool), rng())
    assert flagged.all(), "every row is judged once"


@pytest.mark.parametrize("n_machine", [0, 1])
def test_retrained_lets_pass_what_nothing_is_known_against(machine, n_machine):
    """It died of a request for no article at all, as soon as a half held nothing machine-made."""
    rows = np.concatenate([machine[:n_machine], BANK[: 20 - n_machine]])
    flagged = Retrained(write, n=50)(rows, np.arange(20) < n_machine, rng())
    assert flagged.dtype == bool
    assert n_machine or not flagged.any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TextDetector(0), "false_positive must be a number from .* got 0: 0.09"),
        (lambda: TextDetector().score(BANK[:2]), "model must be fitted, got TextDetector without model_: call fit"),
        (
            lambda: TextDetector().fit(*[np.full((2, 4), END)] * 3),
            "human and machine must hold words, got rows of END alone: give text",
        ),
        (lambda: Retrained(write, 0), "n must be a whole number of at least 1, got 0: 500"),
        (lambda: Retrained(BANK), r"draw must be a function draw\(n, rng\) .* got array"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()
