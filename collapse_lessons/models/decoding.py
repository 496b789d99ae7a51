"""Decoders: how the probabilities of a language model become text.

A decoder is a function `decoder(network, prompts, length, generator, end) -> tokens`. It continues each row of
`prompts`, shape (n, k), by `length` tokens, shape (n, length). `end` is the token that ends a text, or None: once it
has come, only it comes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from transformers import StaticCache

from collapse_lessons import checks
from collapse_lessons.models.checkpoints import memory_argument

SPARSE = 0.7  # texts that are over are put aside when fewer than this share of the rows go on
Decoder = Callable[[torch.nn.Module, torch.Tensor, int, torch.Generator, int | None], torch.Tensor]


@dataclass(frozen=True)
class Sampling:
    """Draw each token from the model's probabilities: as they are by default, or in favour of the likely ones.

    Parameters
    ----------
    temperature : float in [0, 10]
        p becomes p^(1/temperature), rescaled; 0 takes the likeliest token, always.
    top_k : int, optional
        Keep the `top_k` likeliest tokens only (Fan et al. 2018).
    top_p : float in (0, 1]
        Keep the fewest, likeliest tokens that hold `top_p` together: the nucleus (Holtzman et al. 2020).
    repetition_penalty : float in [1, 10]
        See `penalise`.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0
    repetition_penalty: float = 1.0

    def __post_init__(self):
        checks.number("temperature", self.temperature, 0, 10, "1 samples what was learned, less favours the likely")
        checks.number("top_p", self.top_p, 1e-9, 1, "1 keeps the whole tail")
        if self.top_k is not None:
            checks.whole("top_k", self.top_k, 1, "None keeps all tokens")
        checks.number("repetition_penalty", self.repetition_penalty, 1, 10, "1 is no penalty")
        checks.own_numbers(self)

    @torch.inference_mode()
    def __call__(self, network, prompts, length, generator, end=None):
        length, end = check_call(network, prompts, length, end)
        checks.instance("generator", generator, torch.Generator, "torch.Generator().manual_seed(0)")
        # A number for each token to come, drawn by row and on the CPU: what a row says depends on neither its
        # neighbours nor the device, however many rows are written side by side.
        draws = torch.rand((len(prompts), length), generator=generator).to(prompts.device)
        text = prompts
        step = _Steps(network, prompts.shape[1] + length)
        alive = torch.arange(len(prompts), device=prompts.device)  # rows that `step` still reads
        written = torch.full((len(prompts), length), 0 if end is None else end, device=prompts.device)
        logits = step(prompts)
        for i in range(length):
            token = self._choose(penalise(logits, text, self.repetition_penalty), draws[alive, i : i + 1])
            if end is not None and i:
                token = torch.where(text[:, -1:] == end, end, token)
            written[alive, i] = token[:, 0]
            if i + 1 == length:
                break
            text = torch.cat([text, token], dim=1)
            if end is not None:
                going_on = (token[:, 0] != end).nonzero()[:, 0]
                if not len(going_on):
                    break
                if len(going_on) < SPARSE * len(alive):  # moving the others together costs a step or two
                    alive, text, token = alive[going_on], text[going_on], token[going_on]
                    step.keep(going_on)
            logits = step(token)
        return written

    def _choose(self, logits, draws):
        if self.temperature == 0:
            return logits.argmax(dim=1, keepdim=True)
        logits = logits / self.temperature
        if self.top_k is not None and self.top_k < logits.shape[1]:
            least = logits.topk(self.top_k, dim=1).values[:, -1:]
            logits = logits.masked_fill(logits < least, -torch.inf)
        probs = logits.softmax(dim=1)
        if self.top_p < 1:
            ranked, order = probs.sort(dim=1, descending=True, stable=True)
            ahead = ranked.cumsum(dim=1) - ranked  # what the likelier ones hold already
            probs = torch.zeros_like(probs).scatter(1, order, ranked.masked_fill(ahead >= self.top_p, 0))
        return draw_from(probs, draws)


def draw_from(probs: torch.Tensor, draws: torch.Tensor) -> torch.Tensor:
    """Return the token of each row of `probs`, shape (n, vocabulary), at which they pass its draw in [0, 1), (n, 1)."""
    for name, X in (("probs", probs), ("draws", draws)):
        if not isinstance(X, torch.Tensor) or X.ndim != 2 or not X.is_floating_point() or len(X) != len(probs):
            raise TypeError(
                f"{name} must be a tensor of floats with a row for each text, got {checks.shown(X)}: reshape it"
            )
    passed = probs.cumsum(dim=1)
    total = passed[:, -1:]  # 1 but for rounding, by which the last token must not be passed
    return torch.searchsorted(passed, torch.minimum(draws * total, total.nextafter(-total)), right=True)


