"""Measure what the tests of claims assert, and write it into the column "Result here" of docs/claims.md.

    python scripts/measure_claims.py

What is measured stands in tests/measured.py; tests/publish/test_claims_page.py measures again and compares. Claims
without a number keep their dash.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "claims.md"


def fill(page, measured):
    """Return the page with each value in the last cell of the one row whose test has such a part in its name."""
    for part, value in measured.items():
        page, n = re.subn(rf"(?m)^(\| .*`test_\w*{part}\w*`.* \| )[^|]*( \|)$", rf"\g<1>{value}\g<2>", page)
        if n != 1:
            raise ValueError(f"{PAGE.name} must have one row with a test named like {part!r}, found {n}: mend the page")
    return page


def main():
    """Measure, print and write."""
    sys.path += [str(ROOT / "tests"), str(ROOT / "scripts" / "publish")]
    from measured import LESSONS

    page = PAGE.read_text("utf8")
    for lesson in LESSONS:
        measured = lesson()
        page = fill(page, measured)
        print(lesson.__name__, *(f"  {part}: {value}" for part, value in measured.items()), sep="\n")
    PAGE.write_text(page, encoding="utf8", newline="\n")
    print(f"wrote {PAGE.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    main()
