"""Setting up: the course's own pins with their checksums, PyTorch apart, and a plain word where that cannot be."""

import subprocess
import sys
from pathlib import Path

import pytest

import check_room
import set_up


@pytest.fixture
def asked(monkeypatch):
    """Let nothing be installed; collect what was asked for, and let fail what `asked.fails` names."""

    class Asked(list):
        fails = ()

        def run(self, command, **_):
            self.append([str(part) for part in command])
            return subprocess.CompletedProcess(command, int(any(word in self[-1] for word in self.fails)))

    calls = Asked()
    monkeypatch.setattr("set_up.subprocess.run", calls.run)
    monkeypatch.setattr("sys.argv", ["set_up.py"])
    monkeypatch.setattr("set_up.check_disk", lambda: (check_room.FINE, ""))
    monkeypatch.setattr("set_up.torchless", lambda: None)
    monkeypatch.chdir(Path.cwd())  # set_up moves to the course's folder
    return calls


def test_pytorch_is_installed_in_a_run_of_its_own(asked):
    assert set_up.main() is None
    venv, torch, pinned, course = asked
    assert venv[1:] == ["-m", "venv", ".venv"]
    assert set_up.TORCH_CPU in torch
    assert "requirements-torch.txt" in torch
    assert "--no-deps" in torch
    assert not any(part.startswith("http") for command in (pinned, course) for part in command)
    assert pinned[-3:] == ["--no-deps", "-r", "requirements.txt"]  # its checksums switch pip's check on
    assert course[-3:] == ["--no-deps", "--editable", "."]


def test_where_pytorch_s_index_does_not_answer_pypi_s_build_is_taken(asked):
    asked.fails = (set_up.TORCH_CPU,)
    assert set_up.main() is None
    assert asked[2][-2:] == ["-r", "requirements-torch.txt"]


def test_with_a_card_pypi_s_build_is_taken(asked, monkeypatch):
    monkeypatch.setattr("sys.argv", ["set_up.py", "--torch-index", ""])
    assert set_up.main() is None
    assert not any(part.startswith("http") for command in asked for part in command)


def test_a_failure_is_told_and_nothing_more_is_tried(asked):
    asked.fails = ("requirements.txt",)
    assert "pip did not succeed with --no-deps -r requirements.txt" in set_up.main()
    assert len(asked) == 3


def test_without_a_build_of_pytorch_the_other_lessons_are_set_up(asked, monkeypatch, capsys):
    """Macs with an Intel processor, macOS 13, ARM builds of Python on Windows."""
    monkeypatch.setattr("set_up.torchless", lambda: "Macs with an Intel processor")
    assert set_up.main() is None
    assert [command[-2:] for command in asked[1:]] == [["--editable", ".[lab]"]]
    assert "lessons 05, 07 and 08 do not run here" in capsys.readouterr().out


@pytest.mark.parametrize("version", [(3, 10, 1), (3, 15, 0)])
def test_a_python_it_does_not_know_is_refused_before_anything_is_made(asked, monkeypatch, version):
    monkeypatch.setattr("check_room.sys.version_info", version)
    monkeypatch.setattr("check_room.installed", lambda name: False)
    assert "3.11 to 3.14" in set_up.main()
    assert not asked


def test_its_help_needs_nothing_installed(tmp_path):
    command = [sys.executable, "-S", set_up.__file__, "--help"]  # -S: a Python without site-packages
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "--torch-index" in said
