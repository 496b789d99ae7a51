"""Pin requirements.txt anew: every package the course needs on Linux, macOS and Windows, Python 3.11 or newer.

usage: python scripts/lock.py [--upgrade]

Without --upgrade a version that is pinned already stays, as long as pyproject.toml admits it.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILE = "uv pip compile --quiet --universal --python-version 3.11 --no-annotate --all-extras pyproject.toml"
# A CUDA build of PyTorch asks for its own libraries, to the exact version; the CPU build needs none of these gigabytes.
CUDA = re.compile(r"^(nvidia-|cuda-|triton).*\n", re.MULTILINE)

if __name__ == "__main__":
    target = ROOT / "requirements.txt"
    header = ["--custom-compile-command", "make lock", "--output-file", target.name]
    subprocess.run([sys.executable, "-m", *COMPILE.split(), *header, *sys.argv[1:]], cwd=ROOT, check=True)
    target.write_text(CUDA.sub("", target.read_text("utf8")), encoding="utf8", newline="\n")
