"""Good values for what is public in experiments/."""

import tempfile
from pathlib import Path
from types import SimpleNamespace

from collapse_lessons import metrics, recipes
from collapse_lessons.experiments import protocol
from collapse_lessons.models.training import Training
from collapse_lessons.worlds import corpora, encyclopedia

from .common import DECODER, DIGITS, FRAME, LOOP, SMALL, SOURCE, X, a_run, files, language, loop
from .kinds import Anything, Either, Ours, Shaped


def setting():
    return protocol.Setting(language(), SMALL, SMALL, encyclopedia.encode, encyclopedia.decode, {"data": [SOURCE]})


def pocket_protocol():
    return protocol.Protocol(training=Training(1), block=4, n_generations=1)


def somewhere():
    """Return a path where nothing is yet."""
    return Path(tempfile.mkdtemp()) / "new"


INPUTS = {
    "experiments.forecast.Forecast": lambda: {
        "seconds": 1.0,
        "memory": 1.0,
        "disk": 1.0,
        "memory_free": 1.0,
        "disk_free": 1.0,
        "device": "cpu",
    },
    "experiments.forecast.forecast": lambda: {
        "model": language(),
        "real": SMALL,
        "n_generations": 1,
        "n": 8,
        "folder": Path("a"),
    },
    "experiments.protocol.knobs.Protocol": lambda: {"training": Training(), "decoder": DECODER},
    "experiments.protocol.setting.Setting": lambda: {
        "model": language(),
        "real": SMALL,
        "held_out": SMALL,
        "encode": encyclopedia.encode,
        "decode": encyclopedia.decode,
        "sources": {"data": [SOURCE]},
    },
    "experiments.protocol.measuring.View": lambda: {
        "setting": setting(),
        "first": language(),
        "prompts": ["a"],
        "length": 3,
    },
    "experiments.protocol.measuring.View.__call__": lambda: (
        protocol.View(setting(), language(), ["."], 3),
        {"generation": SimpleNamespace(fitted=language(), samples=SMALL)},
    ),
    "experiments.protocol.setting.follow": lambda: {
        "protocol": pocket_protocol(),
        "model": language(),
        "real": SMALL,
        "validation": SMALL,
    },
    "experiments.protocol.measuring.measures": lambda: {"setting": setting(), "first": language()},
    "experiments.protocol.setting.pocket": lambda: {"protocol": pocket_protocol(), "n": 20},
    "experiments.protocol.setting.pretrained": lambda: {
        "protocol": pocket_protocol(),
        "model": str(files() / "model"),
        "corpus": corpora.Corpus(*["a b a b a b a b"] * 3, SOURCE),
        "revision": "a",
    },
    "experiments.protocol.setting.share_of": lambda: {"rows": Either(SMALL, Shaped(X > 0), DIGITS), "share": 0.5},
    "experiments.provenance.check_sources": lambda: {"name": Ours("data"), "sources": [SOURCE]},
    "experiments.records.folder_name": lambda: {"label": "a"},
    "experiments.records.join_seeds": lambda: {"runs": [a_run(0), a_run(1)]},
    "experiments.records.load_run": lambda: {"folder": files() / "record"},
    "experiments.records.load_seeds": lambda: {"folder": files() / "seeds"},
    "experiments.records.plain": lambda: {"value": Anything()},
    "experiments.provenance.provenance": lambda: {
        "command": "a",
        "device": "a",
        "seconds": 1.0,
        "data": [SOURCE],
        "checkpoints": [SOURCE],
    },
    "experiments.records.save_run": lambda: {"folder": somewhere(), "run": a_run(), "provenance": {"a": Anything()}},
    "experiments.resume.resume_run": lambda: LOOP | {"folder": somewhere()},
    "experiments.sweeps.sweep": lambda: (
        loop("model", "metrics", "n_generations", "n", "reference")
        | {"real": Either(X, Shaped(X), X[:, 0] > 0, DIGITS, FRAME, lambda rng: X), "recipes": {"a": recipes.replace}}
        | {"seeds": Either([0], iter([0])), "keep": [0], "view": metrics.std, "folder": somewhere()}
        | {"each": lambda run: None}
    ),
}
