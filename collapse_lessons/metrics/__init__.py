"""Measures of numbers, points and pictures by name; of text, of a language model and of pictures' features in modules.

A metric is `metric(generation, reference) -> float`. `generation` is what the loop yields, `reference` what to compare
it with: the real data, unless a lesson says otherwise. Those of text and of features take rows: wrap them in a lambda.
Averages hide the beginning of a collapse, so every lesson pairs one with a measure of the tail. Nothing here goes round
the loop.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
