"""Pin requirements.txt anew: every package the course needs on Linux, macOS and Windows, Python 3.11 or newer."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = """\
# Exact versions of everything, for every system. Written by `make lock` from the ranges in pyproject.toml.
"""

if __name__ == "__main__":
    command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
    quiet = ["--quiet", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    pins = subprocess.run([*command, *quiet, "--extra", "dev", "pyproject.toml"], cwd=ROOT, check=True, text=True,
                          capture_output=True).stdout  # fmt: skip
    (ROOT / "requirements.txt").write_text(HEADER + pins, encoding="utf8")
