"""Where Python runs in a browser: what it lacks is said, and what the reader did is kept by the browser."""

import numpy as np
import pytest

from collapse_lessons import Gaussian, browser, metrics, replace, sweep
from collapse_lessons.course import lesson
from collapse_lessons.home import home
from collapse_lessons.web import maps
from collapse_lessons.worlds import datasets

REAL = np.arange(10.0)[:, None]


@pytest.fixture
def drive(monkeypatch, tmp_path):
    """As in JupyterLite: Pyodide, and files that the browser keeps."""
    monkeypatch.delenv("COLLAPSE_LESSONS_HOME")
    monkeypatch.setattr(browser, "HERE", True)
    monkeypatch.setattr(browser, "DRIVE", tmp_path)
    return tmp_path


def swept(n_jobs):
    return sweep(
        Gaussian(), REAL, {"a": replace}, seeds=[0, 1], metrics={"std": metrics.std}, n_generations=2, n_jobs=n_jobs
    )


def test_this_python_runs_in_no_browser(capsys):
    assert not browser.HERE
    assert browser.home() is None
    assert browser.workers(3) == 3
    assert capsys.readouterr().out == ""


def test_a_sweep_on_several_processes_becomes_one_and_says_so(drive, capsys):
    alone = swept(1)
    assert capsys.readouterr().out == ""
    assert swept(4).equals(alone)
    assert "n_jobs=4 becomes 1: the same results" in capsys.readouterr().out


def test_a_map_on_several_threads_becomes_one_and_says_so(drive, capsys):
    assert np.array_equal(
        maps.gaussian_map([10], [0, 0.5], n_chains=5, n_generations=3, n_jobs=-1),
        maps.gaussian_map([10], [0, 0.5], n_chains=5, n_generations=3),
    )
    assert capsys.readouterr().out.count("n_jobs=-1 becomes 1") == 1


def test_predictions_are_kept_beside_the_lessons(drive, capsys):
    lesson.start("Lesson 01")
    assert "stay in this browser, in the folder 'my course' beside the lessons" in capsys.readouterr().out
    lesson.compare("01.1", 1, 1)
    assert (drive / "my course" / "predictions.jsonl").is_file()
    assert list(lesson.predictions()["question"]) == ["01.1"]


def test_a_browser_that_keeps_nothing_says_so(drive, monkeypatch, capsys):
    monkeypatch.setattr(browser, "DRIVE", drive / "not mounted")
    lesson.start("Lesson 01")
    assert "last until it is closed" in capsys.readouterr().out
    assert browser.home() is None


def test_a_folder_that_the_reader_chose_comes_first(drive, monkeypatch):
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(drive / "mine"))
    assert home() == drive / "mine"


def test_data_that_the_small_wheel_leaves_out_are_asked_for_elsewhere(drive):
    with pytest.raises(FileNotFoundError, match=r"got 'clothes/nothing': the browser's copy lacks what needs PyTorch"):
        datasets.data_path("clothes/nothing")
