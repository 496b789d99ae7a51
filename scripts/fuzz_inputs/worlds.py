"""Good values for what is public in worlds/."""

from pathlib import Path

import numpy as np

from collapse_lessons.worlds import corpora, downloads, garden

from .common import ARTICLES, DIGITS, DRAW, GREY, LABELS, PAGES, ROWS, SOURCE, WORLD, files, rng
from .kinds import Either, Ours


def tokenizer(lines, add_special_tokens=False, verbose=True):
    return {"input_ids": [[ord(letter) for letter in line] for line in lines]}


INPUTS = {
    "worlds.corpora.Corpus": lambda: {"train": "a b", "validation": "a b", "test": "a b", "source": SOURCE},
    "worlds.corpora.as_written": lambda: {"corpus": corpora.Corpus("A dog .", "A dog .", "A dog .", SOURCE)},
    "worlds.corpora.blocks": lambda: {"ids": np.arange(8), "block": 4},
    "worlds.corpora.read_corpus": lambda: {"path": Path(corpora.__file__)},
    "worlds.corpora.tokens": lambda: {"text": "a b", "tokenizer": tokenizer},
    "worlds.corpora.train_tokenizer": lambda: {"text": "a b a b", "vocabulary": 260},
    "worlds.datasets.data_path": lambda: {"name": "breeds.csv"},
    "worlds.datasets.flower": lambda: {"height": 20},
    "worlds.datasets.moons": lambda: DRAW,
    "worlds.downloads.fetch": lambda: {"url": downloads.FLOWERS + "imagelabels.mat"},
    "worlds.downloads.oxford_flowers": dict,
    "worlds.downloads.read_idx": lambda: {"path": files() / "idx.gz"},
    "worlds.downloads.read_photos": lambda: {"path": files() / "photos.tgz", "size": 8},
    "worlds.encyclopedia.reader.parse": lambda: {"sentence": ARTICLES[0]},
    "worlds.encyclopedia.reader.sentences": lambda: {"article": ARTICLES[0]},
    "worlds.encyclopedia.tokens.blocks": lambda: {"ids": np.arange(8), "block": 4},
    "worlds.encyclopedia.tokens.check_tokens": lambda: {"name": Ours("ids"), "ids": ROWS, "ndim": Ours(2)},
    "worlds.encyclopedia.tokens.decode": lambda: {"ids": np.arange(8)},
    "worlds.encyclopedia.tokens.encode": lambda: {"text": ARTICLES[0]},
    "worlds.encyclopedia.tokens.pages": lambda: {"articles": ARTICLES},
    "worlds.encyclopedia.tokens.stream": lambda: {"articles": ARTICLES},
    "worlds.encyclopedia.tokens.texts": lambda: {"rows": ROWS},
    "worlds.encyclopedia.world.Encyclopedia": dict,
    "worlds.encyclopedia.world.Encyclopedia.articles": lambda: (WORLD.articles, DRAW),
    "worlds.encyclopedia.world.Encyclopedia.log_prob": lambda: (WORLD.log_prob, {"article": ARTICLES[0]}),
    "worlds.encyclopedia.world.Encyclopedia.marked": lambda: (WORLD.marked, {"article": ARTICLES[0]}),
    "worlds.encyclopedia.world.Encyclopedia.mentions": lambda: (WORLD.mentions, {"rows": ROWS}),
    "worlds.encyclopedia.world.Encyclopedia.read": lambda: (WORLD.read, {"articles": ARTICLES}),
    "worlds.encyclopedia.world.Encyclopedia.subjects": lambda: (WORLD.subjects, {"rows": ROWS}),
    "worlds.garden.draw": lambda: DRAW,
    "worlds.garden.paint": lambda: {"flowers": garden.plant(3, rng())},
    "worlds.garden.plant": lambda: DRAW,
    "worlds.garden.read": lambda: {"pictures": PAGES},
    "worlds.garden.shares": lambda: {"pictures": PAGES},
    "worlds.images.check_images": lambda: {"name": Ours("X"), "X": Either(GREY, PAGES)},
    "worlds.images.labelled": lambda: {"images": Either(GREY, PAGES), "labels": LABELS},
    "worlds.images.split": lambda: {"name": Ours("X"), "X": Either(DIGITS, GREY, PAGES)},
}
