"""Where a run comes from: the command that makes it again, versions, the commit, the device, the data."""

import importlib.metadata
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import collapse_lessons
from collapse_lessons import checks

LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "torch", "transformers")


def provenance(
    *, command: str, device: str, seconds: float, data: Sequence[Mapping[str, str]], checkpoints: Sequence = ()
) -> dict[str, Any]:
    """Return where a run comes from: command, versions, git commit, device, wall time, date, data and checkpoints.

    Parameters
    ----------
    command : str
        What makes the run again; see `command_line`.
    device : str
        What it ran on, in words: "CPU, 1 thread".
    data, checkpoints : lists of dict
        One for each source, with at least the keys name, revision (a version, commit or sha256) and licence.
    """
    checks.text("command", command, "see provenance.command_line")
    checks.text("device", device, "say what it ran on, such as 'CPU, 1 thread'")
    seconds = checks.number("seconds", seconds, 0, 1e12, "give its wall time")
    check_sources("data", data)
    check_sources("checkpoints", checkpoints)
    return {
        "command": command,
        "versions": versions(),
        "commit": git_commit(),
        "device": device,
        "seconds": round(seconds, 1),
        "date": datetime.now(UTC).date().isoformat(),
        "data": [dict(source) for source in data],
        "checkpoints": [dict(source) for source in checkpoints],
    }


def check_sources(name: str, sources: Any) -> None:
    """Raise an error unless `sources` are dicts that each say name, revision and licence."""
    if not isinstance(sources, list | tuple) or not all(isinstance(source, Mapping) for source in sources):
        raise TypeError(f"{name} must be a list of dicts, got {checks.shown(sources)}: one for each source")
    for source in sources:
        if missing := {"name", "revision", "licence"} - set(source):
            raise ValueError(f"{name} must say name, revision and licence, got no {sorted(missing)}: add them")


def this_session(seconds: float) -> dict[str, Any]:
    """Return the provenance of a run made here, as far as it is known without being told."""
    return provenance(command=command_line(), device=f"{platform.machine()} CPU", seconds=seconds, data=[])


def command_line() -> str:
    """Return the command that started this program, without the folders of this machine."""
    script = Path(sys.argv[0])
    if hasattr(sys, "ps1") or script.name in ("", "ipykernel_launcher.py"):
        return "python, interactively"
    script, course = script.resolve(), Path(__file__).resolve().parents[2]
    place = script.relative_to(course) if script.is_relative_to(course) else Path(script.parent.name, script.name)
    return shlex.join(["python", place.as_posix(), *map(_without_folder, sys.argv[1:])])


def _without_folder(argument):
    option, equals, value = argument.rpartition("=")
    path = Path(value)
    return f"{option}{equals}{path.name}" if os.path.exists(value) or path.is_absolute() else argument


def versions() -> dict[str, str]:
    """Return the versions of Python, of the course, and of the libraries in use."""
    used = [name for name in LIBRARIES if name.replace("scikit-learn", "sklearn") in sys.modules]
    ours = {"python": platform.python_version(), "collapse_lessons": collapse_lessons.__version__}
    for name in used:
        with suppress(importlib.metadata.PackageNotFoundError):  # a build of one's own may have no metadata
            ours[name] = importlib.metadata.version(name)
    return ours


def git_commit() -> str | None:
    """Return the commit of the course's sources, with a note if they were changed since; None outside a checkout."""

    def git(*arguments):
        call = ["git", "-C", str(Path(__file__).parents[1]), *arguments]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()

    try:
        git("ls-files", "--error-unmatch", "loop.py")  # an installed package may lie in somebody else's repository
        return git("rev-parse", "HEAD") + (" with changes" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return None
