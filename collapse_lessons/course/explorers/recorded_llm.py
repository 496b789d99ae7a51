"""Lesson 08's record of a small base of 3.3 million weights: what is kept, and which decoder."""

from functools import lru_cache

from collapse_lessons.experiments import records
from collapse_lessons.worlds import datasets

CHAINS = (
    "replace_sampling",
    "10_percent_real_sampling",
    "accumulate_subsample_sampling",
    "replace_beams",
    "10_percent_real_beams",
    "replace_beams_and_penalty",
)


@lru_cache
def recorded():
    """Return the chains that `scripts/record/llm.py` recorded, by the label their rows carry."""
    runs = [records.load_run(datasets.data_path(f"llm/{chain}/rows.csv").parent) for chain in CHAINS]
    return {run.rows["recipe"].iloc[0]: run for run in runs}
