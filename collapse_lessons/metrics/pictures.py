"""Measures of one picture against its original."""

import numpy as np
from scipy import fft
from scipy.ndimage import uniform_filter

from collapse_lessons import checks
from collapse_lessons.models.photocopier import check_pictures

WINDOW = 7  # pixels a side, in which `ssim` compares


def ssim(picture: np.ndarray, original: np.ndarray) -> float:
    """Return the structural similarity of two pictures, shape (h, w, 3) in [0, 1]: 1 if equal (Wang et al. 2004).

    Equation 13 with the paper's constants, in windows of 7 by 7 pixels inside the picture and averaged over windows and
    colours; all pixels of a window count alike, and variances are those of samples (ddof 1), as in scikit-image.
    """
    picture, original = _pair(picture, original)
    if min(picture.shape[:2]) < 7:
        raise ValueError(f"picture must have at least 7 pixels a side, got {picture.shape}: it is compared in windows")

    def mean(values):
        return uniform_filter(values, WINDOW, axes=(0, 1))[inside, inside]

    inside, ddof, c1, c2 = slice(WINDOW // 2, -(WINDOW // 2)), WINDOW**2 / (WINDOW**2 - 1), 0.01**2, 0.03**2
    x, y = mean(picture), mean(original)
    variances = ddof * (mean(picture**2) - x**2 + mean(original**2) - y**2)
    covariance = ddof * (mean(picture * original) - x * y)
    similar = (2 * x * y + c1) * (2 * covariance + c2) / ((x**2 + y**2 + c1) * (variances + c2))
    return float(similar.mean(dtype=float))


def laid_back(picture: np.ndarray, original: np.ndarray) -> np.ndarray:
    """Return the picture, shape (h, w, 3) in [0, 1], rolled to where it fits the original best, by whole pixels.

    By phase correlation (Kuglin & Hines 1975): a shift turns every wave's phase and leaves its amplitude, so the
    transform of the phases alone has its peak at the shift.
    """
    picture, original = _pair(picture, original)
    waves = fft.fft2(original.mean(axis=-1)) * fft.fft2(picture.mean(axis=-1)).conj()
    peak = np.abs(fft.ifft2(waves / np.maximum(np.abs(waves), 1e-12)))
    return np.roll(picture, np.unravel_index(np.argmax(peak), peak.shape), axis=(0, 1))


def radial_power(picture: np.ndarray, n_bins: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Return the power of a picture, shape (h, w, 3), by spatial frequency.

    Returns
    -------
    frequency : array of shape (n_bins,), in cycles per pixel, up to 0.5
    power : array of shape (n_bins,), the mean square of the cosine coefficients in each ring
    """
    picture = _picture("picture", picture)
    n_bins = checks.whole("n_bins", n_bins, 1, "rings of frequencies", 10**6)
    power = np.square(fft.dctn(picture, axes=(0, 1), norm="ortho")).mean(axis=-1)
    fy, fx = (np.arange(size) / (2 * size) for size in power.shape)
    radius = np.hypot(fy[:, None], fx)
    edges = np.linspace(0, 0.5, n_bins + 1)
    ring = np.digitize(radius, edges) - 1
    inside = ring < n_bins
    count = np.bincount(ring[inside], minlength=n_bins)
    total = np.bincount(ring[inside], weights=power[inside], minlength=n_bins)
    return (edges[:-1] + edges[1:]) / 2, total / np.maximum(count, 1)


def fine_detail(picture: np.ndarray, original: np.ndarray, above: float = 0.125) -> float:
    """Return the power of a picture at frequencies above `above` cycles per pixel, as a share of the original's."""
    picture, original = _pair(picture, original)
    frequency, power = radial_power(picture)
    fine = frequency > checks.number("above", above, 0, 0.48, "in cycles per pixel, 0.125 is a wave 8 pixels long")
    before = radial_power(original)[1][fine].sum()
    if before < 1e-12:
        raise ValueError(f"original must have detail above {above} cycles per pixel, got none: take another picture")
    return float(power[fine].sum() / before)


def crops_recognised(picture: np.ndarray, original: np.ndarray, rows: int = 6, columns: int = 8) -> float:
    """Return the share of `rows` x `columns` crops that still look most like the crop they came from.

    Crops are compared by the correlation of their pixels, so a change of brightness or contrast alone costs nothing;
    a crop gone flat is lost.
    """
    return float(crops_found(picture, original, rows, columns).mean())


def crops_found(picture: np.ndarray, original: np.ndarray, rows: int = 6, columns: int = 8) -> np.ndarray:
    """Return which crops still look most like the crop they came from, booleans of shape (rows, columns)."""
    picture, original = _pair(picture, original)
    rows = checks.whole("rows", rows, 1, "of crops")
    columns = checks.whole("columns", columns, 1, "of crops")
    if rows > len(original) or columns > original.shape[1]:
        raise ValueError(f"rows and columns must fit {original.shape}, got {rows} and {columns}: ask for fewer crops")
    copies, originals = _crops(picture, rows, columns), _crops(original, rows, columns)
    found = np.argmax(copies @ originals.T, axis=1) == np.arange(len(copies))
    return (found & (np.square(copies).sum(axis=1) > 0)).reshape(rows, columns)


def _crops(picture, rows, columns):
    h, w = picture.shape[0] // rows, picture.shape[1] // columns
    blocks = picture[: h * rows, : w * columns].reshape(rows, h, columns, w, 3).swapaxes(1, 2)
    crops = blocks.reshape(rows * columns, -1).astype(float)
    crops -= crops.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(crops, axis=1, keepdims=True)
    return np.divide(crops, norm, out=np.zeros_like(crops), where=norm > 1e-6)


def _pair(picture, original):
    picture, original = _picture("picture", picture), _picture("original", original)
    if picture.shape != original.shape:
        raise ValueError(f"picture must have the original's shape {original.shape}, got {picture.shape}: resize one")
    return picture, original


def _picture(name, picture):
    picture = check_pictures(name, checks.array(name, picture, 3, "(h, w, 3) in [0, 1]")[None])[0]
    return picture.astype(np.float32 if picture.itemsize <= 4 else float, copy=False)  # SciPy filters these two alone
