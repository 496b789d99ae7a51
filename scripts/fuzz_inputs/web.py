"""Good values for what is public in web/."""

from collapse_lessons.models.categorical import Categorical
from collapse_lessons.models.gaussian import Gaussian
from collapse_lessons.web import labs
from collapse_lessons.web.crawl import Web

from .common import FITS, NUMBER, POOL, SHARE, X, draw, rng
from .kinds import Anything, Either, Shaped


def score(generation, seed):
    return {"std": 1.0}


INPUTS = {
    "web.crawl.Web": lambda: {"draw": draw, "n_human": 3, "machine": [0.1, 0.5], "newest": 1},
    "web.crawl.Web.__call__": lambda: (Web(draw, 5, [0.1]), POOL | {"n": 3}),
    "web.crawl.Web.crawl": lambda: (Web(draw, 5, [0.1]).crawl, POOL | {"n": 3}),
    "web.crawl.Web.pages": lambda: (Web(draw, 5, [0.1]).pages, {"pool": [X, X]}),
    "web.crawl.machine_share": lambda: {"year": Shaped(2024.0)},
    "web.labs.Labs": lambda: {"model": Categorical(9), "n_labs": 2},
    "web.labs.Labs.fit": lambda: (labs.Labs(Gaussian(), 2).fit, {"X": Either(X[:, :, None], X), "rng": rng()}),
    "web.labs.Labs.sample": lambda: (labs.Labs(Gaussian(), 2).fit(X[:, :, None], rng()).sample, {"n": 3, "rng": rng()}),
    "web.labs.Shared": lambda: {"share": 0.5, "size": 3},
    "web.labs.Shared.__call__": lambda: (labs.Shared(0.5, 3), POOL | {"n": Anything(3)}),
    "web.maps.gaussian_map": lambda: {
        "n_real": Either([5, 6], FITS),
        "share": Either([0.0, 0.5], SHARE),
        "n_chains": 3,
        "n_generations": 2,
    },
    "web.maps.measured_map": lambda: {
        "model": Gaussian(),
        "draw": draw,
        "score": score,
        "n_real": [5, 6],
        "share": [0.0, 0.5],
        "n_generations": 2,
        "n_scored": 1,
        "seeds": [0],
    },
    "web.maps.replayed": lambda: {"draw": Anything(draw), "real_fraction": 0.5},
    "web.maps.synthetic_rows": lambda: {"n_real": FITS, "share": SHARE},
    "web.stock.run_out": lambda: {"stock": NUMBER, "demand": NUMBER, "growth": NUMBER, "withdrawn": SHARE},
}
