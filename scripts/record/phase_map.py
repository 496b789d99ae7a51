"""Record lesson 09's phase maps: how large the error ends up for digits and for the Tiny Encyclopedia.

    python scripts/record/phase_map.py [digits] [encyclopedia]

Some twenty minutes on one core. A map that is already there is made again.
"""

import argparse
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="digits, encyclopedia; by default both")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "phase_map")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - {"digits", "encyclopedia"}:
        parser.error(f"names must be of digits and encyclopedia, got {', '.join(sorted(unknown))}")

import numpy as np
import pandas as pd
import torch

from collapse_lessons import describe
from collapse_lessons.experiments import records
from collapse_lessons.experiments.provenance import command_line, provenance
from collapse_lessons.loop import DATA, stream
from collapse_lessons.metrics.classifier import Classifier
from collapse_lessons.metrics.features import frechet_distance, precision_recall
from collapse_lessons.metrics.text import perplexity, species_alive
from collapse_lessons.models.eigenpictures import Eigenpictures
from collapse_lessons.models.ngram import NGram
from collapse_lessons.recipes import Fresh
from collapse_lessons.runs import Run
from collapse_lessons.web.maps import measured_map, replayed
from collapse_lessons.worlds import datasets
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, pages

SHARES = (0.0, 0.25, 0.5, 0.75, 0.9)
SEEDS = {"digits": range(20), "encyclopedia": range(10)}
N_REAL = {"digits": (30, 60, 120, 250, 500), "encyclopedia": (50, 100, 200, 400, 800)}
N_JUDGED = 1000  # pictures, or articles, that the last models are asked for
GENERATIONS = 15


def digits():
    """Yield each map of the digits: its label and its rows."""
    real, held_out = datasets.digits()
    photos = real["image"]
    classifier = Classifier().fit(real, stream(DATA, 1, 0))
    truth = classifier.features(held_out["image"])

    def draw(n, rng):
        return photos[rng.choice(len(photos), n, replace=False)]

    def score(generation, seed):
        # A stream beyond the loop's own, so that what is judged is not what is trained on.
        pictures = generation.fitted.sample(N_JUDGED, stream(DATA, 2 + generation.index, seed))
        features = classifier.features(pictures)
        return {"error": frechet_distance(truth, features), "recall": precision_recall(truth, features)[1]}

    for label, make_recipe in (("fresh", Fresh), ("replayed", replayed)):
        yield label, mapped("digits", Eigenpictures(n_components=20, n_clouds=10), draw, score, make_recipe)


def encyclopedia():
    """Yield each map of the encyclopedia: its label and its rows."""
    world = Encyclopedia()
    floor = world.entropy / world.mean_tokens

    def draw(n, rng):
        return pages(world.articles(n, rng))

    def score(generation, seed):
        held_out = draw(300, stream(DATA, 1, seed))
        written = generation.fitted.sample(N_JUDGED, stream(DATA, 2 + generation.index, seed))
        unsure = perplexity(generation.fitted, held_out, END)
        return {
            "error": np.log(unsure) - floor,  # nats a token that a perfect model would not need
            "perplexity": unsure,
            "known": species_alive(world, generation.train),
            "written": species_alive(world, written),
        }

    for label, temperature, make_recipe in (
        ("fresh", 1.0, Fresh),
        ("fresh, temperature 0.9", 0.9, Fresh),
        ("replayed", 1.0, replayed),
    ):
        model = NGram(len(VOCABULARY), order=6, temperature=temperature)
        yield label, mapped("encyclopedia", model, draw, score, make_recipe)


def mapped(name, model, draw, score, make_recipe):
    return measured_map(
        model, draw, score, N_REAL[name], SHARES, make_recipe=make_recipe, n_generations=GENERATIONS, seeds=SEEDS[name]
    )


SOURCES = {
    "digits": (digits, "scikit-learn's digits", "CC BY 4.0"),
    "encyclopedia": (encyclopedia, "the course's Tiny Encyclopedia", "MIT"),
}


def revision(name):
    """Return a hash of the data: it changes when they do."""
    if name == "digits":
        return "sha256 " + describe.sha256(b"".join(X.tobytes() for X in datasets.digits()))
    articles = pages(Encyclopedia().articles(1000, stream(DATA, 0, 0)))
    return "sha256 " + describe.sha256("".join(VOCABULARY).encode() + articles.tobytes())


def record(name, out):
    maps, source, licence = SOURCES[name]
    began, rows = time.perf_counter(), []
    for label, table in maps():
        table.insert(0, "data", label)
        rows.append(table)
        print(f"{name}, {label}: {time.perf_counter() - began:.0f} s so far", flush=True)
    about = {"n_generations": GENERATIONS, "n_judged": N_JUDGED, "seeds": list(SEEDS[name])}
    source = provenance(
        command=command_line(),
        device="CPU, 1 thread",
        seconds=time.perf_counter() - began,
        data=[{"name": source, "revision": revision(name), "licence": licence}],
    )
    run = Run(pd.concat(rows, ignore_index=True).round(5), {}, about)
    records.save_run(out / name, run, provenance=source)
    size = sum(path.stat().st_size for path in (out / name).iterdir())
    print(f"recorded {name}, {size / 1000:.0f} kB")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in arguments.names or SOURCES:
        record(name, arguments.out)
