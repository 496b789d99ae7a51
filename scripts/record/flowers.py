"""Record the flower strip: a diffusion model trained on photos of flowers, then on its own pictures, again and again.

    python scripts/record/flowers.py flowers32.npz

The file holds `images`, uint8 of shape (N, 32, 32, 3), and `labels`, whole numbers of shape (N,). Chosen are the photos
of one kind that show one blossom in the middle; their rims are cut off. The pictures to look at grow out of the same
noise in every generation, so that a row of the strip is one flower. The record keeps these, and none of the photos.
Every finished generation is kept in the work folder; the same command goes on after an interruption.
"""

import argparse
import hashlib
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def parse(arguments=None):
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "flowers", help="where the records go")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "flowers", help="where finished generations wait")
    parser.add_argument("--figure", type=Path, default=ROOT / "docs" / "flowers.png")
    parser.add_argument("--kind", type=int, default=0, help="the label of the photos to learn from")
    parser.add_argument("--n-photos", type=int, default=500)
    parser.add_argument("--generations", type=int, default=6)
    parser.add_argument("--shown", type=int, default=12, help="pictures kept of each generation")
    parser.add_argument("--rows", type=int, nargs="+", default=[7, 1, 10, 6], help="which of these the figure shows")
    parser.add_argument("--training-steps", type=int, default=2000, help="a GPU affords 20000")
    parser.add_argument("--classifier-steps", type=int, default=300)
    parser.add_argument("--width", type=int, default=32, help="channels of the network; a GPU affords 96")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parse()

import matplotlib.pyplot as plt
import numpy as np
import torch

from collapse_lessons import plots
from collapse_lessons.experiments import records
from collapse_lessons.experiments.provenance import command_line, provenance
from collapse_lessons.experiments.resume import resume_run
from collapse_lessons.loop import DATA, stream
from collapse_lessons.metrics.classifier import Classifier, convolutions
from collapse_lessons.metrics.features import Judge, nearest
from collapse_lessons.models.diffusion import Flow, unet
from collapse_lessons.recipes import accumulate, replace
from collapse_lessons.worlds.images import labelled

HELD_OUT = 0.25  # share of the chosen photos that no model trains on
RIM = 4  # pixels cut off on each side: the blossom is in the middle, and fewer pixels are learned sooner
RECIPES = (replace, accumulate)


def read_photos(path):
    """Return the different photos of the file, float32 in [0, 1], and their labels."""
    with np.load(path, allow_pickle=False) as file:
        missing = {"images", "labels"} - set(file.files)
        if missing:
            raise ValueError(f"{path.name} must hold images and labels, got no {sorted(missing)}: add them")
        images, labels = file["images"], file["labels"]
    if images.dtype != np.uint8 or images.shape[1:] != (32, 32, 3):
        raise ValueError(
            f"images must be uint8 of shape (N, 32, 32, 3), got {images.dtype} of shape {images.shape}: resize them"
        )
    if len(labels) != len(images):
        raise ValueError(f"labels must be one for each of the {len(images)} images, got {len(labels)}: match them")
    images, first = np.unique(images, axis=0, return_index=True)
    return images.astype(np.float32) / 255, labels[first].astype(np.int64)


def one_blossom(photos, n):
    """Return the numbers of the n photos whose middle stands out most from an even frame, in ascending order."""
    y, x = np.mgrid[:32, :32] - 15.5
    middle, frame = np.hypot(y, x) < 10, np.hypot(y, x) > 15
    contrast = np.linalg.norm(photos[:, middle].mean(axis=1) - photos[:, frame].mean(axis=1), axis=1)
    return np.sort(np.argsort(photos[:, frame].std(axis=1).mean(axis=1) - contrast)[:n])


def distance_to(photos):
    """Return a metric: the median distance of a sample to the nearest of `photos`, per pixel and colour (RMS)."""

    def nearest_photo(generation, reference=None):
        return float(np.median(nearest(generation.samples, photos)))

    return nearest_photo


