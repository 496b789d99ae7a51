"""Closed-form predictions: drawn over the figures of the lessons and checked by the tests, one file a family.

`fits` counts how often a model has been fitted: generation t of the loop has been fitted t + 1 times. `n` is the number
of samples each fit sees. Variances are in units of the real data's variance. "Derived" means worked out for this course
and checked by simulation in the tests. Every function takes arrays for `fits`. Nothing here draws a random number.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
