"""What serves a reader, not a model: lessons, predictions, exercises, sliders.

Nothing outside this room imports it."""
