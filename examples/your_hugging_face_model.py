"""Your language model of Hugging Face's library in the loop: python examples/your_hugging_face_model.py [folder].

Without a folder it is the small base that the course carries. `CausalLM` of this package does the same with all the
care that a real experiment needs; this is how little the loop asks for.
"""

import sys

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from collapse_lessons import check_model, run
from collapse_lessons.worlds import datasets

FOLDER = sys.argv[1] if __name__ == "__main__" and sys.argv[1:] else datasets.data_path("base/config.json").parent
BLOCK = 8  # tokens in a row


class Tuned:
    def __init__(self, folder):
        self.network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)

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


text = "The old man sat down by the fire and told them of the days when he was young. " * 4
tokens = np.array(AutoTokenizer.from_pretrained(FOLDER)(text, add_special_tokens=False)["input_ids"])
real = np.lib.stride_tricks.sliding_window_view(tokens, BLOCK)[:24]
report = check_model(Tuned(FOLDER), real)
distinct = {"distinct tokens": lambda generation, reference: len(np.unique(generation.samples))}
rows = run(Tuned(FOLDER), real, metrics=distinct, n_generations=3, warm_start=True).rows
if __name__ == "__main__":
    print(report)
    print(rows)
