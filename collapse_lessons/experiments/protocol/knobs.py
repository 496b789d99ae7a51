"""The knobs of the experiment, and settings of them by name."""

from dataclasses import dataclass, field

import torch

from collapse_lessons import checks
from collapse_lessons.models.decoding import Beams, Decoder, Sampling
from collapse_lessons.models.training import Training
from collapse_lessons.recipes import Mix, accumulate_subsample, replace


@dataclass(frozen=True)
class Protocol:
    """The knobs of the experiment; their defaults are what the paper's text says.

    Parameters
    ----------
    share : float in (0, 1]
        Share of the corpus's blocks that is used, for training and for validation.
    block : int
        Tokens a row.
    n_generations : int
    training : Training
        From the pretrained weights, in every generation.
    decoder : function
        The paper's text says five beams. The released code adds a repetition penalty of 3.0: `Beams(5, 3.0)`.
    real_prompts : bool
        Prompt with real text in every generation, instead of the text that it was trained on.
    choose_epoch : bool
        Keep the weights of the epoch after which real validation text is likeliest, instead of the last epoch's.
    """

    share: float = 1.0
    block: int = 64
    n_generations: int = 10
    training: Training = field(default_factory=lambda: Training(epochs=5, learning_rate=2e-5, batch=128))
    decoder: Decoder = field(default_factory=Beams)
    real_prompts: bool = False
    choose_epoch: bool = True

    def __post_init__(self):
        checks.number("share", self.share, 1e-6, 1, "1 is the whole corpus")
        checks.whole("block", self.block, 2, "64 is the paper's")
        checks.whole("n_generations", self.n_generations, 1, "10 are the paper's")
        checks.instance("training", self.training, Training, "write Training(epochs=5)")
        checks.function("decoder", self.decoder, "such as Sampling() or Beams(5)", "see models.decoding", 5)
        checks.flag("real_prompts", self.real_prompts, "True prompts with real text, always")
        checks.flag("choose_epoch", self.choose_epoch, "False keeps the last epoch's weights")
        checks.own_numbers(self)


PRESETS = {
    "laptop": Protocol(n_generations=4, training=Training(epochs=6, learning_rate=1e-3, batch=32)),
    "colab": Protocol(share=0.2),
    "paper": Protocol(),
}
MEMORY_OF_PAPER = 30e9  # bytes of a graphics card that the whole corpus is meant for
RECIPES = {"replace": replace, "10% real": Mix(0.1), "accumulate-subsample": accumulate_subsample}
DECODERS = {
    "sampling": Sampling(),
    "temperature 0.9": Sampling(temperature=0.9),
    "beams": Beams(5),
    "beams and penalty": Beams(5, repetition_penalty=3.0),
}


def preset_for_device() -> str:
    """Return the name of the preset that is meant for this machine."""
    if not torch.cuda.is_available():
        return "laptop"
    return "paper" if torch.cuda.get_device_properties(0).total_memory >= MEMORY_OF_PAPER else "colab"
