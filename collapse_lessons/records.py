"""Keep runs that took long: save one with its provenance, load it only if it is unchanged.

A record is a folder of plain files: `rows.csv`, `snapshots.npz`, `info.json` (how it was made) and `SHA256SUMS`, which
`sha256sum --check SHA256SUMS` understands as well. Nothing in it is ever executed.
"""

import hashlib
import importlib.metadata
import io
import json
import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import collapse_lessons
from collapse_lessons.runs import Run

FILES = ("info.json", "rows.csv", "snapshots.npz")
SUMS = "SHA256SUMS"
LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "torch", "transformers")


def folder_name(label: str) -> str:
    """Return a label as the name of a folder: "10% real" becomes 10_percent_real."""
    return re.sub(r"\W+", "_", label.replace("%", " percent"))


def join_seeds(runs: Sequence[Run]) -> Run:
    """Return the runs of one chain with several seeds as one: all rows, the first run's snapshots, all seconds."""
    if not runs:
        raise ValueError("runs must hold at least one run, got none: make one with run(...)")
    rows = pd.concat([run.rows for run in runs], ignore_index=True)
    info = {name: value for name, value in runs[0].info.items() if name != "seed"}
    together = {"seeds": sorted(set(rows["seed"].tolist())), "seconds": sum(run.info["seconds"] for run in runs)}
    return Run(rows, runs[0].snapshots, info | together)


def load_seeds(folder: str | Path) -> Run:
    """Return the runs of one chain, recorded in a folder with one folder a seed, as one."""
    folder = Path(folder)
    recorded = sorted(folder.glob("seed_*"), key=lambda path: int(path.name.removeprefix("seed_")))
    if not recorded:
        raise FileNotFoundError(
            f"folder must hold a record for each seed, got none in {folder.name}: {_remedy(folder)}"
        )
    return join_seeds([load_run(path) for path in recorded])


def save_run(folder: str | Path, run: Run, *, provenance: Mapping[str, Any]) -> None:
    """Write a run to `folder`: its rows, its snapshots, how it was made, and the hash of each of these files.

    Parameters
    ----------
    provenance : dict
        What the function of that name returns, and whatever else a reader should know; JSON can hold it.
    """
    info = json.dumps(plain(run.info | dict(provenance)), indent=2, ensure_ascii=False, allow_nan=False)
    snapshots = io.BytesIO()
    np.savez_compressed(snapshots, **{str(t): samples for t, samples in run.snapshots.items()})
    contents = (info.encode() + b"\n", run.rows.to_csv(index=False, lineterminator="\n").encode(), snapshots.getvalue())
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(FILES, contents, strict=True):
        _write(folder / name, content)
    sums = "".join(f"{sha256(content)}  {name}\n" for name, content in zip(FILES, contents, strict=True))
    _write(folder / SUMS, sums.encode())


def load_run(folder: str | Path) -> Run:
    """Return the run that `save_run` wrote to `folder`; a file that is missing or was changed is refused."""
    folder = Path(folder)
    lines = _read(folder, SUMS).decode(errors="replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    contents = {}
    for name in FILES:
        contents[name] = _read(folder, name)
        if sha256(contents[name]) != sums.get(name):
            raise ValueError(f"{folder.name}/{name} must be as it was recorded, got other content: {_remedy(folder)}")
    with np.load(io.BytesIO(contents["snapshots.npz"]), allow_pickle=False) as archive:
        snapshots = {int(t): archive[t] for t in archive.files}
    rows = pd.read_csv(io.BytesIO(contents["rows.csv"]))
    return Run(rows, snapshots, json.loads(contents["info.json"]))


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
    for name, sources in (("data", data), ("checkpoints", checkpoints)):
        for source in sources:
            missing = {"name", "revision", "licence"} - set(source)
            if missing:
                raise ValueError(f"{name} must say name, revision and licence, got no {sorted(missing)}: add them")
    return {
        "command": command,
        "versions": versions(),
        "commit": git_commit(),
        "device": device,
        "seconds": round(float(seconds), 1),
        "date": datetime.now(UTC).date().isoformat(),
        "data": [dict(source) for source in data],
        "checkpoints": [dict(source) for source in checkpoints],
    }


def command_line() -> str:
    """Return the command that started this program, without the folders of this machine."""
    script = Path(sys.argv[0])
    shown = [Path(a).name if Path(a).exists() or Path(a).is_absolute() else a for a in sys.argv[1:]]
    return shlex.join(["python", f"{script.resolve().parent.name}/{script.name}", *shown])


def versions() -> dict[str, str]:
    """Return the versions of Python, of the course, and of the libraries in use."""
    used = [name for name in LIBRARIES if name.replace("scikit-learn", "sklearn") in sys.modules]
    ours = {"python": platform.python_version(), "collapse_lessons": collapse_lessons.__version__}
    return ours | {name: importlib.metadata.version(name) for name in used}


def git_commit() -> str | None:
    """Return the commit of the course's sources, with a note if they were changed since; None outside a checkout."""

    def git(*arguments):
        call = ["git", "-C", str(Path(__file__).parent), *arguments]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()

    try:
        git("ls-files", "--error-unmatch", "loop.py")  # an installed package may lie in somebody else's repository
        return git("rev-parse", "HEAD") + (" with changes" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def sha256(content: bytes) -> str:
    """Return the hash of some bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def plain(value: Any) -> Any:
    """Return `value` as JSON has it: NumPy numbers become Python's, and a memory address goes out of a repr."""
    if isinstance(value, Mapping):
        return {str(key): plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return re.sub(r" at 0x[0-9a-fA-F]+", "", value) if isinstance(value, str) else value


def _read(folder, name):
    try:
        return (folder / name).read_bytes()
    except OSError:
        raise FileNotFoundError(f"{folder.name} must hold the file {name}, got none: {_remedy(folder)}") from None


def _remedy(folder):
    return f"restore the folder {folder.name} from where you got the course, or make the run again"


def _write(path, content):
    """Write a whole file or nothing: an interruption leaves no half of one."""
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    os.replace(partial, path)