@dataclass(frozen=True)
class Beams:
    """Keep the `width` likeliest continuations at every step, and return the likeliest of them at the end.

    Nothing is random here. Every text has the same length, so that no length penalty is needed.

    Parameters
    ----------
    width : int
        Beams; the Nature paper's text has 5.
    repetition_penalty : float in [1, 10]
        See `penalise`; the code released with the Nature paper sets 3.
    """

    width: int = 5
    repetition_penalty: float = 1.0

    def __post_init__(self):
        checks.whole("width", self.width, 1, "5 beams are common, 1 is greedy")
        checks.number("repetition_penalty", self.repetition_penalty, 1, 10, "1 is no penalty")
        checks.own_numbers(self)

    @torch.inference_mode()
    def __call__(self, network, prompts, length, generator=None, end=None):
        length, end = check_call(network, prompts, length, end)
        n, width = len(prompts), self.width
        first = torch.arange(0, n * width, width, device=prompts.device)[:, None]  # the first beam of each prompt
        text = prompts.repeat_interleave(width, dim=0)  # (n * width, k)
        scores = torch.full((n, width), -torch.inf, device=prompts.device)
        scores[:, 0] = 0  # all beams start equal: let one of them speak
        step = _Steps(network, prompts.shape[1] + length)
        logits = step(text)
        for i in range(length):
            logp = penalise(logits.log_softmax(dim=1), text, self.repetition_penalty)
            if end is not None and i:
                over = text[:, -1] == end
                logp[over] = -torch.inf
                logp[over, end] = 0
            vocabulary = logp.shape[1]
            scores, best = (scores[:, :, None] + logp.view(n, width, vocabulary)).view(n, -1).topk(width, dim=1)
            rows = (first + best // vocabulary).flatten()  # the beam that each of the new ones grew from
            token = (best % vocabulary).view(-1, 1)
            text = torch.cat([text[rows], token], dim=1)
            if i + 1 < length:
                step.reorder(rows, prompts.shape[1], prompts.shape[1] + i)
                logits = step(token)
        return text[first[:, 0], prompts.shape[1] :]  # topk sorts: the first beam is the likeliest


def penalise(scores: torch.Tensor, text: torch.Tensor, penalty: float) -> torch.Tensor:
    """Make the tokens of `text`, shape (n, k), less likely to come again (Keskar et al. 2019).

    `scores`, shape (n, vocabulary), are logits or log-probabilities: those above 0 are divided by `penalty`, those
    below multiplied.
    """
    penalty = checks.number("penalty", penalty, 1, 10, "1 is no penalty")
    for name, X in (("scores", scores), ("text", text)):
        if not isinstance(X, torch.Tensor) or X.ndim != 2 or X.is_floating_point() != (name == "scores"):
            raise TypeError(
                f"{name} must be a tensor with a row for each text, got {checks.shown(X)}: see the docstring"
            )
    if penalty == 1:
        return scores
    said = scores.gather(1, text)
    return scores.scatter(1, text, torch.where(said < 0, said * penalty, said / penalty))


def check_call(network, prompts, length, end):
    """Return length and end as Python's own numbers, or say what is wrong with what a decoder was called with."""
    if not callable(network) or not hasattr(network, "config"):
        raise TypeError(
            f"network must be a language model of transformers, got {checks.shown(network)}: pass model.network_"
        )
    if (
        not isinstance(prompts, torch.Tensor)
        or prompts.ndim != 2
        or prompts.dtype != torch.int64
        or not prompts.numel()
    ):
        raise TypeError(
            f"prompts must be a tensor of token ids, int64, of shape (n, k), got {checks.shown(prompts)}: use "
            "torch.tensor(rows)"
        )
    length = checks.whole("length", length, 1, "write at least one token")
    most = getattr(network.config, "max_position_embeddings", None)  # some architectures read any number of tokens
    if most is not None and (k := prompts.shape[1]) + length - 1 > most:  # the last token is written, not read
        raise ValueError(
            f"length must be at most {most + 1 - k} after prompts of {k} tokens, since the network reads {most}, got "
            f"{length}: write less"
        )
    last = network.config.vocab_size - 1
    return length, None if end is None else checks.whole("end", end, 0, "a token id, or None", last)


class _Steps:
    """Read tokens one after another: a network with the keys and values of all tokens so far, in fixed memory."""

    def __init__(self, network, length):
        self.network = network
        self.cache = StaticCache(config=network.config, max_cache_len=length)
        self.settings = {memory_argument(network): self.cache, "use_cache": True, "logits_to_keep": 1}

    def __call__(self, tokens):
        """Read `tokens`, shape (n, k), and return the logits of what comes next, shape (n, vocabulary)."""
        return self.network(tokens, **self.settings).logits[:, -1].float()

    def keep(self, rows):
        """Go on with these rows alone."""
        self.cache.reorder_cache(rows)

    def reorder(self, rows, start, stop):
        """Let each row go on from what row `rows[i]` has read between two positions; elsewhere both read the same."""
        for layer in self.cache.layers:
            for memory in (layer.keys, layer.values):
                part = memory[:, :, start:stop]
                part.copy_(part[rows])
