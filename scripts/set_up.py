"""Set the course up in .venv: PyTorch, every other package as it is pinned, and the course itself.

    python scripts/set_up.py [--torch-index URL]

Needs nothing but Python, on Linux, macOS and Windows; `make lab` and `make test` call it. The pinned packages are held
against their checksums, all but PyTorch, whose builds differ: it comes from its makers' own index, in a run of its own,
so that nothing else can come from there. On Linux that is the CPU build, a tenth of the download; with an NVIDIA card
say --torch-index "" for the one on PyPI. Where PyTorch has no build at all, the lessons that do without it are set up.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from check_room import NEURAL, WRONG, check_disk, check_folder, check_python, spoken, torchless

ROOT = Path(__file__).resolve().parents[1]
TORCH_CPU = "https://download.pytorch.org/whl/cpu"


def steps(torch_index):
    """Return what pip is asked to install, step by step; of the ways to do a step the first that works counts."""
    if torchless():
        return [[["--editable", ".[lab]"]]]
    torch = ["-r", "requirements-torch.txt"]
    from_index = [["--no-deps", "--retries", "0", "--index-url", torch_index, *torch]] if torch_index else []
    pinned, course = ["--no-deps", "-r", "requirements.txt"], ["--no-deps", "--editable", "."]
    return [[*from_index, torch], [pinned], [course]]


def succeeds(command, last):
    """Run pip; what it says of a failure is shown if no other way is left."""
    return subprocess.run(command, stderr=None if last else subprocess.DEVNULL).returncode == 0


def main():
    """Set up .venv, or say what is in the way and return it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch-index", default=TORCH_CPU, metavar="URL", help="an index with PyTorch; empty: PyPI")
    torch_index = parser.parse_args().torch_index
    os.chdir(ROOT)
    for verdict, text in (check() for check in (check_python, check_folder, check_disk)):
        if verdict == WRONG:
            return text
    print("Setting up .venv: once, a few minutes, about 2 GB of disk.", flush=True)
    subprocess.run([sys.executable, "-m", "venv", ".venv"], check=True)
    python = Path(".venv") / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for ways in steps(torch_index):
        if not any(succeeds([*pip, *way], way is ways[-1]) for way in ways):
            return f"pip did not succeed with {' '.join(ways[-1])}: mend what it says above and run this again"
    if reason := torchless():
        print(f"Without PyTorch, which has no build for {reason}: {spoken(NEURAL)} do not run here, all others do.")
    return None


if __name__ == "__main__":
    sys.exit(main())
