"""Distances that are computed a part at a time are those of all at once, and take no more memory for more points."""

import numpy as np
import pytest

from collapse_lessons import metrics
from collapse_lessons.loop import Generation
from collapse_lessons.metrics import distances, features

RNG = np.random.default_rng(0)
REAL, SAMPLES = RNG.normal(size=(41, 2)), RNG.normal(size=(37, 2))
PICTURES, OTHERS = RNG.random((13, 4, 4)), RNG.random((11, 4, 4))


class Fitted:
    def sample(self, n, rng):
        return rng.normal(size=(n, 2))


MEASURES = {
    "coverage": lambda: metrics.coverage(SAMPLES, REAL, 0.3),
    "precision": lambda: metrics.precision(SAMPLES, REAL, 0.3),
    "both": lambda: metrics.coverage_and_precision(Generation(0, REAL, Fitted(), SAMPLES), REAL, 0.3),
    "nearest distance": lambda: metrics.nearest_distance(SAMPLES),
    "precision and recall": lambda: features.precision_recall(REAL, SAMPLES, 3),
    "coverage and density": lambda: features.coverage_density(REAL, SAMPLES, 5),
    "nearest picture": lambda: features.nearest(PICTURES, OTHERS).tolist(),
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("at_once", [1, 100, 400])
def test_parts_make_no_difference(measure, at_once, monkeypatch):
    whole = measure()
    monkeypatch.setattr(distances, "AT_ONCE", at_once)
    assert measure() == whole


def test_no_part_is_larger_than_it_may_be(monkeypatch):
    monkeypatch.setattr(distances, "AT_ONCE", 200)
    shapes = []
    distances.from_each(REAL, SAMPLES, lambda part: shapes.append(part.shape) or part.min(axis=1))
    assert sum(n for n, _ in shapes) == len(REAL)
    assert all(n * m <= 200 and m == len(SAMPLES) for n, m in shapes)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: distances.from_each(REAL, SAMPLES[:, :1], np.any), "points and others must have as many columns"),
        (lambda: distances.from_each(REAL, SAMPLES, 3), "ask must be a function"),
        (lambda: distances.from_each(REAL, SAMPLES, lambda part: part.min()), "ask must return a row a point"),
        (lambda: distances.to_neighbour(REAL, 41), "k must be below the number of points, 41, got 41"),
    ],
)
def test_what_has_no_distances_is_refused(call, said):
    with pytest.raises((TypeError, ValueError), match=said):
        call()
