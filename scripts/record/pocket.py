"""Record lesson 07's chains of pocket language models on the Tiny Encyclopedia, for bands over seeds.

    python scripts/record/pocket.py [--seeds 3] [--only "replace"]

A chain takes about 75 s on one core, and a seed has seven. Stop it whenever you like: started again, it goes on after
the last finished generation.
"""

import argparse
import hashlib
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 0")
    parser.add_argument("--generations", type=int, default=10)
    only = parser.add_argument("--only", metavar="LABEL", help="one kind of chain instead of all, such as '10%% real'")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "pocket", help="where unfinished chains are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "pocket")
    parser.parse_args()

import numpy as np
import torch

from collapse_lessons.experiments import records
from collapse_lessons.experiments.provenance import command_line, provenance
from collapse_lessons.experiments.resume import resume_run
from collapse_lessons.loop import DATA, FIT, stream
from collapse_lessons.metrics.language import Judged, Knowledge
from collapse_lessons.metrics.text import Scores, perplexities
from collapse_lessons.models.decoding import Sampling
from collapse_lessons.models.language import CausalLM
from collapse_lessons.recipes import Mix, accumulate_subsample, replace
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, pages

N, N_HELD_OUT = 1500, 500
CHAINS = {  # label: recipe and decoder
    "replace": (replace, Sampling()),
    "real again": (Mix(1.0), Sampling()),  # the control: trained as long, on the same real articles every time
    "10% real": (Mix(0.1), Sampling()),
    "accumulate-subsample": (accumulate_subsample, Sampling()),
    "temperature 0.95": (replace, Sampling(temperature=0.95)),
    "temperature 0.9": (replace, Sampling(temperature=0.9)),
    "temperature 0.7, top-p 0.9": (replace, Sampling(temperature=0.7, top_p=0.9)),
}
SHOWN, N_SHOWN = (0, 1, 5, 9), 400  # generations and rows of the first seed that are recorded word by word


def record(seeds, n_generations, work, out, labels):
    """Make or finish every chain and write one record for each recipe and decoder."""
    runs = {label: [] for label in labels}
    for seed in seeds:
        real, held_out = texts(seed)
        first = model(Sampling()).fit(real, stream(FIT, 0, seed))  # every chain's generation 0, since it trains on real
        for label in labels:
            recipe, decoder = CHAINS[label]
            began = time.perf_counter()
            runs[label].append(chain(seed, label, recipe, decoder, n_generations, work, first, real, held_out))
            print(f"seed {seed}, {label}: {time.perf_counter() - began:.0f} s", flush=True)
    for label, of_seeds in runs.items():
        save(out / records.folder_name(label), of_seeds)


def texts(seed):
    """Return the articles to train on and those held out, as rows of tokens."""
    world = Encyclopedia()
    return [pages(world.articles(n, stream(DATA, i, seed))) for i, n in enumerate((N, N_HELD_OUT))]


def revision():
    """Return a hash of the words and of the articles of seed 0: it changes when the encyclopedia does."""
    return "sha256 " + hashlib.sha256("".join(VOCABULARY).encode() + texts(0)[0].tobytes()).hexdigest()


def model(decoder):
    return CausalLM(len(VOCABULARY), end=END, decoder=decoder)


def chain(seed, label, recipe, decoder, n_generations, work, first, real, held_out):
    world = Encyclopedia()
    run = resume_run(
        work / f"{records.folder_name(label)}_{seed}",
        model(decoder),
        real,
        recipe,
        metrics={"text": Scores(world), "judged": Judged(first), "knowledge": Knowledge(world)},
        reference=held_out,
        n_generations=n_generations,
        seed=seed,
        keep=SHOWN if seed == 0 else (),
        label=label,
        warm_start=True,
    )
    run.snapshots = {t: shown(rows[:N_SHOWN], first) for t, rows in run.snapshots.items()}
    return run


def shown(rows, first):
    """Return rows and their perplexity under the first model, as one array."""
    both = np.empty(len(rows), dtype=[("tokens", np.uint16, rows.shape[1:]), ("perplexity", np.float32)])
    both["tokens"], both["perplexity"] = rows, perplexities(first, rows)
    return both


def save(folder, of_seeds):
    run = records.join_seeds(of_seeds)
    source = provenance(
        command=command_line(),
        device=f"CPU, {torch.get_num_threads()} thread(s)",
        seconds=run.info["seconds"],
        data=[{"name": "the course's Tiny Encyclopedia", "revision": revision(), "licence": "MIT"}],
    )
    records.save_run(folder, run, provenance=source)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"recorded {folder.name}, {size / 1000:.0f} kB")


def main(arguments):
    torch.set_num_threads(arguments.threads)
    labels = [arguments.only] if arguments.only else list(CHAINS)
    record(range(arguments.seeds), arguments.generations, arguments.work, arguments.out, labels)


if __name__ == "__main__":
    only.choices = CHAINS  # which are known now
    main(parser.parse_args())
