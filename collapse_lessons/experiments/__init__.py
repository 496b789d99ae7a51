"""Long runs: keep one with its provenance, go on after a stop, say what it will cost, and the Nature paper's protocol.

What fits into a minute and a notebook needs none of it: see `runs`."""
