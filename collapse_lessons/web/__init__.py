"""A web that fills with machine text: the crawl, the stock of human text, and maps of how much is too much.

Not here: what keeps machine text out of a crawl, which lives in `defences`.
"""
