"""A garden drawn by ourselves: small pictures of flowers whose true distribution is known.

How often a photo collection holds blue flowers nobody can say exactly. Here it is written down, so a kind that fades
from generation to generation is measured against the truth and not against another sample.

`plant` draws what the flowers are, `paint` draws the pictures, `draw` does both, and `read` looks at any picture and
says which kinds it shows.
"""

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from collapse_lessons import checks
from collapse_lessons.worlds.images import check_images

COLOURS = {"red": 0.40, "yellow": 0.30, "white": 0.18, "pink": 0.09, "blue": 0.03}
PETALS = {4: 0.15, 5: 0.50, 6: 0.25, 8: 0.10}
BACKGROUNDS = {"meadow": 0.5, "soil": 0.3, "sky": 0.2}
SIZES = (5.5, 7.5)  # radius in pixels, every value between them as likely
UNREADABLE = "unreadable"

# Any two colours of a palette are more than 0.4 apart, so whatever lies within 0.2 of one is nearest to it alone.
PETAL_PAINT = np.array(
    [[0.84, 0.15, 0.16], [0.98, 0.84, 0.16], [0.97, 0.97, 0.95], [0.88, 0.42, 0.66], [0.16, 0.32, 0.85]]
)
BACKGROUND_PAINT = np.array([[0.16, 0.52, 0.20], [0.52, 0.30, 0.16], [0.66, 0.83, 0.94]])
HEART_PAINT = np.array([0.30, 0.18, 0.10])
READABLE = 0.2

SIDE, HEART = 16, 1.4  # pixels
_y, _x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
_radius, _angle = np.hypot(_y, _x), np.arctan2(_x, _y)
NOTCH = 0.6  # between two petals a flower is this much of its size
PETAL_RING = (_radius > HEART + 0.5) & (_radius < NOTCH * SIZES[0] - 0.5)  # petal in every flower
CORNERS = _radius > SIZES[1] + 0.5  # background in every flower


def plant(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw what n flowers are: colour, petals, background and size, independent of each other."""
    n = checks.whole("n", n, 1, "a garden has at least one flower")
    rng = checks.generator("rng", rng)
    kinds = {"colour": COLOURS, "petals": PETALS, "background": BACKGROUNDS}
    flowers = {name: rng.choice(list(share), n, p=list(share.values())) for name, share in kinds.items()}
    return pd.DataFrame(flowers | {"size": rng.uniform(*SIZES, n)})


def paint(flowers: pd.DataFrame) -> np.ndarray:
    """Return the picture of each flower, shape (n, 16, 16, 3) in [0, 1], edges softened over one pixel."""
    checks.table("flowers", flowers, ("colour", "petals", "background", "size"), "see garden.plant")
    petal = PETAL_PAINT[_codes(flowers, "colour", COLOURS)]
    background = BACKGROUND_PAINT[_codes(flowers, "background", BACKGROUNDS)]
    size, petals = (flowers[name].to_numpy(float)[:, None, None] for name in ("size", "petals"))
    edge = size * (NOTCH + (1 - NOTCH) * np.abs(np.cos(petals * _angle / 2)))
    inside = (edge - _radius + 0.5).clip(0, 1)[..., None]
    heart = (HEART - _radius + 0.5).clip(0, 1)[None, ..., None]
    picture = background[:, None, None] + inside * (petal - background)[:, None, None]
    return (picture + heart * (HEART_PAINT - picture)).astype(np.float32)


def draw(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return pictures of n new flowers, shape (n, 16, 16, 3) in [0, 1]."""
    return paint(plant(n, rng))


def read(pictures: np.ndarray) -> pd.DataFrame:
    """Say which colour and which background each picture of shape (n, 16, 16, 3) shows, or "unreadable".

    Both are read where every flower has them: the petals in a ring around the heart, the background in the corners.
    The mean there counts as the nearest colour of the palette if it is no further than 0.2 from it.
    """
    pictures = check_images("pictures", pictures)
    if pictures.shape[1:] != (SIDE, SIDE, 3):
        raise ValueError(f"pictures must have shape (n, {SIDE}, {SIDE}, 3), got {pictures.shape}: read garden pictures")
    return pd.DataFrame(
        {
            "colour": _nearest(pictures[:, PETAL_RING].mean(axis=1), PETAL_PAINT, COLOURS),
            "background": _nearest(pictures[:, CORNERS].mean(axis=1), BACKGROUND_PAINT, BACKGROUNDS),
        }
    )


def shares(pictures: np.ndarray) -> dict[str, float]:
    """Return the share of each colour among pictures, and of the unreadable ones, in the order of `COLOURS`."""
    seen = read(pictures)["colour"].value_counts(normalize=True)
    return {colour: float(seen.get(colour, 0)) for colour in [*COLOURS, UNREADABLE]}


def _codes(flowers, column, kinds):
    codes = pd.Index(list(kinds)).get_indexer(flowers[column])
    if (codes < 0).any():
        strange = flowers[column][codes < 0].iloc[0]
        raise ValueError(
            f"the {column} of flowers must be one of {', '.join(kinds)}, got {checks.shown(strange)}: see garden.plant"
        )
    return codes


def _nearest(means, palette, kinds):
    distance = cdist(means, palette)
    names = np.array(list(kinds))[distance.argmin(axis=1)]
    return np.where(distance.min(axis=1) <= READABLE, names, UNREADABLE)
