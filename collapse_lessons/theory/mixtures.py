"""What becomes of kernels, choosy samplers and mixtures that are fitted to themselves."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from collapse_lessons import checks
from collapse_lessons.theory.arguments import check_fits, check_n


def kernel_var(generation: ArrayLike, n: int, bandwidth: float, var: float = 1.0) -> np.ndarray:
    """Return the mean variance (ddof 0) of the samples of a Gaussian kernel estimate under `replace`, per axis.

    Each generation adds bandwidth^2 and each finite sample takes a share of 1/n: v <- (1 - 1/n)(v + bandwidth^2), from
    the real sample's own variance `var` (derived). With bandwidth^2 replaced by `reg_covar` it holds for a mixture
    fitted by EM too, whose total covariance is the data's plus that floor.
    """
    generation, n = check_fits(generation), check_n(n)
    bandwidth = checks.number("bandwidth", bandwidth, 0, 1e100, "the width of the kernel, in the data's units")
    var = checks.number("var", var, 0, 1e200, "the real sample's own variance, ddof 0")
    shrink, fixed = 1 - 1 / n, (n - 1) * bandwidth**2
    return fixed + shrink ** (generation + 1.0) * (var - fixed)


def kept_var(keep: float, d: int) -> float:
    """Return what is left of a Gaussian's variance, per axis, if only the likeliest share `keep` of samples stays.

    In d dimensions the likeliest lie within a radius whose square is the chi-square quantile c of `keep`; the share is
    P(chi2_{d+2} < c) / keep, for many samples (derived). Each generation multiplies by it again.
    """
    keep = checks.number("keep", keep, 1e-6, 1, "1 keeps every sample")
    d = checks.whole("d", d, 1, "the number of columns")
    return chi2.cdf(chi2.ppf(keep, d), d + 2) / keep
