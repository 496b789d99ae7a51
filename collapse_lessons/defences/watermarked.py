"""A watermark in the decoder of a transformer."""

from dataclasses import dataclass

import torch

from collapse_lessons import checks
from collapse_lessons.defences.watermark import GreenList
from collapse_lessons.models.decoding import Decoder, check_call


@dataclass(frozen=True)
class Watermarked:
    """A decoder that leaves a watermark: `Watermarked(Sampling(), GreenList(vocabulary))` (Kirchenbauer et al. 2023).

    The strength is added to the logits of the words that are green after the word before. Everything else, temperature
    and top-p, is up to the decoder inside.
    """

    decoder: Decoder
    mark: GreenList

    def __post_init__(self):
        checks.function("decoder", self.decoder, "such as Sampling() or Beams(5)", "see models.decoding", 5)
        checks.instance("mark", self.mark, GreenList, "write GreenList(vocabulary)")

    def __call__(self, network, prompts, length, generator, end=None):
        length, end = check_call(network, prompts, length, end)
        n = network.config.vocab_size
        if n != self.mark.vocabulary:
            raise ValueError(f"vocabulary must be the network's, {n}, got {self.mark.vocabulary}: match them")
        added = torch.tensor(self.mark.strength * self.mark.table[:n, :n], dtype=torch.float32, device=prompts.device)
        return self.decoder(_Marked(network, added), prompts, length, generator, end)


class _Marked:
    """A network whose logits carry the mark, and which is otherwise the same to a decoder."""

    def __init__(self, network, added):
        self.network, self.config, self.added = network, network.config, added
        self.forward = network.forward  # whose signature a decoder asks for

    def __call__(self, tokens, *args, **kwargs):
        output = self.network(tokens, *args, **kwargs)
        output.logits = output.logits + self.added[tokens[:, -output.logits.shape[1] :]]
        return output
