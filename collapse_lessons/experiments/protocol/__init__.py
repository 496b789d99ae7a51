"""The experiment of Shumailov et al. (2024): fine-tune a language model on what its predecessor wrote, ten times.

Every generation starts again from the same pretrained model. Each block of 64 tokens that it was trained on prompts the
next 64, and those are what its successor trains on.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
