"""Pictures as the loop carries them, with or without labels.

A pile of pictures is an array of shape (n, h, w) in grey or (n, h, w, 3) in colour, floats from 0 (dark) to 1.
With labels it is a NumPy structured array of n records with the fields "image" and "label": it is indexed, joined and
saved like any other array, so each picture keeps its label on the way through every recipe.
"""

import numpy as np

from collapse_lessons import checks


def labelled(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Join pictures and their labels: X["image"] has the shape of `images`, X["label"] is (n,) whole numbers."""
    images = check_images("images", images)
    labels = checks.tokens("labels", labels, 1, "(n,) whole numbers", checks.MOST, "number the classes")
    if len(labels) != len(images):
        raise ValueError(f"labels must be one for each of the {len(images)} images, got {len(labels)}: match them")
    X = np.empty(len(images), [("image", images.dtype, images.shape[1:]), ("label", np.int64)])
    X["image"], X["label"] = images, labels
    return X


def split(name: str, X: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the pictures of X and their labels, None if it has none; both are checked."""
    X = checks.samples(name, X)
    if X.dtype.names is None:
        return check_images(name, X), None
    if X.dtype.names != ("image", "label"):
        raise ValueError(f"{name} must have the fields image and label, got {X.dtype.names}: use labelled(...)")
    return check_images(name, X["image"]), X["label"]


def check_images(name: str, X: np.ndarray) -> np.ndarray:
    """Return X as pictures, shape (n, h, w) or (n, h, w, 3), floats in [0, 1]."""
    X = checks.array(name, X, None, "(n, h, w) or (n, h, w, 3) in [0, 1]")
    if not (X.ndim == 3 or (X.ndim == 4 and X.shape[-1] == 3)):
        raise ValueError(f"{name} must have shape (n, h, w) or (n, h, w, 3), got {X.shape}: reshape it")
    if X.dtype.kind != "f" or X.min() < 0 or X.max() > 1:
        raise ValueError(
            f"{name} must hold floats from 0 to 1, got {X.dtype} from {X.min()} to {X.max()}: divide bytes by 255"
        )
    return X
