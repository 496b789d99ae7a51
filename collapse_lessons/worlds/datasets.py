"""The real data of each lesson, all of it on board: nothing is downloaded."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits, load_sample_image, make_moons

from collapse_lessons import browser, checks
from collapse_lessons.worlds.images import labelled

CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")


def data_path(name: str) -> Path:
    """Return the path of a file of the course's data/ folder, which travels inside the installed package."""
    name, package = checks.path("name", name, "such as breeds.csv"), Path(__file__).parents[1]
    for folder in (package / "data", package.parent / "data"):  # installed wheel, source checkout
        if (folder / name).is_file():
            return folder / name
    remedy = (
        "the browser's copy lacks what needs PyTorch: use your own machine" if browser.HERE else "reinstall the package"
    )
    raise FileNotFoundError(f"name must be a file of the course's data folder, got {checks.shown(str(name))}: {remedy}")


def flower(height: int = 208) -> np.ndarray:
    """Return the photo of a dahlia that scikit-learn carries, shape (height, 1.54 height, 3), float32 in [0, 1].

    From scikit-learn's `load_sample_image`, whose notes credit danielbuechele and the photo stream of vultilion;
    CC BY 2.0.
    """
    height = checks.whole("height", height, 16, "208 is half size, quick and sharp enough to see", 416)
    photo = load_sample_image("flower.jpg")[:416] / 255
    rows, columns = _local_mean(416, height), _local_mean(640, round(height * 640 / 416))
    return np.einsum("yi,xj,ijc->yxc", rows, columns, photo, optimize=True).astype(np.float32)


def _local_mean(old, new):
    """Return the weights, shape (new, old), with which `new` pixels average the `old` ones that each of them covers."""
    before, after = np.arange(old + 1), np.linspace(0, old, new + 1)[:, None]
    covered = np.minimum(after[1:], before[1:]) - np.maximum(after[:-1], before[:-1])
    return covered.clip(0) * new / old


def breeds() -> pd.DataFrame:
    """Return 120 dog breeds with the shares of an invented population, as a DataFrame: breed, share.

    The names are real, the shares are not: the r-th breed has a share proportional to 1/r (Zipf's law).
    """
    names = pd.read_csv(data_path("breeds.csv"))["breed"]
    share = 1 / np.arange(1, len(names) + 1)
    return pd.DataFrame({"breed": names, "share": share / share.sum()})


def moons(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return n points of two interleaved half circles with noise 0.05, shape (n, 2), by scikit-learn's make_moons."""
    n = checks.whole("n", n, 2, "one point a moon at least")
    return make_moons(n, noise=0.05, random_state=int(checks.generator("rng", rng).integers(2**32)))[0]


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return handwritten digits of 13 people, 1000 to train on and 797 held out, as scikit-learn carries them.

    Returns
    -------
    train, held_out : labelled pictures; train["image"] has shape (1000, 8, 8), float32 in [0, 1], train["label"] 0 to 9

    From the test part of E. Alpaydin and C. Kaynak's *Optical Recognition of Handwritten Digits* (UCI), CC BY 4.0. The
    split is random and always the same, since neighbours in the file come from one hand.
    """
    bundle = load_digits()
    X = labelled((bundle.images / 16).astype(np.float32), bundle.target)
    X = X[np.random.default_rng(0).permutation(len(X))]
    return X[:1000], X[1000:]


def clothes() -> tuple[np.ndarray, np.ndarray]:
    """Return photos of clothes, 2000 to train on and 1000 held out: a part of Fashion-MNIST (Zalando SE, MIT licence).

    Returns
    -------
    train, held_out : labelled pictures; train["image"] has shape (2000, 28, 28), float32 in [0, 1], train["label"] is
        0 to 9, named by `CLOTHES`

    Source: Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747.
    """
    with np.load(data_path("clothes/pictures.npz"), allow_pickle=False) as file:
        return tuple(
            labelled(file[f"{part}_images"].astype(np.float32) / 255, file[f"{part}_labels"])
            for part in ("train", "held_out")
        )
