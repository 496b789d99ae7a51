"""The check of a room: ready here, and on a bare computer it says what is missing instead of breaking."""

import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple

import pytest

import check_room
import lessons
from check_room import FINE, NOTE, WRONG


def run(*options, cwd):
    command = [sys.executable, *options, str(lessons.ROOT / "scripts" / "check_room.py")]
    return subprocess.run(command, cwd=cwd, env=os.environ | {"PYTHONPATH": ""}, capture_output=True, text=True)


def test_this_room_is_ready(capsys):
    assert check_room.main() == 0
    said = capsys.readouterr().out
    assert said.count(FINE) >= len(check_room.CHECKS) - 4  # cores, memory, a home and the real model may earn a note
    assert "READY" in said
    assert "WRONG" not in said


def test_on_a_bare_python_it_says_what_to_do(tmp_path):
    bare = run("-S", cwd=tmp_path)  # -S: a Python without site-packages
    assert bare.returncode == 1
    assert "Traceback" not in bare.stdout + bare.stderr
    for line in bare.stdout.splitlines():
        if line.startswith(WRONG):
            assert "make lab" in line
    assert len(bare.stdout.splitlines()) == len(check_room.CHECKS) + 2
    assert "NOT READY" in bare.stdout


@pytest.mark.parametrize(
    ("name", "value", "check", "verdict"),
    [
        ("sys.version_info", (3, 10), check_room.check_python, WRONG),
        ("shutil.disk_usage", lambda path: namedtuple("Usage", "free")(1e8), check_room.check_disk, WRONG),
        ("memory_bytes", lambda: 2e9, check_room.check_memory, NOTE),
        ("memory_bytes", lambda: None, check_room.check_memory, NOTE),
        ("os.cpu_count", lambda: 1, check_room.check_cores, NOTE),
        (
            "socket.create_server",
            lambda address: (_ for _ in ()).throw(OSError("forbidden")),
            check_room.check_port,
            WRONG,
        ),
    ],
)
def test_what_is_short_is_told(name, value, check, verdict, monkeypatch):
    monkeypatch.setattr(f"check_room.{name}", value)
    found, text = check()
    assert found == verdict
    assert ":" in text, "a remedy"


def test_a_package_of_another_version_is_named(monkeypatch):
    version = check_room.importlib.metadata.version
    monkeypatch.setattr(
        "check_room.importlib.metadata.version", lambda name: "1.0" if name == "numpy" else version(name)
    )
    verdict, text = check_room.check_packages()
    assert verdict == WRONG
    assert "numpy 1.0 instead of >=2.0" in text


def test_spoilt_data_are_told(monkeypatch, tmp_path):
    shutil.copytree(lessons.ROOT / "data", tmp_path / "data")
    next((tmp_path / "data" / "pocket").rglob("rows.csv")).write_text("spoilt", "utf8")
    monkeypatch.setattr("collapse_lessons.datasets.data_path", lambda name: tmp_path / "data" / name)
    verdict, text = check_room.attempt(check_room.check_data)
    assert verdict == WRONG
    assert "rows.csv" in text


def test_a_port_is_really_opened(monkeypatch):
    opened = []
    create = socket.create_server
    monkeypatch.setattr("check_room.socket.create_server", lambda address: opened.append(address) or create(address))
    assert check_room.check_port()[0] == FINE
    assert opened == [("127.0.0.1", 0)]
