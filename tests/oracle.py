"""How the tests compare a simulation with an exact value.

Chains are independent and the errors are counted in standard errors. Six of them are exceeded by chance once in 5e8
comparisons; the whole suite makes fewer than 400, so a false alarm has a chance below 1e-6 a run, whatever its seeds.
What a plausible wrong formula would give is handed over as `wrong`: the sizes must be large enough to tell it from the
right one, twelve standard errors away at least, so that the same test would fail with it. `last` and `normal` run the
simulation.
"""

import numpy as np

from collapse_lessons import generations, replace
from collapse_lessons.loop import DATA, stream

SIGMAS = 6.0


def assert_mean(values, exact, *, wrong=(), approximate=0.0):
    """Assert that independent `values`, shape (n_chains,), have the mean `exact`, and could not have a `wrong` one.

    `approximate` is how far off the formula itself may be.
    """
    values = np.asarray(values, dtype=float)
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
    allowed = SIGMAS * error + approximate
    assert abs(mean - exact) <= allowed, f"{mean:.5g} should be {exact:.5g}, with a standard error of {error:.2g}"
    for other in wrong:
        assert abs(exact - other) > 2 * allowed, f"too few chains to tell {exact:.5g} from the wrong {other:.5g}"


def assert_same_mean(first, second):
    """Assert that two independent samples, each of shape (n_chains,), come from distributions with one mean."""
    error = np.sqrt(np.var(first, ddof=1) / len(first) + np.var(second, ddof=1) / len(second))
    assert abs(np.mean(first) - np.mean(second)) <= SIGMAS * error


def last(model, real, recipe=replace, *, fits, n=None, seed=0):
    """Return the generation that has been fitted `fits` times."""
    return list(generations(model, real, recipe, n_generations=fits, n=n, seed=seed))[-1]


def normal(n, n_chains, seed):
    """Return real rows of a standard normal distribution, a column a chain."""
    return stream(DATA, 0, seed).standard_normal((n, n_chains))
