"""A web that fills with machine text: the crawl, the stock of human text, and maps of how much is too much.

What keeps machine text out of a crawl lives in `defences`."""
