"""What is measured in every generation, and what is kept of it."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from collapse_lessons import checks, metrics
from collapse_lessons.experiments.protocol.setting import Setting
from collapse_lessons.loop import Generation
from collapse_lessons.metrics.language import Judged
from collapse_lessons.models.language import CausalLM


def measures(setting: Setting, first: CausalLM) -> dict[str, Callable]:
    """Return the metrics of the experiment; `first` is the fine-tuned model of generation 0.

    Perplexity on held-out real text, quantiles of that of the generated rows under `first`, and how varied these are.
    """
    checks.instance("setting", setting, Setting, "pretrained(...) and pocket(...) return one")
    checks.instance("first", first, CausalLM, "the fine-tuned model of generation 0")
    return {
        "perplexity": lambda generation, reference: metrics.text.perplexity(generation.fitted, setting.held_out),
        "judged": Judged(first),
        "distinct": lambda generation, reference: metrics.text.distinct(generation.samples),
        "repetition": lambda generation, reference: metrics.text.repetition(generation.samples),
    }


@dataclass(frozen=True)
class View:
    """What is kept of a generation: what it writes after each of some prompts, and how likely `first` finds its rows.

    Returns an array without axes and with four fields: `perplexity`, one for each of the first `rows` rows; `text`, one
    for each prompt; its `pieces`, shape (prompts, length), a token each; and the `surprise` at each of them, -ln p, of
    the model that wrote it.
    """

    setting: Setting
    first: CausalLM
    prompts: Sequence[str]
    length: int = 60
    rows: int = 4000

    def __post_init__(self):
        checks.instance("setting", self.setting, Setting, "pretrained(...) and pocket(...) return one")
        checks.instance("first", self.first, CausalLM, "the fine-tuned model of generation 0")
        checks.listed("prompts", self.prompts, "give at least one beginning of a text")
        for prompt in self.prompts:
            checks.text("prompts", prompt, "give each as a string")
            try:
                n_tokens = len(self.setting.encode(prompt))
            except ValueError as error:
                known = "of words that the setting's tokenizer knows"
                raise ValueError(f"prompts must be texts {known}, got {checks.shown(prompt)}: {error}") from None
            if not n_tokens:
                raise ValueError(f"prompts must hold texts of at least one token, got {prompt!r}: begin a sentence")
        most = self.setting.model.context - 1
        checks.whole("length", self.length, 1, "60 tokens are a sentence or two", most)
        checks.whole("rows", self.rows, 1, "4000 make a smooth histogram")
        checks.own_numbers(self)

    def __call__(self, generation: Generation) -> np.ndarray:
        metrics.text.check_generation(generation, ["samples", "fitted"])
        judged = metrics.text.perplexities(self.first, generation.samples[: self.rows])
        written, surprise = self._continued(generation.fitted)
        texts = [self.setting.decode(row) for row in written]
        pieces = [[self.setting.decode(row[i : i + 1]) for i in range(self.length)] for row in written]
        view = np.zeros(
            (),
            [
                ("perplexity", np.float32, judged.shape),
                ("text", np.array(texts).dtype, (len(texts),)),
                ("pieces", np.array(pieces).dtype, (len(texts), self.length)),
                ("surprise", np.float16, (len(texts), self.length)),
            ],
        )
        view["perplexity"], view["text"], view["pieces"], view["surprise"] = judged, texts, pieces, surprise
        return view

    def _continued(self, model):
        """Return the tokens that a model writes after each prompt, and its surprise at them, shape (prompts, length).

        Prompts of as many tokens are continued side by side.
        """
        most = model.context - self.length
        prompts = [self.setting.encode(prompt)[-most:] for prompt in self.prompts]  # the end of one that is too long
        written = np.zeros((len(prompts), self.length), dtype=np.int64)
        surprise = np.zeros(written.shape)
        by_length = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        for _, group in itertools.groupby(by_length, key=lambda i: len(prompts[i])):
            group = list(group)
            opening = np.stack([prompts[i] for i in group])
            written[group] = model.write(opening, self.length, np.random.default_rng(0))
            whole = np.concatenate([opening, written[group]], axis=1)
            surprise[group] = model.surprise(whole)[:, -self.length :]
        return written, surprise
