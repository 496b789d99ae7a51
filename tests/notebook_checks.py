"""How notebooks are checked: by nbval, cell by cell, with the network blocked."""

import os
import tempfile
from pathlib import Path

import pytest

OFFLINE = Path(__file__).parent / "offline"


def pytest_configure(config):
    # Every kernel started by a test inherits these: no network, and not the predictions of whoever runs the tests.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH")])])
    os.environ["COLLAPSE_LESSONS_HOME"] = tempfile.mkdtemp()


def pytest_collectstart(collector):
    # Pictures are never the same to the last bit on another machine; stderr carries warnings of other people's code.
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("stderr", "text/html", "image/png")


def pytest_runtest_makereport(item, call):
    if type(item).__name__ == "IPyNbCell" and call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
        item.parent.first_failure = item.name


def pytest_runtest_setup(item):
    # After one failure the cells below it say nothing new: report the first alone.
    if failed := getattr(item.parent, "first_failure", None):
        pytest.skip(f"{failed} failed before it")