def record(
    path, *, folder, work, kind, n_photos, n_generations, n_shown, training_steps, classifier_steps, width, device, seed
):
    """Make or finish the runs and write one record for each recipe below `folder`."""
    photos, labels = read_photos(path)
    of_kind = np.flatnonzero(labels == kind)
    if n_photos > len(of_kind):
        raise ValueError(f"n_photos must be at most the {len(of_kind)} different photos of kind {kind}, got {n_photos}")
    chosen = stream(DATA, 0, seed).permutation(of_kind[one_blossom(photos[of_kind], n_photos)])
    photos = photos[:, RIM:-RIM, RIM:-RIM]
    held_out, real = np.split(photos[chosen], [round(HELD_OUT * len(chosen))])
    rest = np.setdiff1d(np.arange(len(photos)), chosen[: len(held_out)])
    classifier = Classifier(convolutions, training_steps=classifier_steps, device=device)
    classifier.fit(labelled(photos[rest], labels[rest]), stream(DATA, 1, seed))
    accuracy = float((classifier.predict(held_out) == labels[chosen[: len(held_out)]]).mean())
    metrics = {"judge": Judge(classifier, held_out), "nearest_photo": distance_to(real)}
    model = Flow(partial(unet, width=width), training_steps=training_steps, batch=16, learning_rate=2e-3, device=device)

    def same_noise(generation):
        return generation.fitted.sample(n_shown, stream(DATA, 2, seed))

    runs = {}
    for recipe in RECIPES:
        run = resume_run(
            work / recipe.__name__,
            model,
            real,
            recipe,
            metrics=metrics,
            n_generations=n_generations,
            seed=seed,
            keep=range(n_generations),
            view=same_noise,
            progress=announce(recipe.__name__),
        )
        run.snapshots = {t: np.round(255 * s).astype(np.uint8) for t, s in run.snapshots.items()}
        photo_file = {
            "name": path.name,
            "revision": f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}",
            "licence": "a public collection of photos, for measuring only: none of them is in this record",
        }
        source = provenance(
            command=command_line(), device=in_words(device), seconds=run.info["seconds"], data=[photo_file]
        )
        small = {"note": "A small run on a CPU: small network, short training."} if device == "cpu" else {}
        about = {"photos": {"trained_on": len(real), "held_out": len(held_out)}}
        about |= {"classifier_accuracy": round(accuracy, 3)}
        records.save_run(folder / recipe.__name__, run, provenance=source | small | about)
        runs[recipe.__name__] = run
    return runs


def announce(name):
    """Return a wrapper that prints each generation when it is made."""

    def progress(to_come):
        began = time.perf_counter()
        for t in to_come:
            yield t
            print(f"{name}, generation {t}: {time.perf_counter() - began:.0f} s", flush=True)

    return progress


def in_words(device):
    """Return what the run is made on, without naming the machine."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"CPU, {torch.get_num_threads()} thread(s)"


def draw(runs, rows):
    """Draw the strip: a column for each generation, v1 trained on photos; a row is the same noise throughout."""
    n = min(len(run.snapshots) for run in runs.values())
    size = 10, 4.8 * len(rows) / n + 0.55
    figure, axes = plt.subplots(1, len(runs), figsize=size, squeeze=False, layout="constrained")
    for ax, (name, run) in zip(axes[0], runs.items(), strict=True):
        shown = [run.snapshots[t][rows] for t in range(n)]
        plots.sheet(shown, [f"v{t + 1}" for t in range(n)], ax, n_shown=len(rows))
        ax.set_title(name)
    return figure


def main(arguments=None):
    given = parse(arguments)
    runs = record(
        given.photos,
        folder=given.folder,
        work=given.work,
        kind=given.kind,
        n_photos=given.n_photos,
        n_generations=given.generations,
        n_shown=given.shown,
        training_steps=given.training_steps,
        classifier_steps=given.classifier_steps,
        width=given.width,
        device=given.device,
        seed=given.seed,
    )
    plots.use_style()
    figure = draw(runs, given.rows)
    given.figure.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(given.figure, dpi=100, bbox_inches="tight", pad_inches=0.12)
    plt.close(figure)


if __name__ == "__main__":
    main()
