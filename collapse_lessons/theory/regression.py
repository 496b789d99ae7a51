"""What becomes of linear regression in which each model labels the next one's rows, and what a model's size changes."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import zeta

from collapse_lessons import checks
from collapse_lessons.theory.arguments import check_fits


def fit_risk(rows: int, features: int, noise: float = 1.0) -> float:
    """Return the mean squared error of all coefficients after one least-squares fit: noise^2 d / (T - d - 1) (exact).

    For T `rows` of d independent standard normal `features`: the mean trace of an inverse Wishart matrix. The same
    number is the error of a prediction, beside the noise of its own label. `noise` is a label's standard deviation.
    """
    features = checks.whole("features", features, 1, "columns of the design")
    rows = checks.whole("rows", rows, features + 2, f"{features} features need two rows more for a finite error")
    return _check_noise(noise) ** 2 * features / (rows - features - 1)


def replace_risk(fits: ArrayLike, rows: int, features: int, noise: float = 1.0) -> np.ndarray:
    """Return the mean squared error of all coefficients if each fit learns from labels of the one before it alone.

    fits noise^2 d / (T - d - 1), shape of `fits`: every fit adds an error of its own, without end (Dohmatob, Feng &
    Kempe 2024). Exact, with rows kept or drawn anew.
    """
    return check_fits(fits) * fit_risk(rows, features, noise)


def accumulate_risk(fits: ArrayLike, rows: int, features: int, noise: float = 1.0) -> np.ndarray:
    """Return the mean squared error of all coefficients if each fit learns from the real labels and all labels so far.

    noise^2 d / (T - d - 1) times the sum of 1/i^2 for i up to fits, shape of `fits`: the i-th fit weighs its newest
    labels 1/i. Hence it stays below pi^2/6 times the first error (Gerstgrasser et al. 2024). Exact if all generations
    label the same rows.
    """
    return (zeta(2, 1) - zeta(2, check_fits(fits) + 1.0)) * fit_risk(rows, features, noise)


def sized_risk(
    fits: ArrayLike, rows: int, used: int, features: int, noise: float = 1.0, signal: float = 1.0
) -> np.ndarray:
    """Return the error of a prediction by a model that sees `used` of the features, each fit taught by the one before.

    The fit of least norm to T new `rows` (exact, shape of `fits`). All `features`, d of them, explain `signal` together
    and equally. A model that sees m errs by r = signal (1 - m/d) on those it does not see, and these act as noise in
    its first fit.

    With less to fit than rows, m < T - 1, the error is r + (r + noise^2 fits) m / (T - m - 1). A generation costs more,
    the larger the model.

    With more, m > T + 1, a fit keeps a share s = T/m of what it is taught. The error is r + signal m/d (1 - s^fits)
    + v (r s^(fits - 1) + noise^2 (1 - s^fits)/(1 - s)) with v = T/(m - T - 1). The larger the model, the less noise it
    takes up, and the more it forgets.

    One fit is the setting of Belkin, Hsu & Xu (2020). The question is that of Dohmatob et al. (2025), the rest derived.

    Parameters
    ----------
    fits : whole number or array of them, at least 1
    rows, used, features : int
        `used` is at most `features`, and differs from `rows` by two at least: in between the error has no bound.
    noise, signal : float
        The standard deviation of a label's noise, and the variance of what the features explain.
    """
    fits = check_fits(fits, low=1)
    rows = checks.whole("rows", rows, 1, "of every training set")
    features = checks.whole("features", features, 1, "all there are")
    used = checks.whole("used", used, 1, "what the model sees")
    noise = _check_noise(noise) ** 2
    signal = checks.number("signal", signal, 0, 1e12, "the variance that the features explain")
    if used > features:
        raise ValueError(f"used must be at most the {features} features, got {used}: lower it")
    if abs(used - rows) < 2:
        raise ValueError(f"used must differ from the {rows} rows by two at least, got {used}: it has no bound there")
    hidden = signal * (1 - used / features)
    if used < rows:
        return hidden + (hidden + noise * fits) * used / (rows - used - 1)
    share = rows / used
    kept = share ** fits.astype(float)
    taken_up = rows / (used - rows - 1) * (hidden * kept / share + noise * (1 - kept) / (1 - share))
    return hidden + (signal - hidden) * (1 - kept) + taken_up


def _check_noise(noise):
    return checks.number("noise", noise, 0, 1e6, "the standard deviation of a label")
