"""The Tiny Encyclopedia of an archipelago that does not exist: text whose truth, frequencies and entropy are known.

A grammar writes short articles. Each is about one species, drawn by Zipf's law; its facts never change, but which
sentences are written and how they are put is a matter of chance, with the probabilities in `GRAMMAR`. So one can count
what a language model keeps of it: species, facts, words, ways to put things.

>>> import numpy as np
>>> from collapse_lessons.worlds.encyclopedia import Encyclopedia
>>> world = Encyclopedia()
>>> world.articles(1, np.random.default_rng(19))[0]
'The velvet tumblin is a large white mouse of Hobb. It lives in church towers and eats barley.'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
