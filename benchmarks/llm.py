"""One generation of lesson 08's experiment, by `CausalLM` and by the pattern of the Nature paper's released code.

That pattern: single precision, a data loader that hands over rows in steps of 128, one epoch after another, and
`generate` at its defaults with five beams and a repetition penalty of 3, in batches of 128. With a graphics card both
run on it, at the size of OPT-125M and from random weights (speed does not ask what a weight is); else in miniature.
"""

import copy
import time

import numpy as np
import torch
from transformers.utils import logging

from collapse_lessons import protocol, text_metrics
from collapse_lessons.models.decoding import Beams, Sampling
from collapse_lessons.models.language import CausalLM, Own, Training
from collapse_lessons.models.precision import fast_training, fast_writing

ON_CARD = torch.cuda.is_available()
DEVICE = "cuda" if ON_CARD else "cpu"
OPT_125M = {"vocabulary": 50272, "context": 2048, "width": 768, "layers": 12, "heads": 12}
BATCH, EPOCHS = 128, 2
BEAMS = Beams(5, repetition_penalty=3.0)


def timed(function, *args):
    if ON_CARD:
        torch.cuda.synchronize()
    began = time.perf_counter()
    result = function(*args)
    if ON_CARD:
        torch.cuda.synchronize()
    return result, time.perf_counter() - began


def start():
    """Return the model that both start from, rows of real tokens and held-out rows."""
    if not ON_CARD:
        setting = protocol.pocket(protocol.Protocol(), n=600)
        return setting.model, setting.real, setting.held_out
    rng = np.random.default_rng(0)
    rows = rng.integers(3, 50272, size=(2560, 64))
    model = CausalLM(**OPT_125M, first=Training(1, 1e-5, BATCH), prompt=Own(64), device=DEVICE, rows_at_once=BATCH)
    return model.fit(rows[:BATCH], rng), rows[:2048], rows[2048:]


def ours(model, rows, plan):
    model = copy.deepcopy(model)
    model.training, model.decoder, model.validation = plan, BEAMS, None
    model.precision, model.writing = fast_training(DEVICE), fast_writing(DEVICE)
    _, training = timed(model.fit, rows, np.random.default_rng(0))
    _, writing = timed(model.sample, len(rows), np.random.default_rng(1))
    return model, training, writing


def released(model, rows, plan):
    model = copy.deepcopy(model)
    network = model.network_.train()
    torch.manual_seed(0)
    items = [torch.tensor(row) for row in rows]
    optimiser = torch.optim.AdamW(network.parameters(), lr=plan.learning_rate)

    def train():
        steps = plan.epochs * -(-len(rows) // BATCH)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        for _ in range(plan.epochs):
            for batch in torch.utils.data.DataLoader(items, BATCH, shuffle=True):
                tokens = batch.to(DEVICE)
                loss = network(tokens, labels=tokens).loss
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()

    def write():
        settings = {"num_beams": 5, "repetition_penalty": 3.0, "min_new_tokens": 64, "max_new_tokens": 64}
        for batch in torch.utils.data.DataLoader(items, BATCH):
            tokens = batch.to(DEVICE)
            network.generate(tokens, attention_mask=torch.ones_like(tokens), pad_token_id=1, **settings)

    _, training = timed(train)
    network.eval()
    _, writing = timed(write)
    return model, training, writing


def peak(precision):
    """Return the floating-point operations a second of a large product of matrices, the best of ten."""
    n = 8192 if ON_CARD else 1024
    a, b = (torch.randn(n, n, device=DEVICE, dtype=precision) for _ in range(2))
    return 2 * n**3 / min(timed(torch.matmul, a, b)[1] for _ in range(10))


def main():
    logging.set_verbosity_error()
    model, rows, held_out = start()
    weights = sum(p.numel() for p in model.network_.parameters())
    where = torch.cuda.get_device_name() if ON_CARD else f"CPU, {torch.get_num_threads()} thread(s)"
    print(f"{len(rows)} blocks of 64 tokens, {EPOCHS} epochs, 5 beams, {weights / 1e6:.2f} M weights, on {where}")
    plan = Training(EPOCHS, 2e-5 if ON_CARD else 1e-3, BATCH)
    both = []
    for name, make in (("CausalLM", ours), ("released pattern", released)):
        made, training, writing = make(model, rows, plan)
        both.append(training + writing)
        print(
            f"{name:18} training {EPOCHS * rows.size / training:9,.0f} tokens/s, writing {rows.size / writing:8,.0f} "
            f"tokens/s, both {both[-1]:6.1f} s, perplexity {text_metrics.perplexity(made, held_out):.3f}",
            flush=True,
        )
        if name == "CausalLM":
            rate = 6 * weights * EPOCHS * rows.size / training
            print(f"{'':18} that is {rate / peak(made.precision):.0%} of the device's measured peak in training")
    print(f"CausalLM is {both[1] / both[0]:.1f} times as fast")
    made.decoder = Sampling()
    _, writing = timed(made.sample, len(rows), np.random.default_rng(1))
    print(f"pure sampling writes {rows.size / writing:,.0f} tokens/s")


if __name__ == "__main__":
    main()
