"""The check of a room: ready here, and on a bare computer it says what is missing instead of breaking."""

import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import PurePosixPath

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
        ("sys.version_info", (3, 15), check_room.check_python, NOTE),
        ("shutil.disk_usage", lambda path: namedtuple("Usage", "free")(1e8), check_room.check_disk, WRONG),
        ("memory_bytes", lambda: 1.2e9, check_room.check_memory, NOTE),
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
    monkeypatch.setattr("collapse_lessons.worlds.datasets.data_path", lambda name: tmp_path / "data" / name)
    verdict, text = check_room.attempt(check_room.check_data)
    assert verdict == WRONG
    assert "rows.csv" in text


def test_a_port_is_really_opened(monkeypatch):
    opened = []
    create = socket.create_server
    monkeypatch.setattr("check_room.socket.create_server", lambda address: opened.append(address) or create(address))
    assert check_room.check_port()[0] == FINE
    assert opened == [("127.0.0.1", 0)]


@pytest.mark.parametrize(
    ("system", "machine", "release", "build", "reason"),
    [
        ("darwin", "x86_64", "15.1", "macosx-10.13-universal2", "Intel"),
        ("darwin", "arm64", "13.7.8", "macosx-11.0-arm64", "macOS before 14"),
        ("darwin", "arm64", "14.0", "macosx-11.0-arm64", None),
        ("win32", "ARM64", "", "win-arm64", "ARM"),
        ("win32", "ARM64", "", "win-amd64", None),
        ("linux", "aarch64", "", "linux-aarch64", None),
    ],
)
def test_machines_without_a_build_of_pytorch_are_told(system, machine, release, build, reason, monkeypatch):
    monkeypatch.setattr("check_room.sys.platform", system)
    monkeypatch.setattr("check_room.platform.machine", lambda: machine)
    monkeypatch.setattr("check_room.platform.mac_ver", lambda: (release, ("", "", ""), machine))
    monkeypatch.setattr("check_room.sysconfig.get_platform", lambda: build)
    found = check_room.torchless()
    assert found is None if reason is None else reason in found
    assert check_room.check_machine()[0] == (NOTE if reason else FINE)


def test_memory_is_told_lesson_by_lesson(monkeypatch):
    assert list(check_room.PEAKS) == [path.stem[:2] for path in lessons.PATHS]
    monkeypatch.setattr("check_room.PEAKS", {"00": 0.5, "01": 0.6, "04": 1.5, "07": 2.5})
    for memory, verdict, words in [
        (4e9, FINE, "enough for every lesson"),
        (2e9, NOTE, "too little for lesson 07, which need up to 2.8 GB"),
        (1e9, NOTE, "too little for lessons 04 and 07"),
        (5e8, WRONG, "too little for lessons 00, 01, 04 and 07"),
    ]:
        monkeypatch.setattr("check_room.memory_bytes", lambda memory=memory: memory)
        found, text = check_room.check_memory()
        assert found == verdict
        assert words in text


def test_a_folder_too_deep_for_windows_is_told(monkeypatch):
    monkeypatch.setattr("check_room.sys.platform", "win32")
    monkeypatch.setattr("check_room.long_paths", lambda: False)
    for folder, verdict in [("C:/course", FINE), ("C:/Users/student/Documents/" + "x" * 60, WRONG)]:
        monkeypatch.setattr("check_room.Path.cwd", lambda folder=folder: PurePosixPath(folder))
        found, text = check_room.check_folder()
        assert found == verdict
        assert "C:" in text
