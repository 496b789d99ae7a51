"""Lesson 09's map of the Gaussian in full: 50 x 50 cells, 1000 chains each, 50 generations."""

import time

import numpy as np

from collapse_lessons import theory
from collapse_lessons.web.maps import gaussian_map

N_REAL = np.round(np.geomspace(10, 10_000, 50)).astype(int)
SHARE = np.linspace(0, 0.95, 50)


def main():
    for n_jobs in (1, 2):
        began = time.perf_counter()
        errors = gaussian_map(N_REAL, SHARE, n_chains=1000, n_generations=50, n_jobs=n_jobs)
        print(f"{n_jobs} thread(s) {time.perf_counter() - began:6.1f} s")
    off = np.abs(errors / theory.mixed_error(N_REAL[:, None], SHARE) - 1)
    print(f"cells off the law: {off.mean():.1%} on average, {off.max():.1%} at most")
