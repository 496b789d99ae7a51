"""One generation of lesson 08's experiment, by `CausalLM` and by the pattern of the Nature paper's released code.

That pattern: single precision, a data loader that hands over rows in steps of 128, one epoch after another, and
`generate` at its defaults with five beams and a repetition penalty of 3, in batches of 128. With a graphics card both
run on it, at the size of OPT-125M and from random weights (speed does not ask what a weight is); else in miniature.

With `--model` a pretrained model does one generation on sentences of the Tiny Encyclopedia, beside `Trainer` and
`generate` at their defaults: 8 rows a step, single precision. What is between the two is added one by one.
"""

import copy
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import torch
from transformers import AutoTokenizer, Trainer, TrainingArguments
from transformers.utils import logging

from collapse_lessons import metrics
from collapse_lessons.experiments import protocol
from collapse_lessons.experiments.forecast import forecast, most_memory
from collapse_lessons.models.decoding import Beams, Sampling
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.precision import fast_training, fast_writing
from collapse_lessons.models.prompts import Own
from collapse_lessons.models.smollm2 import find_smollm2
from collapse_lessons.models.training import Training
from collapse_lessons.worlds import corpora
from collapse_lessons.worlds.encyclopedia import Encyclopedia

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


# --- a real model ----------------------------------------------------------------------------------------------------

REAL = Training(2, 1e-4, 8)  # 8 rows a step are those of Trainer: more learn less in as many epochs
BLOCKS = 32
GROWTH = {"threads": (1, 2, 4, 8), "rows_at_once": (2, 8), "blocks": (16, 64), "beams": (2, 5, 10)}


