"""Record lesson 05's chains of models of clothes, for bands over seeds.

    python scripts/record/clothes.py [--seeds 5] [--only LABEL ...]

A seed takes about four minutes on one core. Stop it whenever you like: started again, it goes on after the last
finished generation.
"""

import argparse
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="how many, from 0")
    only = parser.add_argument("--only", nargs="+", metavar="LABEL", help="these chains, such as 'VAE, replace'")
    parser.add_argument("--generations", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "clothes", help="for unfinished chains")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "clothes")
    parser.parse_args()

import numpy as np
import torch

from collapse_lessons import describe
from collapse_lessons.course.explorers.images import LEVELS
from collapse_lessons.experiments import records
from collapse_lessons.experiments.provenance import command_line, provenance
from collapse_lessons.experiments.resume import resume_run
from collapse_lessons.loop import DATA, FIT, Generation, stream
from collapse_lessons.metrics.classifier import Classifier
from collapse_lessons.metrics.features import Judge, latent_spread, nearest
from collapse_lessons.models.diffusion import Flow
from collapse_lessons.models.vae import VAE
from collapse_lessons.recipes import Mix, accumulate, replace
from collapse_lessons.worlds import datasets
from collapse_lessons.worlds.images import split

CHAINS = {  # label: model, recipe, and whether it is told what a picture shows
    "VAE, replace": (VAE(), replace, False),
    "VAE, 10% real": (VAE(), Mix(0.1), False),
    "VAE, accumulate": (VAE(), accumulate, False),
    "flow, replace": (Flow(), replace, False),
    "labelled flow, replace": (Flow(), replace, True),
    "guided flow, replace": (Flow(guidance=1.5), replace, True),
}
N_SHOWN = 60  # pictures of each generation of the first seed that are recorded
N_NEAR = 300  # pictures whose nearest training picture is looked for


def record(labels, seeds, n_generations, work, out):
    """Make or finish the chains with these labels and write one record for each."""
    real, held_out = datasets.clothes()
    judge = Judge(Classifier().fit(real, stream(DATA, 1, 0)), held_out["image"])  # one ruler for all seeds
    runs = {label: [] for label in labels}
    for seed in seeds:
        first = VAE().fit(real["image"], stream(FIT, 0, seed))  # generation 0 of each of this seed's VAE chains
        for label in labels:
            model, recipe, told = CHAINS[label]
            began = time.perf_counter()
            own = {"spread": spread_under(first)} if isinstance(model, VAE) else {"memory": memory}
            metrics = {"judge": judge} | own
            run = resume_run(
                work / f"{records.folder_name(label)}_{seed}",
                model,
                real if told else real["image"],
                recipe,
                metrics=metrics,
                n_generations=n_generations,
                seed=seed,
                keep=range(n_generations) if seed == 0 else (),
                label=label,
            )
            runs[label].append(run)
            print(f"seed {seed}, {label}: {time.perf_counter() - began:.0f} s", flush=True)
    of_real = judge(Generation(0, real, None, real["image"]))  # as good as it gets: real pictures against held-out ones
    for label, of_seeds in runs.items():
        save(out / records.folder_name(label), of_seeds, {"real": {name: round(v, 6) for name, v in of_real.items()}})


def spread_under(first):
    """Return a metric: how widely the codes of the samples spread under the encoder of generation 0."""
    return lambda generation, reference=None: latent_spread(first.encode, generation.samples)


def memory(generation, reference=None):
    """Measure how far samples are from the nearest training picture, and training pictures from the nearest other."""
    train, samples = (split("pictures", X)[0] for X in (generation.train, generation.samples))
    few, rest = train[:N_NEAR], train[N_NEAR:]
    return {name: np.median(nearest(X[:N_NEAR], rest)) for name, X in (("nearest", samples), ("spacing", few))}


def shown(samples):
    """Return the first pictures, or the first of each kind, in grey levels from 0 to LEVELS."""
    images, labels = split("samples", samples)
    if labels is None:
        first = images[:N_SHOWN]
    else:
        first = np.concatenate([images[labels == kind][: N_SHOWN // 10] for kind in range(10)])
    return np.round(LEVELS * first).astype(np.uint8)


def save(folder, of_seeds, about):
    run = records.join_seeds(of_seeds)
    run.rows = run.rows.round(6)
    run.snapshots = {t: shown(samples) for t, samples in run.snapshots.items()}
    source = provenance(
        command=command_line(),
        device=f"CPU, {torch.get_num_threads()} thread(s)",
        seconds=run.info["seconds"],
        data=[{"name": "clothes of Fashion-MNIST", "revision": revision(), "licence": "MIT"}],
    )
    records.save_run(folder, run, provenance=source | about)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"recorded {folder.name}, {size / 1000:.0f} kB")


def revision():
    """Return a hash of the pictures and labels: it changes when the data do."""
    return "sha256 " + describe.sha256(b"".join(X.tobytes() for X in datasets.clothes()))


def main(arguments):
    torch.set_num_threads(arguments.threads)
    record(arguments.only or list(CHAINS), range(arguments.seeds), arguments.generations, arguments.work, arguments.out)


if __name__ == "__main__":
    only.choices = CHAINS  # which are known now
    main(parser.parse_args())
