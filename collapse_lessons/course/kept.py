"""What a reader's folder keeps, a line a row: predictions, and exercises that were solved."""

import contextlib
import json
import os
from datetime import UTC, datetime
from typing import Any

from collapse_lessons.course.answers import is_finite
from collapse_lessons.home import home


def append(name: str, row: dict[str, Any]) -> None:
    """Write a row, and when it was written, as a line of its own, whether or not the line before it was cut off."""
    home().mkdir(parents=True, exist_ok=True)
    row |= {"at": datetime.now(UTC).isoformat(timespec="seconds")}
    line = json.dumps(row, default=str).encode() + b"\n"  # a prediction can be anything, and none may stop a lesson
    with (home() / name).open("a+b") as file:
        if end := file.seek(0, os.SEEK_END):
            file.seek(end - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)


def read(name: str) -> list[dict[str, Any]]:
    """Return the rows kept in a file; what is no row, such as a line cut off when a disk was full, is passed over."""
    try:
        lines = (home() / name).read_text("utf8", errors="replace").split("\n")
    except OSError:  # there is none yet, or it can't be read
        return []
    rows = []
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            if isinstance(row := json.loads(line), dict):
                rows.append({column: _kept(value) for column, value in row.items()})
    return rows


def _kept(value):
    """Return a value from a file that anybody can edit as a page can show it: a number, a truth value, or text."""
    if value is None or isinstance(value, bool) or is_finite(value):
        return value
    return str(value).encode(errors="replace").decode()  # half of a character pair is none
