"""Stamp the course's public address into badges, set-up cells and metadata.

usage: python scripts/stamp_repository.py owner/name

The address stands in one place, `Repository` in pyproject.toml; this command changes it there and carries it over.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETUP = re.compile(r'(REPOSITORY = \\")[^"\\]*(\\")')  # as it stands in a notebook's JSON


def stamp(root, address):
    """Replace the old address by `address`, "owner/name", in every file that carries it; returns those files."""
    if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", address):
        raise ValueError(f"address must look like owner/name, got {address!r}: copy it from the repository's page")
    pyproject = tomllib.loads((root / "pyproject.toml").read_text("utf8"))
    old = pyproject["project"]["urls"]["Repository"].removeprefix("https://github.com/")
    files = [
        root / "pyproject.toml",
        root / "README.md",
        root / "CITATION.cff",
        *sorted(root.glob("notebooks/*.ipynb")),
    ]
    changed = []
    for file in files:
        before = file.read_text("utf8")
        after = re.sub(rf"(github(?:\.com)?/){re.escape(old)}\b", rf"\g<1>{address}", before)
        if file.suffix == ".ipynb":
            after = SETUP.sub(rf"\g<1>{address}\g<2>", after)
        if after != before:
            file.write_text(after, encoding="utf8", newline="\n")
            changed.append(file)
    return changed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where the course lives: make colab REPO=owner/name")
    for file in stamp(ROOT, sys.argv[1]):
        print(f"stamped {file.relative_to(ROOT)}")