def defaults(model, rows, plan, decoder):
    """Train and write with `Trainer` and `generate`, as their documentation shows it."""
    model = copy.deepcopy(model)
    network = model.network_
    items = [{"input_ids": torch.tensor(row), "labels": torch.tensor(row)} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        settings = TrainingArguments(
            folder, num_train_epochs=plan.epochs, learning_rate=plan.learning_rate, lr_scheduler_type="cosine",
            report_to=[], disable_tqdm=True, use_cpu=not ON_CARD, save_strategy="no", logging_strategy="no",
        )  # fmt: skip
        _, training = timed(Trainer(network, settings, train_dataset=items).train)
    network.eval()
    how = {"num_beams": decoder.width} if isinstance(decoder, Beams) else {"do_sample": True, "top_k": 0}

    def write():
        for part in torch.tensor(rows, device=DEVICE).split(8):
            ones = torch.ones_like(part)
            network.generate(part, attention_mask=ones, min_new_tokens=64, max_new_tokens=64, pad_token_id=0, **how)

    _, writing = timed(write)
    return model, training, writing


def one_generation(model, rows, plan, decoder):
    model = copy.deepcopy(model)
    model.training, model.decoder = plan, decoder
    _, training = timed(model.fit, rows, np.random.default_rng(0))
    _, writing = timed(model.sample, len(rows), np.random.default_rng(1))
    return model, training, writing


def real(name):
    """Print what one generation of a pretrained model takes, by whose work it is fast."""
    folder = find_smollm2() if name == "smollm2" else name
    tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    rows, held_out = (
        corpora.blocks(corpora.tokens(" ".join(Encyclopedia().articles(200, np.random.default_rng(i))), tokenizer), 64)
        for i in (0, 1)
    )
    rows, held_out = rows[:BLOCKS], held_out[:BLOCKS]
    single, half = torch.float32, fast_training(DEVICE)
    base = CausalLM.from_checkpoint(folder, device=DEVICE, prompt=Own(64), rows_at_once=BLOCKS)
    weights = sum(p.numel() for p in base.network_.parameters())
    print(
        f"{len(rows)} blocks of 64 tokens, {REAL.epochs} epochs, {weights / 1e6:.1f} M weights, "
        f"{torch.get_num_threads()} thread(s); perplexity before {metrics.text.perplexity(base, held_out):.1f}"
    )
    steps = [  # what is added, one after another; the precision of training and reading, that of writing
        ("Trainer and generate", defaults, single, single),
        ("CausalLM", one_generation, single, single),
        (f"+ writing in {fast_writing(DEVICE)}", one_generation, single, fast_writing(DEVICE)),
        (f"+ training in {half}", one_generation, half, fast_writing(DEVICE)),
    ]
    for decoder in (Sampling(), Beams(5)):
        print(f"\n{decoder}: tokens a second")
        took = []
        for label, make, precision, writing_in in steps:
            base.precision, base.writing = precision, writing_in
            made, training, writing = make(base, rows, REAL, decoder)
            took.append(training + writing)
            rate = REAL.epochs * rows.size / training
            share = 6 * weights * rate / peak(precision)
            made.precision = single  # half precision reads what was learned in small steps worse than it is
            print(
                f"{label:28} training {rate:7,.0f} ({share:3.0%} of the peak), writing {rows.size / writing:7,.0f}, "
                f"both {took[-1]:6.1f} s, {took[0] / took[-1]:4.1f} times as fast, perplexity "
                f"{metrics.text.perplexity(made, held_out):.2f}",
                flush=True,
            )
            if make is one_generation:
                base.training, base.decoder = REAL, decoder
                print(f"{'':28} the forecast was {forecast(base, rows, n_generations=1).seconds:.1f} s", flush=True)
    growth(folder, rows, half)


def growth(folder, rows, precision):
    """Print how one generation's seconds and memory grow with cores, rows at once, blocks and beams."""
    usual = {"threads": torch.get_num_threads(), "rows_at_once": BLOCKS, "blocks": BLOCKS, "beams": 1}
    print(f"\nhow it grows, from {usual}: seconds of training and of writing, the most memory while training")
    changes = [{}, *({name: value} for name, values in GROWTH.items() for value in values if value != usual[name])]
    changes = [c for c in changes if c.get("threads", 1) <= os.cpu_count()]
    for change in changes:
        given = usual | change
        with ProcessPoolExecutor(1, get_context("spawn")) as own:  # a process remembers the most it ever took
            training, writing, most = own.submit(in_own_process, folder, rows, precision, **given).result()
        print(f"{change!s:24} {training:6.1f} {writing:6.1f} {most / 1e9:5.1f} GB", flush=True)


def in_own_process(folder, rows, precision, *, threads, rows_at_once, blocks, beams):
    torch.set_num_threads(threads)
    logging.set_verbosity_error()
    model = CausalLM.from_checkpoint(
        folder, device=DEVICE, prompt=Own(64), rows_at_once=rows_at_once, training=REAL, precision=precision,
        writing=fast_writing(DEVICE), decoder=Beams(beams) if beams > 1 else Sampling(),
    )  # fmt: skip
    rows = np.resize(rows, (blocks, rows.shape[1]))
    with most_memory() as most:
        _, training = timed(model.fit, rows, np.random.default_rng(0))
    _, writing = timed(model.sample, len(rows), np.random.default_rng(1))
    return training, writing, max(most)


def main(model=None):
    logging.set_verbosity_error()
    if model:
        real(model)
        return
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
            f"tokens/s, both {both[-1]:6.1f} s, perplexity {metrics.text.perplexity(made, held_out):.3f}",
            flush=True,
        )
        if name == "CausalLM":
            rate = 6 * weights * EPOCHS * rows.size / training
            print(f"{'':18} that is {rate / peak(made.precision):.0%} of the device's measured peak in training")
    print(f"CausalLM is {both[1] / both[0]:.1f} times as fast")
    made.decoder = Sampling()
    _, writing = timed(made.sample, len(rows), np.random.default_rng(1))
    print(f"pure sampling writes {rows.size / writing:,.0f} tokens/s")
