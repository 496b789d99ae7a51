"""Stand-ins for what the hub has: a tiny model with its tokenizer and a tiny corpus, in the hub's own formats."""

import numpy as np
import pandas as pd

from collapse_lessons.experiments import protocol
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.training import Training
from collapse_lessons.worlds import corpora
from collapse_lessons.worlds.encyclopedia import Encyclopedia


def text(n, seed=0):
    """Return a text of n lines."""
    return "".join(article + "\n" for article in Encyclopedia().articles(n, np.random.default_rng(seed)))


def save_model(folder, vocabulary=300, context=32):
    """Write a model that has learned a little, and its tokenizer."""
    tokenizer = corpora.train_tokenizer(text(200), vocabulary)
    rows = corpora.blocks(corpora.tokens(text(60), tokenizer), context)
    model = CausalLM(len(tokenizer), context=context, width=16, layers=1, heads=2, first=Training(1, 1e-2, 16))
    tokenizer.save_pretrained(folder)
    model.fit(rows, np.random.default_rng(0)).save(folder)
    (folder / "train.npy").unlink()
    return folder


def save_corpus(folder, parts=corpora.PARTS):
    """Write a corpus as the hub has WikiText-2: a row a line, in one Parquet file a part."""
    for seed, part in enumerate(parts):
        path = folder / corpora.IN_THE_HUB.format(part=part)
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text(80 if part == "train" else 30, seed).splitlines(keepends=True)
        pd.DataFrame({"text": lines}).to_parquet(path)
    return folder


def fill_cache(cache):
    """Write both into a folder as the hub's library caches what it fetched, at the revisions that the course pins."""
    wikitext, opt = corpora.WIKITEXT, protocol.OPT
    save_corpus(cache / f"datasets--{wikitext['name'].replace('/', '--')}" / "snapshots" / wikitext["revision"])
    model = cache / f"models--{opt['name'].replace('/', '--')}" / "snapshots" / opt["revision"]
    model.mkdir(parents=True)
    save_model(model)
