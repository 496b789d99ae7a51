"""Pick the pictures of clothes that travel with the course out of Fashion-MNIST.

    python scripts/pick_clothes.py [/usr/share/datasets/fashion-mnist]

The folder holds Fashion-MNIST's four files, as Debian's package dataset-fashion-mnist and Zalando's own repository
(github.com/zalandoresearch/fashion-mnist, data/fashion) carry them. Picked are the first 2000 pictures of its training
part and the first 1000 of its test part, which are shuffled.
"""

import argparse
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--out", type=Path, help="by default data/clothes/pictures.npz")
    arguments = parser.parse_args()

import numpy as np

from collapse_lessons import describe
from collapse_lessons.worlds import downloads

ROOT = Path(__file__).resolve().parents[1]
# Of the picked bytes: pictures and labels to train on, then those held out.
SHA256 = "537a0b9d4ca5e2e5627b81b243f81682a5a2f515d2a7a23b2140f7bcae4f2a71"
FILES = {"train": ("train", 2000), "held_out": ("t10k", 1000)}


def pick(folder):
    """Return what is picked from Fashion-MNIST's files, bytes by name."""
    arrays = {}
    for part, (name, n) in FILES.items():
        arrays[f"{part}_images"] = downloads.read_idx(folder / f"{name}-images-idx3-ubyte.gz")[:n]
        arrays[f"{part}_labels"] = downloads.read_idx(folder / f"{name}-labels-idx1-ubyte.gz")[:n]
    found = content(arrays)
    if found != SHA256:
        raise ValueError(f"folder must hold Fashion-MNIST as Zalando published it, got other pictures: {found}")
    return arrays


def content(arrays):
    """Return a hash of arrays of bytes, whatever they are packed in."""
    return describe.sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values()))


def main(folder, out):
    arrays = pick(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **arrays)
    print(f"picked {sum(n for _, n in FILES.values())} pictures, {out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(arguments.folder, arguments.out or ROOT / "data" / "clothes" / "pictures.npz")
