"""Good values of the loop, what one does with it, its recipes and the check of models."""

from collapse_lessons import metrics, recipes
from collapse_lessons.models.gaussian import Gaussian

from .common import DIGITS, FRAME, LOOP, POOL, X, draw, loop, rng, turn
from .kinds import Anything, Either, Ours, Shaped

INPUTS = {
    "loop.generations": lambda: loop("model", "real", "recipe", "n_generations", "n") | {"start": 1, "past": [X]},
    "loop.stream": lambda: {"stage": 0, "generation": 0, "seed": 0},
    "model_check.check_model": lambda: {"model": Anything(Gaussian()), "X": Either(X, Shaped(X), DIGITS, FRAME)},
    "recipes.Fresh": lambda: {"draw": draw, "real_fraction": 0.5},
    "recipes.Fresh.__call__": lambda: (recipes.Fresh(draw, 0.5), POOL),
    "recipes.Fresh.crawl": lambda: (recipes.Fresh(draw, 0.5).crawl, POOL),
    "recipes.Mix": lambda: {"real_fraction": 0.5},
    "recipes.Mix.__call__": lambda: (recipes.Mix(0.5), POOL),
    "recipes.accumulate": lambda: POOL | {"n": Anything(3), "rng": Anything(rng())},
    "recipes.accumulate_subsample": lambda: POOL,
    "recipes.drawn": lambda: {"draw": draw, "n": 3, "like": Ours(X), "rng": rng()},
    "recipes.forgets": lambda: {"recipe": Anything(recipes.replace)},
    "recipes.pick": lambda: {"X": Either(X, Shaped(X), X[:, 0] > 0, DIGITS), "k": 3, "rng": rng()},
    "recipes.replace": lambda: POOL | {"n": Anything(3), "rng": Anything(rng())},
    "runs.check_keep": lambda: {"keep": Either([0], {0}), "n_generations": Ours(3)},
    "runs.check_metrics": lambda: {"metrics": {"std": metrics.std}},
    "runs.check_view": lambda: {"view": Either(metrics.std, None)},
    "runs.measure": lambda: {"generation": turn(), "metrics": {"std": metrics.std}, "reference": Anything(X)},
    "runs.run": lambda: LOOP,
}
