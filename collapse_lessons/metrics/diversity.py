"""Diversity of the encyclopedia's text, three ways: of its words, of the ways to put a sentence, of what is told.

Guo et al. (2024) follow lexical, syntactic and semantic diversity along chains of language models. This grammar can be
read back, so that each is counted here and not estimated, and what the author's own text has is known exactly. All are
effective numbers, exp(entropy) (Jost 2006): as varied as so many kinds that are all equally common.
"""

from collections import Counter

import numpy as np
from scipy.special import entr

from collapse_lessons import checks
from collapse_lessons.worlds.encyclopedia import (
    END,
    GRAMMAR,
    SLOT,
    Encyclopedia,
    check_tokens,
    encode,
    parse,
    sentences,
    texts,
)


def of_text(world: Encyclopedia, rows: np.ndarray) -> dict[str, float]:
    """Return how many different words, ways to put a sentence and things told rows of tokens have, in effect.

    Words are tokens, punctuation among them and END not. A way is a form of the grammar, so that no unreadable sentence
    has one. A thing told is a species, a fact and what is said of it, right or wrong: mistakes add to it. NaN where
    there are none. Few rows hold less than their author would write in the end.
    """
    rows = check_tokens("rows", rows)
    articles = texts(rows)
    forms = (parse(sentence) for article in articles for sentence in sentences(article))
    read = _check(world).read(articles or [""])
    told = read.loc[read["verdict"].isin(["right", "wrong"]), ["species", "fact", "value"]]
    return {
        "words": _effective(Counter(rows[rows != END].tolist())),
        "ways": _effective(Counter(form.template for form in forms if form)),
        "told": _effective(Counter(told.itertuples(index=False))),
    }


def of_author(world: Encyclopedia) -> dict[str, float]:
    """Return the same three numbers of all that the author would ever write (exact, from the grammar)."""
    species = _check(world).species.to_dict("records")
    words, ways, told = Counter(), Counter(), Counter()
    for p, forms in GRAMMAR.values():
        for form, q in forms.items():
            ways[form] = p * q
            for facts in species:
                for word in encode(form.format(**facts)).tolist():
                    words[word] += p * q * facts["share"]
                for fact in set(SLOT.findall(form)) - {"name"}:
                    told[facts["name"], fact] += p * q * facts["share"]
    return {"words": _effective(words), "ways": _effective(ways), "told": _effective(told)}


def _effective(weights):
    """Return exp of the entropy of the weights' shares, by kind: 3 for three that are equally common, NaN for none."""
    if not weights:
        return float("nan")
    return float(np.exp(entr(np.array(list(weights.values())) / sum(weights.values())).sum()))


def _check(world):
    return checks.instance("world", world, Encyclopedia, "Encyclopedia() is the one of the lessons")
