"""What keeps machine text out, or says what to trust: filters, detectors, watermarks, checkers, curation.

Each is a function that a recipe or a `Filter` takes; none trains a model."""
