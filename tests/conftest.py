"""Figures are drawn without a screen, no kernel reaches a network, and no test leaves anything behind."""

import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when the libraries are loaded; small fits are quickest on one
# Every kernel that a test starts has the network blocked.
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(Path(__file__).parent / "offline"), *filter(None, [os.environ.get("PYTHONPATH")])]
)

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


def pytest_collection_modifyitems(items):
    """Put the lessons first: they take longest, and two processes shall end at about the same time."""
    items.sort(key=lambda item: "/test_solutions.py::" not in item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep a file's tests in one process, since they share what they fit; each lesson is solved for itself."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return nodeid if "/test_solutions.py::" in nodeid else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)
