"""A photocopier: `fit` scans a pile of pages into one picture, `sample` prints it. A copy of a copy is the loop."""

from dataclasses import dataclass
from io import BytesIO
from typing import Self

import numpy as np
from PIL import Image
from scipy import fft

from collapse_lessons import checks

MOST = 100_000  # pixels a side: no picture has more
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 + 1 / 32  # ordered-dither screen


@dataclass
class Photocopier:
    """Scan pages, average them, print the average. Every defect has a switch of its own; all off, copies are perfect.

    Parameters
    ----------
    blur : float in [0, 20]
        Ink spreads: standard deviation of a Gaussian point spread, in pixels.
    halftone : int
        Ink comes in this many levels per colour, spread over a 4 x 4 screen; 0 is off, else at least 2.
    tone : float in [0.2, 5]
        Contrast: the slope of the tone curve about mid-grey; 1 is faithful.
    shift : int
        The page lands up to this many pixels off, along each axis.
    noise : float in [0, 1]
        Standard deviation of the sensor's noise, fresh for every scan.
    sharpen : float in [0, 5]
        How much of the detail finer than 2 pixels the scanner adds on top (unsharp masking).
    jpeg : int or None
        Quality, 1 to 95, at which the scan is stored; None stores it without loss.

    Attributes
    ----------
    page_ : array of shape (h, w, 3)
        The scanned picture, in [0, 1].
    """

    blur: float = 0.0
    halftone: int = 0
    tone: float = 1.0
    shift: int = 0
    noise: float = 0.0
    sharpen: float = 0.0
    jpeg: int | None = None

    def __post_init__(self):
        checks.number("blur", self.blur, 0, 20, "pixels; 0 is off")
        checks.whole("halftone", self.halftone, 0, "levels of ink; 0 is off")
        if self.halftone == 1:
            raise ValueError("halftone must be 0 or at least 2 levels, got 1: one level of ink is a blank page")
        checks.number("tone", self.tone, 0.2, 5, "1 is faithful")
        checks.whole("shift", self.shift, 0, "pixels; 0 is off")
        checks.number("noise", self.noise, 0, 1, "0 is off, 0.02 is visible")
        checks.number("sharpen", self.sharpen, 0, 5, "0 is off, 1 is strong")
        if self.jpeg is not None and not 1 <= checks.whole("jpeg", self.jpeg, 1, "a quality, or None") <= 95:
            raise ValueError(f"jpeg must be a quality from 1 to 95, got {self.jpeg}: None stores without loss")
        checks.own_numbers(self)

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Scan the n pages of X, shape (n, h, w, 3) in [0, 1], and average the scans."""
        X = check_pictures("X", X)
        checks.generator("rng", rng)
        self.page_ = sum(self._scan(page, rng) for page in X) / len(X)
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Print n copies, shape (n, h, w, 3) in [0, 1]; the printer has no randomness of its own, the scanner has."""
        checks.fitted(self, "page_")
        n = checks.whole("n", n, 1, "print at least one copy")
        checks.generator("rng", rng)
        return np.repeat(self._print(self.page_)[None], n, axis=0)

    def _print(self, page):
        if self.halftone:
            page = halftone(page, self.halftone)
        if self.blur:
            page = linear_filter(page, blur_response(page.shape[:2], self.blur))
        if self.tone != 1:
            page = 0.5 + self.tone * (page - 0.5)
        return np.clip(page, 0, 1)

    def _scan(self, page, rng):
        if self.shift:
            page = np.roll(page, rng.integers(-self.shift, self.shift + 1, 2), axis=(0, 1))
        if self.noise:
            page = page + self.noise * rng.standard_normal(page.shape, dtype=np.float32)
        if self.sharpen:
            page = linear_filter(page, sharpen_response(page.shape[:2], self.sharpen))
        page = np.clip(page, 0, 1)
        return page if self.jpeg is None else jpeg(page, self.jpeg)


def blur_response(shape: tuple[int, int], sigma: float) -> np.ndarray:
    """Return the frequency response of a Gaussian blur, shape (h, w), over `linear_filter`'s frequencies.

    H(f) = exp(-2 pi^2 sigma^2 f^2), with f = k / 2h and l / 2w cycles per pixel.
    """
    sigma = checks.number("sigma", sigma, 0, np.inf, "the width of the blur, in pixels")
    if len(checks.listed("shape", shape, "give (height, width)")) != 2:
        raise ValueError(f"shape must be (height, width), got {checks.shown(shape)}: picture.shape[:2] is one")
    height, width = (checks.whole("shape", size, 1, "pixels", MOST) for size in shape)
    fy, fx = (np.arange(size) / (2 * size) for size in (height, width))
    return np.exp(-2 * (np.pi * sigma) ** 2 * (fy[:, None] ** 2 + fx**2)).astype(np.float32)


def sharpen_response(shape: tuple[int, int], amount: float) -> np.ndarray:
    """Return the frequency response of unsharp masking, shape (h, w): 1, plus `amount` of what a blur of 2 removes."""
    amount = checks.number("amount", amount, 0, 5, "0 is off, 1 is strong")
    return 1 + amount * (1 - blur_response(shape, 2))


def linear_filter(page: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Multiply a picture's cosine spectrum by `response`; the cosines mirror the picture at its edges."""
    page = checks.array("page", page, 3, "(h, w, 3)")
    response = checks.array("response", response, 2, "(h, w)")
    if page.shape[:2] != response.shape:
        raise ValueError(
            f"response must have the page's shape {page.shape[:2]}, got {response.shape}: see blur_response"
        )
    spectrum = fft.dctn(page, axes=(0, 1), norm="ortho")
    spectrum *= response[..., None]
    return fft.idctn(spectrum, axes=(0, 1), norm="ortho", overwrite_x=True)


def halftone(page: np.ndarray, levels: int) -> np.ndarray:
    """Print with `levels` inks per colour: each pixel gets the ink below or above it, as a 4 x 4 screen decides."""
    levels = checks.whole("levels", levels, 2, "one level of ink is a blank page")
    page = _check_page(page)
    h, w = page.shape[:2]
    screen = np.tile(BAYER, (-(-h // 4), -(-w // 4)))[:h, :w, None].astype(np.float32)
    return np.floor(page * (levels - 1) + screen).clip(0, levels - 1) / (levels - 1)


def jpeg(page: np.ndarray, quality: int) -> np.ndarray:
    """Compress and decompress a picture, shape (h, w, 3) in [0, 1]."""
    quality = checks.whole("quality", quality, 1, "95 loses least", 95)
    page, buffer = _check_page(page), BytesIO()
    Image.fromarray(np.round(page * 255).astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer), dtype=page.dtype) / 255


def _check_page(page):
    """Return `page` as one picture of shape (h, w, 3), floats in [0, 1]."""
    return check_pictures("page", checks.array("page", page, 3, "(h, w, 3) in [0, 1]")[None])[0]


def check_pictures(name: str, X: np.ndarray) -> np.ndarray:
    """Return `X` as pictures of shape (n, h, w, 3), floats in [0, 1]."""
    X = checks.array(name, X, 4, "(n, h, w, 3) in [0, 1]; one picture is picture[None]")
    if X.shape[-1] != 3:
        raise ValueError(
            f"{name} must have 3 colours on its last axis, got shape {X.shape}: repeat a grey picture thrice"
        )
    if X.dtype.kind != "f" or X.min() < 0 or X.max() > 1:
        raise ValueError(f"{name} must hold values from 0 to 1, got {X.min()} to {X.max()}: divide bytes by 255")
    return X
