"""Where the course keeps what is the reader's own: predictions.jsonl, solved.jsonl, report.html, a prepared model."""

import os
from pathlib import Path

from platformdirs import user_data_path

from collapse_lessons import browser


def home() -> Path:
    """Return the reader's own folder: COLLAPSE_LESSONS_HOME if set, else where a browser or applications keep data."""
    if chosen := os.environ.get("COLLAPSE_LESSONS_HOME"):
        return Path(os.path.expanduser(chosen))
    return browser.home() or user_data_path("collapse_lessons", appauthor=False)
