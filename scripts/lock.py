"""Pin requirements.txt anew: every package the course needs on Linux, macOS and Windows, Python 3.11 or newer.

The book's packages are pinned beside them in requirements-book.txt.

usage: python scripts/lock.py [--upgrade]

Without --upgrade a version that is pinned already stays, as long as pyproject.toml admits it.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILE = "uv pip compile --quiet --universal --python-version 3.11 --no-annotate pyproject.toml"
FILES = {
    "requirements.txt": "--extra neural --extra lab --extra dev",
    "requirements-book.txt": "--extra book --constraint requirements.txt",
}
# A CUDA build of PyTorch asks for its own libraries, to the exact version; the CPU build needs none of these gigabytes.
CUDA = re.compile(r"^(nvidia-|cuda-|triton).*\n", re.MULTILINE)

if __name__ == "__main__":
    for name, extras in FILES.items():
        header = ["--custom-compile-command", "make lock", "--output-file", name]
        subprocess.run(
            [sys.executable, "-m", *COMPILE.split(), *extras.split(), *header, *sys.argv[1:]], cwd=ROOT, check=True
        )
        target = ROOT / name
        target.write_text(CUDA.sub("", target.read_text("utf8")), encoding="utf8", newline="\n")
