"""Your language model of Hugging Face's library in the loop: python examples/your_hugging_face_model.py [folder].

Without a folder it is a tiny one of GPT-2's shape that knows nothing yet. `CausalLM` of this package does the same with
all the care that a real experiment needs; this is how little the loop asks for.
"""

import sys

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, GPT2LMHeadModel

from collapse_lessons import check_model, run
from collapse_lessons.worlds import corpora

BLOCK = 8  # tokens in a row
TEXT = "The old man sat down by the fire and told them of the days when he was young. " * 4


def read(folder):
    """Return the model in a folder and its tokenizer, or a tiny one."""
    if folder:
        return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32), AutoTokenizer.from_pretrained(folder)
    tokenizer = corpora.train_tokenizer(TEXT, 300)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        shape = {"vocab_size": len(tokenizer), "n_positions": BLOCK, "n_embd": 32, "n_layer": 1, "n_head": 2}
        network = GPT2LMHeadModel(GPT2Config(**shape, bos_token_id=None, eos_token_id=None))
    return network.eval(), tokenizer  # no dropout: it would draw from a stream that is not the rng's


class Tuned:
    def __init__(self, network):
        self.network = network

    def fit(self, X, rng):
        optimiser = torch.optim.AdamW(self.network.parameters(), lr=1e-3)
        for _ in range(4):
            rows = torch.tensor(X[rng.integers(len(X), size=8)])
            self.network(input_ids=rows, labels=rows).loss.backward()
            optimiser.step()
            optimiser.zero_grad()
        self.first = torch.tensor(X[:, :1])
        return self

    def sample(self, n, rng):
        start = self.first[torch.tensor(rng.integers(len(self.first), size=n))]
        with torch.random.fork_rng():  # `generate` draws from torch's own stream: lend it, give it back
            torch.manual_seed(int(rng.integers(2**63)))
            made = self.network.generate(
                start,
                attention_mask=torch.ones_like(start),
                max_new_tokens=BLOCK - 1,
                min_new_tokens=BLOCK - 1,
                do_sample=True,
                pad_token_id=0,
            )
        return made.numpy()


network, tokenizer = read(sys.argv[1] if __name__ == "__main__" and sys.argv[1:] else None)
tokens = np.array(tokenizer(TEXT, add_special_tokens=False)["input_ids"])
real = np.lib.stride_tricks.sliding_window_view(tokens, BLOCK)[:24]
report = check_model(Tuned(network), real)
distinct = {"distinct tokens": lambda generation, reference: len(np.unique(generation.samples))}
rows = run(Tuned(network), real, metrics=distinct, n_generations=3, warm_start=True).rows
if __name__ == "__main__":
    print(report)
    print(rows)
