"""What serves a reader, not a model: lessons, predictions, exercises, sliders.

Nothing outside this room imports it, and nothing that a model or an experiment needs belongs in it.
"""
