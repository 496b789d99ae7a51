"""Speed, measured and printed; nothing here judges. `python -m benchmarks` runs all of it."""
