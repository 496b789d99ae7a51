"""One readable file a model; each has `fit(X, rng)` and `sample(n, rng)` and nothing else the loop needs.

What judges a model does not belong here, but to `metrics`.
"""
