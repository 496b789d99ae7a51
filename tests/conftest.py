"""Figures are drawn without a screen, and no test leaves anything behind; small fits are quickest on one thread."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when the libraries are loaded, so before them

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True, scope="session")
def a_reader_of_their_own(tmp_path_factory):
    """Keep what the tests predict and solve away from the one who runs them."""
    os.environ["COLLAPSE_LESSONS_HOME"] = str(tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="module")
def one_thread():
    """Let torch compute on one thread: small networks have nothing to share. It is not imported where it is missing."""
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def clean_figures():
    with mpl.rc_context():
        yield
    plt.close("all")
