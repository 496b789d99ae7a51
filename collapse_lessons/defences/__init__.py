"""What keeps machine text out, or says what to trust: filters, detectors, watermarks, checkers, curation.

A detector says of rows which are a model's; a filter, a checker or a curator is a recipe that acts on it; a watermark
is a decoder's. A recipe that judges no row does not belong here, but to `recipes`.
"""
