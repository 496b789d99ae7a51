"""One generation of the pocket language model, by `CausalLM` and by Hugging Face's `Trainer` and `generate`.

Both go on from the same first generation, train on what it wrote, as often and from the same learning rate, and
write as much with the same decoder. `Trainer` and `generate` are else at their defaults, such as 8 rows a step;
`CausalLM` takes 64, and writes all rows side by side. Perplexity is on real articles that neither has seen: larger
steps do not cost any here. Rows of the same size of step, and the 32 of the course, tell what is whose.
"""

import copy
import tempfile
import time

import numpy as np
import torch
from transformers import Trainer, TrainingArguments
from transformers.utils import logging

from collapse_lessons import metrics
from collapse_lessons.models.decoding import Beams, Sampling
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.training import Training
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, pages

N, SEEDS = 1500, 3
PLAN = Training()


def timed(function, *args):
    began = time.perf_counter()
    result = function(*args)
    return result, time.perf_counter() - began


def ours(base, texts, seed, batch):
    model = copy.deepcopy(base)
    model.rows_at_once = len(texts)
    model.training = Training(PLAN.epochs, PLAN.learning_rate, batch)
    _, training = timed(model.fit, texts, np.random.default_rng(seed))
    _, sampling = timed(model.sample, len(texts), np.random.default_rng(seed + 100))
    return model, training, sampling


def theirs(base, texts, seed, batch):
    """Train and sample as the documentation of transformers shows it: one dict a row, labels with -100 for filler."""
    torch.manual_seed(seed)
    network = copy.deepcopy(base.network_)
    rows = np.pad(texts, ((0, 0), (1, 0)), constant_values=END)
    after = np.cumsum(rows == END, axis=1) - (rows == END) > 1
    items = [
        {"input_ids": torch.tensor(row), "labels": torch.tensor(np.where(filler, -100, row))}
        for row, filler in zip(rows, after, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder, num_train_epochs=PLAN.epochs, per_device_train_batch_size=batch, learning_rate=PLAN.learning_rate,
            lr_scheduler_type="cosine", report_to=[], disable_tqdm=True, use_cpu=True, save_strategy="no",
            logging_strategy="no",
        )  # fmt: skip
        _, training = timed(Trainer(network, arguments, train_dataset=items).train)
    network.eval()
    start = torch.full((len(texts), 1), END)
    options = {"do_sample": True, "max_new_tokens": 64, "top_k": 0, "pad_token_id": END}
    _, sampling = timed(lambda: network.generate(start, attention_mask=torch.ones_like(start), **options))
    model = copy.deepcopy(base)
    model.network_ = network
    return model, training, sampling


def main():
    logging.set_verbosity_error()
    world = Encyclopedia()
    real, held_out = (pages(world.articles(n, np.random.default_rng(i))) for i, n in enumerate((N, 500)))
    print(f"{N} articles, {PLAN.epochs} epochs, {torch.get_num_threads()} thread(s); means of {SEEDS} seeds")
    base = CausalLM(len(VOCABULARY), context=65, end=END).fit(
        real, np.random.default_rng(2)
    )  # 65: Trainer reads END too
    texts = base.sample(N, np.random.default_rng(3))
    print(f"perplexity before: {metrics.text.perplexity(base, held_out):.3f}")
    print(f"{'':38}{'train':>8}{'sample':>8}{'both':>8}   perplexity")
    cases = {(name, batch): [] for batch in (64, 8, 32) for name in ("CausalLM", "Trainer and generate")}
    for seed in range(SEEDS):  # in turn, so that a machine that slows down slows all alike
        for (name, batch), results in cases.items():
            make = ours if name == "CausalLM" else theirs
            model, training, sampling = make(base, texts, seed, batch)
            results.append((training, sampling, training + sampling, metrics.text.perplexity(model, held_out)))
    for (name, batch), results in cases.items():
        training, sampling, both, score = np.mean(results, axis=0)
        spread = np.std(results, axis=0, ddof=1)[-1]
        print(
            f"{f'{name}, {batch} rows a step':38}{training:6.1f} s{sampling:6.1f} s{both:6.1f} s   "
            f"{score:.3f} +- {spread:.3f}"
        )
    ours_took, theirs_took = (np.mean(cases[key], axis=0)[2] for key in (("CausalLM", 64), ("Trainer and generate", 8)))
    print(f"CausalLM is {theirs_took / ours_took:.1f} times as fast as the defaults\n")

    model, training = timed(CausalLM(len(VOCABULARY), end=END, first=Training(1)).fit, real, np.random.default_rng(0))
    words = int((real != END).sum() + len(real))
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
        model = CausalLM(len(VOCABULARY), end=END, first=Training(1), **shape)
        _, training = timed(model.fit, real[:rows], np.random.default_rng(0))
        _, sampling = timed(model.sample, rows, np.random.default_rng(1))
        weights = sum(p.numel() for p in model.network_.parameters()) / 1e6
        print(f"  {rows} articles, {weights:.2f} M weights: training {training:.1f}, sampling {sampling:.1f}")
