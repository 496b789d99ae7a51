"""What goes round the loop: models, one readable file each, with `fit(X, rng)` and `sample(n, rng)`.

Beside them stand what several share: `training`, and of a language model `decoding`, `prompts`, `checkpoints`,
`precision`; `smollm2` finds the pretrained one. What judges a model does not belong here, but to `metrics`.
"""
