"""Good values for what is public in defences/."""

from functools import cache

import numpy as np

from collapse_lessons.defences import curation, detectors, filters, verify, watermark
from collapse_lessons.defences.watermarked import Watermarked
from collapse_lessons.models.decoding import Sampling
from collapse_lessons.worlds import encyclopedia

from .common import DECODED, DECODER, POOL, REAL, ROWS, SMALL, WORLD, X, decoded, draw, reward, rng
from .kinds import Anything, Either, Ours


def write(n, rng):
    return encyclopedia.pages(WORLD.articles(n, rng))


def truth(rows):
    return np.reshape(rows, (len(rows), -1))[:, 0] > 0


def flags(rows, synthetic, rng):
    return synthetic


def crawl(pool, n, rng):
    return pool[-1][:n], np.ones(n, dtype=bool)


@cache
def detector():
    return detectors.TextDetector().fit(ROWS[:2], ROWS[2:4], ROWS[4:])


FLAGGED = {"rows": X, "synthetic": X[:, 0] > 0, "rng": rng()}


INPUTS = {
    "defences.curation.Best": lambda: {"reward": reward},
    "defences.curation.Best.__call__": lambda: (curation.Best(reward), POOL | {"n": Anything(3)}),
    "defences.curation.Curated": lambda: {"reward": reward},
    "defences.curation.Curated.__call__": lambda: (curation.Curated(reward), POOL),
    "defences.detectors.Retrained": lambda: {"draw": write, "n": 3},
    "defences.detectors.Retrained.__call__": lambda: (
        detectors.Retrained(write, 3),
        {"rows": ROWS, "synthetic": np.arange(6) % 2 == 0, "rng": rng()},
    ),
    "defences.detectors.TextDetector": dict,
    "defences.detectors.TextDetector.__call__": lambda: (
        detector(),
        {"rows": ROWS, "synthetic": Anything(np.arange(6) < 3), "rng": Anything(rng())},
    ),
    "defences.detectors.TextDetector.fit": lambda: (
        detectors.TextDetector().fit,
        {"human": ROWS[:2], "machine": ROWS[2:4], "held_out": ROWS[4:]},
    ),
    "defences.detectors.TextDetector.score": lambda: (detector().score, {"rows": ROWS}),
    "defences.filters.Candidates": lambda: {"draw": draw, "real_fraction": 0.5},
    "defences.filters.Candidates.__call__": lambda: (filters.Candidates(draw, 0.5), POOL),
    "defences.filters.Filter": lambda: {"candidates": crawl, "detector": flags, "size": 3},
    "defences.filters.Filter.__call__": lambda: (filters.Filter(filters.Candidates(draw, 0.5), flags, 3), POOL),
    "defences.filters.Filter.crawl": lambda: (filters.Filter(filters.Candidates(draw, 0.5), flags, 3).crawl, POOL),
    "defences.filters.Rates": lambda: {"true_positive": 0.5, "false_positive": 0.5},
    "defences.filters.Rates.__call__": lambda: (
        filters.OPENAI_2023,
        FLAGGED | {"rows": Anything(X), "synthetic": Either(X[:, 0] > 0, X > 0)},
    ),
    "defences.filters.any_of": lambda: {"detectors": flags},
    "defences.filters.check_flags": lambda: {"flagged": X[:, 0] > 0, "rows": Ours(X), "name": Ours("flagged")},
    "defences.verify.Checker": lambda: {"truth": truth, "accuracy": 0.5},
    "defences.verify.Checker.__call__": lambda: (verify.Checker(truth, 0.5), {"rows": REAL, "rng": rng()}),
    "defences.verify.Checker.hours": lambda: (verify.Checker(truth, 0.5).hours, {"checked": 3.0}),
    "defences.verify.Checker.money": lambda: (verify.Checker(truth, 0.5).money, {"checked": 3.0}),
    "defences.verify.Verified": lambda: {"checker": Either(verify.Checker(truth, 0.5), truth), "budget": 3, "size": 5},
    "defences.verify.Verified.__call__": lambda: (
        verify.Verified(verify.Checker(truth, 0.5), 3, 5),
        POOL | {"n": Anything(3)},
    ),
    "defences.verify.right_articles": lambda: {"world": WORLD, "rows": ROWS},
    "defences.watermark.GreenList": lambda: {"vocabulary": 9, "end": 0},
    "defences.watermark.GreenList.favour": lambda: (
        watermark.GreenList(9).favour,
        {"previous": SMALL[0], "word": SMALL[0]},
    ),
    "defences.watermark.GreenList.z": lambda: (watermark.GreenList(9).z, {"rows": SMALL}),
    "defences.watermark.MarkDetector": lambda: {"mark": watermark.GreenList(9)},
    "defences.watermark.MarkDetector.__call__": lambda: (
        watermark.MarkDetector(watermark.GreenList(9)),
        {"rows": SMALL, "synthetic": Anything(), "rng": Anything()},
    ),
    "defences.watermarked.Watermarked": lambda: {"decoder": DECODER, "mark": watermark.GreenList(9)},
    "defences.watermarked.Watermarked.__call__": lambda: (
        Watermarked(Sampling(), watermark.GreenList(9)),
        DECODED | decoded(),
    ),
}
