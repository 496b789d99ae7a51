"""Stamp the course's public address into badges, links, set-up cells and metadata.

    python scripts/publish/stamp_repository.py owner/name [revision]

The address stands in one place, `Repository` in pyproject.toml; this command changes it there and carries it over. On a
hosted service the set-up cells install the package at one revision, a tag or a commit, so that nobody who can push
later changes what a class runs. Without one it is the commit that is checked out: publish that too, and stamp again
when the package has changed.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP = re.compile(r'(REPOSITORY = \\")[^"\\]*(\\")')  # as it stands in a notebook's JSON
ADDRESS = re.compile(
    r"(?:(?:https?://|ssh://git@)?(?:www\.)?github\.com/|git@github\.com:)?([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?"
)
REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


def owner_and_name(address):
    """Return "owner/name" of an address in any form that a repository's page or git shows it in."""
    found = ADDRESS.fullmatch(address.strip())
    if not found:
        raise ValueError(f"address must look like owner/name, got {address!r}: copy it from the repository's page")
    return found[1]


def stamp(root, address, revision):
    """Replace the old address by `address` in every file that carries it; returns those files."""
    address = owner_and_name(address)
    if not REVISION.fullmatch(revision):
        raise ValueError(f"revision must be a tag or a commit, got {revision!r}: take one that `git tag` shows")
    pyproject = tomllib.loads((root / "pyproject.toml").read_text("utf8"))
    old = pyproject["project"]["urls"]["Repository"].removeprefix("https://github.com/")
    files = [
        root / "pyproject.toml",
        root / "README.md",
        root / "CITATION.cff",
        *sorted(root.glob("notebooks/*.ipynb")),
        *sorted(root.glob("colab/*.ipynb")),
    ]
    changed = []
    for file in files:
        before = file.read_text("utf8")
        after = re.sub(rf"((?:github(?:\.com)?|/gh)/){re.escape(old)}\b", rf"\g<1>{address}", before)
        after = after.replace(pages(old), pages(address))
        if file.suffix == ".ipynb":
            after = SETUP.sub(rf"\g<1>{address}@{revision}\g<2>", after)
        if after != before:
            file.write_text(after, encoding="utf8", newline="\n")
            changed.append(file)
    return changed


def pages(address):
    """Return where GitHub serves the pages of owner/name."""
    return "https://{}.github.io/{}/".format(*address.split("/"))


def checked_out(root):
    """Return the commit that is checked out in a folder."""
    command = ["git", "-C", str(root), "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", metavar="owner/name", help="where the course lives: make colab REPO=owner/name")
    parser.add_argument("revision", nargs="?", help="a tag or a commit: make colab REPO=owner/name REV=v1.0")
    options = parser.parse_args()
    try:
        changed = stamp(ROOT, options.address, checked_out(ROOT) if options.revision is None else options.revision)
    except ValueError as error:
        sys.exit(str(error))
    except (OSError, subprocess.CalledProcessError):
        sys.exit("The commit to install is not known, since this is no git repository: add REV=a tag or a commit")
    for file in changed:
        print(f"stamped {file.relative_to(ROOT)}")
