"""Long runs: many at once (`sweep`), kept with their provenance, resumed, forecast, and the Nature paper's protocol.

One run that ends before the coffee is cold needs none of it: see `runs`.
"""
