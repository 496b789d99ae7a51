"""A run's folder by itself; what becomes of it in a run stands in test_resume_folders.py."""

import pytest

from collapse_lessons.experiments.run_folder import RunFolder


def test_it_takes_an_empty_folder_and_its_own_settings_again(tmp_path):
    for _ in range(2):
        mine = RunFolder(tmp_path, {"seed": 1})
        mine.check_is_ours()
        mine.settle({"label": "mine"})
    assert mine.finished(5) == []


def test_a_folder_that_holds_something_else_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"folder must be the run's own, got .*, which holds 'notes.txt': name a new"):
        RunFolder(tmp_path, {"seed": 1}).check_is_ours()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_generation_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "generation_001").write_text("")
    with pytest.raises(ValueError, match="folder must hold generations as folders, got a file generation_001: move"):
        RunFolder(tmp_path, {"seed": 1}).check_is_ours()


def test_the_settings_of_another_run_are_refused_and_named(tmp_path):
    RunFolder(tmp_path, {"seed": 1, "n": 10}).settle({})
    with pytest.raises(ValueError, match=r"seed must be that of the run in .*, 1, got 2: give the same, or another"):
        RunFolder(tmp_path, {"seed": 2, "n": 10}).settle({})


def test_a_damaged_generation_ends_what_is_finished_and_is_an_error_where_it_must_be_whole(tmp_path, capsys):
    mine = RunFolder(tmp_path, {"seed": 1})
    mine.settle({})
    mine.generation(0).mkdir()
    assert mine.finished(5) == []
    assert "generation_000 is damaged" in capsys.readouterr().out
    with pytest.raises(ValueError, match="generation_000 must be as it was written, got one that is damaged"):
        mine.finished(5, strict=True)
