"""A course on model collapse, and the one loop behind it: refit any model to what its predecessor sampled.

Read `loop.py` first. Names are loaded when they are first used, so importing the package is quick.
"""

import lazy_loader

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
