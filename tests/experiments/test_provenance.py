"""A run says where it comes from, and nothing of the machine's folders or of whose it is."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

import lessons
from collapse_lessons.experiments import provenance

SOURCE = {"name": "normal numbers", "revision": "seed 0", "licence": "CC0"}
KEYS = {"command", "versions", "commit", "device", "seconds", "date", "data", "checkpoints"}


def test_provenance_says_where_a_run_comes_from_and_not_who_made_it(monkeypatch, tmp_path):
    (tmp_path / "photos.npz").touch()
    script, photos = tmp_path / "scripts" / "record.py", tmp_path / "photos.npz"
    monkeypatch.setattr(sys, "argv", [str(script), str(photos), "--seed", "3", "--base", "hub/model"])
    command = provenance.command_line()
    assert command == "python scripts/record.py photos.npz --seed 3 --base hub/model"
    source = provenance.provenance(command=command, device="CPU", seconds=1.23, data=[SOURCE], checkpoints=[SOURCE])
    assert set(source) == KEYS
    assert source["versions"]["numpy"] == np.__version__
    assert str(tmp_path) not in json.dumps(source)
    with pytest.raises(ValueError, match=r"data must say name, revision and licence, got no \['licence'\]: add them"):
        provenance.provenance(command="", device="CPU", seconds=0, data=[{"name": "x", "revision": "1"}])


def repository(folder, **environment):
    package = folder / "collapse_lessons"
    (package / "experiments").mkdir(parents=True)
    for name in ("loop.py", "experiments/provenance.py"):
        (package / name).write_text("here = 1\n")

    def git(*arguments):
        call = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    return package, git


@pytest.mark.skipif(not shutil.which("git"), reason="git is not on every system")
def test_a_record_says_that_the_sources_were_changed_since_the_commit(tmp_path, monkeypatch):
    package, git = repository(tmp_path)
    monkeypatch.setattr(provenance, "__file__", str(package / "experiments" / "provenance.py"))
    assert provenance.git_commit() is None, "it lies in a repository, which does not hold it"
    git("add", ".")
    git("commit", "-qm", "first")
    commit = git("rev-parse", "HEAD")
    assert provenance.git_commit() == commit
    (tmp_path / "notes.txt").write_text("beside the sources")
    assert provenance.git_commit() == commit
    (package / "loop.py").write_text("here = 2\n")
    assert provenance.git_commit() == f"{commit} with changes"
    git("commit", "-qam", "second")
    (package / "new.py").write_text("")
    assert provenance.git_commit() == f"{git('rev-parse', 'HEAD')} with changes"


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        ("--out={}/there", "--out=there"),
        ("{}", "record"),
        ("--seed=3", "--seed=3"),
        ("a/b", "a/b"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_a_command_names_no_folder_of_this_machine(argument, shown, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["scripts/make.py", argument.format(tmp_path / "record")])
    assert provenance.command_line() == f"python scripts/make.py {shown}"


def test_a_command_names_a_script_of_the_course_by_its_room(monkeypatch):
    monkeypatch.setattr(sys, "argv", [str(lessons.ROOT / "scripts" / "record" / "clothes.py"), "--seeds", "1"])
    assert provenance.command_line() == "python scripts/record/clothes.py --seeds 1"


@pytest.mark.parametrize("script", ["", "/usr/lib/ipykernel_launcher.py"])
def test_a_notebook_has_no_command(script, monkeypatch):
    monkeypatch.setattr(sys, "argv", [script, "-f", "/home/somebody/kernel.json"])
    assert provenance.command_line() == "python, interactively"


def test_a_library_without_metadata_stops_no_record(monkeypatch):
    monkeypatch.setattr(provenance, "LIBRARIES", (*provenance.LIBRARIES, "sys"))
    assert "numpy" in provenance.versions()
    assert "sys" not in provenance.versions()


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"command": 3}, TypeError, "command must be a string, got 3"),
        ({"device": None}, TypeError, "device must be a string, got None"),
        ({"seconds": "3"}, TypeError, "seconds must be a number"),
        ({"seconds": float("nan")}, ValueError, "seconds must be a number"),
        ({"data": SOURCE}, TypeError, "data must be a list of dicts, got"),
        ({"checkpoints": ["x"]}, TypeError, "checkpoints must be a list of dicts, got"),
    ],
)
def test_a_provenance_of_the_wrong_kind_is_refused(changes, error, message):
    with pytest.raises(error, match=message):
        provenance.provenance(**{"command": "", "device": "CPU", "seconds": 0, "data": [SOURCE]} | changes)
