"""Figures are drawn without a screen, and no test leaves one behind; small fits are quickest on one thread."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when the libraries are loaded, so before them

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True)
def clean_figures():
    with mpl.rc_context():
        yield
    plt.close("all")
