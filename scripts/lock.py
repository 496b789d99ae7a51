"""Pin the requirements anew, with checksums: all that is needed on Linux, macOS and Windows, Python 3.11 to 3.14.

requirements.txt is complete but for PyTorch. Its builds differ from machine to machine, with NVIDIA's libraries or
without, and so do their checksums: it stands in requirements-torch.txt and is installed first, by itself. The book's
packages are in requirements-book.txt, and those of the lessons in a browser in requirements-lite.txt.

    python scripts/lock.py [--upgrade]

Without --upgrade a version that is pinned already stays, as long as pyproject.toml admits it.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILE = "uv pip compile --quiet --universal --python-version 3.11 --no-annotate --generate-hashes"
FILES = {
    "requirements.txt": "pyproject.toml --extra neural --extra lab --extra dev",
    "requirements-book.txt": "pyproject.toml --extra book --constraint requirements.txt",
    "requirements-lite.txt": "--group lite",
}
CHECKSUMS = r"(?: \\\n    --hash=\S+)*\n"
TORCH = re.compile(r"^(torch==.*?)" + CHECKSUMS, re.MULTILINE)
# A CUDA build of PyTorch asks for its own libraries, to the exact version; the CPU build needs none of these gigabytes.
CUDA = re.compile(r"^(?:nvidia-|cuda-|triton).*?" + CHECKSUMS, re.MULTILINE)


def split(text):
    """Return pins without PyTorch and what its CUDA build asks for, and PyTorch's own line, None if there is none."""
    torch = TORCH.search(text)
    return CUDA.sub("", TORCH.sub("", text)), torch and torch[1]


def lock(name, options):
    """Pin one file anew."""
    target, torch = ROOT / name, ROOT / "requirements-torch.txt"
    if name == "requirements.txt":  # uv keeps what it finds here
        target.write_text(target.read_text("utf8") + torch.read_text("utf8"), encoding="utf8", newline="\n")
    header = ["--custom-compile-command", "make lock", "--output-file", name]
    subprocess.run([sys.executable, "-m", *COMPILE.split(), *options, *header], cwd=ROOT, check=True)
    pins, line = split(target.read_text("utf8"))
    target.write_text(pins, encoding="utf8", newline="\n")
    if line:
        torch.write_text(line + "\n", encoding="utf8", newline="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    for name, extras in FILES.items():
        lock(name, [*extras.split(), *upgrade])
