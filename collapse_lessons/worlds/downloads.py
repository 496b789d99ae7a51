"""Larger picture collections for readers with a network. No lesson needs them.

Each file comes from its public address once, is checked against a hash written here, and waits in a cache afterwards.
"""

import gzip
import hashlib
import os
import shutil
import tarfile
import urllib.request
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from platformdirs import user_cache_path
from scipy.io import loadmat

from collapse_lessons import checks
from collapse_lessons.home import home
from collapse_lessons.worlds.images import labelled

MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
FLOWERS = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/"
SHA256 = {
    MNIST + "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    MNIST + "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    MNIST + "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    MNIST + "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    FLOWERS + "102flowers.tgz": "2d01ecc807db462958cfe3d92f57a8c252b4abd240eb955770201e45f783b246",
    FLOWERS + "imagelabels.mat": "4903e94206bac23bf772aadf06451916df56b58fc483a62db32a97b82656651d",
}


def mnist() -> tuple[np.ndarray, np.ndarray]:
    """Return 60,000 handwritten digits to train on and 10,000 held out (LeCun, Cortes & Burges), 12 MB to fetch.

    Returns
    -------
    train, held_out : labelled pictures; train["image"] has shape (60000, 28, 28), float32 in [0, 1]
    """
    return tuple(
        labelled(
            read_idx(fetch(MNIST + f"{part}-images-idx3-ubyte.gz")).astype(np.float32) / 255,
            read_idx(fetch(MNIST + f"{part}-labels-idx1-ubyte.gz")).astype(np.int64),
        )
        for part in ("train", "t10k")
    )


def oxford_flowers(size: int = 32) -> np.ndarray:
    """Return 8189 photos of 102 kinds of flowers (Nilsback & Zisserman 2008), 330 MB to fetch, a minute to read.

    Returns
    -------
    Labelled pictures: X["image"] has shape (8189, size, size, 3), float32 in [0, 1], X["label"] is 0 to 101.
    """
    size = checks.whole("size", size, 8, "32 is small, 64 shows petals", 500)
    labels = loadmat(fetch(FLOWERS + "imagelabels.mat"))["labels"][0].astype(np.int64) - 1
    return labelled(read_photos(fetch(FLOWERS + "102flowers.tgz"), size), labels)


def fetch(url: str) -> Path:
    """Return the path of a file listed in `SHA256`, from the cache or, the first time, from the network."""
    checks.one_of("url", url, SHA256, "these are the files whose content is known")
    path = cache_folder() / url.rsplit("/", 1)[1]
    if path.exists() and _sha256(path) == SHA256[url]:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        with urllib.request.urlopen(url, timeout=60) as source, partial.open("wb") as file:
            shutil.copyfileobj(source, file)
    except OSError as error:  # no network, no such server, page gone
        raise ConnectionError(
            f"{path.name} must come from {url} and did not ({error}): try again with a network, or put the file into "
            f"{path.parent}; the lessons themselves need datasets.digits() only"
        ) from None
    if _sha256(partial) != SHA256[url]:
        partial.unlink()
        raise ValueError(
            f"{path.name} must be the file with SHA-256 {SHA256[url][:12]}..., got another: try again later"
        )
    os.replace(partial, path)
    return path


def cache_folder() -> Path:
    """Return where fetched files are kept: below COLLAPSE_LESSONS_HOME if that is set."""
    if os.environ.get("COLLAPSE_LESSONS_HOME"):
        return home() / "cache"
    return user_cache_path("collapse_lessons", appauthor=False)


def read_idx(path: Path) -> np.ndarray:
    """Return the array of bytes in a gzipped IDX file: two zeros, 8 for bytes, the number of axes, their lengths."""
    path = _there(path)
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"path must be a file packed by gzip, got {path.name} ({error}): fetch it anew") from None
    if content[:3] != b"\0\0\x08":
        raise ValueError(
            f"{path.name} must be an IDX file of bytes, got the first bytes {content[:3]!r}: fetch it anew"
        )
    n_axes = content[3]
    shape = np.frombuffer(content, ">i4", n_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def read_photos(path: Path, size: int) -> np.ndarray:
    """Return the photos of a tar archive in the order of their names: the middle square of each, made `size` wide."""
    size = checks.whole("size", size, 1, "32 is small, 64 shows petals", 10_000)
    path = _there(path)
    if not tarfile.is_tarfile(path):
        raise ValueError(f"path must be a tar archive, got {path.name}: fetch it anew")
    with tarfile.open(path) as archive:
        photos = {
            member.name: _middle(Image.open(archive.extractfile(member)), size)
            for member in archive
            if member.name.endswith(".jpg")
        }
    if not photos:
        raise ValueError(f"path must be an archive of .jpg photos, got none in {path.name}: fetch it anew")
    return np.stack([photos[name] for name in sorted(photos)])


def _there(path):
    path = checks.path("path", path, "see fetch")
    if not path.is_file():
        raise FileNotFoundError(f"path must be a file, got {checks.shown(str(path))}: see fetch")
    return path


def _middle(photo, size):
    photo.draft("RGB", (2 * size, 2 * size))  # JPEG can be decoded at half or a quarter of its size, much quicker
    side = min(photo.size)
    left, top = (photo.width - side) // 2, (photo.height - side) // 2
    square = photo.convert("RGB").resize((size, size), Image.Resampling.BOX, (left, top, left + side, top + side))
    return np.asarray(square, dtype=np.float32) / 255


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
