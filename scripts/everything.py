"""Run everything that must pass, all of it whatever fails on the way, and end with one line that says what did.

    python scripts/everything.py [options for pytest, such as -n 2]

All options but --help are handed on to pytest.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "style": "ruff check .",
    "format": "ruff format --check .",
    "tests and lessons": "pytest notebooks tests --ignore tests/browser --nbval-lax --nbval-current-env",
}


def main(options):
    """Run each part in turn; return the names of those that failed."""
    failed = []
    for name, command in PARTS.items():
        tool, *arguments = command.split()
        if tool == "pytest":
            arguments += options
        print(f"{name}: python -m {' '.join([tool, *arguments])}", flush=True)
        if subprocess.run([sys.executable, "-m", tool, *arguments], cwd=ROOT).returncode:
            failed.append(name)
    print(f"Failed, see above: {', '.join(failed)}." if failed else f"Passed: {', '.join(PARTS)}.", flush=True)
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        usage="%(prog)s [-h] [options for pytest]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sys.exit(bool(main(parser.parse_known_args()[1])))
