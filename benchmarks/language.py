"""One generation of the pocket language model, by `CausalLM` and by Hugging Face's `Trainer` and `generate`.

The same network, articles, epochs, learning rate and decoder; else `Trainer` and `generate` are at their defaults, such
as 8 rows a step. Perplexity is on articles that neither has seen.
"""

import tempfile
import time

import numpy as np
import torch
from transformers import OPTForCausalLM, Trainer, TrainingArguments
from transformers.utils import logging

from collapse_lessons import text_metrics
from collapse_lessons.encyclopedia import END, VOCABULARY, Encyclopedia, pages
from collapse_lessons.models.decoding import Beams, Sampling
from collapse_lessons.models.language import CausalLM, Training

EPOCHS, N = 5, 1500
RATE = 5e-3  # Trainer's default, 5e-5, learns nothing here
PAD = len(VOCABULARY)  # for Trainer: a word of its own, which is never predicted


def timed(function, *args):
    began = time.perf_counter()
    result = function(*args)
    return result, time.perf_counter() - began


def ours(real, batch=8, epochs=EPOCHS, **shape):
    model = CausalLM(len(VOCABULARY), end=END, first=Training(epochs, RATE, batch), **shape)
    model, training = timed(model.fit, real, np.random.default_rng(0))
    _, sampling = timed(model.sample, len(real), np.random.default_rng(1))
    return model, training, sampling


def theirs(real, batch=8):
    """Train and sample as the documentation of transformers shows it: one dict a row, labels with -100 for filler."""
    torch.manual_seed(0)
    network = OPTForCausalLM(CausalLM(len(VOCABULARY), context=65, end=END)._config())
    rows = np.pad(real, ((0, 0), (1, 0)), constant_values=END)
    after = np.cumsum(rows == END, axis=1) - (rows == END) > 1
    items = [
        {"input_ids": torch.tensor(row), "labels": torch.tensor(np.where(filler, -100, row))}
        for row, filler in zip(rows, after, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder, num_train_epochs=EPOCHS, per_device_train_batch_size=batch, learning_rate=RATE,
            lr_scheduler_type="cosine", report_to=[], disable_tqdm=True, use_cpu=True, save_strategy="no",
            logging_strategy="no",
        )  # fmt: skip
        _, training = timed(Trainer(network, arguments, train_dataset=items).train)
    network.eval()
    start = torch.full((len(real), 1), END)
    options = {"do_sample": True, "max_new_tokens": 64, "top_k": 0, "pad_token_id": END}
    _, sampling = timed(lambda: network.generate(start, attention_mask=torch.ones_like(start), **options))
    model = CausalLM(len(VOCABULARY), context=65, end=END)
    model.network_ = network
    return model, training, sampling


def main():
    logging.set_verbosity_error()
    world = Encyclopedia()
    real, held_out = (pages(world.articles(n, np.random.default_rng(i))) for i, n in enumerate((N, 500)))
    words = int((real != END).sum() + len(real))
    print(f"{N} articles, {EPOCHS} epochs from random weights, {torch.get_num_threads()} thread(s)")
    print(f"{'':38}{'train':>8}{'sample':>8}{'both':>8}   perplexity")
    for batch in (8, 32):
        whole = []
        for name, make in (("CausalLM", ours), ("Trainer and generate", theirs)):
            model, training, sampling = make(real, batch)
            whole.append(training + sampling)
            score = text_metrics.perplexity(model, held_out)
            name = f"{name}, {batch} rows a step"
            print(f"{name:38}{training:6.1f} s{sampling:6.1f} s{whole[-1]:6.1f} s   {score:.2f}", flush=True)
        print(f"CausalLM is {whole[1] / whole[0]:.1f} times as fast\n")

    model, training, _ = ours(real, 32, 1)
    print(f"training: {words / training:,.0f} tokens/s; writing 256 rows of 64 tokens, in tokens/s:")
    for decoder in (
        Sampling(), Sampling(temperature=0.7, top_p=0.9), Sampling(top_k=40), Sampling(temperature=0), Beams(5),
        Beams(5, repetition_penalty=3.0),
    ):  # fmt: skip
        none = np.empty((256, 0), dtype=int)
        _, seconds = timed(model.write, none, 64, np.random.default_rng(0), decoder)
        print(f"  {256 * 64 / seconds:9,.0f}  {decoder}")

    print("\nseconds for one epoch and as many samples, by size:")
    for rows, shape in [(750, {}), (1500, {}), (1500, {"width": 128}), (1500, {"layers": 4})]:
        model, training, sampling = ours(real[:rows], 32, 1, **shape)
        weights = sum(p.numel() for p in model.network_.parameters()) / 1e6
        print(f"  {rows} articles, {weights:.2f} M weights: training {training:.1f}, sampling {sampling:.1f}")


if __name__ == "__main__":
    main()
