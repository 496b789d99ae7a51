"""Plots of the course: data in, `ax=None`, Axes out; nothing is shown until `show`.

What draws one explorer or one lesson alone does not belong here, but to the course.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
