"""Does a run that is stopped and goes on give the rows of one that is left alone, to the last bit of its samples?"""

import numpy as np

from collapse_lessons import replace, resume_run, run


def bits(generation, reference):
    """Return numbers that differ if a single bit of the samples does."""
    exact = np.ascontiguousarray(generation.samples).view(np.uint8).astype(np.int64).ravel()
    return {"sum": int(exact.sum()), "where": int((exact * (np.arange(exact.size) % 9973)).sum())}


def check_goes_on(folder, model, real, recipe=replace, **settings):
    """Compare six generations at a stretch with three, and three more in a call of their own."""
    settings |= {"metrics": {"bits": bits}, "seed": 2}
    whole = run(model, real, recipe, n_generations=6, **settings)
    resume_run(folder, model, real, recipe, n_generations=3, **settings)
    resumed = resume_run(folder, model, real, recipe, n_generations=6, **settings)
    assert resumed.rows.equals(whole.rows)
    assert whole.rows["where"].nunique() > 1  # samples that are always the same would prove nothing
